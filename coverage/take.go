package coverage

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Take counts the techniques that rules cover, by the ids of tables. Filters
// only narrow other rules, hunting queries and baselines raise no alerts, and
// retired rules are not in use: none of them count. The order of the rules does
// not matter. The snapshot keeps the rules.
func Take(tables *attack.Tables, rules []normalize.Summary) *Snapshot {
	used := make([]*normalize.Summary, 0, len(rules))
	for i := range rules {
		if r := &rules[i]; inUse(r) {
			used = append(used, r)
		}
	}
	slices.SortFunc(used, func(a, b *normalize.Summary) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Index, b.Index))
	})
	t := taker{
		tables: tables, matrices: tables.Tactics(""), byID: map[string]int32{}, byTag: map[string]int32{},
	}
	t.tactics = make([]Count, len(t.matrices))
	untagged := []Rule{}
	for _, r := range used {
		if !t.count(r) {
			untagged = append(untagged, named(r))
		}
	}
	t.allocate()
	for i, r := range used {
		t.add(r, t.of[t.first[i]:t.first[i+1]])
	}
	for i := range t.techniques {
		slices.SortFunc(t.techniques[i].Events, compareEvents)
		slices.Sort(t.techniques[i].Platforms)
	}
	t.countTechniques()
	slices.SortFunc(t.techniques, func(a, b Technique) int { return cmp.Compare(a.ID, b.ID) })
	return &Snapshot{Rules: len(used), Untagged: len(untagged), UntaggedRules: untagged, Techniques: t.techniques, Tactics: t.tactics, Tables: tables, rules: rules}
}

// inUse reports whether a rule raises alerts.
func inUse(r *normalize.Summary) bool {
	return !r.Retired && r.Kind != rule.Filter && r.Kind != rule.Hunting && r.Kind != rule.Baseline
}

// taker collects a snapshot. It goes over the rules twice, so that all lists
// can be cut from one piece of memory.
type taker struct {
	tables     *attack.Tables
	matrices   []attack.Tactic // the columns of all matrices; there are at most 64
	techniques []Technique
	byID       map[string]int32 // index into techniques
	byTag      map[string]int32 // the same by tags as they are written
	rules      []int            // number of rules of each technique
	columns    []uint64         // the tactics of each technique, a bit for each of its matrices
	tactics    []Count
	of         []int32 // the techniques of all rules, one after the other
	first      []int   // where those of a rule begin in of
}

// count finds the techniques of a rule, and reports whether it has any.
func (t *taker) count(r *normalize.Summary) bool {
	if t.first == nil {
		t.first = []int{0}
	}
	start := len(t.of)
	for _, tag := range r.Techniques {
		i, ok := t.byTag[tag]
		if !ok {
			i = t.technique(t.tables.CurrentID(tag))
			t.byTag[tag] = i
		}
		// A rule may be tagged with a technique and the one that replaced it.
		if !slices.Contains(t.of[start:], i) {
			t.of = append(t.of, i)
			t.rules[i]++
		}
	}
	t.first = append(t.first, len(t.of))
	return len(t.of) > start
}

// technique is the index of a technique, a new one if need be.
func (t *taker) technique(id string) int32 {
	i, ok := t.byID[id]
	if !ok {
		i = int32(len(t.techniques))
		t.byID[id] = i
		tech, columns := newTechnique(t.tables, t.matrices, id)
		t.techniques = append(t.techniques, tech)
		t.columns = append(t.columns, columns)
		t.rules = append(t.rules, 0)
	}
	return i
}

func (t *taker) allocate() {
	all := make([]Rule, len(t.of))
	for i, n := range t.rules {
		t.techniques[i].Rules, all = all[:0:n], all[n:]
	}
	if t.techniques == nil {
		t.techniques = []Technique{}
	}
}

func (t *taker) countTechniques() {
	for _, set := range t.columns {
		for ; set != 0; set &= set - 1 {
			t.tactics[bits.TrailingZeros64(set)].Techniques++
		}
	}
}

func (t *taker) add(r *normalize.Summary, techniques []int32) {
	var set uint64
	for _, i := range techniques {
		set |= t.columns[i]
	}
	for ; set != 0; set &= set - 1 {
		t.tactics[bits.TrailingZeros64(set)].Rules++
	}
	for _, i := range techniques {
		tech := &t.techniques[i]
		tech.Rules = append(tech.Rules, named(r))
		tech.Levels[r.Level]++
		for _, e := range r.Events {
			// The rules of one technique rest on a few kinds of events, so a
			// search is faster than a map.
			if !slices.Contains(tech.Events, e) {
				tech.Events = append(tech.Events, e)
			}
		}
		for _, name := range r.Platforms {
			if !slices.Contains(tech.Platforms, name) {
				tech.Platforms = append(tech.Platforms, name)
			}
		}
	}
}

func named(r *normalize.Summary) Rule {
	return Rule{
		Path: r.Path, Line: r.Range.Start.Line, ID: r.ID.Value, Title: r.Title.Value, Level: r.Level,
		Status: r.Status, Disabled: r.Disabled, Unread: r.Broken,
	}
}

// newTechnique describes a technique that has no rules yet. The bits of set are
// its tactics.
func newTechnique(tables *attack.Tables, matrices []attack.Tactic, id string) (t Technique, set uint64) {
	t = Technique{ID: id, Tactics: []string{}, Levels: map[rule.Level]int{}, Events: []normalize.Event{}, Platforms: []string{}}
	if known, ok := tables.Lookup(id); ok {
		t.Name = known.Name
		t.Tactics, set = columns(tables, matrices, known)
	}
	return t, set
}

// columns lists the tactics of a technique that are columns of its matrix, in
// the order of the matrix; set has a bit for each place in matrices.
func columns(tables *attack.Tables, matrices []attack.Tactic, t attack.Technique) (names []string, set uint64) {
	named := t.Tactics
	if len(named) == 0 {
		// ICS sub-techniques are listed without tactics; they share their
		// parent's.
		parent, _ := tables.Lookup(attack.Parent(t.ID))
		named = parent.Tactics
	}
	names = make([]string, 0, len(named))
	for i, tactic := range matrices {
		if tactic.Domain == t.Domain && slices.Contains(named, tactic.ShortName) {
			names = append(names, tactic.ShortName)
			set |= 1 << i
		}
	}
	return names, set
}

// compareEvents orders events by provider and then the way people count: 3
// before 22.
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
