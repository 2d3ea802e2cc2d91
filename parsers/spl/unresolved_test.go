package spl

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query/querytest"
)

// TestUnresolved: what cannot be looked into is named, and gives no predicate.
func TestUnresolved(t *testing.T) {
	for _, tt := range []struct{ in, condition, unresolved string }{
		{`| savedsearch "My Search" | search a=1`, `a eq 1`, `savedsearch:My Search`},
		{`| loadjob savedsearch="a:b:c" | where a=1`, `a eq 1`, `command:loadjob`},
		{`| script python x | search a=1`, `a eq 1`, `command:script`},
		{`| dbxquery query="select 1" connection="c" | search a=1`, `a eq 1`, `command:dbxquery`},
		{`| from savedsearch:"My Search" | search a=1`, `a eq 1`, `savedsearch:My Search`},
		{`| from lookup:geo | search a=1`, `a eq 1`, `lookup:geo`},
		{`| from datamodel:E.P | search a=1`, `a eq 1`, ``},
		{`a=1 | map savedsearch_name=other`, `a eq 1`, `savedsearch:other`},
		{`| union a, [search b=1]`, `or(branch(and()), branch(b eq 1))`, `dataset:a`},
		{`| union maxtime=5 datamodel:E.P [search b=1]`, `or(branch(and()), branch(b eq 1))`, ``},
		{`a=1 | join pid datamodel:X.Y`, `a eq 1`, ``},
		{`a=1 | join pid datamodel:"X.Y" | search c=1`, `and(a eq 1, c eq 1)`, ``},
		{`a=1 | join left=L right=R where L.pid=R.pid vendors`, `a eq 1`, `dataset:vendors`},
		{"a=1 | foreach * [eval <<FIELD>>=`unknown`]", `a eq 1`, `macro:unknown`},
		{`a=1 | join pid lookup:w`, `a eq 1`, `lookup:w`},
		{"a=1 | where `unknown`(x)", `a eq 1`, `macro:unknown`},
		{"a=1 | where b=2 AND `unknown`(x, y)=1", `and(a eq 1, b eq 2)`, `macro:unknown`},
		{"a=1 `raw(a|b)` c=2", `and(a eq 1, c eq 2)`, `macro:raw`},
		{`a=1 | where [search b=2 | return u]`, `and(a eq 1, branch(b eq 2))`, ``},
		{`a=1 | where x>[search b=2 | return $u]`, `a eq 1`, `subsearch:where`},
		{`a=1 | eval x=[search b=2 | return $u], y=2`, `a eq 1`, ``},
		{"a=1 | where x=`unknown`", `a eq 1`, `macro:unknown`},
		{"a=1 | where x IN (`unknown`, 2)", `and(a eq 1, x eq 2)`, `macro:unknown`},
		{"a=1 | where len(`unknown`)>3 OR match(x, `other`)", `a eq 1`, `macro:unknown macro:other`},
		{"a=1 | stats `unknown` by b", `a eq 1`, `macro:unknown`},
		{"a=1 | eval x=`unknown`", `a eq 1`, `macro:unknown`},
		{"a=1 | rename `unknown`", `a eq 1`, `macro:unknown`},
		{"a=1 | fields x, `unknown`", `a eq 1`, `macro:unknown`},
		{"a=1 | lookup `unknown` b", `a eq 1`, `macro:unknown`},
		{"a=1 | table x `mine_filter`", `a eq 1`, ``},
		{`a=1 | map [search b=$c$]`, `and(a eq 1, branch(b fieldeq c))`, ``},
		{`a=1 | map search="search b=$c$"`, `and(a eq 1, branch(b fieldeq c))`, ``},
		{"`ends(end=x, field=y)`", `y endswith x`, ``},
		{"`ends(y=x, z)`", `y wildcard x=*z`, ``},
		{`x | where a=1 XOR b=2 OR c=3`, `and(* match x, or(and(a eq 1, not(or(b eq 2, c eq 3))), and(not(a eq 1), or(b eq 2, c eq 3))))`, ``},
	} {
		q, problems := Parse(tt.in, known)
		for _, p := range problems {
			t.Errorf("%s: %s", tt.in, p.Message)
		}
		c, unresolved := q.Condition()
		if got := querytest.Show(c); got != tt.condition {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.condition)
		}
		if got := strings.Join(unresolved, " "); got != tt.unresolved {
			t.Errorf("%s: unresolved %q, want %q", tt.in, got, tt.unresolved)
		}
	}
}

// TestUnknownMacrosOpenColumns: a macro may make any column.
func TestUnknownMacrosOpenColumns(t *testing.T) {
	for in, open := range map[string]bool{
		"a=1 | stats count by b":               false,
		"a=1 | stats count `unknown` by b":     true,
		"a=1 | table b | eval x=`unknown`":     true,
		"a=1 | table b | lookup `unknown` b":   true,
		"a=1 | table b | search c=`unknown`":   false,
		"a=1 | table b | rename b as c":        false,
		"a=1 | table b | rename `unknown`":     true,
		"a=1 | table b, `unknown`":             true,
		"a=1 | table b | where `unknown`":      false,
		"a=1 | table b | eval c=`mine_filter`": false,
	} {
		if q, _ := Parse(in, known); q.Open != open {
			t.Errorf("%s: open %t", in, q.Open)
		}
	}
}

// TestManyXORs: each XOR has both its sides twice; a long chain is not followed
// to its end.
func TestManyXORs(t *testing.T) {
	size := func(n int) int {
		q, problems := Parse("x | where a0=1"+strings.Repeat(" XOR a=1", n), nil)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		c, unresolved := q.Condition()
		if got := strings.Join(unresolved, " "); n > 100 && got != "operator:xor limit:xor" && got != "limit:xor operator:xor" && got != "limit:xor" {
			t.Errorf("unresolved %q", got)
		}
		return len(querytest.Show(c))
	}
	if small, large := size(20), size(2000); large > 2*small {
		t.Errorf("20 XORs make %d bytes, 2000 make %d", small, large)
	}
}
