package lint

import (
	"cmp"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// overlap is a pair of rules of which one finds nothing that the other does not
// find too.
type overlap struct {
	narrow, wide *normalize.Summary
	a, b         *normalize.Rule // narrow and wide at length
	meaning.Containment
}

// maxOverlaps is how many of the rules that find all that a rule finds are named.
const maxOverlaps = maxPlaces

// overlaps compares the rules of a repository that may have events in common.
// Their sketches say which do; only those are read and decided. The rules that
// are like so many that they were not compared with all of them come second.
func (r *Repository) overlaps() ([]overlap, []*normalize.Summary) {
	if r.Load == nil {
		return nil, nil
	}
	c := r.candidates()
	var narrow []int32
	long := map[int32]*normalize.Rule{}
	filters := r.filters()
	load := func(i int32) {
		if _, ok := long[i]; !ok {
			long[i] = r.loadFiltered(&r.Rules[i], filters.of(&r.Rules[i]))
		}
	}
	for i, list := range c.wider {
		if len(list) > 0 {
			narrow = append(narrow, int32(i))
			load(int32(i))
		}
		for _, j := range list {
			load(j)
		}
	}
	r.copiesFirst(c.wider, long)
	limit := share(c.wider, long)
	found := make([][]overlap, len(narrow))
	cut := make([]bool, len(narrow))
	inParallel(len(narrow), func() func(int) {
		d := &decider{Repository: r, long: long, subjects: map[int32]*meaning.Subject{}, limit: limit}
		return func(n int) { found[n], cut[n] = d.decide(narrow[n], c.wider[narrow[n]]) }
	})
	for n, i := range narrow {
		c.cut[i] = c.cut[i] || cut[n]
	}
	var partly []*normalize.Summary
	for i, is := range c.cut {
		if is {
			partly = append(partly, &r.Rules[i])
		}
	}
	out := slices.Concat(found...)
	slices.SortFunc(out, func(x, y overlap) int {
		return cmp.Or(comparePlaces(x.narrow, y.narrow), comparePlaces(x.wide, y.wide))
	})
	slices.SortFunc(partly, comparePlaces)
	// Equal rules are found from both sides.
	return withoutCopies(slices.CompactFunc(out, func(x, y overlap) bool { return x.narrow == y.narrow && x.wide == y.wide })), partly
}

// withoutCopies leaves out what overlaps with a copy, where it overlaps with the rule that
// this is a copy of as well: of rules that are all the same each is held against
// the first.
func withoutCopies(all []overlap) []overlap {
	type pair struct{ narrow, wide *normalize.Summary }
	known := map[pair]bool{}
	first := map[*normalize.Summary][]*normalize.Summary{} // of which the rule is a copy
	for i := range all {
		o := &all[i]
		known[pair{o.narrow, o.wide}] = true
		if o.isEqual() && o.narrow.Vendor == o.wide.Vendor {
			first[o.narrow] = append(first[o.narrow], o.wide)
		}
	}
	return slices.DeleteFunc(all, func(o overlap) bool {
		return slices.ContainsFunc(first[o.wide], func(s *normalize.Summary) bool { return known[pair{o.narrow, s}] })
	})
}

// overlapping are the pairs for a check, which says so where not all were looked
// at.
func (p *RepositoryPass) overlapping() []overlap {
	all, partly := p.overlaps()
	if len(partly) > 0 {
		s, what := partly[0], "this rule was"
		if n := len(partly) - 1; n > 0 {
			what = "this rule and " + others(n) + " were"
		}
		f := p.Report(s, s.Title.Range, "not compared", "%s not compared with all the rules that look alike, since there are too many", what)
		f.Severity = Info
		f.Hint = "of rules that make the same comparisons a copy is found all the same; where the others are made by a program, leave them out with exclude"
	}
	return all
}

// inParallel calls one of the functions that worker makes, one for each core,
// with each of 0 … n-1.
func inParallel(n int, worker func() func(int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			f := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// decider compares rules one after the other.
type decider struct {
	*Repository
	long     map[int32]*normalize.Rule
	subjects map[int32]*meaning.Subject
	limit    int // how many comparisons of rules one rule is held against
}

func (d *decider) subject(i int32) *meaning.Subject {
	if d.subjects[i] == nil && d.long[i] != nil {
		d.subjects[i] = meaning.NewSubject(d.long[i])
	}
	return d.subjects[i]
}

// decide compares one rule with others, and reports whether some were left out.
func (d *decider) decide(narrow int32, wider []int32) (out []overlap, cut bool) {
	a := d.subject(narrow)
	if a == nil {
		return nil, false
	}
	looked := 0
	for _, i := range wider {
		if len(out) == maxOverlaps {
			break // there is enough to say
		}
		if looked > d.limit {
			return out, true
		}
		b := d.subject(i)
		if b == nil {
			continue
		}
		looked += len(a.Predicates) + len(b.Predicates)
		o := overlap{narrow: &d.Rules[narrow], wide: &d.Rules[i], a: a.Rule, b: b.Rule}
		telling := o.worthTelling()
		o.Containment = meaning.Contain(a, b, !telling)
		switch {
		case o.isEqual() && d.before(o.narrow, o.wide):
			out = append(out, o.reversed()) // of two equal rules the later is the copy
		case o.isEqual(), o.Within && telling:
			out = append(out, o)
		}
	}
	return out, false
}

// worthTelling reports whether somebody would want to know that all a rule finds
// is found by another one: a rule that is more severe than the wider one says
// more, and of one severity the rule with the higher risk score.
func (o *overlap) worthTelling() bool {
	narrow, wide := levelOf(o.narrow), levelOf(o.wide)
	switch {
	case replaced(o.narrow, o.wide), narrow < 0, wide < 0, narrow < wide:
		return true
	case narrow > wide, o.a.Vendor != o.b.Vendor:
		return narrow == wide
	}
	score, known := riskScore(o.a)
	other, comparable := riskScore(o.b)
	return !known || !comparable || score <= other
}

// riskScore is what the vendor adds up for a hit of a rule, where it does.
func riskScore(r *normalize.Rule) (float64, bool) {
	text := ""
	switch doc := r.Syntax.(type) {
	case *splunk.Document:
		text = r.LevelText.Value // the level is made of the score
	case *elastic.Document:
		text = doc.Rule.Get("risk_score").Text().Value
	}
	if text == "" {
		return 0, false
	}
	score, err := strconv.ParseFloat(text, 64)
	return score, err == nil
}

// replaced reports whether one of two rules says that it has taken the place of
// the other, or the other way round.
func replaced(a, b *normalize.Summary) bool {
	switch relation(a, b) {
	case "obsolete", "obsoletes", "merged", "renamed":
		return true
	}
	return false
}

// isEqual reports whether the rules find the same events.
func (o *overlap) isEqual() bool { return o.Within && o.Holds }

func (o overlap) reversed() overlap {
	o.narrow, o.wide, o.a, o.b = o.wide, o.narrow, o.b, o.a
	o.Within, o.Holds = o.Holds, o.Within
	return o
}

func comparePlaces(a, b *normalize.Summary) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Index, b.Index))
}

// before orders two rules, those under review last.
func (r *Repository) before(a, b *normalize.Summary) bool {
	if r.Changed != nil && r.Changed(a) != r.Changed(b) {
		return r.Changed(b)
	}
	return comparePlaces(a, b) < 0
}

// comparable reports whether anybody would want to know what the rules have in
// common. Rules of one id are for the check of ids.
func (r *Repository) comparable(a, b *normalize.Summary) bool {
	switch {
	case r.Changed != nil && !r.Changed(a) && !r.Changed(b):
		return false
	case !mayShareEvents(a, b):
		return false
	case a.ID.Value != "" && strings.EqualFold(a.ID.Value, b.ID.Value):
		return false
	case isStanza(a) && isStanza(b) && a.Title.Value == b.Title.Value:
		return false
	case relation(a, b) != "" && !replaced(a, b):
		return false // their authors know
	}
	return true
}

// mayShareEvents reports whether two rules may look at the same events. Rules of
// different vendors have to say that they do.
func mayShareEvents(a, b *normalize.Summary) bool {
	if a.Vendor == b.Vendor && (len(a.Events) == 0 || len(b.Events) == 0) {
		return true
	}
	for _, e := range a.Events {
		if slices.Contains(b.Events, e) {
			return true
		}
	}
	return false
}

// candidates are the pairs of rules that are to be compared.
type candidates struct {
	// wider has, for each rule, those that may find all that it finds.
	wider [][]int32
	cut   []bool // there are more of them
	tried []int32
}

// candidates finds the pairs of rules of which the first may find nothing but
// what the second finds, and of which one is under review.
func (r *Repository) candidates() *candidates {
	c := &candidates{wider: make([][]int32, len(r.Rules)), cut: make([]bool, len(r.Rules)), tried: make([]int32, len(r.Rules))}
	var index, others []int32
	for i := range r.Rules {
		s := &r.Rules[i]
		switch {
		case s.Sketch == "" || s.Retired:
		case r.Changed == nil || r.Changed(s):
			index = append(index, int32(i))
		default:
			others = append(others, int32(i))
		}
	}
	if len(index) == 0 {
		return c
	}
	reviewed := len(index)
	index = append(index, others...)
	r.alike(c, index)
	// Of each mark, the rules that have it, those under review first.
	size := bitWords(len(index))
	var marked [normalize.SketchBits][]uint64
	all := make([]uint64, normalize.SketchBits*size)
	for bit := range marked {
		marked[bit] = all[bit*size : (bit+1)*size]
	}
	for at, i := range index {
		for bit := range r.Rules[i].Sketch.Marks {
			marked[bit][at/64] |= 1 << (at % 64)
		}
	}
	fit, found, done := make([]uint64, size), make([]uint64, size), make([]uint64, size)
	for at, i := range index {
		if at >= reviewed {
			fit, found = fit[:bitWords(reviewed)], found[:bitWords(reviewed)]
		}
		clear(found)
		for way := range r.Rules[i].Sketch.Needs {
			for n, bit := range way {
				if n == 0 {
					copy(fit, marked[bit])
					continue
				}
				for w, set := range marked[bit][:len(fit)] {
					fit[w] &= set
				}
			}
			for w := range found {
				found[w] |= fit[w]
			}
		}
		for w, set := range found {
			for set &^= done[w]; set != 0; set &= set - 1 {
				narrow := w*64 + bits.TrailingZeros64(set)
				if narrow != at && !r.candidate(c, index[narrow], i) {
					done[w] |= 1 << (narrow % 64)
				}
			}
		}
	}
	return c
}

// candidate adds a pair, and reports whether the first rule has room for more.
func (r *Repository) candidate(c *candidates, narrow, wide int32) bool {
	if len(c.wider[narrow]) == maxWider || c.tried[narrow] == maxTried {
		c.cut[narrow] = true
		return false
	}
	c.tried[narrow]++
	if r.comparable(&r.Rules[narrow], &r.Rules[wide]) {
		c.wider[narrow] = append(c.wider[narrow], wide)
	}
	return true
}

// bitWords is how many words it takes to have a bit for each of n things.
func bitWords(n int) int { return (n + 63) / 64 }

// maxAlike bounds how many rules that look alike are compared with each other.
const maxAlike = 50

// alike adds the pairs of rules that look for the same, among those of whose
// needs nothing is known.
func (r *Repository) alike(c *candidates, index []int32) {
	groups := map[string][]int32{}
	for _, i := range index {
		if s := r.Rules[i].Sketch; len(s) == normalize.SketchBits/8 {
			group := groups[string(s)]
			for _, j := range group[:min(len(group), maxAlike)] {
				r.candidate(c, i, j)
			}
			c.cut[i] = c.cut[i] || len(group) >= maxAlike
			groups[string(s)] = append(group, i)
		}
	}
}

// relation is what one of two rules says of the other: the type of its entry in
// related, empty where there is none.
func relation(a, b *normalize.Summary) string {
	names := func(s, other *normalize.Summary) string {
		for _, rel := range s.Related {
			if strings.EqualFold(rel.ID, other.ID.Value) {
				return rel.Type
			}
		}
		return ""
	}
	return cmp.Or(names(a, b), names(b, a))
}

// levelOf orders levels; an unknown one is -1.
func levelOf(s *normalize.Summary) int { return slices.Index(rule.Levels, s.Level) }
