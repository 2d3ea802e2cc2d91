// Package kql reads the Kusto query language, in which Microsoft Sentinel and
// Defender XDR have their detections: a lexer and a parser of the whole
// grammar that Microsoft's parser takes, and what the filters of a query say
// about the events it starts from.
package kql

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// maxDepth is how deep expressions and pipelines may be nested.
const maxDepth = query.MaxDepth

// Query is a query as it was read.
type Query struct {
	// Joined are strings within a list that stand next to each other without
	// a comma and so are one.
	Joined []rule.Span
	// Unequal are the filters that give a value a name where it was meant to
	// be compared: where A = "x".
	Unequal []rule.Span
	// Uneven are the datatables whose last row is not complete.
	Uneven []rule.Span

	text      string
	tokens    []token
	root      *block
	calls     []*call
	operators []*operator
	built     *builder
}

// Parse reads a query. The query is never nil; what could not be read is in
// the problems. In an operator with a mistake only the first one is reported,
// and the operators after it are read all the same.
func Parse(text string) (*Query, []query.Problem) {
	q := &Query{text: text}
	if len(text) > query.MaxSize {
		return q, []query.Problem{{
			Span:    rule.Span{End: 1},
			Message: fmt.Sprintf("query has %d bytes, expected at most %d", len(text), query.MaxSize),
		}}
	}
	p := &parser{text: text, query: q, tokens: lex(directives(text))}
	p.tok = &p.tokens[0]
	q.tokens = p.tokens
	q.root = p.block(false)
	return q, p.problems
}

// directives blanks out the lines that begin with "#" at the start of a query,
// which tell client tools what to do with it.
func directives(text string) string {
	at := 0
	for {
		rest := strings.TrimLeft(text[at:], " \t\r\n")
		if !strings.HasPrefix(rest, "#") {
			return strings.Repeat(" ", at) + text[at:]
		}
		end := strings.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		at = len(text) - len(rest) + end
	}
}
