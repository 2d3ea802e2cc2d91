package yamldoc

import (
	"strings"

	"github.com/detlint/detlint/parsers/tree"
)

func (k *sink) note(src, n, run int) {
	k.segs = append(k.segs, tree.Segment{At: int32(k.n), Source: int32(src), Run: int32(run)})
	k.n += n
}

// Offsets returns where the bytes of a scalar's value are in the file. src is
// the whole file that the node was read from. Values that came from an alias
// are found at the alias as a whole; a node that is no scalar maps everything
// to where it begins.
func Offsets(n *tree.Node, src []byte) tree.Offsets {
	start, end := int(n.Span.Start), int(n.Span.End)
	if start < 0 || end > len(src) || start >= end || n.Kind != tree.Scalar {
		return tree.Offsets{Start: n.Span.Start, End: n.Span.Start}
	}
	text := string(src[start:end])
	k := sink{s: text, track: true}
	whole := tree.Offsets{Start: n.Span.Start, End: n.Span.Start}
	stop := len(text)
	switch n.Style {
	case tree.Plain:
		if text == n.Value {
			return tree.Offsets{Start: n.Span.Start, End: n.Span.End}
		}
		foldPlain(text, 0, len(text), &k)
	case tree.SingleQuoted, tree.DoubleQuoted:
		q := byte('\'')
		if n.Style == tree.DoubleQuoted {
			q = '"'
		}
		stop--
		if stop < 1 || text[0] != q || text[stop] != q {
			return whole
		}
		if text[1:stop] == n.Value {
			return tree.Offsets{Start: n.Span.Start + 1, End: n.Span.End - 1}
		}
		if _, message := decodeQuoted(text, 1, stop, n.Style, &k); message != "" {
			return whole
		}
	case tree.Literal, tree.Folded:
		if text[0] != '|' && text[0] != '>' {
			return whole
		}
		b, bad := blockHeader(text, 0)
		if bad >= 0 {
			return whole
		}
		b.indent = indentOf(text[min(b.begin, len(text)):], n.Value)
		b.chomp = 1
		b.read(text, 0, &k)
	default:
		return whole
	}
	if !k.spells(n.Value) {
		return whole
	}
	for i := range k.segs {
		k.segs[i].Source += n.Span.Start
	}
	segs := append(k.segs, tree.Segment{At: int32(len(n.Value)), Source: n.Span.Start + int32(stop)})
	if k.n < len(n.Value) {
		// Line breaks that the span leaves out.
		segs[len(segs)-1].At = int32(k.n)
	}
	return tree.Offsets{Start: n.Span.Start, End: n.Span.Start + int32(stop), Segments: segs}
}

// spells reports whether the pieces of the source make up the value.
func (k *sink) spells(value string) bool {
	for _, s := range k.segs {
		at, n := int(s.At), int(s.Run)
		if at+n > len(value) || value[at:at+n] != k.s[s.Source:int(s.Source)+n] {
			return false
		}
	}
	return k.n <= len(value) && strings.Trim(value[k.n:], "\n") == ""
}

// indentOf returns how far the lines of a block scalar are indented, from its
// first line with something on it and its value.
func indentOf(lines, value string) int {
	first := strings.TrimLeft(lines, " \r\n")
	if first == "" {
		// Nothing but spaces: the value has the same lines, less the
		// indentation.
		rest := value
		for line := range strings.Lines(lines) {
			own, after, _ := strings.Cut(rest, "\n")
			if own != "" {
				return max(len(strings.TrimRight(line, "\r\n"))-len(own), 1)
			}
			rest = after
		}
		return max(len(lines), 1)
	}
	before := lines[:len(lines)-len(first)]
	spaces := len(before) - (strings.LastIndexAny(before, "\r\n") + 1)
	own := value[:len(value)-len(strings.TrimLeft(value, " \n"))]
	return max(spaces-(len(own)-(strings.LastIndexByte(own, '\n')+1)), 1)
}
