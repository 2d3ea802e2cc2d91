package kql

import (
	"strings"
	"testing"
)

// TestOutline: what the checks of a query's form ask for.
func TestOutline(t *testing.T) {
	text := `let t = datatable(a:string, b:long) ["x", 1, "y"];
T | where A in ("p" "q") and B == tolower("z")
| mvexpand C | order by D | join (_GetWatchlist('VIP') | project E) on E`
	q, problems := Parse(text)
	if len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	var operators, functions, lists []string
	for _, o := range q.Operators() {
		operators = append(operators, o.Name)
		if !strings.HasPrefix(text[o.Span.Start:], strings.ReplaceAll(strings.ReplaceAll(o.Name, "mv-expand", "mvexpand"), "sort", "order")) {
			t.Errorf("%s is found at %q", o.Name, text[o.Span.Start:o.Span.End])
		}
	}
	for _, f := range q.Functions() {
		functions = append(functions, f.Value)
	}
	for _, w := range q.Watchlists() {
		lists = append(lists, w.Value+text[w.Span.Start:w.Span.End])
	}
	for what, got := range map[string][2]string{
		"operators":  {strings.Join(operators, " "), "where mv-expand sort join project"},
		"functions":  {strings.Join(functions, " "), "tolower _GetWatchlist"},
		"watchlists": {strings.Join(lists, " "), "VIP'VIP'"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %q, want %q", what, got[0], got[1])
		}
	}
	if len(q.Joined) != 1 || text[q.Joined[0].Start:q.Joined[0].End] != `"p" "q"` {
		t.Errorf("joined strings at %v", q.Joined)
	}
	if len(q.Uneven) != 1 || !strings.HasPrefix(text[q.Uneven[0].Start:], "datatable(") {
		t.Errorf("uneven tables at %v", q.Uneven)
	}
	if !q.Returns() {
		t.Error("the query returns something")
	}
	if q, _ := Parse("let a = 1; // T"); q.Returns() {
		t.Error("a query of lets returns nothing")
	}
}

// TestLimits: what is too large or too deep is said to be.
func TestLimits(t *testing.T) {
	for text, message := range map[string]string{
		strings.Repeat(" ", 1<<20) + "T":                       "expected at most",
		"T | where " + strings.Repeat("(", 300):                "nested deeper than 200 levels",
		"T | where a" + strings.Repeat(".b", 300) + " == 1":    "path has more than 200 parts",
		"print dynamic(" + strings.Repeat("[", 300):            "nested deeper than 200 levels",
		"let f = () { " + strings.Repeat("let f = () { ", 300): "nested deeper than 200 levels",
	} {
		_, problems := Parse(text)
		if len(problems) == 0 || !strings.Contains(problems[0].Message, message) {
			t.Errorf("%.30s…: %+v, want %q", text, problems, message)
		}
	}
}
