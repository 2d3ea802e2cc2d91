package lint

import (
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/tree"
)

// elasticRequired are the attributes that every rule of the detection engine
// has, and endpointRequired those of Elastic Endpoint's.
var (
	elasticRequired  = []string{"name", "description", "type", "severity", "risk_score"}
	endpointRequired = []string{"name", "id", "query"}
)

// typeRequires are the attributes that a type of rule needs. Where exports and
// the repository's layout differ, either will do.
var typeRequires = map[string][][]string{
	"eql":              {{"query"}, {"language"}},
	"esql":             {{"query"}, {"language"}},
	"query":            {{"query", "filters"}},
	"saved_query":      {{"saved_id"}},
	"threshold":        {{"query", "saved_id", "filters"}, {"threshold"}},
	"new_terms":        {{"query"}, {"new_terms", "new_terms_fields"}},
	"threat_match":     {{"query", "saved_id"}, {"threat_index"}, {"threat_mapping"}, {"threat_query"}},
	"machine_learning": {{"machine_learning_job_id"}, {"anomaly_threshold"}},
}

func requiredElastic(p *Pass, doc *elastic.Document) {
	attributes := elasticRequired
	if doc.Shape == elastic.Endpoint {
		attributes = endpointRequired
	} else if f := p.requireIn(doc.Rule, "rule_id"); f != nil && doc.Shape == elastic.Export && misspelled(doc.Rule, "rule_id", elasticAttributes) == nil {
		f.Severity = Warning
		f.Hint = "the API makes one up for a new rule, and an import does not do without"
	}
	for _, attribute := range attributes {
		p.requireIn(doc.Rule, attribute)
	}
	if doc.Shape == elastic.Endpoint {
		return
	}
	for _, either := range typeRequires[doc.Type.Value] {
		p.requireIn(doc.Rule, either...)
	}
}

// requireIn reports that a table has none of some attributes, under the name
// of the first. An empty query is what the check syntax looks at.
func (p *Pass) requireIn(table *tree.Node, either ...string) *Finding {
	for _, attribute := range either {
		if k, v := entry(table, attribute); k != nil {
			if attribute != "query" && isBlank(v) && v.Tag == tree.Str {
				return p.Report(k.Span, attribute, "%q is empty", attribute)
			}
			return nil
		}
	}
	for _, attribute := range either {
		if wrong := misspelled(table, attribute, elasticAttributes); wrong != nil {
			f := p.Report(wrong.Span, attribute, "the rule has no %q, was %q meant to be it?", attribute, wrong.Value)
			p.fixIn(f, wrong.Span, wrong.Value, attribute)
			return f
		}
	}
	return p.Report(p.header(table), either[0], "the rule has no %q", either[0])
}
