package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/coverage"
)

// CSV writes the findings as a table, one row each.
func CSV(w io.Writer, r *Report, _ Options) error {
	t := csvTable{csv.NewWriter(w)}
	t.row("path", "line", "column", "end_line", "end_column", "severity", "check", "state", "message",
		"rule_id", "rule_title", "hint", "fix", "suppressed", "fingerprint", "link")
	for i := range r.Findings {
		f := &r.Findings[i]
		fix, by := "", ""
		if f.Fix != nil {
			fix = f.Fix.Title
		}
		if f.Suppressed != nil {
			by = f.Suppressed.By
		}
		start, end := f.Range.Start, f.Range.End
		t.row(f.Path, position(start.Line), position(start.Column), position(end.Line), position(end.Column), f.Severity.String(), f.Check, string(f.State),
			f.Message, f.RuleID, f.RuleTitle, f.Hint, fix, by, f.Fingerprint, webAddress(f.Link))
	}
	return t.close()
}

// position is a line or column, which count from 1; empty where there is none.
func position(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// CoverageCSV writes a row for each technique that rules cover or did cover,
// and for each that only public rules do.
func CoverageCSV(w io.Writer, r *Report, _ Options) error {
	t := csvTable{csv.NewWriter(w)}
	t.row("technique", "name", "tactics", "state", "rules", "rules_before", "catalog_rules", "levels", "events", "rule_paths")
	if r.Coverage == nil {
		return t.close()
	}
	c := r.Coverage
	states, before := newTechniqueStates(c), map[string]int{}
	if c.Before != nil {
		for i := range c.Before.Techniques {
			before[c.Before.Techniques[i].ID] = len(c.Before.Techniques[i].Rules)
		}
	}
	for i := range c.After.Techniques {
		tq := &c.After.Techniques[i]
		was := ""
		if c.Before != nil {
			was = strconv.Itoa(before[tq.ID])
		}
		t.row(tq.ID, tq.Name, strings.Join(tq.Tactics, " "), states.of(tq.ID), strconv.Itoa(len(tq.Rules)), was, "",
			levelCounts(tq.Levels), strings.Join(eventNames(tq.Events), ", "), rulePaths(tq.Rules))
	}
	lost, public := map[string]bool{}, map[string]string{}
	for i := range c.Gaps {
		public[c.Gaps[i].ID] = strconv.Itoa(c.Gaps[i].Rules)
	}
	for i := range c.Lost {
		l := &c.Lost[i]
		lost[l.ID] = true
		t.row(l.ID, l.Name, strings.Join(l.Tactics, " "), "lost", "0", strconv.Itoa(l.Before), public[l.ID], "",
			strings.Join(eventNames(l.EventsBefore), ", "), rulePaths(l.Rules))
	}
	for i := range c.Gaps {
		g := &c.Gaps[i]
		if lost[g.ID] {
			continue
		}
		t.row(g.ID, g.Name, strings.Join(g.Tactics, " "), "gap", "0", "", strconv.Itoa(g.Rules), "", strings.Join(eventNames(g.Events), ", "), "")
	}
	return t.close()
}

func rulePaths(rules []coverage.Rule) string {
	paths := make([]string, len(rules))
	for i := range rules {
		paths[i] = rules[i].Path
	}
	return strings.Join(paths, " ")
}

// techniqueStates says what a change did to the techniques that are covered.
type techniqueStates map[string]string

func newTechniqueStates(c *coverage.Report) techniqueStates {
	out := techniqueStates{}
	for word, changes := range map[string][]coverage.Change{"gained": c.Gained, "lost": c.Lost, "unread": c.Unread, "weakened": c.Weakened, "strengthened": c.Strengthened} {
		for i := range changes {
			out[changes[i].ID] = word
		}
	}
	return out
}

func (s techniqueStates) of(id string) string {
	if state := s[id]; state != "" {
		return state
	}
	return "covered"
}

// csvTable writes cells that a spreadsheet shows and does not compute.
type csvTable struct{ *csv.Writer }

func (t csvTable) row(cells ...string) {
	for i, c := range cells {
		cells[i] = csvCell(c)
	}
	_ = t.Write(cells)
}

func (t csvTable) close() error {
	t.Flush()
	return t.Error()
}

// maxCell is how many characters a cell of a spreadsheet can hold, about.
const maxCell = 32_000

// csvCell makes a text fit for one cell. One that a spreadsheet would take for
// a formula begins with an apostrophe.
func csvCell(s string) string {
	if s = visible(s); len(s) > maxCell {
		s = cut(s, maxCell)
	}
	if first, _ := utf8.DecodeRuneInString(strings.TrimSpace(s)); strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + s
	}
	return s
}
