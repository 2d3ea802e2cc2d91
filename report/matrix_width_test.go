package report

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/detlint/detlint/attack"
)

// TestMatrixFits: all tactics of a matrix stand side by side in a window of 1,400
// pixels.
func TestMatrixFits(t *testing.T) {
	const window, margins, rem = 1400, 32, 16
	css, err := os.ReadFile("templates/report.css")
	if err != nil {
		t.Fatal(err)
	}
	number := func(pattern string) float64 {
		m := regexp.MustCompile(pattern).FindSubmatch(css)
		if m == nil {
			t.Fatalf("the style sheet has no %s", pattern)
		}
		n, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	tactics := float64(len(attack.Default().Tactics(attack.Enterprise)))
	width := tactics*number(`\.tactic \{ flex: 1 0 ([\d.]+)rem`)*rem + (tactics-1)*number(`(?s)\.matrix \{[^}]*gap: (\d+)px`)
	if tactics < 10 || width > window-margins {
		t.Errorf("%v tactics are %v pixels wide", tactics, width)
	}
}
