package spl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

// TestComputedColumns: what a command computes is no stored field.
func TestComputedColumns(t *testing.T) {
	for in, derived := range map[string]bool{
		`a=1 | strcat b "-" c x | search x=1`:                          true,
		`a=1 | strcat allrequired=f x "-" c d | search x=1`:            false,
		`a=1 | convert ctime(b) AS x | search x=1`:                     true,
		`a=1 | convert timeformat="%F" ctime(x) ctime(y) | search x=1`: true,
		`a=1 | convert ctime(x) AS y | search x=1`:                     false,
		`a=1 | rangemap field=x low=1-2 | search range=low`:            true,
		`a=1 | accum b AS x | search x=1`:                              true,
		`a=1 | accum x | search x=1`:                                   true,
		`a=1 | delta b AS x p=2 | search x=1`:                          true,
		`a=1 | autoregress b AS x p=1 | search x=1`:                    true,
		`a=1 | autoregress b | search b_p1=1`:                          true,
		`a=1 | autoregress b p=1-5 | search b_p3=1`:                    true,
		`a=1 | autoregress b p=1-5 | search b_p6=1`:                    false,
		`a=1 | rex mode=sed field=x "s/a/b/g" | search x=1`:            true,
		`a=1 | rex field=x "s/a/b/g" | search x=1`:                     false,
		`a=1 | replace "a" WITH "b" IN x, y | search x=1`:              true,
		`a=1 | replace x WITH "b" IN y | search x=1`:                   false,
		`a=1 | iplocation prefix=p_ b | search p_Country=x`:            true,
		`a=1 | chart count over b by c | search x=1`:                   true,
		`a=1 | chart count over x by c | search x=1`:                   false,
		`a=1 | timechart count by c | search x=1`:                      true,
	} {
		q, problems := Parse(in, nil)
		for _, p := range problems {
			t.Errorf("%s: %s", in, p.Message)
		}
		c, _ := q.Condition()
		parts := c.(*rule.And).Children
		if last := parts[len(parts)-1].(*rule.Predicate); last.Derived != derived {
			t.Errorf("%s: derived %t", in, last.Derived)
		}
	}
}

// TestManyColumns: commands that look at all columns do so a bounded number of
// times.
func TestManyColumns(t *testing.T) {
	var columns strings.Builder
	for i := range maxColumns {
		fmt.Fprintf(&columns, "| eval b%d=1 ", i)
	}
	for _, command := range []string{"|fields *", "|rename b* as c*|rename c* as b*", "|stats values(*) as *", "|table b* c*"} {
		q, _ := Parse("a=1 "+columns.String()+strings.Repeat(command, 100_000/len(command)), nil)
		b := newBuilder(q)
		b.pipeline(q.root, newColumns())
		if b.looked > maxLooks+3*maxColumns+200_000 {
			t.Errorf("%s: %d columns looked at", command, b.looked)
		}
		if !b.seen["limit:columns"] || !q.Open {
			t.Errorf("%s: %v, open %t", command, b.unresolved, q.Open)
		}
	}
}
