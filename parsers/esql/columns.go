package esql

import (
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// origin is where a column comes from: a stored field it equals up to case,
// type and white space, or a calculation.
type origin struct {
	field   string
	derived bool
	through string // the functions that it went through, as in rule.Predicate
}

var calculated = origin{derived: true}

// columns are the columns that a pipeline has made so far. Those of a branch
// lie over those in front of the branch. A name that is not there is a stored
// field.
type columns struct {
	under    *columns
	names    map[string]origin
	prefixes map[string]bool
}

func over(under *columns) *columns { return &columns{under: under, names: map[string]origin{}} }

// maxParts bounds how many parts of a name are tried as a prefix.
const maxParts = 32

func (c *columns) lookup(column string) origin {
	for ; c != nil; c = c.under {
		if o, ok := c.names[column]; ok {
			return o
		}
		if len(c.prefixes) == 0 {
			continue
		}
		for i, end := 0, 0; i < maxParts; i++ {
			n := strings.IndexByte(column[end:], '.')
			if n < 0 {
				break
			}
			end += n + 1
			if c.prefixes[column[:end]] {
				return calculated
			}
		}
	}
	return origin{field: column}
}

// of traces a value to the field it is.
func (c *columns) of(e expr) origin {
	o := calculated
	switch e := bare(e).(type) {
	case *name:
		o = c.lookup(e.text)
	case *call:
		if passing[e.function] && len(e.args) > 0 {
			o = c.of(e.args[0])
		}
	}
	if !o.derived {
		o.through = through(e, o.through)
	}
	return o
}

// merge takes over what branches made. A column that they make differently is
// a calculation.
func (c *columns) merge(branches []*columns) {
	seen := map[string]origin{}
	for _, branch := range branches {
		for column, o := range branch.names {
			if before, ok := seen[column]; ok && before != o {
				if before.through != o.through {
					before.through, o.through = rule.Sometimes, rule.Sometimes
				}
				if before != o {
					o = calculated
				}
			}
			seen[column] = o
		}
		for prefix := range branch.prefixes {
			c.prefix(prefix)
		}
	}
	for column, o := range seen {
		c.names[column] = o
	}
}

func (c *columns) prefix(prefix string) {
	if c.prefixes == nil {
		c.prefixes = map[string]bool{}
	}
	c.prefixes[prefix] = true
}

// after returns the columns there are after a command.
func (c *columns) after(cmd *command) *columns {
	switch cmd.name {
	case "EVAL", "ROW":
		for _, f := range cmd.fields {
			c.names[f.column.Value] = c.of(f.value)
		}
	case "STATS":
		out := over(nil)
		c.aggregate(cmd, out)
		return out
	case "INLINE STATS":
		c.aggregate(cmd, c)
	case "RENAME":
		for _, r := range cmd.renames {
			c.names[r.to] = c.lookup(r.from)
		}
	}
	for _, column := range cmd.outputs {
		c.names[column] = calculated
	}
	if cmd.prefix != "" {
		c.prefix(cmd.prefix)
	}
	return c
}

// aggregate adds the columns of STATS to out. All of them are computed from
// the columns in front of it.
func (c *columns) aggregate(cmd *command, out *columns) {
	made := map[string]origin{}
	for _, list := range [][]field{cmd.fields, cmd.by} {
		for _, f := range list {
			made[f.column.Value] = c.of(f.value)
		}
	}
	for column, o := range made {
		out.names[column] = o
	}
}

// bare strips a value of parentheses, casts, and the functions that change
// only its case, its type or the white space around it.
func bare(e expr) expr {
	for {
		switch inner := e.(type) {
		case *group:
			e = inner.item
			continue
		case *cast:
			e = inner.item
			continue
		case *call:
			if transparent[inner.function] && len(inner.args) > 0 {
				e = inner.args[0]
				continue
			}
		}
		return e
	}
}

// through are the functions that bare leaves out, after those in already.
func through(e expr, already string) string {
	switch e := e.(type) {
	case *group:
		return through(e.item, already)
	case *cast:
		return through(e.item, already)
	case *call:
		if transparent[e.function] && len(e.args) > 0 {
			return query.Through(e.function, through(e.args[0], already))
		}
	}
	return already
}

// children are the parts of a node that are expressions themselves.
func children(e expr) []expr {
	switch e := e.(type) {
	case *array:
		return e.items
	case *mapping:
		return e.values
	case *call:
		if e.by != nil {
			return append(e.args[:len(e.args):len(e.args)], e.by)
		}
		return e.args
	case *logical:
		return e.items
	case *negation:
		return []expr{e.item}
	case *comparison:
		return []expr{e.left, e.right}
	case *arithmetic:
		return e.items
	case *minus:
		return []expr{e.item}
	case *cast:
		return []expr{e.item}
	case *membership:
		return append([]expr{e.item}, e.list...)
	case *presence:
		return []expr{e.item}
	case *matching:
		return append([]expr{e.item}, e.patterns...)
	case *group:
		return []expr{e.item}
	}
	return nil
}

// has reports whether a node of the tree is one that wanted wants.
func has(e expr, wanted func(expr) bool) bool {
	if wanted(e) {
		return true
	}
	for _, child := range children(e) {
		if has(child, wanted) {
			return true
		}
	}
	return false
}

// hasField reports whether a value depends on the event.
func hasField(e expr) bool {
	return has(e, func(e expr) bool { _, ok := e.(*name); return ok })
}

// isClock reports whether a value depends on the time of the query.
func isClock(e expr) bool {
	return has(e, func(e expr) bool { c, ok := e.(*call); return ok && c.function == "now" })
}
