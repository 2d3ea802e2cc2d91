package spl

import (
	"reflect"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/parsers/query/querytest"
)

// FuzzParse checks that nothing panics, that every place is inside the search,
// that conditions are of bounded depth, and that reading twice gives the same.
func FuzzParse(f *testing.F) {
	for _, tt := range shapes {
		f.Add(tt.in)
	}
	for _, c := range querytest.Broken(f, "testdata/broken.txtar") {
		f.Add(c.Query)
	}
	archive, err := txtar.ParseFile("testdata/checked.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(archive.Files); i += 2 {
		f.Add(string(archive.Files[i].Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, problems := Parse(text, known)
		c, unresolved := q.Condition()
		querytest.Sound(t, text, problems, c, 60)
		for _, cmd := range q.Commands {
			if cmd.Span.Start < 0 || cmd.Span.End < cmd.Span.Start || int(cmd.Span.End) > len(text) {
				t.Fatalf("%s at %v of %d bytes", cmd.Name, cmd.Span, len(text))
			}
		}
		for _, m := range q.Macros {
			if m.Span.Start < 0 || m.Span.End < m.Span.Start || int(m.Span.End) > len(text) {
				t.Fatalf("macro %s at %v of %d bytes", m.Name, m.Span, len(text))
			}
		}
		again, problemsAgain := Parse(text, known)
		cAgain, unresolvedAgain := again.Condition()
		if !reflect.DeepEqual(problems, problemsAgain) || !reflect.DeepEqual(c, cAgain) || !reflect.DeepEqual(unresolved, unresolvedAgain) {
			t.Fatal("read twice, it is not the same")
		}
	})
}
