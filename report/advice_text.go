package report

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/advise"
)

// MostBlocks is how many rules a terminal shows the advice on. What is beyond
// them is counted.
const MostBlocks = 10

// mostPasted is how many rules a terminal shows clauses to paste for: more of
// them would bury the rest.
const mostPasted = 3

// advice writes a few lines for each of the first rules.
func (t *text) advice(r *Report) {
	rules := advised(r)
	if len(rules) == 0 {
		return
	}
	all := len(rules) + r.Summary.AdviceLeftOut
	t.WriteString(t.paint(bold, "advice on "+count(all, "changed rule")) + "\n")
	for _, line := range fold("reach: public rules that look for the narrowest thing on the widest path; peers: those most like the rule, on the same events", within(t.width, 0)) {
		t.WriteString(t.paint(faint, line) + "\n")
	}
	shown := newBlocks(r)
	for _, rule := range rules[:min(len(rules), MostBlocks)] {
		if all := t.blockTitle(rule); !all {
			t.block(rule, shown, "    ")
		}
	}
	t.blocksLeft(r, rules, shown)
	t.WriteByte('\n')
}

// blockTitle says which rule a block is about. It reports whether that was all:
// of a rule with nothing but a reach one line has it, where there is room.
func (t *text) blockTitle(r *Rule) (all bool) {
	title := visible(r.Title)
	if strings.TrimSpace(title) == "" {
		title = "a rule without title"
	}
	tag := "[" + visible(stateAndLevel(r)) + "]"
	at := fmt.Sprintf("%s:%d", visiblePath(r.Path), max(r.Line, 1))
	rest := tag + " · " + at
	if r.Advice.bare() {
		rest = tag + " · " + visible(r.Advice.reachLine()) + " · " + at
	}
	room := within(t.width, len("  "))
	if len(fold(title+" "+rest, room)) == 1 {
		t.WriteString("  " + t.paint(bold, title) + " " + t.paint(faint, rest) + "\n")
		return r.Advice.bare()
	}
	lines := fold(title+" "+tag, room)
	if len(lines) == 1 {
		lines[0] = t.paint(bold, title) + " " + t.paint(faint, tag)
	}
	t.WriteString("  " + strings.Join(lines, "\n  ") + "\n    " + at + "\n")
	return false
}

// blocks says how the advice on the rules of a report is shown on a terminal.
type blocks struct {
	first map[*Rule]bool
	// paste is set where few rules have something to paste; said has those of
	// which a finding says it.
	paste bool
	said  map[string]bool
}

func newBlocks(r *Report) *blocks {
	b := &blocks{first: map[*Rule]bool{}, said: map[string]bool{}}
	pasted := 0
	for i, rule := range advised(r) {
		if i < MostBlocks {
			b.first[rule] = true
		}
		if rule.Advice.Paste != "" {
			pasted++
		}
	}
	b.paste = pasted <= mostPasted
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Check == "missing-exclusion" {
			b.said[f.Path] = true
		}
	}
	return b
}

// block writes the advice on one rule, without its title, below an indent.
func (t *text) block(r *Rule, shown *blocks, indent string) {
	a := r.Advice
	line := func(text string) {
		lines := fold(text, within(t.width, len(indent+"  ")))
		t.WriteString(indent + strings.Join(lines, "\n"+indent+"  ") + "\n")
	}
	if a.reach() != "" {
		line(visible(a.reachLine()))
	}
	switch {
	case len(a.Exclusions) > 0:
		line("peers exclude " + visible(a.exclusions()))
	case len(a.Fields) > 0:
		line("peers exclude by " + visible(a.fields()))
	}
	if len(a.Events) > 0 {
		line("peers also look at " + visible(a.events()))
	}
	if a.Paste != "" && shown.paste && !shown.said[r.Path] {
		t.WriteString(indent + strings.Join(visibleLines(a.Paste), "\n"+indent) + "\n")
	}
}

// blocksLeft says what of the advice is not shown, and where it is.
func (t *text) blocksLeft(r *Report, rules []*Rule, shown *blocks) {
	var parts []string
	if more := len(rules) - MostBlocks; more > 0 || r.Summary.AdviceLeftOut > 0 {
		parts = append(parts, "and "+count(max(more, 0)+r.Summary.AdviceLeftOut, "more rule"))
	}
	if !shown.paste {
		parts = append(parts, "the clauses to paste")
	}
	if len(parts) > 0 {
		t.WriteString(t.paint(faint, strings.Join(parts, ", and ")+": "+whereAdvice+", or --format markdown") + "\n")
	}
}

// reachLine is the reach and what it is of.
func (b *AdviceBlock) reachLine() string {
	text := "reach " + b.reach()
	if b.Narrowest != nil {
		text += ": " + keyName(*b.Narrowest)
	}
	return text
}

// exclusions lists what peers exclude in one line; values of one field that as
// many rules exclude stand side by side.
func (b *AdviceBlock) exclusions() string {
	var parts []string
	last := ""
	for i := range b.Exclusions {
		e := &b.Exclusions[i]
		field, support := e.Field+" "+string(e.Operator)+" ", supportWords(e)
		if i > 0 && e.Field == b.Exclusions[i-1].Field && e.Operator == b.Exclusions[i-1].Operator && support == last {
			end := len(parts) - 1
			parts[end] = strings.TrimSuffix(parts[end], support) + ", " + strings.TrimPrefix(keyName(e.Key), field) + support
			continue
		}
		parts = append(parts, keyName(e.Key)+support)
		last = support
	}
	return strings.Join(parts, "; ")
}

// supportWords is because in a few words, after what they speak for.
func supportWords(e *advise.Exclusion) string {
	if e.Group != nil {
		return " (" + because(e) + ")"
	}
	share, kind := strongest(&e.Support)
	if share == nil {
		return ""
	}
	words := map[supportKind]string{byTogether: "that share an exclusion", byAlike: "on its events and technique", byPeers: plural(share.Of, "peer")}
	return " (" + thousands(share.Rules) + " of " + thousands(share.Of) + " " + words[kind] + ")"
}
