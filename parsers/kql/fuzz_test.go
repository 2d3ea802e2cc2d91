package kql

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/parsers/query/querytest"
)

// samples are the queries of the tests.
func samples(t testing.TB) []string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/checked.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := 0; i < len(archive.Files); i += 2 {
		out = append(out, string(archive.Files[i].Data))
	}
	for _, c := range querytest.Broken(t, "testdata/broken.txtar") {
		out = append(out, c.Query)
	}
	return out
}

func sound(t testing.TB, text string) {
	t.Helper()
	q, problems := Parse(text)
	cond, _ := q.Condition()
	querytest.Sound(t, text, problems, cond, 8)
	q.Columns()
	q.Frame()
	q.Functions()
	q.Watchlists()
	for _, o := range q.Operators() {
		if o.Name == "" || o.Span.Start > o.Span.End || int(o.Span.End) > len(text) {
			t.Fatalf("operator %q at %v of %d bytes", o.Name, o.Span, len(text))
		}
	}
	for _, table := range q.Tables() {
		if table.Span.Start > table.Span.End || int(table.Span.End) > len(text) {
			t.Fatalf("table %q at %v of %d bytes", table.Value, table.Span, len(text))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range samples(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { sound(t, text) })
}

// TestCut reads every sample up to each of its bytes, and from each of them on.
func TestCut(t *testing.T) {
	for _, text := range samples(t) {
		for i := range len(text) {
			sound(t, text[:i])
			sound(t, text[i:])
		}
	}
}

// TestHostile reads texts that are made to take long or to go deep.
func TestHostile(t *testing.T) {
	const n = 50_000
	lets := strings.Builder{}
	for range 2000 {
		lets.WriteString("let a = union a, a | where x == 1;\n")
	}
	functions := strings.Builder{}
	functions.WriteString("let f0 = () { T | where x == 1 };\n")
	for i := range 60 {
		functions.WriteString(strings.NewReplacer("N", string(rune('a'+i%26))+strings.Repeat("z", i/26), "M", name0(i)).Replace(
			"let N = () { union (M()), (M()) };\n"))
	}
	values := `dynamic(["` + strings.Repeat(`a","`, n) + `b"])`
	for name, text := range map[string]string{
		"parentheses":     "T | where " + strings.Repeat("(", n),
		"closed":          "T | where " + strings.Repeat("(", n) + "a" + strings.Repeat(")", n),
		"lists":           "T | where " + strings.Repeat("a in (", n),
		"operators":       strings.Repeat("| where a in ((", n),
		"pipes":           "T" + strings.Repeat(" | where a == 1", n),
		"ands":            "T | where a" + strings.Repeat(" and a == 1", n),
		"paths":           "T | where a" + strings.Repeat(".b", n) + " == 1",
		"indexes":         "T | where a" + strings.Repeat("[0]", n) + " == 1",
		"signs":           "T | where a == " + strings.Repeat("-", n) + "1",
		"lets":            strings.Repeat("let a = a;\n", n) + "a | where x == 1",
		"unions":          "let a = T;\n" + lets.String() + "a",
		"functions":       functions.String() + "union (" + name0(60) + "())",
		"joins":           "T" + strings.Repeat(" | join (T", n),
		"strings":         "T | where a == " + strings.Repeat(`"x" `, n),
		"open strings":    strings.Repeat("\"x\n", n),
		"braces":          strings.Repeat("let f = () {", n),
		"brackets":        "print " + strings.Repeat("[", n),
		"json":            "print dynamic(" + strings.Repeat("[", n),
		"semicolons":      strings.Repeat(";", n),
		"commas":          "T | project " + strings.Repeat(",", n),
		"bad":             strings.Repeat("é", n),
		"directives":      strings.Repeat("#x\n", n),
		"columns":         "T" + strings.Repeat(" | extend a = b, c = a", n),
		"wide lists":      "let l = " + values + ";\nT" + strings.Repeat(" | where a in (l)", 200),
		"values":          "T | where a in (l)" + strings.Repeat(" or a in (l)", 5000) + "; let l = " + values,
		"let in operator": "T | where " + strings.Repeat("let a = ", n),
	} {
		if len(text) > 1<<20 {
			text = text[:1<<20]
		}
		sound(t, text)
		// One operator or value may be looked at in full once the limit is
		// reached.
		if work := worked(text); work > 2*maxWork {
			t.Errorf("%s: %d pieces of work for %d bytes", name, work, len(text))
		}
	}
}

// name0 is the name of the function before the one of a number.
func name0(i int) string {
	if i == 0 {
		return "f0"
	}
	i--
	return string(rune('a'+i%26)) + strings.Repeat("z", i/26)
}

// worked is how much was looked at to find the meaning of a query.
func worked(text string) int {
	q, _ := Parse(text)
	if b := q.build(); b != nil {
		return b.work
	}
	return 0
}

// TestDoubling reads lets that each use the one before twice over. Looking into
// each use would take 2^45 steps.
func TestDoubling(t *testing.T) {
	const n = 45
	doubled := func(first, step, last string) string {
		var b strings.Builder
		b.WriteString("let a0 = " + first + ";\n")
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "let a%d = %s;\n", i, strings.ReplaceAll(step, "$", fmt.Sprintf("a%d", i-1)))
		}
		return b.String() + strings.ReplaceAll(last, "$", fmt.Sprintf("a%d", n))
	}
	for name, text := range map[string]string{
		"conditions":        doubled("A == 1", "$ and $", "T | where $"),
		"mixed conditions":  doubled("A == 1", "$ and B == 2 or C == 3 and not($)", "T | where $"),
		"conjuncts between": doubled("A == 1", "$ and B == 2 and $", "T | where $"),
		"numbers":           doubled("1", "$ + $", "T | where A == $"),
		"columns":           doubled("B", "$ + $", "T | where A == $"),
		"times":             doubled("5", "$ + $", "T | where TimeGenerated > ago($)"),
		"scalars":           doubled("toscalar(T | summarize max(A))", "$ + $", "T | where A == $"),
		"cases":             doubled("B", "iff($ == 1, $, $)", "T | extend q = $ | where q == 1"),
		"tables":            doubled("T | where A == 1", "union $, $", "$"),
		"joins":             doubled("T | where A == 1", "$ | join $ on K", "$"),
		"values":            doubled("T | where A == 1 | project A", "T | where A in ($) or A in ($)", "$"),
		"values below":      doubled("T | where A == 1", "$ | where B in ($)", "$"),
	} {
		t.Run(name, func(t *testing.T) {
			sound(t, text)
			if work := worked(text); work > 100*n {
				t.Errorf("%d pieces of work for %d lets", work, n)
			}
			q, _ := Parse(text)
			if _, unresolved := q.Condition(); len(unresolved) > 0 {
				t.Errorf("unresolved %v, expected all of it to be looked into", unresolved)
			}
		})
	}
}

// TestWide makes operators that each look at all columns: so many of them stop
// at the limit.
func TestWide(t *testing.T) {
	const n = 5000
	columns := "T | extend c = 1"
	for i := range n {
		columns += fmt.Sprintf(", c%d = 1", i)
	}
	text := strings.Repeat("x", 100_000)
	for name, text := range map[string]string{
		"away":  columns + strings.Repeat(" | project-away d*", n),
		"keep":  columns + strings.Repeat(" | project-keep c*", n),
		"apply": columns + strings.Repeat(" | mv-apply x = c on (where x == 1)", n),
		"fork":  columns + " | fork" + strings.Repeat(" (where x == 1)", n),
		"texts": "let s = \"" + text + "\"; T | where A == s" + strings.Repeat(" or A == s", n),
		"calls": "let s = strcat(\"a\", \"" + text + "\"); T" + strings.Repeat(" | where A == s", n),
	} {
		q, _ := Parse(text)
		_, unresolved := q.Condition()
		if work := worked(text); work > 2*maxWork || !slices.Contains(unresolved, "limit:work") {
			t.Errorf("%s: %d pieces of work, unresolved %v", name, work, unresolved)
		}
	}
}
