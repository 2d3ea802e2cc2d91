package normalize

import "math"

// Unbounded is the reach of a path that no indicator narrows.
const Unbounded = math.MaxInt

// maxPaths is where counting paths stops.
const maxPaths = 1_000_000

// Path is one way for a rule to fire, as far as its noise matters.
type Path struct {
	// Reach is that of the path's narrowest predicate, Unbounded when the
	// path has no indicator.
	Reach int
	// Evidence is the index of that predicate, -1 when there is none.
	Evidence int
}

// WidestPath returns the path with the widest reach: the greatest, over all
// paths, of the least reach on the path. reach gives that of one indicator.
// Selectors and negations narrow nothing. The paths are never written out:
// greatest and least distribute over the condition as it stands.
func (r *Rule) WidestPath(reach func(*Predicate) int) Path {
	if r.root == nil {
		return Path{Reach: Unbounded, Evidence: -1}
	}
	return r.widest(r.root, reach)
}

func (r *Rule) widest(n *node, reach func(*Predicate) int) Path {
	best := Path{Reach: Unbounded, Evidence: -1}
	switch n.kind {
	case leaf:
		if p := &r.Predicates[n.pred]; p.IsIndicator() {
			return Path{Reach: reach(p), Evidence: int(n.pred)}
		} else if p.Derived && !p.Negated {
			// A computed value narrows in a way nobody can count.
			return Path{Reach: 0, Evidence: int(n.pred)}
		}
	case and:
		for _, child := range n.children {
			if path := r.widest(child, reach); path.Reach < best.Reach {
				best = path
			}
		}
	case or:
		for i, child := range n.children {
			if path := r.widest(child, reach); i == 0 || path.Reach > best.Reach {
				best = path
			}
		}
	}
	return best
}

// Paths counts the ways for the rule to fire; a list of values of one field
// counts as one. It stops counting at a million.
func (r *Rule) Paths() int {
	if r.root == nil {
		return 0
	}
	return r.paths(r.root)
}

func (r *Rule) paths(n *node) int {
	switch n.kind {
	case and:
		count := 1
		for _, child := range n.children {
			count = min(count*max(r.paths(child), 1), maxPaths)
		}
		return count
	case or:
		if r.oneField(n) {
			return 1
		}
		count := 0
		for _, child := range n.children {
			count = min(count+r.paths(child), maxPaths)
		}
		return count
	}
	return 1
}

// oneField reports whether all alternatives are values of one field.
func (r *Rule) oneField(n *node) bool {
	for _, child := range n.children {
		if child.kind != leaf || r.Predicates[child.pred].SourceField != r.Predicates[n.children[0].pred].SourceField {
			return false
		}
	}
	return len(n.children) > 0
}
