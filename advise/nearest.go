package advise

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// maxNearest is how many of the rules that are most alike have a say.
const maxNearest = 200

// neighbour is a public rule and how much it is like the one that is asked
// about: the cosine of their vectors, from 0 to 1.
type neighbour struct {
	ref   uint32
	alike float32
}

// query is a rule as the index sees it.
type query struct {
	rule     *normalize.Rule
	self     []catalog.RuleRef
	features []uint32
	// families are those that the rule excludes by themselves, as far as
	// others do too; ownFields counts the comparisons in all of its exclusions
	// by their field.
	families  []uint32
	single    []ownExclusion // what it excludes by itself, as far as others do too
	ownFields map[uint32]int
	own       int             // comparisons in exclusions
	looksFor  map[uint32]bool // the fields of its indicators
	length    float32
	platforms uint64 // see index.platforms
	sources   []*sourceFields
	on        []catalog.Postings // the rules on each of its events
}

// ownExclusion is a comparison that the rule excludes, and its family.
type ownExclusion struct {
	key    normalize.Key
	family uint32
}

// query looks the features of a rule up.
func (x *index) query(r *normalize.Rule, self []catalog.RuleRef) *query {
	q := &query{rule: r, self: self, ownFields: map[uint32]int{}, looksFor: map[uint32]bool{}}
	seen := map[uint32]bool{}
	unknown := 0.0 // the squared weight of what no public rule has
	add := func(f uint32, ok bool) {
		if ok && !seen[f] {
			seen[f] = true
			q.features = append(q.features, f)
		}
	}
	for _, k := range r.IndicatorKeys() {
		k = catalog.Stored(k)
		if row, ok := x.c.Row(k); ok {
			add(uint32(row.Number()), true)
		} else {
			unknown += square(weightIndicator * math.Log(float64(x.rules+1)))
		}
		if f, ok := x.fieldAt[k.Field]; ok {
			add(x.fieldFeature(f), true)
			q.looksFor[x.path[f]] = true
		}
	}
	for _, clause := range r.ExclusionKeys() {
		for _, k := range clause {
			q.own++
			if f, ok := x.fieldAt[k.Field]; ok {
				q.ownFields[x.path[f]]++
			}
		}
		if len(clause) != 1 {
			continue
		}
		f, ok := x.familyAt[familyOf(catalog.Stored(clause[0]))]
		if !ok {
			continue
		}
		q.single = append(q.single, ownExclusion{clause[0], f})
		if !slices.Contains(q.families, f) {
			q.families = append(q.families, f)
			add(x.familyFeature(f), true)
		}
	}
	name := func(names map[string]uint32, name string) {
		n, ok := names[name]
		add(x.nameFeature(n), ok)
	}
	for _, id := range techniqueIDs(x.c.Tables(), r) {
		name(x.techniques, id)
		if parent, _, sub := strings.Cut(id, "."); sub {
			name(x.techniques, parent)
		}
	}
	eachWord(r.Title.Value, func(word string) { name(x.words, word) })
	for _, e := range r.Events {
		name(x.events, eventName(e))
		q.on = append(q.on, x.c.Event(e))
	}
	q.platforms = x.platformsOf(r)
	q.sources = x.sources(r)
	q.length = float32(math.Sqrt(square(float64(x.lengthOf(q.features))) + unknown))
	return q
}

func square(x float64) float64 { return x * x }

// isSelf reports whether a public rule is the one that is asked about.
func (q *query) isSelf(ref uint32) bool { return slices.Contains(q.self, catalog.RuleRef(ref)) }

// scratch has a number for each rule and each family, all zero between uses.
type scratch struct {
	rules, families, rows  []float32
	counts                 []uint32  // by family
	together, associations []float32 // by family
	touchedRules, touched  []uint32
	touchedCounts          []uint32
	candidates             []neighbour
	scored                 []scored
}

// scored is a family and what speaks for it.
type scored struct {
	evidence float64
	family   uint32
}

func (x *index) newScratch() *scratch {
	n := len(x.families)
	return &scratch{
		rules: make([]float32, x.rules), families: make([]float32, n), rows: make([]float32, len(x.fieldOf)), counts: make([]uint32, n),
		together: make([]float32, n), associations: make([]float32, n),
	}
}

// nearest returns the rules that are most like the one that is asked about,
// most alike first. It costs as much as the lists of the rules that share its
// features are long.
func (x *index) nearest(q *query, s *scratch) []neighbour {
	s.touchedRules = s.touchedRules[:0]
	for _, f := range q.features {
		w := x.weight[f]
		for _, ref := range x.users.of(f) {
			if s.rules[ref] == 0 {
				s.touchedRules = append(s.touchedRules, ref)
			}
			s.rules[ref] += w
		}
	}
	s.candidates = s.candidates[:0]
	for _, ref := range s.touchedRules {
		if !q.isSelf(ref) {
			s.candidates = append(s.candidates, neighbour{ref, s.rules[ref] / (q.length * x.length[ref])})
		}
		s.rules[ref] = 0
	}
	out := mostAlike(s.candidates, maxNearest)
	slices.SortFunc(out, compareNeighbours)
	return out
}

func compareNeighbours(a, b neighbour) int {
	switch {
	case a.alike > b.alike:
		return -1
	case a.alike < b.alike:
		return 1
	}
	return cmp.Compare(a.ref, b.ref)
}

// mostAlike moves the n most alike to the front and returns them, in no order:
// quickselect, whose pivots are the middles, so that the result depends on
// nothing but the list.
func mostAlike(list []neighbour, n int) []neighbour {
	if len(list) <= n {
		return list
	}
	low, high := 0, len(list)-1
	for low < high {
		pivot := list[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for compareNeighbours(list[i], pivot) < 0 {
				i++
			}
			for compareNeighbours(pivot, list[j]) < 0 {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n-1 <= j:
			high = j
		case n-1 >= i:
			low = i
		default:
			return list[:n]
		}
	}
	return list[:n]
}

// sourceFields has how often the fields are used by the rules on one source of
// events, by the numbers of the fields.
type sourceFields struct {
	rules    int
	excluded []uint32 // comparisons in exclusions
	excludes []uint32 // rules that exclude anything by the field
	used     []uint32 // rules that look for or exclude anything by the field
}

// manyRules is from how many rules of one kind of source these alone say which
// fields it has.
const manyRules = 10

// source is a kind of events: those of a Sigma logsource, or one event in the
// rules of a vendor.
type source struct {
	vendor   rule.Vendor
	category string
	event    normalize.Event
}

// sources are what a rule looks at: its logsource where Sigma has many rules
// on it, else its events.
func (x *index) sources(r *normalize.Rule) []*sourceFields {
	if r.Vendor == rule.Sigma {
		if s := x.sourceFields(source{vendor: r.Vendor, category: r.Logsource.String()}); s.rules >= manyRules {
			return []*sourceFields{s}
		}
	}
	var out []*sourceFields
	for _, e := range r.Events {
		out = append(out, x.sourceFields(source{vendor: r.Vendor, event: e}))
	}
	return out
}

// sourceFields counts the fields of a source, once.
func (x *index) sourceFields(from source) *sourceFields {
	if known, ok := x.onSources.Load(from); ok {
		return known.(*sourceFields)
	}
	n := len(x.fieldNames)
	out := &sourceFields{excluded: make([]uint32, n), excludes: make([]uint32, n), used: make([]uint32, n)}
	// The last rule, from 1, that a field was counted for.
	excludes, used := make([]uint32, n), make([]uint32, n)
	for _, ref := range x.rulesOn(from) {
		out.rules++
		once := func(last, count []uint32, f uint32) {
			if last[f] != uint32(ref)+1 {
				last[f] = uint32(ref) + 1
				count[f]++
			}
		}
		for _, f := range x.exclFields.of(uint32(ref)) {
			out.excluded[f]++
			once(excludes, out.excludes, f)
			once(used, out.used, f)
		}
		for _, feature := range x.features.of(uint32(ref)) {
			if first := x.fieldFeature(0); feature >= first && feature < x.nameFeature(0) {
				once(used, out.used, x.path[feature-first])
			}
		}
	}
	known, _ := x.onSources.LoadOrStore(from, out)
	return known.(*sourceFields)
}

// rulesOn are the rules that tell which fields a source has: those of the
// logsource; those of the vendor on the event, for the data of another need not
// have the same; else all on it, else all on events of the same provider.
func (x *index) rulesOn(from source) []catalog.RuleRef {
	var all []catalog.RuleRef
	if from.category != "" {
		for ref := range x.c.Rules() {
			if x.c.Category(ref) == from.category && x.c.Vendor(ref) == from.vendor {
				all = append(all, ref)
			}
		}
		return all
	}
	all = slices.Collect(x.c.Event(from.event).All())
	own := slices.DeleteFunc(slices.Clone(all), func(ref catalog.RuleRef) bool { return x.c.Vendor(ref) != from.vendor })
	if len(own) >= manyRules {
		return own
	}
	if len(all) >= manyRules {
		return all
	}
	for other, rules := range x.c.Events() {
		if other.Provider == from.event.Provider && other != from.event {
			all = slices.AppendSeq(all, rules.All())
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
