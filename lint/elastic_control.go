package lint

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// elasticControl reports paths in whose values an escape of the query language
// has put a tab or a line break where a backslash was meant. What is no path
// may well have a tab in it.
func (p *Pass) elasticControl() {
	rule.Walk(p.Condition, func(c rule.Condition) bool {
		predicate, ok := c.(*rule.Predicate)
		if !ok || predicate.Operator == rule.Regex || predicate.Derived {
			return true
		}
		i := strings.IndexAny(predicate.Value, "\t\r\n")
		if i <= 0 || !strings.Contains(predicate.Value, `\`) && predicate.Value[i-1] != ':' {
			return true
		}
		escape, name := `\t`, "a tab"
		switch predicate.Value[i] {
		case '\n':
			escape, name = `\n`, "a line break"
		case '\r':
			escape, name = `\r`, "a carriage return"
		}
		if strings.Contains(p.source(predicate.Span), escape) {
			p.Report(predicate.Span, predicate.Field.Value+":"+predicate.Value, "the value has %s in it, which %s stands for; expected %s for a backslash", name, quote(escape), quote(`\\`))
		}
		return true
	})
}
