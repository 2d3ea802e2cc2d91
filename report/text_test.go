package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/lint"
)

// TestTextFixed: what a change has fixed has a line each, of which none can
// pass for another one, and is cut off after a few.
func TestTextFixed(t *testing.T) {
	fixed := func(n int) string {
		r := sample()
		r.Coverage = nil
		for i := range n {
			r.Fixed = append(r.Fixed, lint.Finding{
				Check: "unused-selection", Path: fmt.Sprintf("rules/%d.yml", i), State: lint.Fixed,
				Message: "selection is not used\nerror: made up",
			})
		}
		var b bytes.Buffer
		if err := Text(&b, r, Options{}); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.SplitSeq(b.String(), "\n") {
			if strings.HasPrefix(line, "  fixed ") || strings.HasPrefix(line, "  and ") {
				lines = append(lines, line)
			} else if strings.HasPrefix(line, "error") {
				t.Errorf("a message made a line of its own: %q", line)
			}
		}
		return strings.Join(lines, "\n")
	}
	if got := fixed(0); got != "" {
		t.Errorf("nothing was fixed, found %q", got)
	}
	line := func(i int) string {
		return fmt.Sprintf("  fixed rules/%d.yml: %s [unused-selection]", i, visible("selection is not used\nerror: made up"))
	}
	if got := fixed(1); got != line(0) {
		t.Errorf("found %q, expected %q", got, line(0))
	}
	want := strings.Join([]string{line(0), line(1), line(2), line(3), line(4), "  and 3 more fixed; --report changed lists all"}, "\n")
	if got := fixed(8); got != want {
		t.Errorf("found\n%s\nexpected\n%s", got, want)
	}
}
