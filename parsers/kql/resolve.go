package kql

import (
	"math"
	"strings"

	"github.com/detlint/detlint/rule"
)

// scope has the names that lets, parameters and "as" have made, up to some
// point of the query.
type scope struct {
	up    *scope
	names map[string]*binding
	limit int // of the bindings that are visible
}

// binding is what one name stands for.
type binding struct {
	value    expr
	scope    *scope // in which the names within value are looked up
	rows     *rows  // of a table that was looked into
	busy     bool   // it is being looked into
	order    int
	previous *binding // what the name stood for before

	// What is known of value. Lets that use each other twice over would take
	// for ever if each use looked again.
	fieldless, timeless, tableless bool
}

func (s *scope) inner() *scope {
	return &scope{up: s, names: map[string]*binding{}, limit: math.MaxInt}
}

// set makes a name stand for something from now on.
func (b *builder) set(s *scope, name string, to *binding) {
	b.order++
	to.order, to.previous = b.order, s.names[name]
	s.names[name] = to
}

// now is the scope as it is at this point: a let sees none that follow it, nor
// itself.
func (b *builder) now(s *scope) *scope {
	b.order++
	return &scope{up: s.up, names: s.names, limit: b.order}
}

func (s *scope) lookup(name string) *binding {
	for ; s != nil; s = s.up {
		for b := s.names[name]; b != nil; b = b.previous {
			if b.order < s.limit {
				return b
			}
		}
	}
	return nil
}

// bare strips a value of parentheses and of the functions that change only
// its case, its type or the white space around it.
func bare(e expr) expr {
	for {
		switch inner := e.(type) {
		case *group:
			e = inner.item
			continue
		case *dynamic:
			e = inner.value
			continue
		case *named:
			e = inner.value
			continue
		case *call:
			if transparent[inner.function] && len(inner.args) == 1 {
				e = inner.args[0]
				continue
			}
		}
		return e
	}
}

// maxLinks bounds how many lets are followed to find a value.
const maxLinks = 32

// constant follows names to what they stand for, as long as that is no column.
func (b *builder) constant(e expr) (expr, *scope) {
	s := b.scope
	for range maxLinks {
		e = bare(e)
		n, ok := e.(*name)
		if !ok {
			return e, s
		}
		if s == b.scope {
			if o, ok := b.columns.names[n.text]; ok {
				if o.value == nil {
					return e, s
				}
				e, s = o.value, o.scope
				continue
			}
		}
		bound := s.lookup(n.text)
		if bound == nil || bound.value == nil {
			return e, s
		}
		e, s = bound.value, bound.scope
	}
	return e, s
}

// alias follows the parameters of functions to the columns that they were
// called with.
func (b *builder) alias(e expr) expr {
	s := b.scope
	for range maxLinks {
		n, ok := bare(e).(*name)
		if !ok {
			return e
		}
		if _, ok := b.columns.names[n.text]; ok {
			return e
		}
		bound := s.lookup(n.text)
		if bound == nil || bound.value == nil {
			return e
		}
		switch bare(bound.value).(type) {
		case *name, *path, *element:
			e, s = bound.value, bound.scope
		default:
			return e
		}
	}
	return e
}

// isColumn reports whether a name is a column of the rows: the query has made
// it, or no let has.
func (b *builder) isColumn(n *name) bool {
	n, ok := bare(b.alias(n)).(*name)
	if !ok {
		return true
	}
	if o, ok := b.columns.names[n.text]; ok {
		return o.value == nil
	}
	return b.scope.lookup(n.text) == nil
}

// hasField reports whether a value depends on the event.
func (b *builder) hasField(e expr) bool { return b.fields(e, b.scope, 0) }

func (b *builder) fields(e expr, s *scope, depth int) bool {
	if depth > maxLinks {
		return true
	}
	return has(e, func(e expr) bool {
		switch e := e.(type) {
		case *wildcard:
			return true
		case *name:
			if s == b.scope {
				if o, ok := b.columns.names[e.text]; ok {
					return o.value == nil
				}
			}
			bound := s.lookup(e.text)
			if bound == nil {
				return true
			}
			if bound.fieldless || bound.value == nil || tabular(bound.value) {
				return false
			}
			found := b.fields(bound.value, bound.scope, depth+1)
			bound.fieldless = !found
			return found
		case *call:
			return e.function == "ingestion_time" || e.function == "column_ifexists" || e.function == "columnifexists"
		}
		return false
	})
}

// tabular reports whether a value is a table, or a function.
func tabular(e expr) bool {
	switch e := bare(e).(type) {
	case *pipeline, *lambda, *external, *datatable:
		return true
	case *call:
		return e.function == "materialize" || e.function == "toscalar" || e.function == "totable"
	}
	return false
}

// isClock reports whether a value is a time, a span of time, or is calculated
// from one.
func (b *builder) isClock(e expr) bool { return b.clock(e, b.scope, 0) }

func (b *builder) clock(e expr, s *scope, depth int) bool {
	if depth > maxLinks {
		return false
	}
	return has(e, func(e expr) bool {
		switch e := e.(type) {
		case *literal:
			return e.kind == litTimespan || e.kind == litTyped && strings.HasPrefix(e.raw, "date")
		case *call:
			return clocks[e.function] || times[e.function] && len(e.args) == 1 && !b.fields(e.args[0], s, depth+1)
		case *name:
			if s == b.scope {
				if _, ok := b.columns.names[e.text]; ok {
					return false
				}
			}
			bound := s.lookup(e.text)
			if bound == nil || bound.timeless || bound.value == nil || tabular(bound.value) {
				return false
			}
			found := b.clock(bound.value, bound.scope, depth+1)
			bound.timeless = !found
			return found
		}
		return false
	})
}

// children are the parts of a node that are values themselves; what stands in
// a pipeline is not among them.
func children(e expr) []expr {
	switch e := e.(type) {
	case *list:
		return e.items
	case *bag:
		return e.values
	case *dynamic:
		return []expr{e.value}
	case *call:
		if e.function == "toscalar" || e.function == "totable" || e.function == "materialize" {
			return nil
		}
		return e.args
	case *path:
		if c, ok := e.part.(*call); ok {
			return append([]expr{e.item}, c.args...)
		}
		return []expr{e.item}
	case *element:
		return []expr{e.item, e.index}
	case *logical:
		return e.items
	case *comparison:
		return []expr{e.left, e.right}
	case *arithmetic:
		return e.items
	case *sign:
		return []expr{e.item}
	case *membership:
		return append([]expr{e.item}, e.list...)
	case *between:
		return []expr{e.item, e.low, e.high}
	case *group:
		return []expr{e.item}
	case *named:
		return []expr{e.value}
	}
	return nil
}

// has reports whether a node of the tree is one that wanted wants.
func has(e expr, wanted func(expr) bool) bool {
	if e == nil {
		return false
	}
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

// of traces a value to the field it is.
func (b *builder) of(e expr) origin {
	e = b.alias(e)
	o := b.trace(bare(e))
	o.through = through(e, o.through)
	return o
}

// trace traces what bare leaves of a value.
func (b *builder) trace(e expr) origin {
	switch e := e.(type) {
	case *name:
		if o, ok := b.columns.names[e.text]; ok {
			return o
		}
		if bound := b.scope.lookup(e.text); bound != nil {
			if bound.value != nil && !tabular(bound.value) {
				return origin{derived: true, value: bound.value, scope: bound.scope}
			}
			return calculated
		}
		return b.columns.lookup(e.text)
	case *literal, *list, *bag:
		return origin{derived: true, value: e, scope: b.scope}
	case *path, *element:
		return b.ofPath(e)
	case *call:
		switch {
		case ifExists[e.function] && len(e.args) > 0:
			if l, ok := bare(e.args[0]).(*literal); ok && l.kind == litString {
				return b.columns.lookup(l.value)
			}
		case parsing[e.function] && len(e.args) == 1:
			return b.of(e.args[0])
		}
	}
	return calculated
}

// ofPath traces a path to the field its first part is.
func (b *builder) ofPath(e expr) origin {
	root, steps := pathRoot(e)
	o := b.of(root)
	if o.derived || o.field == "" {
		return calculated
	}
	for i := len(steps) - 1; i >= 0; i-- {
		switch s := steps[i].(type) {
		case *path:
			if _, ok := s.part.(*call); ok {
				return calculated
			}
			o.field += "." + text(s.part)
		case *element:
			if b.hasField(s.index) {
				return calculated
			}
			o.field += "[" + text(s.index) + "]"
		}
	}
	return o
}

// pathRoot is what a path begins with, and its steps, the last one first.
func pathRoot(e expr) (root expr, steps []expr) {
	for {
		switch s := e.(type) {
		case *path:
			steps, e = append(steps, e), bare(s.item)
			continue
		case *element:
			steps, e = append(steps, e), bare(s.item)
			continue
		case *call:
			if parsing[s.function] && len(s.args) == 1 && len(steps) > 0 {
				e = bare(s.args[0])
				continue
			}
		}
		return e, steps
	}
}

// field names what is compared as the query writes it, and says where it comes
// from.
func (b *builder) field(e expr) (rule.Text, origin) {
	e = b.alias(e)
	t, o := b.written(bare(e))
	o.through = through(e, o.through)
	return t, o
}

// written is field for what bare leaves of a value.
func (b *builder) written(e expr) (rule.Text, origin) {
	t := rule.Text{Value: text(e), Span: e.place()}
	switch e := e.(type) {
	case *name, *path, *element:
		if o := b.of(e); !o.derived {
			return t, o
		}
		root, steps := pathRoot(e)
		if n, ok := root.(*name); ok && len(steps) > 0 && !b.of(n).derived {
			return t, origin{field: t.Value, source: b.columns.source()}
		}
		return t, calculated
	case *call:
		if o := b.of(e); !o.derived && ifExists[e.function] {
			return rule.Text{Value: o.field, Span: e.place()}, o
		}
	}
	derived := has(e, func(e expr) bool {
		n, ok := e.(*name)
		return ok && b.of(n).derived && b.isColumn(n)
	})
	if derived {
		return t, calculated
	}
	return t, origin{field: t.Value, source: b.columns.source()}
}
