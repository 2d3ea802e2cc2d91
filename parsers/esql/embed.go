package esql

import (
	"strings"

	"github.com/detlint/detlint/parsers/kuery"
	"github.com/detlint/detlint/parsers/lucene"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parsed is a query in another language.
type parsed interface {
	Condition() (rule.Condition, []string)
	Frame() []string
}

// other reads the query in a call of KQL or QSTR. It is nil for other functions
// and for queries that are no constant.
func other(c *call) (parsed, []query.Problem, func(rule.Span) rule.Span) {
	if len(c.args) == 0 {
		return nil, nil, nil
	}
	l, ok := c.args[0].(*literal)
	if !ok || l.kind != litString {
		return nil, nil, nil
	}
	switch c.function {
	case "kql":
		q, problems := kuery.Parse(l.value)
		return q, problems, places(l)
	case "qstr":
		q, problems := lucene.Parse(l.value)
		return q, problems, places(l)
	}
	return nil, nil, nil
}

// places returns what moves a place in the text of a string to its place in
// the query.
func places(l *literal) func(rule.Span) rule.Span {
	if strings.HasPrefix(l.raw, `"""`) {
		start := l.span.Start + 3
		return func(s rule.Span) rule.Span { return rule.Span{Start: start + s.Start, End: start + s.End} }
	}
	_, at := decode(quoted(l.raw))
	start := l.span.Start + 1
	place := func(i int32) int32 { return start + at[min(max(i, 0), int32(len(at)-1))] }
	return func(s rule.Span) rule.Span { return rule.Span{Start: place(s.Start), End: place(s.End)} }
}

// embed reports what is wrong with a query in another language.
func (p *parser) embed(c *call) {
	if p.failed {
		return
	}
	_, problems, at := other(c)
	for _, problem := range problems {
		problem.Span = at(problem.Span)
		p.problems = append(p.problems, problem)
	}
}

// embedded converts a query in another language.
func (b *builder) embedded(c *call) rule.Condition {
	q, _, at := other(c)
	if q == nil {
		b.unknown("query", text(c))
		return nil
	}
	cond, unresolved := q.Condition()
	for _, what := range unresolved {
		kind, name, _ := strings.Cut(what, ":")
		b.unknown(kind, name)
	}
	query.Move(cond, at)
	rule.Walk(cond, func(c rule.Condition) bool {
		if p, ok := c.(*rule.Predicate); ok {
			p.Behind = b.behind
		}
		return true
	})
	for _, window := range q.Frame() {
		b.window(strings.TrimPrefix(window, "time "))
	}
	if query.Always(cond) {
		return nil // it may be a time window, which says nothing when negated either
	}
	return cond
}
