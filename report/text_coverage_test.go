package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/coverage"
)

// TestCoverageTextOrder: what changed and the gates stand before the survey,
// whose lists are bounded, and are summed up again below a long one.
func TestCoverageTextOrder(t *testing.T) {
	r := sample()
	c := r.Coverage
	c.Gates = []coverage.Gate{{Name: "min-techniques", Message: "5 techniques are covered, at least 9 must be"}}
	gap := c.Gaps[0]
	c.Gaps = nil
	for i := range 40 {
		gap.ID = fmt.Sprintf("T%d", 3000+i)
		c.Gaps = append(c.Gaps, gap)
	}
	untagged := c.After.UntaggedRules[0]
	c.After.UntaggedRules = nil
	for range 30 {
		c.After.UntaggedRules = append(c.After.UntaggedRules, untagged)
	}
	var b bytes.Buffer
	if err := CoverageText(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	at := 0
	for _, want := range []string{
		"coverage +2 −1 techniques, ", "  lost ", "  gained ", "  weakened ", "failed min-techniques: 5 techniques", "\n\n",
		"technique  name", "\nresting on one event", "\nrules without technique", "and 20 more; --format json lists all",
		"\ngaps", "and 25 more; --format json lists all", "\ncoverage +2 −1 techniques, ", "1 gate failed, see the top\n", "rules in use cover",
	} {
		i := strings.Index(out[at:], want)
		if i < 0 {
			t.Fatalf("%q is missing or out of order:\n%s", want, out)
		}
		at += i + len(want)
	}
}
