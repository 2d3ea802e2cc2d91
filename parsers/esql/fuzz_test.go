package esql

import (
	"reflect"
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

// FuzzParse checks that nothing panics, that every place is inside the query,
// that conditions are of bounded depth, and that reading twice gives the same.
func FuzzParse(f *testing.F) {
	for _, tt := range wheres {
		f.Add("from i | where " + tt.in)
	}
	for _, tt := range pipelines {
		f.Add(tt.in)
	}
	for _, c := range querytest.Broken(f, "testdata/broken.txtar") {
		f.Add(c.Query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, problems := Parse(text)
		inside := func(what string, s rule.Span) {
			if s.Start < 0 || s.End < s.Start || int(s.End) > len(text) {
				t.Fatalf("%s at %v of %d bytes", what, s, len(text))
			}
		}
		for _, p := range problems {
			inside("problem", p.Span)
			if p.Message == "" {
				t.Fatal("problem without a message")
			}
		}
		for _, c := range q.Commands {
			inside("command "+c.Name, c.Span)
		}
		for _, s := range q.Sources {
			inside("source", s.Pattern.Span)
		}
		for _, list := range [][]rule.Text{q.Metadata, q.Keep} {
			for _, text := range list {
				inside("column", text.Span)
			}
		}
		cond, unresolved := q.Condition()
		walk(t, cond, 0, inside)
		again, problemsAgain := Parse(text)
		condAgain, unresolvedAgain := again.Condition()
		if !reflect.DeepEqual(problems, problemsAgain) || !reflect.DeepEqual(cond, condAgain) || !reflect.DeepEqual(unresolved, unresolvedAgain) {
			t.Fatal("read twice, it is not the same")
		}
	})
}

func walk(t *testing.T, c rule.Condition, depth int, inside func(string, rule.Span)) {
	if depth > 6*query.MaxDepth {
		t.Fatal("condition is too deep")
	}
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			walk(t, child, depth+1, inside)
		}
	case *rule.Or:
		for _, child := range c.Children {
			walk(t, child, depth+1, inside)
		}
	case *rule.Not:
		inside("negation", c.Span)
		walk(t, c.Child, depth+1, inside)
	case *rule.Branch:
		walk(t, c.Child, depth+1, inside)
	case *rule.Predicate:
		inside("predicate", c.Span)
		inside("field", c.Field.Span)
		if c.Field.Value == "" && c.Field.Span.Start == c.Field.Span.End {
			t.Fatal("predicate without a field")
		}
	}
}
