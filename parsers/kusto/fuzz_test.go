package kusto

import (
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{soundScheduled, soundHunting, soundCustom, soundTemplate, soundScript, soundMarkdown} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range []string{"a.yaml", "a.json", "a.kql", "a.md"} {
			file := parse(path, text)
			if len(file.Rules) > 0 && !file.Recognized {
				t.Fatalf("%s: rules of a file that is not recognized", path)
			}
			for _, p := range file.Problems {
				if p.RuleIndex < -1 || p.RuleIndex >= len(file.Rules) {
					t.Fatalf("%s: a problem of rule %d of %d", path, p.RuleIndex, len(file.Rules))
				}
				querytest.Sound(t, text, []query.Problem{{Span: p.Span, Message: p.Message}}, nil, 8)
			}
			for _, r := range file.Rules {
				querytest.Sound(t, text, nil, r.Condition, 8)
				for _, sp := range append([]rule.Span{r.Span, r.Title.Span, r.ID.Span}, r.Parts...) {
					if sp.Start < 0 || sp.Start > sp.End || int(sp.End) > len(text) {
						t.Fatalf("%s: something of rule %d is at %v of %d bytes", path, r.Index, sp, len(text))
					}
				}
			}
		}
	})
}
