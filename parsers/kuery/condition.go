package kuery

import (
	"strconv"

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
	if c := (&converter{}).convert(q.Root, ""); c != nil {
		return c, nil
	}
	return &rule.And{}, nil
}

// converter turns syntax trees into conditions, which are nil for what only
// bounds the time.
type converter struct {
	nested  map[string]int // how many parts of each nested field were looked at
	behind  string         // the one that is looked at, as rule.Predicate has it
	negated bool           // an odd number of negations stands above
}

// convert returns the condition of a node. path stands before every field, for
// nested fields.
func (b *converter) convert(n Node, path string) rule.Condition {
	switch n := n.(type) {
	case *Boolean:
		return b.join(n, func(child Node) rule.Condition { return b.convert(child, path) })
	case *Negation:
		return b.negate(n, func() rule.Condition { return b.convert(n.Child, path) })
	case *Nested:
		return b.inElement(path+n.Path.Text, func() rule.Condition { return b.convert(n.Child, path+n.Path.Text+".") })
	case *Comparison:
		if n.Field == nil {
			return freeText(n.Value.(*Literal))
		}
		field := rule.Text{Value: path + n.Field.Text, Span: n.Field.Span}
		if field.Value == timestamp {
			return nil
		}
		return b.values(n, n.Value, field)
	}
	return nil
}

func (b *converter) join(n *Boolean, child func(Node) rule.Condition) rule.Condition {
	children := make([]rule.Condition, len(n.Children))
	for i, c := range n.Children {
		children[i] = child(c)
	}
	if n.Or {
		return query.Any(children, b.negated)
	}
	return query.All(children, b.negated)
}

func (b *converter) negate(n *Negation, child func() rule.Condition) rule.Condition {
	b.negated = !b.negated
	c := child()
	b.negated = !b.negated
	return query.Negate(c, n.Span)
}

// freeText is the condition of a value that is searched in all fields. A bare
// star is every event.
func freeText(l *Literal) rule.Condition {
	p := l.pattern()
	text := p.Keyword()
	if text == "" {
		return &rule.And{}
	}
	return &rule.Predicate{Field: rule.Text{Value: "*", Span: l.Span}, Operator: rule.Match, Value: text, Span: l.Span}
}

// values is the condition of the value or list of values of a comparison.
func (b *converter) values(c *Comparison, n Node, field rule.Text) rule.Condition {
	switch n := n.(type) {
	case *Boolean:
		return b.join(n, func(child Node) rule.Condition { return b.values(c, child, field) })
	case *Negation:
		return b.negate(n, func() rule.Condition { return b.values(c, n.Child, field) })
	case *Literal:
		if field.Value == "*" && c.Field.Wild && c.Operator.Value == ":" {
			return freeText(n)
		}
		return value(c, n, field, b.behind)
	}
	return nil
}

// inElement converts what must hold for one element of a nested field. Another part
// of the query may be about another element.
func (b *converter) inElement(path string, convert func() rule.Condition) rule.Condition {
	if b.nested == nil {
		b.nested = map[string]int{}
	}
	b.nested[path]++
	defer func(before string) { b.behind = before }(b.behind)
	b.behind = query.Behind(b.behind, path+":{…}")
	if n := b.nested[path]; n > 1 {
		b.behind = query.Behind(b.behind, strconv.Itoa(n))
	}
	return convert()
}

func value(c *Comparison, l *Literal, field rule.Text, behind string) rule.Condition {
	out := &rule.Predicate{Field: field, Behind: behind, SourceOperator: c.Operator.Value, Value: l.Text, Span: l.Span}
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
