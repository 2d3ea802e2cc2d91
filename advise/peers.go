package advise

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
)

// maxPeers is how many of the nearest rules on the same events are a rule's
// peers.
const maxPeers = 30

// Peers are the public rules that are most like a rule, and what they do.
type Peers struct {
	// Rules are those rules, most alike first.
	Rules []catalog.RuleRef `json:"-"`
	Count int               `json:"rules"`
	// Examples are the first of them.
	Examples []PublicRule `json:"examples"`
	// Filters are the fields by which they look for something, Excludes those
	// by which they exclude something, most used first.
	Filters  []Used `json:"filters"`
	Excludes []Used `json:"excludes"`
	// Events are those that they look at, most used first.
	Events []EventUse `json:"events"`
}

// Used is a field, how many of the peers use it, and what they compare it with
// most often.
type Used struct {
	Field  string  `json:"field"`
	Rules  int     `json:"rules"`
	Values []Value `json:"values"`
}

// Value is a comparison and the number of peers that make it.
type Value struct {
	normalize.Key
	Rules int `json:"rules"`
}

// EventUse is an event and the number of peers that look at it.
type EventUse struct {
	normalize.Event
	Title string `json:"title,omitempty"`
	Rules int    `json:"rules"`
	// Own is set where the rule looks at it too.
	Own bool `json:"own"`
}

// How much of the peers' lists an advice has.
const (
	maxFields   = 10
	maxValues   = 5
	maxExamples = 3
)

func (x *index) peers(q *query, near []neighbour) Peers {
	out := Peers{Examples: []PublicRule{}}
	for _, n := range near {
		if len(out.Rules) == maxPeers {
			break
		}
		if !x.otherPlatform(q.platforms, n.ref) && (len(q.rule.Events) == 0 || x.shareEvent(q, n.ref)) {
			out.Rules = append(out.Rules, catalog.RuleRef(n.ref))
		}
	}
	out.Count = len(out.Rules)
	for _, ref := range out.Rules[:min(out.Count, maxExamples)] {
		out.Examples = append(out.Examples, x.public(ref))
	}
	filters, excludes := uses{}, uses{}
	events := map[normalize.Event]int{}
	for _, ref := range out.Rules {
		for row := range x.c.IndicatorRows(ref) {
			filters.add(ref, row)
		}
		for _, row := range x.written.of(uint32(ref)) {
			excludes.add(ref, x.c.RowAt(int(row)))
		}
		for e := range x.c.RuleEvents(ref) {
			events[e]++
		}
	}
	out.Filters, out.Excludes = filters.most(), excludes.most()
	out.Events = make([]EventUse, 0, len(events))
	for e, n := range events {
		out.Events = append(out.Events, EventUse{e, e.Title(), n, slices.Contains(q.rule.Events, e)})
	}
	slices.SortFunc(out.Events, func(a, b EventUse) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Event.Event, b.Event.Event))
	})
	out.Events = out.Events[:min(len(out.Events), maxFields)]
	return out
}

// uses counts the rules that use fields, and rows of them. A path stands for
// its last part, too.
type uses map[string]*use

type use struct {
	last  catalog.RuleRef
	rules int
	rows  map[catalog.Row]int
}

// pathOf is the field of the path that a field has the last part of, where
// there is one.
func pathOf(field string) string {
	if path := normalize.PathField(field); path != "" {
		return path
	}
	return field
}

// add counts a row of a rule. Rules come one after the other.
func (u uses) add(ref catalog.RuleRef, row catalog.Row) {
	field := pathOf(row.Field())
	f := u[field]
	if f == nil {
		f = &use{rows: map[catalog.Row]int{}}
		u[field] = f
	}
	if f.rules == 0 || f.last != ref {
		f.last = ref
		f.rules++
	}
	f.rows[row]++
}

func (u uses) most() []Used {
	out := make([]Used, 0, len(u))
	for field, f := range u {
		out = append(out, Used{Field: field, Rules: f.rules, Values: []Value{}})
	}
	slices.SortFunc(out, func(a, b Used) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Field, b.Field))
	})
	out = out[:min(len(out), maxFields)]
	for i := range out {
		used := &out[i]
		for row, n := range u[used.Field].rows {
			if k := row.Key(); !catalog.IsHash(k.Value) {
				used.Values = append(used.Values, Value{k, n})
			}
		}
		slices.SortFunc(used.Values, func(a, b Value) int {
			return cmp.Or(
				cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Operator, b.Operator),
				cmp.Compare(a.Value, b.Value),
			)
		})
		used.Values = used.Values[:min(len(used.Values), maxValues)]
	}
	return out
}

// Companions are what the public rules that look for a comparison, on an event
// of the rule's, ask for besides, most used first.
func (a *Advisor) Companions(r *normalize.Rule, k normalize.Key) []Used {
	self := a.Self(r)
	on := make([]catalog.Postings, len(r.Events))
	for i, e := range r.Events {
		on[i] = a.c.Event(e)
	}
	of := pathOf(catalog.Stored(k).Field)
	found := uses{}
	for _, ref := range a.Users(k) {
		if slices.Contains(self, ref) || !slices.ContainsFunc(on, func(p catalog.Postings) bool { return p.Contains(ref) }) {
			continue
		}
		for row := range a.c.IndicatorRows(ref) {
			// A choice of several names is no company for one of them.
			if pathOf(row.Field()) != of {
				found.add(ref, row)
			}
		}
	}
	return found.most()
}
