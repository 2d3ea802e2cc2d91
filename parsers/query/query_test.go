package query

import (
	"testing"

	"github.com/detlint/detlint/rule"
)

func TestIsNetwork(t *testing.T) {
	for _, c := range []struct {
		field, value string
		want         bool
	}{
		{"source.ip", "10.0.0.0/8", true},
		{"dns.resolved_ip", "fe80::/10", true},
		{"ip", "10.0.0.0/8", true},
		{"source.ip", "10.0.0.1", false},
		{"source.ip", "a/8", false},
		{"url.path", "10.0.0.0/8", false},
		{"zip", "10.0.0.0/8", false},
	} {
		if got := IsNetwork(c.field, c.value); got != c.want {
			t.Errorf("IsNetwork(%q, %q) = %v", c.field, c.value, got)
		}
	}
}

func TestMove(t *testing.T) {
	shared := &rule.Predicate{Span: rule.Span{Start: 1, End: 2}, Field: rule.Text{Span: rule.Span{Start: 3, End: 4}}}
	not := &rule.Not{Child: shared, Span: rule.Span{Start: 5, End: 6}}
	Move(&rule.And{Children: []rule.Condition{
		&rule.Or{Children: []rule.Condition{shared, not}}, &rule.Branch{Child: shared}, nil,
	}}, func(sp rule.Span) rule.Span { return rule.Span{Start: sp.Start + 100, End: sp.End + 100} })
	if shared.Span.Start != 101 || shared.Field.Span.End != 104 || not.Span.Start != 105 {
		t.Errorf("moved to %+v and %+v", shared, not)
	}
	Move(nil, nil)
}
