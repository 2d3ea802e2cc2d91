package spl

import (
	"slices"
	"strings"
)

// column is what is known of a column at some point of a pipeline.
type column struct {
	stored  string // the stored field it is, when it has another name
	derived bool   // computed
	counted bool   // computed from several events
	// calculated is set when a counted column is not the count itself but what
	// was made of it.
	calculated bool
}

// columns are those of the rows at some point of a pipeline. A name that is not
// among them is a stored field.
type columns struct {
	known  map[string]column
	order  []string
	closed bool // there are no others
}

// maxColumns is how many computed columns of a search are followed.
const maxColumns = 1000

func newColumns() *columns { return &columns{known: map[string]column{}} }

func (c *columns) of(name string) column { return c.known[name] }

func (c *columns) set(name string, col column) {
	if name == "" {
		return
	}
	if _, ok := c.known[name]; !ok {
		if len(c.order) >= maxColumns {
			c.closed = false
			return
		}
		c.order = append(c.order, name)
	}
	if col.stored == name {
		col.stored = ""
	}
	c.known[name] = col
}

// alias is the column that another name of a field has.
func (c *columns) alias(field string) column {
	col := c.known[field]
	if !col.derived && col.stored == "" {
		col.stored = field
	}
	return col
}

func (c *columns) names() []string { return slices.Clone(c.order) }

func (c *columns) clone() *columns {
	out := &columns{known: make(map[string]column, len(c.known)), order: slices.Clone(c.order), closed: c.closed}
	for name, col := range c.known {
		out.known[name] = col
	}
	return out
}

// merge adds the columns of another side; those at hand win.
func (c *columns) merge(o *columns) {
	for _, name := range o.order {
		if _, ok := c.known[name]; !ok {
			c.set(name, o.known[name])
		}
	}
	c.closed = c.closed && o.closed
}

func (c *columns) remove(name string) {
	if _, ok := c.known[name]; ok {
		delete(c.known, name)
		c.order = slices.DeleteFunc(c.order, func(n string) bool { return n == name })
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
	for _, name := range slices.Clone(c.order) {
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
	for _, field := range a.by {
		if field == "" {
			out.closed = false // a macro
			continue
		}
		if !a.keeps {
			out.set(field, c.of(field))
		}
	}
	for _, item := range a.items {
		switch {
		case strings.Contains(item.name, "*") && !strings.Contains(item.name, "("):
			out.closed = false
			for _, name := range c.order { // values(*) as *
				if item.name == "*" && passing[item.function] && !a.keeps {
					out.set(name, c.of(name))
				}
			}
		case passing[item.function] && item.expr == nil && item.argument != "":
			out.set(item.name, c.alias(item.argument))
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
	out.closed = true
	for _, pattern := range p.names {
		if prefix, suffix, wild := strings.Cut(pattern, "*"); wild {
			out.closed = out.closed && c.closed
			for _, name := range c.order {
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

// assigned is the column that an expression makes.
func (c *columns) assigned(e expr) column {
	if n, ok := bare(e).(*name); ok {
		return c.alias(n.text)
	}
	out := column{derived: true}
	c.fields(e, func(_ string, col column) { out.counted = out.counted || col.counted })
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
