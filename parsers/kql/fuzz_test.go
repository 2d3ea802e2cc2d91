package kql

import (
	"strings"
	"testing"
	"time"

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
		begin := time.Now()
		sound(t, text)
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("%s: took %v for %d bytes", name, took, len(text))
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
