// Package spl reads SPL, the search processing language of Splunk: pipelines
// of commands, each with token rules of its own, the macros they call, and what
// their filters say about the events they start from. docs/splunk.md lists what
// is understood and what is opaque.
package spl

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// maxDepth is how deep expressions may be nested, maxNested how deep
// subsearches.
const (
	maxDepth  = query.MaxDepth
	maxNested = 20
)

// Query is a search as it was read. All places are bytes of its text; what a
// macro stands for is at the call of the macro.
type Query struct {
	// Commands are all commands, in the order of the search, those of
	// subsearches and of macros included.
	Commands []Command
	// Macros are the calls that are written in the text itself, in its order.
	Macros []MacroCall
	// Lookups are the lookups used, those of subsearches included.
	Lookups []Lookup
	// DataModels are the models and datasets read, as Model or Model.Dataset.
	DataModels []rule.Text
	// Columns are the columns of the rows that come out, in the order they
	// were made. Open is set when there may be others: those of the events.
	Columns []string
	Open    bool
	// Stateful is set when no single event makes the search return something.
	Stateful bool

	// First are the search terms that the search starts with, nil when it
	// starts with something else or has none.
	First *Terms

	text     string
	expanded string // with what macros stand for; the places of commands are in it
	root     *pipeline
}

// Command is one command. Name is in lower case. Nested is set in subsearches,
// Macro names the macro the command comes from.
type Command struct {
	Name   string
	Span   rule.Span
	Nested bool
	Macro  string
	// Known is set for the commands of Splunk's search reference.
	Known bool
}

// Terms are search terms that choose the events of a search.
type Terms struct {
	Command string    // search, tstats or mstats
	Model   string    // the data model of tstats, as Model.Dataset
	Span    rule.Span // without the white space around them
}

// Lookup is one use of a lookup.
type Lookup struct {
	Command string // lookup, inputlookup or outputlookup
	Name    rule.Text
	// Inputs are the lookup's columns that are compared, Fields the columns
	// of the search they are compared with, Outputs the lookup's columns that
	// are taken over.
	Inputs, Fields, Outputs []rule.Text
}

// Parse reads a search. The query is never nil; what could not be read is in
// the problems. In a command with a mistake only the first one is reported,
// and the commands after it are read all the same.
func Parse(text string, macros Macros) (*Query, []query.Problem) {
	q := &Query{text: text}
	if len(text) > query.MaxSize {
		return q, []query.Problem{{
			Span:    rule.Span{End: 1},
			Message: fmt.Sprintf("search has %d bytes, expected at most %d", len(text), query.MaxSize),
		}}
	}
	if strings.TrimSpace(text) == "" {
		return q, []query.Problem{{Span: rule.Span{End: int32(len(text))}, Message: "search is empty, expected search terms or a command"}}
	}
	e := newExpander(macros)
	lay := e.expand(text, nil)
	q.Macros = e.calls
	p := &parser{query: q, expander: e, layer: lay, text: lay.text, torn: e.torn}
	p.problems = append(p.problems, e.problems...)
	q.expanded = lay.text
	q.root = p.outer()
	q.First = p.first(q.root)
	q.outline()
	return q, p.problems
}

// outline fills what the query says of itself as a whole.
func (q *Query) outline() {
	if q.root == nil {
		return
	}
	b := newBuilder(q)
	_, c := b.pipeline(q.root, newColumns())
	q.Stateful = b.stateful
	q.Open = !c.closed
	q.Columns = c.names()
}

// Condition is what the filters of the search say, in the order of the search:
// every filter adds to the top level of its pipeline, and a subsearch has a top
// level of its own. It is nil when nothing could be read. What could not be
// looked into is named as kind:name.
func (q *Query) Condition() (rule.Condition, []string) {
	if q.root == nil {
		return nil, nil
	}
	b := newBuilder(q)
	conjuncts, _ := b.pipeline(q.root, newColumns())
	return all(conjuncts), b.unresolved
}
