package coverage

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
)

// maxEvents limits the catalog's events that are named for one technique.
const maxEvents = 5

// Compare reports the coverage of after, what changed since before, and what
// the catalog covers beyond it. before is nil, or after itself, when there is
// nothing to compare with. A nil catalog covers nothing.
func Compare(before, after *Snapshot, cat *catalog.Catalog) *Report {
	public := newPublic(cat)
	r := &Report{
		ATTACK: attack.Version, Before: before, After: after,
		Gained: []Change{}, Lost: []Change{}, Weakened: []Change{}, Strengthened: []Change{},
	}
	if before == after {
		r.Before = nil
	}
	if r.Before != nil {
		r.changes(public)
	}
	r.Tactics = tactics(r, public)
	r.Gaps = gaps(after, public)
	r.Telemetry = telemetry(after, public)
	r.Gates = []Gate{}
	return r
}

// changes fills in what differs. Both sides are sorted by id, so they are
// walked together.
func (r *Report) changes(public *public) {
	old, now := r.Before.Techniques, r.After.Techniques
	for len(old) > 0 || len(now) > 0 {
		var a, b *Technique
		switch {
		case len(now) == 0 || len(old) > 0 && old[0].ID < now[0].ID:
			a, old = &old[0], old[1:]
		case len(old) == 0 || now[0].ID < old[0].ID:
			b, now = &now[0], now[1:]
		default:
			a, old, b, now = &old[0], old[1:], &now[0], now[1:]
		}
		switch {
		case a == nil:
			r.Gained = append(r.Gained, change(a, b, public))
		case b == nil:
			r.Lost = append(r.Lost, change(a, b, public))
		case len(b.Rules) < len(a.Rules):
			r.Weakened = append(r.Weakened, change(a, b, public))
		case len(b.Rules) > len(a.Rules):
			r.Strengthened = append(r.Strengthened, change(a, b, public))
		}
	}
}

// change describes a technique before and after; one of the two may be nil.
func change(before, after *Technique, public *public) Change {
	c := Change{EventsBefore: []normalize.Event{}, EventsAfter: []normalize.Event{}}
	describe := func(t *Technique) {
		c.ID, c.Name, c.Tactics, c.Rules = t.ID, t.Name, t.Tactics, t.Rules
	}
	if before != nil {
		describe(before)
		c.Before, c.EventsBefore = len(before.Rules), before.Events
	}
	if after != nil {
		describe(after)
		c.After, c.EventsAfter = len(after.Rules), after.Events
	}
	c.CatalogEvents = public.topEvents(c.ID, c.EventsAfter)
	return c
}

// tactics sums up the columns of the matrices. Those of mobile and ICS are left
// out when nothing covers them.
func tactics(r *Report, public *public) []Tactic {
	before := r.Before
	if before == nil {
		before = r.After
	}
	out := make([]Tactic, len(matrices()))
	for i, t := range matrices() {
		b, a := before.tactic(i), r.After.tactic(i)
		out[i] = Tactic{
			Domain: t.Domain, ShortName: t.ShortName, Name: t.Name,
			TechniquesBefore: b.Techniques, TechniquesAfter: a.Techniques, RulesBefore: b.Rules, RulesAfter: a.Rules,
		}
	}
	for _, p := range public.techniques {
		for set := p.columns; set != 0; set &= set - 1 {
			out[bits.TrailingZeros64(set)].Catalog++
		}
	}
	return slices.DeleteFunc(out, func(t Tactic) bool {
		return t.Domain != attack.Enterprise && t.TechniquesBefore+t.TechniquesAfter+t.Catalog == 0
	})
}

func (s *Snapshot) tactic(i int) Count {
	if i < len(s.Tactics) {
		return s.Tactics[i]
	}
	return Count{}
}

// gaps lists what the catalog covers and s does not. What is no longer part of
// ATT&CK, or never was, is nothing to strive for.
func gaps(s *Snapshot, public *public) []Gap {
	covered := make(map[string]bool, len(s.Techniques))
	family := map[string][]string{} // covered ids by the technique they belong to
	for i := range s.Techniques {
		id := s.Techniques[i].ID
		covered[id] = true
		if parent := attack.Parent(id); parent != "" {
			family[parent] = append(family[parent], id)
		}
	}
	out := []Gap{}
	for id, p := range public.techniques {
		if covered[id] || p.Status != attack.Active {
			continue
		}
		g := Gap{ID: id, Name: p.Name, Tactics: p.tactics, Rules: p.rules, Events: public.topEvents(id, nil), Near: []string{}}
		if parent := attack.Parent(id); parent != "" && covered[parent] {
			g.Near = append(g.Near, parent)
		}
		g.Near = append(g.Near, family[id]...)
		if g.Events == nil {
			g.Events = []normalize.Event{}
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.ID, b.ID))
	})
	return out
}
