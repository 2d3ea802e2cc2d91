package tree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

func TestTexts(t *testing.T) {
	root := yamldoc.Parse([]byte("b: one\nc: {k: v}\nd:\n    - x\n    -\n"))[0].Root
	for _, c := range []struct {
		key    string
		blanks bool
		want   string
	}{
		{"b", false, "one"},
		{"c", false, "c must be a list of texts, found a mapping"},
		{"d", true, "x"},
		{"d", false, "d must be a list of texts, found a null in it; x"},
		{"e", false, ""},
	} {
		var said []string
		report := func(_ rule.Span, format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
		for _, text := range root.TextsAt(c.key, c.blanks, report) {
			said = append(said, text.Value)
		}
		if got := strings.Join(said, "; "); got != c.want {
			t.Errorf("%s: %q, expected %q", c.key, got, c.want)
		}
	}
	var said string
	got := root.TextAt("c", func(_ rule.Span, format string, args ...any) { said = fmt.Sprintf(format, args...) })
	if said != "c must be a text, found a mapping" || got.Value != "" || got.Span.IsZero() {
		t.Errorf("%q, %+v", said, got)
	}
}
