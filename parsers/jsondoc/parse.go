// Package jsondoc reads JSON into nodes that know exactly which bytes of the
// file they came from. encoding/json does the reading.
package jsondoc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// MaxDepth is how deep objects and arrays may be inside each other, far above
// what a rule file has.
const MaxDepth = 100

// A node takes a hundred bytes and a value of JSON may have two, so their
// number is bounded. In files of rules a value takes thirty bytes or more.
const (
	leastNodes   = 200_000 // are always read
	bytesPerNode = 16
)

// MaxNodes is how many values are read of a text of some bytes.
func MaxNodes(size int) int { return max(leastNodes, size/bytesPerNode) }

// Parse reads one JSON value out of a part of a file, with nothing but white
// space around it. Positions are those of the file.
func Parse(data []byte, part rule.Span) (*tree.Node, *tree.Error) {
	n, rest, err := First(data, part)
	if err == nil && rest < part.End {
		err = &tree.Error{Span: rule.Span{Start: rest, End: rest + 1}, Message: "not JSON: found more after the end of the value"}
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// First reads the JSON value that a part of a file begins with, and returns
// where the next one would begin.
func First(data []byte, part rule.Span) (n *tree.Node, rest int32, err *tree.Error) {
	text := data[part.Start:part.End]
	if bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")) {
		text = text[3:]
		part.Start += 3
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	r := &reader{decoder: d, text: text, base: part.Start}
	if n, err = r.value(0); err != nil {
		return nil, 0, err
	}
	return n, part.End - int32(len(bytes.TrimLeft(text[d.InputOffset():], " \t\r\n"))), nil
}

type reader struct {
	decoder *json.Decoder
	text    []byte
	base    int32
	nodes   int
}

func (r *reader) fail(at int64, format string, args ...any) *tree.Error {
	start := min(r.base+int32(at), r.base+int32(len(r.text)))
	end := min(start+1, r.base+int32(len(r.text)))
	return &tree.Error{Span: rule.Span{Start: start, End: end}, Message: "not JSON: " + fmt.Sprintf(format, args...)}
}

// token returns the next token and where it begins.
func (r *reader) token() (json.Token, int64, *tree.Error) {
	start := r.decoder.InputOffset()
	for int(start) < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[start]) >= 0 {
		start++
	}
	tok, err := r.decoder.Token()
	if err == nil {
		return tok, start, nil
	}
	// The decoder counts from wherever its last token ended; a check of the
	// whole text tells the place.
	var syntax *json.SyntaxError
	if whole := json.Unmarshal(r.text, new(json.RawMessage)); errors.As(whole, &syntax) && int(syntax.Offset) <= len(r.text) && syntax.Error() != "unexpected end of JSON input" {
		return nil, 0, r.fail(max(syntax.Offset-1, 0), "%s", syntax.Error())
	}
	if errors.As(err, &syntax) && syntax.Error() != "unexpected end of JSON input" {
		return nil, 0, r.fail(start, "%s", syntax.Error())
	}
	return nil, 0, r.fail(int64(len(r.text)), "ends in the middle of a value")
}

func (r *reader) span(start int64) rule.Span {
	return rule.Span{Start: r.base + int32(start), End: r.base + int32(r.decoder.InputOffset())}
}

func (r *reader) value(depth int) (*tree.Node, *tree.Error) {
	tok, start, err := r.token()
	if err != nil {
		return nil, err
	}
	if r.nodes++; r.nodes > MaxNodes(len(r.text)) {
		return nil, r.fail(start, "expected at most %d values in %d bytes", MaxNodes(len(r.text)), len(r.text))
	}
	n := &tree.Node{Kind: tree.Scalar, Span: r.span(start)}
	switch tok := tok.(type) {
	case json.Delim:
		if tok != '{' && tok != '[' {
			return nil, r.fail(start, "unexpected %q", tok.String())
		}
		if depth == MaxDepth {
			return nil, r.fail(start, "expected at most %d objects and arrays inside each other", MaxDepth)
		}
		return r.container(tok, start, depth)
	case string:
		n.Value, n.Style = tok, tree.DoubleQuoted
	case json.Number:
		n.Value, n.Tag = tok.String(), tree.Int
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = tree.Float
		}
	case bool:
		n.Value, n.Tag = fmt.Sprint(tok), tree.Bool
	case nil:
		n.Value, n.Tag = "null", tree.Null
	}
	return n, nil
}

func (r *reader) container(open json.Delim, start int64, depth int) (*tree.Node, *tree.Error) {
	n := &tree.Node{Kind: tree.Sequence, Style: tree.Flow}
	if open == '{' {
		n.Kind = tree.Mapping
	}
	for r.decoder.More() {
		if n.Kind == tree.Mapping {
			key, at, err := r.token()
			if err != nil {
				return nil, err
			}
			name, ok := key.(string)
			if !ok {
				return nil, r.fail(at, "expected a key in quotes")
			}
			n.Content = append(n.Content, &tree.Node{Kind: tree.Scalar, Style: tree.DoubleQuoted, Value: name, Span: r.span(at)})
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, item)
	}
	if _, _, err := r.token(); err != nil {
		return nil, err
	}
	n.Span = r.span(start)
	return n, nil
}

// Offsets returns where the bytes of a string's value are in the file. src is
// the whole file that the node was read from.
func Offsets(n *tree.Node, src []byte) tree.Offsets {
	whole := tree.Offsets{Start: n.Span.Start, End: n.Span.End}
	from, to := n.Span.Start+1, n.Span.End-1
	if n.Kind != tree.Scalar || n.Style != tree.DoubleQuoted || from > to || int(to) > len(src) {
		return whole
	}
	text := src[from:to]
	out := tree.Offsets{Start: from, End: to}
	if bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text) {
		return out
	}
	at := 0
	for i := 0; i < len(text); {
		if run := literal(text[i:]); run > 0 {
			out.Segments = append(out.Segments, tree.Segment{At: int32(at), Source: from + int32(i), Run: int32(run)})
			at, i = at+run, i+run
			continue
		}
		size, width := escape(text[i:])
		out.Segments = append(out.Segments, tree.Segment{At: int32(at), Source: from + int32(i)})
		at, i = at+size, i+width
	}
	out.Segments = append(out.Segments, tree.Segment{At: int32(at), Source: to})
	if at != len(n.Value) {
		return whole
	}
	return out
}

// literal returns how many bytes at the start of s stand for themselves: those
// before a backslash and before bytes that are not UTF-8.
func literal(s []byte) int {
	n := bytes.IndexByte(s, '\\')
	if n < 0 {
		n = len(s)
	}
	if utf8.Valid(s[:n]) {
		return n
	}
	i := 0
	for r, size := utf8.DecodeRune(s[i:]); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(s[i:]) {
		i += size
	}
	return i
}

// escape returns how many bytes of a value the escape at the start of s makes,
// and how many bytes it takes. A byte that is not UTF-8 and half of a surrogate pair alone becomes the
// replacement character.
func escape(s []byte) (size, width int) {
	if s[0] != '\\' {
		return utf8.RuneLen(utf8.RuneError), 1
	}
	if len(s) < 6 || s[1] != 'u' {
		return 1, min(2, len(s))
	}
	r := unit(s)
	if utf16.IsSurrogate(r) {
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if pair := utf16.DecodeRune(r, unit(s[6:])); pair != utf8.RuneError {
				return utf8.RuneLen(pair), 12
			}
		}
		r = utf8.RuneError
	}
	return utf8.RuneLen(r), 6
}

// unit reads the four hexadecimal digits of \uXXXX.
func unit(s []byte) rune {
	var r rune
	for _, c := range s[2:6] {
		switch {
		case c >= 'a':
			c -= 'a' - 10
		case c >= 'A':
			c -= 'A' - 10
		default:
			c -= '0'
		}
		r = r<<4 | rune(c)
	}
	return r
}
