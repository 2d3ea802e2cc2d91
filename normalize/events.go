package normalize

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// events says which catalog events a rule covers. complete is false where a
// limit kept it from looking all of them up.
func events(r *rule.Rule, predicates []Predicate) (out []Event, complete bool) {
	if r.Kind != rule.Detection && r.Kind != rule.Hunting {
		return nil, true
	}
	switch r.Vendor {
	case rule.Sigma:
		return sigmaEvents(r, predicates), true
	case rule.Elastic:
		return elasticEvents(r)
	case rule.Kusto:
		return kustoEvents(r), true
	case rule.Splunk:
		return splunkEvents(r, predicates), true
	}
	return nil, true
}

func sigmaEvents(r *rule.Rule, predicates []Predicate) []Event {
	table := logsources()[rule.Sigma]
	for _, selector := range sigmaSelectors(r.Logsource) {
		for _, part := range []struct{ suffix, field string }{{";EventID=*", "event.code"}, {";type=*", "type"}} {
			if rows := table[selector+part.suffix]; rows != nil {
				if named := namedEvents(rows, predicates, part.field); named != nil {
					return named
				}
			}
		}
		if rows := table[selector]; rows != nil {
			return rows
		}
	}
	return nil
}

// sigmaSelectors are the selectors of logsources.tsv that a logsource may
// stand for, most specific first.
func sigmaSelectors(l rule.Logsource) []string {
	product := strings.ToLower(l.Product.Value)
	category := strings.ToLower(l.Category.Value)
	service := strings.ToLower(l.Service.Value)
	out := []string{product + "/" + category + "/" + service}
	if category != "" && service != "" {
		out = append(out, product+"//"+service, product+"/"+category+"/")
	}
	if category != "" {
		out = append(out, "/"+category+"/")
	}
	if product != "" {
		out = append(out, product+"//")
	}
	return out
}

// namedEvents fills in the ids that the rule asks for; nil when it asks for
// none.
func namedEvents(rows []Event, predicates []Predicate, field string) []Event {
	var out []Event
	seen := map[Event]bool{}
	for i := range predicates {
		p := &predicates[i]
		if p.Negated || p.Operator != rule.Eq || p.Field != field && !strings.EqualFold(p.SourceField, field) {
			continue
		}
		for _, row := range rows {
			if row.Event == "{id}" {
				row.Event = p.Value
			}
			if !seen[row] {
				seen[row] = true
				out = append(out, row)
			}
		}
	}
	return out
}
