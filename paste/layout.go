package paste

import (
	"bytes"
	"encoding/json"
	"errors"
	"path"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// holding is how a file holds a text.
type holding uint8

const (
	raw     holding = iota // as it is
	line                   // as it is, in one line
	block                  // as it is, indented
	single                 // between single quotes
	escaped                // between double quotes, in one line
	basic                  // TOML's """
	literal                // TOML's '''
)

// host is a text within a file, such as a query.
type host struct {
	src  *rule.Source
	text string
	// at tells where a byte of the text is in the file.
	at      func(int32) int32
	holding holding
	toml    bool
}

// hostOf finds how a file holds the text of a node; without a node the text is
// in the file as it is, in one line of it or in many.
func hostOf(src *rule.Source, node *tree.Node, text string, place func(rule.Span) rule.Span) *host {
	h := &host{
		src: src, text: text, toml: strings.EqualFold(path.Ext(src.Path), ".toml"),
		at: func(i int32) int32 { return place(rule.Span{Start: i, End: i}).Start },
	}
	if node == nil {
		return h
	}
	written := src.Data[min(int(node.Span.Start), len(src.Data)):min(int(node.Span.End), len(src.Data))]
	switch node.Style {
	case tree.Literal:
		h.holding = block
	case tree.SingleQuoted:
		h.holding = single
		if h.toml && bytes.HasPrefix(written, []byte(`'''`)) {
			h.holding = literal
		}
	case tree.DoubleQuoted:
		h.holding = escaped
		if h.toml && bytes.HasPrefix(written, []byte(`"""`)) {
			h.holding = basic
		}
	default:
		h.holding = line
	}
	if h.holding == line && bytes.HasPrefix(written, []byte(`"`)) {
		h.holding = escaped // JSON's strings have no style
	}
	return h
}

// lines reports whether the text has lines, and may get more of them.
func (h *host) lines() bool {
	if !strings.Contains(strings.TrimSpace(h.text), "\n") {
		return false
	}
	switch h.holding {
	case raw, block, basic, literal:
		return true
	case escaped:
		return strings.EqualFold(path.Ext(h.src.Path), ".json") || strings.EqualFold(path.Ext(h.src.Path), ".ndjson")
	}
	return false
}

// lineBreak is how the file ends its lines.
func (h *host) lineBreak() string { return lineBreak(h.src.Data) }

func lineBreak(data []byte) string {
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// lineEnd is where the line of the text ends in which an offset is, white space
// left out.
func (h *host) lineEnd(o int) int {
	end := len(h.text)
	if n := strings.IndexByte(h.text[o:], '\n'); n >= 0 {
		end = o + n
	}
	return o + len(strings.TrimRight(h.text[o:end], " \t\r"))
}

// endsLine reports whether nothing but a comment stands behind an offset in its
// line.
func (h *host) endsLine(o int) bool {
	rest := strings.TrimSpace(h.text[o:h.lineEnd(o)])
	return rest == "" || strings.HasPrefix(rest, "//")
}

// indent is the white space that the line of an offset begins with.
func (h *host) indent(o int) string {
	start := strings.LastIndexByte(h.text[:o], '\n') + 1
	return blankPrefix(h.text[start:])
}

func blankPrefix(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " \t"))] }

// insert is an edit that puts a text in front of the byte of the host's text at
// an offset. Line breaks in it are those of the file.
func (h *host) insert(o int, text string) (rule.Edit, error) {
	at := h.at(int32(o))
	written, err := h.encode(text, o)
	if err != nil {
		return rule.Edit{}, err
	}
	return rule.Edit{Range: h.src.Range(rule.Span{Start: at, End: at}), Text: written}, nil
}

var errQuotes = errors.New("the quotes around the query cannot hold it")

func (h *host) encode(text string, o int) (string, error) {
	broken := strings.Contains(text, "\n")
	switch h.holding {
	case line:
		if broken {
			return "", errQuotes
		}
	case single:
		if broken || h.toml && strings.Contains(text, "'") {
			return "", errQuotes
		}
		return strings.ReplaceAll(text, "'", "''"), nil
	case escaped:
		return inner(text)
	case basic:
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), `"""`, `""\"`)
	case literal:
		if strings.Contains(text, `'''`) {
			return "", errQuotes
		}
	case block:
		start, _ := h.src.LineAround(h.at(int32(o)))
		own := strings.TrimSuffix(blankPrefix(string(h.src.Data[start:])), h.indent(o))
		text = strings.ReplaceAll(text, "\n", "\n"+own)
	}
	return strings.ReplaceAll(text, "\n", h.lineBreak()), nil
}

// inner is a text as it stands between the quotes of JSON, which YAML and TOML
// read as well.
func inner(text string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return "", err
	}
	s := strings.TrimSuffix(b.String(), "\n")
	return s[1 : len(s)-1], nil
}

// and are the edits that put clauses, each of which must hold, behind a
// condition that stands between two offsets of the text; wrap puts parentheses
// around that first. Where the condition has lines, each clause gets one, which
// is indented as the one of the offset last.
func (h *host) and(start, end, last int, wrap bool, word string, clauses []string) ([]rule.Edit, error) {
	var edits []rule.Edit
	add := func(o int, text string) error {
		e, err := h.insert(o, text)
		edits = append(edits, e)
		return err
	}
	closing := ""
	if wrap {
		if err := add(start, "("); err != nil {
			return nil, err
		}
		closing = ")"
	}
	if !h.lines() || !h.endsLine(end) && !strings.Contains(h.text[start:end], "\n") {
		return edits, add(end, closing+" "+word+" "+strings.Join(clauses, " "+word+" "))
	}
	indent := h.indent(last)
	if indent == "" {
		indent = h.indent(end)
	}
	behind, between := closing, "\n"+indent+word+" "
	text := between + strings.Join(clauses, between)
	if h.trails(word) {
		behind, between = closing+" "+word, "\n"+indent
		text = between + strings.Join(clauses, " "+word+between)
	}
	// A comment behind the condition stays in its line.
	if line := h.lineEnd(end); h.endsLine(end) && line > end {
		if behind != "" {
			if err := add(end, behind); err != nil {
				return nil, err
			}
		}
		return edits, add(line, text)
	}
	return edits, add(end, behind+text)
}

// trails reports whether the lines of the text end with the word that joins
// them to the next one.
func (h *host) trails(word string) bool {
	for l := range strings.Lines(h.text) {
		if l = strings.ToLower(strings.TrimRight(l, " \t\r\n")); strings.HasSuffix(l, " "+strings.ToLower(word)) || strings.HasSuffix(l, ")"+strings.ToLower(word)) {
			return true
		}
	}
	return false
}

// pipes are the edits that put commands of a pipeline, each with the pipe in
// front, behind what ends at an offset of the text.
func (h *host) pipes(end int, commands []string) ([]rule.Edit, error) {
	between := " "
	if h.lines() && h.endsLine(end) {
		between = "\n" + h.pipeIndent(end)
		end = h.lineEnd(end)
	}
	e, err := h.insert(end, between+strings.Join(commands, between))
	return []rule.Edit{e}, err
}

// pipeIndent is how far lines that begin with a pipe are indented: the first one
// behind an offset, else the first one of all.
func (h *host) pipeIndent(o int) string {
	for _, part := range []string{h.text[o:], h.text} {
		for l := range strings.Lines(part) {
			if strings.HasPrefix(strings.TrimLeft(l, " \t"), "|") {
				return blankPrefix(l)
			}
		}
	}
	return h.indent(o)
}
