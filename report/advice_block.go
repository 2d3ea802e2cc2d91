package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
)

// AdviceBlock is the short form of the advice on a rule that a change adds or
// touches; detlint advise has all of it. What no reader could use is left out.
type AdviceBlock struct {
	// Order is the place of the rule among those with advice, from 1: what
	// asks for most attention first.
	Order int `json:"order"`
	// Noise is the reach of the rule's widest path, NoiseBefore that in the
	// base; absent where it is not known.
	Noise       *advise.Noise `json:"noise,omitempty"`
	NoiseBefore *advise.Noise `json:"noise_before,omitempty"`
	// Narrowest is what that many public rules look for; absent where none
	// does.
	Narrowest *normalize.Key `json:"narrowest,omitempty"`
	// Unresolved is what could not be looked into, for which the reach is not
	// known.
	Unresolved []string `json:"unresolved,omitempty"`
	// Peers counts the public rules on the same events that are most like the
	// rule.
	Peers int `json:"peers"`
	// Fields are those that peers exclude by, Exclusions what is worth
	// suggesting, both best first and up to three.
	Fields     []advise.Field     `json:"fields"`
	Exclusions []advise.Exclusion `json:"exclusions"`
	// Events are those that peers look at and the rule does not.
	Events []advise.EventUse `json:"events"`
	// Paste has the exclusions in the rule's own language.
	Paste string `json:"paste,omitempty"`
}

// blockLength is how many entries each list of an AdviceBlock has.
const blockLength = 3

// blockBound is the least lower confidence bound of a share of rules for what
// they do to be named unasked: 4 of 30, 2 of 10.
const blockBound = 0.05

// telling reports whether so many rules of others are more than one or two whose
// choice says nothing.
func telling(rules, of int) bool { return rules > 1 && advise.Wilson(rules, of) >= blockBound }

// NewAdviceBlock makes the short form of an advice. paste writes exclusions in
// the rule's language.
func NewAdviceBlock(a *advise.Advice, paste func([]normalize.Key) string) *AdviceBlock {
	suggested := slices.DeleteFunc(a.Suggested(), func(e advise.Exclusion) bool { return e.Support.Bound() < blockBound })
	b := &AdviceBlock{
		Noise:      known(a.Noise),
		Peers:      a.Peers.Count,
		Fields:     []advise.Field{},
		Exclusions: append([]advise.Exclusion{}, suggested[:min(len(suggested), blockLength)]...),
		Events:     []advise.EventUse{},
	}
	switch {
	case a.Noise.Reach == nil:
		b.Unresolved = a.Unresolved
	case len(a.Paths) > 0 && !a.Noise.WholeEvent && *a.Noise.Reach > 0:
		if widest := &a.Paths[0]; widest.Reach != nil && *widest.Reach == *a.Noise.Reach {
			b.Narrowest = widest.Narrowest
		}
	}
	for _, f := range countedFields(a) {
		if telling(f.Peers, b.Peers) && len(b.Fields) < blockLength {
			b.Fields = append(b.Fields, f)
		}
	}
	for _, e := range a.Peers.Events {
		if !e.Own && telling(e.Rules, b.Peers) && len(b.Events) < blockLength {
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

// CompareWith notes what the reach was in the base.
func (b *AdviceBlock) CompareWith(before advise.Noise) { b.NoiseBefore = known(before) }

// known is nil where a reach is not known.
func known(n advise.Noise) *advise.Noise {
	if n.Reach == nil {
		return nil
	}
	return &n
}

// reach says how far the widest path reaches, and how far it did: "34 (was 12)".
// It is empty for what has no paths, such as a correlation.
func (b *AdviceBlock) reach() string {
	now := noiseWords(b.Noise)
	if now == "" && len(b.Unresolved) > 0 {
		now = "not known, since " + some(b.Unresolved, 2) + " could not be looked into"
	}
	if was := noiseWords(b.NoiseBefore); now != "" && was != "" && was != now {
		now += " (was " + was + ")"
	}
	return now
}

func noiseWords(n *advise.Noise) string {
	switch {
	case n == nil:
		return ""
	case n.WholeEvent:
		return "every event of its kind, which " + count(*n.Reach, "public rule") + " " + verb(*n.Reach, "looks", "look") + " at"
	}
	return thousands(*n.Reach)
}

// fields names the fields that peers exclude by: "process.executable (7 of 30)".
func (b *AdviceBlock) fields() string {
	parts := make([]string, len(b.Fields))
	for i := range b.Fields {
		parts[i] = fmt.Sprintf("%s (%s)", b.Fields[i].Name, b.share(b.Fields[i].Peers))
	}
	return strings.Join(parts, ", ")
}

// events names the events that peers look at: "PowerShell 4104 (5 of 30)".
func (b *AdviceBlock) events() string {
	parts := make([]string, len(b.Events))
	for i := range b.Events {
		parts[i] = fmt.Sprintf("%s (%s)", b.Events[i].String(), b.share(b.Events[i].Rules))
	}
	return strings.Join(parts, ", ")
}

func (b *AdviceBlock) share(rules int) string {
	return thousands(rules) + " of " + thousands(b.Peers)
}

// bare reports whether there is nothing to say but the reach.
func (b *AdviceBlock) bare() bool {
	return len(b.Fields)+len(b.Exclusions)+len(b.Events) == 0
}

// advised are the rules that the report has something to say of, what matters
// most first.
func advised(r *Report) []*Rule {
	var out []*Rule
	for i := range r.Rules {
		if a := r.Rules[i].Advice; a != nil && (!a.bare() || a.reach() != "") {
			out = append(out, &r.Rules[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *Rule) int { return cmp.Compare(a.Advice.Order, b.Advice.Order) })
	return out
}

// whereAdvice is where the advice is that a report leaves out.
const whereAdvice = "detlint advise PATH"

// adviceLeftOut says of how many changed rules there is none.
func adviceLeftOut(r *Report) string {
	if r.Summary.AdviceLeftOut == 0 {
		return ""
	}
	return "no advice on " + count(r.Summary.AdviceLeftOut, "more changed rule") + "; see: " + whereAdvice
}

// stateAndLevel says what became of a rule and how severe it is: "added, high".
func stateAndLevel(r *Rule) string {
	if r.Level == "" {
		return r.State
	}
	return r.State + ", " + string(r.Level)
}
