package normalize

import (
	"math"

	"github.com/detlint/detlint/rule"
)

// Unbounded is the reach of a path that no indicator narrows.
const Unbounded = math.MaxInt

// MaxPaths is where counting paths stops: a rule has that many, or more.
const MaxPaths = 1_000_000

// Path is one way for a rule to fire, as far as its noise matters.
type Path struct {
	// Reach is that of the path's narrowest predicate, Unbounded when the
	// path has no indicator.
	Reach int
	// Evidence is the index of that predicate, -1 when there is none.
	Evidence int
	// Indicators counts the indicators on the path, one for each list of
	// alternatives.
	Indicators int
}

// WidestPath returns the path with the widest reach: the greatest, over all
// paths, of the least reach on the path. reach gives that of one indicator.
// Selectors and negations narrow nothing. The paths are never written out:
// greatest and least distribute over the condition as it stands.
func (r *Rule) WidestPath(reach func(*Predicate) int) Path {
	if r.root == nil {
		return Path{Reach: Unbounded, Evidence: -1}
	}
	return r.widest(r.root, reach, map[*Node]Path{})
}

// widest looks at every node once; done has those it has looked at.
func (r *Rule) widest(n *Node, reach func(*Predicate) int, done map[*Node]Path) Path {
	if path, ok := done[n]; ok {
		return path
	}
	path := r.widestOf(n, reach, done)
	if n.Kind != LeafNode {
		done[n] = path
	}
	return path
}

func (r *Rule) widestOf(n *Node, reach func(*Predicate) int, done map[*Node]Path) Path {
	best := Path{Reach: Unbounded, Evidence: -1}
	switch n.Kind {
	case LeafNode:
		if p := &r.Predicates[n.Predicate]; p.IsIndicator() {
			return Path{Reach: reach(p), Evidence: int(n.Predicate), Indicators: 1}
		} else if p.Derived && !p.Negated {
			// A computed value narrows in a way nobody can count.
			return Path{Reach: 0, Evidence: int(n.Predicate), Indicators: 1}
		}
	case AndNode:
		if r.contradicts(n) { // can never hold
			return Path{Reach: 0, Evidence: -1}
		}
		indicators := 0
		for _, child := range n.Children {
			path := r.widest(child, reach, done)
			indicators += path.Indicators
			if path.Reach < best.Reach {
				best = path
			}
		}
		best.Indicators = indicators
	case OrNode:
		if len(n.Children) == 0 { // can never hold
			return Path{Reach: 0, Evidence: -1}
		}
		for i, child := range n.Children {
			if path := r.widest(child, reach, done); i == 0 || path.Reach > best.Reach {
				best = path
			}
		}
	}
	return best
}

// maxConjuncts bounds how many conjuncts are held against each other.
const maxConjuncts = 64

// contradicts reports whether two conjuncts can never hold at once, as far as
// that can be seen: a file is asked for and another one, or something and its
// negation.
func (r *Rule) contradicts(n *Node) bool {
	children := n.Children[:min(len(n.Children), maxConjuncts)]
	for i, a := range children {
		for _, b := range children[i+1:] {
			if r.never(a, b) || r.never(b, a) {
				return true
			}
		}
	}
	return false
}

// never reports whether nothing that a asks for allows for b, a comparison or a
// list of values of one field.
func (r *Rule) never(a, b *Node) bool {
	if b.Kind != LeafNode || b.Branch || a.Branch {
		return false
	}
	q := &r.Predicates[b.Predicate]
	against := func(n *Node) bool {
		p := &r.Predicates[n.Predicate]
		switch {
		case p.Negated || p.Derived || q.Derived || p.encoded || q.encoded:
			return false
		case q.Negated:
			return p.Operator != rule.Exists && Implies(p.Key, q.Key)
		}
		// Other fields may hold several values at once.
		file := func(k Key) bool { return baseNames[k.Field] != "" || pathOf[k.Field] != "" }
		return file(p.Key) && file(q.Key) && Excludes(p.Key, q.Key)
	}
	switch {
	case a.Kind == LeafNode:
		return against(a)
	case a.Kind != OrNode || len(a.Children) == 0:
		return false
	}
	for _, child := range a.Children {
		if child.Kind != LeafNode || !against(child) {
			return false
		}
	}
	return true
}

// Paths counts the ways for the rule to fire, by what it asks for: a list of
// values of one field counts as one, and neither exclusions nor the choice of
// the kind of event count. It stops counting at a million.
func (r *Rule) Paths() int {
	if r.root == nil {
		return 0
	}
	return max(r.paths(r.root, map[*Node]int{}), 1)
}

// paths counts the ways below a node; 0 where it asks for nothing.
func (r *Rule) paths(n *Node, done map[*Node]int) int {
	if ways, ok := done[n]; ok {
		return ways
	}
	ways := r.waysOf(n, done)
	if n.Kind != LeafNode {
		done[n] = ways
	}
	return ways
}

func (r *Rule) waysOf(n *Node, done map[*Node]int) int {
	switch n.Kind {
	case AndNode:
		count := 0
		for _, child := range n.Children {
			if ways := r.paths(child, done); ways > 0 {
				count = min(max(count, 1)*ways, MaxPaths)
			}
		}
		return count
	case OrNode:
		if r.oneField(n) {
			return r.paths(n.Children[0], done)
		}
		count, events := 0, 0
		for _, child := range n.Children {
			ways := r.paths(child, done)
			if ways == 0 && r.selects(child) {
				events++
			}
			count = min(count+ways, MaxPaths)
		}
		if count > 0 {
			// An event of that kind is a way beside the others.
			count = min(count+events, MaxPaths)
		}
		return count
	}
	if p := &r.Predicates[n.Predicate]; p.Negated || p.Selector {
		return 0
	}
	return 1
}

// selects reports whether a node only says which kind of event is meant.
func (r *Rule) selects(n *Node) bool {
	if n.Kind == LeafNode {
		p := &r.Predicates[n.Predicate]
		return p.Selector && !p.Negated
	}
	for _, child := range n.Children {
		if child.Kind != LeafNode || !r.selects(child) {
			return false
		}
	}
	return len(n.Children) > 0
}

// oneField reports whether all alternatives are values of one field.
func (r *Rule) oneField(n *Node) bool {
	for _, child := range n.Children {
		if child.Kind != LeafNode {
			return false
		}
		p, first := &r.Predicates[child.Predicate], &r.Predicates[n.Children[0].Predicate]
		if p.Negated || p.SourceField != first.SourceField {
			return false
		}
	}
	return len(n.Children) > 0
}
