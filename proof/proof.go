// Package proof finds what a condition proves about itself: alternatives that
// can never hold, exclusions that take away all that is selected or nothing,
// comparisons that another one implies. What it says holds for every event; what
// it cannot prove it does not say.
package proof

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Kind is what is wrong with a part of a condition.
type Kind uint8

// The kinds.
const (
	// Never is a whole condition, step or list of alternatives that no event
	// satisfies, because of what it asks for.
	Never Kind = iota + 1
	// Dead is an alternative that no event satisfies together with the rest.
	Dead
	// Swallowed is all that is selected, or an alternative of it, that an
	// exclusion takes away.
	Swallowed
	// Idle is an exclusion of something that is not selected, or that no event
	// is.
	Idle
	// Always is a list of alternatives one of which always holds.
	Always
	// Implied is a comparison that says nothing, because another one that must
	// hold as well says it.
	Implied
	// Contained is an alternative that another one of its list contains.
	Contained
	// Covered is an exclusion that another one contains.
	Covered
	// Within is an alternative that asks for all that another one of its list
	// asks for.
	Within
	// Repeated is an alternative that its list has twice.
	Repeated
)

// Literal is a comparison where it stands.
type Literal struct {
	*rule.Predicate
	Negated bool
	// Index is that of the predicate in the rule.
	Index int
}

// Fault is one thing that is proved of a condition.
type Fault struct {
	Kind Kind
	// At is the part that is at fault: the comparisons that make an
	// alternative, an exclusion, or one of them. It has at least one.
	At []Literal
	// By is what proves it: a comparison, or one of each alternative of a
	// list. It has at least one.
	By []Literal
	// Whole is set when the rule never fires.
	Whole bool
}

// maxSteps bounds how many pairs of comparisons are looked at in one rule.
const maxSteps = 200_000

// Examine returns what the condition of a rule proves about itself, in the
// order of the rule. Of rules that were not read whole it says nothing.
func Examine(r *normalize.Rule) []Fault {
	if r.Root() == nil || r.Broken || !known(r) || r.Loose || len(r.Predicates) == 0 {
		return nil
	}
	e := examiners.Get().(*examiner)
	defer e.release()
	e.rule, e.budget = r, maxSteps
	e.excluded, e.literals = e.flags.take(len(r.Predicates)), e.lists.take(len(r.Predicates))
	for _, clause := range r.Exclusions {
		for _, i := range clause {
			e.excluded[i] = true
		}
	}
	e.scope(r.Root(), true)
	if len(e.faults) == 0 || e.budget <= 0 || changesRows(r) {
		return nil
	}
	return e.everywhere()
}

// known reports whether the condition of a rule is all that it asks for, or asks
// for less.
func known(r *normalize.Rule) bool {
	return len(r.Unresolved) == 0 || r.Narrowing && !slices.ContainsFunc(r.Unresolved, func(name string) bool { return !strings.HasPrefix(name, "macro:") })
}

// examiner looks at one rule.
type examiner struct {
	rule     *normalize.Rule
	budget   int
	fields   []fieldName
	partners []int32                  // by field, that of the path or of the name it has
	excluded []bool                   // the predicates that stand under a top-level negation
	literals []*literal               // by predicate, as one of the places of each has it
	entered  map[*normalize.Node]bool // parts with a top level of their own
	faults   []Fault

	// Room for what is made of one rule, used again for the next.
	flags        room[bool]
	room         room[literal]
	lists        room[*literal]
	alternatives room[[]*literal]
	parts        room[part]
	list         []glance
}

// part is a conjunct: a list of alternatives, each of them a list of what must
// hold together. A single comparison is a list of one.
type part struct {
	node *normalize.Node
	// alternatives have the comparisons of each that stand for themselves; what
	// else an alternative asks for only narrows it.
	alternatives [][]*literal
	exclusion    bool
	faulty       bool // an alternative is dead
	joined       bool // what others say together
}

// single is the comparison that the part is; nil when it is none.
func (p *part) single() *literal {
	if p.node.Kind == normalize.LeafNode {
		return p.alternatives[0][0]
	}
	return nil
}

// scope examines a part with a top level of its own; needed is set when the rule
// fires only where it holds.
func (e *examiner) scope(n *normalize.Node, needed bool) {
	if e.entered[n] {
		return
	}
	e.entered[n] = true
	if dead := e.conjunction(n, nil, true, needed); dead != nil {
		dead.Whole = needed
		e.faults = append(e.faults, *dead)
	}
}

// conjunction examines what must hold together, with what else must hold. It
// returns why nothing satisfies it, nil when that is not proved.
func (e *examiner) conjunction(n *normalize.Node, context []*part, top, needed bool) *Fault {
	own := e.conjuncts(n, top, needed)
	all := slices.Concat(context, own, e.joined(own))
	before := len(e.faults)
	for _, p := range own {
		var dead *Fault
		if l := p.single(); l != nil {
			dead = e.killed(l, p, all)
		} else {
			dead = e.choice(p, all)
		}
		if dead != nil {
			e.faults = e.faults[:before] // what is dead has no other faults
			return dead
		}
		if e.budget <= 0 {
			return nil
		}
	}
	for _, p := range own {
		if !p.faulty { // what else is wrong with it follows from that
			e.needless(p, all)
		}
	}
	return nil
}

// conjuncts are those of a node.
func (e *examiner) conjuncts(n *normalize.Node, top, needed bool) []*part {
	var out []*part
	var add func(n *normalize.Node, top bool)
	add = func(n *normalize.Node, top bool) {
		e.budget--
		switch {
		case e.budget <= 0:
		case n.Branch:
			// What a step or a subquery looks at is another event.
			e.scope(n, top && needed)
		case n.Kind == normalize.AndNode:
			for _, child := range n.Children {
				add(child, top)
			}
		case n.Kind == normalize.OrNode && len(n.Children) == 1:
			add(n.Children[0], top)
		default:
			out = append(out, e.part(n, top))
		}
	}
	if n.Kind != normalize.AndNode {
		add(n, top)
		return out
	}
	for _, child := range n.Children {
		add(child, top)
	}
	return out
}

func (e *examiner) part(n *normalize.Node, top bool) *part {
	p := &e.parts.take(1)[0]
	p.node, p.exclusion = n, top
	if n.Kind == normalize.LeafNode {
		p.alternatives = e.alternatives.take(1)
		p.alternatives[0] = e.lists.take(1)
		p.alternatives[0][0] = e.literal(n)
	}
	if n.Kind == normalize.OrNode {
		p.alternatives = e.alternatives.take(len(n.Children))
		alone := e.lists.take(len(n.Children))
		for i, child := range n.Children {
			if child.Kind == normalize.LeafNode {
				alone[i] = e.literal(child)
				p.alternatives[i] = alone[i : i+1 : i+1]
			} else {
				p.alternatives[i] = e.loose(child, nil)
			}
		}
	}
	for _, alternative := range p.alternatives {
		for _, l := range alternative {
			p.exclusion = p.exclusion && l.Negated && l.Operator != rule.Exists && e.excluded[l.Index]
		}
		p.exclusion = p.exclusion && len(alternative) == 1
	}
	return p
}

// loose collects the comparisons that stand for themselves in a conjunction.
func (e *examiner) loose(n *normalize.Node, out []*literal) []*literal {
	e.budget--
	switch {
	case e.budget <= 0 || n.Branch:
	case n.Kind == normalize.LeafNode:
		return append(out, e.literal(n))
	case n.Kind == normalize.AndNode:
		for _, child := range n.Children {
			out = e.loose(child, out)
		}
	}
	return out
}

// choice examines a list of alternatives. It returns why none of them can hold,
// nil when one may.
func (e *examiner) choice(p *part, all []*part) *Fault {
	if len(p.alternatives) == 0 {
		return nil // what is written so never holds for reasons of its own
	}
	others := make([]*part, 0, len(all)-1)
	for _, o := range all {
		if o != p {
			others = append(others, o)
		}
	}
	var dead []*Fault
	before := len(e.faults)
	for i, child := range p.node.Children {
		var why *Fault
		switch {
		case child.Branch:
			e.scope(child, false)
		case child.Kind == normalize.LeafNode:
			why = e.killed(p.alternatives[i][0], p, others)
		default:
			why = e.conjunction(child, others, false, false)
		}
		if why != nil {
			why.At = e.all(p.alternatives[i], why.At)
			dead = append(dead, why)
		}
	}
	switch {
	case len(dead) == 0:
	case len(dead) == len(p.alternatives):
		e.faults = e.faults[:before]
		return e.together(p, dead)
	case !p.exclusion:
		// That a part of an exclusion repeats what is selected is no fault.
		for _, why := range dead {
			if why.At[0].Negated && len(why.At) == 1 {
				continue
			}
			if why.Kind == Never {
				why.Kind = Dead
			}
			e.faults = append(e.faults, *why)
			p.faulty = true
		}
	}
	return nil
}

// all is what an alternative asks for, with what is dead in it first.
func (e *examiner) all(alternative []*literal, first []Literal) []Literal {
	out := slices.Clone(first)
	for _, l := range alternative {
		if !slices.ContainsFunc(out, func(have Literal) bool { return have.Predicate == l.Predicate }) {
			out = append(out, l.Literal)
		}
	}
	return out
}

// together says of a whole list why none of its alternatives can hold.
func (e *examiner) together(p *part, dead []*Fault) *Fault {
	out := &Fault{Kind: Never}
	swallowed := p.exclusion
	for _, why := range dead {
		swallowed = swallowed || why.Kind == Swallowed
		out.At = append(out.At, why.At[0])
		for _, by := range why.By {
			if !slices.ContainsFunc(out.By, func(l Literal) bool { return l.Predicate == by.Predicate }) {
				out.By = append(out.By, by)
			}
		}
	}
	if swallowed {
		out.Kind = Swallowed
	}
	if p.exclusion { // the selection is what is swallowed, by the exclusion
		out.At, out.By = out.By, out.At
	}
	return out
}

// killed returns why a comparison cannot hold together with the other parts.
func (e *examiner) killed(l *literal, p *part, all []*part) *Fault {
	if l.opaque {
		return nil
	}
	for _, o := range all {
		if o == p || o.node == p.node {
			continue
		}
		by := e.each(o, l.field, func(other *literal) bool { return e.contradict(l, other) })
		if by == nil {
			continue
		}
		f := &Fault{Kind: Dead, At: []Literal{l.Literal}, By: by}
		switch {
		case p.exclusion != o.exclusion && l.Negated != by[0].Negated:
			f.Kind = Swallowed
			if p.exclusion {
				f.At, f.By = by, f.At
			}
		case p.single() != nil && o.single() != nil:
			f.Kind = Never
		}
		return f
	}
	return nil
}

// each returns a comparison of the field from each alternative of a part for
// which something holds; nil when an alternative has none.
func (e *examiner) each(p *part, field int32, holds func(*literal) bool) []Literal {
	var out []Literal
next:
	for _, alternative := range p.alternatives {
		for _, l := range alternative {
			if e.budget--; e.budget <= 0 {
				return nil
			}
			if e.related(l.field, field) && !l.opaque && holds(l) {
				out = append(out, l.Literal)
				continue next
			}
		}
		return nil
	}
	return out
}
