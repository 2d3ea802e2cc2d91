package esql

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/detlint/detlint/rule"
)

const corpus = "../../../shared/corpora/elastic"

type sample struct{ path, query string }

// corpusQueries reads every ES|QL query of the public rules.
func corpusQueries(t testing.TB) []sample {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("no corpus of public rules at %s", corpus)
	}
	var out []sample
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".toml") {
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
		if file.Rule.Language == "esql" {
			out = append(out, sample{strings.TrimPrefix(path, corpus+"/"), file.Rule.Query})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCorpus(t *testing.T) {
	samples := corpusQueries(t)
	if len(samples) < 200 {
		t.Fatalf("only %d queries", len(samples))
	}
	for _, s := range samples {
		q, problems := Parse(s.query)
		for _, problem := range problems {
			pos := rule.NewSource("", []byte(s.query)).Position(problem.Span.Start)
			t.Errorf("%s:%d:%d: %s", s.path, pos.Line, pos.Column, problem.Message)
		}
		cond, unresolved := q.Condition()
		if cond == nil || len(unresolved) > 0 {
			t.Errorf("%s: %T, unresolved %q", s.path, cond, unresolved)
		}
		if len(q.Sources) == 0 || len(q.Commands) < 2 {
			t.Errorf("%s: %d sources, %d commands", s.path, len(q.Sources), len(q.Commands))
		}
		for _, c := range q.Commands {
			if c.Span.Start >= c.Span.End {
				t.Errorf("%s: %s at %v", s.path, c.Name, c.Span)
			}
		}
	}
}

func BenchmarkCorpus(b *testing.B) {
	samples := corpusQueries(b)
	size := 0
	for _, s := range samples {
		size += len(s.query)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range samples {
			q, _ := Parse(s.query)
			q.Condition()
		}
	}
}
