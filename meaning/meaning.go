// Package meaning compares two versions of a rule: not their texts, but the
// events they look for. It says what was added and dropped, and whether the
// rule has become wider or narrower, decided on the condition: what follows
// from what is proved, and what does not is shown by an event. Two different
// rules are compared in the same way: whether one finds all that the other does.
package meaning

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Verdict is what a change does to the set of events that a rule looks for.
type Verdict string

// The verdicts. None but Unknown is said without proof: what a rule still
// finds follows from its condition, and of what it newly finds, or no longer,
// there is an event. In rules that count or order events they are about the
// events that are counted or ordered.
const (
	Same     Verdict = "same"
	Wider    Verdict = "wider"    // finds all it found, and more
	Narrower Verdict = "narrower" // finds nothing new, and less
	Both     Verdict = "both"     // finds some it did not find, and no longer some it did
	Unknown  Verdict = "unknown"
)

// Change is the difference between two versions of a rule. Its JSON form is a
// part of the report's.
type Change struct {
	Verdict Verdict `json:"verdict"`
	// Reason says why the verdict is unknown; empty otherwise.
	Reason string `json:"reason,omitempty"`
	// Summary says in a few words what was added and dropped.
	Summary string `json:"meaning"`
	// Added and Removed are the comparisons that only one version has, Moved
	// those that play another part than before.
	Added   []Predicate `json:"added"`
	Removed []Predicate `json:"removed"`
	Moved   []Move      `json:"moved"`
	// Condition has the lines that differ where the same comparisons are put
	// together differently; nil otherwise.
	Condition *Rejoined `json:"condition,omitempty"`
	// Attributes are the differences outside of the condition.
	Attributes []Attribute `json:"changes"`
	// Switched says what became of a rule that no longer runs, or newly does:
	// switched off, retired, out of production; switched on, in use again, into
	// production. The verdict is on its condition all the same.
	Switched string `json:"switched,omitempty"`
	// MetadataOnly is set when the rule finds the same events by the same
	// comparisons, and something is different that only describes it.
	MetadataOnly bool `json:"metadata_only"`
	// RenamedOnly is set when nothing but the place of the rule is different.
	RenamedOnly bool `json:"renamed_only"`

	gained, lost Sample
}

// Examples are events that the new version alone finds, and that the old
// version alone did; nil where there is none or none was needed.
func (c *Change) Examples() (gained, lost Sample) { return c.gained, c.lost }

// Compare compares two versions of a rule.
func Compare(before, after *normalize.Rule) *Change { return Filtered(before, after, nil, nil) }

// Filtered compares two versions of a rule, each together with the Sigma filters
// that apply to it. What was added and dropped is that of the rule alone.
func Filtered(before, after *normalize.Rule, old, now []Filter) *Change {
	c := &Change{Attributes: attributes(before, after)}
	if before.Broken || after.Broken {
		// What could not be read was neither added nor dropped.
		c.Verdict, c.Reason = Unknown, incomparable(before, after)
		return c
	}
	counts := c.predicates(before, after)
	c.decide(before, after)
	if c.Verdict != Same && len(c.Added)+len(c.Removed)+len(c.Moved) == 0 && !c.has("rules") {
		c.Condition = rejoined(before, after)
	}
	through := c.filters(before, after, old, now)
	quiet := c.Verdict == Same && len(c.Added)+len(c.Removed)+len(c.Moved)+len(through) == 0
	c.MetadataOnly = quiet && len(c.Attributes) > 0 && !slices.ContainsFunc(c.Attributes, func(a Attribute) bool { return !a.describes() })
	c.RenamedOnly = quiet && len(c.Attributes) == 0 && before.Path() != after.Path() && before.Index == after.Index && before.Summary().Content == after.Summary().Content
	c.switches(before, after)
	c.Summary = c.summary(counts, through)
	return c
}

// DependsOn makes a verdict unknown that rests on things outside of the rule
// which have changed, as they are named.
func (c *Change) DependsOn(names []string) {
	if len(names) == 0 || c.Verdict == Unknown {
		return
	}
	c.Verdict, c.Reason = Unknown, "it depends on "+strings.Join(names, ", ")+", which detlint does not look into and which has changed"
	c.MetadataOnly, c.RenamedOnly = false, false
	if len(c.Added)+len(c.Removed)+len(c.Moved) == 0 {
		c.Summary = "" // that nothing has changed is what is not known
	}
}

// Whole is the change of a rule that is new, or that was removed.
func Whole(r *normalize.Rule, added bool) *Change {
	first, order := parts(r, false)
	all := make([]Predicate, len(order))
	for i, k := range order {
		all[i] = written(r, first[k], k)
	}
	switch filter := r.Kind == rule.Filter; {
	case filter && added:
		return &Change{Verdict: Narrower, Summary: "new filter", Added: all}
	case filter:
		return &Change{Verdict: Wider, Summary: "filter removed", Removed: all}
	case added:
		return &Change{Verdict: Wider, Summary: "new rule", Added: all}
	}
	return &Change{Verdict: Narrower, Summary: "rule removed", Removed: all}
}

// decide sets the verdict.
func (c *Change) decide(before, after *normalize.Rule) {
	c.Verdict = Unknown
	if c.Reason = incomparable(before, after); c.Reason != "" {
		return
	}
	if before.Root() == nil || after.Root() == nil {
		if before.Root() == nil && after.Root() == nil && sources(before).equal(sources(after)) {
			c.Verdict = Same
			return
		}
		c.Reason = "the rule has no condition that detlint reads"
		if before.Root() != nil {
			c.Reason = "the rule has no condition any more"
		} else if after.Root() != nil {
			c.Reason = "the rule had no condition before"
		}
		return
	}
	rel := relate(before, after)
	rel.look(before, after)
	c.gained, c.lost = rel.gained, rel.lost
	c.Verdict, c.Reason = rel.verdict()
	if reason := recased(before, after); reason != "" && c.Verdict != Both && c.Verdict != Unknown {
		c.Verdict, c.Reason = Unknown, reason
	}
	if before.Kind == rule.Filter {
		c.about(filtered(before), filtered(after))
	}
}

// incomparable says why the conditions do not tell what the rules find; empty
// when they do.
func incomparable(before, after *normalize.Rule) string {
	switch {
	case before.Broken:
		return "the rule could not be read whole before the change"
	case after.Broken:
		return "the rule cannot be read whole"
	case before.Kind != after.Kind:
		return fmt.Sprintf("the rule was a %s and is a %s", before.Kind, after.Kind)
	}
	if old, now := sources(before), sources(after); before.Kind == rule.Filter && !old.equal(now) {
		return "it is about the rules of " + quoted(now.lines()) + " instead of " + quoted(old.lines())
	}
	if reason := unresolved(before, after); reason != "" {
		return reason
	}
	if reason := frames(before, after); reason != "" {
		return reason
	}
	return standing(before, after)
}

// unresolved compares what the rules use and detlint cannot look into.
func unresolved(before, after *normalize.Rule) string {
	old, now := sorted(before.Unresolved), sorted(after.Unresolved)
	gone, come := difference(old, now), difference(now, old)
	switch {
	case len(come) > 0:
		return "it now rests on " + quoted(come) + ", which detlint cannot look into"
	case len(gone) > 0:
		return "it rested on " + quoted(gone) + ", which detlint cannot look into"
	case len(now) > 0 && !sameCalls(before, after):
		return "it rests on " + quoted(now) + ", which detlint cannot look into, and calls macros with other arguments"
	case len(now) > 0 && (never(before.Root(), nil) || never(after.Root(), nil)):
		return "it rests on " + quoted(now) + ", which detlint cannot look into"
	}
	return ""
}

// never reports whether something in the condition never holds, as what stands
// for an unresolved part does under a negation.
func never(n *normalize.Node, done map[*normalize.Node]bool) bool {
	if n == nil || n.Kind == normalize.LeafNode || done[n] {
		return false
	}
	if done == nil {
		done = map[*normalize.Node]bool{}
	}
	done[n] = true
	return n.Kind == normalize.OrNode && len(n.Children) == 0 ||
		slices.ContainsFunc(n.Children, func(child *normalize.Node) bool { return never(child, done) })
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

// difference has what is in one list and not in the other.
func difference(a, b []string) []string {
	in := make(map[string]bool, len(b))
	for _, s := range b {
		in[s] = true
	}
	var out []string
	for _, s := range a {
		if !in[s] {
			out = append(out, s)
		}
	}
	return out
}

// quoted names up to two of a list.
func quoted(list []string) string {
	const most, longest = 2, 80
	var parts []string
	for i, s := range list {
		if i == most {
			return strings.Join(parts, ", ") + fmt.Sprintf(" and %d more", len(list)-most)
		}
		if runes := []rune(s); len(runes) > longest {
			s = string(runes[:longest]) + "…"
		}
		parts = append(parts, `"`+s+`"`)
	}
	return strings.Join(parts, ", ")
}
