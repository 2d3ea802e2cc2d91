package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// expr converts the expression of a where command. It is nil when it says
// nothing about the event: it is constant, or could not be looked into.
func (b *builder) expr(e expr) rule.Condition {
	switch e := e.(type) {
	case *group:
		return b.expr(e.item)
	case *not:
		if c := b.expr(e.item); c != nil {
			return &rule.Not{Child: c, Span: e.span}
		}
		return nil
	case *binary:
		return b.binary(e)
	case *in:
		return b.in(e.left, e.items)
	case *call:
		return b.call(e)
	case *name:
		return b.predicate(rule.Text{Value: e.text, Span: e.span}, rule.Eq, "=", "true", e.span)
	case *unknown:
		if !e.neutral {
			b.unknown("macro:" + e.macro)
		}
	case *subquery:
		return b.sub(&subNode{e.pipeline})
	}
	return nil
}

// maxXORs is how many XORs of a search are followed: each one has both its
// sides twice.
const maxXORs = 6

// opens reports whether a part of an expression is not known: a macro, or what a
// subsearch returns. Nothing can be said about such a comparison.
func (b *builder) opens(list ...expr) bool {
	found := false
	for _, e := range list {
		walk(e, func(e expr) {
			switch e := e.(type) {
			case *unknown:
				if found = true; !e.neutral {
					b.unknown("macro:" + e.macro)
				}
			case *subquery:
				found = true
				b.unknown("subsearch:where")
			}
		})
	}
	return found
}

func (b *builder) binary(e *binary) rule.Condition {
	switch e.op {
	case "and", "or":
		parts := operands(e)
		combine := b.all
		if e.op == "or" {
			combine = b.any
		}
		return combine(len(parts), func(i int) rule.Condition { return b.expr(parts[i]) })
	case "xor":
		if b.xors++; b.xors > maxXORs {
			b.unknown("limit:xor")
			return nil
		}
		left, right := b.expr(e.left), b.expr(e.right)
		if left == nil || right == nil {
			b.unknown("operator:xor")
			return nil
		}
		return &rule.Or{Children: []rule.Condition{
			&rule.And{Children: []rule.Condition{left, &rule.Not{Child: right, Span: e.right.place()}}},
			&rule.And{Children: []rule.Condition{&rule.Not{Child: left, Span: e.left.place()}, right}},
		}}
	case "like":
		return b.pattern(e.left, e.right)
	case "=", "==":
		return b.compare(e.left, e.op, e.right)
	case "!=":
		if c := b.compare(e.left, e.op, e.right); c != nil {
			return &rule.Not{Child: c, Span: e.span}
		}
		return nil
	}
	if _, ok := orders[e.op]; ok {
		return b.compare(e.left, e.op, e.right)
	}
	return b.boolean(e)
}

// operands are the parts of a chain of one operator.
func operands(e *binary) []expr {
	var out []expr
	for {
		out = append(out, e.right)
		left, ok := e.left.(*binary)
		if !ok || left.op != e.op {
			out = append(out, e.left)
			break
		}
		e = left
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// field is an expression as the left side of a predicate: a column, or a
// calculation in its own words.
func (b *builder) field(e expr) rule.Text {
	e = bare(e)
	if n, ok := e.(*name); ok {
		return rule.Text{Value: n.text, Span: n.span}
	}
	text := rule.Text{Value: write(e), Span: e.place()}
	if _, ok := b.columns.known[text.Value]; ok {
		return text
	}
	// A calculation over computed columns is computed.
	if col := b.columns.calculated(e); col != (column{}) {
		b.columns.known[text.Value] = col
	}
	return text
}

// compared is a predicate on an expression.
func (b *builder) compared(e expr, op rule.Operator, source, value string, span rule.Span) *rule.Predicate {
	p := b.predicate(b.field(e), op, source, value, span)
	p.Through = through(e, p.Through)
	return p
}

// constant is the value of an expression that is one.
func constant(e expr) (string, bool) {
	switch e := bare(e).(type) {
	case *number:
		return e.text, true
	case *str:
		return decode(e.text), true
	case *minus:
		if v, ok := constant(e.item); ok {
			return "-" + v, true
		}
	case *call:
		if len(e.args) == 0 && (e.function == "true" || e.function == "false") {
			return e.function, true
		}
	case *binary:
		return folded(e)
	}
	return "", false
}

func isNull(e expr) bool {
	c, ok := bare(e).(*call)
	return ok && c.function == "null" && len(c.args) == 0
}

func (b *builder) compare(left expr, op string, right expr) rule.Condition {
	if b.opens(left, right) {
		return nil
	}
	l, leftConstant := constant(left)
	r, rightConstant := constant(right)
	order, ordered := orders[op]
	switch {
	case leftConstant && rightConstant:
		return nil
	case leftConstant:
		left, right, r, rightConstant = right, left, l, true
		order.value = order.turned
	}
	field := b.field(left)
	switch {
	case isNull(right) && !ordered:
		if c := b.compared(left, rule.Exists, op, "", right.place()); c != nil {
			return &rule.Not{Child: c, Span: rule.Span{Start: field.Span.Start, End: right.place().End}}
		}
	case rightConstant && ordered:
		return b.compared(left, order.value, op, r, right.place())
	case rightConstant:
		return b.compared(left, rule.Eq, op, r, right.place())
	}
	operator := rule.FieldEq
	if ordered {
		operator = order.field
	}
	b.columns.fields(right, func(_ string, col column) { b.stateful = b.stateful || col.counted })
	return b.compared(left, operator, op, write(bare(right)), right.place())
}

func (b *builder) in(left expr, items []expr) rule.Condition {
	var out []rule.Condition
	for _, item := range items {
		if c := b.compare(left, "in", item); c != nil {
			out = append(out, c)
		}
	}
	switch len(out) {
	case 0:
		return nil
	case 1:
		return out[0]
	}
	return &rule.Or{Children: out}
}

// pattern is like(field, "pattern").
func (b *builder) pattern(left, right expr) rule.Condition {
	if b.opens(left, right) {
		return nil
	}
	s, ok := bare(right).(*str)
	if !ok {
		b.unknown("like:" + write(right))
		return nil
	}
	op, value := likePattern(s.text).Reduce()
	return b.compared(left, op, "like", value, s.span)
}

// call converts a function used as a condition.
func (b *builder) call(e *call) rule.Condition {
	arity := len(e.args)
	if e.function != "in" && b.opens(e.args...) {
		return nil
	}
	switch {
	case e.function == "match" && arity == 2:
		s, ok := bare(e.args[1]).(*str)
		if !ok {
			b.unknown("regex:" + write(e.args[1]))
			return nil
		}
		return b.regex(b.field(e.args[0]), "match", s.text, s.span)
	case e.function == "like" && arity == 2:
		return b.pattern(e.args[0], e.args[1])
	case e.function == "cidrmatch" && arity == 2:
		net, ok := constant(e.args[0])
		if !ok {
			b.unknown("cidr:" + write(e.args[0]))
			return nil
		}
		return b.compared(e.args[1], rule.CIDR, "cidrmatch", net, e.args[0].place())
	case (e.function == "isnotnull" || e.function == "isnull") && arity == 1:
		field := b.field(e.args[0])
		c := b.predicate(field, rule.Exists, e.function, "", e.span)
		if e.function == "isnull" {
			return &rule.Not{Child: c, Span: e.span}
		}
		return c
	case e.function == "in" && arity > 1:
		return b.in(e.args[0], e.args[1:])
	case e.function == "searchmatch" && arity == 1:
		if e.terms == nil {
			b.unknown("function:searchmatch")
		}
		return b.as(false, func() rule.Condition { return b.cond(e.terms) })
	case arity == 0 && (e.function == "true" || e.function == "false" || e.function == "null"):
		return nil
	}
	return b.boolean(e)
}

// boolean is a calculation that stands for a condition itself.
func (b *builder) boolean(e expr) rule.Condition {
	if _, ok := constant(e); ok || b.opens(e) {
		return nil
	}
	return b.predicate(b.field(e), rule.Eq, "=", "true", e.place())
}

// maxCalculated is how many bytes the operands of a calculation may have.
const maxCalculated = 1 << 16

// folded is the value of a calculation over constants.
func folded(e *binary) (string, bool) {
	if e.op == "." {
		parts := operands(e)
		texts := make([]string, len(parts))
		for i, part := range parts {
			var ok bool
			if texts[i], ok = constant(part); !ok {
				return "", false
			}
		}
		return strings.Join(texts, ""), true
	}
	l, ok := constant(e.left)
	if !ok {
		return "", false
	}
	r, ok := constant(e.right)
	if !ok {
		return "", false
	}
	if len(l)+len(r) > maxCalculated {
		return "", false
	}
	return arithmetic(l, e.op, r)
}
