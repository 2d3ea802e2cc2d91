package meaning

import (
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// solver looks for an event that satisfies some formulas, or proves that there
// is none: it decides one comparison after the other, with everything that
// follows from it, and goes back where that contradicts itself.
type solver struct {
	*builder
	// values has what was decided of each atom: 1, -1, or 0 for nothing yet.
	values []int8
	trail  []int32
	// groups has the atoms about the same value of the same event.
	groups map[group][]int32
	// wider and narrower have the atoms that follow from one and from which
	// one follows, other those that exclude it.
	wider, narrower, other [][]int32
	related                []bool

	memo  []normalize.Truth
	stamp []int
	epoch int

	budget int // steps that may still be taken
	limit  int // steps of one search; 0 stands for maxSteps
	// open is called with each set of decisions that satisfies everything. It
	// reports whether the search is over.
	open func() bool
	// unsure is set when open was called, so that a search that ends has
	// proved nothing.
	unsure bool
}

type group struct {
	scope int
	root  string
}

// maxSteps bounds one search. A step takes some nanoseconds.
const maxSteps = 5_000_000

func newSolver(b *builder) *solver {
	n := len(b.atoms)
	s := &solver{
		builder: b, values: make([]int8, n), groups: map[group][]int32{}, budget: maxSteps,
		wider: make([][]int32, n), narrower: make([][]int32, n), other: make([][]int32, n), related: make([]bool, n),
	}
	for i := range b.atoms {
		a := &b.atoms[i]
		g := group{a.scope, a.root}
		s.groups[g] = append(s.groups[g], int32(i))
	}
	return s
}

// result is what a search has come to.
type result uint8

const (
	none  result = iota // proved: no event satisfies the formulas
	found               // open has accepted one
	gaveUp
)

// search looks for an event that satisfies all formulas.
func (s *solver) search(all []*formula, open func() bool) result {
	s.memo = append(s.memo, make([]normalize.Truth, max(0, s.count-len(s.memo)))...)
	s.stamp = append(s.stamp, make([]int, max(0, s.count-len(s.stamp)))...)
	s.open, s.unsure, s.budget = open, false, maxSteps
	if s.limit > 0 {
		s.budget = s.limit
	}
	s.epoch++
	defer s.undo(0)
	switch {
	case s.step(all):
		return found
	case s.unsure || s.budget <= 0:
		return gaveUp
	}
	return none
}

// relate finds the atoms whose truth has to do with that of another.
func (s *solver) relate(i int32) {
	if s.related[i] {
		return
	}
	s.related[i] = true
	a := &s.atoms[i]
	for _, j := range s.groups[group{a.scope, a.root}] {
		if i == j {
			continue
		}
		b := &s.atoms[j]
		s.budget -= 10
		if a.Operator == rule.Eq && b.Operator == rule.Eq && a.Field == b.Field && a.Variant == "" && b.Variant == "" {
			// Of whole values only the letter of a drive makes one wider.
			if excludes(a, b) {
				s.other[i] = append(s.other[i], j)
				continue
			}
		}
		if implies(a, b) {
			s.wider[i] = append(s.wider[i], j)
		}
		if implies(b, a) {
			s.narrower[i] = append(s.narrower[i], j)
		}
		if excludes(a, b) {
			s.other[i] = append(s.other[i], j)
		}
	}
}

// decide sets the truth of an atom and what follows from it; false when that
// contradicts what was decided before.
func (s *solver) decide(i int32, value int8) bool {
	if s.values[i] != 0 {
		return s.values[i] == value
	}
	s.epoch++
	s.relate(i)
	set := func(list []int32, value int8) bool {
		s.budget -= len(list)
		for _, j := range list {
			if s.values[j] == 0 {
				s.values[j] = value
				s.trail = append(s.trail, j)
			} else if s.values[j] != value {
				return false
			}
		}
		return true
	}
	s.values[i] = value
	s.trail = append(s.trail, i)
	if value > 0 {
		return set(s.wider[i], 1) && set(s.other[i], -1)
	}
	return set(s.narrower[i], -1)
}

func (s *solver) undo(to int) {
	for _, i := range s.trail[to:] {
		s.values[i] = 0
	}
	s.trail = s.trail[:to]
	s.epoch++
}

// eval is what the decisions say of a formula.
func (s *solver) eval(f *formula) normalize.Truth {
	s.budget--
	if f.kind == normalize.LeafNode {
		t := normalize.Truth(s.values[f.atom])
		if f.negated {
			t = -t
		}
		return t
	}
	if s.stamp[f.id] == s.epoch {
		return s.memo[f.id]
	}
	decided := normalize.True // an Or with a true child
	if f.kind == normalize.AndNode {
		decided = normalize.False
	}
	out := -decided
	for _, child := range f.children {
		if t := s.eval(child); t == decided {
			out = t
			break
		} else if t == normalize.Unknown {
			out = t
		}
	}
	s.memo[f.id], s.stamp[f.id] = out, s.epoch
	return out
}

// step satisfies the formulas, deciding first what leaves no choice. It
// reports whether the search is over.
func (s *solver) step(pending []*formula) bool {
	if s.budget <= 0 {
		return false
	}
	open, ok := s.settle(pending)
	if !ok || s.budget <= 0 {
		return false
	}
	if len(open) == 0 {
		s.unsure = true
		return s.open()
	}
	choice := s.narrowest(open)
	f := open[choice]
	rest := make([]*formula, 0, len(open))
	rest = append(append(rest, open[:choice]...), open[choice+1:]...)
	mark := len(s.trail)
	for _, child := range f.children {
		if s.eval(child) == normalize.False {
			continue
		}
		here := len(s.trail)
		if s.step(append(rest[:len(rest):len(rest)], child)) {
			return true
		}
		s.undo(here)
		// What was tried needs not be tried again among the others.
		if s.budget <= 0 || child.kind == normalize.LeafNode && !s.settled(s.not(child)) {
			break
		}
	}
	s.undo(mark)
	return false
}

// settled decides a literal.
func (s *solver) settled(f *formula) bool {
	value := int8(1)
	if f.negated {
		value = -1
	}
	return s.decide(f.atom, value)
}

// settle decides everything that the formulas leave no choice about and
// returns the alternatives that remain; false where they contradict each other.
func (s *solver) settle(pending []*formula) ([]*formula, bool) {
	pending = append([]*formula(nil), pending...)
	for {
		var open []*formula
		epoch := s.epoch
		for len(pending) > 0 {
			f := pending[len(pending)-1]
			pending = pending[:len(pending)-1]
			switch s.eval(f) {
			case normalize.True:
				continue
			case normalize.False:
				return nil, false
			}
			switch f.kind {
			case normalize.LeafNode:
				if !s.settled(f) {
					return nil, false
				}
			case normalize.AndNode:
				pending = append(pending, f.children...)
			default:
				if only := s.only(f); only != nil {
					pending = append(pending, only)
				} else {
					open = append(open, f)
				}
			}
		}
		if s.epoch == epoch || s.budget <= 0 {
			return open, true
		}
		pending = open
	}
}

// only is the one alternative that is left, nil when there are several.
func (s *solver) only(f *formula) *formula {
	var last *formula
	for _, child := range f.children {
		if s.eval(child) != normalize.False {
			if last != nil {
				return nil
			}
			last = child
		}
	}
	return last
}

// narrowest is the alternative with the fewest ways left.
func (s *solver) narrowest(open []*formula) int {
	best, fewest := 0, 1<<30
	for i, f := range open {
		ways := 0
		for _, child := range f.children {
			if s.eval(child) != normalize.False {
				ways++
			}
		}
		if ways < fewest {
			best, fewest = i, ways
		}
	}
	return best
}
