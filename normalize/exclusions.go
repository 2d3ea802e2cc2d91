package normalize

import (
	"encoding/binary"
	"slices"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// exclusions collects the clauses of a condition. Where direct is set, c is a
// conjunct of a top level: each negation there is an exclusion. Elsewhere
// only branches, which have a top level of their own, are looked for.
func (n *normalizer) exclusions(c rule.Condition, direct bool) {
	at := polar{c, direct}
	if n.searched[at] {
		return
	}
	n.searched[at] = true
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			n.exclusions(child, direct)
		}
	case *rule.Or:
		// A list of one is no alternative.
		for _, child := range c.Children {
			n.exclusions(child, direct && len(c.Children) == 1)
		}
	case *rule.Branch:
		n.exclusions(c.Child, true)
	case *rule.Not:
		if direct {
			n.negated(c.Child)
		}
	}
}

// negated adds the clauses of what stands under a top-level negation: one for
// each alternative, and one for a conjunction as a whole.
func (n *normalizer) negated(c rule.Condition) {
	if p, ok := c.(*rule.Predicate); ok {
		n.clause([]int{int(n.predicate(p, true))})
		return
	}
	if n.cleared[c] {
		return
	}
	n.cleared[c] = true
	switch c := c.(type) {
	case *rule.Or:
		for _, child := range c.Children {
			n.negated(child)
		}
		return
	case *rule.And:
		// What never holds excludes nothing: a conjunct that says nothing of
		// events, such as a time window, is written so under a negation.
		if slices.ContainsFunc(c.Children, query.Never) {
			return
		}
		if len(c.Children) == 1 {
			n.negated(c.Children[0])
			return
		}
	case *rule.Branch:
		n.negated(c.Child)
		return
	case *rule.Not: // not not x is x
		n.exclusions(c.Child, true)
		return
	}
	var clause []int
	n.leaves(c, true, &clause, map[polar]bool{})
	slices.Sort(clause)
	n.clause(slices.Compact(clause))
}

// clause adds a clause once. Its predicates are in order.
func (n *normalizer) clause(clause []int) {
	n.key = n.key[:0]
	for _, i := range clause {
		n.key = binary.AppendUvarint(n.key, uint64(i))
	}
	if len(clause) == 0 || n.full || n.clauses[string(n.key)] {
		return
	}
	n.clauses[string(n.key)] = true
	n.out.Exclusions = append(n.out.Exclusions, clause)
}

// leaves collects every predicate under a condition, whatever its polarity.
// seen has what was looked at, for conditions may be shared.
func (n *normalizer) leaves(c rule.Condition, negated bool, out *[]int, seen map[polar]bool) {
	at := polar{c, negated}
	if seen[at] {
		return
	}
	seen[at] = true
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			n.leaves(child, negated, out, seen)
		}
	case *rule.Or:
		for _, child := range c.Children {
			n.leaves(child, negated, out, seen)
		}
	case *rule.Branch:
		n.leaves(c.Child, negated, out, seen)
	case *rule.Not:
		n.leaves(c.Child, !negated, out, seen)
	case *rule.Predicate:
		*out = append(*out, int(n.predicate(c, negated)))
	}
}

// ExclusionKeys returns the rule's exclusion clauses as catalog rows. A clause
// with a selector or a computed field is left out as a whole: without that
// part it would say more than the rule does.
func (r *Rule) ExclusionKeys() [][]Key {
	var out [][]Key
next:
	for _, clause := range r.Exclusions {
		keys := make([]Key, 0, len(clause))
		for _, i := range clause {
			p := &r.Predicates[i]
			if p.Selector || p.Derived {
				continue next
			}
			keys = append(keys, p.Key)
		}
		out = append(out, keys)
	}
	return out
}

// fewKeys is up to how many keys a list is searched faster than a map.
const fewKeys = 24

// IndicatorKeys returns the rows of the rule's positive predicates, each
// once, in the order of the rule. Selectors and computed fields are no
// indicators, and neither is the mere presence of a field.
func (r *Rule) IndicatorKeys() []Key {
	var seen map[Key]bool // of many
	var out []Key
	for i := range r.Predicates {
		p := &r.Predicates[i]
		if !p.IsIndicator() {
			continue
		}
		if out == nil {
			out = make([]Key, 0, len(r.Predicates)-i)
		}
		if len(out) < fewKeys {
			if !slices.Contains(out, p.Key) {
				out = append(out, p.Key)
			}
			continue
		}
		if seen == nil {
			seen = make(map[Key]bool, len(r.Predicates)-i+len(out))
			for _, k := range out {
				seen[k] = true
			}
		}
		if !seen[p.Key] {
			seen[p.Key] = true
			out = append(out, p.Key)
		}
	}
	return out
}

// HasIndicator reports whether the rule looks for anything.
func (r *Rule) HasIndicator() bool {
	for i := range r.Predicates {
		if r.Predicates[i].IsIndicator() {
			return true
		}
	}
	return false
}

// IsIndicator reports whether the predicate is something a rule looks for.
func (p *Predicate) IsIndicator() bool {
	return !p.Negated && !p.Selector && !p.Derived && p.Operator != rule.Exists
}
