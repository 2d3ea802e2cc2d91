package querytest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Show writes a condition as and(…), or(…), not(…) over field operator value.
func Show(c rule.Condition) string {
	list := func(name string, children []rule.Condition) string {
		parts := make([]string, len(children))
		for i, child := range children {
			parts[i] = Show(child)
		}
		return name + "(" + strings.Join(parts, ", ") + ")"
	}
	switch c := c.(type) {
	case *rule.And:
		return list("and", c.Children)
	case *rule.Or:
		return list("or", c.Children)
	case *rule.Not:
		return "not(" + Show(c.Child) + ")"
	case *rule.Branch:
		return "branch(" + Show(c.Child) + ")"
	case *rule.Predicate:
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Field.Value, c.Operator, c.Value))
	}
	return "nothing"
}

// Sound demands of what was read of a text that every place is in the text,
// that problems say something, and that the condition is no deeper than some
// multiple of the depth that queries may have.
func Sound(t testing.TB, text string, problems []query.Problem, c rule.Condition, multiple int) {
	t.Helper()
	inside := func(what string, s rule.Span) {
		if s.Start < 0 || s.Start > s.End || int(s.End) > len(text) {
			t.Fatalf("%s at %v of %d bytes", what, s, len(text))
		}
	}
	for _, p := range problems {
		inside(p.Message, p.Span)
		if p.Message == "" {
			t.Fatal("a problem without a message")
		}
	}
	rule.Walk(c, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Not:
			inside("negation", c.Span)
		case *rule.Predicate:
			inside("field", c.Field.Span)
			inside("value", c.Span)
		}
		return true
	})
	if d := depth(c, map[rule.Condition]int{}); d > multiple*query.MaxDepth {
		t.Fatalf("the condition has %d levels", d)
	}
}

// depth is that of a condition, of which parts may stand in several places.
func depth(c rule.Condition, known map[rule.Condition]int) int {
	if d, ok := known[c]; ok {
		return d
	}
	deepest := 0
	below := func(children ...rule.Condition) {
		for _, child := range children {
			deepest = max(deepest, depth(child, known))
		}
	}
	switch c := c.(type) {
	case *rule.And:
		below(c.Children...)
	case *rule.Or:
		below(c.Children...)
	case *rule.Not:
		below(c.Child)
	case *rule.Branch:
		below(c.Child)
	}
	known[c] = deepest + 1
	return deepest + 1
}
