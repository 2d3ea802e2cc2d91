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
// the catalog covers beyond it. Both must be taken by the same tables. before is
// nil, or after itself, when there is nothing to compare with. A nil catalog
// covers nothing.
func Compare(before, after *Snapshot, cat *catalog.Catalog) *Report {
	public := newPublic(after.Tables, cat)
	r := &Report{
		ATTACK: after.Tables.Version, Before: before, After: after,
		Gained: []Change{}, Lost: []Change{}, Unread: []Change{}, Weakened: []Change{}, Strengthened: []Change{},
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
	r.Notes = notes(r)
	return r
}

// changes fills in what differs. Both sides are sorted by id, so they are
// walked together.
func (r *Report) changes(public *public) {
	d := newDifference(r.Before, r.After)
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
		switch reasons := d.reasons(a, b); {
		case a == nil:
			r.Gained = append(r.Gained, change(a, b, nil, public))
		case b == nil:
			r.Lost = append(r.Lost, change(a, b, reasons, public))
		case a.Sound() > 0 && b.Sound() == 0:
			r.Unread = append(r.Unread, change(a, b, reasons, public))
		case len(reasons) > 0 && reasons[0].Worse:
			r.Weakened = append(r.Weakened, change(a, b, reasons, public))
		case len(reasons) > 0:
			r.Strengthened = append(r.Strengthened, change(a, b, reasons, public))
		}
	}
}

// Sound counts the rules of the technique that could be read whole.
func (t *Technique) Sound() int {
	n := 0
	for i := range t.Rules {
		if !t.Rules[i].Unread {
			n++
		}
	}
	return n
}

// change describes a technique before and after; one of the two may be nil.
func change(before, after *Technique, reasons []Reason, public *public) Change {
	c := Change{
		EventsBefore: []normalize.Event{}, EventsAfter: []normalize.Event{},
		PlatformsBefore: []string{}, PlatformsAfter: []string{}, Reasons: append([]Reason{}, reasons...),
	}
	describe := func(t *Technique) {
		c.ID, c.Name, c.Tactics, c.Rules = t.ID, t.Name, t.Tactics, t.Rules
	}
	if before != nil {
		describe(before)
		c.Before, c.EventsBefore, c.PlatformsBefore = len(before.Rules), before.Events, before.Platforms
	}
	if after != nil {
		describe(after)
		c.After, c.EventsAfter, c.PlatformsAfter = len(after.Rules), after.Events, after.Platforms
	}
	c.DownToOne = c.Before > 1 && c.After == 1
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
	matrices := r.After.Tables.Tactics("")
	out := make([]Tactic, len(matrices))
	for i, t := range matrices {
		b, a := before.tactic(i), r.After.tactic(i)
		out[i] = Tactic{
			Domain: t.Domain, ShortName: t.ShortName, Name: t.Name,
			TechniquesBefore: b.Techniques, TechniquesAfter: a.Techniques, RulesBefore: b.Rules, RulesAfter: a.Rules,
		}
	}
	count := func(changes []Change, add func(*Tactic, *Change)) {
		for i := range changes {
			_, set := newTechnique(r.After.Tables, matrices, changes[i].ID)
			for ; set != 0; set &= set - 1 {
				add(&out[bits.TrailingZeros64(set)], &changes[i])
			}
		}
	}
	count(r.Gained, func(t *Tactic, _ *Change) { t.Gained++ })
	count(r.Lost, func(t *Tactic, _ *Change) { t.Lost++ })
	count(r.Unread, func(t *Tactic, _ *Change) { t.Unread++ })
	count(r.Strengthened, func(t *Tactic, _ *Change) { t.Strengthened++ })
	count(r.Weakened, func(t *Tactic, c *Change) {
		t.Weakened++
		if c.DownToOne {
			t.DownToOne++
		}
	})
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
