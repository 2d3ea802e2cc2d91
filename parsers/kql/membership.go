package kql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// membership converts a comparison with a list, or with the values of a table.
func (b *builder) membership(e *membership) rule.Condition {
	op, negated := operatorOf(e.operator)
	var s *subject
	if b.hasField(e.item) {
		s = b.against(e.item, op, e.operator, e.span)
	}
	conds := make([]rule.Condition, 0, len(e.list))
	for _, item := range e.list {
		switch {
		case b.isTable(item):
			c := b.subquery(item)
			if set := text(e.item) + " " + e.operator + " " + b.returned(item); !slices.Contains(b.sets, set) && len(b.sets) < maxSets {
				b.sets = append(b.sets, set)
			}
			if c == nil {
				b.unknown("values", text(item))
			}
			if c != nil && (negated || s == nil) {
				b.beside = append(b.beside, b.maybe(c))
				c = nil
			}
			conds = append(conds, c)
		case s != nil:
			conds = append(conds, s.with(item))
		case op == rule.Eq && b.hasField(item): // a constant that one of several columns must be
			conds = append(conds, b.against(item, op, e.operator, e.span).with(e.item))
		}
	}
	if len(conds) == 0 {
		return nil
	}
	out := either(conds)
	if e.operator == "has_all" {
		out = both(conds)
	}
	if negated {
		return not(out, e.span)
	}
	return out
}

// maxSets bounds how many comparisons with the values of a table are noted.
const maxSets = 100

// returned are the columns that a table returns, in the words of the query.
func (b *builder) returned(e expr) string {
	for range maxLinks {
		value, _ := b.constant(e)
		switch v := value.(type) {
		case *pipeline:
			for _, o := range slices.Backward(v.operators) {
				switch o.name {
				case "project", "distinct", "summarize", "project-keep":
					return strings.Join(append(append([]string{o.name}, texts(o.exprs)...), texts(o.by)...), " ")
				}
			}
			return ""
		case *call:
			if len(v.args) == 1 && tabular(v.args[0]) {
				e = v.args[0]
				continue
			}
			return text(v)
		}
		return text(value)
	}
	return ""
}

// isTable reports whether a value of a list is a table, whose values are known
// only when the query runs.
func (b *builder) isTable(e expr) bool {
	value, _ := b.constant(e)
	switch v := value.(type) {
	case *pipeline, *external, *datatable, *lambda:
		return true
	case *call:
		switch v.function {
		case "toscalar", "totable", "materialize", "_getwatchlist", "_getwatchlistalias":
			return true
		}
		bound := b.scope.lookup(v.named.Value)
		return bound != nil && tabular(bound.value)
	case *name:
		bound := b.scope.lookup(v.text)
		if _, ok := b.columns.names[v.text]; ok || bound == nil {
			return false
		}
		if bound.rows == nil && bound.value == nil {
			b.unknown("parameter", v.text)
		}
		return bound.rows != nil || bound.value == nil
	}
	return false
}

// subquery looks into a table whose values are compared with, and returns what
// holds for its rows.
func (b *builder) subquery(e expr) rule.Condition {
	before, columns := b.beside, b.columns
	b.beside, b.columns = nil, newColumns()
	r := b.table(e)
	b.beside, b.columns = before, columns
	if r == nil {
		return nil
	}
	if r.events() {
		b.stateful = true
	}
	return r.condition()
}

// subqueries looks into the tables within a value, and reports whether there
// are any. What holds for their rows need not hold for those that are filtered.
func (b *builder) subqueries(e expr) (found bool) {
	has(e, func(e expr) bool {
		switch e := e.(type) {
		case *name, *pipeline, *call:
			if _, ok := e.(*call); ok && !tabular(e) {
				break
			}
			if n, ok := e.(*name); ok {
				bound := b.scope.lookup(n.text)
				if _, column := b.columns.names[n.text]; column || bound == nil || bound.value == nil && bound.rows == nil {
					break
				}
				if bound.value != nil && !tabular(bound.value) {
					found = b.subqueriesOf(bound) || found
					break
				}
			}
			found = true
			if c := b.subquery(e); c != nil {
				b.beside = append(b.beside, b.maybe(c))
			}
		}
		return false
	})
	return found
}

// subqueriesOf looks into the tables within what a let has given a name, once
// for each operator.
func (b *builder) subqueriesOf(bound *binding) (found bool) {
	if bound.busy || bound.tableless {
		return false
	}
	if b.beheld[bound] {
		return true
	}
	if b.beheld == nil {
		b.beheld = map[*binding]bool{}
	}
	b.beheld[bound] = true
	bound.busy = true
	defer func() { bound.busy = false }()
	before := b.scope
	b.scope = bound.scope
	found = b.subqueries(bound.value)
	bound.tableless = !found
	b.scope = before
	return found
}

func (b *builder) between(e *between) rule.Condition {
	source := "between"
	if e.negated {
		source = "!between"
	}
	if !b.hasField(e.item) {
		b.subqueries(e.low)
		b.subqueries(e.high)
		return nil
	}
	low := b.against(e.item, rule.Gte, source, e.span)
	high := b.against(e.item, rule.Lte, source, e.span)
	out := both([]rule.Condition{low.with(e.low), high.with(e.high)})
	if e.negated {
		return not(out, e.span)
	}
	return out
}
