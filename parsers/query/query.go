// Package query has what the readers of all query languages share: what they
// say of a query that cannot be read, the bounds they keep, and how places in a
// query become places in the file that the query stands in.
package query

import "github.com/detlint/detlint/rule"

// MaxSize is the longest query that is read, in bytes, and MaxDepth how deep
// its parts may be nested. The longest of ten thousand public rules has 60 kB.
const (
	MaxSize  = 1 << 20
	MaxDepth = 200
)

// Problem is something that kept a query from being read completely. Span
// counts the bytes of the query from 0.
type Problem struct {
	Span    rule.Span
	Message string // lower case, quotes what was found, says what was expected
	Warning bool   // the query was read all the same
}

// Move replaces every place in a condition by what at says it is. A condition
// that several others share is moved once.
func Move(c rule.Condition, at func(rule.Span) rule.Span) {
	move(c, at, map[rule.Condition]bool{})
}

func move(c rule.Condition, at func(rule.Span) rule.Span, seen map[rule.Condition]bool) {
	if c == nil || seen[c] {
		return
	}
	seen[c] = true
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			move(child, at, seen)
		}
	case *rule.Or:
		for _, child := range c.Children {
			move(child, at, seen)
		}
	case *rule.Not:
		c.Span = at(c.Span)
		move(c.Child, at, seen)
	case *rule.Branch:
		move(c.Child, at, seen)
	case *rule.Predicate:
		c.Field.Span = at(c.Field.Span)
		c.Span = at(c.Span)
	}
}
