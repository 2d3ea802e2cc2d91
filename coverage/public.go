package coverage

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
)

// publicTechnique is what the catalog has of one technique.
type publicTechnique struct {
	attack.Technique
	tactics []string
	rules   int
	// events counts the rules by event; called only for the techniques that
	// a report names.
	events func() map[normalize.Event]int
}

// topEvents lists the events that most rules use, but none that have already
// covers.
func (p *publicTechnique) topEvents(have []normalize.Event) []normalize.Event {
	if p == nil || p.events == nil {
		return nil
	}
	count := p.events()
	var out []normalize.Event
	for e := range count {
		every := normalize.Event{Provider: e.Provider, Event: "*"}
		if !slices.Contains(have, e) && !slices.Contains(have, every) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b normalize.Event) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), compareEvents(a, b))
	})
	return out[:min(len(out), maxEvents)]
}

// publicCoverage counts the catalog's rules under the techniques of today.
// Techniques that ATT&CK does not know are left out.
func publicCoverage(cat *catalog.Catalog) map[string]*publicTechnique {
	out := map[string]*publicTechnique{}
	if cat == nil {
		return out
	}
	for _, id := range cat.Techniques() {
		known, ok := attack.Current(id)
		if !ok || out[known.ID] != nil {
			continue
		}
		rules := cat.Technique(known.ID)
		if rules.Len() == 0 {
			continue
		}
		out[known.ID] = &publicTechnique{
			Technique: known, tactics: columns(known), rules: rules.Len(),
			events: func() map[normalize.Event]int {
				count := map[normalize.Event]int{}
				for ref := range rules.All() {
					for e := range cat.RuleEvents(ref) {
						count[e]++
					}
				}
				return count
			},
		}
	}
	return out
}
