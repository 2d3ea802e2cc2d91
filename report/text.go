package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
)

// Text writes the report for a terminal: each finding with its source line,
// then what the change does to coverage, then what was looked at.
func Text(w io.Writer, r *Report, o Options) error {
	t := &text{painter: painter(o.Color), width: o.Width}
	for i := range r.Findings {
		t.finding(&r.Findings[i])
	}
	t.advice(r)
	if r.Coverage != nil && r.compared() {
		t.coverage(r.Coverage, 5)
	}
	if r.Coverage != nil && len(r.Coverage.Gates) > 0 {
		t.gates(r.Coverage)
		t.WriteByte('\n')
	}
	t.fixed(r.Fixed)
	t.summary(r)
	t.lookedAt(r, o)
	_, err := w.Write(t.Bytes())
	return err
}

// text collects what is written to a terminal.
type text struct {
	bytes.Buffer
	painter
	width int
}

// gutter is the width of the line numbers, without the bar that follows them.
const gutter = 5

var severityStyles = map[lint.Severity]style{lint.Error: red, lint.Warning: yellow, lint.Info: cyan}

func (t *text) finding(f *lint.Finding) {
	s := severityStyles[f.Severity]
	fmt.Fprintf(t, "%s: %s: %s %s%s\n", t.paint(bold, place(f.Path, f)), t.paint(s, f.Severity.String()),
		visible(f.Message), t.paint(faint, "["+visible(f.Check)+"]"), stateMark(f.State)+visible(suppressedMark(f.Suppressed)))
	t.snippet(f, s)
	for i := range f.Evidence {
		t.note(visible(f.Evidence[i].Text) + examples(f.Evidence, i, func(r lint.EvidenceRule) string {
			return `"` + visible(r.Title) + `" (` + visible(string(r.Vendor)) + ")"
		}))
	}
	if f.Hint != "" {
		t.note(visibleLines(f.Hint)...)
	}
	if f.Fix != nil {
		t.note("fix available: " + visible(f.Fix.Title))
	}
	for _, l := range f.Related {
		at := visible(l.Path)
		if !l.Range.IsZero() {
			at = fmt.Sprintf("%s:%d:%d", at, l.Range.Start.Line, l.Range.Start.Column)
		}
		t.note("see " + at + ": " + visible(l.Message))
	}
	t.WriteByte('\n')
}

// place is where a finding is: path:line:column, or the path alone.
func place(path string, f *lint.Finding) string {
	if f.Range.IsZero() {
		return visiblePath(path)
	}
	return fmt.Sprintf("%s:%d:%d", visiblePath(path), f.Range.Start.Line, f.Range.Start.Column)
}

// stateMark tells findings that the change did not make from those it did.
func stateMark(s lint.State) string {
	switch s {
	case lint.Existing:
		return " (existing)"
	case lint.Fixed:
		return " (fixed, was in the base)"
	}
	return ""
}

// suppressedMark says that and why a finding is passed over.
func suppressedMark(s *lint.Suppressed) string {
	if s == nil {
		return ""
	}
	text := " (suppressed by a comment"
	switch s.By {
	case lint.ByConfiguration:
		text = " (suppressed by the configuration"
	case lint.ByBaseline:
		text = " (in the baseline"
	}
	if s.Until != "" {
		text += " until " + s.Until
	}
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return text + ")"
}

// examples names up to three rules after a piece of evidence, unless the piece
// before it has named the same ones.
func examples(evidence []lint.Evidence, i int, name func(lint.EvidenceRule) string) string {
	rules := evidence[i].Rules
	if len(rules) == 0 || i > 0 && slices.Equal(rules, evidence[i-1].Rules) {
		return ""
	}
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = name(r)
	}
	return "; see " + some(names, 3)
}

// snippet shows the source line of a finding and underlines its range.
func (t *text) snippet(f *lint.Finding, s style) {
	source, start, end, ok := sourceOf(f)
	if !ok {
		return
	}
	number := fmt.Sprintf("%*d", gutter, f.Range.Start.Line)
	width := defaultSnippet
	if t.width > 0 {
		width = max(t.width-len(number)-len(" | "), 20)
	}
	line, underline := snippet(source, start, end, width)
	fmt.Fprintf(t, "%s %s\n", t.paint(blue, number+" |"), line)
	fmt.Fprintf(t, "%s %s\n", t.paint(blue, strings.Repeat(" ", len(number))+" |"), underlined(t.painter, s, underline))
}

// sourceOf is the source line of a finding, with the code points that it is
// about.
func sourceOf(f *lint.Finding) (source string, start, end int, ok bool) {
	source = strings.TrimRight(f.Snippet, "\r\n")
	if strings.TrimSpace(source) == "" || f.Range.IsZero() {
		return "", 0, 0, false
	}
	first := max(f.SnippetColumn, 1)
	start, end = f.Range.Start.Column-first, f.Range.End.Column-first
	if f.Range.End.Line != f.Range.Start.Line {
		end = len([]rune(strings.TrimRight(source, " \t")))
	}
	return source, start, end, true
}

// underlined colours the marks, not the spaces before them.
func underlined(p painter, s style, marks string) string {
	bare := strings.TrimLeft(marks, " ")
	return marks[:len(marks)-len(bare)] + p.paint(s, bare)
}

// note writes a line of what belongs to a finding, and those that continue it,
// which may be there to be pasted.
func (t *text) note(lines ...string) {
	const indent = gutter + 1
	first := fold(lines[0], within(t.width, indent+len("= ")))
	for i, line := range append(first, lines[1:]...) {
		mark := " "
		if i == 0 {
			mark = "="
		}
		line = strings.Repeat(" ", indent) + t.paint(blue, mark) + " " + line
		t.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// coverage says what the change does to techniques, up to most of each kind.
// It writes nothing when nothing is different.
func (t *text) coverage(c *coverage.Report, most int) {
	if len(c.Gained)+len(c.Lost)+len(c.Unread)+len(c.Weakened) == 0 {
		return
	}
	t.WriteString(t.paint(bold, delta(c)) + "\n")
	for _, g := range changeGroups(c) {
		if g.word != "strengthened" {
			t.changes(c, g.word, g.style, g.changes, most)
		}
	}
	t.WriteByte('\n')
}

// changes names the techniques that one kind of thing happened to. The table of
// detlint coverage has those that are left out.
func (t *text) changes(c *coverage.Report, word string, s style, changes []coverage.Change, most int) {
	for i := range changes {
		if i == most {
			fmt.Fprintf(t, "  %-16s and %s more %s\n", "", thousands(len(changes)-most), word)
			return
		}
		ch := &changes[i]
		const column = 16
		said := visible(techniqueName(ch.ID, ch.Name, c.ATTACK)) + " (" + visible(effect(ch)) + ")"
		lines := fold(said, within(t.width, column+len("   ")))
		fmt.Fprintf(t, "  %s %s\n", t.paint(s, fmt.Sprintf("%-*s", column, word)), strings.Join(lines, "\n"+strings.Repeat(" ", column+len("   "))))
	}
}

// fixed names in a line each what the change has fixed, of what is not listed
// among the findings.
func (t *text) fixed(all []lint.Finding) {
	const most = 5
	for i := range all {
		if i == most {
			fmt.Fprintf(t, "  and %s more fixed; --report changed lists all\n", thousands(len(all)-most))
			break
		}
		f := &all[i]
		line := fmt.Sprintf("%s: %s [%s]", visiblePath(f.Path), visible(f.Message), visible(f.Check))
		t.WriteString("  " + t.paint(green, "fixed") + " " + fit(line, within(t.width, len("  fixed "))) + "\n")
	}
	if len(all) > 0 {
		t.WriteByte('\n')
	}
}

// summary is the line that says what changed and what came of it.
func (t *text) summary(r *Report) {
	var parts []string
	if r.compared() {
		parts = append(parts, visible(changedRules(r)))
	}
	f := &r.Summary.Findings
	switch {
	case f.New.Total() == 0 && r.compared():
		parts = append(parts, t.paint(green, "no new findings"))
	case f.New.Total() == 0 && f.Existing.Total() == 0:
		parts = append(parts, t.paint(green, "no findings"))
	case f.New.Total() > 0:
		s := severityStyles[worst(f.New)]
		counts := f.New.String()
		if r.compared() {
			counts += " new"
		}
		parts = append(parts, t.paint(s, counts))
	}
	if rest := otherFindings(r); rest != "" {
		parts = append(parts, rest)
	}
	if passed := suppressed(r); passed != "" {
		parts = append(parts, passed)
	}
	t.WriteString(strings.Join(parts, " · ") + "\n")
}

// changedRules says how many rules changed, against what and how: "3 rules
// changed against main (merge base 8eaafff): 1 added, 2 modified".
func changedRules(r *Report) string {
	c := r.Summary.Changes
	if c.changed() == 0 {
		return "no rule changed against " + r.Repository.against()
	}
	return count(c.changed(), "rule") + " changed against " + r.Repository.against() + ": " + c.String()
}

// otherFindings counts those that the change did not make: "2 fixed, 4
// existing not shown".
func otherFindings(r *Report) string {
	listed := 0
	for i := range r.Findings {
		if r.Findings[i].State == lint.Existing {
			listed++
		}
	}
	existing := r.Summary.Findings.Existing.Total()
	text := tally([]int{r.Summary.Findings.Fixed.Total(), existing}, []string{"fixed", "existing"})
	switch hidden := existing - listed; {
	case hidden <= 0:
	case listed == 0:
		text += " not shown"
	default:
		text += " (" + thousands(hidden) + " not shown)"
	}
	return text
}

// worst is the highest severity that was counted.
func worst(c Counts) lint.Severity {
	switch {
	case c.Error > 0:
		return lint.Error
	case c.Warning > 0:
		return lint.Warning
	}
	return lint.Info
}

// lookedAt is the line that says what the summary rests on.
func (t *text) lookedAt(r *Report, o Options) {
	s := &r.Summary
	if s.Unreadable > 0 {
		t.WriteString(t.paint(red, count(s.Unreadable, "file")+" could not be looked at") + "\n")
	}
	line := "looked at " + count(s.Rules, "rule") + " in " + count(s.Files, "file")
	if languages := s.languages(" · "); languages != "" {
		line += " (" + languages + ")"
	}
	if s.Broken > 0 && s.Shown != "all" {
		line += " · " + count(s.Broken, "file") + " not read whole, see: detlint lint --all --only syntax"
	}
	if s.Definitions > 0 {
		line += " · " + count(s.Definitions, "definition")
	}
	if s.Others > 0 {
		line += " · " + count(s.Others, "file") + " without rules"
	}
	for _, text := range s.outside() {
		t.WriteString(t.paint(yellow, visible(text)) + "\n")
	}
	if r.Tool.Mapped != "" || r.Tool.ATTACK != attack.Version || r.Coverage != nil {
		line += " · " + r.Tool.attackVersion()
	}
	line += " · " + r.Tool.Catalog.String()
	if o.Elapsed > 0 {
		line += fmt.Sprintf(" · %.2f s", o.Elapsed.Seconds())
	}
	t.WriteString(t.paint(faint, visible(line)) + "\n")
}
