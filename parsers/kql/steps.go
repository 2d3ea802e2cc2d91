package kql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// pipeline looks into a pipeline. from are the rows it goes on from, where it
// has no source of its own.
func (b *builder) pipeline(p *pipeline, from *rows) *rows {
	r := from
	if p.source != nil {
		r = b.table(p.source)
		if r == nil {
			r = &rows{columns: newColumns()}
		}
	}
	before, asked, beheld, behind := b.columns, b.asked, b.beheld, b.behind
	defer func() { b.columns, b.asked, b.beheld, b.behind = before, asked, beheld, behind }()
	for _, o := range p.operators {
		if !b.spend(1) {
			break
		}
		if r == nil {
			r = &rows{columns: newColumns()}
			if o.name != "search" && o.name != "find" && o.name != "union" {
				r.columns.made = true
			}
		}
		if o.broken {
			b.unknown("operator", o.name)
			if o.name != "union" && o.name != "join" {
				continue
			}
		}
		b.columns, b.asked, b.beheld, b.behind = r.columns, nil, nil, r.behind
		loose := b.loose
		b.loose = false
		r = b.step(o, r, p.source == nil && from == nil && o == p.operators[0])
		if now := b.behindOf(o, b.behind); r != nil {
			r.behind = now
		}
		o.loose = o.loose || b.loose
		b.loose = b.loose || loose
		for _, c := range b.beside {
			r.add(c)
		}
		b.beside = nil
	}
	return r
}

// step applies one operator. first is set when the pipeline begins with it.
func (b *builder) step(o *operator, r *rows, first bool) *rows {
	switch o.name {
	case "where", "graph-where-nodes", "graph-where-edges", "graph-match", "graph-shortest-paths":
		if o.condition != nil {
			b.filter(o.condition, r)
		}
	case "extend", "serialize":
		b.extend(o.exprs, r.columns)
	case "project", "print", "distinct":
		b.project(o, r)
	case "project-rename":
		for _, e := range o.exprs {
			if n, ok := e.(*named); ok {
				from := b.of(n.value)
				delete(r.columns.names, autoName(n.value))
				r.columns.names[n.names[0].Value] = from
			}
		}
	case "project-away":
		for _, e := range o.exprs {
			if _, pattern := e.(*wildcard); pattern && !b.spend(len(r.columns.names)) {
				break
			}
			r.columns.drop(text(e))
		}
	case "project-keep":
		if b.spend(len(r.columns.names)) {
			r.columns.keep(o.exprs)
		}
	case "summarize", "make-series", "top-nested":
		b.summarize(o, r)
	case "count":
		label := o.label.Value
		if label == "" {
			label = "Count"
		}
		r.columns = &columns{names: map[string]origin{label: calculated}, made: true, closed: true}
		r.counted = true
	case "join", "lookup":
		return b.join(o, r)
	case "union":
		return b.unionOf(o, r, first)
	case "as":
		b.set(b.scope, o.label.Value, &binding{rows: r})
		return b.again(r)
	case "mv-expand":
		b.expand(o.exprs, r.columns)
	case "mv-apply":
		b.mvApply(o, r)
	case "parse", "parse-where", "parse-kv":
		for _, e := range o.patterns {
			if n, ok := e.(*name); ok {
				r.columns.names[n.text] = calculated
			}
		}
		b.declare(o.columns, r.columns)
	case "evaluate":
		b.plugin(o, r)
	case "invoke":
		return b.invoke(o, r)
	case "search", "find":
		return b.searchOrFind(o, r, first)
	case "scan":
		b.scan(o, r)
	case "range":
		r.columns.names[o.label.Value] = calculated
	case "facet", "fork", "partition", "__partitionby", "macro-expand":
		return b.branches(o, r)
	}
	return r
}

// filter adds a condition.
func (b *builder) filter(e expr, r *rows) {
	c := b.condition(e)
	if r.counted && b.counts(e) {
		b.stateful = true
	}
	r.add(c)
}

// counts reports whether a condition looks at something that was counted.
func (b *builder) counts(e expr) bool {
	return has(e, func(e expr) bool {
		n, ok := e.(*name)
		return ok && b.columns.lookup(n.text).derived
	})
}

func (b *builder) declare(list []column, c *columns) {
	for _, col := range list {
		c.names[col.name.Value] = calculated
	}
}

// extend adds columns; all of them are computed from those in front.
func (b *builder) extend(exprs []expr, c *columns) {
	type column struct {
		name string
		from origin
	}
	var made []column
	for _, e := range exprs {
		b.subqueries(e)
		if n, ok := e.(*named); ok {
			for i, text := range n.names {
				o := calculated
				if i == 0 && len(n.names) == 1 {
					o = b.of(n.value)
				}
				made = append(made, column{text.Value, o})
			}
			continue
		}
		if column2 := autoName(e); column2 != "" {
			made = append(made, column{column2, b.of(e)})
		}
	}
	for _, m := range made {
		c.names[m.name] = m.from
	}
}

// expand adds columns of which each value of a list has a row of its own.
func (b *builder) expand(exprs []expr, c *columns) {
	b.extend(exprs, c)
	for _, e := range exprs {
		column := autoName(e)
		if n, ok := e.(*named); ok {
			column = n.names[0].Value
		}
		if o, ok := c.names[column]; ok && column != "" {
			o.expanded = true
			c.names[column] = o
		}
	}
}

// autoName is the name that Kusto gives a column without one.
func autoName(e expr) string {
	switch e := bare(e).(type) {
	case *name:
		return e.text
	case *path:
		if n, ok := e.part.(*name); ok {
			return autoName(e.item) + "_" + n.text
		}
	case *element:
		if l, ok := e.index.(*literal); ok {
			return autoName(e.item) + "_" + strings.TrimLeft(l.value, "-")
		}
	case *call:
		switch e.function {
		case "bin", "floor", "bin_at", "startofday", "startofweek", "startofmonth", "parse_json":
			if len(e.args) > 0 {
				return autoName(e.args[0])
			}
		}
	}
	return ""
}

// namesKnown reports whether the names of all columns are known.
func namesKnown(exprs []expr) bool {
	return !slices.ContainsFunc(exprs, func(e expr) bool {
		_, given := e.(*named)
		return !given && autoName(e) == ""
	})
}

// project leaves the columns that are named.
func (b *builder) project(o *operator, r *rows) {
	if slices.ContainsFunc(o.exprs, func(e expr) bool { w, ok := e.(*wildcard); return ok && w.text == "*" }) {
		return
	}
	made := newColumns()
	b.extend(o.exprs, made)
	// A name that is not there any more is no better known for it.
	r.columns = &columns{names: made.names, tables: r.columns.tables, made: r.columns.made, closed: namesKnown(o.exprs)}
}

// summarize leaves the columns it groups by, and what it aggregates.
func (b *builder) summarize(o *operator, r *rows) {
	made := newColumns()
	b.extend(o.by, made)
	star := false
	for _, e := range o.exprs {
		b.subqueries(e)
		value, names := e, []rule.Text(nil)
		if n, ok := e.(*named); ok {
			value, names = n.value, n.names
		}
		c, ok := bare(value).(*call)
		if !ok {
			b.extend([]expr{e}, made)
			continue
		}
		star = b.aggregate(c, names, made) || star
	}
	if o.name == "top-nested" {
		b.extend(o.exprs, made)
	}
	if star {
		for column, origin := range made.names {
			r.columns.names[column] = origin
		}
	} else {
		closed := namesKnown(o.by) && o.name == "summarize"
		r.columns = &columns{names: made.names, tables: r.columns.tables, made: true, closed: closed}
	}
	r.counted = true
	if o.name == "make-series" {
		b.stateful = true
	}
}

// aggregate adds the columns of an aggregate. It returns true when it takes
// all others along.
func (b *builder) aggregate(c *call, names []rule.Text, made *columns) (star bool) {
	label := func(i int, from origin, auto string) {
		if i < len(names) {
			auto = names[i].Value
		}
		if auto != "" {
			made.names[auto] = from
		}
	}
	if picking[c.function] {
		for i, arg := range c.args {
			if w, ok := arg.(*wildcard); ok && w.text == "*" {
				star = true
				continue
			}
			from := b.of(arg)
			auto := autoName(arg)
			if c.function == "any" {
				auto = "any_" + auto
			}
			label(i, from, auto)
			if len(names) > 0 && i >= len(names) && auto != "" {
				made.names[auto] = from
			}
		}
		return star
	}
	prefix, ok := aggregateNames[c.function]
	if !ok {
		prefix = c.function
	}
	auto := prefix + "_"
	if len(c.args) > 0 {
		auto += autoName(c.args[0])
	}
	label(0, calculated, auto)
	for i := 1; i < len(names); i++ {
		label(i, calculated, "")
	}
	return false
}

// plugin adds the columns that a plugin makes.
func (b *builder) plugin(o *operator, r *rows) {
	b.declare(o.columns, r.columns)
	if o.call == nil {
		return
	}
	switch o.call.function {
	case "bag_unpack":
		// The keys of a bag that events have are stored fields, too.
		r.columns.closed = len(o.columns) > 0 && r.columns.closed
	case "ipv4_lookup", "ipv6_lookup", "geo_polygon_lookup", "geo_line_lookup":
		if len(o.call.args) > 0 {
			r.columns.join(b.other(o.call.args[0]).columns)
		}
	case "pivot", "narrow":
		r.columns.closed = false
	default:
		r.columns.made, r.columns.closed = true, len(o.columns) > 0 && r.columns.closed
		b.stateful = true
	}
}

// invoke looks into a function of the query with the rows in front as its
// first argument.
func (b *builder) invoke(o *operator, r *rows) *rows {
	if o.call == nil {
		return r
	}
	bound := b.scope.lookup(o.call.named.Value)
	if bound == nil {
		if profile, ok := fileProfile[o.call.function]; ok {
			for _, column := range profile {
				r.columns.names[column] = calculated
			}
		} else {
			b.unknown("function", o.call.named.Value)
			r.columns.closed = false
		}
		return r
	}
	l, ok := bound.value.(*lambda)
	if !ok || len(l.params) == 0 || l.body == nil || bound.busy {
		return r
	}
	bound.busy = true
	defer func() { bound.busy = false }()
	inner := b.bind(&lambda{params: l.params[1:]}, bound.scope, o.call.args)
	b.set(inner, l.params[0].name.Value, &binding{rows: r})
	if out := b.block(l.body, inner); out != nil {
		return out
	}
	return r
}
