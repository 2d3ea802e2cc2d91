package elastic

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

var fuzzPaths = []string{"x.toml", "x.ndjson", "x.json"}

func FuzzParse(f *testing.F) {
	combined := `filters = [{meta = {type = "combined", relation = "OR", negate = true, params = [{query = {exists = {field = "a"}}}, [{meta = {disabled = true}}]]}}, ` +
		`{query = {bool = {must = [], should = [{range = {a = {from = 1}}}, {query_string = {query = "a:b c", fields = ["d"]}}], minimum_should_match = "-50%"}}}]`
	for _, text := range []string{
		soundTOML, soundEndpoint, soundExport, soundExport + "\n" + soundExport, savedObject, "// \"x\"\n" + soundExport, `{"items":[` + soundExport + `]}`,
		withQuery("esql", "", "query = 'FROM x'", "filters = [{query = {exists = {field = \"a\"}}}]"), withQuery("query", "", "query = 'a:b'", combined),
	} {
		for kind := range len(fuzzPaths) {
			f.Add(text, uint8(kind))
		}
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		file := parse(fuzzPaths[int(kind)%len(fuzzPaths)], text)
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
