// Package normalize turns a rule into vendor-neutral predicates: canonical
// fields, operators and values, the rule's exclusions, the events it covers
// and the paths on which it can fire. docs/normalization.md is the contract.
package normalize

import "github.com/detlint/detlint/rule"

// Key is a row of the catalog: two predicates with equal keys are the same
// comparison in the eyes of an analyst, whichever vendor wrote them. Field is
// canonical, Value folded (lower case except under regex, drive letters and
// environment variables unified), process paths collapsed to base names.
type Key struct {
	Field    string        `json:"field"`
	Operator rule.Operator `json:"operator"`
	Value    string        `json:"value"`
}

// Predicate is one comparison of a rule. Field is canonical; Operator and
// Value are as the rule spells them after its globs were reduced.
type Predicate struct {
	Field          string
	SourceField    string
	Operator       rule.Operator
	SourceOperator string
	Value          string
	Negated        bool   // under an odd number of negations
	Derived        bool   // the field is computed inside the query
	Through        string // as in rule.Predicate
	Cased          bool   // letter case counts, though the operator does not say so
	Selector       bool   // only says which kind of event is meant
	Key            Key
	Span           rule.Span

	encoded bool // compares an encoding of the value
}

// Event is one kind of event of one provider, such as Sysmon 1; an Event of
// "*" is every event of the provider.
type Event struct {
	Provider string `json:"provider"`
	Event    string `json:"event"`
}

// Rule is a rule with everything that was derived from it. Exclusions holds
// the clauses as indexes into Predicates.
type Rule struct {
	*rule.Rule
	Events     []Event
	Predicates []Predicate
	Exclusions [][]int

	root *Node
}
