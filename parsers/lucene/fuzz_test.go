package lucene

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
)

func FuzzParse(f *testing.F) {
	for _, tt := range conditions {
		f.Add(tt.query)
	}
	for _, c := range querytest.Broken(f, "testdata/broken.txtar") {
		f.Add(c.Query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, problems := Parse(text)
		if q.Root == nil && len(problems) == 0 {
			t.Error("not read, and no problem")
		}
		c, _ := q.Condition()
		querytest.Sound(t, text, problems, c, 3)
		again, problemsAgain := Parse(text)
		cAgain, _ := again.Condition()
		if diff := cmp.Diff(problems, problemsAgain) + cmp.Diff(c, cAgain); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCorpus(t *testing.T) {
	queries := querytest.Corpus(t, "lucene")
	if len(queries) == 0 {
		t.Errorf("found only %d queries", len(queries))
	}
	for _, s := range queries {
		q, problems := Parse(s.Query)
		if c, _ := q.Condition(); len(problems) > 0 || c == nil {
			t.Errorf("%s: %+v", s.Path, problems)
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
