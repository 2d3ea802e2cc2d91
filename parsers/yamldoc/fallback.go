package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/parsers/tree"
)

// fallbackError is an Error that may know its place for certain.
type fallbackError struct {
	tree.Error
	certain bool
}

func (e *fallbackError) plain() *tree.Error {
	if e == nil {
		return nil
	}
	return &e.Error
}

// converter turns the nodes of yaml.v3 into ours.
type converter struct {
	s     string // the whole file
	base  int    // where the text given to yaml.v3 begins
	end   int    // where it ends
	lines []int  // where its lines begin

	line, column, at int // the last place that offset found

	count int
	open  map[*yaml.Node]bool // anchored nodes whose aliases are being copied
	err   *fallbackError
}

// fallback reads a document with yaml.v3.
func fallback(data []byte, text string, c *chunk) (root *tree.Node, err *fallbackError) {
	v := &converter{s: text, base: c.mark, end: c.end, lines: yamlLines(text, c.mark, c.end)}
	v.at = v.lines[0]
	doc, failure := decode(data[c.mark:c.end])
	if failure != nil {
		return nil, v.locate(failure)
	}
	if doc == nil || len(doc.Content) == 0 || blankDocument(text[c.start:c.end]) {
		return nil, nil
	}
	n, _ := v.convert(doc.Content[0], -1, 0)
	if v.err != nil {
		return nil, v.err
	}
	fit(n, int32(c.mark), int32(c.end))
	return n, nil
}

// decode reads the only document of a text.
func decode(data []byte) (doc *yaml.Node, err error) {
	defer func() {
		// yaml.v3 has panicked on strange input before.
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("yaml: cannot be read: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var n, more yaml.Node
	if err := dec.Decode(&n); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	// It returns the first node even if something is left after it.
	if err := dec.Decode(&more); err == nil {
		return nil, errors.New("yaml: expected one document")
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &n, nil
}

func blankDocument(s string) bool {
	for line := range strings.Lines(s) {
		if rest := strings.TrimLeft(line, " \t\r\n\ufeff"); rest != "" && rest[0] != '#' {
			return false
		}
	}
	return true
}

// yamlLines returns where lines begin, by all the line breaks that yaml.v3
// knows.
func yamlLines(s string, start, end int) []int {
	first := start
	if strings.HasPrefix(s[start:end], "\ufeff") {
		first += len(utf8BOM) // yaml.v3 takes it for the mark of the encoding
	}
	lines := []int{first}
	for i := first; i < end; i++ {
		n := 0
		switch s[i] {
		case '\n', '\r':
			n = breakLen(s[:end], i)
		case 0xC2:
			if i+1 < end && s[i+1] == 0x85 {
				n = 2
			}
		case 0xE2:
			if i+2 < end && s[i+1] == 0x80 && (s[i+2] == 0xA8 || s[i+2] == 0xA9) {
				n = 3
			}
		}
		if n > 0 {
			i += n - 1
			lines = append(lines, i+1)
		}
	}
	return lines
}

// offset turns a line and a column in runes into a byte offset.
func (v *converter) offset(n *yaml.Node) int {
	line, column := min(max(n.Line-1, 0), len(v.lines)-1), max(n.Column-1, 0)
	// Nodes come in the order of the file: going on from the last one keeps
	// a file of one long line from taking forever.
	if line != v.line || column < v.column {
		v.line, v.column, v.at = line, 0, v.lines[line]
	}
	for v.column < column && v.at < v.end {
		_, w := utf8.DecodeRuneInString(v.s[v.at:])
		v.at += w
		v.column++
	}
	return min(v.at, v.end)
}

// friendly says in our words what yaml.v3 complains about.
var friendly = map[string]string{
	"mapping values are not allowed in this context":               "mapping values are not allowed here; quote the value",
	"did not find expected key":                                    "expected a key, indented like the other keys",
	"did not find expected '-' indicator":                          `expected "- " before the next item of the sequence`,
	"did not find expected ',' or ']'":                             `expected "," or "]"`,
	"did not find expected ',' or '}'":                             `expected "," or "}"`,
	"could not find expected ':'":                                  `expected ":" after the key`,
	"did not find expected alphabetic or numeric character":        `expected a name after "*" or "&"; quote the value`,
	"found unexpected end of stream":                               "expected a closing quote",
	"found character that cannot start any token":                  "a plain value cannot begin with this character; quote the value",
	"did not find expected <document start>":                       "expected the end of the document",
	"block sequence entries are not allowed in this context":       "a sequence cannot begin on the line of its key; put it on the next line",
	"found a tab character that violates indentation":              "tab used for indentation; use spaces",
	"found a tab character where an indentation space is expected": "tab used for indentation; use spaces",
}

// locate finds the place of an error of yaml.v3, whose line is that of the
// collection around the mistake, off by one or missing.
func (v *converter) locate(err error) *fallbackError {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if n, after := 0, ""; strings.HasPrefix(message, "line ") {
		if _, err := fmt.Sscanf(message, "line %d:", &n); err == nil {
			_, after, _ = strings.Cut(message, ": ")
			line, message = n, after
		}
	}
	if m, ok := friendly[message]; ok {
		message = m
	}
	if strings.HasPrefix(message, "unknown anchor '") {
		name, _, _ := strings.Cut(message[len("unknown anchor '"):], "'")
		if i := strings.Index(v.s[v.base:v.end], "*"+name); i >= 0 {
			i += v.base
			return v.fail(i, i+1+len(name), fmt.Sprintf("no anchor for the alias %s; quote a value that begins with \"*\"", quote("*"+name)))
		}
	}
	line = min(max(line-1, 0), len(v.lines)-1)
	for ; line < len(v.lines); line++ {
		start := v.lines[line]
		end := v.end
		if line+1 < len(v.lines) {
			end = v.lines[line+1]
		}
		text := strings.TrimLeft(v.s[start:end], " \t")
		start = end - len(text)
		text = strings.TrimRight(text, " \t\r\n\u0085\u2028\u2029")
		if text != "" && text[0] != '#' {
			return &fallbackError{Error: tree.Error{Span: widen(v.s, start, start+len(text)), Message: message}}
		}
	}
	return &fallbackError{Error: tree.Error{Span: widen(v.s, v.base, v.base), Message: message}}
}

func (v *converter) fail(start, end int, message string) *fallbackError {
	if v.err == nil {
		v.err = &fallbackError{Error: tree.Error{Span: widen(v.s, start, end), Message: message}, certain: true}
	}
	return v.err
}

// fit moves spans that rescanning got wrong into their parents and behind each
// other.
func fit(n *tree.Node, from, to int32) {
	n.Span.Start = min(max(n.Span.Start, from), to)
	n.Span.End = min(max(n.Span.End, n.Span.Start), to)
	alias := len(n.Content) > 0 && n.Content[0].Span == n.Span && n.Content[len(n.Content)-1].Span == n.Span
	if alias {
		return
	}
	at := n.Span.Start
	for _, c := range n.Content {
		if c.Span.Start < at {
			fit(c, at, n.Span.End)
		} else {
			fit(c, c.Span.Start, n.Span.End)
		}
		at = c.Span.Start
	}
}
