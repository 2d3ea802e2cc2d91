package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/detlint/detlint/lint"
)

// ranked are the findings that are there, those that must be seen first at the
// front: most severe, then new before old, otherwise in the order of places.
// Fixed ones are left out.
func ranked(r *Report) []*lint.Finding {
	open, _ := parted(r.Findings)
	return open
}

// parted parts the findings that are there, as ranked has them, from those that
// the change fixed.
func parted(findings []lint.Finding) (open, fixed []*lint.Finding) {
	for i := range findings {
		if f := &findings[i]; f.State == lint.Fixed {
			fixed = append(fixed, f)
		} else {
			open = append(open, f)
		}
	}
	slices.SortStableFunc(open, func(a, b *lint.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(old(a), old(b)))
	})
	return open, fixed
}

func old(f *lint.Finding) int {
	if f.State == lint.Existing {
		return 1
	}
	return 0
}

// whole is everything a finding says but its place, as lines of plain text:
// the message, what it rests on, what to do, and where to read more.
func whole(f *lint.Finding) []string {
	lines := []string{visible(shorten(f.Message)) + stateMark(f.State) + visible(suppressedMark(f.Suppressed))}
	for i := range f.Evidence {
		lines = append(lines, visible(shorten(f.Evidence[i].Text)))
	}
	if strings.TrimSpace(f.Hint) != "" {
		lines = append(lines, visibleLines(shorten(f.Hint))...)
	}
	if f.Fix != nil {
		lines = append(lines, "fix available: "+visible(shorten(f.Fix.Title)))
	}
	for _, l := range f.Related {
		lines = append(lines, "see "+place(l.Path, &lint.Finding{Range: l.Range})+": "+visible(shorten(l.Message)))
	}
	if link := webAddress(f.Link); link != "" {
		lines = append(lines, visible(link))
	}
	return lines
}

// firstLine is the line a finding is at, 1 where it is about the file.
func firstLine(f *lint.Finding) int { return max(f.Range.Start.Line, 1) }

// failedGates are the demands on coverage that were not met.
func failedGates(r *Report) []string {
	if r.Coverage == nil {
		return nil
	}
	var out []string
	for i := range r.Coverage.Gates {
		if g := &r.Coverage.Gates[i]; !g.Passed {
			out = append(out, g.Name+": "+visible(g.Message))
		}
	}
	return out
}

// plainFinding is a finding as one line of a log.
func plainFinding(f *lint.Finding) string {
	return place(f.Path, f) + ": " + f.Severity.String() + ": " + visible(shorten(f.Message)) +
		" [" + visible(f.Check) + "]" + stateMark(f.State) + visible(suppressedMark(f.Suppressed))
}

// closing are the lines that a report for a log ends with: what changed and
// what was looked at.
func closing(r *Report) string {
	t := &text{}
	t.summary(r)
	t.lookedAt(r, Options{})
	return t.String()
}
