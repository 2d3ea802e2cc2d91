package kql

import (
	"maps"
	"strings"

	"github.com/detlint/detlint/rule"
)

// origin is where a column comes from: a stored field it equals up to case,
// type and white space, a constant, or a calculation.
type origin struct {
	field    string // as events have it
	source   string // the tables it may be in
	derived  bool
	expanded bool   // each value of a list has a row of its own
	through  string // the functions that it went through, as in rule.Predicate
	value    expr   // of a constant
	scope    *scope
}

var calculated = origin{derived: true}

// columns are the columns that a pipeline has made so far. A name that is not
// there is a stored field of its tables, or, when the pipeline has left the
// events behind, a column that an aggregate named itself.
type columns struct {
	names  map[string]origin
	tables []string
	made   bool // what is not in names is calculated
	closed bool // there are no columns but those in names
}

func newColumns(tables ...string) *columns {
	return &columns{names: map[string]origin{}, tables: tables}
}

func (c *columns) clone() *columns {
	out := *c
	out.names = maps.Clone(c.names)
	return &out
}

// maxTables bounds how many tables one field may be looked up in.
const maxTables = 8

func (c *columns) source() string { return strings.Join(c.tables[:min(len(c.tables), maxTables)], ",") }

func (c *columns) lookup(column string) origin {
	if o, ok := c.names[column]; ok {
		return o
	}
	if c.made {
		return calculated
	}
	return origin{field: column, source: c.source()}
}

// add takes over the tables of others.
func (c *columns) add(tables []string) {
	have := map[string]bool{}
	out := make([]string, 0, len(c.tables)+len(tables))
	for _, list := range [][]string{c.tables, tables} {
		for _, t := range list {
			if !have[t] && len(out) < maxTables {
				have[t] = true
				out = append(out, t)
			}
		}
	}
	c.tables = out
}

// join adds the columns of the other side of a join. Those that both sides
// have get a number on the right.
func (c *columns) join(right *columns) {
	for column, o := range right.names {
		if _, both := c.names[column]; both || !c.made && !c.closed && !o.derived && o.field == column {
			column += "1"
		}
		if _, taken := c.names[column]; !taken {
			c.names[column] = o
		}
	}
	c.closed = c.closed && right.closed
	if c.made && !right.made {
		// What only the right side has is stored there.
		c.made = false
		c.tables = nil
	}
	c.add(right.tables)
}

// merge takes over what the parts of a union made. A column that they make
// differently is a calculation if it is one in some part.
func (c *columns) merge(parts []*columns) {
	for i, part := range parts {
		for column, o := range part.names {
			if len(parts) > 1 && o.value != nil {
				o = calculated // another constant, or none, in the other parts
			}
			before, ok := c.names[column]
			if ok && before.derived {
				continue
			}
			if ok && before.field != o.field && !o.derived {
				o = before
			}
			if ok {
				if o.through != before.through {
					o.through = rule.Sometimes
				}
			}
			c.names[column] = o
		}
		if i == 0 {
			c.made, c.closed = part.made, part.closed
		}
		c.made, c.closed = c.made && part.made, c.closed && part.closed
		c.add(part.tables)
	}
}

// drop removes a column, or those that a pattern stands for.
func (c *columns) drop(pattern string) {
	if !strings.Contains(pattern, "*") {
		delete(c.names, pattern)
		return
	}
	for column := range c.names {
		if globbed(pattern, column) {
			delete(c.names, column)
		}
	}
}

// keep removes all columns but some.
func (c *columns) keep(exprs []expr) {
	kept := map[string]origin{}
	open := false
	for _, e := range exprs {
		if w, ok := e.(*wildcard); ok {
			open = true
			for column, o := range c.names {
				if globbed(w.text, column) {
					kept[column] = o
				}
			}
			continue
		}
		kept[autoName(e)] = c.lookup(autoName(e))
	}
	c.names, c.closed = kept, c.closed || !open
}

// globbed reports whether a name is one that a pattern with "*" stands for.
func globbed(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
