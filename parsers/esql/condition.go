package esql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Condition is what the filters of the query say, in the order of the query:
// every WHERE adds to the top level of its pipeline, a subquery and a branch
// of FORK have a top level of their own. It is nil when nothing could be read.
// What could not be looked into is named as kind:name.
func (q *Query) Condition() (rule.Condition, []string) {
	if q.root == nil {
		return nil, nil
	}
	b := &builder{query: q, seen: map[string]bool{}}
	conjuncts, _ := b.pipeline(q.root, over(nil))
	return all(conjuncts), b.unresolved
}

// builder turns pipelines into conditions.
type builder struct {
	query      *Query
	columns    *columns // at the command that is looked at
	negated    bool     // an odd number of negations stands above
	subqueries int      // how many became part of the condition
	behind     string   // what stands in front of it, as rule.Predicate has it
	joining    bool     // in the condition of a join, where columns compared with columns are its keys

	windows    []string // the comparisons of time that no predicate is made of
	inEither   int      // how many lists of alternatives are around what is looked at
	unresolved []string
	seen       map[string]bool
}

// unknown names something whose meaning is not known, once.
func (b *builder) unknown(kind, what string) {
	if what = kind + ":" + what; !b.seen[what] {
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
	defer func(before string) { b.behind = before }(b.behind)
	for i, cmd := range p.commands {
		b.columns = c
		if cmd.broken || cmd.name == "EQL" {
			b.unknown("command", strings.ToLower(cmd.name))
		}
		if cmd.condition != nil && !cmd.broken {
			add(b.condition(cmd.condition))
		}
		b.joining = true
		for _, e := range cmd.on {
			// A column alone is a key of the join, no boolean.
			if _, key := bare(e).(*name); !key && !cmd.broken {
				add(b.condition(e))
			}
		}
		b.joining = false
		if cmd.subqueries != nil {
			add(b.branches(cmd.subqueries, c, len(cmd.sources) > 0))
		}
		if cmd.branches != nil {
			add(b.branches(cmd.branches, c, false))
		}
		c = c.after(cmd)
		if obstructs(p, i) {
			b.behind = query.Behind(b.behind, b.query.flat(cmd.name, cmd.span))
		}
	}
	return out, c
}

// transient are the commands behind which a filter of stored fields says the same
// as in front of them: they filter, or make columns that are followed.
var transient = words(`FROM TS ROW WHERE KEEP DROP EVAL RENAME DISSECT GROK ENRICH SHOW`)

// obstructs reports whether it makes a difference whether a filter stands in front
// of a command or behind it. The order of rows counts where some are taken later.
func obstructs(p *pipeline, i int) bool {
	if p.commands[i].name == "SORT" {
		return slices.ContainsFunc(p.commands[i+1:], func(c *command) bool { return c.name == "LIMIT" })
	}
	return !transient[p.commands[i].name]
}

// branches returns what holds when one of several pipelines lets an event
// through, and adds the columns they make. open is set when events also come
// in unfiltered.
func (b *builder) branches(list []*pipeline, c *columns, open bool) rule.Condition {
	var conds []rule.Condition
	var made []*columns
	some := false
	for _, p := range list {
		conjuncts, columns := b.pipeline(p, over(c))
		some = some || len(conjuncts) > 0
		conds = append(conds, &rule.Branch{Child: all(conjuncts)})
		made = append(made, columns)
	}
	c.merge(made)
	b.columns = c
	switch {
	case !some:
		return nil
	case open:
		conds = append(conds, &rule.Branch{Child: &rule.And{}})
	}
	if len(conds) == 1 {
		return conds[0]
	}
	return &rule.Or{Children: conds}
}

// condition converts a boolean expression. It is nil when the expression says
// nothing about the event: it is constant, or bounds the time.
func (b *builder) condition(e expr) rule.Condition {
	switch e := e.(type) {
	case *group:
		return b.condition(e.item)
	case *cast:
		return b.condition(e.item)
	case *logical:
		if e.or != b.negated {
			b.inEither++
			defer func() { b.inEither-- }()
		}
		conds := make([]rule.Condition, len(e.items))
		for i, item := range e.items {
			conds[i] = b.condition(item)
		}
		if e.or {
			return b.either(conds)
		}
		return b.both(conds)
	case *negation:
		return b.not(e.span, func() rule.Condition { return b.condition(e.item) })
	case *comparison:
		return b.comparison(e)
	case *membership:
		return b.membership(e)
	case *presence:
		return b.presence(e)
	case *matching:
		return b.matching(e)
	case *call:
		if transparent[e.function] && len(e.args) > 0 {
			return b.condition(e.args[0])
		}
		return b.call(e)
	case *name:
		return b.holds(e)
	case *literal:
		switch {
		case e.kind == litParam:
			b.unknown("parameter", e.value)
		case e.kind == litBool && e.value == "false", e.kind == litNull:
			return &rule.Or{}
		case e.kind == litBool:
			return &rule.And{}
		}
	}
	return nil
}

// window notes a comparison of time.
func (b *builder) window(text string) {
	b.windows = append(b.windows, query.Window(text, b.negated, b.inEither > 0))
}

// both joins conjuncts.
func (b *builder) both(conds []rule.Condition) rule.Condition {
	flat := make([]rule.Condition, 0, len(conds))
	for _, c := range conds {
		if and, ok := c.(*rule.And); ok && !query.Always(c) {
			flat = append(flat, and.Children...)
		} else {
			flat = append(flat, c)
		}
	}
	return query.All(flat, b.negated)
}

// either joins alternatives.
func (b *builder) either(conds []rule.Condition) rule.Condition {
	return query.Any(conds, b.negated)
}

// not negates a condition. Above a subquery a negation turns the polarity but
// is no exclusion, so it is not left a direct conjunct.
func (b *builder) not(span rule.Span, read func() rule.Condition) rule.Condition {
	before := b.subqueries
	b.negated = !b.negated
	out := query.Negate(read(), span)
	b.negated = !b.negated
	if _, not := out.(*rule.Not); not && b.subqueries > before {
		return &rule.Or{Children: []rule.Condition{out, &rule.Or{}}}
	}
	return out
}

func (b *builder) notIf(negated bool, span rule.Span, read func() rule.Condition) rule.Condition {
	if !negated {
		return read()
	}
	return b.not(span, read)
}

// holds says that a column or a call is true.
func (b *builder) holds(e expr) rule.Condition {
	field, derived := b.field(e)
	operator := ""
	if c, ok := e.(*call); ok {
		operator = c.function
	}
	return &rule.Predicate{
		Field: field, Operator: rule.Eq, SourceOperator: operator, Value: "true", Derived: derived, Behind: b.behind, Span: e.place(),
	}
}

// field names what is compared: the stored field that a column traces back
// to, the column as written when it is calculated, or the call.
func (b *builder) field(e expr) (rule.Text, bool) {
	e = bare(e)
	if n, ok := e.(*name); ok {
		o := b.columns.lookup(n.text)
		if o.derived {
			return rule.Text{Value: n.text, Span: n.span}, true
		}
		return rule.Text{Value: o.field, Span: n.span}, false
	}
	derived := has(e, func(e expr) bool {
		n, ok := e.(*name)
		return ok && b.columns.lookup(n.text).derived
	})
	return rule.Text{Value: text(e), Span: e.place()}, derived
}

// eventTime are the fields that say when an event happened or came in.
// Comparing one with the clock bounds the time that is searched.
var eventTime = []string{"@timestamp", "event.ingested", "event.created"}

// isWindow reports whether comparing a field with a value only bounds the
// time that is searched.
func isWindow(field rule.Text, derived bool, value expr) bool {
	if derived {
		return false
	}
	return field.Value == eventTime[0] || value != nil && slices.Contains(eventTime, field.Value) && isClock(value)
}
