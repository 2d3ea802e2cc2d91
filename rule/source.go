package rule

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// Span is a half-open interval [Start, End) of byte offsets in a file. Parsers
// keep spans, which cost eight bytes; Source.Range turns one into the line and
// column that people and editors want.
type Span struct {
	Start, End int32
}

// IsZero reports whether the span points nowhere.
func (s Span) IsZero() bool { return s == Span{} }

// Text is a piece of a rule together with the place it was read from. Value is
// the decoded text (escapes resolved, lines folded); Span covers the source of
// it, quotes included.
type Text struct {
	Value string
	Span  Span
}

// Position is a place in a file.
type Position struct {
	Line   int `json:"line"`   // 1-based
	Column int `json:"column"` // 1-based, counted in Unicode code points
	Offset int `json:"offset"` // 0-based, in bytes
}

// Range is a half-open interval of a file: End is the position after the last
// character.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// IsZero reports whether the range points nowhere.
func (r Range) IsZero() bool { return r == Range{} }

// Source is the text of one file and knows where its lines begin.
type Source struct {
	// Path is the file's path relative to the root of what is looked at,
	// with forward slashes.
	Path string
	// Data is the file as it is stored, byte order mark and carriage returns
	// included.
	Data []byte

	lines []int32 // offset of the first byte of every line
	// marks count the characters of long lines, so that a file of one line
	// costs no more than one of many. They are made when first asked for.
	marks  []mark
	marked sync.Once
}

// mark is a place in a long line with the characters in front of it there.
type mark struct{ offset, column int32 }

// markEvery is how many bytes of a line are between two marks, at least.
const markEvery = 4 << 10

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// NewSource wraps the content of a file. Files above 2 GiB have no positions;
// parsers refuse them long before.
func NewSource(path string, data []byte) *Source {
	lines := make([]int32, 1, 1+bytes.Count(data, []byte{'\n'}))
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		lines = append(lines, int32(i))
	}
	return &Source{Path: path, Data: data, lines: lines}
}

// mark makes the marks of all long lines.
func (s *Source) mark() {
	for n, start := range s.lines {
		at, end := int(start), len(s.Data)
		if n+1 < len(s.lines) {
			end = int(s.lines[n+1])
		}
		if n == 0 && bytes.HasPrefix(s.Data, utf8BOM) {
			at = len(utf8BOM)
		}
		column := int32(0)
		for last := at; end-at > markEvery; column++ {
			if at-last >= markEvery {
				s.marks = append(s.marks, mark{int32(at), column})
				last = at
			}
			_, size := utf8.DecodeRune(s.Data[at:])
			at += size
		}
	}
}

// column counts the characters of a line before o. start is where its first
// one is.
func (s *Source) column(start, o int) int {
	if o-start <= markEvery {
		return utf8.RuneCount(s.Data[start:o])
	}
	s.marked.Do(s.mark)
	if i := sort.Search(len(s.marks), func(i int) bool { return int(s.marks[i].offset) > o }); i > 0 && int(s.marks[i-1].offset) > start {
		m := s.marks[i-1]
		return int(m.column) + utf8.RuneCount(s.Data[m.offset:o])
	}
	return utf8.RuneCount(s.Data[start:o])
}

// lineAt is the index of the line that an offset within the file is on.
func (s *Source) lineAt(o int) int {
	return sort.Search(len(s.lines), func(i int) bool { return int(s.lines[i]) > o }) - 1
}

// LineAround returns where the line that an offset is on begins and where it
// ends, without its line break. Offsets outside the file are moved to its
// nearest end. A byte order mark is part of the first line.
func (s *Source) LineAround(offset int32) (start, end int) {
	line := s.lineAt(min(max(int(offset), 0), len(s.Data)))
	start, end = int(s.lines[line]), len(s.Data)
	if line+1 < len(s.lines) {
		end = int(s.lines[line+1]) - 1
	}
	if end > start && s.Data[end-1] == '\r' {
		end--
	}
	return start, end
}

// Position returns the line and column of a byte offset. Offsets outside the
// file are moved to its nearest end. A byte order mark takes no column.
func (s *Source) Position(offset int32) Position {
	o := min(max(int(offset), 0), len(s.Data))
	line := s.lineAt(o)
	start := int(s.lines[line])
	if line == 0 && bytes.HasPrefix(s.Data, utf8BOM) {
		start = min(len(utf8BOM), o)
	}
	return Position{Line: line + 1, Column: s.column(start, o) + 1, Offset: o}
}

// Range returns the lines and columns of a span.
func (s *Source) Range(sp Span) Range {
	return Range{Start: s.Position(sp.Start), End: s.Position(sp.End)}
}

// Trimmed is a span without the white space around it.
func (s *Source) Trimmed(sp Span) Span {
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
	for sp.End > sp.Start && blank(s.Data[sp.End-1]) {
		sp.End--
	}
	for sp.Start < sp.End && blank(s.Data[sp.Start]) {
		sp.Start++
	}
	return sp
}

// LineStart returns the offset of the first byte of a 1-based line after a byte
// order mark, and the file's end when there is no such line.
func (s *Source) LineStart(n int) int {
	switch {
	case n < 1 || n > len(s.lines):
		return len(s.Data)
	case n == 1 && bytes.HasPrefix(s.Data, utf8BOM):
		return len(utf8BOM)
	}
	return int(s.lines[n-1])
}

// Line returns the text of a 1-based line without its line break, and nil when
// there is no such line.
func (s *Source) Line(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	end := len(s.Data)
	if n < len(s.lines) {
		end = int(s.lines[n]) - 1
	}
	line := bytes.TrimSuffix(s.Data[s.lines[n-1]:end], []byte{'\r'})
	if n == 1 {
		line = bytes.TrimPrefix(line, utf8BOM)
	}
	return line
}
