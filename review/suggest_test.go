package review

import (
	"testing"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
)

// TestSuggestion: fixes become whole lines, and only of those that are seen.
func TestSuggestion(t *testing.T) {
	text := "one\ntwo\nthree\nfour"
	edit := func(src *rule.Source, from, to int, text string) lint.Edit {
		return lint.Edit{Range: src.Range(rule.Span{Start: int32(from), End: int32(to)}), Text: text}
	}
	for _, tt := range []struct {
		name, text string
		edits      [][2]int
		with       string
		hidden     int // a line that is not seen
		want       report.Suggestion
		ok         bool
	}{
		{"within a line", text, [][2]int{{4, 7}}, "2", 0, report.Suggestion{Start: 2, End: 2, Text: "2"}, true},
		{"two on a line", text, [][2]int{{4, 5}, {6, 7}}, "_", 0, report.Suggestion{Start: 2, End: 2, Text: "_w_"}, true},
		{"two lines", text, [][2]int{{0, 1}, {4, 5}}, "_", 0, report.Suggestion{Start: 1, End: 2, Text: "_ne\n_wo"}, true},
		{"across lines", text, [][2]int{{2, 6}}, "_", 0, report.Suggestion{Start: 1, End: 2, Text: "on_o"}, true},
		{"a line taken out", text, [][2]int{{4, 8}}, "", 0, report.Suggestion{Start: 2, End: 2, Delete: true}, true},
		{"a line emptied", text, [][2]int{{4, 7}}, "", 0, report.Suggestion{Start: 2, End: 2}, true},
		{"a line put in", text, [][2]int{{7, 7}}, "\nnew", 0, report.Suggestion{Start: 2, End: 2, Text: "two\nnew"}, true},
		{"the last line", text, [][2]int{{14, 18}}, "4", 0, report.Suggestion{Start: 4, End: 4, Text: "4"}, true},
		{"behind the last line", text, [][2]int{{18, 18}}, "\nfive", 0, report.Suggestion{Start: 4, End: 4, Text: "four\nfive"}, true},
		{"a mark at the beginning", "\ufeffone\ntwo\n", [][2]int{{3, 6}}, "1", 0, report.Suggestion{Start: 1, End: 1, Text: "1"}, true},
		{"not seen", text, [][2]int{{4, 7}}, "2", 2, report.Suggestion{}, false},
		{"not seen between", text, [][2]int{{0, 1}, {8, 9}}, "_", 2, report.Suggestion{}, false},
		{"other line breaks", "one\r\ntwo\r\n", [][2]int{{0, 3}}, "1", 0, report.Suggestion{}, false},
		{"that overlap", text, [][2]int{{4, 7}, {5, 6}}, "_", 0, report.Suggestion{}, false},
		{"none", text, nil, "", 0, report.Suggestion{}, false},
		{"too many lines", "\n\n\n\n\n\n\n\n\n\n\n\n", [][2]int{{0, 11}}, "", 0, report.Suggestion{}, false},
	} {
		src := rule.NewSource("a.yml", []byte(tt.text))
		f := &lint.Finding{Fix: &lint.Fix{}}
		for _, e := range tt.edits {
			f.Fix.Edits = append(f.Fix.Edits, edit(src, e[0], e[1], tt.with))
		}
		visible := visibleLines(src)
		if tt.hidden > 0 {
			visible[tt.hidden-1] = false
		}
		got, ok := suggestion(f, src, visible)
		if tt.want.Finding = f; ok != tt.ok || ok && got != tt.want {
			t.Errorf("%s: %+v, %t; want %+v, %t", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

// TestVisibleLines: what was nowhere before is added, and three lines around it
// are seen.
func TestVisibleLines(t *testing.T) {
	before := lineSet{}
	before.add(rule.NewSource("a", []byte("a\r\nb\r\nc\r\nd\r\ne\r\nf\r\n")))
	gone := lineSet{"g": true}
	for text, want := range map[string]string{
		"a\nb\nc\nd\ne\nf\n":         "......",
		"a\nb\nc\nd\ne\nf\ng\n":      ".......",
		"a\nb\nc\nd\ne\nf\nnew":      "...####",
		"new\na\nb\nc\nd\ne\nf\n":    "####...",
		"f\na\na\nb\nnew\nc\nd\ne\n": ".#######",
		"":                           "",
	} {
		got := ""
		for _, seen := range visibleLines(rule.NewSource("a", []byte(text)), before, gone) {
			if seen {
				got += "#"
			} else {
				got += "."
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
