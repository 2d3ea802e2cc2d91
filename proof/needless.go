package proof

import (
	"slices"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// needless looks for what a part says in vain.
func (e *examiner) needless(p *part, all []*part) {
	if p.exclusion {
		e.exclusion(p, all)
		return
	}
	if p.single() == nil {
		e.always(p)
		e.contained(p)
		e.within(p)
	}
	e.implied(p, all)
}

// exclusion looks for why an exclusion takes nothing away: one of its
// comparisons holds for nothing that is selected, or is excluded already.
func (e *examiner) exclusion(p *part, all []*part) {
	for i, alternative := range p.alternatives {
		l := alternative[0]
		if l.opaque {
			continue
		}
		for _, other := range p.alternatives[:i] {
			if o := other[0]; o.field == l.field && !o.opaque && e.exclude(o, l) {
				e.report(Fault{Kind: Idle, At: []Literal{l.Literal}, By: []Literal{o.Literal}})
				return
			}
		}
		for at, o := range all {
			if o == p || o.node == p.node || o.joined {
				continue
			}
			by := e.each(o, l.field, func(other *literal) bool { return (!o.exclusion || other.field == l.field) && e.follows(other, l) })
			switch {
			case by == nil:
			case !o.exclusion:
				if !slices.ContainsFunc(by, func(l Literal) bool { return l.Negated }) {
					e.report(Fault{Kind: Idle, At: e.all(alternative, []Literal{l.Literal}), By: by})
					return
				}
			case !l.compared() || !o.alternatives[0][0].compared():
			case o.single() != nil && (p.single() == nil || !e.follows(l, o.single()) || at < slices.Index(all, p)):
				kind := Covered
				if p.single() != nil && e.follows(l, o.single()) {
					kind = Repeated
				}
				e.report(Fault{Kind: kind, At: []Literal{l.Literal}, By: by})
				return
			}
		}
	}
}

// always looks for two alternatives one of which holds for every event.
func (e *examiner) always(p *part) {
	if !slices.ContainsFunc(p.alternatives, denies) && !slices.ContainsFunc(p.alternatives, bounds) {
		return
	}
	for i, a := range p.alternatives {
		if !e.complete(p.node.Children[i], a) {
			continue
		}
		for j, b := range p.alternatives[:i] {
			if !denies(a) && !denies(b) && !bounds(a) || !e.complete(p.node.Children[j], b) {
				continue
			}
			if l, o := e.opposed(b, a); l != nil {
				e.report(Fault{Kind: Always, At: []Literal{o.Literal}, By: []Literal{l.Literal}})
				return
			}
		}
	}
}

// bounds reports whether some comparisons are one with a bound.
func bounds(list []*literal) bool {
	return len(list) == 1 && (list[0].Operator == rule.Gt || list[0].Operator == rule.Gte || list[0].Operator == rule.Lt || list[0].Operator == rule.Lte)
}

// denies reports whether one of some comparisons is negated.
func denies(list []*literal) bool {
	return slices.ContainsFunc(list, func(l *literal) bool { return l.Negated })
}

// opposed reports whether what all of one list denies holds wherever something
// of the other fails; it returns a pair of comparisons that shows it.
func (e *examiner) opposed(a, b []*literal) (x, y *literal) {
	for _, l := range a {
		for _, o := range b {
			if e.budget--; e.budget <= 0 {
				return nil, nil
			}
			switch {
			case l.opaque || o.opaque || l.field != o.field:
				return nil, nil
			case l.Negated && o.Negated && e.exclude(l, o):
			case !l.Negated && !o.Negated && len(a) == 1 && len(b) == 1 && l.ordered() && o.ordered() && normalize.Exhausts(l.exact().Key, o.exact().Key):
			case l.Negated != o.Negated && len(a) == 1 && len(b) == 1 && e.complement(l, o):
			default:
				return nil, nil
			}
			x, y = l, o
		}
	}
	return x, y
}

// complement reports whether one of two comparisons, one of which is negated,
// always holds.
func (e *examiner) complement(a, b *literal) bool {
	if a.Negated {
		a, b = b, a
	}
	// Of a field that is not there many an engine says neither that it is the
	// value nor that it is not.
	return a.Operator != rule.Exists && b.Operator != rule.Exists && e.implies(b, a)
}

// complete reports whether some comparisons are all that an alternative has.
func (e *examiner) complete(n *normalize.Node, list []*literal) bool {
	if n.Kind == normalize.LeafNode {
		return true
	}
	if n.Kind != normalize.AndNode || n.Branch || len(list) == 0 {
		return false
	}
	return !slices.ContainsFunc(n.Children, func(c *normalize.Node) bool { return c.Kind != normalize.LeafNode })
}

// glance is what tells most comparisons of a long list apart, close together.
type glance struct {
	needs uint64
	field int32
	*literal
}

// contained looks for alternatives that another one makes needless.
func (e *examiner) contained(p *part) {
	list := e.list[:0]
	for i, alternative := range p.alternatives {
		if p.node.Children[i].Kind != normalize.LeafNode {
			continue
		}
		if l := alternative[0]; !l.Negated && l.compared() {
			list = append(list, glance{l.needs, l.field, l})
		}
	}
	e.list = list
	for i := range list {
		a := list[i].literal
		has, field := a.has, a.field
		if e.budget -= 1 + len(list)/64; e.budget <= 0 {
			return
		}
		for j := range list {
			b := &list[j]
			if b.needs&^has != 0 || b.field != field || i == j || !e.follows(a, b.literal) {
				continue
			}
			kind := Contained
			if e.follows(b.literal, a) {
				if kind = Repeated; i < j {
					continue
				}
			}
			e.report(Fault{Kind: kind, At: []Literal{a.Literal}, By: []Literal{b.Literal}})
			break
		}
	}
}

// compared reports whether a comparison is of a value, and one that may be
// found needless: ranges of addresses are listed by name, whatever else they are
// in.
func (l *literal) compared() bool {
	return !l.opaque && l.Operator != rule.Exists && l.Operator != rule.CIDR
}

// implied looks for a comparison or a list that holds anyway.
func (e *examiner) implied(p *part, all []*part) {
	at := slices.Index(all, p)
	for k, alternative := range p.alternatives {
		l := p.single()
		if l == nil && p.node.Children[k].Kind == normalize.LeafNode {
			l = alternative[0]
		}
		if l == nil || !l.compared() {
			continue
		}
		for i, o := range all {
			if o == p || o.node == p.node || o.joined {
				continue
			}
			if o.single() == nil && p.single() != nil && !l.Negated {
				continue // what all of a list have in common is asked for first, to be quick
			}
			by := e.each(o, l.field, func(other *literal) bool {
				return other.field == l.field && other.Negated == l.Negated && other.compared() && e.follows(other, l)
			})
			if by == nil || at < i && o.single() != nil && p.single() != nil && e.follows(l, o.single()) {
				continue // of two that say the same the second one is needless
			}
			kind := Implied
			if l.Negated {
				kind = Covered
			}
			e.report(Fault{Kind: kind, At: []Literal{l.Literal}, By: by})
			return
		}
	}
}

func (e *examiner) report(f Fault) { e.faults = append(e.faults, f) }
