package spl

import (
	"strings"
	"testing"
)

func TestFrame(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`a=1 b=2`, ``},
		{`a=1 | where b=2 | table a`, ``},
		{`a=1 | stats   count  by  b , c | where count>5`, `| where; | stats count by b c`},
		{`a=1 | eval x = "y  z" | where x=1 | eval w=1`, `| eval x="y  z"`},
		{`a=1 | stats count by b | sort - count | table b`, `| where; | stats count by b; | sort - count`},
		{`a=1 | table b | sort b`, ``},
		{"a=1 | stats count by b | `mine_filter`", `| where; | stats count by b`},
		{"a=1 | `gone(x)` | stats count", "| where; | `gone(x)`; | stats count"},
		{`| tstats count from datamodel=E.P where P.a=1 earliest=-1h by P.b | search c=1`, `| tstats count from datamodel=E.P where by P.b; earliest=-1h`},
		{`a=1 | join k [search b=1 | stats count by c] | where d=1`, `| where; | join k; [; | where; | stats count by c; ]`},
		{`a=1 NOT [| inputlookup x where y=1 | fields z]`, `[; | inputlookup x where; | fields z; ]`},
		{`a=1 | foreach * [eval <<FIELD>>=lower('<<FIELD>>')] | where b=1`, `| where; | foreach *; [; | eval <<FIELD>>=lower('<<FIELD>>'); ]`},
		{"a=1 | `enrich` | search x=1", `| where; | lookup known user OUTPUT known`},
	} {
		q, _ := Parse(tt.in, known)
		if got := strings.Join(q.Frame(), "; "); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// TestFramesOfOneMeaning: the layout and the filters of a search are not in its
// frame.
func TestFramesOfOneMeaning(t *testing.T) {
	for _, pair := range [][2]string{
		{`a=1 | stats count by b | where count>5`, "a=2 c=3\n| stats count\n  by b\n| where count > 7"},
		{`| tstats count from datamodel=E.P where P.a=1 by P.b`, `| tstats count from datamodel=E.P where P.a IN (1, 2) NOT P.c=3 by P.b`},
		{`a=1 | join k [search b=1] | where c=1`, `a=1 | join k [ search b=2 ] | where c=2`},
	} {
		first, _ := Parse(pair[0], nil)
		second, _ := Parse(pair[1], nil)
		if a, b := strings.Join(first.Frame(), "; "), strings.Join(second.Frame(), "; "); a != b {
			t.Errorf("%q and %q", a, b)
		}
	}
}
