package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/lint"
)

var update = flag.Bool("update", false, "write the files in testdata anew")

func render(t testing.TB, write func(io.Writer, *Report, Options) error, r *Report, o Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	clean := sample()
	clean.Findings, clean.Rules = nil, nil
	clean.Summary.Changes, clean.Summary.Findings = Changes{}, Findings{}
	clean.Coverage = nil
	broken := withoutBase()
	broken.Summary.Files, broken.Summary.Rules, broken.Summary.Broken, broken.Summary.Unreadable = 1, 1, 1, 1
	broken.Summary.Languages = nil
	broken.Tool.Catalog = Catalog{}

	large := sample()
	for range 9 {
		large.Rules = append(large.Rules, Rule{Path: "rules/more.yml", Line: 1, Title: "More", State: "added"})
	}
	large.Summary.Changes.Added = 10
	large.Findings, large.Coverage = nil, nil

	links := Options{Files: "https://example.org/blob/main/{path}#L{line}"}
	for _, tt := range []struct {
		name  string
		write func(io.Writer, *Report, Options) error
		r     *Report
		o     Options
	}{
		{"text", Text, sample(), Options{Elapsed: 412 * time.Millisecond}},
		{"text-narrow", Text, sample(), Options{Width: 60}},
		{"text-color", Text, sample(), Options{Color: true, Width: 100}},
		{"text-clean", Text, clean, Options{}},
		{"text-all", Text, broken, Options{}},
		{"json", JSON, sample(), Options{}},
		{"markdown", Markdown, sample(), links},
		{"markdown-clean", Markdown, clean, Options{}},
		{"markdown-large", Markdown, large, links},
		{"markdown-all", Markdown, broken, Options{}},
		{"markdown-small", Markdown, sample(), Options{MaxBytes: 3000}},
		{"html", HTML, sample(), links},
		{"coverage-text", CoverageText, sample(), Options{}},
		{"coverage-text-color", CoverageText, sample(), Options{Color: true, Width: 70}},
		{"coverage-text-all", CoverageText, withoutBase(), Options{}},
		{"coverage-markdown", CoverageMarkdown, sample(), links},
		{"coverage-markdown-all", CoverageMarkdown, withoutBase(), Options{}},
		{"coverage-json", CoverageJSON, sample(), Options{}},
		{"diff-text", DiffText, sample(), Options{}},
		{"diff-text-color", DiffText, sample(), Options{Color: true, Width: 70}},
		{"diff-text-clean", DiffText, clean, Options{}},
		{"diff-markdown", DiffMarkdown, sample(), links},
		{"diff-markdown-clean", DiffMarkdown, clean, Options{}},
		{"diff-json", DiffJSON, sample(), Options{}},
		{"diff-csv", DiffCSV, sample(), Options{}},
		{"github", GitHub, sample(), Options{}},
		{"github-clean", GitHub, clean, Options{}},
		{"github-many", GitHub, many(12), Options{}},
		{"sarif", SARIF, sample(), Options{Repository: "https://example.org/a/b", Scope: "rules/", ExitCode: 1}},
		{"sarif-all", SARIF, broken, Options{}},
		{"gitlab", GitLab, sample(), Options{}},
		{"gitlab-clean", GitLab, clean, Options{}},
		{"azure", Azure, sample(), Options{}},
		{"junit", JUnit, sample(), Options{}},
		{"checkstyle", Checkstyle, sample(), Options{}},
		{"csv", CSV, sample(), Options{}},
		{"coverage-csv", CoverageCSV, sample(), Options{}},
		{"navigator", Navigator, sample(), links},
		{"navigator-all", Navigator, withoutBase(), Options{}},
		{"navigator-delta", NavigatorDelta, sample(), links},
		{"navigator-delta-all", NavigatorDelta, withoutBase(), Options{}},
		{"navigator-gap", NavigatorGap, sample(), Options{}},
		{"svg", SVG, sample(), Options{}},
		{"badge", Badge, sample(), Options{}},
		{"badge-clean", Badge, clean, Options{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := render(t, tt.write, tt.r, tt.o)
			if again := render(t, tt.write, tt.r, tt.o); again != got {
				t.Error("the same report is written in two ways")
			}
			golden(t, tt.name+".golden", got)
		})
	}
}

// An empty report is still one, in every format.
func TestEmpty(t *testing.T) {
	for _, f := range slices.Concat(CIFormats, DiffFormats) {
		if got := render(t, f.Write, &Report{}, Options{}); got == "" {
			t.Errorf("%s is empty", f.Name)
		}
	}
}

func TestWriteError(t *testing.T) {
	for _, f := range slices.Concat(CIFormats, DiffFormats) {
		if err := f.Write(failing{}, sample(), Options{}); err != io.ErrShortWrite {
			t.Errorf("%s: error %v, want that of the writer", f.Name, err)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestJSONHasNoNullLists(t *testing.T) {
	r := sample()
	r.Findings = append(r.Findings, lint.Finding{Severity: lint.Info, Fix: &lint.Fix{}})
	r.Summary.Languages = nil
	for name, got := range map[string]string{
		"report": render(t, JSON, r, Options{}), "coverage": render(t, CoverageJSON, r, Options{}),
		"empty": render(t, JSON, &Report{}, Options{}),
	} {
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is not JSON", name)
		}
		if i := strings.Index(got, "null"); i >= 0 {
			t.Errorf("%s has a null: …%s", name, got[max(i-60, 0):i+4])
		}
	}
	if r.Rules[1].Techniques != nil {
		t.Error("writing JSON changed the report")
	}
}

func TestLookup(t *testing.T) {
	for _, f := range CIFormats {
		if got, err := Lookup(CIFormats, f.Name); err != nil || got.Description != f.Description {
			t.Errorf("Lookup(%q) = %q, %v", f.Name, got.Description, err)
		}
	}
	const findings = "expected text, json, markdown, html, github, sarif, gitlab, gitlab-note, azure, junit, checkstyle, csv, github-comment, github-output or github-review"
	for _, tt := range []struct {
		formats    []Format
		name, want string
	}{
		{Formats, "markdwon", `unknown format "markdwon", did you mean "markdown"?`},
		{DiffFormats, "md", `unknown format "md", did you mean "markdown"?`},
		{CoverageFormats, "JSON", `unknown format "JSON", did you mean "json"?`},
		{Formats, "tex", `unknown format "tex", did you mean "text"?`},
		{Formats, "sarf", `unknown format "sarf", did you mean "sarif"?`},
		{Formats, "codequality", `unknown format "codequality", did you mean "gitlab"?`},
		{DiffFormats, "codequality", `unknown format "codequality", expected text, json, markdown or csv`},
		{CoverageFormats, "layer", `unknown format "layer", did you mean "navigator"?`},
		{Formats, "xml", `unknown format "xml", ` + findings},
		{Formats, "", `unknown format "", ` + findings},
		{DiffFormats, strings.Repeat("x", 100), `unknown format "` + strings.Repeat("x", 100) + `", expected text, json, markdown or csv`},
	} {
		if _, err := Lookup(tt.formats, tt.name); err == nil || err.Error() != tt.want {
			t.Errorf("Lookup(%q): %v, want %s", tt.name, err, tt.want)
		}
	}
	names := map[string]bool{}
	for _, f := range CIFormats {
		if names[f.Name] {
			t.Errorf("two formats are called %q", f.Name)
		}
		names[f.Name] = true
	}
}

func TestFormatOfFile(t *testing.T) {
	for _, tt := range []struct {
		formats    []Format
		name, want string
	}{
		{Formats, "detlint.sarif", "sarif"},
		{Formats, "detlint.sarif.json", "sarif"},
		{Formats, "summary.md", "markdown"},
		{Formats, "report.html", "html"},
		{Formats, "gl-code-quality-report.json", "gitlab"},
		{Formats, "detlint.json", "json"},
		{Formats, "junit.xml", "junit"},
		{Formats, "results.xml", ""},
		{Formats, "coverage.svg", ""},
		{Formats, "findings.csv", "csv"},
		{CoverageFormats, "coverage.svg", "svg"},
		{CoverageFormats, "badge.svg", "badge"},
		{CoverageFormats, "attack-layer.json", "navigator"},
		{CoverageFormats, "gap-layer.json", "navigator-gap"},
		{CIFormats, "navigator-delta.json", "navigator-delta"},
		{DiffFormats, "layer.json", "json"},
		{CoverageFormats, "detlint.sarif", ""},
		{Formats, "json", ""},
		{Formats, "", ""},
	} {
		if got := FormatOfFile(tt.formats, tt.name); got != tt.want {
			t.Errorf("%s has the format %q, expected %q", tt.name, got, tt.want)
		}
	}
}

// Whatever the limit, Markdown keeps to it, says what is missing and leaves no
// construct open.
func TestMarkdownLimit(t *testing.T) {
	r := sample()
	for range 3 {
		r.Findings = append(r.Findings, r.Findings...)
	}
	for _, write := range []func(io.Writer, *Report, Options) error{Markdown, CoverageMarkdown} {
		whole := render(t, write, r, Options{MaxBytes: -1})
		for limit := 120; limit < len(whole)+100; limit += 97 + limit/50 {
			got := render(t, write, r, Options{MaxBytes: limit})
			if len(got) > limit {
				t.Fatalf("limit %d: %d bytes", limit, len(got))
			}
			if len(got) < len(whole)*9/10 && limit > 1000 && !strings.Contains(got, " more ") {
				t.Errorf("limit %d: does not say that rows are missing", limit)
			}
			checkMarkdown(t, got)
		}
		if got := render(t, write, r, Options{MaxBytes: len(whole)}); got != whole {
			t.Error("cut although all of it fits")
		}
	}
	for range 7 {
		r.Findings = append(r.Findings, r.Findings...)
	}
	if got := render(t, Markdown, r, Options{}); len(got) > MaxSummary || len(got) < MaxSummary*9/10 {
		t.Errorf("%d bytes of a job summary", len(got))
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 3141592: "3,141,592", -1234: "-1,234", -123: "-123"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 rules", 1: "1 rule", 2: "2 rules", 3141: "3,141 rules"} {
		if got := count(n, "rule"); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
	if got, want := (Counts{Error: 1, Info: 2}).String(), "1 error, 2 info"; got != want {
		t.Errorf("counts = %q, want %q", got, want)
	}
}

func TestAgainst(t *testing.T) {
	sha := strings.Repeat("8eaafff1", 5)
	for _, tt := range []struct {
		r    Repository
		want string
	}{
		{Repository{Base: sha, BaseName: "merge base with main"}, "main (merge base 8eaafff)"},
		{Repository{Base: sha, BaseName: "HEAD"}, "HEAD (8eaafff)"},
		{Repository{Base: sha, BaseName: sha}, "8eaafff"},
		{Repository{Base: sha}, "8eaafff"},
		{Repository{Base: "index"}, "index"},
	} {
		if got := tt.r.against(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.r, got, tt.want)
		}
	}
}

func TestSnippet(t *testing.T) {
	for _, tt := range []struct {
		name, source    string
		start, end      int
		width           int
		line, underline string
	}{
		{"plain", "a: bcd", 3, 6, 80, "a: bcd", "   ^~~"},
		{"one character", "a: b", 3, 4, 80, "a: b", "   ^"},
		{"empty range", "a: b", 1, 1, 80, "a: b", " ^"},
		{"tab before", "\ta: b", 4, 5, 80, "    a: b", "       ^"},
		{"tab within", "a\tb", 0, 3, 80, "a    b", "^~~~~~"},
		{"wide runes", "漢字: 漢字", 4, 6, 80, "漢字: 漢字", "      ^~~~"},
		{"combining mark", "e\u0301: x", 4, 5, 80, "e\u0301: x", "   ^"},
		{"joined emoji", "👩‍🚀 x", 4, 5, 80, "👩‍🚀 x", "   ^"},
		{"control", "\x1b[2J x", 5, 6, 80, "<U+001B>[2J x", "            ^"},
		{"override", "x \u202ey", 3, 4, 80, "x <U+202E>y", "          ^"},
		{"past the end", "abc", 9, 12, 80, "abc", "   ^"},
		{"before the start", "abc", -1, 0, 80, "abc", "^"},
		{"cut on the right", "abcdefghijklmnopqrstuvwxyz", 2, 4, 10, "abcdefghi…", "  ^~"},
		{"cut on both sides", "abcdefghijklmnopqrstuvwxyz", 12, 14, 10, "…klmnopqr…", "   ^~"},
		{"cut on the left", "abcdefghijklmnopqrstuvwxyz", 22, 26, 10, "…uvwxyz", "   ^~~~"},
		{"cut within", "abcdefghijklmnopqrstuvwxyz", 0, 26, 10, "abcdefghi…", "^~~~~~~~~"},
	} {
		line, underline := snippet(tt.source, tt.start, tt.end, tt.width)
		if line != tt.line || underline != tt.underline {
			t.Errorf("%s:\n%q\n%q\nwant\n%q\n%q", tt.name, line, underline, tt.line, tt.underline)
		}
	}
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 🦊 👩‍🚀":              "plain é 🦊 👩‍🚀",
		"a\r\nb\nc\td\re":            "a b c d e",
		"\x1b[31m":                   "<U+001B>[31m",
		"\u009b2J \u0085":            "<U+009B>2J <U+0085>",
		"\u202e\u2066\u200b\ufeff":   "<U+202E><U+2066><U+200B><U+FEFF>",
		"\xff\xfe":                   "\ufffd\ufffd",
		"\u2028x\U000E0041\u00ad":    "<U+2028>x<U+E0041><U+00AD>",
		"right as it is: \ufffd and": "right as it is: \ufffd and",
	} {
		if got := visible(in); got != want || !utf8.ValidString(got) {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFileLink(t *testing.T) {
	o := Options{Files: "https://example.org/{path}#L{line}"}
	for _, tt := range []struct {
		path string
		line int
		want string
	}{
		{"a/b.yml", 3, "https://example.org/a/b.yml#L3"},
		{"a b/(c)|#?.yml", 0, "https://example.org/a%20b/%28c%29%7C%23%3F.yml#L1"},
		{"é/{line}.yml", 2, "https://example.org/%C3%A9/%7Bline%7D.yml#L2"},
		{"", 2, ""},
	} {
		if got := o.fileLink(tt.path, tt.line); got != tt.want {
			t.Errorf("fileLink(%q) = %q, want %q", tt.path, got, tt.want)
		}
	}
	if got := (Options{}).fileLink("a", 1); got != "" {
		t.Errorf("a link without a template: %q", got)
	}
}

func TestVisiblePath(t *testing.T) {
	for path, want := range map[string]string{
		"rules/a.yml": "rules/a.yml", "::error file=x::y.yml": "./::error file=x::y.yml", "##[error]x.yml": "./#<U+0023>[error]x.yml", " ::error::y.yml": "./ ::error::y.yml", "#a.yml": "#a.yml",
	} {
		if got := visiblePath(path); got != want {
			t.Errorf("%q begins a line as %q, expected %q", path, got, want)
		}
	}
}

// What a report costs grows with its findings, and not faster: four times as
// many take about four times the memory.
func TestLinear(t *testing.T) {
	cost := func(f Format, r *Report) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := f.Write(io.Discard, r, Options{}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	few, more := many(500), many(2000)
	for _, f := range CIFormats {
		if one, four := cost(f, few), cost(f, more); four > 6*one+1<<20 {
			t.Errorf("%s: %.0f bytes for 1,500 findings, %.0f for 6,000", f.Name, one, four)
		}
	}
}

// A long path in a table can be broken, and what is a tag or a reference in it
// cannot.
func TestPathInTable(t *testing.T) {
	long := strings.Repeat("x", 40)
	for path, want := range map[string]string{
		"rules/a_b.yml:1":       "<code>rules/a_b.yml:1</code>",
		"rules/a_" + long:       "<code>rules/<wbr>a_<wbr>" + long + "</code>",
		"a//b__c_/_" + long:     "<code>a//<wbr>b&#95;&#95;c&#95;/<wbr>&#95;" + long + "</code>",
		"a_<b>&/" + long + "/_": "<code>a&#95;&lt;b&gt;&amp;/<wbr>" + long + "/<wbr>&#95;</code>",
	} {
		if got := mdPath(path); got != want {
			t.Errorf("%q: %s, want %s", path, got, want)
		}
	}
}

// Lines are broken between words, and no word is.
func TestFold(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"one two three", 0, []string{"one two three"}},
		{"one two three", 13, []string{"one two three"}},
		{"one two three", 12, []string{"one two", "three"}},
		{"one two three", 3, []string{"one", "two", "three"}},
		{"see rules/a/b.yml: here", 6, []string{"see", "rules/a/b.yml:", "here"}},
		{"🦊🦊 🦊🦊 a", 6, []string{"🦊🦊", "🦊🦊 a"}},
		{"a  b", 3, []string{"a ", "b"}},
		{"", 1, []string{""}},
	} {
		if got := fold(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("%q in %d columns: %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}
