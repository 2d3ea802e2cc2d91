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
	leaves(p.Condition, map[rule.Condition]bool{}, func(c *rule.Predicate) {
		name := c.Field.Value
		if _, ok := known[name]; ok || c.Derived || seen[name] || !strings.Contains(name, ".") {
			return
		}
		seen[name] = true
		if right := elasticSpellings()[strings.ToLower(name)]; right != "" {
			f := p.Report(c.Field.Span, name, "field %q is not known to Elastic, where letter case matters; did you mean %q?", name, right)
			p.fixIn(f, c.Field.Span, name, right)
		}
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

// leaves calls f with every predicate of a condition, each once.
func leaves(c rule.Condition, seen map[rule.Condition]bool, f func(*rule.Predicate)) {
	if c == nil || seen[c] {
		return
	}
	seen[c] = true
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			leaves(child, seen, f)
		}
	case *rule.Or:
		for _, child := range c.Children {
			leaves(child, seen, f)
		}
	case *rule.Not:
		leaves(c.Child, seen, f)
	case *rule.Branch:
		leaves(c.Child, seen, f)
	case *rule.Predicate:
		f(c)
	}
}
