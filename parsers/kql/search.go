package kql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// searchOrFind looks into search and find, which filter the rows in front, or
// tables.
func (b *builder) searchOrFind(o *operator, r *rows, first bool) *rows {
	if len(o.tables) > 0 {
		var parts []*rows
		for _, e := range o.tables {
			parts = append(parts, b.other(e))
		}
		r = b.union(parts)
	} else if first {
		r = b.stored(rule.Text{Value: "*", Span: o.span})
		r.columns.tables = nil
	}
	b.columns = r.columns
	for _, key := range []string{"withsource", "with_source"} {
		if v := o.options[key].Value; v != "" {
			r.columns.names[v] = calculated
		}
	}
	r.columns.names["$table"] = calculated
	if o.condition != nil {
		r.add(b.search(o.condition))
	}
	return r
}

// search converts a condition in which a text alone is a keyword.
func (b *builder) search(e expr) rule.Condition {
	switch e := e.(type) {
	case *group:
		return b.search(e.item)
	case *logical:
		conds := make([]rule.Condition, len(e.items))
		for i, item := range e.items {
			conds[i] = b.search(item)
		}
		if e.or {
			return either(conds)
		}
		return both(conds)
	case *call:
		if e.function == "not" && len(e.args) == 1 {
			return not(b.search(e.args[0]), e.span)
		}
	case *literal:
		if e.kind != litBool && e.kind != litNull {
			value := strings.Trim(e.value, "*")
			if value == "" {
				return nil
			}
			return &rule.Predicate{Field: rule.Text{Value: "*", Span: e.span}, Operator: rule.Match, SourceOperator: "search", Value: value, Span: e.span}
		}
	case *comparison:
		if l, ok := bare(e.right).(*literal); ok && l.kind == litString && (e.operator == ":" || e.operator == "==") && strings.Contains(l.value, "*") {
			s := b.against(e.left, rule.Eq, e.operator, e.span)
			return s.pattern(l)
		}
	}
	return b.condition(e)
}

// scan looks into the steps of scan, each of which filters.
func (b *builder) scan(o *operator, r *rows) {
	b.declare(o.columns, r.columns)
	if v := o.options["with_match_id"].Value; v != "" {
		r.columns.names[v] = calculated
	}
	for _, e := range o.exprs {
		if c := b.condition(e); c != nil {
			r.add(&rule.Branch{Child: c})
		}
	}
	b.stateful = true
}
