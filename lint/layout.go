package lint

import (
	"bytes"

	"github.com/detlint/detlint/rule"
)

// layout knows which lines of a file have content, and where rules begin.
type layout struct {
	file *rule.File
	// firsts are the lines on which a part of a rule begins: the first that
	// has content.
	firsts map[int][]int // line to indexes of rules
	top    int           // the first line of the file that has content
	nexts  []int         // by line: the first one from there that has content
	ends   map[int]int   // by line: the last one of a text that begins there
}

func newLayout(f *rule.File, texts []rule.Span) *layout {
	l := &layout{file: f, firsts: map[int][]int{}, nexts: nextLines(f.Source), ends: map[int]int{}}
	for _, t := range texts {
		first, last := f.Source.Position(t.Start).Line, f.Source.Position(max(t.End-1, t.Start)).Line
		l.ends[first] = max(l.ends[first], last)
	}
	l.top = l.next(1)
	for _, r := range f.Rules {
		parts := r.Parts
		if len(parts) == 0 {
			parts = []rule.Span{r.Span}
		}
		for _, part := range parts {
			line := l.next(f.Source.Position(part.Start).Line)
			l.firsts[line] = append(l.firsts[line], r.Index)
		}
	}
	return l
}

// next is the first line from a given one on that has content, 0 for none.
func (l *layout) next(from int) int {
	if from >= len(l.nexts) {
		return 0
	}
	return l.nexts[from]
}

func nextLines(src *rule.Source) []int {
	nexts := []int{0}
	for n := 1; src.Line(n) != nil || src.LineStart(n) < len(src.Data); n++ {
		nexts = append(nexts, n)
	}
	for n := len(nexts) - 1; n > 0; n-- {
		if bare(bytes.TrimSpace(src.Line(n))) {
			nexts[n] = 0
			if n+1 < len(nexts) {
				nexts[n] = nexts[n+1]
			}
		}
	}
	return nexts
}

// bare reports whether a line has no content: it is blank, only a comment, or
// a marker between documents.
func bare(line []byte) bool {
	return len(line) == 0 || bytes.HasPrefix(line, []byte(hash)) || bytes.HasPrefix(line, []byte(slashes)) ||
		bytes.HasPrefix(line, []byte(ticks)) || bytes.Equal(line, []byte("---")) || bytes.Equal(line, []byte("..."))
}

// place finds out what a suppression holds for: the line that it stands on, the
// next one where it stands alone, and the whole rule where that is the first of
// the rule or where the directive is the key of a rule.
func (l *layout) place(s *suppression) {
	s.rules = map[int]bool{}
	s.rule = l.ruleAt(s.at.Start)
	line := l.file.Source.Position(s.at.Start).Line
	defer func() { s.last = max(s.line, l.ends[s.line]) }()
	switch {
	case s.comment.IsZero() || s.top:
		if s.rule < 0 {
			if s.problem == "" {
				s.problem, s.value = "this suppression stands in no rule", "nowhere"
			}
			return
		}
		s.rules[s.rule] = true
		s.file = len(l.file.Rules) == 1
	case !s.own:
		s.line = line
	default:
		s.line = l.next(line + 1)
		for _, i := range l.firsts[s.line] {
			s.rules[i] = true
			s.rule = i
		}
		s.file = s.line == l.top
	}
}

// ruleAt is the innermost rule that has an offset, -1 for none.
func (l *layout) ruleAt(offset int32) int {
	best, size := -1, int32(0)
	for _, r := range l.file.Rules {
		for _, part := range append([]rule.Span{r.Span}, r.Parts...) {
			if part.Start <= offset && offset < part.End && (best < 0 || part.End-part.Start < size) {
				best, size = r.Index, part.End-part.Start
			}
		}
	}
	return best
}
