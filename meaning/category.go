package meaning

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// categoryField is the field that an EQL query is about before its "where".
const categoryField = "event.category"

// categoryKey is what rule.Selector calls it.
const categoryKey = "category"

// asksCategory reports whether the category that EQL has before "where" is to be
// compared as the condition on a field that it is in Elastic's other languages.
func asksCategory(a, b *Subject) bool {
	if a.Vendor != rule.Elastic || b.Vendor != rule.Elastic || a.isJoin() || b.isJoin() {
		return false
	}
	overridden := func(part string) bool { return strings.HasPrefix(part, "event_category_override ") }
	return !slices.ContainsFunc(a.Frame, overridden) && !slices.ContainsFunc(b.Frame, overridden)
}

// Category is the comparison that a rule of EQL makes before its "where", false for
// any other rule and for a sequence. It is not among the rule's predicates.
func Category(r *normalize.Rule) (normalize.Exact, bool) { return categoryIn(r, sources(r)) }

func categoryIn(r *normalize.Rule, s source) (normalize.Exact, bool) {
	if r.Language != "eql" || len(s[categoryKey]) != 1 {
		return normalize.Exact{}, false
	}
	return normalize.Exact{Key: normalize.Key{Field: categoryField, Operator: rule.Eq, Value: s[categoryKey][0]}}, true
}

// withCategory adds to a condition what the query asks for before it.
func (b *builder) withCategory(f *formula, a *Subject, side int) *formula {
	e, ok := categoryIn(a.Rule, a.sources())
	if !ok {
		return f
	}
	c := &conversion{builder: b, rule: a.Rule, side: side}
	number := c.number(e, spelling{}, 0)
	at := &c.atoms[number]
	if at.written == "" {
		at.written = categoryField
	}
	at.several = true
	return b.list(normalize.AndNode, []*formula{f, b.literal(number, false)})
}

// withoutCategory is a source without what is compared as a condition.
func (s source) withoutCategory() source {
	out := source{}
	for key, values := range s {
		if key != categoryKey {
			out[key] = values
		}
	}
	return out
}
