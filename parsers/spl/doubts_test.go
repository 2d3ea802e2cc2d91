package spl

import (
	"fmt"
	"strings"
	"testing"
)

func TestDoubts(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`a=1 b="x y" c IN ("a", "b") NOT d="*e*"`, ``},
		{`a IN ("x". "y")`, `1 . after "x"`},
		{`a IN (""*x*"")`, `1 *x* after ""`},
		{`a IN ("x" "y", z)`, ``},
		{`a=""*x*""`, `1 *x* after ""`},
		{`a="x"b="y"`, ``},
		{`a="x"OR b=2`, ``},
		{`path=*Program\ Files* x=1`, `2 *Program\`},
		{`path=C:\dir\ x=1`, ``},
		{`path=C:\\dir\\ word`, ``},
		{`path="C:\dir\\" word`, ``},
		{`a=1 or b=2`, `3 or`},
		{`a=1 and (b=2 or c=3)`, `3 and;3 or`},
		{`a=1 not b=2`, `3 not`},
		{`or`, ``},
		{`a=1 "or" b=2`, ``},
		{`a=1 | where b>2 and c<3 or d=1`, ``},
		{`word a=1 | stats count by b | search word`, `4 word`},
		{`a=1 | stats count by b | search b=2 OR "two words"`, `4 "two words"`},
		{`a=1 | stats count by b | search *`, ``},
		{`a=1 | stats values(_raw) as _raw by b | search word`, ``},
		{`a=1 | stats count by b | eval _raw=b | search word`, ``},
		{`a=1 | eventstats count | search word`, ``},
		{`a=1 | table b | search word`, ``},
		{`| tstats count where index=x word by b`, ``},
		{`a=1 | stats count by b | append [search word | stats count by b] | search b=1`, ``},
		{`a=1 | stats count by b | search b=1 [search word]`, ``},
		{"a=\"x`m`y\"", "5 m"},
		{"| where a>relative_time(now(), \"`m(1, 2)`\")", "5 m"},
		{"a=\"`\" b=\"`\"", ""},
		{"a=1 | map search=\"search `m`\"", ""},
		{"`m(\"x\")` ```\"`m`\"``` a=1", ""},
		{"`m` a=1", ""},
	} {
		q, problems := Parse(tt.in, nil)
		if len(problems) > 0 {
			t.Errorf("%s: %v", tt.in, problems)
		}
		var got []string
		for _, d := range q.Doubts() {
			s := fmt.Sprint(d.Kind, " ", d.Text)
			if d.Before != "" {
				s += " after " + d.Before
			}
			if text := tt.in[d.Span.Start:d.Span.End]; !strings.Contains(text, d.Text) {
				t.Errorf("%s: the place of %q is %q", tt.in, d.Text, text)
			}
			got = append(got, s)
		}
		if s := strings.Join(got, ";"); s != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, s, tt.want)
		}
	}
}

// TestDoubtsOfMacros: what a macro stands for is not the text of the search.
func TestDoubtsOfMacros(t *testing.T) {
	macros := func(string, int) (Macro, bool) {
		return Macro{Definition: `a IN ("x". "y") or b=1 | stats count | search word`}, true
	}
	q, _ := Parse("`m`", macros)
	if got := q.Doubts(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestCertain(t *testing.T) {
	for _, tt := range []struct {
		in, columns string
		certain     bool
	}{
		{`a=1`, ``, false},
		{`a=1 | stats count by b`, `b,count`, true},
		{`| tstats count from datamodel=M by M.a | rename M.* as *`, `count,a`, true},
		{`a=1 | table a b`, `a,b`, true},
		{`a=1 | table a b*`, ``, false},
		{`a=1 | stats count by b | eval c=1 | rex field=b "(?<d>x)"`, `b,count,c,d`, true},
		{`a=1 | stats count by b | eval {b}=1`, ``, false},
		{`a=1 | stats count by b | fields - count`, `b`, true},
		{`a=1 | stats count by b | lookup l x as b OUTPUT y`, `b,count,y`, true},
		{`a=1 | stats count by b | lookup l x as b`, ``, false},
		{`a=1 | stats count by b | spath`, ``, false},
		{`a=1 | stats count by b | xmlkv`, ``, false},
		{"a=1 | stats count by b | `other`", ``, false},
		{"a=1 | stats count by b | `own_filter`", `b,count`, true},
		{`a=1 | stats values(*) as * by b`, ``, false},
		{`a=1 | chart count over a by b`, ``, false},
		{`a=1 | timechart count by b`, ``, false},
		{`a=1 | stats count by b | join b [search c=1 | stats count as n by b]`, `b,count,n`, true},
		{`a=1 | stats count by b | join b [search c=1]`, ``, false},
		{`a=1 | stats count by b | inputlookup append=true l`, ``, false},
		{`a=1 | stats count by b | eventstats sum(count) as all`, `b,count,all`, true},
		{`| from datamodel M.D`, ``, false},
		{`a=1 | stats count by b | foreach * [eval <<FIELD>>_x=1]`, ``, false},
	} {
		q, problems := Parse(tt.in, nil)
		if len(problems) > 0 {
			t.Errorf("%s: %v", tt.in, problems)
		}
		_, certain := q.Certain()
		columns := strings.Join(q.Columns, ",")
		if certain != tt.certain || certain && columns != tt.columns {
			t.Errorf("%s\n got %s %t\nwant %s %t", tt.in, columns, certain, tt.columns, tt.certain)
		}
	}
	q, _ := Parse(`a=1 | stats count by b | fillnull value=x c | convert ctime(b) as d`, nil)
	if mentioned, certain := q.Certain(); !certain || !strings.Contains(strings.Join(mentioned, " "), " c ") || !strings.HasSuffix(strings.Join(mentioned, " "), " d") {
		t.Errorf("%v %t", mentioned, certain)
	}
}
