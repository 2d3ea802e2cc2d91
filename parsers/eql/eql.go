// Package eql reads the Event Query Language of Elastic: the language of
// Elasticsearch's EQL search, and what python-eql (Endgame's EQL) and the
// rules of Elastic Endpoint add to it. The text becomes a syntax tree, and the
// tree a condition.
//
// References: "EQL syntax reference", "EQL function reference" and "EQL pipe
// reference" of the Elasticsearch documentation, Elasticsearch's grammar
// EqlBase.g4, and the grammar and documentation of python-eql. Where the
// dialects accept different things, everything one of them accepts is read;
// what none of those in use accepts is reported, and still understood where
// only one thing can be meant.
package eql

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Kind is the form of a query.
type Kind string

// The forms of a query.
const (
	Event    Kind = "event"    // one event: process where …
	Sequence Kind = "sequence" // events one after the other
	Sample   Kind = "sample"   // events in any order, of Elasticsearch
	Join     Kind = "join"     // events in any order, of python-eql
)

// Query is what was read of a query.
type Query struct {
	Kind Kind
	// Steps are the events, in the order of the query: one for an event query.
	Steps []Step
	// By are the keys that the head names for all steps.
	By      []Expr
	MaxSpan MaxSpan
	Until   *Step // nil when there is none
	Pipes   []Pipe
	Span    rule.Span // without the white space around it
}

// MaxSpan is how much time may pass between the first and the last event of a
// sequence. It is zero when the query does not say.
type MaxSpan struct {
	Text     rule.Text // "5m", as written
	Duration time.Duration
}

// Step is one event of a query.
type Step struct {
	// Category is the event category, "any" for all of them. It is empty
	// when the query lacks it.
	Category rule.Text
	// Expr is the condition after "where", nil when it could not be read.
	Expr Expr
	// By are the keys of this step, in addition to those of the head.
	By []Expr
	// Missing is set for ![ … ]: the event must not occur.
	Missing bool
	// Runs is how often in a row the event must occur: with runs=3.
	Runs int
	// Fork is python-eql's fork: the event does not end older sequences.
	Fork bool
	// Alias is the name that Endpoint's later steps have for the event.
	Alias rule.Text
	Span  rule.Span
}

// Pipe is a stage after the query: | head 5.
type Pipe struct {
	Name rule.Text
	Args []Expr
	Span rule.Span
}

// Stateful reports whether the query is about several events: it asks for
// them together, or counts them. Pipes that choose among the events that were
// found let a single one through.
func (q *Query) Stateful() bool {
	return q.Kind != Event || slices.ContainsFunc(q.Pipes, func(pipe Pipe) bool { return pipe.counts() })
}

// counts reports whether the events become numbers.
func (p *Pipe) counts() bool {
	name := strings.ToLower(p.Name.Value)
	return name == "count" || name == "unique_count"
}

// Categories returns the event category of every step, and of until, in the
// order of the query. A step without one is left out.
func (q *Query) Categories() []rule.Text {
	var out []rule.Text
	for i := range q.Steps {
		if c := q.Steps[i].Category; !c.Span.IsZero() {
			out = append(out, c)
		}
	}
	if q.Until != nil && !q.Until.Category.Span.IsZero() {
		out = append(out, q.Until.Category)
	}
	return out
}

// maxProblems bounds what is said of one query.
const maxProblems = 20

// Parse reads a query. The query it returns has what could be read of the
// text; it is never nil. Problems are in the order of the text.
func Parse(text string) (*Query, []query.Problem) {
	p := &parser{text: text, q: &Query{Kind: Event}}
	if len(text) > query.MaxSize {
		return p.q, []query.Problem{{Span: rule.Span{End: 1}, Message: fmt.Sprintf("query has %d bytes, expected at most %d", len(text), query.MaxSize)}}
	}
	p.toks, p.problems = lex(text)
	p.tok = p.toks[0]
	p.query()
	slices.SortStableFunc(p.problems, func(a, b query.Problem) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	if p.failed {
		// What the lexer saw behind the place where reading ended may be an
		// effect of the mistake.
		for i, problem := range p.problems {
			if problem == p.failure {
				p.problems = p.problems[:i+1]
				break
			}
		}
	}
	return p.q, p.problems[:min(len(p.problems), maxProblems)]
}
