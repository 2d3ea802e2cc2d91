package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/meaning"
)

// DiffMarkdown writes what the change means for a pull request: a table of the
// rules, then what was added and dropped in each, folded.
func DiffMarkdown(w io.Writer, r *Report, o Options) error {
	m := &markdown{Report: r, o: o}
	counts := verdicts(r)
	if counts == "" {
		counts = r.Summary.Changes.String()
	}
	if counts == "" {
		counts = "no rule changed"
	}
	m.title = "## detlint: " + mdText(counts) + "\n\n"
	m.warnings()
	m.rules()
	for i := range r.Rules {
		m.change(&r.Rules[i])
	}
	m.advice(limitOf(o.MaxBytes))
	m.foot = m.footer()
	_, err := io.WriteString(w, m.String(o.MaxBytes))
	return err
}

// meaningCell is the verdict on a rule and what it rests on.
func meaningCell(r *Rule) string {
	word := meaningOf(r)
	if word == "" {
		return ""
	}
	text := "**" + word + "**"
	if r.Summary != "" {
		text += ": " + mdText(r.Summary)
	}
	if r.Reason != "" {
		text += " (" + mdText(r.Reason) + ")"
	}
	return text
}

// change lists what became of one rule.
func (m *markdown) change(r *Rule) {
	if meaningOf(r) == "" {
		return
	}
	var rows []string
	row := func(sign, text string) { rows = append(rows, "- "+sign+" "+text+"\n") }
	for i := range r.Added {
		row("added", part(&r.Added[i]))
	}
	for i := range r.Removed {
		row("dropped", part(&r.Removed[i]))
	}
	for i := range r.Moved {
		row("moved from "+mdText(string(r.Moved[i].From))+" to", part(&r.Moved[i].Predicate))
	}
	if c := r.Condition; c != nil {
		for _, line := range c.Before {
			row("dropped", "line "+mdCode(line))
		}
		for _, line := range c.After {
			row("added", "line "+mdCode(line))
		}
	}
	for i := range r.Attributes {
		rows = append(rows, "- "+mdText(attributeText(&r.Attributes[i], 200))+"\n")
	}
	title := r.Title
	if strings.TrimSpace(title) == "" {
		title = r.Path
	}
	m.details(fmt.Sprintf("%s: %s", mdText(title), mdText(meaningOf(r))), block{rows: rows, what: "difference"})
}

func part(p *meaning.Predicate) string {
	return mdText(string(p.Role)) + " " + mdCode(comparison(p))
}
