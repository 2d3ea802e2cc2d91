package kql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// join adds what the right side says and the columns it has.
func (b *builder) join(o *operator, r *rows) *rows {
	right := b.other(o.right)
	kind := o.options["kind"].Value
	if kind == "" && o.name == "lookup" {
		kind = "leftouter"
	}
	left := *r
	c := right.condition()
	r.depth = max(r.depth, right.depth+1)
	switch kind {
	case "fullouter":
		// What stands in front need not be there either.
		r = &rows{depth: max(left.depth, right.depth) + 1, columns: r.columns, counted: r.counted}
		b.turned = true
		r.add(either([]rule.Condition{left.condition(), c}))
	case "leftouter", "leftanti", "anti", "leftantisemi":
		if c != nil {
			r.add(b.maybe(c))
		}
	case "rightouter", "rightanti", "rightantisemi":
		r = &rows{depth: max(left.depth, right.depth) + 1, columns: r.columns, counted: r.counted}
		b.turned = true
		if lc := left.condition(); lc != nil {
			r.conds = []rule.Condition{b.maybe(lc)}
		}
		r.add(c)
	default:
		r.add(c)
	}
	if !strings.HasSuffix(kind, "outer") {
		if right.events() {
			b.stateful = true
		} else if c == nil {
			b.unknown("values", text(o.right))
		}
	}
	switch kind {
	case "leftanti", "anti", "leftantisemi", "leftsemi":
	case "rightanti", "rightantisemi", "rightsemi":
		r.columns = right.columns
	default:
		r.columns.join(right.columns)
	}
	if !b.spend(len(right.columns.names)) {
		return r
	}
	r.counted = r.counted || right.counted
	if o.condition != nil {
		b.columns = r.columns
		r.add(b.condition(o.condition))
	}
	return r
}

// other looks into the table on the right side of a join.
func (b *builder) other(e expr) *rows {
	before, columns := b.beside, b.columns
	b.beside, b.columns = nil, newColumns()
	right := b.table(e)
	b.beside, b.columns = before, columns
	if right == nil {
		return &rows{columns: newColumns()}
	}
	return right
}

// unionOf joins the rows in front with those of other tables.
func (b *builder) unionOf(o *operator, r *rows, first bool) *rows {
	var parts []*rows
	if !first {
		parts = append(parts, r)
	}
	for _, e := range o.exprs {
		parts = append(parts, b.other(e))
	}
	if len(parts) == 0 {
		return r
	}
	out := b.union(parts)
	if !b.spend(len(out.columns.names)) {
		return out
	}
	for _, key := range []string{"withsource", "with_source"} {
		if v := o.options[key].Value; v != "" {
			out.columns.names[v] = calculated
		}
	}
	return out
}

// events reports whether the rows come from a table of events.
func (r *rows) events() bool {
	found := false
	rule.Walk(r.condition(), func(c rule.Condition) bool {
		branch, ok := c.(*rule.Branch)
		if ok {
			found = found || slices.ContainsFunc(branch.Selectors, func(s rule.Selector) bool { return !inventories[s.Value.Value] })
		}
		return !found
	})
	return found
}

// nested looks into a pipeline that goes on from the rows in front, and
// returns what it adds to them.
func (b *builder) nested(p *pipeline, r *rows, columns *columns) *rows {
	inner := &rows{columns: columns, depth: r.depth + 1}
	beside := b.beside
	b.beside = nil
	inner = b.pipeline(p, inner)
	b.beside = beside
	return inner
}

func (b *builder) mvApply(o *operator, r *rows) {
	if !b.spend(len(r.columns.names)) {
		return
	}
	columns := r.columns.clone()
	b.expand(o.exprs, columns)
	for _, p := range o.nested {
		inner := b.nested(p, r, columns)
		r.add(inner.condition())
		r.depth = max(r.depth, inner.depth)
		made := inner.columns.names
		for column, origin := range made {
			r.columns.names[column] = origin
		}
		r.counted = r.counted || inner.counted
	}
}

// branches looks into the pipelines of fork and the like, all of which go on
// from the same rows.
func (b *builder) branches(o *operator, r *rows) *rows {
	var conds []rule.Condition
	var last *rows
	for _, p := range o.nested {
		if p == nil || !b.spend(len(r.columns.names)) {
			continue
		}
		last = b.nested(p, r, r.columns.clone())
		if p.source != nil {
			conds = append(conds, last.condition())
			continue
		}
		if c := last.condition(); c != nil {
			conds = append(conds, c)
		} else {
			conds = append(conds, nil)
		}
	}
	if last != nil {
		r.columns = last.columns
		r.depth = max(r.depth, last.depth)
		r.counted = r.counted || last.counted
	}
	r.add(either(conds))
	return r
}
