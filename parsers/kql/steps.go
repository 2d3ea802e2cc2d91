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
	before := b.columns
	defer func() { b.columns = before }()
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
		b.columns = r.columns
		r = b.step(o, r, p.source == nil && from == nil && o == p.operators[0])
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
			r.columns.drop(text(e))
		}
	case "project-keep":
		r.columns.keep(o.exprs)
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
		b.extend(o.exprs, r.columns)
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
	case "leftouter", "fullouter", "leftanti", "anti", "leftantisemi":
		if c != nil {
			r.add(maybe(c))
		}
	case "rightouter", "rightanti", "rightantisemi":
		r = &rows{depth: max(left.depth, right.depth) + 1, columns: r.columns, counted: r.counted}
		if lc := left.condition(); lc != nil {
			r.conds = []rule.Condition{maybe(lc)}
		}
		r.add(c)
	default:
		r.add(c)
	}
	if kind != "leftouter" && kind != "fullouter" && kind != "rightouter" && right.events() {
		b.stateful = true
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
	columns := r.columns.clone()
	b.extend(o.exprs, columns)
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
		if p == nil {
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
