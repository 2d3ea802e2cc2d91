package tomldoc

import (
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/tree"
)

// Offsets returns where the bytes of a string's value are in the file. src is
// the whole file that the node was read from.
func Offsets(n *tree.Node, src []byte) tree.Offsets {
	start, end := int(n.Span.Start), int(n.Span.End)
	whole := tree.Offsets{Start: n.Span.Start, End: n.Span.End}
	if start < 0 || end > len(src) || start >= end || n.Kind != tree.Scalar || n.Tag != tree.Str {
		return whole
	}
	text := string(src[start:end])
	q := text[0]
	if q != '"' && q != '\'' {
		return whole
	}
	open := 1
	if triple := strings.Repeat(string(q), 3); strings.HasPrefix(text, triple) && len(text) >= 6 {
		open = 3
	}
	from, to := open, len(text)-open
	if open == 3 {
		// The line break after the opening quotes is not part of the value.
		if strings.HasPrefix(text[from:], "\r\n") {
			from += 2
		} else if strings.HasPrefix(text[from:], "\n") {
			from++
		}
	}
	if from > to {
		return whole
	}
	out := tree.Offsets{Start: n.Span.Start + int32(from), End: n.Span.Start + int32(to)}
	if q == '\'' || !strings.Contains(text[from:to], `\`) {
		return out
	}
	at := 0
	for i := from; i < to; {
		if run := strings.IndexByte(text[i:to], '\\'); run != 0 {
			if run < 0 {
				run = to - i
			}
			out.Segments = append(out.Segments, tree.Segment{At: int32(at), Source: n.Span.Start + int32(i), Run: int32(run)})
			at, i = at+run, i+run
			continue
		}
		size, width := escape(text[i:to])
		if size > 0 {
			out.Segments = append(out.Segments, tree.Segment{At: int32(at), Source: n.Span.Start + int32(i)})
		}
		at, i = at+size, i+width
	}
	out.Segments = append(out.Segments, tree.Segment{At: int32(at), Source: out.End})
	if at != len(n.Value) {
		return whole
	}
	return out
}

// escape returns how many bytes of a value the escape at the start of s makes,
// and how many bytes it takes.
func escape(s string) (size, width int) {
	if len(s) < 2 {
		return len(s), len(s)
	}
	digits := 0
	switch s[1] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case ' ', '\t', '\r', '\n':
		// An escaped line break takes all white space after it along.
		return 0, len(s) - len(strings.TrimLeft(s[1:], " \t\r\n"))
	default:
		return 1, 2
	}
	code := rune(0)
	for i := 2; i < min(2+digits, len(s)); i++ {
		code = code<<4 | hex(s[i])
	}
	return max(utf8.RuneLen(code), 1), min(2+digits, len(s))
}

func hex(c byte) rune {
	switch {
	case c >= 'a':
		return rune(c-'a') + 10
	case c >= 'A':
		return rune(c-'A') + 10
	}
	return rune(c - '0')
}
