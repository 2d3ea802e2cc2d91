package kuery

import (
	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// operators are the ranges of the grammar.
var operators = map[string]rule.Operator{"<": rule.Lt, "<=": rule.Lte, ">": rule.Gt, ">=": rule.Gte}

// Condition is what the query says, nil when it could not be read. Kuery has
// nothing that could stay unresolved.
func (q *Query) Condition() (rule.Condition, []string) {
	if q.Root == nil {
		return nil, nil
	}
	if c := convert(q.Root, ""); c != nil {
		return c, nil
	}
	return &rule.And{}, nil
}

// convert returns the condition of a node, nil when it has no predicate: a
// bare star and what only bounds the time. path stands before every field, for
// nested fields.
func convert(n Node, path string) rule.Condition {
	switch n := n.(type) {
	case *Boolean:
		return join(n, func(child Node) rule.Condition { return convert(child, path) })
	case *Negation:
		return negate(n, convert(n.Child, path))
	case *Nested:
		return convert(n.Child, path+n.Path.Text+".")
	case *Comparison:
		if n.Field == nil {
			return freeText(n.Value.(*Literal))
		}
		field := rule.Text{Value: path + n.Field.Text, Span: n.Field.Span}
		if field.Value == "@timestamp" {
			return nil
		}
		return values(n, n.Value, field)
	}
	return nil
}

// join makes one condition of several. An alternative without a predicate
// holds whatever the event has; a conjunct without one adds nothing.
func join(n *Boolean, child func(Node) rule.Condition) rule.Condition {
	children := make([]rule.Condition, 0, len(n.Children))
	some := false
	for _, c := range n.Children {
		cond := child(c)
		some = some || cond != nil
		switch {
		case cond != nil:
			children = append(children, cond)
		case n.Or:
			children = append(children, &rule.And{})
		}
	}
	switch {
	case !some:
		return nil
	case n.Or:
		return &rule.Or{Children: children}
	}
	return &rule.And{Children: children}
}

func negate(n *Negation, child rule.Condition) rule.Condition {
	if child == nil {
		return nil
	}
	return &rule.Not{Child: child, Span: n.Span}
}

// freeText is the condition of a value that is searched in all fields.
func freeText(l *Literal) rule.Condition {
	p := l.pattern()
	text := p.Keyword()
	if text == "" {
		return nil
	}
	return &rule.Predicate{Field: rule.Text{Value: "*", Span: l.Span}, Operator: rule.Match, Value: text, Span: l.Span}
}

// values is the condition of the value or list of values of a comparison.
func values(c *Comparison, n Node, field rule.Text) rule.Condition {
	switch n := n.(type) {
	case *Boolean:
		return join(n, func(child Node) rule.Condition { return values(c, child, field) })
	case *Negation:
		return negate(n, values(c, n.Child, field))
	case *Literal:
		if field.Value == "*" && c.Field.Wild && c.Operator.Value == ":" {
			return freeText(n)
		}
		return value(c, n, field)
	}
	return nil
}

func value(c *Comparison, l *Literal, field rule.Text) rule.Condition {
	out := &rule.Predicate{Field: field, SourceOperator: c.Operator.Value, Value: l.Text, Span: l.Span}
	if op, ok := operators[c.Operator.Value]; ok {
		out.Operator = op
		return out
	}
	if l.Text == "null" && !l.Quoted {
		out.Operator, out.Value = rule.Exists, ""
		return &rule.Not{Child: out, Span: c.Span}
	}
	p := l.pattern()
	out.Operator, out.Value = p.Reduce()
	if out.Operator == rule.Eq && query.IsNetwork(field.Value, out.Value) {
		out.Operator = rule.CIDR
	}
	return out
}

// pattern is the literal as a glob. Only the star is a wildcard: Kibana
// escapes the question mark before it asks Elasticsearch.
func (l *Literal) pattern() *glob.Pattern {
	p := &glob.Pattern{}
	for _, part := range l.pieces {
		if part.star {
			p.Any()
		} else {
			p.Literal(part.text)
		}
	}
	return p
}
