package coverage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Take counts the techniques that rules cover. Filters only narrow other
// rules, and retired rules are not in use: neither count. The order of the
// rules does not matter.
func Take(rules []normalize.Summary) *Snapshot {
	inUse := make([]*normalize.Summary, 0, len(rules))
	for i := range rules {
		if r := &rules[i]; !r.Retired && r.Kind != rule.Filter {
			inUse = append(inUse, r)
		}
	}
	slices.SortFunc(inUse, func(a, b *normalize.Summary) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Index, b.Index))
	})
	t := taker{byID: map[string]int{}, current: map[string]string{}}
	for _, r := range inUse {
		t.add(r)
	}
	out := &Snapshot{Rules: len(inUse), Untagged: t.untagged, Techniques: make([]Technique, 0, len(t.techniques))}
	for i := range t.techniques {
		t.techniques[i].Events = t.events[i].sorted()
		out.Techniques = append(out.Techniques, t.techniques[i])
	}
	slices.SortFunc(out.Techniques, func(a, b Technique) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// taker collects a snapshot rule by rule.
type taker struct {
	techniques []Technique
	events     []eventSet // of the technique at the same index
	byID       map[string]int
	current    map[string]string // what attack.Current said of the tags so far
	untagged   int
	ids        []string // of the rule at hand
}

func (t *taker) add(r *normalize.Summary) {
	t.ids = t.ids[:0]
	for _, tag := range r.Techniques {
		id, ok := t.current[tag]
		if !ok {
			id = currentID(tag)
			t.current[tag] = id
		}
		// A rule may be tagged with a technique and the one that replaced it.
		if !slices.Contains(t.ids, id) {
			t.ids = append(t.ids, id)
		}
	}
	if len(t.ids) == 0 {
		t.untagged++
	}
	for _, id := range t.ids {
		i, ok := t.byID[id]
		if !ok {
			i = len(t.techniques)
			t.byID[id] = i
			t.techniques = append(t.techniques, newTechnique(id))
			t.events = append(t.events, nil)
		}
		tech := &t.techniques[i]
		tech.Rules = append(tech.Rules, Rule{
			Path: r.Path, Line: r.Range.Start.Line, ID: r.ID.Value, Title: r.Title.Value, Level: r.Level,
		})
		tech.Levels[r.Level]++
		for _, e := range r.Events {
			t.events[i].add(e)
		}
	}
}

// currentID is the id a tag counts under. One that ATT&CK does not know stands
// for itself.
func currentID(tag string) string {
	if tech, ok := attack.Current(tag); ok {
		return tech.ID
	}
	return strings.ToUpper(strings.TrimSpace(tag))
}

func newTechnique(id string) Technique {
	t := Technique{ID: id, Tactics: []string{}, Levels: map[rule.Level]int{}}
	if known, ok := attack.Lookup(id); ok {
		t.Name, t.Tactics = known.Name, columns(known)
	}
	return t
}

// columns lists the tactics of a technique that are columns of its matrix, in
// the order of the matrix.
func columns(t attack.Technique) []string {
	named := t.Tactics
	if len(named) == 0 {
		// ICS sub-techniques are listed without tactics; they share their
		// parent's.
		parent, _ := attack.Lookup(attack.Parent(t.ID))
		named = parent.Tactics
	}
	out := []string{}
	for _, tactic := range attack.Tactics(t.Domain) {
		if slices.Contains(named, tactic.ShortName) {
			out = append(out, tactic.ShortName)
		}
	}
	return out
}

// eventSet is a small set of events. Rules of one technique rest on a few
// kinds of events, so a slice is faster than a map.
type eventSet []normalize.Event

func (s *eventSet) add(e normalize.Event) {
	if !slices.Contains(*s, e) {
		*s = append(*s, e)
	}
}

// sorted orders the events by provider and then the way people count: 3 before
// 22. It never returns nil.
func (s eventSet) sorted() []normalize.Event {
	if s == nil {
		return []normalize.Event{}
	}
	slices.SortFunc(s, compareEvents)
	return s
}

func compareEvents(a, b normalize.Event) int {
	if c := cmp.Compare(a.Provider, b.Provider); c != 0 {
		return c
	}
	m, errA := strconv.Atoi(a.Event)
	n, errB := strconv.Atoi(b.Event)
	if errA == nil && errB == nil && m != n {
		return cmp.Compare(m, n)
	}
	return cmp.Compare(a.Event, b.Event)
}
