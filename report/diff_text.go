package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// DiffText writes what the change means for a terminal: each rule with what
// was added and dropped, then what was looked at.
func DiffText(w io.Writer, r *Report, o Options) error {
	t := &text{painter: painter(o.Color), width: o.Width}
	rules, shown := advised(r), newBlocks(r)
	for i := range r.Rules {
		rule := &r.Rules[i]
		if rule.State == "unchanged" {
			continue
		}
		t.change(rule)
		if shown.first[rule] {
			t.block(rule, shown, "  ")
		}
		t.WriteByte('\n')
	}
	if len(rules) > 0 {
		t.blocksLeft(r, rules, shown)
	}
	parts := []string{visible(changedRules(r))}
	if counts := verdicts(r); counts != "" {
		parts = append(parts, counts)
	}
	t.WriteString(strings.Join(parts, " · ") + "\n")
	t.lookedAt(r, o)
	_, err := w.Write(t.Bytes())
	return err
}

// verdictStyles are the colours of the verdicts: what finds more, or less, than
// it did deserves a look.
var verdictStyles = map[meaning.Verdict]style{
	meaning.Same: green, meaning.Wider: yellow, meaning.Narrower: cyan, meaning.Both: yellow, meaning.Unknown: red,
}

// mostParts is how many comparisons of one kind a terminal shows of a rule.
const mostParts = 15

func (t *text) change(r *Rule) {
	state := r.State
	if r.PathBefore != "" {
		state += " from " + r.PathBefore
	}
	if len(r.Through) > 0 {
		state += " through " + some(r.Through, 3)
	}
	title := visible(r.Title)
	if strings.TrimSpace(title) == "" {
		title = "a rule without title"
	}
	fmt.Fprintf(t, "%s: %s %s\n", t.paint(bold, fmt.Sprintf("%s:%d", visiblePath(r.Path), max(r.Line, 1))),
		title, t.paint(faint, "["+visible(state)+"]"))
	if r.Change == nil {
		t.WriteString("  " + t.paint(red, "cannot tell") + ": its file cannot be read whole on one side\n")
		return
	}
	switch word := meaningOf(r); {
	case word == "":
		// What a new rule is made of, the rule says best itself.
		t.WriteString("  " + visible(r.Summary) + "\n")
		if r.Narrows != nil {
			t.WriteString("  " + visible(narrows(r, 5)) + "\n")
		}
		return
	default:
		style := verdictStyles[r.Verdict]
		if r.Switched != "" {
			style = yellow
		}
		t.WriteString("  " + t.paint(style, word))
		if r.Summary != "" {
			t.WriteString(": " + visible(r.Summary))
		}
		t.WriteByte('\n')
	}
	if r.Reason != "" {
		t.WriteString("  " + visible(r.Reason) + "\n")
	}
	if r.Narrows != nil {
		t.WriteString("  " + visible(narrows(r, 5)) + "\n")
	}
	t.parts("+", green, r.Added)
	t.parts("−", red, r.Removed)
	for i := range r.Moved {
		m := &r.Moved[i]
		fmt.Fprintf(t, "    %s %s\n", t.paint(yellow, "~"), visible(fmt.Sprintf("%s → %s  %s", m.From, m.Role, comparison(&m.Predicate))))
	}
	if c := r.Condition; c != nil {
		t.conditionLines("−", red, c.Before)
		t.conditionLines("+", green, c.After)
	}
	for i := range r.Attributes {
		t.WriteString("    " + visible(attributeText(&r.Attributes[i], 80)) + "\n")
	}
}

func (t *text) parts(sign string, s style, list []meaning.Predicate) {
	for i := range list {
		if i == mostParts {
			fmt.Fprintf(t, "    %s and %s more; --format json lists all\n", t.paint(s, sign), thousands(len(list)-mostParts))
			return
		}
		fmt.Fprintf(t, "    %s %s\n", t.paint(s, sign), visible(fmt.Sprintf("%-9s  %s", list[i].Role, comparison(&list[i]))))
	}
}

// conditionLines lists the lines of a condition that one version alone has.
func (t *text) conditionLines(sign string, s style, lines []string) {
	for i, line := range lines {
		if i == mostParts {
			fmt.Fprintf(t, "    %s and %s; --format json lists more\n", t.paint(s, sign), count(len(lines)-mostParts, "more line"))
			return
		}
		fmt.Fprintf(t, "    %s %s\n", t.paint(s, sign), visible("line       "+line))
	}
}

// comparison writes a predicate: field, operator, value.
func comparison(p *meaning.Predicate) string {
	text, value := p.Field+" "+string(p.Operator), normalize.Shown(p.Operator, p.Value)
	switch {
	case value == "" && p.Operator != rule.Eq:
	case strings.TrimSpace(value) != value || value == "":
		text += ` "` + value + `"`
	default:
		text += " " + value
	}
	if p.Variant != "" {
		text += " (" + p.Variant + ")"
	}
	return text
}

// attributeText says how an attribute differs, values of more than the given
// number of characters cut.
func attributeText(a *meaning.Attribute, longest int) string {
	switch {
	case a.Before != "" || a.After != "":
		return a.Name + ": " + orNone(fit(a.Before, longest)) + " → " + orNone(fit(a.After, longest))
	case len(a.Added)+len(a.Removed) > 0:
		var parts []string
		if len(a.Added) > 0 {
			parts = append(parts, "+ "+some(a.Added, 4))
		}
		if len(a.Removed) > 0 {
			parts = append(parts, "− "+some(a.Removed, 4))
		}
		return a.Name + ": " + strings.Join(parts, "  ")
	}
	return a.Name + " changed"
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
