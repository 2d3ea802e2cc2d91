package kql

import (
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// operators are what the comparisons of Kusto are called; those with a "!" in
// front are their negations.
var operators = map[string]rule.Operator{
	"==": rule.Eq, "=~": rule.Eq, "in": rule.Eq, "in~": rule.Eq, ":": rule.Contains,
	"<": rule.Lt, "<=": rule.Lte, ">": rule.Gt, ">=": rule.Gte,
	"has": rule.Contains, "has_cs": rule.Contains, "contains": rule.Contains, "contains_cs": rule.Contains, "containscs": rule.Contains,
	"has_any": rule.Contains, "has_all": rule.Contains,
	"startswith": rule.StartsWith, "startswith_cs": rule.StartsWith, "hasprefix": rule.StartsWith, "hasprefix_cs": rule.StartsWith,
	"endswith": rule.EndsWith, "endswith_cs": rule.EndsWith, "hassuffix": rule.EndsWith, "hassuffix_cs": rule.EndsWith,
	"matches regex": rule.Regex, "like": rule.Wildcard, "likecs": rule.Wildcard,
}

// operator splits an operator into what it is and whether it is negated.
func operatorOf(written string) (op rule.Operator, negated bool) {
	switch written {
	case "!=", "<>":
		return rule.Eq, true
	case "!~":
		return rule.Eq, true
	}
	plain, bang := strings.CutPrefix(written, "!")
	plain, word := strings.CutPrefix(plain, "not")
	return operators[plain], bang || word
}

// mirrored has the operators that say the same when the sides are swapped.
var mirrored = map[rule.Operator]rule.Operator{
	rule.Eq: rule.Eq, rule.Lt: rule.Gt, rule.Lte: rule.Gte, rule.Gt: rule.Lt, rule.Gte: rule.Lte,
}

// fieldwise has the operators that compare two fields.
var fieldwise = map[rule.Operator]rule.Operator{
	rule.Eq: rule.FieldEq, rule.Lt: rule.FieldLt, rule.Lte: rule.FieldLte, rule.Gt: rule.FieldGt, rule.Gte: rule.FieldGte,
}

func (b *builder) comparison(e *comparison) rule.Condition {
	op, negated := operatorOf(e.operator)
	left, right := e.left, e.right
	if !b.hasField(left) && !(b.ofColumn(left) && b.hasField(right)) {
		if !b.hasField(right) {
			b.subqueries(left)
			b.subqueries(right)
			return nil
		}
		swapped, ok := mirrored[op]
		if !ok {
			b.unknown("comparison", text(left)+" "+e.operator+" "+text(right))
			return nil
		}
		left, right, op = right, left, swapped
	}
	var out rule.Condition
	if truth, ok := b.boolean(right); ok && op == rule.Eq && isCondition(left) {
		out = b.condition(left)
		if !truth {
			out = not(out, e.span)
		}
	} else {
		out = b.against(left, op, e.operator, e.span).with(right)
	}
	if negated {
		return not(out, e.span)
	}
	return out
}

// boolean returns the constant that a value is.
func (b *builder) boolean(e expr) (truth, ok bool) {
	value, _ := b.constant(e)
	l, ok := value.(*literal)
	return ok && l.value == "true", ok && l.kind == litBool
}

// subject is the left side of comparisons, looked at once for all of them.
type subject struct {
	*builder
	field    rule.Text
	from     origin
	operator rule.Operator
	source   string
	span     rule.Span // of the whole comparison
	window   bool      // the left side is the time of the event
	lists    bool      // a list stands for each of its elements
}

func (b *builder) against(left expr, op rule.Operator, source string, span rule.Span) *subject {
	s := &subject{builder: b, operator: op, source: source, span: span}
	s.field, s.from = b.field(left)
	s.lists = lists[source]
	s.window = timeFields[s.field.Value] || b.isClock(left)
	if w, ok := left.(*wildcard); ok {
		s.field = rule.Text{Value: "*", Span: w.span}
		s.from = origin{field: "*"}
	}
	return s
}

// predicate is the comparison with a constant.
func (s *subject) predicate(value string, span rule.Span) *rule.Predicate {
	s.work += 1 + (len(value)+len(s.field.Value))/workBytes
	p := &rule.Predicate{
		Field: s.field, Operator: s.operator, SourceOperator: s.source, Value: value, Span: span,
		Derived: s.from.derived, Source: s.from.source, Through: s.from.through, Behind: s.behind,
	}
	if !p.Derived && s.from.field != s.field.Value {
		p.Stored = s.from.field
	}
	if s.from.expanded {
		p.Behind = query.Behind(p.Behind, "mv-expand")
	}
	if s.field.Value == "*" && s.operator == rule.Contains {
		p.Operator = rule.Match
	}
	return p
}

// exists says that the field is there.
func (s *subject) exists() *rule.Predicate {
	p := s.predicate("", s.span)
	p.Operator = rule.Exists
	return p
}

// timeFields say when an event happened. Comparing one only bounds the time
// that is searched.
var timeFields = words("TimeGenerated Timestamp")

// isWindow reports whether comparing the field with a value only bounds the
// time that is searched.
func (s *subject) isWindow(value expr) bool {
	return s.window || s.isClock(value)
}

// with compares with a value.
func (s *subject) with(value expr) rule.Condition {
	if !s.spend(1) {
		return nil
	}
	s.subqueries(value)
	if s.isWindow(value) {
		s.bound(value)
		s.windowOf(value)
		return nil
	}
	if s.hasField(value) {
		op, ok := fieldwise[s.operator]
		if !ok {
			s.unknown("comparison", s.field.Value+" "+s.source+" "+text(value))
			return nil
		}
		other, _ := s.builder.field(value)
		if timeFields[other.Value] {
			return nil
		}
		p := s.predicate(other.Value, value.place())
		p.Operator = op
		return p
	}
	constant, scope := s.constant(value)
	switch v := constant.(type) {
	case *literal:
		switch v.kind {
		case litNull:
			return not(s.exists(), s.span)
		case litString:
			if s.operator == rule.Regex {
				p := s.predicate(v.rawString(), v.span)
				p.Pattern = v.value
				return p
			}
			if s.operator == rule.Wildcard || s.field.Value == "*" {
				return s.pattern(v)
			}
		}
		return s.predicate(v.value, v.span)
	case *list:
		if !s.lists {
			s.unknown("comparison", s.field.Value+" "+s.source+" "+text(value))
			return nil
		}
		if len(v.items) == 0 && (s.source == "==" || s.source == "!=") {
			return s.predicate("[]", value.place()) // the empty list itself
		}
		return s.each(v.items)
	case *call:
		if folded, ok := s.folded(v, scope); ok {
			if len(folded) == 1 {
				return s.predicate(folded[0], value.place())
			}
			conds := make([]rule.Condition, len(folded))
			for i, f := range folded {
				conds[i] = s.predicate(f, value.place())
			}
			return either(conds)
		}
		if arrays[v.function] && s.lists {
			return s.each(v.args)
		}
	}
	if s.opaque(constant) {
		return nil
	}
	if c, ok := constant.(*call); ok && arrays[c.function] {
		s.unknown("comparison", s.field.Value+" "+s.source+" "+text(value))
		return nil
	}
	if s.operator == rule.Regex {
		s.unknown("pattern", text(value))
		return nil
	}
	p := s.predicate(text(constant), value.place())
	if op, ok := fieldwise[s.operator]; ok && s.ofColumn(constant) {
		p.Operator = op
	}
	return p
}

// ofColumn reports whether a call is made with a column, of which the query
// says that it is constant.
func (b *builder) ofColumn(e expr) bool {
	if _, ok := bare(e).(*call); !ok {
		return false
	}
	return has(e, func(e expr) bool {
		n, ok := e.(*name)
		if !ok {
			return false
		}
		_, column := b.columns.names[n.text]
		return column
	})
}

// lists are the operators and functions that compare with each element of a
// list; the others compare with the list as a whole.
var lists = words("in in~ !in !in~ has_any !has_any has_all !has_all ipv4_is_in_any_range ipv6_is_in_any_range == != =~ !~")

// arrays are the functions that make a list of their arguments.
var arrays = words("pack_array array_concat set_union")

// each compares with every element of a list.
func (s *subject) each(items []expr) rule.Condition {
	conds := make([]rule.Condition, 0, len(items))
	for _, item := range items {
		conds = append(conds, s.with(item))
	}
	if s.source == "has_all" {
		return both(conds)
	}
	return either(conds)
}

// opaque reports whether a constant is known only when the query runs, and
// names it.
func (s *subject) opaque(e expr) bool {
	switch e := e.(type) {
	case *call:
		switch e.function {
		case "toscalar", "totable", "materialize":
			return true
		case "_getwatchlist", "_getwatchlistalias":
			s.unknown("watchlist", firstText(e))
			return true
		}
		bound := s.scope.lookup(e.named.Value)
		return bound != nil
	case *arithmetic:
		return has(e, func(e expr) bool {
			n, ok := e.(*name)
			if !ok {
				return false
			}
			v, _ := s.constant(n)
			return tabular(v)
		})
	case *external, *datatable, *pipeline, *lambda:
		return true
	case *name: // a parameter without a value
		s.unknown("parameter", e.text)
		return true
	}
	return false
}

func firstText(e *call) string {
	if len(e.args) == 0 {
		return e.function
	}
	if l, ok := bare(e.args[0]).(*literal); ok {
		return l.value
	}
	return text(e.args[0])
}

// rawString is the text between the quotes of a string as it is written.
// Strings in a row have several pairs of quotes, so theirs is decoded.
func (l *literal) rawString() string {
	raw := strings.TrimLeft(l.raw, "hH@")
	if strings.HasPrefix(raw, "```") || strings.HasPrefix(raw, "~~~") {
		raw = raw[2 : len(raw)-2]
	}
	if l.joined {
		return l.value
	}
	return raw[1 : len(raw)-1]
}
