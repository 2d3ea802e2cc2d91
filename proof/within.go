package proof

import "github.com/detlint/detlint/normalize"

// maxWithin is how many alternatives, each of which asks for several things, are
// held against each other.
const maxWithin = 40

// within looks for alternatives that ask for all that another one asks for, and
// for more: nothing is found by them that is not found without.
func (e *examiner) within(p *part) {
	if n := len(p.node.Children); n > maxWithin || n < 2 {
		return
	}
	several := false
	for _, child := range p.node.Children {
		several = several || child.Kind == normalize.AndNode && !child.Branch
	}
	if !several {
		return
	}
	asked := make([]demand, len(p.node.Children))
	for i, child := range p.node.Children {
		asked[i] = e.demands(child)
	}
	for i, a := range asked {
		if len(a.lists) < 2 {
			continue // a comparison alone, or a list
		}
		for j, b := range asked {
			if i == j || !b.whole || len(b.lists) == 0 {
				continue
			}
			by := e.meets(a, b)
			if by == nil || a.whole && i < j && e.meets(b, a) != nil {
				continue // of two that are equal the second one is needless
			}
			e.report(Fault{Kind: Within, At: written(a.lists[0]), By: by})
			break
		}
	}
}

// demand is what must hold together: lists of alternatives, each a comparison.
type demand struct {
	lists [][]*literal
	whole bool // there is nothing else
}

func (e *examiner) demands(n *normalize.Node) demand {
	d := demand{whole: true}
	var add func(n *normalize.Node)
	add = func(n *normalize.Node) {
		e.budget--
		switch {
		case e.budget <= 0 || n.Branch:
			d.whole = false
		case n.Kind == normalize.LeafNode:
			d.lists = append(d.lists, []*literal{e.literal(n)})
		case n.Kind == normalize.AndNode:
			for _, child := range n.Children {
				add(child)
			}
		default:
			list := make([]*literal, 0, len(n.Children))
			for _, child := range n.Children {
				if child.Kind != normalize.LeafNode {
					d.whole = false
					return
				}
				list = append(list, e.literal(child))
			}
			d.lists = append(d.lists, list)
		}
	}
	add(n)
	return d
}

// meets returns a comparison of each list of b, if all that has a has b.
func (e *examiner) meets(a, b demand) []Literal {
	out := make([]Literal, 0, len(b.lists))
	for _, wide := range b.lists {
		found := false
		for _, narrow := range a.lists {
			if found = e.listWithin(narrow, wide); found {
				break
			}
		}
		if !found || e.budget <= 0 {
			return nil
		}
		out = append(out, wide[0].Literal)
	}
	return out
}

// listWithin reports whether each alternative of a list has one of another list
// that holds where it does.
func (e *examiner) listWithin(narrow, wide []*literal) bool {
	if len(narrow) == 0 {
		return false
	}
	for _, a := range narrow {
		found := false
		for _, b := range wide {
			if e.budget--; e.budget <= 0 {
				return false
			}
			if a.field == b.field && !a.opaque && !b.opaque && e.follows(a, b) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// written are the comparisons of a list.
func written(list []*literal) []Literal {
	out := make([]Literal, len(list))
	for i, l := range list {
		out[i] = l.Literal
	}
	return out
}
