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

// AfterFilters is where in the query the filters end that stand directly behind
// a table, or where the table itself ends: up to there all of its columns have
// their own names. ok is false where the query does not name the table once.
func (q *Query) AfterFilters(table string) (end int32, ok bool) {
	named := func(t token) bool { return q.text[t.start:t.end] == table }
	i := slices.IndexFunc(q.tokens, named)
	if i < 0 || slices.ContainsFunc(q.tokens[i+1:], named) {
		return 0, false
	}
	start := q.tokens[i].start
	end = q.tokens[i].end
	if i++; i < len(q.tokens) && q.text[q.tokens[i].start:q.tokens[i].end] == "(" {
		call := slices.IndexFunc(q.calls, func(c *call) bool { return c.span.Start == start })
		if call < 0 {
			return 0, false
		}
		end = q.calls[call].span.End
	}
	for _, o := range q.operators {
		if o.span.Start < end {
			continue
		}
		if o.name != "where" || o.broken || strings.Trim(withoutComments(q.text[end:o.span.Start]), " \t\r\n") != "|" {
			break
		}
		end = o.span.End
	}
	return end, true
}

// withoutComments leaves out the comments of a text that has no strings.
func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		b.WriteString(line)
	}
	return b.String()
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
