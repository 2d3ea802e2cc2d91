package normalize

import (
	"testing"

	"github.com/detlint/detlint/rule"
)

// TestSharedConditions normalizes a condition in which every part stands twice
// in the next one, as joins of lets make them. Looking at each use would take
// 2^60 steps.
func TestSharedConditions(t *testing.T) {
	predicate := &rule.Predicate{Field: rule.Text{Value: "A"}, Operator: rule.Eq, Value: "x"}
	not := &rule.Not{Child: &rule.And{Children: []rule.Condition{predicate, &rule.Predicate{
		Field: rule.Text{Value: "B"}, Operator: rule.Eq, Value: "y",
	}}}}
	table := rule.Selector{Key: "table", Value: rule.Text{Value: "DeviceProcessEvents"}}
	for name, step := range map[string]func(c rule.Condition) rule.Condition{
		"and": func(c rule.Condition) rule.Condition { return &rule.And{Children: []rule.Condition{c, c}} },
		"or":  func(c rule.Condition) rule.Condition { return &rule.Or{Children: []rule.Condition{c, c}} },
		"not": func(c rule.Condition) rule.Condition {
			return &rule.Not{Child: &rule.Not{Child: &rule.And{Children: []rule.Condition{c, c}}}}
		},
		"branch": func(c rule.Condition) rule.Condition {
			return &rule.And{Children: []rule.Condition{&rule.Branch{Child: c}, &rule.Branch{Child: c}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var c rule.Condition = &rule.Branch{
				Child: &rule.And{Children: []rule.Condition{predicate, not}}, Selectors: []rule.Selector{table},
			}
			for range 60 {
				c = step(c)
			}
			r := Normalize(&rule.Rule{Source: rule.NewSource("q.kql", nil), Vendor: rule.Kusto, Kind: rule.Detection, Condition: c})
			if len(r.Predicates) != 3 || len(r.Exclusions) != 1 || len(r.Events) == 0 && name != "not" {
				t.Errorf("%d predicates, exclusions %v, events %v", len(r.Predicates), r.Exclusions, r.Events)
			}
		})
	}
}
