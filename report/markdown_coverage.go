package report

import (
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
)

// CoverageMarkdown writes the coverage of the report on its own: what changed
// first where there is a base, and otherwise every technique by tactic.
func CoverageMarkdown(w io.Writer, r *Report, o Options) error {
	m := &markdown{Report: r, o: o}
	switch {
	case r.Coverage == nil:
		m.title = "## Coverage was not looked at\n\n"
	case r.Coverage.Before == nil:
		c := r.Coverage
		m.title = "## Coverage: " + count(len(c.After.Techniques), "technique") + "\n\n"
		m.gates()
		m.paragraph(covered(c.After))
		m.add(m.tacticTable(false))
		m.techniques()
		m.lookedFor()
	default:
		m.title = "## Coverage:" + strings.TrimPrefix(delta(r.Coverage), "coverage") + "\n\n"
		m.gates()
		m.coverageChanges()
		m.coverageDetails()
		m.techniques()
	}
	m.foot = m.footer()
	_, err := io.WriteString(w, m.String(o.MaxBytes))
	return err
}

// mdTable is a table of cells that are Markdown already.
type mdTable struct {
	header []string
	right  []int // columns of numbers
	rows   []string
}

func (t *mdTable) add(cells ...string) {
	t.rows = append(t.rows, "| "+strings.Join(cells, " | ")+" |\n")
}

func (t *mdTable) block(what string) block {
	rule := "|"
	for i := range t.header {
		if slices.Contains(t.right, i) {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	return block{head: "| " + strings.Join(t.header, " | ") + " |\n" + rule + "\n", rows: t.rows, what: what, tail: "\n"}
}

// coverageDetails are the tables that are only looked at on demand.
func (m *markdown) coverageDetails() {
	m.details("By tactic", m.tacticTable(false))
	m.lookedFor()
}

// lookedFor says where the coverage is thin.
func (m *markdown) lookedFor() {
	m.single()
	m.untagged()
	m.gaps()
	var notes []string
	for _, note := range m.Coverage.Notes {
		notes = append(notes, "- "+mdText(note)+"\n")
	}
	m.details("What the version of ATT&amp;CK leaves open", block{rows: notes, what: "note"})
}

// single is the table of techniques that rest on one event.
func (m *markdown) single() {
	t := mdTable{header: []string{"technique", "its event", "the catalog also uses", "ATT&CK also names"}}
	for _, tel := range restingOnOne(m.Coverage) {
		t.add(m.technique(tel.ID, tel.Name), mdText(tel.Events[0].String()),
			mdText(some(eventNames(tel.CatalogEvents), 3)), mdText(some(eventNames(tel.ATTACKEvents), 5)))
	}
	b := t.block("technique")
	b.most = 25
	m.details("Resting on one event ("+count(len(t.rows), "technique")+")", b)
}

// untagged lists the rules in use that name no technique.
func (m *markdown) untagged() {
	var rows []string
	for _, r := range m.Coverage.After.UntaggedRules {
		rows = append(rows, "- "+m.ruleName(&Rule{Path: r.Path, Line: r.Line, Title: r.Title})+"\n")
	}
	m.details("Rules without technique ("+count(len(rows), "rule")+")", block{rows: rows, what: "rule", most: 25})
}

// gates says what was asked of the coverage and what came of it.
func (m *markdown) gates() {
	for i := range m.Coverage.Gates {
		g := &m.Coverage.Gates[i]
		word := "passed"
		if !g.Passed {
			word = "**failed**"
		}
		m.paragraph("Gate `" + g.Name + "` " + word + ": " + mdText(g.Message) + ".")
		var rows []string
		for j := range g.Techniques {
			rows = append(rows, "- "+mdText(g.Techniques[j].String())+"\n")
		}
		m.add(block{rows: rows, what: "technique", tail: "\n", most: 25})
	}
}

// tacticTable has a row for each tactic, or for those that the change is about.
func (m *markdown) tacticTable(changed bool) block {
	t := mdTable{header: []string{"tactic", "techniques", "rules", "techniques in the catalog"}, right: []int{1, 2, 3}}
	tactics := changedTactics(m.Coverage)
	if m.Coverage.Before != nil {
		t.header = append(t.header, "change")
	}
	if !changed {
		tactics = nil
		for i := range m.Coverage.Tactics {
			tactics = append(tactics, &m.Coverage.Tactics[i])
		}
	}
	for _, tac := range tactics {
		row := []string{
			mdText(tacticName(tac)), arrow(tac.TechniquesBefore, tac.TechniquesAfter),
			arrow(tac.RulesBefore, tac.RulesAfter), thousands(tac.Catalog),
		}
		if m.Coverage.Before != nil {
			row = append(row, mdText(tacticDelta(tac)))
		}
		t.add(row...)
	}
	return t.block("tactic")
}

// capital begins a word with a capital letter.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// tacticName names the matrix too, unless it is the one everyone means.
func tacticName(t *coverage.Tactic) string {
	switch t.Domain {
	case attack.Mobile:
		return t.Name + " (Mobile)"
	case attack.ICS:
		return t.Name + " (ICS)"
	}
	return t.Name
}

// arrow shows a number and what it was.
func arrow(before, after int) string {
	if before == after {
		return thousands(after)
	}
	return thousands(before) + " → " + thousands(after)
}

// gaps is the table of what public rules cover and these do not.
func (m *markdown) gaps() {
	t := mdTable{header: []string{"technique", "catalog rules", "their events", "covered nearby"}, right: []int{1}}
	for i := range m.Coverage.Gaps {
		g := &m.Coverage.Gaps[i]
		t.add(m.technique(g.ID, g.Name), thousands(g.Rules), mdText(some(eventNames(g.Events), 3)), mdText(some(g.Near, 3)))
	}
	b := t.block("technique")
	b.most = 25
	m.details("What the catalog covers and these rules do not ("+count(len(t.rows), "technique")+")", b)
}

// technique links to ATT&CK's page of a technique it knows.
func (m *markdown) technique(id, name string) string {
	text := mdText(techniqueName(id, name, m.Coverage.ATTACK))
	if known, ok := m.Coverage.Tables().Lookup(id); ok {
		return mdLink(text, known.URL())
	}
	return text
}

// techniques has one folded table for each tactic.
func (m *markdown) techniques() {
	for _, g := range grouped(m.Coverage) {
		t := mdTable{header: []string{"technique", "rules", "levels", "events"}, right: []int{1}}
		for _, row := range g.rows {
			t.add(m.technique(row.id, row.name), arrow(row.before, row.after),
				mdText(levelCounts(row.levels)), mdText(some(eventNames(row.events), 4)))
		}
		m.details(mdText(g.name)+": "+count(len(g.rows), "technique"), t.block("technique"))
	}
}
