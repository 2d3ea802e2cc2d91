package elastic

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{soundTOML, soundEndpoint, soundExport, soundExport + "\n" + soundExport, withQuery("esql", "", "query = 'FROM x'", "filters = [{query = {exists = {field = \"a\"}}}]")} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, toml bool) {
		path := "x.ndjson"
		if toml {
			path = "x.toml"
		}
		file := parse(path, text)
		inside := func(sp rule.Span, what string) {
			if sp.Start < 0 || sp.End < sp.Start || int(sp.End) > len(text) {
				t.Fatalf("%s at %v of %d bytes", what, sp, len(text))
			}
		}
		for _, p := range file.Problems {
			inside(p.Span, p.Message)
			if p.Message == "" || p.RuleIndex >= len(file.Rules) {
				t.Fatalf("problem %+v", p)
			}
		}
		for _, r := range file.Rules {
			inside(r.Span, "rule")
			inside(r.ID.Span, "id")
			walk(r.Condition, func(p *rule.Predicate) {
				inside(p.Span, "value of "+p.Field.Value)
				inside(p.Field.Span, "field "+p.Field.Value)
			})
		}
		if strings.TrimSpace(text) == "" && file.Recognized {
			t.Fatal("an empty file is recognized")
		}
	})
}
