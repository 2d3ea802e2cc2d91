package lucene

import (
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Condition is what the query says, nil when it could not be read. Lucene has
// nothing that could stay unresolved.
func (q *Query) Condition() (rule.Condition, []string) {
	if q.Root == nil {
		return nil, nil
	}
	if c := convert(q.Root, nil, false); c != nil {
		return c, nil
	}
	return &rule.And{}, nil
}

// convert returns the condition of a node, nil when it only bounds the time.
// field is the one the node is searched in, nil for the default fields; negated
// is set where an odd number of negations stands above.
func convert(n Node, field *Field, negated bool) rule.Condition {
	if g, ok := n.(*Group); ok {
		return group(g, field, negated)
	}
	if field != nil && field.Text == timestamp {
		return nil
	}
	switch n := n.(type) {
	case *Term:
		return termCondition(n, field)
	case *Range:
		return rangeCondition(n, field)
	}
	return nil
}

// group makes one condition of the clauses of a group, as Lucene's
// BooleanQuery matches them: all Must clauses, no MustNot clause, and one of
// the Should clauses where there is no Must clause. A Should clause beside a
// Must clause only changes the score (BooleanClause.Occur), so it constrains
// nothing and is left out; check warns about it. A group of nothing but MustNot
// clauses matches every event they leave, which Elasticsearch sees to
// (Queries.fixNegativeQueryIfNeeded).
func group(g *Group, field *Field, negated bool) rule.Condition {
	must := g.has(Must)
	var all, some []rule.Condition
	alternatives := -1
	for _, c := range g.Clauses {
		inner := field
		if c.Field != nil {
			inner = c.Field
		}
		switch {
		case c.Occur == MustNot:
			all = append(all, query.Negate(convert(c.Node, inner, !negated), c.Span))
		case c.Occur == Must:
			all = append(all, convert(c.Node, inner, negated))
		case !must:
			if alternatives < 0 {
				alternatives = len(all)
				all = append(all, nil) // keeps the order of the query
			}
			some = append(some, convert(c.Node, inner, negated))
		}
	}
	if alternatives >= 0 {
		all[alternatives] = query.Any(some, negated)
	}
	return query.All(all, negated)
}

func (g *Group) has(o Occur) bool {
	for _, c := range g.Clauses {
		if c.Occur == o {
			return true
		}
	}
	return false
}

// everywhere reports whether a field stands for all of them.
func everywhere(field *Field) bool { return field == nil || field.Text == "*" }

func termCondition(t *Term, field *Field) rule.Condition {
	if everywhere(field) {
		return freeText(t)
	}
	name := rule.Text{Value: field.Text, Span: field.Span}
	if field.Text == "_exists_" {
		return &rule.Predicate{
			Field: rule.Text{Value: t.Text, Span: t.Span}, Operator: rule.Exists, SourceOperator: "_exists_",
			Span: rule.Span{Start: field.Span.Start, End: t.Span.End},
		}
	}
	// A fuzzy term and a phrase with gaps are eq: no operator is nearer, and
	// the source operator holds the ~.
	out := &rule.Predicate{Field: name, SourceOperator: ":" + t.Fuzzy, Span: t.Span}
	if sign, op, ok := t.order(); ok {
		out.Operator, out.SourceOperator, out.Value = op, ":"+sign, t.Text[len(sign):]
		return out
	}
	if t.Kind == Regexp {
		out.Operator, out.Value, out.Pattern = rule.Regex, t.Text, t.Text
		return out
	}
	out.Operator, out.Value = t.pattern().Reduce()
	if out.Operator == rule.Eq && query.IsNetwork(field.Text, out.Value) {
		out.Operator = rule.CIDR
	}
	return out
}

// freeText is the condition of a term that is searched in all fields. A bare
// star is every event.
func freeText(t *Term) rule.Condition {
	out := &rule.Predicate{
		Field: rule.Text{Value: "*", Span: t.Span}, Operator: rule.Match, SourceOperator: t.Fuzzy,
		Value: t.pattern().Keyword(), Span: t.Span,
	}
	if t.Kind == Regexp {
		out.Operator, out.Value, out.Pattern = rule.Regex, t.Text, t.Text
	}
	if out.Value == "" {
		return &rule.And{}
	}
	return out
}

var orders = []struct {
	sign string
	op   rule.Operator
}{{">=", rule.Gte}, {"<=", rule.Lte}, {">", rule.Gt}, {"<", rule.Lt}}

// order returns the sign of order that a word of a field begins with, which
// Elasticsearch reads as a range with one end (age:>=10).
func (t *Term) order() (sign string, op rule.Operator, ok bool) {
	if t.Kind != Word {
		return "", "", false
	}
	for _, o := range orders {
		if strings.HasPrefix(t.Text, o.sign) && len(t.Text) > len(o.sign) {
			return o.sign, o.op, true
		}
	}
	return "", "", false
}

func rangeCondition(r *Range, field *Field) rule.Condition {
	name := rule.Text{Value: "*", Span: r.Span}
	if field != nil {
		name = rule.Text{Value: field.Text, Span: field.Span}
	}
	var ends []rule.Condition
	add := func(b Bound, inclusive, exclusive rule.Operator) {
		if b.Open {
			return
		}
		p := &rule.Predicate{Field: name, Operator: exclusive, SourceOperator: b.Bracket, Value: b.Text, Span: b.Span}
		if b.Inclusive {
			p.Operator = inclusive
		}
		ends = append(ends, p)
	}
	add(r.From, rule.Gte, rule.Gt)
	add(r.To, rule.Lte, rule.Lt)
	switch {
	case len(ends) == 2:
		return &rule.And{Children: ends}
	case len(ends) == 1:
		return ends[0]
	case everywhere(field):
		return &rule.And{}
	}
	return &rule.Predicate{Field: name, Operator: rule.Exists, SourceOperator: r.From.Bracket + r.To.Bracket, Span: r.Span}
}

// pattern is the term as a glob.
func (t *Term) pattern() *glob.Pattern {
	p := &glob.Pattern{}
	for _, part := range t.pieces {
		switch part.wild {
		case '*':
			p.Any()
		case '?':
			p.One()
		default:
			p.Literal(part.text)
		}
	}
	return p
}
