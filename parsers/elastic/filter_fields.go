package elastic

import (
	"fmt"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// fields reads a query about fields: {"process.name": "x"}, or with an object
// that has the value and options.
func (f *filterReader) fields(kind string, n *tree.Node) rule.Condition {
	if n.Kind != tree.Mapping {
		f.errorf(n.Span, "%s must be a table of fields and values, found a %s", kind, kindName(n))
		return nil
	}
	var parts []rule.Condition
	for i := 0; i+1 < len(n.Content); i += 2 {
		field, value := n.Content[i], n.Content[i+1]
		switch {
		case field.Value == "boost" || field.Value == "_name" || field.Value == "case_insensitive":
		case kind == "range":
			parts = append(parts, f.ranges(field, value))
		default:
			parts = append(parts, f.values(kind, field, value))
		}
	}
	if len(parts) == 0 {
		return f.unresolved(kind)
	}
	return query.All(parts, f.negated)
}

// values reads what a field is compared with: a value, a list of them, or an
// object that has the value.
func (f *filterReader) values(kind string, field, value *tree.Node) rule.Condition {
	if value.Kind == tree.Mapping {
		inner := value
		for _, key := range []string{"value", "query", kind} {
			if value = inner.Get(key); value != nil {
				break
			}
		}
		for _, option := range []string{"fuzziness", "minimum_should_match"} {
			if inner.Get(option) != nil && kind != "fuzzy" {
				f.unresolved(kind + " " + option)
			}
		}
	}
	if value == nil || value.Kind == tree.Mapping {
		return f.unresolved(kind)
	}
	var some []rule.Condition
	for _, v := range listed(value) {
		if v.Kind != tree.Scalar || v.Tag == tree.Null {
			some = append(some, f.unresolved(kind))
			continue
		}
		some = append(some, comparison(kind, field, v))
		if kind == "wildcard" {
			f.lostBackslash(v)
		}
	}
	if value.IsNull() {
		return f.unresolved(kind)
	}
	return query.Any(some, f.negated)
}

func comparison(kind string, field, v *tree.Node) rule.Condition {
	out := &rule.Predicate{Field: field.Text(), Operator: rule.Eq, SourceOperator: kind, Value: v.Value, Span: v.Span}
	switch kind {
	case "prefix", "match_phrase_prefix":
		out.Operator = rule.StartsWith
	case "regexp":
		out.Operator, out.Pattern = rule.Regex, v.Value
	case "wildcard":
		out.Operator, out.Value = wildcard(v.Value)
	}
	return out
}

// wildcard reads the pattern of a wildcard query: * and ? with \ to escape
// them, and to escape any other character, itself included.
func wildcard(s string) (rule.Operator, string) {
	var p glob.Pattern
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*':
			p.Any()
		case c == '?':
			p.One()
		case c == '\\' && i+1 < len(s):
			i++
			p.Literal(s[i : i+1])
		default:
			p.Literal(s[i : i+1])
		}
	}
	return p.Reduce()
}

// lostBackslash warns of a path whose separators a wildcard query takes for
// escapes, so that they are gone: no path matches what is left.
func (p *ruleParser) lostBackslash(v *tree.Node) {
	for i := 0; i+1 < len(v.Value); i++ {
		if v.Value[i] != '\\' {
			continue
		}
		i++
		if c, _ := utf8.DecodeRuneInString(v.Value[i:]); c != '\\' && c != '*' && c != '?' {
			at := p.offsets(v, p.src.Data).Span(rule.Span{Start: int32(i - 1), End: int32(i + 1)})
			p.problem(at, true, fmt.Sprintf("the backslash before %q is lost, since it escapes what follows in a wildcard query; expected two of them, which are four in a TOML string in double quotes", string(c)))
			return
		}
	}
}

// ranges reads the bounds of a range query, in the words of today and in those
// before (from, to). A time window says nothing of the event.
func (f *filterReader) ranges(field, bounds *tree.Node) rule.Condition {
	if field.Value == "@timestamp" {
		f.doc.windows = append(f.doc.windows, query.Window("@timestamp "+bounds.Flat(), f.negated, false))
		return nil
	}
	if bounds.Kind != tree.Mapping {
		return f.unresolved("range")
	}
	inclusive := func(key string) bool { n := bounds.Get(key); return n.IsNull() || isTrue(n) }
	var parts []rule.Condition
	for i := 0; i+1 < len(bounds.Content); i += 2 {
		key, v := bounds.Content[i].Value, bounds.Content[i+1]
		op := rule.Operator(key)
		switch key {
		case "gt", "gte", "lt", "lte":
		case "from":
			if op = rule.Gt; inclusive("include_lower") {
				op = rule.Gte
			}
		case "to":
			if op = rule.Lt; inclusive("include_upper") {
				op = rule.Lte
			}
		case "include_lower", "include_upper", "boost", "_name", "format", "time_zone", "relation":
			continue
		default:
			parts = append(parts, f.unresolved("range "+key))
			continue
		}
		switch {
		case v.IsNull(): // an open end
		case v.Kind == tree.Scalar:
			parts = append(parts, &rule.Predicate{Field: field.Text(), Operator: op, SourceOperator: key, Value: v.Value, Span: v.Span})
		default:
			parts = append(parts, f.unresolved("range "+key))
		}
	}
	if len(parts) == 0 {
		return &rule.Predicate{Field: field.Text(), Operator: rule.Exists, SourceOperator: "range", Span: field.Span}
	}
	return query.All(parts, f.negated)
}
