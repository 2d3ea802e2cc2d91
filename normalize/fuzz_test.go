package normalize_test

import (
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// FuzzNormalize: whatever the parser makes of a text can be normalized, and
// everything that refers to a predicate refers to one that is there.
func FuzzNormalize(f *testing.F) {
	head := "title: T\nid: 1\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n"
	f.Add(head + "    a:\n        Image|endswith: '\\x.exe'\n    b:\n        - U: null\n        - V: [1, 'C:\\*']\n    condition: a and not 1 of b*\n")
	f.Add(head + "    a: word\n    b: '*x*'\n    condition: not (a or not b) and not not a\n")
	f.Add(head + "    a:\n        F|neq|contains: [x, y]\n    condition: [a, not a]\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range normalize.Normalized(parsers.Parse("f.yml", []byte(text), nil).Rules) {
			for _, clause := range r.Exclusions {
				for _, i := range clause {
					if i < 0 || i >= len(r.Predicates) {
						t.Fatalf("clause %v of %d predicates", clause, len(r.Predicates))
					}
				}
			}
			path := r.WidestPath(func(*normalize.Predicate) int { return 1 })
			if path.Evidence >= len(r.Predicates) {
				t.Fatalf("evidence %d of %d predicates", path.Evidence, len(r.Predicates))
			}
			r.Paths()
			for _, k := range r.IndicatorKeys() {
				normalize.Implies(k, k)
				r.Precludes(k)
				r.Requires(k)
			}
			r.Interchange()
			r.Summary()
		}
	})
}
