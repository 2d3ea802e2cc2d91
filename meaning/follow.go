package meaning

import (
	"slices"

	"github.com/detlint/detlint/normalize"
)

// follower proves that one formula follows from another by their shape: a list
// of alternatives that has grown, a condition that has one more member. It is
// quick where a search would be long, and does not find every proof.
type follower struct {
	*builder
	done   map[[2]int]bool
	budget int
}

// follows reports whether g is proved to hold whenever f does.
func (b *builder) follows(f, g *formula) bool {
	w := &follower{builder: b, done: map[[2]int]bool{}, budget: maxSteps}
	return w.follows(f, g)
}

func (w *follower) follows(f, g *formula) bool {
	if f == g {
		return true
	}
	if w.budget--; w.budget <= 0 {
		return false
	}
	if f.kind == normalize.LeafNode && g.kind == normalize.LeafNode {
		return w.literals(f, g)
	}
	pair := [2]int{f.id, g.id}
	if known, ok := w.done[pair]; ok {
		return known
	}
	proved := w.decompose(f, g)
	w.done[pair] = proved
	return proved
}

func (w *follower) decompose(f, g *formula) bool {
	fromAny := func(f *formula) bool { return w.follows(f, g) }
	toAny := func(g *formula) bool { return w.follows(f, g) }
	switch {
	case f.kind == normalize.OrNode:
		return !slices.ContainsFunc(f.children, func(f *formula) bool { return !w.follows(f, g) })
	case g.kind == normalize.AndNode:
		return !slices.ContainsFunc(g.children, func(g *formula) bool { return !w.follows(f, g) })
	case g.kind == normalize.OrNode && g.has(f), f.kind == normalize.AndNode && f.has(g):
		return true
	}
	return f.kind == normalize.AndNode && slices.ContainsFunc(f.children, fromAny) ||
		g.kind == normalize.OrNode && slices.ContainsFunc(g.children, toAny)
}

// has reports whether a formula is a member of a list.
func (f *formula) has(member *formula) bool {
	_, ok := slices.BinarySearchFunc(f.children, member.id, func(c *formula, id int) int { return c.id - id })
	return ok
}

// literals relates two comparisons, each of which may be negated.
func (w *follower) literals(f, g *formula) bool {
	a, b := &w.atoms[f.atom], &w.atoms[g.atom]
	if a.scope != b.scope || a.root != b.root {
		return false
	}
	w.budget -= 10
	switch {
	case !f.negated && !g.negated:
		return implies(a, b)
	case f.negated && g.negated:
		return implies(b, a)
	case !f.negated:
		return excludes(a, b)
	}
	return false
}
