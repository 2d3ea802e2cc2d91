// Package lucene reads the classic Lucene query syntax as Elasticsearch's
// query_string reads it: text becomes tokens, a syntax tree, and a condition.
//
// Tokens and grammar are those of Lucene's classic QueryParser (QueryParser.jj
// in org.apache.lucene.queryparser.classic); what a clause then means in
// Elasticsearch (>= before a value, _exists_, * alone) is documented for
// query_string.
package lucene

import (
	"fmt"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Query is a query that was read.
type Query struct {
	// Root is the syntax tree, nil when the query is empty or could not be
	// read to its end.
	Root *Group
}

// Group is a series of clauses: the whole query, or what stands in
// parentheses.
type Group struct {
	Clauses []*Clause
	Span    rule.Span
}

// Occur tells how a clause takes part in its group.
type Occur int

// A Should clause constrains its group only where no clause is a Must.
const (
	Should Occur = iota
	Must
	MustNot
)

// Clause is one part of a group, with the signs before it.
type Clause struct {
	Occur Occur
	// Conjunction is the AND, OR, && or || before the clause, and Modifier the
	// +, -, ! or NOT. Both may be empty.
	Conjunction, Modifier rule.Text
	Field                 *Field // nil where the clause has none of its own
	Node                  Node
	Span                  rule.Span // from the modifier to the end
}

// Field is a field's name with the colon behind it; "*" is every field.
type Field struct {
	Text string // decoded; an escaped * of the source is a wildcard
	Span rule.Span
}

// Node is what a clause asks for: a Group, Term or Range.
type Node interface{ isNode() }

// Kind is how a term is written.
type Kind int

// The kinds of terms. Only a Word has wildcards, and only a Word may begin
// with >, >=, < or <=.
const (
	Word Kind = iota
	Phrase
	Regexp
)

// Term is a single word, a phrase in quotes or a regular expression.
type Term struct {
	Kind  Kind
	Text  string // decoded; an unescaped wildcard stands as it is
	Fuzzy string // ~ and what follows it, as written; empty when there is none
	Span  rule.Span

	pieces []piece
}

// piece is a run of decoded text, or a wildcard.
type piece struct {
	text string
	wild byte // '*' or '?', 0 for text
}

// Range is [from TO to] with a bracket, or a brace where the bound itself is
// left out, on either side.
type Range struct {
	From, To Bound
	Span     rule.Span
}

// Bound is an end of a range.
type Bound struct {
	Text      string
	Open      bool // a * in place of a bound
	Inclusive bool
	Bracket   string
	Span      rule.Span
}

func (*Group) isNode() {}
func (*Term) isNode()  {}
func (*Range) isNode() {}

// Parse reads a query. What keeps it from being read is in the problems, the
// first mistake only; warnings are about what Lucene accepts and reads
// differently than it looks.
func Parse(text string) (*Query, []query.Problem) {
	q := &Query{}
	if len(text) > query.MaxSize {
		return q, []query.Problem{{
			Span:    rule.Span{End: 1},
			Message: fmt.Sprintf("query has %d bytes, expected at most %d", len(text), query.MaxSize),
		}}
	}
	p := &parser{scanner: scanner{text: text}}
	p.next()
	if p.tok.kind == end && !p.failed {
		p.warn(rule.Span{End: int32(len(text))}, "query is empty: it matches no event")
		return q, p.problems
	}
	root := p.group()
	if !p.failed && p.tok.kind != end {
		p.unexpected()
	}
	if !p.failed {
		q.Root = root
		p.check(root)
	}
	return q, p.problems
}
