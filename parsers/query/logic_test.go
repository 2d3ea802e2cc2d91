package query_test

import (
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

func TestLogic(t *testing.T) {
	var nothing rule.Condition
	a := &rule.Predicate{Field: rule.Text{Value: "a"}, Operator: rule.Eq, Value: "1"}
	always, never := &rule.And{}, &rule.Or{}
	tests := []struct {
		name string
		got  rule.Condition
		want string
	}{
		{"all of nothing", query.All([]rule.Condition{nothing, always}, false), ""},
		{"all of always", query.All([]rule.Condition{always, always}, false), "and()"},
		{"all", query.All([]rule.Condition{a, nothing, always}, false), "a eq 1"},
		{"all below a negation", query.All([]rule.Condition{a, nothing}, true), "and(a eq 1, or())"},
		{"all and never", query.All([]rule.Condition{a, never}, false), "and(a eq 1, or())"},
		{"any of nothing", query.Any([]rule.Condition{nothing, never}, false), ""},
		{"any of never", query.Any([]rule.Condition{never}, false), "or()"},
		{"any of always", query.Any([]rule.Condition{nothing, always}, true), "and()"},
		{"any", query.Any([]rule.Condition{a, nothing, never}, false), "or(a eq 1, and())"},
		{"any below a negation", query.Any([]rule.Condition{a, nothing}, true), "a eq 1"},
		{"any or always below a negation", query.Any([]rule.Condition{a, always}, true), "or(a eq 1, and())"},
		{"not nothing", query.Negate(nothing, rule.Span{}), ""},
		{"not always", query.Negate(always, rule.Span{}), "or()"},
		{"not never", query.Negate(never, rule.Span{}), "and()"},
		{"not", query.Negate(a, rule.Span{}), "not(a eq 1)"},
	}
	for _, tt := range tests {
		got := ""
		if tt.got != nil {
			got = querytest.Show(tt.got)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
