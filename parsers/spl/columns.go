package spl

import (
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// column is what is known of a column at some point of a pipeline.
type column struct {
	stored  string // the stored field it is, when it has another name
	derived bool   // computed
	counted bool   // computed from several events
	// calculated is set when a counted column is not the count itself but what
	// was made of it.
	calculated bool
	// many is set when it has the values of several events.
	many bool
	// through has the functions that it went through, as in rule.Predicate.
	through string
}

// columns are those of the rows at some point of a pipeline. A name that is not
// among them is a stored field, or what others say.
type columns struct {
	known map[string]column
	// order has the names in the order they were made, those removed included;
	// made says where in it the one stands that counts.
	order  []string
	made   map[string]int
	others column
	closed bool // there are no others
}

// maxColumns is how many computed columns of a search are followed.
const maxColumns = 1000

func newColumns() *columns { return &columns{known: map[string]column{}, made: map[string]int{}} }

func (c *columns) of(name string) column {
	if col, ok := c.known[name]; ok {
		return col
	}
	return c.others
}

func (c *columns) set(name string, col column) {
	if name == "" {
		return
	}
	if isComputedName(name) {
		c.closed = false
		return
	}
	if _, ok := c.made[name]; !ok {
		if len(c.made) >= maxColumns {
			c.closed = false
			return
		}
		c.made[name] = len(c.order)
		c.order = append(c.order, name)
	}
	if col.stored == name {
		col.stored = ""
	}
	c.known[name] = col
}

// isComputedName reports whether the name of a column is the value of another:
// {field} of eval, <<FIELD>> of foreach, $field$ of map.
func isComputedName(name string) bool {
	if at := strings.IndexByte(name, '{'); at >= 0 && at+1 < len(name) && name[at+1] != '}' && !isDigit(name[at+1]) {
		return true
	}
	return strings.Contains(name, "<<") || strings.Count(name, "$") > 1
}

// alias is the column that another name of a field has.
func (c *columns) alias(field string) column {
	col := c.of(field)
	if !col.derived && col.stored == "" {
		col.stored = field
	}
	return col
}

func (c *columns) names() []string {
	out := make([]string, 0, len(c.made))
	for i, name := range c.order {
		if at, ok := c.made[name]; ok && at == i {
			out = append(out, name)
		}
	}
	return out
}

func (c *columns) clone() *columns {
	return &columns{known: maps.Clone(c.known), made: maps.Clone(c.made), order: slices.Clone(c.order), others: c.others, closed: c.closed}
}

// merge adds the columns of another side; those at hand win.
func (c *columns) merge(o *columns) {
	for _, name := range o.names() {
		if _, ok := c.made[name]; !ok {
			c.set(name, o.known[name])
		}
	}
	for name, col := range c.known {
		if col.through != "" {
			col.through = rule.Sometimes
			c.known[name] = col
		}
	}
	c.closed = c.closed && o.closed
	if c.others == (column{}) {
		c.others = o.others
	}
}

func (c *columns) remove(name string) {
	if _, ok := c.made[name]; !ok {
		return
	}
	delete(c.known, name)
	delete(c.made, name)
	if len(c.order) > 2*len(c.made)+16 {
		c.order = c.names()
		for i, name := range c.order {
			c.made[name] = i
		}
	}
}

// rename gives a column another name. With * in both names, all columns that
// are known and match get one.
func (c *columns) rename(from, to string) {
	prefix, suffix, wild := strings.Cut(from, "*")
	if !wild {
		col := c.alias(from)
		if _, ok := c.known[from]; !ok && strings.HasSuffix(from, ")") {
			// What a command has computed is called like a call: IsOutlier(x).
			col = column{derived: true, counted: true, calculated: true}
		}
		c.remove(from)
		c.set(to, col)
		return
	}
	toPrefix, toSuffix, ok := strings.Cut(to, "*")
	if !ok {
		return
	}
	for _, name := range c.names() {
		middle, ok := strings.CutPrefix(name, prefix)
		if !ok || !strings.HasSuffix(middle, suffix) {
			continue
		}
		middle = strings.TrimSuffix(middle, suffix)
		col := c.alias(name)
		c.remove(name)
		c.set(toPrefix+middle+toSuffix, col)
	}
}

// passing are the aggregates whose value is one of the field's own.
var passing = map[string]bool{
	"values": true, "list": true, "first": true, "last": true, "earliest": true, "latest": true, "mode": true,
}

// single are the aggregates that say the same of one event as of many.
var single = map[string]bool{"min": true, "max": true, "earliest_time": true, "latest_time": true}

// aggregated are the columns after stats and its like.
func (c *columns) aggregated(a *aggregation) *columns {
	out := c
	if !a.keeps {
		out = newColumns()
		out.closed = true
	}
	by := a.by
	if a.split >= 0 && a.split < len(by) {
		// A column for each value, which nothing but its name tells.
		out.others, out.closed = column{derived: true, counted: true}, false
		by = by[:a.split]
	}
	for _, field := range by {
		if field == "" {
			out.closed = false // a macro
			continue
		}
		if !a.keeps {
			out.set(field, c.of(field))
		}
	}
	if out.others != (column{}) && !a.keeps {
		return out
	}
	for _, item := range a.items {
		switch {
		case strings.Contains(item.name, "*") && !strings.Contains(item.name, "("):
			out.closed = false
			for _, name := range c.names() { // values(*) as *
				if item.name == "*" && passing[item.function] && !a.keeps {
					out.set(name, c.of(name))
				}
			}
		case passing[item.function] && item.expr == nil && item.argument != "" && a.previous:
			// It is compared with what other events have.
			out.set(item.name, column{derived: true, counted: true, calculated: true})
		case passing[item.function] && item.expr == nil && item.argument != "":
			col := c.alias(item.argument)
			col.many = col.many || item.function == "values" || item.function == "list"
			out.set(item.name, col)
		default:
			counted := !single[item.function] || c.of(item.argument).counted
			out.set(item.name, column{derived: true, counted: counted, calculated: counted && single[item.function]})
		}
	}
	return out
}

// project are the columns after fields and table.
func (c *columns) project(p *projection) *columns {
	if p.remove {
		for _, name := range p.names {
			c.remove(name)
		}
		return c
	}
	out := newColumns()
	out.closed, out.others = true, c.others
	for _, pattern := range p.names {
		if prefix, suffix, wild := strings.Cut(pattern, "*"); wild {
			out.closed = out.closed && c.closed
			for _, name := range c.names() {
				if len(name) >= len(prefix)+len(suffix) && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
					out.set(name, c.of(name))
				}
			}
			continue
		}
		out.set(pattern, c.of(pattern))
	}
	return out
}

// transparent are functions that a field is itself inside of: they change its
// case or its type.
var transparent = map[string]bool{"lower": true, "upper": true, "trim": true, "tostring": true, "tonumber": true}

// bare is what an expression is without parentheses and transparent functions.
func bare(e expr) expr {
	for {
		switch inner := e.(type) {
		case *group:
			e = inner.item
		case *call:
			if !transparent[inner.function] || len(inner.args) != 1 {
				return e
			}
			e = inner.args[0]
		default:
			return e
		}
	}
}

// through are the functions that bare leaves out, after those in already.
func through(e expr, already string) string {
	switch e := e.(type) {
	case *group:
		return through(e.item, already)
	case *call:
		if transparent[e.function] && len(e.args) == 1 {
			return query.Through(e.function, through(e.args[0], already))
		}
	}
	return already
}

// assigned is the column that an expression makes.
func (c *columns) assigned(e expr) column {
	if n, ok := bare(e).(*name); ok {
		col := c.alias(n.text)
		col.through = through(e, col.through)
		return col
	}
	out := c.calculated(e)
	out.derived = true
	return out
}

// calculated is what a calculation over columns is, the zero value when all of
// them are stored fields. The number of the values that several events have
// counts these.
func (c *columns) calculated(e expr) column {
	if count, ok := bare(e).(*call); ok && count.function == "mvcount" && len(count.args) == 1 {
		if n, ok := bare(count.args[0]).(*name); ok && c.of(n.text).many {
			return column{derived: true, counted: true}
		}
	}
	out := column{}
	walk(e, func(e expr) {
		switch e := e.(type) {
		case *name:
			col := c.of(e.text)
			out.derived, out.counted = out.derived || col.derived, out.counted || col.counted
		case *call:
			if e.function == "mvcount" && len(e.args) == 1 {
				if n, ok := bare(e.args[0]).(*name); ok && c.of(n.text).many {
					out.derived, out.counted = true, true
				}
			}
		}
	})
	out.calculated = out.counted
	return out
}

// fields visits the fields of an expression.
func (c *columns) fields(e expr, visit func(string, column)) {
	walk(e, func(e expr) {
		if n, ok := e.(*name); ok {
			visit(n.text, c.of(n.text))
		}
	})
}

// walk visits an expression and all its parts, from the left.
func walk(e expr, visit func(expr)) {
	visit(e)
	switch e := e.(type) {
	case *call:
		for _, arg := range e.args {
			walk(arg, visit)
		}
	case *binary:
		walk(e.left, visit)
		walk(e.right, visit)
	case *in:
		walk(e.left, visit)
		for _, item := range e.items {
			walk(item, visit)
		}
	case *not:
		walk(e.item, visit)
	case *minus:
		walk(e.item, visit)
	case *group:
		walk(e.item, visit)
	}
}
