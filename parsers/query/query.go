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
	// Macro is the macro whose text has the problem, which stands at the call
	// of it then; File is where the macro is defined. Both are empty for what
	// the query itself has.
	Macro, File string
}

// Move replaces every place in a condition by what at says it is. A condition
// that several others share is moved once.
func Move(c rule.Condition, at func(rule.Span) rule.Span) {
	rule.Walk(c, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Not:
			c.Span = at(c.Span)
		case *rule.Predicate:
			c.Field.Span = at(c.Field.Span)
			c.Span = at(c.Span)
		}
		return true
	})
}
