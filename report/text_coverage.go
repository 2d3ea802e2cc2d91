package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/detlint/detlint/coverage"
)

// CoverageText writes the coverage of the report for a terminal: what changed
// and what was asked of it, then a table of all techniques by tactic and what
// the catalog has besides. A large repository makes that a long one, so the
// last lines sum up again what stands at the top.
func CoverageText(w io.Writer, r *Report, o Options) error {
	t := &text{painter: painter(o.Color), width: o.Width}
	if r.Coverage == nil {
		t.WriteString("coverage was not looked at\n")
	} else if err := t.coverageReport(r, o); err != nil {
		return err
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *text) coverageReport(r *Report, o Options) error {
	c := r.Coverage
	change := ""
	if c.Before != nil {
		against := visible(r.Repository.against())
		change = "no technique is covered better or worse than in " + against
		if !unchanged(c) {
			change = t.paint(bold, delta(c)) + " against " + against
		}
		t.WriteString(change + "\n")
		for _, g := range changeGroups(c) {
			most := 20
			if g.word == "strengthened" {
				most = 5
			}
			t.changes(c, g.word, g.style, g.changes, most)
		}
	}
	t.gates(c)
	if t.Len() > 0 {
		t.WriteByte('\n')
	}
	top := t.Len()
	if err := t.techniques(c); err != nil {
		return err
	}
	t.single(c)
	t.untagged(c)
	t.gaps(c)
	t.again(c, change, bytes.Count(t.Bytes()[top:], []byte("\n")))
	t.WriteString(strings.TrimSuffix(covered(c.After), ".") + "\n")
	for _, note := range c.Notes {
		t.WriteString(t.paint(faint, "note: "+visible(note)) + "\n")
	}
	t.lookedAt(r, o)
	return nil
}

// screen is how many lines may follow what stands at the top before it is summed
// up again.
const screen = 25

// again sums up the top of a report that many lines have followed.
func (t *text) again(c *coverage.Report, change string, lines int) {
	if lines <= screen {
		return
	}
	if change != "" {
		t.WriteString(change + "\n")
	}
	failed := 0
	for i := range c.Gates {
		if !c.Gates[i].Passed {
			failed++
		}
	}
	if failed > 0 {
		t.WriteString(t.paint(red, count(failed, "gate")+" failed") + ", see the top\n")
	}
}

// mark is the sign of what the change did to a technique, with its colour.
func (r *techniqueRow) mark() (string, style) {
	switch {
	case r.before == 0 && r.after > 0:
		return "+", green
	case r.after == 0:
		return "−", red
	case r.worse:
		return "↓", yellow
	case r.better:
		return "↑", green
	}
	return "", ""
}

// techniques writes the table. One table is laid out for all tactics, so that
// their columns are aligned; the tactics' headings go between its lines.
func (t *text) techniques(c *coverage.Report) error {
	groups := grouped(c)
	var body [][]string
	var styles []style
	for _, g := range groups {
		for i := range g.rows {
			row := &g.rows[i]
			mark, s := row.mark()
			name := row.name
			if name == "" {
				name = "not in ATT&CK " + c.ATTACK
			}
			body = append(body, []string{
				mark, visible(row.id), fit(visible(name), 40), arrow(row.before, row.after),
				levelCounts(row.levels), visible(some(eventNames(row.events), 3)),
			})
			styles = append(styles, s)
		}
	}
	lines, err := aligned([]string{"", "technique", "name", "rules", "levels", "events"}, []int{3}, body)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return nil
	}
	t.WriteString(t.paint(faint, fit(lines[0], t.width)) + "\n")
	at := 0
	for _, g := range groups {
		t.WriteString(t.paint(bold, visible(g.name)) + t.tacticTotals(g.tactic) + "\n")
		for range g.rows {
			line := fit(lines[at+1], t.width)
			if styles[at] != "" {
				line = t.paint(styles[at], line)
			}
			t.WriteString(line + "\n")
			at++
		}
	}
	t.WriteByte('\n')
	return nil
}

func (t *text) tacticTotals(tac *coverage.Tactic) string {
	if tac == nil {
		return ""
	}
	text := fmt.Sprintf(" · %s · %s · catalog %s",
		numbered(tac.TechniquesBefore, tac.TechniquesAfter, "technique"),
		numbered(tac.RulesBefore, tac.RulesAfter, "rule"), thousands(tac.Catalog))
	if change := tacticDelta(tac); change != "" {
		text += " · " + change
	}
	return t.paint(faint, text)
}

// numbered is count for a number that may have been another.
func numbered(before, after int, one string) string {
	if before == after {
		return count(after, one)
	}
	return plural(0, one) + " " + arrow(before, after)
}

// aligned lays a table out and returns its lines, the header's first. Columns
// of numbers are set to the right.
func aligned(header []string, right []int, body [][]string) ([]string, error) {
	var out bytes.Buffer
	align := make([]tw.Align, len(header))
	for i := range align {
		align[i] = tw.AlignLeft
		if slices.Contains(right, i) {
			align[i] = tw.AlignRight
		}
	}
	table := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.Off},
			},
		})),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{Global: tw.AlignLeft, PerColumn: align}),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: "  ", Overwrite: true}),
		// The locale has no say in the width of a column.
		tablewriter.WithEastAsian(tw.Off),
	)
	table.Header(header)
	if err := table.Bulk(body); err != nil {
		return nil, fmt.Errorf("lay out the table: %w", err)
	}
	if err := table.Render(); err != nil {
		return nil, fmt.Errorf("lay out the table: %w", err)
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	if len(lines) != len(body)+1 {
		return nil, fmt.Errorf("lay out the table: %d lines for %d rows", len(lines), len(body))
	}
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines, nil
}

// single names the techniques that rest on one event, with what else shows
// them.
func (t *text) single(c *coverage.Report) {
	const most = 10
	all := restingOnOne(c)
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(t, "%s %s\n", t.paint(bold, "resting on one event"), t.paint(faint, "· "+count(len(all), "technique")))
	for i, tel := range all {
		if i == most {
			fmt.Fprintf(t, "   and %s more; --format json lists all\n", thousands(len(all)-most))
			break
		}
		t.WriteString(fit("   "+visible(fmt.Sprintf("%-10s %s: %s", tel.ID, tel.Name, only(tel))), t.width) + "\n")
	}
	t.WriteByte('\n')
}

// untagged names the rules in use that name no technique.
func (t *text) untagged(c *coverage.Report) {
	const most = 10
	all := c.After.UntaggedRules
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(t, "%s %s\n", t.paint(bold, "rules without technique"), t.paint(faint, "· "+count(len(all), "rule")))
	for i := range all {
		if i == most {
			fmt.Fprintf(t, "   and %s more; --format json lists all\n", thousands(len(all)-most))
			break
		}
		t.WriteString(fit("   "+visible(fmt.Sprintf("%s:%d %s", all[i].Path, max(all[i].Line, 1), all[i].Title)), t.width) + "\n")
	}
	t.WriteByte('\n')
}

// gates says what was asked of the coverage and what came of it.
func (t *text) gates(c *coverage.Report) {
	const most = 20
	for i := range c.Gates {
		g := &c.Gates[i]
		word, s := "passed", green
		if !g.Passed {
			word, s = "failed", red
		}
		fmt.Fprintf(t, "%s %s: %s\n", t.paint(s, word), visible(g.Name), visible(g.Message))
		for j := range g.Techniques {
			if j == most {
				fmt.Fprintf(t, "   and %s more\n", thousands(len(g.Techniques)-most))
				break
			}
			t.WriteString("   " + visible(g.Techniques[j].String()) + "\n")
		}
	}
}

// gaps names the techniques that most public rules cover and these do not.
func (t *text) gaps(c *coverage.Report) {
	const most = 15
	if len(c.Gaps) == 0 {
		return
	}
	fmt.Fprintf(t, "%s %s\n", t.paint(bold, "gaps"), t.paint(faint,
		"· "+count(len(c.Gaps), "technique")+" of the catalog without a rule here; most used first"))
	for i := range c.Gaps {
		if i == most {
			fmt.Fprintf(t, "   and %s more; --format json lists all\n", thousands(len(c.Gaps)-most))
			break
		}
		g := &c.Gaps[i]
		line := fmt.Sprintf("   %-10s %s (%s", visible(g.ID), visible(g.Name), count(g.Rules, "rule"))
		if len(g.Events) > 0 {
			line += ": " + some(eventNames(g.Events), 3)
		}
		if len(g.Near) > 0 {
			line += "; covered nearby: " + some(g.Near, 3)
		}
		t.WriteString(fit(visible(line)+")", t.width) + "\n")
	}
	t.WriteByte('\n')
}
