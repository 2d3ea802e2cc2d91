package spl

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// builder turns pipelines into conditions.
type builder struct {
	columns    *columns // at the command that is looked at
	stateful   bool
	appended   int // how many appends became part of the condition
	xors       int // how many XORs became part of it
	looked     int // how many columns commands with patterns have looked at
	negations  int // above what is looked at
	unresolved []string
	seen       map[string]bool
}

func newBuilder() *builder { return &builder{seen: map[string]bool{}} }

// unknown names something whose meaning is not known, once.
func (b *builder) unknown(what string) {
	if !b.seen[what] {
		b.seen[what] = true
		b.unresolved = append(b.unresolved, what)
	}
}

// all makes one condition of conjuncts.
func all(conjuncts []rule.Condition) rule.Condition {
	if len(conjuncts) == 1 {
		return conjuncts[0]
	}
	return &rule.And{Children: conjuncts}
}

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
	for _, s := range p.stages {
		if !b.looksAt(s.command, c) {
			c = newColumns()
		}
		b.columns = c
		switch cmd := s.command.(type) {
		case *filter:
			add(b.cond(cmd.cond))
		case *regexFilter:
			cond := b.predicate(cmd.field, rule.Regex, "regex=", cmd.pattern.Value, cmd.pattern.Span)
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

// cond converts a condition. It is nil when it says nothing about the event.
func (b *builder) cond(n node) rule.Condition {
	switch n := n.(type) {
	case *andNode:
		return b.all(len(n.items), func(i int) rule.Condition { return b.cond(n.items[i]) })
	case *orNode:
		return b.any(len(n.items), func(i int) rule.Condition { return b.cond(n.items[i]) })
	case *notNode:
		return b.negated(n)
	case *comparison:
		return b.comparison(n)
	case *inList:
		return b.inList(n)
	case *keyword:
		return b.keyword(n)
	case *subNode:
		return b.sub(n)
	case *macroNode:
		b.unknown("macro:" + n.name)
	case expr:
		return b.expr(n)
	}
	return nil
}

// all converts the parts of a conjunction; those that say nothing are left out.
func (b *builder) all(n int, part func(int) rule.Condition) rule.Condition {
	var out []rule.Condition
	for i := range n {
		if c := part(i); c != nil {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return all(out)
}

// any converts the parts of a disjunction. Where one of them says nothing, any
// event may come in that way.
func (b *builder) any(n int, part func(int) rule.Condition) rule.Condition {
	var out []rule.Condition
	open := false
	for i := range n {
		if c := part(i); c != nil {
			out = append(out, c)
		} else {
			open = true
		}
	}
	switch {
	case len(out) == 0:
		return nil
	case open:
		out = append(out, &rule.And{})
	case len(out) == 1:
		return out[0]
	}
	return &rule.Or{Children: out}
}

func (b *builder) negated(n *notNode) rule.Condition {
	b.negations++
	c := b.cond(n.item)
	b.negations--
	switch c := c.(type) {
	case nil:
		return nil
	case *rule.Branch:
		// What a subsearch excludes is no exclusion of the rule: it is not at
		// its top level.
		return &rule.Or{Children: []rule.Condition{&rule.Not{Child: c, Span: n.span}, &rule.Or{}}}
	}
	return &rule.Not{Child: c, Span: n.span}
}

// sub is a subsearch that stands for conditions on what it returns.
func (b *builder) sub(n *subNode) rule.Condition {
	if n.pipeline == nil {
		return nil
	}
	columns := b.columns
	conjuncts, _ := b.pipeline(n.pipeline, newColumns())
	b.columns = columns
	for _, s := range n.pipeline.stages {
		// What a lookup lets through is not known; what it takes away leaves the
		// rest as it is.
		if m, ok := s.command.(*making); ok && m.lookup != nil && m.lookup.Command == "inputlookup" && b.negations%2 == 0 {
			b.unknown("lookup:" + m.lookup.Name.Value)
		}
	}
	if len(conjuncts) == 0 {
		return nil
	}
	return &rule.Branch{Child: all(conjuncts)}
}

// predicate compares a field.
func (b *builder) predicate(field rule.Text, op rule.Operator, source, value string, span rule.Span) rule.Condition {
	col := b.columns.of(field.Value)
	if col.counted && (col.calculated || !holdsForOne(op, value)) {
		b.stateful = true
	}
	if op == rule.Exists {
		value = ""
	}
	return &rule.Predicate{
		Field: field, Stored: col.stored, Operator: op, SourceOperator: source, Value: value, Derived: col.derived, Span: span,
	}
}

// holdsForOne reports whether a threshold is reached by a single event.
func holdsForOne(op rule.Operator, value string) bool {
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case op == rule.Exists:
		return true
	case err != nil:
		return false
	}
	switch op {
	case rule.Gt:
		return n < 1
	case rule.Gte:
		return n <= 1
	case rule.Lt:
		return n > 1
	case rule.Lte:
		return n >= 1
	case rule.Eq:
		return n == 1
	}
	return false
}

// orders are the operators of order, and what they are between fields.
var orders = map[string]struct{ value, field, turned rule.Operator }{
	"<": {rule.Lt, rule.FieldLt, rule.Gt}, "<=": {rule.Lte, rule.FieldLte, rule.Gte},
	">": {rule.Gt, rule.FieldGt, rule.Lt}, ">=": {rule.Gte, rule.FieldGte, rule.Lte},
}

func (b *builder) comparison(n *comparison) rule.Condition {
	if modifiers[strings.ToLower(n.field.Value)] {
		return nil
	}
	c := b.value(n.field, n.op, n.value)
	if c != nil && n.op == "!=" {
		return &rule.Not{Child: c, Span: rule.Span{Start: n.field.Span.Start, End: n.value.span.End}}
	}
	return c
}

// value compares a field with a value of search terms.
func (b *builder) value(field rule.Text, op string, v value) rule.Condition {
	switch {
	case v.macro != "":
		b.unknown("macro:" + v.macro)
		return nil
	case v.sub != nil:
		return b.sub(&subNode{v.sub})
	case v.opaque:
		return nil
	}
	if v.tokens {
		switch token, whole := rowToken(v.text); {
		case whole:
			o := rule.FieldEq
			if order, ok := orders[op]; ok {
				o = order.field
			}
			return b.predicate(field, o, op, token, v.span)
		case token != "":
			b.unknown("token:" + token)
			return nil
		}
	}
	if order, ok := orders[op]; ok {
		return b.predicate(field, order.value, op, decode(v.text), v.span)
	}
	o, text := reduce(v.text)
	return b.predicate(field, o, op, text, v.span)
}

// rowToken finds $field$ in a value.
func rowToken(s string) (token string, whole bool) {
	_, rest, ok := strings.Cut(s, "$")
	token, after, closed := strings.Cut(rest, "$")
	if !ok || !closed || token == "" || strings.ContainsAny(token, blanks) {
		return "", false
	}
	return token, after == "" && len(s) == len(token)+2
}

func (b *builder) inList(n *inList) rule.Condition {
	var out []rule.Condition
	for _, v := range n.values {
		if c := b.value(n.field, "in", v); c != nil {
			out = append(out, c)
		}
	}
	var c rule.Condition = &rule.Or{Children: out}
	switch {
	case len(out) == 0:
		return nil
	case len(out) == 1:
		c = out[0]
	}
	if n.negated {
		return &rule.Not{Child: c, Span: n.span}
	}
	return c
}

// keyword is a word or a phrase anywhere in the event. A * alone is in every
// one.
func (b *builder) keyword(n *keyword) rule.Condition {
	if n.value.tokens {
		if token, _ := rowToken(n.value.text); token != "" {
			b.unknown("token:" + token)
			return nil
		}
	}
	text := pattern(n.value.text).Keyword()
	if text == "" {
		return nil
	}
	source := "term"
	if n.wrap != "" {
		source = strings.ToLower(n.wrap) + "()"
	}
	return &rule.Predicate{
		Field: rule.Text{Value: "*", Span: n.value.span}, Operator: rule.Match, SourceOperator: source, Value: text, Span: n.value.span,
	}
}
