package esql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/rule"
)

// matching converts LIKE and RLIKE.
func (b *builder) matching(e *matching) rule.Condition {
	return b.notIf(e.negated, e.span, func() rule.Condition { return b.matches(e) })
}

func (b *builder) matches(e *matching) rule.Condition {
	if !hasField(e.item) {
		return nil
	}
	s := b.against(e.item, rule.Regex, e.operator(), e.span)
	if isWindow(s.field, s.derived, nil) {
		s.window(text(e))
		return nil
	}
	conds := make([]rule.Condition, 0, len(e.patterns))
	for _, pattern := range e.patterns {
		l, ok := pattern.(*literal)
		switch {
		case !ok || l.kind == litNull:
		case l.kind == litParam:
			b.unknown("parameter", l.value)
			conds = append(conds, nil)
		case e.regex:
			p := s.predicate(quoted(l.raw), l.span)
			p.Pattern = l.value
			conds = append(conds, p)
		default:
			p := s.predicate("", l.span)
			p.Operator, p.Value = like(l.value).Reduce()
			conds = append(conds, p)
		}
	}
	return b.either(conds)
}

// quoted is the text between the quotes of a string as it is written.
func quoted(raw string) string {
	if strings.HasPrefix(raw, `"""`) {
		return raw[3 : len(raw)-3]
	}
	return raw[1 : len(raw)-1]
}

// like reads the pattern of LIKE: * is any text, ? any character, and a
// backslash takes its meaning from the character after it.
func like(pattern string) *glob.Pattern {
	var p glob.Pattern
	start := 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			if i+1 == len(pattern) {
				continue
			}
			p.Literal(pattern[start:i])
			i++
			start = i
		case '*':
			p.Literal(pattern[start:i])
			p.Any()
			start = i + 1
		case '?':
			p.Literal(pattern[start:i])
			p.One()
			start = i + 1
		}
	}
	p.Literal(pattern[start:])
	return &p
}

// comparing are the functions that are comparisons, with the operator they
// are. MATCH and the like look for the words of a text in an analyzed field,
// which is what ":" does, and equality for other fields.
var comparing = map[string]rule.Operator{
	"starts_with": rule.StartsWith, "ends_with": rule.EndsWith, "contains": rule.Contains, "cidr_match": rule.CIDR,
	"match": rule.Eq, "match_phrase": rule.Eq, "term": rule.Eq, "multi_match": rule.Eq,
	"mv_like": rule.Wildcard, "mv_rlike": rule.Regex, "mv_greater": rule.Gt, "mv_less": rule.Lt, "mv_in_range": rule.Gte,
	"mv_contains": rule.Eq, "mv_contains_all": rule.Eq, "mv_intersects": rule.Eq, "kql": rule.Eq, "qstr": rule.Eq,
}

// call converts a function that is a condition.
func (b *builder) call(e *call) rule.Condition {
	op := comparing[e.function]
	switch {
	case e.function == "kql" || e.function == "qstr":
		return b.embedded(e)
	case e.function == "trange":
		b.window(text(e))
		return nil // a window of @timestamp
	case e.function == "multi_match" && len(e.args) > 1:
		conds := make([]rule.Condition, 0, len(e.args)-1)
		for _, arg := range e.args[1:] {
			if hasField(arg) {
				conds = append(conds, b.against(arg, op, e.function, e.span).with(e.args[0]))
			}
		}
		return b.either(conds)
	case isGuarded(e):
		return b.condition(e.args[0])
	case altered(e):
		return b.holds(e)
	case e.function == "mv_in_range" && len(e.args) == 3 && hasField(e.args[0]):
		return b.inRange(e)
	case op != "" && len(e.args) > 1 && hasField(e.args[0]):
		return b.function(e, op)
	case !hasField(e):
		return nil
	}
	return b.holds(e)
}

// isGuarded reports whether a call only makes a condition false where it is
// null: COALESCE(a == 1, false). So it is true where the condition is.
func isGuarded(e *call) bool {
	if e.function != "coalesce" || len(e.args) != 2 || !isCondition(e.args[0]) {
		return false
	}
	otherwise, ok := boolean(e.args[1])
	return ok && !otherwise
}

// altered reports whether the options of a call make its comparison another
// one: that it finds similar texts, too, or the bound as well.
func altered(e *call) bool {
	if len(e.args) == 0 || comparing[e.function] == "" {
		return false
	}
	m, ok := e.args[len(e.args)-1].(*mapping)
	return ok && slices.ContainsFunc(m.keys, func(key string) bool { return key == "fuzziness" || key == "include_bound" })
}

// inRange converts mv_in_range(field, from, to), both of which are within.
func (b *builder) inRange(e *call) rule.Condition {
	from := b.against(e.args[0], rule.Gte, e.function, e.span)
	to := b.against(e.args[0], rule.Lte, e.function, e.span)
	return b.both([]rule.Condition{from.with(e.args[1]), to.with(e.args[2])})
}

// function converts a comparison of a field with one constant or several.
// Where there is none, the call itself is what must be true.
func (b *builder) function(e *call, op rule.Operator) rule.Condition {
	values := e.args[1:]
	switch e.function {
	case "cidr_match":
	default: // options may follow
		values = values[:1]
	}
	if l, ok := bare(values[0]).(*array); ok && len(values) == 1 {
		values = l.items
	}
	s := b.against(e.args[0], op, e.function, e.span)
	if isWindow(s.field, s.derived, nil) {
		s.window(text(e))
		return nil
	}
	var conds []rule.Condition
	for _, value := range values {
		l, ok := bare(value).(*literal)
		switch {
		case ok && l.kind == litParam:
			b.unknown("parameter", l.value)
			conds = append(conds, nil)
		case ok && l.kind != litNull:
			p := s.predicate(l.value, l.span)
			switch {
			case e.function == "mv_like":
				p.Operator, p.Value = like(l.value).Reduce()
			case e.function == "mv_rlike" && l.kind == litString:
				p.Value = quoted(l.raw)
			}
			conds = append(conds, p)
		case hasField(value) && len(values) == 1:
			return b.holds(e)
		default:
			b.unknown("pattern", e.function+"("+text(value)+")")
			conds = append(conds, nil)
		}
	}
	if e.function == "mv_contains" || e.function == "mv_contains_all" {
		return b.both(conds)
	}
	return b.either(conds)
}
