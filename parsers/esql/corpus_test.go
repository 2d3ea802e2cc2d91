package esql

import (
	"testing"

	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

func TestCorpus(t *testing.T) {
	samples := querytest.Corpus(t, "esql")
	if len(samples) < 200 {
		t.Fatalf("only %d queries", len(samples))
	}
	for _, s := range samples {
		q, problems := Parse(s.Query)
		for _, problem := range problems {
			pos := rule.NewSource("", []byte(s.Query)).Position(problem.Span.Start)
			t.Errorf("%s:%d:%d: %s", s.Path, pos.Line, pos.Column, problem.Message)
		}
		cond, unresolved := q.Condition()
		if cond == nil || len(unresolved) > 0 {
			t.Errorf("%s: %T, unresolved %q", s.Path, cond, unresolved)
		}
		if len(q.Sources) == 0 || len(q.Commands) < 2 {
			t.Errorf("%s: %d sources, %d commands", s.Path, len(q.Sources), len(q.Commands))
		}
		for _, c := range q.Commands {
			if c.Span.Start >= c.Span.End {
				t.Errorf("%s: %s at %v", s.Path, c.Name, c.Span)
			}
		}
	}
}

func BenchmarkCorpus(b *testing.B) {
	samples := querytest.Corpus(b, "esql")
	size := 0
	for _, s := range samples {
		size += len(s.Query)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range samples {
			q, _ := Parse(s.Query)
			q.Condition()
		}
	}
}
