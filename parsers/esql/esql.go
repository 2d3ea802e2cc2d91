// Package esql reads ES|QL, Elasticsearch's piped query language: a lexer and
// a parser of the whole grammar (EsqlBaseParser.g4 and EsqlBaseLexer.g4 of
// Elasticsearch, commands in preview included), and what a pipeline's filters
// say about the events it starts from.
package esql

import (
	"fmt"
	"slices"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// maxDepth is how deep expressions and pipelines may be nested.
const maxDepth = query.MaxDepth

// Query is a query as it was read.
type Query struct {
	// Sources are the index patterns of FROM and TS, those of subqueries
	// included, in the order of the query.
	Sources []Source
	// Metadata are the fields after METADATA of the query's own FROM.
	Metadata []rule.Text
	// Aggregates is set when the rows that come out are no longer events: a
	// STATS stands in the pipeline, or in every subquery it starts from.
	Aggregates bool
	// Stateful is set when rows depend on several events: the query
	// aggregates, adds aggregates to its events, or looks for a change in a
	// series of them.
	Stateful bool
	// Keep are the column patterns of the last KEEP, nil when there is none
	// or when STATS makes new columns after it.
	Keep []rule.Text
	// Commands are all commands in the order of the query, those of
	// subqueries and branches included.
	Commands []Command

	text string
	root *pipeline
}

// Source is an index pattern of FROM, TS or LOOKUP JOIN.
type Source struct {
	// Cluster is the remote cluster the pattern is prefixed with, Selector
	// what follows "::" (data or failures). Both may be empty.
	Cluster, Selector string
	Pattern           rule.Text
	// Lookup is set when rows are only looked up there (LOOKUP JOIN).
	Lookup bool
}

// Command is one command of a query. Name is in upper case, in the words of
// the reference: WHERE, INLINE STATS, LOOKUP JOIN. Span is the whole command
// without the pipe in front. Nested is set in subqueries and branches.
type Command struct {
	Name   string
	Span   rule.Span
	Nested bool
}

// Parse reads a query. The query is never nil; what could not be read is in
// the problems. In a command with a mistake only the first one is reported,
// and the commands after it are read all the same. Warnings are about commands
// and functions that ES|QL does not have.
func Parse(text string) (*Query, []query.Problem) {
	q := &Query{text: text}
	if len(text) > query.MaxSize {
		return q, []query.Problem{{
			Span:    rule.Span{End: 1},
			Message: fmt.Sprintf("query has %d bytes, expected at most %d", len(text), query.MaxSize),
		}}
	}
	p := &parser{lex: lexer{text: text}, query: q, checked: map[string]bool{}}
	p.advance()
	p.settings()
	if p.tok.kind == kEOF {
		p.fail(rule.Span{End: int32(len(text))}, `query is empty, expected a source command such as "from"`)
		return q, p.problems
	}
	q.root = p.pipeline(false)
	if !p.failed && p.tok.kind != kEOF {
		p.unexpected("the end of the query")
	}
	q.outline()
	return q, p.problems
}

// outline fills what the query says of its own pipeline.
func (q *Query) outline() {
	if len(q.root.commands) == 0 {
		return
	}
	q.Metadata = q.root.commands[0].metadata
	for _, c := range q.root.commands {
		switch c.name {
		case "STATS":
			q.Keep = nil
		case "KEEP":
			q.Keep = nil
			for _, n := range c.names {
				q.Keep = append(q.Keep, rule.Text{Value: n.text, Span: n.span})
			}
		}
	}
	q.Aggregates = passes(q.root, "STATS")
	q.Stateful = passes(q.root, "STATS", "INLINE STATS", "CHANGE_POINT")
}

// passes reports whether every row of a pipeline comes through one of some
// commands: in the pipeline itself, or in all that lead into it.
func passes(p *pipeline, names ...string) bool {
	for _, c := range p.commands {
		if slices.Contains(names, c.name) || allPass(c.branches, names) || len(c.sources) == 0 && allPass(c.subqueries, names) {
			return true
		}
	}
	return false
}

func allPass(list []*pipeline, names []string) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(p *pipeline) bool { return !passes(p, names...) })
}

// Plain reports whether the events of a query come from one FROM and leave it
// row by row: neither subqueries nor branches make the rows.
func (q *Query) Plain() bool {
	for i, c := range q.Commands {
		switch {
		case c.Nested, c.Name == "FORK", i == 0 && c.Name != "FROM" && c.Name != "SET":
			return false
		}
	}
	return len(q.Commands) > 0
}
