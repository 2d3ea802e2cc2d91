// Package kuery reads the Kibana Query Language: text becomes a syntax tree,
// and the tree a condition.
//
// The language is the one of Kibana's own grammar (kbn-es-query,
// grammar.peggy), which has no tokens: an unquoted value runs over blanks up to
// the next keyword or special character. So does this reader.
package kuery

import (
	"fmt"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Query is a query that was read.
type Query struct {
	// Root is the syntax tree, nil when the query is empty or could not be
	// read to its end.
	Root Node
}

// Node is a part of the syntax tree: Boolean, Negation, Nested, Comparison or
// Literal.
type Node interface{ isNode() }

// Boolean joins two or more comparisons, or two or more values of a list, by
// one operator.
type Boolean struct {
	Or       bool // by "or", else by "and"
	Children []Node
}

// Negation is "not" before a comparison or a value of a list.
type Negation struct {
	Child Node
	Span  rule.Span // from "not" to the end of what it negates
}

// Nested is path:{ … }: its comparisons must hold for one and the same element
// of a nested field.
type Nested struct {
	Path  *Literal
	Child Node
	Span  rule.Span
}

// Comparison compares a field with a value or a list of values, or searches a
// value in all fields.
type Comparison struct {
	Field    *Literal  // nil when all fields are searched
	Operator rule.Text // ":", "<", "<=", ">" or ">="; empty when all fields are searched
	Value    Node      // a Literal; after ":" also Boolean and Negation over them
	Span     rule.Span
}

// Literal is a quoted or unquoted piece of text: a field name or a value.
type Literal struct {
	// Text is the decoded text, in which an unescaped * of an unquoted
	// literal stands as it is.
	Text   string
	Quoted bool
	Wild   bool      // has an unescaped *
	Span   rule.Span // quotes included

	pieces []piece
}

// piece is a run of decoded text, or a wildcard.
type piece struct {
	text string
	star bool
}

func (*Boolean) isNode()    {}
func (*Negation) isNode()   {}
func (*Nested) isNode()     {}
func (*Comparison) isNode() {}
func (*Literal) isNode()    {}

// Parse reads a query. What keeps it from being read is in the problems, the
// first mistake only; warnings are about what Kibana accepts and reads
// differently than it looks.
func Parse(text string) (*Query, []query.Problem) {
	q := &Query{}
	if len(text) > query.MaxSize {
		return q, []query.Problem{{
			Span:    rule.Span{End: 1},
			Message: fmt.Sprintf("query has %d bytes, expected at most %d", len(text), query.MaxSize),
		}}
	}
	p := &parser{text: text}
	p.space()
	if p.pos == len(text) {
		p.warn(rule.Span{End: int32(len(text))}, "query is empty: it matches every event")
		return q, p.problems
	}
	root := p.or(nil)
	if !p.failed && !p.ended() {
		p.unexpected(nil)
	}
	if !p.failed {
		q.Root = root
	}
	return q, p.problems
}
