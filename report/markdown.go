package report

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
)

// Markdown writes the report for a pull request or a job summary: what changed
// and what was found first, everything that is only looked at on demand
// folded.
func Markdown(w io.Writer, r *Report, o Options) error {
	_, err := io.WriteString(w, newMarkdown(r, o, limitOf(o.MaxBytes)).String(o.MaxBytes))
	return err
}

// newMarkdown makes the document of a whole report, for pages of a number of
// bytes.
func newMarkdown(r *Report, o Options, page int) *markdown {
	m := &markdown{Report: r, o: o}
	m.title = "## detlint: " + m.headline() + "\n\n"
	m.warnings()
	m.rules()
	m.findings()
	m.advice(page)
	if r.Coverage != nil {
		m.coverageSection()
	}
	m.foot = m.footer()
	return m
}

// markdown is a report on its way to become a document.
type markdown struct {
	*Report
	document
	o Options
}

// warnings say what could not be looked at.
func (m *markdown) warnings() {
	if n := m.Summary.Unreadable; n > 0 {
		m.paragraph("**" + count(n, "file") + " could not be looked at.**")
	}
}

// rules is the table of the rules that are not as they were.
func (m *markdown) rules() {
	if !m.compared() {
		return
	}
	var changed []*Rule
	reach, means := false, false
	for i := range m.Rules {
		if r := &m.Report.Rules[i]; r.State != "unchanged" {
			changed = append(changed, r)
			reach = reach || r.Reach != nil || r.ReachBefore != nil
			means = means || meaningOf(r) != ""
		}
	}
	if len(changed) == 0 {
		m.paragraph(mdText(changedRules(m.Report)) + ".")
		return
	}
	t := mdTable{header: []string{"rule", "change"}}
	if means {
		t.header = append(t.header, "meaning")
	}
	if reach {
		t.right = []int{len(t.header)}
		t.header = append(t.header, "reach of its widest path")
	}
	for _, r := range changed {
		row := []string{m.ruleName(r), m.changeOf(r)}
		if means {
			row = append(row, meaningCell(r))
		}
		if reach {
			row = append(row, reachOf(r))
		}
		t.add(row...)
	}
	// A long table must not stand between the reader and the findings.
	const most = 10
	if len(changed) > most {
		m.details(mdText(changedRules(m.Report)), t.block("rule"))
	} else {
		m.add(t.block("rule"))
	}
}

// ruleName is a rule's title and place, for a table.
func (m *markdown) ruleName(r *Rule) string { return m.ruleAt(r, mdPath) }

// ruleAt is a rule's title and place, which code writes.
func (m *markdown) ruleAt(r *Rule, code func(string) string) string {
	title := r.Title
	if strings.TrimSpace(title) == "" {
		title = path.Base(r.Path)
	}
	link := ""
	if r.State != "removed" { // it is not there any more
		link = m.o.fileLink(r.Path, r.Line)
	}
	return "**" + mdText(title) + "** " + mdLink(code(fmt.Sprintf("%s:%d", r.Path, max(r.Line, 1))), link)
}

// changeOf says what happened to a rule, other than in meaning.
func (m *markdown) changeOf(r *Rule) string {
	text := mdText(r.State)
	if r.PathBefore != "" && r.PathBefore != r.Path {
		text += " from " + mdPath(r.PathBefore)
	}
	if len(r.Through) > 0 {
		text += " through " + mdText(some(r.Through, 3))
	}
	if r.Narrows != nil {
		text += ", " + mdText(narrows(r, 3))
	}
	return text
}

func reachOf(r *Rule) string {
	switch {
	case r.Reach == nil && r.ReachBefore == nil:
		return ""
	case r.Reach == nil:
		return "was " + thousands(*r.ReachBefore)
	case r.ReachBefore == nil || *r.ReachBefore == *r.Reach:
		return thousands(*r.Reach)
	}
	return thousands(*r.Reach) + " (was " + thousands(*r.ReachBefore) + ")"
}

// findings lists what was found, one line each, then the details folded.
func (m *markdown) findings() {
	open, fixed := parted(m.Report.Findings)
	rest := otherFindings(m.Report)
	if passed := suppressed(m.Report); passed != "" {
		rest = strings.TrimPrefix(rest+", "+passed, ", ")
	}
	if len(open)+len(fixed) > 0 || rest != "" {
		m.paragraph("### Findings")
	}
	const shortest = len("- **info** m · f · c\n")
	made := fitting(len(open), shortest, m.o.MaxBytes)
	m.add(block{rows: m.lines(open[:made]), more: len(open) - made, what: "finding", tail: "\n"})
	if rest != "" {
		m.paragraph(rest)
	}
	var details []string
	withDetails, size := 0, 0
	for _, f := range open {
		if size > limitOf(m.o.MaxBytes) { // the others can only be counted
			if hasDetail(f) {
				withDetails++
			}
			continue
		}
		if d := m.detail(f); d != "" {
			details = append(details, d)
			withDetails++
			size += len(d)
		}
	}
	if len(details) > 0 {
		details[0] = strings.TrimPrefix(details[0], "\n")
	}
	m.details(count(withDetails, "finding")+" with evidence or advice", block{rows: details, more: withDetails - len(details), what: "finding"})
	m.details(count(len(fixed), "finding")+" fixed", block{rows: m.lines(fixed), what: "finding"})
}

func (m *markdown) lines(findings []*lint.Finding) []string {
	rows := make([]string, len(findings))
	for i, f := range findings {
		mark := ""
		if f.State == lint.Existing {
			mark = " (existing)"
		}
		mark += mdText(suppressedMark(f.Suppressed))
		rows[i] = fmt.Sprintf("- **%s**%s %s · %s · %s\n", f.Severity, mark, mdText(f.Message), m.place(f), m.check(f))
	}
	return rows
}

// place links to the line of a finding. A fixed one has none to link to.
func (m *markdown) place(f *lint.Finding) string {
	link := ""
	if f.State != lint.Fixed {
		link = m.o.fileLink(f.Path, f.Range.Start.Line)
	}
	at := f.Path
	if !f.Range.IsZero() {
		at = fmt.Sprintf("%s:%d", f.Path, f.Range.Start.Line)
	}
	return mdLink(mdCode(at), link)
}

func (m *markdown) check(f *lint.Finding) string {
	return mdLink(mdText(f.Check), webAddress(f.Link))
}

// hasDetail reports whether detail would say something.
func hasDetail(f *lint.Finding) bool {
	return len(f.Evidence)+len(f.Related) > 0 || f.Fix != nil || strings.TrimSpace(f.Hint) != ""
}

// detail is what a finding rests on and what to do about it; empty when there
// is nothing beyond its message.
func (m *markdown) detail(f *lint.Finding) string {
	var b strings.Builder
	for i := range f.Evidence {
		b.WriteString("- " + mdText(f.Evidence[i].Text) + examples(f.Evidence, i, func(r lint.EvidenceRule) string {
			return "“" + mdLink(mdText(r.Title), webAddress(r.URL)) + "” (" + mdText(string(r.Vendor)) + ")"
		}) + "\n")
	}
	for _, l := range f.Related {
		at := m.place(&lint.Finding{Path: l.Path, Range: l.Range})
		b.WriteString("- see " + at + ": " + mdText(l.Message) + "\n")
	}
	if f.Fix != nil {
		b.WriteString("- fix available: " + mdText(f.Fix.Title) + "\n")
	}
	// What is to be pasted stands in lines of its own.
	if words, clause, _ := strings.Cut(f.Hint, "\n"); strings.TrimSpace(f.Hint) != "" {
		b.WriteString("- " + mdText(words) + "\n")
		if strings.TrimSpace(clause) != "" {
			b.WriteString("\n" + mdPre(clause) + "\n")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	title := ""
	if f.RuleTitle != "" {
		title = ", " + mdText(f.RuleTitle)
	}
	return "\n**" + mdText(f.Check) + "** " + m.place(f) + title + "\n\n" + b.String()
}

// coverageSection is what the change does to techniques. What is the matter
// with the rest of the repository is for detlint coverage.
func (m *markdown) coverageSection() {
	m.paragraph("### Coverage")
	m.gates()
	m.coverageChanges()
	if m.Coverage.Before == nil {
		m.details("By tactic", m.tacticTable(false))
	} else if changed := changedTactics(m.Coverage); len(changed) > 0 {
		m.details("By tactic ("+thousands(len(changed))+" of "+thousands(len(m.Coverage.Tactics))+" differ)", m.tacticTable(true))
	}
	if bare := untaggedOfChange(m.Report); len(bare) > 0 && m.Coverage.Before != nil {
		rows := make([]string, len(bare))
		for i, u := range bare {
			rows[i] = "- " + m.ruleName(&Rule{Path: u.Path, Line: u.Line, Title: u.Title}) + "\n"
		}
		m.details(count(len(bare), "changed rule")+" without technique", block{rows: rows, what: "rule", most: 25})
	}
}

// coverageChanges says which techniques are covered better or worse, and where
// there is no base how much is covered.
func (m *markdown) coverageChanges() {
	c := m.Coverage
	if c.Before == nil {
		m.paragraph(covered(c.After))
		return
	}
	if unchanged(c) {
		m.paragraph("No technique is covered better or worse than before. " + covered(c.After))
		return
	}
	var rows, better []string
	for _, g := range changeGroups(c) {
		if g.word == "strengthened" {
			better = m.changes(capital(g.word), g.changes)
		} else {
			rows = append(rows, m.changes(capital(g.word), g.changes)...)
		}
	}
	m.add(block{rows: rows, tail: "\n", what: "technique"})
	m.details(count(len(better), "technique")+" strengthened", block{rows: better, what: "technique"})
}

// covered sums a snapshot up in a sentence.
func covered(s *coverage.Snapshot) string {
	text := count(s.Rules, "rule") + " in use " + verb(s.Rules, "covers", "cover") + " " + count(len(s.Techniques), "technique")
	unread := 0
	for i := range s.Techniques {
		if s.Techniques[i].Sound() == 0 {
			unread++
		}
	}
	if unread > 0 {
		text += ", " + thousands(unread) + " of them with no rule that can be read whole"
	}
	if s.Untagged > 0 {
		text += "; " + count(s.Untagged, "rule") + " " + verb(s.Untagged, "names", "name") + " none"
	}
	return text + "."
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (m *markdown) changes(word string, changes []coverage.Change) []string {
	rows := make([]string, len(changes))
	for i := range changes {
		c := &changes[i]
		rows[i] = fmt.Sprintf("- **%s** %s (%s)\n", word,
			mdText(techniqueName(c.ID, c.Name, m.Coverage.ATTACK)), mdText(effect(c)))
	}
	return rows
}

// footer says what the report rests on.
func (m *markdown) footer() string {
	var parts []string
	if m.compared() {
		base := "base " + short(m.Repository.Base)
		switch {
		case m.Repository.Base == "":
			base = "compared with " + m.Repository.BaseName
		case m.Repository.BaseName != "":
			base += " (" + m.Repository.BaseName + ")"
		}
		parts = append(parts, base)
	}
	parts = append(parts, count(m.Summary.Rules, "rule")+" looked at")
	parts = append(parts, m.Summary.passedOver()...)
	if m.Tool.ATTACK != "" {
		parts = append(parts, m.Tool.attackVersion())
	}
	parts = append(parts, m.Tool.Catalog.String(), strings.TrimSpace("detlint "+m.Tool.Version))
	return "<sub>" + mdText(strings.Join(parts, " · ")) + "</sub>\n"
}
