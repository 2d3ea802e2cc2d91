package normalize

import "github.com/detlint/detlint/rule"

// Interchange is a rule in the form that "detlint normalize --format json"
// writes, one object a line. The contract names the keys.
type Interchange struct {
	Path       string                 `json:"path"`
	ID         string                 `json:"id"`
	Index      int                    `json:"index"`
	Title      string                 `json:"title"`
	Vendor     rule.Vendor            `json:"vendor"`
	Language   rule.Language          `json:"language"`
	Kind       rule.Kind              `json:"kind"`
	Techniques []string               `json:"techniques"`
	Tactics    []string               `json:"tactics"`
	Level      rule.Level             `json:"level"`
	Status     string                 `json:"status"`
	Events     []Event                `json:"events"`
	Predicates []InterchangePredicate `json:"predicates"`
	Exclusions [][]int                `json:"exclusions"`
	Unresolved []string               `json:"unresolved"`
}

// InterchangePredicate is one predicate of the interchange form. Key is the
// row of the catalog in which it meets other vendors' predicates.
type InterchangePredicate struct {
	Field          string        `json:"field"`
	SourceField    string        `json:"source_field"`
	Operator       rule.Operator `json:"operator"`
	SourceOperator string        `json:"source_operator"`
	Value          string        `json:"value"`
	Negated        bool          `json:"negated"`
	Derived        bool          `json:"derived"`
	Selector       bool          `json:"selector"`
	Line           int           `json:"line"`
	Column         int           `json:"column"`
	Key            Key           `json:"key"`
}

// Interchange writes the rule in the interchange form. Lists are never null.
func (r *Rule) Interchange() Interchange {
	out := Interchange{
		Path: r.Path(), ID: r.ID.Value, Index: r.Index, Title: r.Title.Value,
		Vendor: r.Vendor, Language: r.Language, Kind: r.Kind,
		Techniques: values(r.Techniques), Tactics: values(r.Tactics),
		Level: r.Level, Status: r.Status.Value,
		Events:     append([]Event{}, r.Events...),
		Predicates: make([]InterchangePredicate, len(r.Predicates)),
		Exclusions: append([][]int{}, r.Exclusions...),
		Unresolved: append([]string{}, r.Unresolved...),
	}
	for i := range r.Predicates {
		p := &r.Predicates[i]
		at := r.Source.Position(p.Span.Start)
		out.Predicates[i] = InterchangePredicate{
			Field: p.Field, SourceField: p.SourceField, Operator: p.Operator, SourceOperator: p.SourceOperator,
			Value: p.Value, Negated: p.Negated, Derived: p.Derived, Selector: p.Selector,
			Line: at.Line, Column: at.Column, Key: Row(p.Key),
		}
	}
	return out
}

// values returns the texts without their places, each once.
func values(texts []rule.Text) []string {
	out := make([]string, 0, len(texts))
	seen := make(map[string]bool, len(texts))
	for _, t := range texts {
		if !seen[t.Value] {
			seen[t.Value] = true
			out = append(out, t.Value)
		}
	}
	return out
}
