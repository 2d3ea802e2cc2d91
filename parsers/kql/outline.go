package kql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// Tables returns the tables that the query reads, and the functions that
// return one and that the query does not define itself, each once: the one that
// a pipeline starts from before those it is joined or compared with. Places are
// those in the query.
func (q *Query) Tables() []rule.Text {
	b := q.build()
	if b == nil {
		return nil
	}
	var out []rule.Text
	seen := map[string]bool{}
	rule.Walk(b.root, func(c rule.Condition) bool {
		if branch, ok := c.(*rule.Branch); ok {
			for _, s := range branch.Selectors {
				if !seen[s.Value.Value] {
					seen[s.Value.Value] = true
					out = append(out, s.Value)
				}
			}
		}
		return true
	})
	return out
}

// Stateful reports whether no single event makes the query return something: a
// condition looks at what was counted, events are joined with others, or
// compared with what was there before.
func (q *Query) Stateful() bool {
	b := q.build()
	return b != nil && b.stateful
}

// Columns returns the names of the columns that the query returns, sorted.
// known is false when there may be others: the rows of a table come out as
// they are, or a plugin makes columns that only the data tells.
func (q *Query) Columns() (names []string, known bool) {
	b := q.build()
	if b == nil || b.result == nil {
		return nil, false
	}
	for column := range b.result.columns.names {
		if column != "" && column != "$table" {
			names = append(names, column)
		}
	}
	slices.Sort(names)
	return names, b.result.columns.closed
}

// Operator is one operator of a query. Name is that of the reference:
// mv-expand, not mvexpand.
type Operator struct {
	Name string
	Span rule.Span
}

// Operators returns all operators in the order of the query.
func (q *Query) Operators() []Operator {
	out := make([]Operator, 0, len(q.operators))
	for _, o := range q.operators {
		out = append(out, Operator{Name: o.name, Span: o.span})
	}
	return out
}

// Functions returns the functions that the query calls, as written, each once.
func (q *Query) Functions() []rule.Text {
	var out []rule.Text
	seen := map[string]bool{}
	for _, c := range q.calls {
		if !seen[c.named.Value] {
			seen[c.named.Value] = true
			out = append(out, c.named)
		}
	}
	return out
}

// Watchlists returns the names of the watchlists that the query reads.
func (q *Query) Watchlists() []rule.Text {
	var out []rule.Text
	for _, c := range q.calls {
		if strings.HasPrefix(c.function, "_getwatchlist") && len(c.args) > 0 {
			if l, ok := bare(c.args[0]).(*literal); ok && l.kind == litString {
				out = append(out, rule.Text{Value: l.value, Span: l.span})
			}
		}
	}
	return out
}

// Returns reports whether the query has a statement that returns something.
func (q *Query) Returns() bool {
	return q.root != nil && slices.ContainsFunc(q.root.statements, func(s *statement) bool { return s.keyword == "" })
}
