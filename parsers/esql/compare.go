package esql

import (
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// operators are what the comparisons of ES|QL are called. "!=" is the
// negation of "==".
var operators = map[string]rule.Operator{
	"==": rule.Eq, "=~": rule.Eq, ":": rule.Eq, "!=": rule.Eq,
	"<": rule.Lt, "<=": rule.Lte, ">": rule.Gt, ">=": rule.Gte,
}

// mirrored has the operators that say the same when the sides are swapped.
var mirrored = map[rule.Operator]rule.Operator{
	rule.Eq: rule.Eq, rule.Lt: rule.Gt, rule.Lte: rule.Gte, rule.Gt: rule.Lt, rule.Gte: rule.Lte,
}

// between has the operators that compare two fields.
var between = map[rule.Operator]rule.Operator{
	rule.Eq: rule.FieldEq, rule.Lt: rule.FieldLt, rule.Lte: rule.FieldLte, rule.Gt: rule.FieldGt, rule.Gte: rule.FieldGte,
}

func (b *builder) comparison(e *comparison) rule.Condition {
	left, right, op := e.left, e.right, operators[e.operator]
	if !hasField(left) {
		if !hasField(right) {
			return nil
		}
		left, right, op = right, left, mirrored[op]
	}
	return b.notIf(e.operator == "!=", e.span, func() rule.Condition {
		if truth, ok := boolean(right); ok && isCondition(left) {
			return b.notIf(!truth, e.span, func() rule.Condition { return b.condition(left) })
		}
		return b.against(left, op, e.operator, e.span).with(right)
	})
}

// boolean returns the constant that a value is.
func boolean(e expr) (truth, ok bool) {
	l, ok := bare(e).(*literal)
	return ok && l.value == "true", ok && l.kind == litBool
}

// isCondition reports whether an expression is a condition in itself.
func isCondition(e expr) bool {
	switch e := bare(e).(type) {
	case *logical, *negation, *comparison, *membership, *presence, *matching:
		return true
	case *call:
		return comparing[e.function] != "" || isGuarded(e)
	}
	return false
}

// subject is the left side of comparisons, looked at once for all of them.
type subject struct {
	*builder
	field    rule.Text
	derived  bool
	through  string
	operator rule.Operator
	source   string
	span     rule.Span // of the whole comparison
}

func (b *builder) against(left expr, op rule.Operator, source string, span rule.Span) *subject {
	s := &subject{builder: b, operator: op, source: source, span: span}
	s.field, s.derived = b.field(left)
	if n, ok := bare(left).(*name); ok {
		s.through = through(left, b.columns.lookup(n.text).through)
	}
	return s
}

// predicate is the comparison with a constant.
func (s *subject) predicate(value string, span rule.Span) *rule.Predicate {
	return &rule.Predicate{
		Field: s.field, Operator: s.operator, SourceOperator: s.source, Value: value, Derived: s.derived, Through: s.through, Behind: s.behind, Span: span,
	}
}

// exists says that the field is there.
func (s *subject) exists() *rule.Predicate {
	p := s.predicate("", s.span)
	p.Operator = rule.Exists
	return p
}

// with compares with a value.
func (s *subject) with(value expr) rule.Condition {
	if isWindow(s.field, s.derived, value) {
		s.window(s.field.Value + " " + s.source + " " + text(value))
		return nil
	}
	if hasField(value) || isClock(value) {
		if s.joining {
			return nil
		}
		op, ok := between[s.operator]
		if !ok {
			s.unknown("comparison", s.field.Value+" "+s.source+" "+text(value))
			return nil
		}
		p := s.predicate(s.named(value), value.place())
		p.Operator = op
		return p
	}
	switch v := bare(value).(type) {
	case *literal:
		switch v.kind {
		case litParam:
			s.unknown("parameter", v.value)
			return nil
		case litNull:
			return &rule.Not{Child: s.exists(), Span: s.span}
		}
		return s.predicate(v.value, v.span)
	case *array:
		conds := make([]rule.Condition, len(v.items))
		for i, item := range v.items {
			conds[i] = s.with(item)
		}
		return s.either(conds)
	}
	return s.predicate(text(value), value.place())
}

// named writes the other field of a comparison.
func (s *subject) named(value expr) string {
	if _, ok := bare(value).(*name); ok {
		field, _ := s.builder.field(value)
		return field.Value
	}
	return text(value)
}

func (b *builder) membership(e *membership) rule.Condition {
	return b.notIf(e.negated, e.span, func() rule.Condition { return b.member(e) })
}

func (b *builder) member(e *membership) rule.Condition {
	switch truth, ok := boolean(e.item); {
	case e.subquery != nil:
		columns := b.columns
		conjuncts, _ := b.pipeline(e.subquery, over(nil))
		b.columns = columns
		if len(conjuncts) == 0 {
			return nil
		}
		b.subqueries++
		return &rule.Branch{Child: all(conjuncts)}
	case !hasField(e.item):
		// A constant that one of several columns, or conditions, must be.
		conds := make([]rule.Condition, len(e.list))
		for i, item := range e.list {
			if ok && isCondition(item) {
				conds[i] = b.notIf(!truth, item.place(), func() rule.Condition { return b.condition(item) })
				continue
			}
			if hasField(item) {
				conds[i] = b.against(item, rule.Eq, e.operator, e.span).with(e.item)
			}
		}
		return b.either(conds)
	default:
		s := b.against(e.item, rule.Eq, e.operator, e.span)
		var conds []rule.Condition
		for _, item := range e.list {
			if l, ok := bare(item).(*literal); ok && l.kind == litNull {
				continue // nothing equals null
			}
			conds = append(conds, s.with(item))
		}
		return b.either(conds)
	}
}

func (b *builder) presence(e *presence) rule.Condition {
	if !hasField(e.item) {
		return nil
	}
	source := "is null"
	if e.negated {
		source = "is not null"
	}
	s := b.against(e.item, rule.Exists, source, e.span)
	if isWindow(s.field, s.derived, nil) {
		return nil
	}
	if e.negated {
		return s.exists()
	}
	return query.Negate(s.exists(), e.span)
}
