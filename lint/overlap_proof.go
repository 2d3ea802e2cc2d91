package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// proof says in one sentence what is proved of the two rules and from what it
// follows.
func (o *overlap) proof() string {
	var b strings.Builder
	if len(o.Common) > 0 {
		fmt.Fprintf(&b, "on %s, which both look at, ", eventList(o.Common))
	}
	which := "every event that it finds is found by the other rule too"
	if o.isEqual() {
		which = "the two rules find the same events"
	}
	b.WriteString(which)
	if o.FoldsCase {
		b.WriteString(", letter case aside")
	}
	if why := o.why(); why != "" {
		b.WriteString(": " + why)
	}
	return b.String()
}

func eventList(events []normalize.Event) string {
	var names []string
	for i, e := range events {
		if i == 2 && len(events) > 3 {
			names = append(names, fmt.Sprintf("%d other events", len(events)-2))
			break
		}
		names = append(names, e.String())
	}
	return enumerate(names)
}

// enumerate joins names: a, b and c.
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// asked are the comparisons of a rule by what they do, each once and in its
// order; what only selects the kind of event is left out between vendors.
type asked struct{ positive, negative []normalize.Exact }

func (o *overlap) asked(r *normalize.Rule) asked {
	var out asked
	type sided struct {
		normalize.Exact
		negated bool
	}
	seen := make(map[sided]bool, len(r.Predicates))
	if e, ok := meaning.Category(r); ok && o.a.Vendor == o.b.Vendor {
		seen[sided{e, false}] = true
		out.positive = append(out.positive, e)
	}
	for i := range r.Predicates {
		p := &r.Predicates[i]
		if o.Selects(p) {
			continue
		}
		list := &out.positive
		if p.Negated {
			list = &out.negative
		}
		if e := (sided{p.Exact(r.Vendor), p.Negated}); !seen[e] {
			seen[e] = true
			*list = append(*list, e.Exact)
		}
	}
	return out
}

// maxRelated is how many pairs of comparisons are looked at for one sentence.
const maxRelated = 100_000

// why names what is different about the conditions: from these differences the
// proof follows.
func (o *overlap) why() string {
	narrow, wide := o.asked(o.a), o.asked(o.b)
	more, fewer := without(narrow.positive, wide.positive), without(wide.positive, narrow.positive)
	excluded := without(narrow.negative, wide.negative)
	if len(more)+len(fewer)+len(excluded)+len(without(wide.negative, narrow.negative)) == 0 {
		if o.isEqual() {
			return "their conditions are made of the same comparisons"
		}
		return "both are made of the same comparisons, and it asks for more of them at once"
	}
	var out []string
	if len(more)*max(len(fewer), len(wide.positive)) > maxRelated {
		return "" // it would be too long to read as well
	}
	implied := 0
	first := ""
	for _, b := range fewer {
		if i := slices.IndexFunc(more, func(a normalize.Exact) bool { return a.Implies(b) }); i >= 0 {
			if implied++; implied == 1 {
				first = describe(more[i].Key) + " is within " + describe(b.Key)
			}
		}
	}
	if implied > 1 {
		first += fmt.Sprintf(" (and %d more like it)", implied-1)
	}
	if first != "" {
		out = append(out, first)
	}
	fewer = slices.DeleteFunc(fewer, func(b normalize.Exact) bool {
		return slices.ContainsFunc(more, func(a normalize.Exact) bool { return a.Implies(b) })
	})
	more = slices.DeleteFunc(more, func(a normalize.Exact) bool {
		return slices.ContainsFunc(wide.positive, func(b normalize.Exact) bool { return a.Implies(b) })
	})
	say := func(what string, list []normalize.Exact) {
		if len(list) > 0 {
			out = append(out, what+" "+firstOf(list))
		}
	}
	if !o.isEqual() {
		say("it also asks for", more)
		say("it also excludes", excluded)
		say("the other has alternatives that it does not have, such as", fewer)
	}
	return strings.Join(out, "; ")
}

// without has what is in one list and not in the other. The presence of a field
// is not worth a word.
func without(list, other []normalize.Exact) []normalize.Exact {
	var out []normalize.Exact
	have := make(map[normalize.Exact]bool, len(other))
	for _, e := range other {
		have[e] = true
	}
	for _, e := range list {
		if e.Operator != rule.Exists && !have[e] {
			out = append(out, e)
		}
	}
	return out
}

// firstOf names the first of some comparisons and how many there are.
func firstOf(list []normalize.Exact) string {
	first := describe(list[0].Key)
	switch len(list) {
	case 1:
		return first
	case 2:
		return first + " and " + describe(list[1].Key)
	}
	return first + fmt.Sprintf(" and %d more", len(list)-1)
}
