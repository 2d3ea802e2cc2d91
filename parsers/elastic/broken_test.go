package elastic

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

// TestBrokenQueries: the mistake in a query is reported at its place in the
// file, in each way to quote the query.
func TestBrokenQueries(t *testing.T) {
	types := map[string]string{"eql": "eql", "kuery": "query", "lucene": "query", "esql": "esql"}
	for language, kind := range types {
		cases := querytest.Broken(t, filepath.Join("..", language, "testdata", "broken.txtar"))
		if len(cases) < 20 {
			t.Errorf("%s: %d cases, want at least 20", language, len(cases))
		}
		for _, c := range cases {
			quoted, err := json.Marshal(c.Query)
			if err != nil {
				t.Fatal(err)
			}
			head := fmt.Sprintf("# é\n[rule]\nrule_id = \"x\"\ntype = %q\nlanguage = %q\nquery = ", kind, language)
			files := map[string]string{
				// JSON's escapes are TOML's.
				"basic.toml":  head + string(quoted) + "\n",
				"export.json": fmt.Sprintf(`{"rule_id":"x","risk_score":1,"type":%q,"language":%q,"query":%s}`, kind, language, quoted),
			}
			// TOML has no way to hold bytes that are no text.
			plain := !strings.ContainsFunc(c.Query, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError })
			if plain && !strings.Contains(c.Query, "'''") {
				files["literal.toml"] = head + "'''\n" + c.Query + "'''\n"
			}
			if plain && !strings.Contains(c.Query, `"""`) && !strings.HasSuffix(c.Query, `"`) && !strings.Contains(c.Query, `\`) {
				files["multi.toml"] = head + `"""` + "\n" + c.Query + `"""` + "\n"
			}
			for path, text := range files {
				at(t, language+"/"+c.Name, parse(path, text), c, text)
			}
		}
	}
}

// at demands that the first problem is where the case says.
func at(t *testing.T, name string, f *rule.File, c querytest.Case, text string) {
	t.Helper()
	name += " in " + f.Source.Path
	if len(f.Problems) == 0 {
		t.Errorf("%s: nothing reported", name)
		return
	}
	p := f.Problems[0]
	if p.RuleIndex != 0 || p.Warning != c.Warning || f.Rules[0].Broken == p.Warning || !strings.Contains(p.Message, c.Message) {
		t.Errorf("%s: %+v, want %q", name, p, c.Message)
	}
	found := text[p.Span.Start:p.Span.End]
	want := c.Query[c.Span.Start:c.Span.End]
	if strings.HasSuffix(f.Source.Path, "literal.toml") || strings.HasSuffix(f.Source.Path, "multi.toml") {
		start := strings.LastIndex(text, "query = ") + len("query = '''\n") + int(c.Span.Start)
		if found != want || int(p.Span.Start) != start {
			t.Errorf("%s: reported %q at %d, want %q at %d", name, found, p.Span.Start, want, start)
		}
		return
	}
	// In a string with escapes the same place is written with them.
	escaped, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if found != string(escaped[1:len(escaped)-1]) {
		t.Errorf("%s: reported %q, want %q", name, found, escaped)
	}
}
