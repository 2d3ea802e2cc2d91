package spl

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// builder turns pipelines into conditions.
type builder struct {
	query      *Query
	columns    *columns // at the command that is looked at
	front      front    // of it
	stateful   bool
	appended   int  // how many appends became part of the condition
	xors       int  // how many XORs became part of it
	looked     int  // how many columns commands with patterns have looked at
	negations  int  // above what is looked at
	expression bool // an expression is looked at, and not search terms
	unresolved []string
	seen       map[string]bool
}

func newBuilder(q *Query) *builder { return &builder{query: q, seen: map[string]bool{}} }

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
		return b.as(true, func() rule.Condition { return b.expr(n) })
	}
	return nil
}

// as converts an expression, or search terms.
func (b *builder) as(expression bool, convert func() rule.Condition) rule.Condition {
	defer func(before bool) { b.expression = before }(b.expression)
	b.expression = expression
	return convert()
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
	columns, expression := b.columns, b.expression
	b.expression = false
	conjuncts, _ := b.pipeline(n.pipeline, newColumns())
	b.columns, b.expression = columns, expression
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
func (b *builder) predicate(field rule.Text, op rule.Operator, source, value string, span rule.Span) *rule.Predicate {
	col := b.columns.of(field.Value)
	if col.counted && (col.calculated || !holdsForOne(op, value)) {
		b.stateful = true
	}
	if op == rule.Exists {
		value = ""
	}
	return &rule.Predicate{
		Field: field, Stored: col.stored, Operator: op, SourceOperator: source, Value: value, Derived: col.derived, Through: col.through, Behind: b.behind(field.Value), Span: span,
		Cased: b.expression, Expression: b.expression,
	}
}

// unescapePattern does to a regular expression what Splunk does to every
// string before its engine sees it.
var unescapePattern = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

// regex compares a field with a regular expression.
func (b *builder) regex(field rule.Text, source, value string, span rule.Span) rule.Condition {
	p := b.predicate(field, rule.Regex, source, value, span)
	p.Pattern = unescapePattern.Replace(value)
	return p
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
	p := b.predicate(field, o, op, text, v.span)
	p.Cased = strings.EqualFold(v.wrap, "case")
	return p
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
		Cased: strings.EqualFold(n.wrap, "case"),
	}
}
