package elastic

import (
	"strings"

	"github.com/detlint/detlint/parsers/eql"
	"github.com/detlint/detlint/parsers/esql"
	"github.com/detlint/detlint/parsers/kuery"
	"github.com/detlint/detlint/parsers/lucene"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// The languages of the detection engine, as rules write them.
const (
	languageEQL    = "eql"
	languageKuery  = "kuery"
	languageLucene = "lucene"
	languageESQL   = "esql"
)

// language is the one a rule is written in: what it says, or what its type
// stands for.
func (d *Document) language() rule.Language {
	if d.Shape == Endpoint {
		return languageEQL
	}
	switch d.Type.Value {
	case "eql", "esql":
		return rule.Language(d.Type.Value)
	case "machine_learning":
		return ""
	}
	if d.Language.Value != "" {
		return rule.Language(d.Language.Value)
	}
	return languageKuery
}

// query reads the rule's query and its filters.
func (p *ruleParser) query() {
	d, r := p.doc, p.rule
	r.Language = d.language()
	d.Query = d.Rule.Get("query")
	var parts []rule.Condition
	if d.Query != nil && !d.Query.IsNull() {
		if d.Query.Kind != tree.Scalar || d.Query.Tag != tree.Str {
			p.errorf(d.Query.Span, "query must be a text in quotes, found a %s", kindName(d.Query))
			return
		}
		d.offsets = p.offsets(d.Query, p.src.Data)
		if c := p.read(d.Query.Value); c != nil {
			query.Move(c, d.offsets.Span)
			parts = append(parts, c)
		}
	}
	// A saved query goes before the query of the rule, which Kibana falls back on.
	if id := p.text(d.Rule, "saved_id"); id.Value != "" && (d.Type.Value == "saved_query" || noText(d.Query)) {
		r.Unresolved = append(r.Unresolved, "saved_query:"+id.Value)
	}
	parts = append(parts, p.filters(d.Rule.Get("filters"))...)
	switch len(parts) {
	case 0:
	case 1:
		r.Condition = parts[0]
	default:
		r.Condition = &rule.And{Children: parts}
	}
}

// noText reports whether an attribute is missing or an empty text.
func noText(n *tree.Node) bool {
	return n.IsNull() || n.Kind == tree.Scalar && strings.TrimSpace(n.Value) == ""
}

// read has the query's language read it. The condition's places are those in
// the query.
func (p *ruleParser) read(text string) rule.Condition {
	d := p.doc
	if strings.TrimSpace(text) == "" {
		if filters := d.Rule.Get("filters"); !filters.IsNull() && len(filters.Content) > 0 || !noText(d.Rule.Get("saved_id")) {
			return nil // the filters or the saved query are the query
		}
	}
	var c rule.Condition
	var unresolved []string
	var problems []query.Problem
	switch p.rule.Language {
	case languageEQL:
		d.EQL, problems = eql.Parse(text)
		c, unresolved = d.EQL.Condition()
	case languageKuery:
		d.Kuery, problems = kuery.Parse(text)
		c, unresolved = d.Kuery.Condition()
	case languageLucene:
		d.Lucene, problems = lucene.Parse(text)
		c, unresolved = d.Lucene.Condition()
	case languageESQL:
		d.ESQL, problems = esql.Parse(text)
		c, unresolved = d.ESQL.Condition()
	case "":
		return nil
	default:
		p.errorf(d.Language.Span, "language %q is none of eql, esql, kuery and lucene, so the query was not read", d.Language.Value)
		return nil
	}
	for _, problem := range problems {
		if !problem.Warning {
			p.rule.Broken = true
		}
		p.problem(d.offsets.Span(problem.Span), problem.Warning, problem.Message)
	}
	p.rule.Unresolved = append(p.rule.Unresolved, unresolved...)
	return c
}
