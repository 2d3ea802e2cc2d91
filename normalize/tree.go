package normalize

import "github.com/detlint/detlint/rule"

// NodeKind is the shape of a node of the normalized condition.
type NodeKind uint8

// The shapes. An AndNode without children holds always, an OrNode without
// children never.
const (
	LeafNode NodeKind = iota
	AndNode
	OrNode
)

// Node is the condition in negation normal form: negations have moved into
// the predicates, whose Negated says on which side they stand. Nodes may be
// shared.
type Node struct {
	Kind      NodeKind
	Predicate int32 // index into Rule.Predicates of a leaf
	Children  []*Node
	// Branch is set where a part with a top level of its own begins: a step
	// of a sequence, a subquery, one of several conditions.
	Branch bool
	// Tables are those that a branch of a Kusto query reads, each the name as
	// written. Those under a negation are left out.
	Tables []string
	// Written is the comparison of a leaf where it stands. Several may have
	// become one Predicate, which has the place of the first.
	Written *rule.Predicate
}

// Root is the condition of the rule, nil when it has none. It must not be
// changed.
func (r *Rule) Root() *Node { return r.root }
