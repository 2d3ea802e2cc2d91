// Package querytest reads the hand-made broken queries that a query language's
// tests and the tests of the file formats around it share.
package querytest

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Case is a query with one mistake.
type Case struct {
	Name  string
	Query string
	// Span is the place, in bytes of the query, that must be reported, and
	// Message a part of what must be said there.
	Span    rule.Span
	Message string
	Warning bool
}

// Broken reads the cases of a txtar file. A case is a file of the archive: a
// query in which « and » stand around the place of the mistake, and after it a
// line "=> message", or "=> warning: message".
func Broken(t testing.TB, path string) []Case {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	for _, file := range archive.Files {
		text, message, ok := strings.Cut(string(file.Data), "\n=> ")
		before, rest, start := strings.Cut(text, "«")
		inside, after, end := strings.Cut(rest, "»")
		if !ok || !start || !end {
			t.Fatalf("%s: case %q must mark a place with « and » and end with a line \"=> message\"", path, file.Name)
		}
		c := Case{Name: file.Name, Query: before + inside + after, Message: strings.TrimSpace(message)}
		c.Message, c.Warning = strings.CutPrefix(c.Message, "warning: ")
		c.Span = rule.Span{Start: int32(len(before)), End: int32(len(before) + len(inside))}
		cases = append(cases, c)
	}
	return cases
}

// RunBroken demands that the problem of every broken query is the one that its
// case describes, and the only one.
func RunBroken(t *testing.T, path string, problems func(text string) []query.Problem) {
	t.Helper()
	cases := Broken(t, path)
	if len(cases) < 20 {
		t.Errorf("%d broken queries, expected at least 20", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			found := problems(c.Query)
			if len(found) == 0 {
				t.Fatalf("%s: no problem found", c.Query)
			}
			if p := found[0]; p.Span != c.Span || !strings.Contains(p.Message, c.Message) || p.Warning != c.Warning {
				t.Errorf("%s\n got %v %q %t\nwant %v %q %t", c.Query, p.Span, p.Message, p.Warning, c.Span, c.Message, c.Warning)
			}
			if len(found) > 1 {
				t.Errorf("%s: a second problem for one mistake: %s", c.Query, found[1].Message)
			}
		})
	}
}
