package kql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/rule"
)

// pattern reads a text in which "*" is a wildcard, as search and like have it.
func (s *subject) pattern(l *literal) rule.Condition {
	p := s.predicate("", l.span)
	if s.field.Value == "*" && s.operator != rule.Wildcard {
		p.Value = strings.Trim(l.value, "*")
		if s.operator != rule.Contains {
			p.Value = l.value
		}
		if p.Value == "" {
			return nil
		}
		return p
	}
	if s.operator != rule.Wildcard && !strings.Contains(l.value, "*") {
		p.Value = l.value
		return p
	}
	var g glob.Pattern
	for i, part := range strings.Split(l.value, "*") {
		if i > 0 {
			g.Any()
		}
		g.Literal(part)
	}
	p.Operator, p.Value = g.Reduce()
	return p
}

// call converts a function that is a condition.
func (b *builder) call(e *call) rule.Condition {
	if e.function == "not" && len(e.args) == 1 {
		if truth, ok := b.boolean(e.args[0]); ok && truth {
			return &rule.Or{} // never
		}
		return not(b.condition(e.args[0]), e.span)
	}
	if absent, ok := presence[e.function]; ok && len(e.args) == 1 {
		return b.presence(e, absent)
	}
	if bound := b.scope.lookup(e.named.Value); bound != nil {
		if l, ok := bound.value.(*lambda); ok {
			return b.predicateFunction(e, l, bound)
		}
	}
	switch {
	case networks[e.function] && len(e.args) >= 2 && b.hasField(e.args[0]):
		s := b.against(e.args[0], rule.CIDR, e.function, e.span)
		conds := make([]rule.Condition, 0, len(e.args)-1)
		for _, arg := range e.args[1:] {
			if b.hasField(arg) {
				return b.holds(e)
			}
			conds = append(conds, s.with(arg))
		}
		return either(conds)
	case transparent[e.function] && len(e.args) == 1:
		return b.condition(e.args[0])
	case !b.hasField(e):
		b.subqueries(e)
		return nil
	}
	b.subqueries(e)
	return b.holds(e)
}

// presence converts isempty and the like.
func (b *builder) presence(e *call, absent bool) rule.Condition {
	if !b.hasField(e.args[0]) {
		b.subqueries(e.args[0])
		return nil
	}
	arg := e.args[0]
	s := b.against(arg, rule.Exists, e.function, e.span)
	if absent {
		return not(s.exists(), e.span)
	}
	return s.exists()
}

// predicateFunction looks into a function of the query that returns a
// condition, with its arguments in the place of its parameters.
func (b *builder) predicateFunction(e *call, l *lambda, bound *binding) rule.Condition {
	if l.body == nil || len(l.body.statements) != 1 || bound.busy || !b.spend(1) {
		return b.holds(e)
	}
	value := l.body.statements[0].value
	if !isCondition(value) {
		return b.holds(e)
	}
	bound.busy = true
	defer func() { bound.busy = false }()
	before := b.scope
	b.scope = b.bind(l, bound.scope, e.args)
	defer func() { b.scope = before }()
	return b.condition(value)
}

// bind makes the scope of a function's body: its parameters stand for the
// arguments, or for their defaults.
func (b *builder) bind(l *lambda, outer *scope, args []expr) *scope {
	s := outer.inner()
	position := 0
	values := make([]expr, len(l.params))
	for _, arg := range args {
		if n, ok := arg.(*named); ok {
			if i := slices.IndexFunc(l.params, func(p parameter) bool { return p.name.Value == n.names[0].Value }); i >= 0 {
				values[i] = n.value
			}
			continue
		}
		if position < len(values) {
			values[position] = arg
		}
		position++
	}
	for i, p := range l.params {
		bound := &binding{value: values[i], scope: b.scope}
		if values[i] == nil {
			bound.value, bound.scope = p.value, outer
		}
		b.set(s, p.name.Value, bound)
	}
	return s
}

// maxFolded bounds the length of a text that is put together.
const maxFolded = 10_000

// folded computes the functions that put constants together: strcat, split.
func (s *subject) folded(e *call, in *scope) ([]string, bool) {
	before := s.scope
	s.builder.scope = in
	defer func() { s.builder.scope = before }()
	switch e.function {
	case "strcat":
		var b strings.Builder
		for _, arg := range e.args {
			value, _ := s.constant(arg)
			l, ok := value.(*literal)
			if !ok || b.Len() > maxFolded {
				return nil, false
			}
			b.WriteString(l.value)
		}
		return []string{b.String()}, true
	case "split":
		if len(e.args) != 2 {
			return nil, false
		}
		value, _ := s.constant(e.args[0])
		separator, _ := s.constant(e.args[1])
		v, ok := value.(*literal)
		sep, ok2 := separator.(*literal)
		if !ok || !ok2 || sep.value == "" {
			return nil, false
		}
		return strings.Split(v.value, sep.value), true
	}
	return nil, false
}
