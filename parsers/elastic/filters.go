package elastic

import (
	"fmt"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/lucene"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// filters reads the filters of Kibana's filter bar that a rule may have beside
// its query: Elasticsearch's query DSL with a "meta" that can negate or switch
// off a filter. Each narrows the rule.
func (p *ruleParser) filters(list *tree.Node) []rule.Condition {
	if list.IsNull() {
		return nil
	}
	var out []rule.Condition
	for _, item := range p.tables(list, "filters") {
		meta := item.Get("meta")
		if isTrue(meta.Get("disabled")) {
			continue
		}
		var c rule.Condition
		switch {
		case item.Get("query") != nil:
			c = p.dsl(item.Get("query"), 0)
		default:
			// Older filters have the query beside their meta.
			for i := 0; i+1 < len(item.Content); i += 2 {
				if key := item.Content[i]; key.Value != "meta" && key.Value != "$state" {
					c = p.clause(key, item.Content[i+1], 0)
				}
			}
		}
		if c == nil {
			continue
		}
		if isTrue(meta.Get("negate")) {
			c = &rule.Not{Child: c, Span: item.Span}
		}
		out = append(out, c)
	}
	return out
}

func isTrue(n *tree.Node) bool { return n != nil && n.Tag == tree.Bool && n.Value == "true" }

// dsl reads a query: an object whose keys are kinds of query, all of which must
// match.
func (p *ruleParser) dsl(n *tree.Node, depth int) rule.Condition {
	if depth > maxDepth {
		p.errorf(n.Span, "expected at most %d queries inside each other", maxDepth)
		return nil
	}
	if n.Kind != tree.Mapping {
		p.errorf(n.Span, "a query of a filter must be a table such as {match_phrase = {…}}, found a %s", kindName(n))
		return nil
	}
	var parts []rule.Condition
	for i := 0; i+1 < len(n.Content); i += 2 {
		if c := p.clause(n.Content[i], n.Content[i+1], depth); c != nil {
			parts = append(parts, c)
		}
	}
	return conjunction(parts)
}

func conjunction(parts []rule.Condition) rule.Condition {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &rule.And{Children: parts}
}

// clause reads one kind of query by its name in the DSL.
func (p *ruleParser) clause(key, n *tree.Node, depth int) rule.Condition {
	switch kind := key.Value; kind {
	case "bool":
		return p.boolean(n, depth)
	case "filter", "constant_score":
		if inner := n.Get("filter"); inner != nil {
			n = inner
		}
		return p.all(n, depth)
	case "nested":
		if inner := n.Get("query"); inner != nil {
			return p.dsl(inner, depth+1)
		}
	case "exists":
		field := n.Get("field")
		if field != nil && field.Kind == tree.Scalar {
			return &rule.Predicate{Field: field.Text(), Operator: rule.Exists, SourceOperator: kind, Span: field.Span}
		}
	case "match_all":
		return nil
	case "query_string", "simple_query_string":
		if text := n.Get("query"); text != nil && text.Kind == tree.Scalar {
			return p.lucene(text)
		}
	case "match", "match_phrase", "match_phrase_prefix", "term", "terms", "prefix", "wildcard", "regexp", "range", "fuzzy":
		return p.fields(kind, n)
	}
	p.rule.Unresolved = append(p.rule.Unresolved, "filter:"+key.Value)
	return nil
}

// all reads one query or a list of them, all of which must match.
func (p *ruleParser) all(n *tree.Node, depth int) rule.Condition {
	return conjunction(p.each(n, depth))
}

func (p *ruleParser) each(n *tree.Node, depth int) []rule.Condition {
	items := []*tree.Node{n}
	if n.Kind == tree.Sequence {
		items = n.Content
	}
	var out []rule.Condition
	for _, item := range items {
		if c := p.dsl(item, depth+1); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// boolean reads a bool query. Its "should" asks for one of its queries when
// nothing else must match, and for as many as minimum_should_match says.
func (p *ruleParser) boolean(n *tree.Node, depth int) rule.Condition {
	var parts []rule.Condition
	for _, key := range []string{"must", "filter"} {
		if inner := n.Get(key); inner != nil {
			parts = append(parts, p.each(inner, depth)...)
		}
	}
	if inner := n.Get("should"); inner != nil {
		least := n.Get("minimum_should_match")
		some := p.each(inner, depth)
		if len(some) > 0 && (least == nil && n.Get("must") == nil && n.Get("filter") == nil || least != nil && least.Value != "0") {
			if len(some) == 1 {
				parts = append(parts, some[0])
			} else {
				parts = append(parts, &rule.Or{Children: some})
			}
		}
	}
	if inner := n.Get("must_not"); inner != nil {
		for _, c := range p.each(inner, depth) {
			parts = append(parts, &rule.Not{Child: c, Span: inner.Span})
		}
	}
	return conjunction(parts)
}

// lucene reads the Lucene query of a query_string.
func (p *ruleParser) lucene(n *tree.Node) rule.Condition {
	q, problems := lucene.Parse(n.Value)
	at := p.offsets(n, p.src.Data).Span
	for _, problem := range problems {
		if !problem.Warning {
			p.rule.Broken = true
		}
		p.problem(at(problem.Span), problem.Warning, problem.Message)
	}
	c, unresolved := q.Condition()
	p.rule.Unresolved = append(p.rule.Unresolved, unresolved...)
	query.Move(c, at)
	return c
}

// fields reads a query about fields: {"process.name": "x"}, or with an object
// that has the value and options.
func (p *ruleParser) fields(kind string, n *tree.Node) rule.Condition {
	if n.Kind != tree.Mapping {
		p.errorf(n.Span, "%s must be a table of fields and values, found a %s", kind, kindName(n))
		return nil
	}
	var parts []rule.Condition
	for i := 0; i+1 < len(n.Content); i += 2 {
		field, value := n.Content[i], n.Content[i+1]
		if field.Value == "boost" || field.Value == "_name" {
			continue
		}
		if kind == "range" {
			parts = append(parts, ranges(field, value)...)
			continue
		}
		if value.Kind == tree.Mapping {
			inner := value
			if value = inner.Get("value"); value == nil {
				value = inner.Get("query")
			}
		}
		if value == nil || value.Kind == tree.Mapping {
			p.rule.Unresolved = append(p.rule.Unresolved, "filter:"+kind)
			continue
		}
		values := []*tree.Node{value}
		if value.Kind == tree.Sequence {
			values = value.Content
		}
		var some []rule.Condition
		for _, v := range values {
			if v.Kind == tree.Scalar {
				some = append(some, comparison(kind, field, v))
				if kind == "wildcard" {
					p.lostBackslash(v)
				}
			}
		}
		if len(some) == 1 {
			parts = append(parts, some[0])
		} else {
			parts = append(parts, &rule.Or{Children: some})
		}
	}
	return conjunction(parts)
}

func comparison(kind string, field, v *tree.Node) rule.Condition {
	out := &rule.Predicate{Field: field.Text(), Operator: rule.Eq, SourceOperator: kind, Value: v.Value, Span: v.Span}
	switch kind {
	case "prefix", "match_phrase_prefix":
		out.Operator = rule.StartsWith
	case "regexp":
		out.Operator = rule.Regex
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

// ranges reads the bounds of a range query. Time windows are no predicates.
func ranges(field, bounds *tree.Node) []rule.Condition {
	if field.Value == "@timestamp" || bounds.Kind != tree.Mapping {
		return nil
	}
	var out []rule.Condition
	for i := 0; i+1 < len(bounds.Content); i += 2 {
		op, v := rule.Operator(bounds.Content[i].Value), bounds.Content[i+1]
		switch op {
		case rule.Gt, rule.Gte, rule.Lt, rule.Lte:
			if v.Kind == tree.Scalar && v.Tag != tree.Null {
				out = append(out, &rule.Predicate{Field: field.Text(), Operator: op, SourceOperator: string(op), Value: v.Value, Span: v.Span})
			}
		}
	}
	return out
}
