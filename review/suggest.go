package review

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
)

// maxSuggestedLines is how many lines one suggestion may replace.
const maxSuggestedLines = 10

// shownAround is how many unchanged lines the difference of two files shows
// before and after a changed one.
const shownAround = 3

// suggestions are the fixes of new findings whose lines a reviewer sees: those
// that the change adds and what is shown around them. They are ordered by
// place.
func (r *run) suggestions(findings []lint.Finding) []report.Suggestion {
	if r.sides.base == nil {
		return nil
	}
	var out []report.Suggestion
	visible := map[string][]bool{}
	var gone lineSet // of the files that are no more
	for i := range findings {
		f := &findings[i]
		now := r.now[f.Path]
		if f.Fix == nil || f.State != lint.New || f.Suppressed != nil || now == nil {
			continue
		}
		lines, ok := visible[f.Path]
		if !ok {
			before := []lineSet{r.linesBefore(f.Path)}
			// A new file may be taken for any that is gone.
			if _, existed := changes.Lookup(r.sides.base, f.Path); !existed {
				if gone == nil {
					gone = r.linesGone()
				}
				before = append(before, gone)
			}
			lines = visibleLines(now.file.Source, before...)
			visible[f.Path] = lines
		}
		if s, ok := suggestion(f, now.file.Source, lines); ok {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b report.Suggestion) int {
		return cmp.Or(cmp.Compare(a.Finding.Path, b.Finding.Path), cmp.Compare(a.Start, b.Start))
	})
	return out
}

// lineSet has the texts of lines, without their line breaks.
type lineSet map[string]bool

func (s lineSet) add(src *rule.Source) {
	for line := range bytes.Lines(src.Data) {
		s[string(bytes.TrimRight(line, "\r\n"))] = true
	}
}

// linesBefore are the lines of what a file was before: of the file of that name,
// and of those its rules come from.
func (r *run) linesBefore(path string) lineSet {
	from := map[string]bool{path: true}
	for i := range r.pairs {
		if p := &r.pairs[i]; p.base != nil && p.head != nil && p.head.Path == path {
			from[p.base.Path] = true
		}
	}
	out := lineSet{}
	for name := range from {
		if before := r.old[name]; before != nil {
			out.add(before.file.Source)
		}
	}
	return out
}

// linesGone are the lines of the files that the head has no more.
func (r *run) linesGone() lineSet {
	out := lineSet{}
	for name, before := range r.old {
		if _, there := changes.Lookup(r.sides.head, name); !there {
			out.add(before.file.Source)
		}
	}
	return out
}

// visibleLines says for each line of a file, from 0, whether it is certainly
// seen in the difference to what was before. A line whose text was nowhere
// before is added in every difference that can be drawn; which of several equal
// lines is the added one depends on who draws it.
func visibleLines(src *rule.Source, before ...lineSet) []bool {
	var added []int
	n := 0
	for line := range bytes.Lines(src.Data) {
		text := string(bytes.TrimRight(line, "\r\n"))
		if !slices.ContainsFunc(before, func(s lineSet) bool { return s[text] }) {
			added = append(added, n)
		}
		n++
	}
	out := make([]bool, n)
	for _, line := range added {
		for i := max(line-shownAround, 0); i < min(line+shownAround+1, n); i++ {
			out[i] = true
		}
	}
	return out
}

// suggestion turns a fix into whole lines; ok is false when they are not all
// seen, or too many.
func suggestion(f *lint.Finding, src *rule.Source, visible []bool) (s report.Suggestion, ok bool) {
	if len(f.Fix.Edits) == 0 {
		return s, false
	}
	s.Finding, s.Start = f, len(visible)+1
	for _, e := range f.Fix.Edits {
		end := e.Range.End.Line
		if end > e.Range.Start.Line && e.Range.End.Column == 1 {
			end-- // up to the line break of the line before
		}
		s.Start, s.End = min(s.Start, e.Range.Start.Line), max(s.End, end)
	}
	if s.Start < 1 || s.End > len(visible) || s.End-s.Start >= maxSuggestedLines || slices.Contains(visible[s.Start-1:s.End], false) {
		return s, false
	}
	from, to := src.LineStart(s.Start), src.LineStart(s.End+1)
	after, err := rule.Apply(src.Data, f.Fix.Edits)
	if err != nil || to > len(src.Data) || bytes.IndexByte(src.Data[from:to], '\r') >= 0 {
		return s, false
	}
	// What follows the lines is as it was.
	text := after[from : len(after)-(len(src.Data)-to)]
	s.Delete = len(text) == 0
	s.Text = string(bytes.TrimSuffix(text, []byte("\n")))
	return s, true
}
