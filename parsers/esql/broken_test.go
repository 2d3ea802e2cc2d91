package esql

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query/querytest"
)

func TestBroken(t *testing.T) {
	for _, c := range querytest.Broken(t, "testdata/broken.txtar") {
		t.Run(c.Name, func(t *testing.T) {
			_, problems := Parse(c.Query)
			if len(problems) == 0 {
				t.Fatalf("%s\nno problem, expected %q", c.Query, c.Message)
			}
			p := problems[0]
			if p.Span != c.Span {
				t.Errorf("%s\nis at %v %q, expected %v %q", p.Message, p.Span, c.Query[p.Span.Start:p.Span.End],
					c.Span, c.Query[c.Span.Start:c.Span.End])
			}
			if !strings.Contains(p.Message, c.Message) {
				t.Errorf("got %s, expected %s", p.Message, c.Message)
			}
			if p.Warning != c.Warning {
				t.Errorf("warning: %t, expected %t", p.Warning, c.Warning)
			}
			if len(problems) > 1 {
				t.Errorf("more than one problem: %v", problems[1:])
			}
		})
	}
}
