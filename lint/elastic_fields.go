package lint

import (
	"strings"
	"sync"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// elasticFieldCase reports fields that differ from one that is known in letter
// case alone: Elasticsearch has no such field, so nothing ever matches.
func (p *Pass) elasticFieldCase() {
	known := elasticFields()
	seen := map[string]bool{}
	rule.Walk(p.Condition, func(c rule.Condition) bool {
		predicate, ok := c.(*rule.Predicate)
		if !ok || predicate.Derived {
			return true
		}
		name := predicate.Field.Value
		if _, ok := known[name]; ok || seen[name] || !strings.Contains(name, ".") {
			return true
		}
		seen[name] = true
		if right := elasticSpellings()[strings.ToLower(name)]; right != "" {
			f := p.Report(predicate.Field.Span, name, "field %q is not known to Elastic, where letter case matters; did you mean %q?", name, right)
			p.fixIn(f, predicate.Field.Span, name, right)
		}
		return true
	})
}

// elasticFields are the field names that are known of Elastic, each with its
// canonical field.
var elasticFields = sync.OnceValue(func() map[string]string { return normalize.KnownFields(rule.Elastic, nil) })

// elasticSpellings maps field names in lower case to the one spelling that is
// known, and to nothing where there are two.
var elasticSpellings = sync.OnceValue(func() map[string]string {
	spellings := map[string]string{}
	for name := range elasticFields() {
		lower := strings.ToLower(name)
		if _, two := spellings[lower]; two {
			spellings[lower] = ""
		} else {
			spellings[lower] = name
		}
	}
	return spellings
})
