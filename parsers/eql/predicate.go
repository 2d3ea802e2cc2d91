package eql

import (
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// class is what an operator does.
type class uint8

const (
	equal   class = iota // == and in: no wildcards
	pattern              // : and like: * and ?
	regex
	order
)

// orders are the operators of order: of a field with a constant, of a field
// with a field, and the one that means the same with the sides changed.
var orders = map[string]struct {
	constant, field rule.Operator
	turned          string
}{
	"<":  {rule.Lt, rule.FieldLt, ">"},
	"<=": {rule.Lte, rule.FieldLte, ">="},
	">":  {rule.Gt, rule.FieldGt, "<"},
	">=": {rule.Gte, rule.FieldGte, "<="},
}

func classOf(operator string) class {
	switch strings.TrimSuffix(operator, "~") {
	case ":", "like":
		return pattern
	case "regex":
		return regex
	case "<", "<=", ">", ">=":
		return order
	}
	return equal
}

// compare converts a comparison. A list is one alternative for each value.
func (c *converter) compare(e *Comparison) rule.Condition {
	source := e.Operator.Value
	if e.Negated && source != "!=" {
		source = "not " + source
	}
	if len(e.Right) == 1 {
		if isNull(e.Right[0]) && classOf(e.Operator.Value) != order || isNull(e.Left) && classOf(e.Operator.Value) == equal {
			return c.presence(e, source)
		}
		if isCondition(e.Left) || isCondition(e.Right[0]) {
			return c.compareTruth(e)
		}
	}
	m := c.match(e.Left, e.Operator.Value, source, e.Span)
	return c.not(e.Negated, e.Span, func() rule.Condition { return m.anyOf(e.Right) })
}

// anyOf joins the values of one field.
func (m *match) anyOf(values []Expr) rule.Condition {
	all := make([]rule.Condition, len(values))
	for i, value := range values {
		all[i] = m.value(value)
	}
	return query.Any(all, m.negated)
}

func isNull(e Expr) bool {
	_, ok := e.(*Null)
	return ok
}

// presence converts a comparison with null: f != null asks for the field.
func (c *converter) presence(e *Comparison, source string) rule.Condition {
	side := e.Left
	if isNull(side) {
		side = e.Right[0]
	}
	f, ok := c.field(side)
	if !ok {
		return nil
	}
	exists := f.predicate(rule.Exists, source, "", e.Span)
	if e.Negated {
		return exists
	}
	return query.Negate(exists, e.Span)
}

// isCondition reports whether a value is itself a condition.
func isCondition(e Expr) bool {
	switch e := e.(type) {
	case *Logical, *Not, *Comparison, *Subquery:
		return true
	case *Call:
		switch strings.ToLower(e.Name.Value) {
		case "startswith", "endswith", "stringcontains", "wildcard", "match", "matchlite",
			"cidrmatch", "arraycontains", "arraysearch", "_arraysearch":
			return true
		}
	}
	return false
}

// compareTruth converts the comparison of a condition with true or false.
func (c *converter) compareTruth(e *Comparison) rule.Condition {
	condition, value := e.Left, e.Right[0]
	if !isCondition(condition) {
		condition, value = value, condition
	}
	want, ok := fold(value)
	if !ok || want.kind != booleanConstant || classOf(e.Operator.Value) > pattern {
		c.leave("comparison", e.Operator.Value)
		return nil
	}
	if (want.text == "true") != e.Negated {
		return c.cond(condition)
	}
	if holdsSubquery(condition) {
		return c.notOther(condition, e.Span)
	}
	return c.not(true, e.Span, func() rule.Condition { return c.cond(condition) })
}

// match is a field, or a constant, that values are compared with.
type match struct {
	*converter
	class    class
	operator string // in lower case, without "not"
	source   string // as written
	span     rule.Span
	left     Expr
	constant constant
	isConst  bool
	field    field
	ok       bool // there is a field that something can be said of
}

func (c *converter) match(left Expr, operator, source string, sp rule.Span) *match {
	m := &match{converter: c, class: classOf(operator), operator: operator, source: source, span: sp, left: left}
	if m.constant, m.isConst = fold(left); !m.isConst {
		m.field, m.ok = c.field(left)
	}
	return m
}

// value compares with one value.
func (m *match) value(e Expr) rule.Condition {
	v, isConst := fold(e)
	switch {
	case m.isConst && isConst:
		return nil
	case m.isConst:
		return m.reversed(e)
	case !m.ok:
		return nil
	case isConst:
		return m.against(v, e.Place())
	case !hasField(e):
		m.leave("value", m.write(e))
		return nil
	case m.class == regex || m.class == pattern && m.operator != ":":
		m.leave("pattern", m.write(e))
		return nil
	}
	op := rule.FieldEq
	if m.class == order {
		op = orders[m.operator].field
	}
	return m.field.predicate(op, m.source, m.write(e), e.Place())
}

// reversed compares a constant on the left with a field: the sides change.
func (m *match) reversed(e Expr) rule.Condition {
	f, ok := m.converter.field(e)
	if !ok {
		return nil
	}
	turned := &match{converter: m.converter, class: m.class, operator: m.operator, source: m.source, span: m.span, field: f, ok: true}
	switch m.class {
	case regex:
		m.leave("pattern", m.write(e))
		return nil
	case pattern: // the pattern would be on the right
		turned.class = equal
	case order:
		turned.operator = orders[m.operator].turned
	}
	return turned.against(m.constant, m.left.Place())
}

// against compares the field with a constant.
func (m *match) against(v constant, sp rule.Span) rule.Condition {
	f := m.field
	switch {
	case v.kind == nullConstant && m.class == order:
		m.leave("comparison", f.Value+m.operator+"null")
		return nil
	case v.kind == nullConstant:
		return &rule.Not{Child: f.predicate(rule.Exists, m.source, "", m.span), Span: m.span}
	case m.class == regex:
		p := f.predicate(rule.Regex, m.source, v.raw, sp)
		p.Pattern = v.text
		return p
	case m.class == order:
		return f.predicate(orders[m.operator].constant, m.source, v.text, sp)
	case m.class == pattern && v.kind == textConstant:
		op, value := reduce(v.text)
		return f.predicate(op, m.source, value, sp)
	}
	return f.predicate(rule.Eq, m.source, v.text, sp)
}

// reduce reads a pattern, in which * and ? cannot be escaped ("Wildcards").
func reduce(s string) (rule.Operator, string) {
	var p glob.Pattern
	for s != "" {
		i := strings.IndexAny(s, "*?")
		if i < 0 {
			p.Literal(s)
			break
		}
		p.Literal(s[:i])
		if s[i] == '*' {
			p.Any()
		} else {
			p.One()
		}
		s = s[i+1:]
	}
	return p.Reduce()
}
