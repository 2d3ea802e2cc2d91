package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// pipeline returns the conjuncts of a pipeline and the columns that leave it.
func (b *builder) pipeline(p *pipeline, c *columns) ([]rule.Condition, *columns) {
	var out []rule.Condition
	add := func(cond rule.Condition) {
		if and, ok := cond.(*rule.And); ok {
			out = append(out, and.Children...)
		} else if cond != nil {
			out = append(out, cond)
		}
	}
	defer func(before front) { b.front = before }(b.front)
	b.front = front{}
	for _, s := range p.stages {
		if !b.looksAt(s.command, c) {
			c = newColumns()
		}
		b.columns = c
		switch cmd := s.command.(type) {
		case *filter:
			add(b.cond(cmd.cond))
		case *regexFilter:
			cond := b.regex(cmd.field, "regex=", cmd.pattern.Value, cmd.pattern.Span)
			if cmd.negated {
				cond = &rule.Not{Child: cond, Span: rule.Span{Start: cmd.field.Span.Start, End: cmd.pattern.Span.End}}
			}
			add(cond)
		case *aggregation:
			add(b.cond(cmd.where))
			c = c.aggregated(cmd)
		case *making:
			add(b.cond(cmd.where))
			if cmd.source {
				c = newColumns()
			}
			for _, name := range cmd.columns {
				c.set(name, column{derived: true, counted: cmd.counted || c.of(name).counted, calculated: cmd.counted || c.of(name).calculated})
			}
			if cmd.opens || cmd.appends || cmd.lookup != nil && cmd.lookup.Command == "lookup" && len(cmd.lookup.Outputs) == 0 {
				c.closed = false
			}
		case *assignments:
			for _, a := range cmd.items {
				c.set(a.name, c.assigned(a.value))
			}
		case *renaming:
			for _, pair := range cmd.pairs {
				c.rename(pair[0], pair[1])
			}
		case *projection:
			c = c.project(cmd)
		case *pathColumn:
			if cmd.output != "" && cmd.path != "" {
				c.set(cmd.output, c.alias(cmd.path))
			} else if cmd.output == "" {
				c.closed = false
			}
		case *correlating:
			b.stateful = true
			c.closed = c.closed && s.name == "transaction"
			for _, name := range cmd.columns {
				c.set(name, column{derived: true, counted: true, calculated: true})
			}
		case *template:
			b.template(cmd, c)
		case *embedding:
			out = b.join(&cmd.joining, out, c)
		case *joining:
			out = b.join(cmd, out, c)
		case *opaque:
			c.closed = false
			b.opaque(s, cmd)
		default:
			switch {
			case reshaping[s.name]:
				c = newColumns()
				c.others = column{derived: true}
			case !quiet[s.name] && !passive[s.name]:
				c.closed = false
			}
		}
		switch cmd := s.command.(type) {
		case *filter, *regexFilter:
		case *projection:
			b.front.lose(cmd)
		default:
			if o, ok := b.obstacleOf(s); ok {
				b.front.add(o)
			}
		}
		if _, terms := s.command.(*filter); !terms && len(s.macros) > 0 {
			c.closed = false // what the macro stands for may make any
		}
		for _, name := range s.macros {
			b.unknown("macro:" + name)
		}
	}
	b.columns = c
	return out, c
}

// maxLooks is how many columns the commands of a search may look at that name
// them by patterns or copy them all.
const maxLooks = 1_000_000

// looksAt counts the columns that a command looks at. After too many of them
// nothing is known of the columns any more, and it reports false.
func (b *builder) looksAt(cmd command, c *columns) bool {
	n := 0
	switch cmd := cmd.(type) {
	case *projection:
		n = len(cmd.names)
		for _, name := range cmd.names {
			if strings.Contains(name, "*") {
				n += len(c.order)
			}
		}
	case *renaming:
		for _, pair := range cmd.pairs {
			if strings.Contains(pair[0], "*") {
				n += len(c.order)
			}
		}
	case *aggregation:
		for _, item := range cmd.items {
			if strings.Contains(item.name, "*") {
				n += len(c.order)
			}
		}
	case *joining:
		n = len(cmd.pipelines) * len(c.order)
	case *embedding:
		n = len(c.order)
	}
	if b.looked += n; b.looked <= maxLooks || n == 0 || len(c.order) == 0 {
		return true
	}
	b.unknown("limit:columns")
	return false
}

// opaque names a command that could not be looked into.
func (b *builder) opaque(s *stage, cmd *opaque) {
	what := cmd.what
	if what == "command" {
		what = "command:" + s.name
	}
	b.unknown(what)
}

// template makes the columns of foreach computed, whatever they are called.
func (b *builder) template(t *template, c *columns) {
	if t.pipeline == nil {
		return
	}
	for _, s := range t.pipeline.stages {
		for _, name := range s.macros {
			b.unknown("macro:" + name)
		}
		if cmd, ok := s.command.(*assignments); ok {
			for _, a := range cmd.items {
				col := c.assigned(a.value)
				col.counted = col.counted || c.of(a.name).counted
				c.set(a.name, column{derived: true, counted: col.counted, calculated: col.counted})
				if strings.Contains(a.name, "<<") {
					c.closed = false
				}
			}
		}
	}
}

// join brings subsearches together with what came before.
func (b *builder) join(j *joining, before []rule.Condition, c *columns) []rule.Condition {
	var branches []rule.Condition
	for _, name := range j.elsewhere {
		b.unknown(name)
	}
	for range j.datasets {
		branches = append(branches, &rule.Branch{Child: &rule.And{}})
	}
	for _, p := range j.pipelines {
		start := newColumns()
		if j.row {
			start = c.clone()
		}
		conjuncts, made := b.pipeline(p, start)
		branches = append(branches, &rule.Branch{Child: all(conjuncts)})
		c.merge(made)
	}
	b.columns = c
	if len(branches) == 0 {
		b.stateful = b.stateful || j.all && !j.outer && len(j.elsewhere)+len(j.models) > 0
		return before
	}
	switch {
	case j.all && j.outer:
		// The other side may have no row.
		return append(before, &rule.Or{Children: append(branches, &rule.Branch{Child: &rule.And{}})})
	case j.all:
		b.stateful = true
		return append(before, branches...)
	}
	if b.appended++; b.appended > maxDepth {
		// Each one is around all that was before.
		b.unknown("limit:append")
		return before
	}
	if len(before) > 0 {
		branches = append([]rule.Condition{&rule.Branch{Child: all(before)}}, branches...)
	}
	if len(branches) == 1 {
		return branches
	}
	return []rule.Condition{&rule.Or{Children: branches}}
}
