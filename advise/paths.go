package advise

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Path is one way for a rule to fire.
type Path struct {
	// Reach is the number of public rules, the rule itself left out, that
	// share the narrowest thing the path asks for; nil where it asks for
	// nothing but a kind of event.
	Reach *int `json:"reach"`
	// Narrowest is that thing, and Vendors whose rules share it.
	Narrowest *normalize.Key `json:"narrowest,omitempty"`
	Vendors   []rule.Vendor  `json:"vendors,omitempty"`
	// AsksFor are all things that the path asks for: values of one field that
	// stand for each other are one.
	AsksFor []Asked `json:"asks_for"`
}

// Asked is a field and the values of which one must hold.
type Asked struct {
	Field    string        `json:"field"`
	Operator rule.Operator `json:"operator"`
	Values   []string      `json:"values"`
	Reach    int           `json:"reach"` // of the most shared value
	Computed bool          `json:"computed,omitempty"`
}

// maxPaths is how many paths are written out. Of a rule with more of them only
// the widest is.
const maxPaths = 64

// Widest returns the widest path of a rule by its reach; self is the rule among
// the public ones. It is false when
// nothing narrows the rule, or when something that could narrow it could not be
// looked into.
func (a *Advisor) Widest(r *normalize.Rule, self []catalog.RuleRef) (normalize.Path, bool) {
	if r.Kind != rule.Detection || len(r.Unresolved) > 0 {
		return normalize.Path{}, false
	}
	path := r.WidestPath(func(p *normalize.Predicate) int { return a.Reach(p.Key, self) })
	return path, path.Reach != normalize.Unbounded && path.Evidence >= 0
}

// paths lists the paths of a rule, widest first, and counts them.
func (a *Advisor) paths(r *normalize.Rule, self []catalog.RuleRef) (paths []Path, count int) {
	if r.Root() == nil {
		return nil, 0
	}
	reach := map[normalize.Key]int{}
	reachOf := func(p *normalize.Predicate) int {
		n, ok := reach[p.Key]
		if !ok {
			n = a.Reach(p.Key, self)
			reach[p.Key] = n
		}
		return n
	}
	e := expansion{r: r, done: map[*normalize.Node][][][]int32{}}
	written := e.of(r.Root())
	if e.full {
		path := r.WidestPath(reachOf)
		written = nil
		if path.Evidence >= 0 {
			written = [][][]int32{{{int32(path.Evidence)}}}
		}
	}
	for _, groups := range written {
		paths = append(paths, a.path(r, groups, reachOf, self))
	}
	slices.SortStableFunc(paths, func(x, y Path) int { return cmp.Compare(width(y), width(x)) })
	return paths, r.Paths()
}

// width orders paths; one that nothing narrows is the widest.
func width(p Path) int {
	if p.Reach == nil {
		return normalize.Unbounded
	}
	return *p.Reach
}

func (a *Advisor) path(r *normalize.Rule, groups [][]int32, reachOf func(*normalize.Predicate) int, self []catalog.RuleRef) Path {
	out := Path{AsksFor: []Asked{}}
	for _, group := range groups {
		first := &r.Predicates[group[0]]
		asked := Asked{Field: first.Key.Field, Operator: first.Key.Operator, Computed: first.Derived}
		widest := first
		for _, i := range group {
			p := &r.Predicates[i]
			asked.Values = append(asked.Values, p.Key.Value)
			if n := reachOf(p); !p.Derived && n > asked.Reach {
				asked.Reach, widest = n, p
			}
		}
		out.AsksFor = append(out.AsksFor, asked)
		if out.Reach == nil || asked.Reach < *out.Reach {
			out.Reach, out.Narrowest = &asked.Reach, &widest.Key
		}
	}
	if out.Narrowest != nil && *out.Reach > 0 {
		out.Vendors = a.Vendors(*out.Narrowest, self)
	}
	return out
}

// expansion writes the paths of a condition out: each is a list of groups, and
// each group a list of values of one field.
type expansion struct {
	r    *normalize.Rule
	done map[*normalize.Node][][][]int32
	full bool // there are more than maxPaths
}

func (e *expansion) of(n *normalize.Node) [][][]int32 {
	if known, ok := e.done[n]; ok || e.full {
		return known
	}
	out := e.expand(n)
	if len(out) > maxPaths {
		e.full = true
		return nil
	}
	e.done[n] = out
	return out
}

func (e *expansion) expand(n *normalize.Node) [][][]int32 {
	switch n.Kind {
	case normalize.LeafNode:
		if p := &e.r.Predicates[n.Predicate]; p.IsIndicator() || p.Derived && !p.Negated {
			return [][][]int32{{{n.Predicate}}}
		}
		return [][][]int32{{}}
	case normalize.AndNode:
		out := [][][]int32{{}}
		for _, child := range n.Children {
			ways := e.of(child)
			if e.full || len(out)*len(ways) > maxPaths {
				e.full = true
				return nil
			}
			next := make([][][]int32, 0, len(out)*len(ways))
			for _, before := range out {
				for _, way := range ways {
					next = append(next, slices.Concat(before, way))
				}
			}
			out = next
		}
		return out
	}
	if group := e.oneField(n); group != nil {
		return [][][]int32{{group}}
	}
	var out [][][]int32
	for _, child := range n.Children {
		out = append(out, e.of(child)...)
		if e.full || len(out) > maxPaths {
			e.full = true
			return nil
		}
	}
	return out
}

// oneField lists alternatives that are values of one row's field and operator.
func (e *expansion) oneField(n *normalize.Node) []int32 {
	var group []int32
	for _, child := range n.Children {
		if child.Kind != normalize.LeafNode {
			return nil
		}
		p, first := &e.r.Predicates[child.Predicate], &e.r.Predicates[n.Children[0].Predicate]
		if !p.IsIndicator() || p.Key.Field != first.Key.Field || p.Key.Operator != first.Key.Operator {
			return nil
		}
		group = append(group, child.Predicate)
	}
	return group
}
