package proof

import (
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// place is a comparison with the side of a negation that it stands on.
type place struct {
	*rule.Predicate
	negated bool
}

// everywhere keeps, of what was proved, what is so wherever the comparison
// stands: a condition may name one selection several times, and what is dead
// beside one of its neighbours may live beside another. Each fault is told once.
func (e *examiner) everywhere() []Fault {
	stands := map[place]int{}
	e.count(e.rule.Root(), stands, map[*normalize.Node]bool{})
	if e.budget <= 0 {
		return nil
	}
	type proved struct {
		place
		kind Kind
	}
	of := func(f *Fault) proved { return proved{place{f.At[0].Predicate, f.At[0].Negated}, f.Kind} }
	times := map[proved]int{}
	for i := range e.faults {
		times[of(&e.faults[i])]++
	}
	var out []Fault
	told := map[proved]bool{}
	for i := range e.faults {
		f := &e.faults[i]
		p := of(f)
		if !told[p] && (f.Whole || times[p] >= stands[p.place]) {
			told[p] = true
			out = append(out, *f)
		}
	}
	return out
}

// count counts where each comparison stands. Parts with a top level of their own
// are looked at once, and counted once.
func (e *examiner) count(n *normalize.Node, stands map[place]int, branches map[*normalize.Node]bool) {
	if e.budget--; e.budget <= 0 || branches[n] {
		return
	}
	if n.Kind == normalize.LeafNode {
		stands[place{n.Written, e.rule.Predicates[n.Predicate].Negated}]++
		return
	}
	if n.Branch {
		branches[n] = true
	}
	for _, child := range n.Children {
		e.count(child, stands, branches)
	}
}
