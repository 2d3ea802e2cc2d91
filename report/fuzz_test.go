package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// ownTags are all that Markdown may hold of HTML.
var ownTags = regexp.MustCompile(`</?(?:code|pre|details|summary|sub)>|<wbr>`)

// ownColors are all that a terminal may be told.
var ownColors = regexp.MustCompile("\x1b\\[[0-9;]+m")

// checkMarkdown finds what must not be in Markdown, whatever a rule says.
func checkMarkdown(t testing.TB, text string) {
	t.Helper()
	checkPrintable(t, text)
	// The one block that is unfolded by itself.
	text = strings.Replace(text, "\n<details open><summary>Advice on ", "\n<details><summary>Advice on ", 1)
	bare := ownTags.ReplaceAllString(text, "")
	if i := strings.IndexByte(bare, '<'); i >= 0 {
		t.Errorf("unescaped <: %q", bare[i:min(i+40, len(bare))])
	}
	for _, tag := range []string{"code", "pre", "details", "summary", "sub"} {
		if open, closed := strings.Count(text, "<"+tag+">"), strings.Count(text, "</"+tag+">"); open != closed {
			t.Errorf("%d <%s> and %d </%s>", open, tag, closed, tag)
		}
	}
	cells := 0
	inPre := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		inPre = inPre || strings.HasPrefix(line, "<pre>")
		if !inPre && strings.HasPrefix(line, "|") {
			if n := strings.Count(line, "|"); cells == 0 {
				cells = n
			} else if n != cells {
				t.Errorf("a row of %d bars in a table of %d: %q", n, cells, line)
			}
		} else {
			cells = 0
			if strings.Contains(line, "|") {
				t.Errorf("a bar outside of a table: %q", line)
			}
		}
		if strings.Contains(line, "`") {
			t.Errorf("a backtick: %q", line)
		}
		inPre = inPre && !strings.Contains(line, "</pre>")
	}
}

func checkPrintable(t testing.TB, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("broken UTF-8")
	}
	for _, r := range text {
		if r != '\n' && unseen(r) {
			t.Errorf("raw %U", r)
		}
	}
}

// FuzzRender puts any text into every place of a report that a stranger can
// write to.
func FuzzRender(f *testing.F) {
	for _, s := range []string{
		nasty, longLine, "", " ", "|", "`", "```", "</details>", "<!--", "# h", "- x", "1. x", "1) x", "+", "=", "===", "---",
		"\n\n| a | b |\n", "\r\r", "\t\t", "\\", "\\|", "[](javascript:x)", "![](x)", "@a/b", "a@b.c", "#1", "www.x.y", "https://x",
		"\u202e", "\u0085", "\xff", "e\u0301", "👩‍🚀", "&lt;", "</pre>", "{path}{line}", "../..", "T1059.001", "$x$", "~~x~~",
	} {
		f.Add(s, 3, 9, 40)
	}
	for _, s := range hostileTexts {
		f.Add(s, 3, 9, 40)
	}
	f.Fuzz(func(t *testing.T, s string, start, end, width int) {
		r := hostile(s, start, end)
		for _, f := range slices.Concat(CIFormats, DiffFormats) {
			checkInert(t, f.Name, render(t, f.Write, r, Options{Width: width % 300, Files: "https://example.org/{path}#L{line}"}))
		}
		checkMarkdown(t, render(t, CoverageMarkdown, r, Options{MaxBytes: 500 + width%3000}))
		checkPrintable(t, render(t, CoverageText, r, Options{Width: width % 300}))
		colored := render(t, Text, r, Options{Color: true})
		checkPrintable(t, ownColors.ReplaceAllString(colored, ""))
		// A variation selector makes the character before it wider.
		line, underline := snippet(s, start, end, 60)
		if w := max(cells.StringWidth(line), cells.StringWidth(underline)); w > 2*60 {
			t.Errorf("a snippet of %d columns: %q", w, line)
		}
	})
}

// hostile is a report that says s everywhere.
func hostile(s string, start, end int) *Report {
	n := 2
	at := rule.Range{Start: rule.Position{Line: 2, Column: start}, End: rule.Position{Line: 2 + end%2, Column: end}}
	finding := lint.Finding{
		Check: s, Severity: lint.Error, Message: s, Path: s, Range: at, RuleID: s, RuleTitle: s, Hint: s, Link: "https://" + s,
		Evidence: []lint.Evidence{{Text: s, Rules: []lint.EvidenceRule{{ID: s, Title: s, Vendor: rule.Vendor(s)}}}},
		Fix:      &lint.Fix{Title: s, Edits: []lint.Edit{{Range: at, Text: s}}}, Related: []lint.Location{{Path: s, Range: at, Message: s}}, Snippet: s, State: lint.New,
		Suppressed: &lint.Suppressed{By: s, Path: s, Line: 1, Until: s, Reason: s}, Fingerprint: s, Value: s,
	}
	fixed := finding
	fixed.State = lint.Fixed
	summary := normalize.Summary{
		Path: s, Kind: rule.Detection, Level: rule.Level(s), Techniques: []string{s, "T1059"},
		Title: normalize.Located{Value: s}, Events: []normalize.Event{{Provider: s, Event: s}},
	}
	part := meaning.Predicate{Field: s, Operator: rule.Operator(s), Value: s, Role: meaning.Role(s), Variant: s}
	change := &meaning.Change{
		Verdict: meaning.Unknown, Reason: s, Summary: s,
		Added: []meaning.Predicate{part}, Removed: []meaning.Predicate{part}, Moved: []meaning.Move{{Predicate: part, From: meaning.Role(s)}},
		Attributes: []meaning.Attribute{{Name: s, Before: s, After: s}, {Name: s, Added: []string{s}, Removed: []string{s}}, {Name: s}},
	}
	return &Report{
		Tool: Tool{Version: s, ATTACK: s, Catalog: Catalog{Date: s, Rules: 1}},
		Repository: Repository{
			Base: s, BaseName: s, Head: s, Mode: Commits,
		},
		Summary: Summary{
			Languages: map[rule.Language]int{rule.Language(s): 1}, Changes: Changes{Modified: 1},
			Findings: Findings{New: Counts{Error: 1}, Fixed: Counts{Error: 1}},
		},
		Rules:    []Rule{{Path: s, PathBefore: s + "x", Title: s, State: s, Through: []string{s}, Narrows: &[]string{s}, Reach: &n, Change: change, Advice: hostileAdvice(s)}},
		Findings: []lint.Finding{finding, fixed},
		Coverage: coverage.Compare(coverage.Take(attack.Default(), nil), coverage.Take(attack.Default(), []normalize.Summary{summary}), nil),
		Suggestions: []Suggestion{
			{Finding: &finding, Start: 1, End: 1, Text: s},
			{Finding: &finding, Start: 2, End: 3, Text: s, Delete: true},
		},
	}
}
