package yamldoc

import (
	"sort"
	"strings"
)

// OffsetMap tells which byte of the file each byte of a scalar's value came
// from. The zero value maps everything to the start of the file.
type OffsetMap struct {
	start, end int32
	segs       []segment // empty when the value is in the file as it is
}

// segment is a run of a value: the bytes from index at on came from the bytes
// of the file from src on; those beyond the first run bytes, and all of them
// when run is 0, stand for what is at src+run (an escape, a folded line break).
type segment struct {
	at, src, run int32
}

func (k *sink) note(src, n, run int) {
	k.segs = append(k.segs, segment{at: int32(k.n), src: int32(src), run: int32(run)})
	k.n += n
}

// At returns the byte offset in the file of the byte of the value at index i.
// For i at the length of the value that is where its text ends: before a
// closing quote, and before the last line break of a block scalar. What an
// escape stands for is found at its backslash, and the space or the breaks that
// lines were folded to at the first line break.
func (m OffsetMap) At(i int) int32 {
	if i <= 0 && len(m.segs) == 0 {
		return m.start
	}
	if len(m.segs) == 0 {
		return min(m.start+int32(min(i, 1<<30)), m.end)
	}
	j := sort.Search(len(m.segs), func(j int) bool { return int(m.segs[j].at) > i }) - 1
	if j < 0 {
		j, i = 0, int(m.segs[0].at)
	}
	s := m.segs[j]
	return min(s.src+int32(min(i-int(s.at), int(s.run))), m.end)
}

// Offsets returns where the bytes of a scalar's value are in the file. src is
// the whole file that the node was read from. Values that came from an alias
// are found at the alias as a whole; a node that is no scalar maps everything
// to where it begins.
func (n *Node) Offsets(src []byte) OffsetMap {
	start, end := int(n.Span.Start), int(n.Span.End)
	if start < 0 || end > len(src) || start >= end || n.Kind != Scalar {
		return OffsetMap{start: n.Span.Start, end: n.Span.Start}
	}
	text := string(src[start:end])
	k := sink{s: text, track: true}
	whole := OffsetMap{start: n.Span.Start, end: n.Span.Start}
	stop := len(text)
	switch n.Style {
	case Plain:
		if text == n.Value {
			return OffsetMap{start: n.Span.Start, end: n.Span.End}
		}
		foldPlain(text, 0, len(text), &k)
	case SingleQuoted, DoubleQuoted:
		q := byte('\'')
		if n.Style == DoubleQuoted {
			q = '"'
		}
		stop--
		if stop < 1 || text[0] != q || text[stop] != q {
			return whole
		}
		if text[1:stop] == n.Value {
			return OffsetMap{start: n.Span.Start + 1, end: n.Span.End - 1}
		}
		if _, message := decodeQuoted(text, 1, stop, n.Style, &k); message != "" {
			return whole
		}
	case Literal, Folded:
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
		k.segs[i].src += n.Span.Start
	}
	segs := append(k.segs, segment{at: int32(len(n.Value)), src: n.Span.Start + int32(stop)})
	if k.n < len(n.Value) {
		// Line breaks that the span leaves out.
		segs[len(segs)-1].at = int32(k.n)
	}
	return OffsetMap{start: n.Span.Start, end: n.Span.Start + int32(stop), segs: segs}
}

// spells reports whether the pieces of the source make up the value.
func (k *sink) spells(value string) bool {
	for _, s := range k.segs {
		at, n := int(s.at), int(s.run)
		if at+n > len(value) || value[at:at+n] != k.s[s.src:int(s.src)+n] {
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
