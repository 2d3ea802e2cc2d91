package meaning

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestKusto compares queries, of which a change outside of the condition is
// never called none.
func TestKusto(t *testing.T) {
	for _, c := range []struct {
		before, after string
		verdict       Verdict
	}{
		{`T | where A == "x"`, `T | where A in ("x", "y")`, Wider},
		{`T | where A == "x" | extend N = strlen(A)`, `T | where A == "x" | extend N = strlen(B)`, Same},
		{`T | where A == "x" | summarize n = count() by B | where n > 5`, `T | where A == "x" and C == "y" | summarize n = count() by B | where n > 5`, Narrower},
		{`T | where A == "x" | join kind=inner (U | where B == "y") on K`, `T | where A == "x" and C == "z" | join kind=inner (U | where B == "y") on K`, Narrower},
		{`T | where A == "x" | join kind=inner (U | where B == "y") on K`, `T | where A == "x" | join kind=leftanti (U | where B == "y") on K`, Unknown},
		{`T | where A == "x" | join kind=leftanti (U | where B == "y") on K`, `T | where A == "x" | join kind=leftanti (U | where B == "z") on K`, Unknown},
		{`T | join kind=leftouter (U | where B == "y") on K | where isempty(C)`, `T | join kind=leftouter (U | where B == "z") on K | where isempty(C)`, Unknown},
		{`T | where A == "x" and K !in ((U | where B == "y"))`, `T | where A == "x" and K !in ((U | where B == "z"))`, Unknown},
		{`T | where A == "x" | where K !in ((U | where B == "y"))`, `T | where A in ("x", "w") | where K !in ((U | where B == "y"))`, Wider},
		// The tables are a part of what a query finds.
		{`T | where A == "x"`, `U | where A == "x"`, Both},
		{`union T, U | where A == "x"`, `T | where A == "x"`, Narrower},
		{`union Device* | where A == "x"`, `DeviceEvents | where A == "x"`, Narrower},
		{`union T, U | where A == "x"`, `union U, T | where A == "x"`, Same},
		{`T | where A == "x" | join kind=inner (U | where B == "y") on K`, `T | where A == "x" | join kind=inner (V | where B == "y") on K`, Unknown},
		// A name for rows makes no difference.
		{`T | where A == "x" | as q | where B == "y"`, `T | where A == "x" and B == "y"`, Same},
		{`let q = T | where A == "x"; q | where B == "y"`, `T | where A == "x" and B == "y"`, Same},
		{`let q = T | where A == "x"; q | where B == "y"`, `T | where A == "x" and B in ("y", "z")`, Wider},
		{`let q = T | where A == "x"; q | where B == "y" | join kind=inner (U | where C == "z") on K`, `T | where A == "x" and B == "y" | join kind=inner (U | where C == "z") on K`, Unknown},
		{`T | where A == "x" | where K in ((U | where B == "y" | project K))`, `T | where A == "x" and B == "y"`, Both},
	} {
		before, after := one(t, "r.kql", c.before), one(t, "r.kql", c.after)
		if got := Compare(before, after); got.Verdict != c.verdict {
			t.Errorf("%s\n%s\n%s, expected %s", c.before, c.after, got.Verdict, c.verdict)
		}
	}
}

// TestKustoJoinedWithItself has rows that are joined with themselves again and
// again, so that there are more events to tell apart than can be.
func TestKustoJoinedWithItself(t *testing.T) {
	query := func(value string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "let a0 = T | where A == %q;\n", value)
		for i := range 40 {
			fmt.Fprintf(&b, "let a%d = a%d | join kind=inner (a%d) on K;\n", i+1, i, i)
		}
		return b.String() + "a40 | where B == 'y'"
	}
	start := time.Now()
	if got := Compare(one(t, "r.kql", query("x")), one(t, "r.kql", query("z"))); got.Verdict != Unknown || got.Reason != tooLarge {
		t.Errorf("%s (%s), expected to be too large", got.Verdict, got.Reason)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("comparing took %s", took)
	}
}
