package tree

import (
	"sort"

	"github.com/detlint/detlint/rule"
)

// Offsets tells which byte of the file each byte of a scalar's value came from.
// The zero value maps everything to the start of the file.
type Offsets struct {
	// Start and End are where the text of the value is in the file.
	Start, End int32
	// Segments are in the order of the value and cover all of it. There are
	// none when the value is in the file as it is.
	Segments []Segment
}

// Segment is a run of a value: the bytes from index At on came from the bytes
// of the file from Source on; those beyond the first Run bytes, and all of them
// when Run is 0, stand for what is at Source+Run (an escape, a folded line
// break).
type Segment struct {
	At, Source, Run int32
}

// At returns the byte offset in the file of the byte of the value at index i.
// For i at the length of the value that is where its text ends: before a
// closing quote, and before the last line break of a block scalar. What an
// escape stands for is found at its backslash, and the space or the breaks that
// lines were folded to at the first line break.
func (m Offsets) At(i int) int32 {
	if i <= 0 && len(m.Segments) == 0 {
		return m.Start
	}
	if len(m.Segments) == 0 {
		return min(m.Start+int32(min(i, 1<<30)), m.End)
	}
	j := sort.Search(len(m.Segments), func(j int) bool { return int(m.Segments[j].At) > i }) - 1
	if j < 0 {
		j, i = 0, int(m.Segments[0].At)
	}
	s := m.Segments[j]
	return min(s.Source+int32(min(i-int(s.At), int(s.Run))), m.End)
}

// Span returns where a part of the value is in the file.
func (m Offsets) Span(sp rule.Span) rule.Span {
	return rule.Span{Start: m.At(int(sp.Start)), End: m.At(int(sp.End))}
}
