package report

import (
	"fmt"
	"strings"
)

// fewAdvised is up to how many rules the advice on them is shown unfolded.
const fewAdvised = 5

// advice is what public rules know of the changed rules, rule by rule. It takes
// no more than half of a page, so that there is room for the rest.
func (m *markdown) advice(page int) {
	rules := advised(m.Report)
	if len(rules) == 0 {
		return
	}
	b := block{what: "rule", share: page / 2, where: whereAdvice + " or --format json", more: m.Summary.AdviceLeftOut}
	if b.more > 0 {
		b.where = whereAdvice // the JSON report has no more
	}
	few := len(rules) <= fewAdvised
	for _, r := range rules {
		b.rows = append(b.rows, m.advised(r, few))
	}
	m.unfolding("Advice on "+count(len(rules)+b.more, "changed rule")+": reach of the widest path, what peers exclude, events they look at", few, b)
}

// advised is the advice on one rule, with links where there is room for them.
func (m *markdown) advised(r *Rule, links bool) string {
	a := r.Advice
	var s strings.Builder
	s.WriteString(m.ruleAt(r, mdCode) + " · " + mdText(stateAndLevel(r)))
	if reach := a.reach(); reach != "" {
		s.WriteString(" · reach " + mdText(reach))
	}
	if a.Narrowest != nil {
		s.WriteString(": " + mdCode(keyName(*a.Narrowest)))
	}
	s.WriteString("\n\n")
	if len(a.Fields) > 0 {
		s.WriteString("- peers exclude by " + mdText(a.fields()) + "\n")
	}
	for i := range a.Exclusions {
		e := &a.Exclusions[i]
		such := ""
		if links && len(e.Examples) > 0 {
			such = ", such as " + mdLink(mdText(e.Examples[0].Title), webAddress(e.Examples[0].URL))
		}
		fmt.Fprintf(&s, "- others exclude %s (%s%s)\n", mdCode(keyName(e.Key)), mdText(because(e)), such)
	}
	if len(a.Events) > 0 {
		s.WriteString("- peers also look at " + mdText(a.events()) + "\n")
	}
	if !a.bare() {
		s.WriteString("\n")
	}
	if a.Paste != "" {
		s.WriteString(mdPre(a.Paste) + "\n\n")
	}
	return s.String()
}
