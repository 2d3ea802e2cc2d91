package eql

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

func TestCorpus(t *testing.T) {
	queries := querytest.Corpus(t, "eql")
	if len(queries) < 1000 {
		t.Errorf("%d queries, expected a thousand", len(queries))
	}
	for _, s := range queries {
		path, text := s.Path, s.Query
		q, problems := Parse(text)
		for _, p := range problems {
			t.Errorf("%s: %s (at %q)", path, p.Message, text[p.Span.Start:p.Span.End])
		}
		if c, unresolved := q.Condition(); c == nil || len(unresolved) > 0 {
			t.Errorf("%s: condition %s, unresolved %q", path, show(c), unresolved)
		}
		if len(q.Categories()) < len(q.Steps) {
			t.Errorf("%s: %d categories of %d steps", path, len(q.Categories()), len(q.Steps))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, tt := range constructs {
		f.Add(tt.query)
	}
	f.Add("process where (a == \"x\" AND b = 'y' or c == “z” and d : (\"x\" or \"y\"")
	f.Add("sequence with maxspan=2.5x [a where b !: \"\\u{zz}\"] ! [c where 0x1 == 5a] until")
	f.Add("a.b.1c /* \"\"\" ` $ ?")
	f.Fuzz(func(t *testing.T, text string) {
		inside := func(what string, sp rule.Span) {
			if sp.Start < 0 || sp.Start > sp.End || int(sp.End) > len(text) {
				t.Fatalf("%s at %v of %d bytes", what, sp, len(text))
			}
		}
		q, problems := Parse(text)
		for _, p := range problems {
			inside(p.Message, p.Span)
			if p.Message == "" || len(p.Message) > 1000 {
				t.Fatalf("message of %d bytes", len(p.Message))
			}
		}
		inside("query", q.Span)
		inside("maxspan", q.MaxSpan.Text.Span)
		for _, c := range q.Categories() {
			inside("category", c.Span)
		}
		for _, step := range q.steps() {
			inside("step", step.Span)
		}
		c, unresolved := q.Condition()
		if c == nil && len(problems) == 0 {
			t.Fatal("neither a condition nor a problem")
		}
		walk(c, 0, func(c rule.Condition, depth int) {
			if depth > 8*query.MaxDepth {
				t.Fatal("nested too deep")
			}
			switch c := c.(type) {
			case *rule.Not:
				inside("negation", c.Span)
			case *rule.Predicate:
				inside("field", c.Field.Span)
				inside("value", c.Span)
				if c.Field.Value == "" && c.Field.Span.End-c.Field.Span.Start > 2 {
					t.Fatal("field without a name")
				}
			}
		})
		again, problemsAgain := Parse(text)
		d, unresolvedAgain := again.Condition()
		if show(c) != show(d) || len(problems) != len(problemsAgain) || strings.Join(unresolved, "\n") != strings.Join(unresolvedAgain, "\n") {
			t.Fatal("read twice, it is not the same")
		}
	})
}

func BenchmarkParse(b *testing.B) {
	queries := querytest.Corpus(b, "eql")
	size := 0
	for _, s := range queries {
		size += len(s.Query)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range queries {
			q, _ := Parse(s.Query)
			q.Condition()
		}
	}
}
