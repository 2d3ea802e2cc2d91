package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
)

// AdviceBlock is the short form of the advice on a rule that a change adds or
// touches; detlint advise has all of it.
type AdviceBlock struct {
	// Peers counts the public rules on the same events that are most like the
	// rule.
	Peers int `json:"peers"`
	// Fields are those that the next exclusion may be by, Exclusions what is
	// worth suggesting, both best first and up to three.
	Fields     []advise.Field     `json:"fields"`
	Exclusions []advise.Exclusion `json:"exclusions"`
	// Events are those that peers look at and the rule does not.
	Events []advise.EventUse `json:"events"`
	// Paste has the exclusions in the rule's own language.
	Paste string `json:"paste,omitempty"`
}

// blockLength is how many entries each list of an AdviceBlock has.
const blockLength = 3

// blockBound is the least lower confidence bound of the share of rules with an
// exclusion for it to be named unasked.
const blockBound = 0.05

// NewAdviceBlock makes the short form of an advice. paste writes exclusions in
// the rule's language.
func NewAdviceBlock(a *advise.Advice, paste func([]normalize.Key) string) *AdviceBlock {
	suggested := slices.DeleteFunc(a.Suggested(), func(e advise.Exclusion) bool { return e.Support.Bound() < blockBound })
	b := &AdviceBlock{
		Peers:      a.Peers.Count,
		Fields:     a.Fields[:min(len(a.Fields), blockLength)],
		Exclusions: append([]advise.Exclusion{}, suggested[:min(len(suggested), blockLength)]...),
		Events:     []advise.EventUse{},
	}
	for _, e := range a.Peers.Events {
		// One rule's choice says nothing.
		if !e.Own && e.Rules > 1 && len(b.Events) < blockLength {
			b.Events = append(b.Events, e)
		}
	}
	var keys []normalize.Key
	for i := range b.Exclusions {
		keys = append(keys, b.Exclusions[i].Key)
	}
	if len(keys) > 0 {
		b.Paste = paste(keys)
	}
	return b
}

// fields names the fields that peers exclude by: "process.executable (7 of 30)".
func (b *AdviceBlock) fields() string {
	var parts []string
	for i := range b.Fields {
		if f := &b.Fields[i]; f.Peers > 0 {
			parts = append(parts, fmt.Sprintf("%s (%d of %d)", f.Name, f.Peers, b.Peers))
		}
	}
	return strings.Join(parts, ", ")
}

// events names the events that peers look at: "PowerShell 4104 (3)".
func (b *AdviceBlock) events() string {
	parts := make([]string, len(b.Events))
	for i := range b.Events {
		parts[i] = b.Events[i].String() + " (" + thousands(b.Events[i].Rules) + ")"
	}
	return strings.Join(parts, ", ")
}

func (b *AdviceBlock) empty() bool {
	return b == nil || b.fields() == "" && len(b.Exclusions) == 0 && len(b.Events) == 0
}

// advised are the rules that the report has something to say of.
func advised(r *Report) []*Rule {
	var out []*Rule
	for i := range r.Rules {
		if !r.Rules[i].Advice.empty() {
			out = append(out, &r.Rules[i])
		}
	}
	return out
}

// adviceLeftOut says of how many changed rules there is none.
func adviceLeftOut(r *Report) string {
	if r.Summary.AdviceLeftOut == 0 {
		return ""
	}
	return "no advice on " + count(r.Summary.AdviceLeftOut, "more changed rule") + "; see: detlint advise RULE…"
}

// advice folds what peers exclude, rule by rule.
func (m *markdown) advice() {
	rules := advised(m.Report)
	if len(rules) == 0 {
		return
	}
	b := block{what: "rule", most: 20}
	for _, r := range rules {
		b.rows = append(b.rows, m.advised(r))
	}
	if left := adviceLeftOut(m.Report); left != "" {
		b.rows = append(b.rows, mdText(left)+".\n\n")
	}
	m.details("What peers exclude ("+count(len(rules), "rule")+")", b)
}

func (m *markdown) advised(r *Rule) string {
	a := r.Advice
	var s strings.Builder
	s.WriteString(m.ruleName(r) + "\n\n")
	if reach := reachOf(r); reach != "" {
		s.WriteString("- reach of its widest path: " + reach + "\n")
	}
	if fields := a.fields(); fields != "" {
		s.WriteString("- peers exclude by " + mdText(fields) + "\n")
	}
	for i := range a.Exclusions {
		e := &a.Exclusions[i]
		fmt.Fprintf(&s, "- %s (%s)\n", mdCode(keyName(e.Key)), mdText(because(e)))
	}
	if len(a.Events) > 0 {
		s.WriteString("- peers also look at " + mdText(a.events()) + "\n")
	}
	s.WriteString("\n")
	if a.Paste != "" {
		s.WriteString(mdPre(a.Paste) + "\n\n")
	}
	return s.String()
}

// advice writes a line or two for each of the first rules.
func (t *text) advice(r *Report, most int) {
	rules := advised(r)
	for i, rule := range rules {
		if i == most {
			t.WriteString(t.paint(faint, "and "+count(len(rules)-most, "more rule")+" with advice") + "\n")
			break
		}
		title := rule.Title
		if strings.TrimSpace(title) == "" {
			title = rule.Path
		}
		a := rule.Advice
		t.WriteString(t.paint(bold, visible(title)) + "\n")
		if fields := a.fields(); fields != "" {
			t.WriteString("  peers exclude by " + visible(fields) + "\n")
		}
		for i := range a.Exclusions {
			e := &a.Exclusions[i]
			t.WriteString(fit("    "+visible(keyName(e.Key)+": "+because(e)), t.width) + "\n")
		}
		if len(a.Events) > 0 {
			t.WriteString("  peers also look at " + visible(a.events()) + "\n")
		}
	}
	if left := adviceLeftOut(r); left != "" {
		t.WriteString(t.paint(faint, left) + "\n")
	}
	if len(rules) > 0 {
		t.WriteByte('\n')
	}
}
