package elastic

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/lucene"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// filters reads the filters of Kibana's filter bar that a rule may have beside
// its query: Elasticsearch's query DSL with a "meta" that can negate or switch
// off a filter. Each narrows the rule. What is not understood of them is named
// in the rule's Unresolved.
func (p *ruleParser) filters(list *tree.Node) []rule.Condition {
	if list.IsNull() {
		return nil
	}
	f := &filterReader{ruleParser: p}
	var out []rule.Condition
	for _, item := range p.tables(list, "filters") {
		if c := f.filter(item, 0); c != nil && !query.Always(c) {
			out = append(out, c)
		}
	}
	return out
}

// filterReader turns filters into conditions, which are nil where nothing is
// known of them; see query.All.
type filterReader struct {
	*ruleParser
	negated bool // an odd number of negations stands above
}

func (f *filterReader) unresolved(what string) rule.Condition {
	f.rule.Unresolved = append(f.rule.Unresolved, "filter:"+what)
	return nil
}

// not negates what read makes, where there is a negation.
func (f *filterReader) not(negated bool, sp rule.Span, read func() rule.Condition) rule.Condition {
	if !negated {
		return read()
	}
	f.negated = !f.negated
	c := read()
	f.negated = !f.negated
	return query.Negate(c, sp)
}

// filter reads one filter of the filter bar.
func (f *filterReader) filter(item *tree.Node, depth int) rule.Condition {
	meta := item.Get("meta")
	if isTrue(meta.Get("disabled")) {
		return &rule.And{}
	}
	return f.not(isTrue(meta.Get("negate")), item.Span, func() rule.Condition {
		kind := meta.Get("type").Text().Value
		if kind == "combined" {
			return f.combined(meta, depth)
		}
		if q := item.Get("query"); q != nil {
			return f.dsl(q, depth)
		}
		// Older filters have the query beside their meta.
		var parts []rule.Condition
		for i := 0; i+1 < len(item.Content); i += 2 {
			if key := item.Content[i]; key.Value != "meta" && key.Value != "$state" {
				parts = append(parts, f.clause(key, item.Content[i+1], depth))
			}
		}
		if len(parts) == 0 {
			return f.unresolved(strings.TrimSuffix("empty "+kind, " "))
		}
		return query.All(parts, f.negated)
	})
}

// combined reads a filter of filters, all or one of which must match. An
// element may be a list, whose filters must all match.
func (f *filterReader) combined(meta *tree.Node, depth int) rule.Condition {
	params := meta.Get("params")
	if params == nil || params.Kind != tree.Sequence || len(params.Content) == 0 {
		return f.unresolved("combined")
	}
	if depth > maxDepth {
		f.errorf(params.Span, "expected at most %d filters inside each other", maxDepth)
		return nil
	}
	conds := make([]rule.Condition, 0, len(params.Content))
	for _, item := range params.Content {
		list := []*tree.Node{item}
		if item.Kind == tree.Sequence {
			list = item.Content
		}
		var parts []rule.Condition
		for _, sub := range list {
			if sub.Kind != tree.Mapping {
				f.errorf(sub.Span, "a filter of a combined filter must be a table, found a %s", kindName(sub))
				parts = append(parts, nil)
				continue
			}
			parts = append(parts, f.filter(sub, depth+1))
		}
		conds = append(conds, query.All(parts, f.negated))
	}
	switch relation := meta.Get("relation").Text().Value; strings.ToUpper(relation) {
	case "AND", "": // Kibana takes everything but OR for AND, and writes one of them
		return query.All(conds, f.negated)
	case "OR":
		return query.Any(conds, f.negated)
	default:
		f.unresolved("combined relation " + relation)
		return f.some(conds)
	}
}

// some joins conditions of which it is not known how many must hold: at least
// one, and whatever the number is, no event that all hold of is left out.
func (f *filterReader) some(conds []rule.Condition) rule.Condition {
	if f.negated {
		return query.All(conds, true)
	}
	return query.Any(conds, false)
}

func isTrue(n *tree.Node) bool { return n != nil && n.Tag == tree.Bool && n.Value == "true" }

// dsl reads a query: an object whose keys are kinds of query, all of which must
// match.
func (f *filterReader) dsl(n *tree.Node, depth int) rule.Condition {
	if depth > maxDepth {
		f.errorf(n.Span, "expected at most %d queries inside each other", maxDepth)
		return nil
	}
	if n.Kind != tree.Mapping {
		f.errorf(n.Span, "a query of a filter must be a table such as {match_phrase = {…}}, found a %s", kindName(n))
		return nil
	}
	if len(n.Content) == 0 {
		return f.unresolved("empty")
	}
	var parts []rule.Condition
	for i := 0; i+1 < len(n.Content); i += 2 {
		parts = append(parts, f.clause(n.Content[i], n.Content[i+1], depth))
	}
	return query.All(parts, f.negated)
}

// clause reads one kind of query by its name in the DSL.
func (f *filterReader) clause(key, n *tree.Node, depth int) rule.Condition {
	switch kind := key.Value; kind {
	case "bool":
		return f.boolean(n, depth)
	case "filter", "constant_score":
		if inner := n.Get("filter"); inner != nil {
			n = inner
		}
		return query.All(f.each(n, depth), f.negated)
	case "nested":
		if inner := n.Get("query"); inner != nil {
			return f.dsl(inner, depth+1)
		}
	case "exists":
		field := n.Get("field")
		if field != nil && field.Kind == tree.Scalar {
			return &rule.Predicate{Field: field.Text(), Operator: rule.Exists, SourceOperator: kind, Span: field.Span}
		}
	case "match_all":
		return &rule.And{}
	case "match_none":
		return &rule.Or{}
	case "query_string":
		if text := n.Get("query"); text != nil && text.Kind == tree.Scalar {
			return f.queryString(n, text)
		}
	case "match", "match_phrase", "match_phrase_prefix", "term", "terms", "prefix", "wildcard", "regexp", "range", "fuzzy":
		return f.fields(kind, n)
	}
	return f.unresolved(key.Value)
}

// each reads one query or a list of them.
func (f *filterReader) each(n *tree.Node, depth int) []rule.Condition {
	var out []rule.Condition
	for _, item := range listed(n) {
		out = append(out, f.dsl(item, depth+1))
	}
	return out
}

// listed are the elements of a list, or the one that stands without a list.
func listed(n *tree.Node) []*tree.Node {
	switch {
	case n.IsNull():
		return nil
	case n.Kind == tree.Sequence:
		return n.Content
	}
	return []*tree.Node{n}
}

// boolean reads a bool query. Of its "should" as many must match as
// minimum_should_match says; without it one, where there is no clause in "must"
// and "filter", whose lists Kibana writes even when they are empty, and none
// otherwise.
func (f *filterReader) boolean(n *tree.Node, depth int) rule.Condition {
	if n.Kind != tree.Mapping {
		f.errorf(n.Span, "bool must be a table, found a %s", kindName(n))
		return nil
	}
	var parts []rule.Condition
	for _, key := range []string{"must", "filter"} {
		parts = append(parts, f.each(n.Get(key), depth)...)
	}
	least := 0
	should := listed(n.Get("should"))
	if len(parts) == 0 && len(should) > 0 {
		least = 1
	}
	known := true
	if m := n.Get("minimum_should_match"); !m.IsNull() {
		least, known = leastOf(m.Value, len(should))
	}
	if !known || least > 0 {
		some := f.each(n.Get("should"), depth)
		switch {
		case known && least == 1 && len(some) > 0:
			parts = append(parts, query.Any(some, f.negated))
		case known && least == len(some):
			parts = append(parts, query.All(some, f.negated))
		default:
			f.unresolved("minimum_should_match")
			parts = append(parts, f.some(some))
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch key, value := n.Content[i], n.Content[i+1]; key.Value {
		case "must_not":
			for _, item := range listed(value) {
				parts = append(parts, f.not(true, value.Span, func() rule.Condition { return f.dsl(item, depth+1) }))
			}
		case "must", "filter", "should", "minimum_should_match", "boost", "_name", "adjust_pure_negative":
		default:
			parts = append(parts, f.unresolved("bool "+key.Value))
		}
	}
	return query.All(parts, f.negated)
}

// leastOf reads minimum_should_match for a number of clauses: a number or a
// percentage, of clauses that must match, or below zero of those that need
// not. It is not ok for the forms with conditions ("3<90%").
func leastOf(text string, clauses int) (least int, ok bool) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	n, err := strconv.Atoi(number)
	if err != nil || n < -1_000_000 || n > 1_000_000 {
		return 0, false
	}
	if percent {
		n = clauses * n / 100 // rounds towards zero, as Lucene's does
	}
	if n < 0 || percent && strings.HasPrefix(number, "-") {
		n += clauses
	}
	return max(n, 0), true
}

// queryString reads the Lucene query of a query_string.
func (f *filterReader) queryString(options, text *tree.Node) rule.Condition {
	q, problems := lucene.Parse(text.Value)
	at := f.offsets(text, f.src.Data).Span
	for _, problem := range problems {
		if !problem.Warning {
			f.rule.Broken = true
		}
		f.problem(at(problem.Span), problem.Warning, problem.Message)
	}
	c, unresolved := q.Condition()
	f.rule.Unresolved = append(f.rule.Unresolved, unresolved...)
	query.Move(c, at)
	f.queryOptions(options, c)
	if query.Always(c) {
		return nil // it may be a time window
	}
	return c
}

// queryOptions names the options of a query_string that change what it means
// and are not followed.
func (f *filterReader) queryOptions(n *tree.Node, c rule.Condition) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		switch key {
		case "default_operator":
			if strings.EqualFold(value.Value, "or") {
				continue
			}
		case "default_field", "fields":
			if !searchesAll(c) || everyField(value) {
				continue
			}
		case "minimum_should_match", "type":
		default:
			continue
		}
		f.unresolved("query_string " + key)
	}
}

// searchesAll reports whether a part of a query names no field.
func searchesAll(c rule.Condition) (found bool) {
	rule.Walk(c, func(c rule.Condition) bool {
		p, ok := c.(*rule.Predicate)
		found = found || ok && p.Field.Value == "*"
		return true
	})
	return found
}

func everyField(n *tree.Node) bool {
	for _, item := range listed(n) {
		if item.Value != "*" {
			return false
		}
	}
	return true
}
