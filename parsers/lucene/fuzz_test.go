package lucene

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

func FuzzParse(f *testing.F) {
	for _, tt := range conditions {
		f.Add(tt.query)
	}
	for _, c := range querytest.Broken(f, "testdata/broken.txtar") {
		f.Add(c.Query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		inside := func(what string, s rule.Span) {
			if s.Start < 0 || s.Start > s.End || int(s.End) > len(text) {
				t.Errorf("%s at %v of %d bytes", what, s, len(text))
			}
		}
		q, problems := Parse(text)
		broken := false
		for _, p := range problems {
			inside(p.Message, p.Span)
			broken = broken || !p.Warning
		}
		if q.Root == nil && len(problems) == 0 {
			t.Error("not read, and no problem")
		}
		c, _ := q.Condition()
		leaves(c, func(p *rule.Predicate) {
			inside("field", p.Field.Span)
			inside("predicate", p.Span)
		}, func(n *rule.Not) { inside("not", n.Span) })
		if d := depth(c); d > 3*query.MaxDepth {
			t.Errorf("condition has %d levels", d)
		}
		again, problemsAgain := Parse(text)
		cAgain, _ := again.Condition()
		if diff := cmp.Diff(problems, problemsAgain) + cmp.Diff(c, cAgain); diff != "" {
			t.Error(diff)
		}
	})
}

func depth(c rule.Condition) int {
	deepest := 0
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			deepest = max(deepest, depth(child))
		}
	case *rule.Or:
		for _, child := range c.Children {
			deepest = max(deepest, depth(child))
		}
	case *rule.Not:
		deepest = depth(c.Child)
	}
	return deepest + 1
}

const corpus = "../../../shared/corpora/elastic"

// corpusQueries returns the queries of a language in the corpus of public
// rules.
func corpusQueries(t testing.TB, language string) map[string]string {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the corpus of public rules is not at %s", corpus)
	}
	queries := map[string]string{}
	err := filepath.WalkDir(corpus, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".toml") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var file struct {
			Rule struct{ Language, Query string }
		}
		if err := toml.Unmarshal(data, &file); err != nil {
			return err
		}
		if file.Rule.Language == language && file.Rule.Query != "" {
			queries[path] = file.Rule.Query
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return queries
}

func TestCorpus(t *testing.T) {
	queries := corpusQueries(t, "lucene")
	if len(queries) == 0 {
		t.Errorf("found only %d queries", len(queries))
	}
	for path, text := range queries {
		q, problems := Parse(text)
		if c, _ := q.Condition(); len(problems) > 0 || c == nil {
			t.Errorf("%s: %+v", path, problems)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := "host.os.type:linux AND process.name:(" + strings.Repeat(`"a b" OR *x\\\\y* OR `, 500) +
		"z) AND NOT source.ip:(10.0.0.0\\/8 OR \"::1\")"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		q, _ := Parse(text)
		q.Condition()
	}
}

// TestLinear reads queries that would take hours if any part were looked at
// more than a few times.
func TestLinear(t *testing.T) {
	for _, part := range []string{" ", "a ", "a AND ", "NOT ", "!", `\`, `\\`, `"`, "(", "a:b ", "*", "/", `\/`, "[", "[a TO b]", "a:(", "' ", "'a ", "a^", "a~ ", "]", "{", "a and b:c ", "- "} {
		Parse(strings.Repeat(part, query.MaxSize/4/len(part)))
		Parse("a:" + strings.Repeat(part, query.MaxSize/4/len(part)))
	}
}
