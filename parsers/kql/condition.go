package kql

import (
	"github.com/detlint/detlint/rule"
)

// Condition is what the filters of the query say, in the order of the query:
// every where adds to the top level of its pipeline; subqueries, the tables of
// joins and unions, and tables that a let has given a name have a top level of
// their own. It is nil when nothing could be read. What could not be looked
// into is named as kind:name.
func (q *Query) Condition() (rule.Condition, []string) {
	b := q.build()
	if b == nil {
		return nil, nil
	}
	return b.root, b.unresolved
}

// build looks into the whole query, once.
func (q *Query) build() *builder {
	if q.root == nil || len(q.root.statements) == 0 {
		return nil
	}
	if q.built == nil {
		b := &builder{seen: map[string]bool{}, scope: (*scope)(nil).inner(), columns: newColumns(), ordered: q.ordered()}
		r := b.block(q.root, b.scope)
		if r == nil {
			r = &rows{columns: newColumns()}
		}
		b.result = r
		b.root = r.condition()
		q.built = b
	}
	return q.built
}

// maxWork bounds how many operators and predicates are looked at, lets and
// functions expanded.
const maxWork = 200_000

// workBytes is how long a text of a predicate may be to count as one piece of
// work.
const workBytes = 64

// builder turns pipelines into conditions.
type builder struct {
	scope   *scope
	columns *columns // at the operator that is looked at
	behind  string   // what stands in front of it, as rule.Predicate has it
	// beside are the conditions of subqueries in the operator that is looked
	// at, whose place in the condition is not known.
	beside []rule.Condition
	// asked and beheld have the lets that were looked into for the operator
	// that is looked at, the conditions and the tables within them.
	asked  map[lookedUp]rule.Condition
	beheld map[*binding]bool
	depth  int
	work   int
	order  int // of the last binding
	// stateful is set when no single event makes the query return something.
	stateful bool

	// loose is set when something was looked into whose rows need not be there.
	loose bool
	// turned is set when that is what stands in front of a join.
	turned bool
	// bounds are the comparisons that only bound the time, each place once.
	bounds []string
	// sets are what columns are compared with the values of which columns of tables.
	sets []string
	// ordered is set when what a row is told depends on the rows before it.
	ordered bool
	bounded map[rule.Span]bool

	windows    []Window
	unresolved []string
	seen       map[string]bool
	root       rule.Condition
	result     *rows
}

// unknown names something whose meaning is not known, once.
func (b *builder) unknown(kind, what string) {
	if what = kind + ":" + what; !b.seen[what] {
		b.seen[what] = true
		b.unresolved = append(b.unresolved, what)
	}
}

// spend counts work and reports false when too much has been done.
func (b *builder) spend(n int) bool {
	if b.work+n > maxWork {
		b.work = maxWork
		b.unknown("limit", "work")
		return false
	}
	b.work += n
	return true
}

// all makes one condition of conjuncts.
func all(conjuncts []rule.Condition) rule.Condition {
	if len(conjuncts) == 1 {
		return conjuncts[0]
	}
	return &rule.And{Children: conjuncts}
}

// condition converts a boolean expression. It is nil when the expression says
// nothing about the event: it is constant, or bounds the time.
func (b *builder) condition(e expr) rule.Condition {
	switch e := e.(type) {
	case *group:
		return b.condition(e.item)
	case *named:
		// "where a = b" is taken for a name by Kusto; it filters by b alone.
		return b.condition(e.value)
	case *logical:
		conds := make([]rule.Condition, len(e.items))
		for i, item := range e.items {
			conds[i] = b.condition(item)
		}
		if e.or {
			return either(conds)
		}
		return both(conds)
	case *comparison:
		return b.comparison(e)
	case *membership:
		return b.membership(e)
	case *between:
		return b.between(e)
	case *call:
		return b.call(e)
	case *literal:
		if e.kind == litBool && e.value == "false" {
			return &rule.Or{}
		}
	case *name:
		if !b.isColumn(e) {
			return b.conditionOf(e)
		}
		return b.holds(e)
	case *path, *element:
		return b.holds(e)
	}
	return nil
}

// lookedUp is a value together with where the names within it are looked up.
type lookedUp struct {
	value expr
	scope *scope
}

// conditionOf converts what a let or a parameter stands for. Lets may use each
// other twice over, so each is converted once for an operator, and shared.
func (b *builder) conditionOf(n *name) rule.Condition {
	value, scope := b.constant(n)
	key := lookedUp{value, scope}
	if c, ok := b.asked[key]; ok {
		return c
	}
	if !isCondition(value) || !b.spend(1) {
		return nil
	}
	before := b.scope
	b.scope = scope
	c := b.condition(value)
	b.scope = before
	if b.asked == nil {
		b.asked = map[lookedUp]rule.Condition{}
	}
	b.asked[key] = c
	return c
}

// both joins conjuncts; those that say nothing are left out, and one that
// stands there several times counts once.
func both(conds []rule.Condition) rule.Condition {
	var children []rule.Condition
	have := make(map[rule.Condition]bool, len(conds))
	add := func(c rule.Condition) {
		if c != nil && !have[c] {
			have[c] = true
			children = append(children, c)
		}
	}
	for _, c := range conds {
		if and, ok := c.(*rule.And); ok {
			for _, child := range and.Children {
				add(child)
			}
			continue
		}
		add(c)
	}
	switch len(children) {
	case 0:
		return nil
	case 1:
		return children[0]
	}
	return &rule.And{Children: children}
}

// either joins alternatives. One that says nothing about the event may hold
// for any.
func either(conds []rule.Condition) rule.Condition {
	children := make([]rule.Condition, 0, len(conds))
	have := make(map[rule.Condition]bool, len(conds))
	some, open := false, false
	for _, c := range conds {
		if c != nil && have[c] {
			continue
		}
		have[c] = true
		if never, ok := c.(*rule.Or); ok && len(never.Children) == 0 {
			continue
		}
		if c == nil {
			open = true
			continue
		}
		some = true
		children = append(children, c)
	}
	switch {
	case !some && open:
		return nil
	case open:
		children = append(children, &rule.And{})
	}
	if len(children) == 1 {
		return children[0]
	}
	return &rule.Or{Children: children}
}

// not negates a condition.
func not(child rule.Condition, span rule.Span) rule.Condition {
	if child == nil {
		return nil
	}
	return &rule.Not{Child: child, Span: span}
}

// holds says that a column or a call is true.
func (b *builder) holds(e expr) rule.Condition {
	operator := ""
	if c, ok := e.(*call); ok {
		operator = c.function
	}
	s := b.against(e, rule.Eq, operator, e.place())
	return s.predicate("true", e.place())
}

// isCondition reports whether an expression is a condition in itself.
func isCondition(e expr) bool {
	switch e := bare(e).(type) {
	case *logical, *comparison, *membership, *between:
		return true
	case *call:
		_, asks := presence[e.function]
		return asks || e.function == "not" || networks[e.function]
	case *literal:
		return e.kind == litBool
	}
	return false
}
