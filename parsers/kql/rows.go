package kql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// rows are what comes out of a pipeline: what held for them, and their
// columns.
type rows struct {
	conds     []rule.Condition
	columns   *columns
	selectors []rule.Selector
	depth     int    // of branches within each other
	counted   bool   // the rows are no longer single events
	behind    string // what chose or changed them, as rule.Predicate has it
}

// SelectorTable is the key of the selectors that name a table.
const SelectorTable = "table"

// condition is what holds for the rows, nil when nothing is known of them.
func (r *rows) condition() rule.Condition {
	if len(r.conds) == 0 && len(r.selectors) == 0 {
		return nil
	}
	if len(r.selectors) == 0 && len(r.conds) == 1 {
		if branch, ok := r.conds[0].(*rule.Branch); ok {
			return branch
		}
	}
	return &rule.Branch{Child: all(r.conds), Selectors: r.selectors}
}

func (r *rows) add(c rule.Condition) {
	if and, ok := c.(*rule.And); ok {
		r.conds = append(r.conds, and.Children...)
	} else if c != nil {
		r.conds = append(r.conds, c)
	}
}

// maxBranches is how deep branches may be within each other.
const maxBranches = 100

// again is a use of rows that others use, too.
func (b *builder) again(r *rows) *rows {
	out := &rows{columns: r.columns.clone(), depth: r.depth + 1, counted: r.counted, behind: r.behind}
	if !b.spend(len(r.columns.names) + 1) {
		return out
	}
	if out.depth > maxBranches {
		b.unknown("limit", "depth")
		out.depth = 0
		return out
	}
	if c := r.condition(); c != nil {
		out.conds = []rule.Condition{c}
	}
	return out
}

// block looks into statements and returns the rows of what they return, nil
// when that is no table.
func (b *builder) block(bl *block, s *scope) *rows {
	before := b.scope
	b.scope = s
	defer func() { b.scope = before }()
	var results []*rows
	for _, st := range bl.statements {
		switch st.keyword {
		case "let":
			b.set(s, st.name.Value, &binding{value: st.value, scope: b.now(s)})
		case "declare":
			for _, p := range st.params {
				b.set(s, p.name.Value, &binding{value: p.value, scope: b.now(s)})
			}
		case "":
			if r := b.table(st.value); r != nil {
				results = append(results, r)
			}
		}
	}
	switch len(results) {
	case 0:
		return nil
	case 1:
		return results[0]
	}
	return b.union(results)
}

// union joins rows of several tables.
func (b *builder) union(parts []*rows) *rows {
	out := &rows{columns: newColumns()}
	conds := make([]rule.Condition, 0, len(parts))
	made := make([]*columns, 0, len(parts))
	some := false
	for _, part := range parts {
		c := part.condition()
		some = some || c != nil
		if c == nil {
			c = &rule.Branch{Child: &rule.And{}}
		}
		conds = append(conds, c)
		made = append(made, part.columns)
		out.depth = max(out.depth, part.depth+1)
		out.counted = out.counted || part.counted
	}
	out.columns.merge(made)
	if some {
		out.conds = []rule.Condition{&rule.Or{Children: conds}}
		if len(conds) == 1 {
			out.conds = conds
		}
	}
	return out
}

// stored is a table that the query does not make itself.
func (b *builder) stored(t rule.Text) *rows {
	out := &rows{columns: newColumns(t.Value)}
	out.selectors = []rule.Selector{{Key: SelectorTable, Value: t}}
	return out
}

// table looks into a value that is a table. It is nil when the value is none.
func (b *builder) table(e expr) *rows {
	if b.depth > 2*maxDepth || !b.spend(1) {
		b.unknown("limit", "depth")
		return &rows{columns: newColumns()}
	}
	b.depth++
	defer func() { b.depth-- }()
	switch e := e.(type) {
	case *group:
		return b.table(e.item)
	case *named:
		return b.table(e.value)
	case *pipeline:
		return b.pipeline(e, nil)
	case *name:
		return b.tableOfName(e)
	case *wildcard:
		return b.stored(rule.Text{Value: e.text, Span: e.span})
	case *path:
		if c, ok := e.part.(*call); ok {
			return b.tableOfCall(c)
		}
		return b.table(e.part)
	case *element:
		if l, ok := e.index.(*literal); ok && l.kind == litString {
			return b.stored(rule.Text{Value: l.value, Span: l.span})
		}
	case *datatable:
		return b.inline(e.columns)
	case *external:
		return b.inline(e.columns)
	case *call:
		return b.tableOfCall(e)
	}
	return nil
}

// inline is a table that the query brings along, or fetches from elsewhere.
func (b *builder) inline(list []column) *rows {
	out := &rows{columns: newColumns()}
	out.columns.made, out.columns.closed = true, true
	b.declare(list, out.columns)
	return out
}

func (b *builder) tableOfName(e *name) *rows {
	bound := b.scope.lookup(e.text)
	if bound == nil {
		if o, ok := b.columns.names[e.text]; ok && o.value == nil {
			return nil
		}
		return b.stored(rule.Text{Value: e.text, Span: e.span})
	}
	return b.tableOfBinding(e.text, bound, nil)
}

// tableOfBinding looks into what a let or a parameter stands for, once.
func (b *builder) tableOfBinding(name string, bound *binding, args []expr) *rows {
	if bound.rows != nil {
		return b.again(bound.rows)
	}
	if bound.busy {
		b.unknown("recursion", name)
		return &rows{columns: newColumns()}
	}
	if bound.value == nil {
		b.unknown("parameter", name)
		return &rows{columns: newColumns()}
	}
	bound.busy = true
	defer func() { bound.busy = false }()
	scope, columns := b.scope, b.columns
	defer func() { b.scope, b.columns = scope, columns }()
	if l, ok := bound.value.(*lambda); ok {
		if l.body == nil {
			return &rows{columns: newColumns()}
		}
		inner := b.bind(l, bound.scope, args)
		b.columns = newColumns()
		if r := b.block(l.body, inner); r != nil {
			return b.again(r)
		}
		return nil
	}
	b.scope, b.columns = bound.scope, newColumns()
	r := b.table(bound.value)
	if r == nil {
		return nil
	}
	bound.rows = r
	return b.again(r)
}

// tableOfCall looks into a function that returns a table.
func (b *builder) tableOfCall(e *call) *rows {
	switch e.function {
	case "materialize", "totable", "toscalar", "view":
		if len(e.args) == 1 {
			return b.table(e.args[0])
		}
	case "table", "external_table", "materialized_view":
		if len(e.args) > 0 {
			value, _ := b.constant(e.args[0])
			if l, ok := value.(*literal); ok {
				return b.stored(rule.Text{Value: l.value, Span: l.span})
			}
			b.unknown("table", text(e.args[0]))
		}
		return &rows{columns: newColumns()}
	case "_getwatchlist", "_getwatchlistalias":
		b.unknown("watchlist", firstText(e))
		out := &rows{columns: newColumns()}
		out.columns.made = true
		return out
	}
	if bound := b.scope.lookup(e.named.Value); bound != nil {
		return b.tableOfBinding(e.named.Value, bound, e.args)
	}
	if scalars[e.function] {
		return nil
	}
	out := b.stored(e.named)
	if isASIM(e.named.Value) {
		b.columns = out.columns
		out.add(b.asimFilters(e))
	}
	return out
}

// isASIM reports whether a function is one of the parsers of the Advanced
// Security Information Model, whose parameters filter.
func isASIM(name string) bool {
	lower := strings.ToLower(name)
	for _, prefix := range []string{"_im_", "_asim_", "im", "vim", "asim"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return false
}

// asimFilters are the constant arguments of an ASIM parser: each keeps the
// events whose field has one of the values.
func (b *builder) asimFilters(e *call) rule.Condition {
	var conds []rule.Condition
	for _, arg := range e.args {
		n, ok := arg.(*named)
		if !ok || asimTimes[n.names[0].Value] || b.hasField(n.value) && !b.isTable(n.value) {
			continue
		}
		if b.isTable(n.value) {
			b.subqueries(n.value)
			continue
		}
		op := rule.Eq
		field := n.names[0].Value
		switch {
		case strings.Contains(field, "prefix"):
			op = rule.StartsWith
		case strings.Contains(field, "has"):
			op = rule.Contains
		}
		from := b.columns.lookup(field)
		if column := asimColumns[field]; column != "" {
			from.field = column
		}
		s := &subject{builder: b, field: n.names[0], from: from, operator: op, source: e.named.Value, span: n.span, lists: true}
		conds = append(conds, s.with(n.value))
	}
	return both(conds)
}
