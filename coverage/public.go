package coverage

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
)

// public is what the catalog has, by the techniques of today.
type public struct {
	techniques map[string]*publicTechnique
	catalog    *catalog.Catalog // by the ids of the report

	// The events of all rules, turned round from the catalog's lists of the
	// rules of each event: those of rule r are numbers in
	// of[first[r]:first[r+1]].
	events []normalize.Event
	first  []int32
	of     []int32
	uses   []int // room for counting, zero between uses
}

// publicTechnique is what the catalog has of one technique.
type publicTechnique struct {
	attack.Technique
	tactics []string
	columns uint64 // the tactics, a bit for each of all matrices
	rules   int
}

// newPublic counts the catalog's rules. Techniques that ATT&CK does not know
// are left out.
func newPublic(tables *attack.Tables, cat *catalog.Catalog) *public {
	cat = cat.In(tables)
	p := &public{techniques: map[string]*publicTechnique{}, catalog: cat}
	if cat == nil {
		return p
	}
	matrices := tables.Tactics("")
	for _, id := range cat.Techniques() {
		known, ok := tables.Current(id)
		if !ok || p.techniques[known.ID] != nil {
			continue
		}
		if n := cat.Technique(known.ID).Len(); n > 0 {
			names, set := columns(tables, matrices, known)
			p.techniques[known.ID] = &publicTechnique{Technique: known, tactics: names, columns: set, rules: n}
		}
	}
	p.readEvents()
	return p
}

func (p *public) readEvents() {
	p.first = make([]int32, p.catalog.Len()+1)
	for e, rules := range p.catalog.Events() {
		p.events = append(p.events, e)
		for ref := range rules.All() {
			p.first[ref+1]++
		}
	}
	for i := 1; i < len(p.first); i++ {
		p.first[i] += p.first[i-1]
	}
	p.of = make([]int32, p.first[len(p.first)-1])
	next := slices.Clone(p.first)
	i := int32(0)
	for _, rules := range p.catalog.Events() {
		for ref := range rules.All() {
			p.of[next[ref]] = i
			next[ref]++
		}
		i++
	}
	p.uses = make([]int, len(p.events))
}

// topEvents lists the events that most of a technique's rules use, but none
// that have already covers.
func (p *public) topEvents(id string, have []normalize.Event) []normalize.Event {
	if p.techniques[id] == nil {
		return nil
	}
	var used []int32
	for ref := range p.catalog.Technique(id).All() {
		for _, e := range p.of[p.first[ref]:p.first[ref+1]] {
			if p.uses[e] == 0 {
				used = append(used, e)
			}
			p.uses[e]++
		}
	}
	slices.SortFunc(used, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.uses[b], p.uses[a]), compareEvents(p.events[a], p.events[b]))
	})
	var out []normalize.Event
	for _, i := range used {
		p.uses[i] = 0
		e := p.events[i]
		every := normalize.Event{Provider: e.Provider, Event: "*"}
		if len(out) < maxEvents && !slices.Contains(have, e) && !slices.Contains(have, every) {
			out = append(out, e)
		}
	}
	return out
}
