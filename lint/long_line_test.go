package lint

import (
	"runtime"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// TestLongLine: what findings on one long line cost grows with their number,
// not with its square.
func TestLongLine(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(strings.TrimSpace(exported), `"description":"A test.",`, "", 1)
	cost := func(rules int) (bytes uint64) {
		f := parsers.Parse("e.json", []byte("["+strings.Repeat(broken+",", rules-1)+broken+"]"), nil)
		normalized := normalize.Normalized(f.Rules)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		findings := l.File(f, normalized)
		runtime.ReadMemStats(&after)
		if len(f.Rules) != rules || len(findings) < rules {
			t.Fatalf("%d rules, %d findings", len(f.Rules), len(findings))
		}
		for _, finding := range findings {
			if len(finding.Snippet) > 2*(snippetBefore+snippetAfter) || finding.Range.Start.Column > 1 && finding.Snippet == "" {
				t.Fatalf("snippet %q", finding.Snippet)
			}
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	cost(100) // tables are made when first asked for
	if few, many := cost(100), cost(800); many > 2*8*few {
		t.Errorf("100 rules take %d bytes, 800 take %d", few, many)
	}
}
