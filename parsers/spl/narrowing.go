package spl

import "strings"

// Narrowing reports whether the macros of the search that are not known stand
// among its first terms, under no negation: whatever they stand for, an event
// that is found satisfies the condition. What stands behind them must be terms,
// too, so that they end in none of the commands that change events.
func (q *Query) Narrowing() bool {
	if q.root == nil || len(q.root.stages) == 0 {
		return false
	}
	first := q.root.stages[0]
	terms, ok := first.command.(*filter)
	if !ok || len(first.macros) == 0 || first.end > len(q.expanded) {
		return false
	}
	for _, s := range q.root.stages[1:] {
		if len(s.macros) > 0 || len(s.subs) > 0 {
			return false
		}
	}
	// Those elsewhere than between the terms are told by their backticks.
	calls := strings.Count(q.expanded[first.start:first.end], "`") / 2
	last := terms.cond
	if and, ok := last.(*andNode); ok && len(and.items) > 0 {
		last = and.items[len(and.items)-1]
	}
	_, atEnd := last.(*macroNode)
	return len(first.subs) == 0 && !atEnd && calls == macrosBeside(terms.cond)
}

// macrosBeside counts the macros that stand under no negation.
func macrosBeside(n node) int {
	count := 0
	switch n := n.(type) {
	case *andNode:
		for _, item := range n.items {
			count += macrosBeside(item)
		}
	case *orNode:
		for _, item := range n.items {
			count += macrosBeside(item)
		}
	case *macroNode:
		return 1
	}
	return count
}
