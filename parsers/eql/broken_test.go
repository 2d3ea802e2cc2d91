package eql

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query/querytest"
)

// TestBroken: the first thing said of a broken query is its mistake, at its
// place.
func TestBroken(t *testing.T) {
	for _, tt := range querytest.Broken(t, "testdata/broken.txtar") {
		t.Run(tt.Name, func(t *testing.T) {
			_, problems := Parse(tt.Query)
			if len(problems) == 0 {
				t.Fatal("nothing is said")
			}
			got := problems[0]
			if got.Span != tt.Span || !strings.Contains(got.Message, tt.Message) || got.Warning != tt.Warning {
				t.Errorf("at %d-%d %q (warning: %t): %s\nwant at %d-%d %q: …%s…", got.Span.Start, got.Span.End,
					tt.Query[got.Span.Start:got.Span.End], got.Warning, got.Message, tt.Span.Start, tt.Span.End, tt.Query[tt.Span.Start:tt.Span.End], tt.Message)
			}
			if len(problems) > 1 {
				t.Errorf("a second problem for one mistake: %s", problems[1].Message)
			}
		})
	}
}
