package spl

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

// shapes are searches and the trees of their conditions.
var shapes = []struct{ in, want string }{
	{`a=1 OR b=2 c=3`, `and(or(a eq 1, b eq 2), c eq 3)`},
	{`a=1 b=2 OR c=3 AND d=4`, `and(a eq 1, or(b eq 2, c eq 3), d eq 4)`},
	{`NOT a=1 OR b=2`, `or(not(a eq 1), b eq 2)`},
	{`NOT (a=1 OR b=2)`, `not(or(a eq 1, b eq 2))`},
	{`NOT NOT a=1`, `not(not(a eq 1))`},
	{`NOT a IN (1, 2)`, `not(or(a eq 1, a eq 2))`},
	{`a!=1 OR b!=2`, `or(not(a eq 1), not(b eq 2))`},
	{`(a=1 (b=2 OR c=3))`, `and(a eq 1, or(b eq 2, c eq 3))`},
	{`a=1 NOT ` + "`flat`", `and(a eq 1, or(not(name eq a), name eq b))`},
	{`a=1 NOT (` + "`flat`)", `and(a eq 1, not(or(name eq a, name eq b)))`},
	{`a=1 AND ` + "`shells`" + ` OR b=2`, `and(a eq 1, or(or(name eq cmd.exe, name eq pwsh.exe), b eq 2))`},
	{`a=1 OR *`, `or(a eq 1, and())`},
	{`a=1 (b!=2 OR ` + "`elsewhere`" + `)`, `and(a eq 1, or(not(b eq 2), and()))`},
	{`a=1 * earliest=-1h`, `a eq 1`},
	{`a=1 | where b!=2 OR 1=1`, `and(a eq 1, or(not(b eq 2), and()))`},
	{`x | where a=1 or b=2 and c=3`, `and(* match x, or(a eq 1, and(b eq 2, c eq 3)))`},
	{`x | where not a=1 and b=2`, `and(* match x, not(a eq 1), b eq 2)`},
	{`x | where a=1 and b=2 and c=3`, `and(* match x, a eq 1, b eq 2, c eq 3)`},
	{`x | where a=1 xor b=2`, `and(* match x, or(and(a eq 1, not(b eq 2)), and(not(a eq 1), b eq 2)))`},
	{`x | where a=1 | search b=2 OR c=3`, `and(* match x, a eq 1, or(b eq 2, c eq 3))`},
	{`a=1 [search b=2 c=3]`, `and(a eq 1, branch(and(b eq 2, c eq 3)))`},
	{`a=1 NOT [search b=2]`, `and(a eq 1, or(not(branch(b eq 2)), or()))`},
	{`a=1 | join k [search b=2]`, `and(a eq 1, branch(b eq 2))`},
	{`a=1 | join type=left k [search b=2]`, `and(a eq 1, or(branch(b eq 2), branch(and())))`},
	{`a=1 | append [search b=2] | search c=3`, `and(or(branch(a eq 1), branch(b eq 2)), c eq 3)`},
	{`| union [search a=1] [search b=2]`, `or(branch(a eq 1), branch(b eq 2))`},
	{`| tstats count from datamodel=W where a=1 OR b=2 c=3 by d`, `and(or(a eq 1, b eq 2), c eq 3)`},
}

func TestShapes(t *testing.T) {
	for _, tt := range shapes {
		q, problems := Parse(tt.in, known)
		for _, p := range problems {
			t.Errorf("%s: %s", tt.in, p.Message)
		}
		c, _ := q.Condition()
		if got := querytest.Show(c); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
		again, _ := q.Condition()
		if querytest.Show(again) != tt.want {
			t.Errorf("%s: asked twice, the condition is another one", tt.in)
		}
	}
}

func TestStateful(t *testing.T) {
	for in, want := range map[string]bool{
		`a=1 | stats count by user`:                                                                 false,
		`a=1 | stats count by user | where count > 5`:                                               true,
		`a=1 | stats count by user | search count >= 1`:                                             false,
		`a=1 | stats count by user | where count > 0`:                                               false,
		`a=1 | stats dc(dest) as d by user | search d>=3`:                                           true,
		`a=1 | stats count as n | eval spike=if(n>3,1,0) | where spike=1`:                           true,
		`a=1 | stats min(_time) as t by user | where t > relative_time(now(), "-1h")`:               false,
		`a=1 | stats count values(b) as b by user | where b="x"`:                                    false,
		`a=1 | stats count as n avg(c) as m | where n > m`:                                          true,
		`a=1 | eventstats count as n by user | where n<3`:                                           false,
		`a=1 | streamstats count as n by user | rename n as m | where m=7`:                          true,
		`a=1 | transaction user maxspan=5m`:                                                         true,
		`a=1 | join user [search b=2]`:                                                              true,
		`a=1 | join type=outer user [search b=2]`:                                                   false,
		`a=1 | stats values(u) as u by s | where mvcount(u)>5`:                                      true,
		`a=1 | stats values(u) as u by s | where mvcount(u)>0`:                                      false,
		`a=1 | stats values(u) as u by s | eval n=mvcount(u) | where n>5`:                           true,
		`a=1 | where mvcount(u)>5`:                                                                  false,
		`a=1 | streamstats current=f last(x) as before | where x!=before`:                           true,
		`a=1 | delta x as d | where d>y`:                                                            true,
		`a=1 | autoregress x as d | where x>d`:                                                      true,
		`a=1 | timechart count by host | where web1>5`:                                              true,
		`a=1 | timechart count by host`:                                                             false,
		`a=1 | lookup known user OUTPUT n | where n > 5`:                                            false,
		`a=1 | eval n=len(b) | where n > 5`:                                                         false,
		`| tstats count min(_time) as f from datamodel=W by x | drop | where isnull(y) AND count=1`: false,
	} {
		if q, _ := Parse(in, nil); q.Stateful != want {
			t.Errorf("%s: stateful is %t", in, q.Stateful)
		}
	}
}

func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want string
		open bool
	}{
		{`index=a | eval b=1`, "b", true},
		{`index=a | stats count values(b) as c dc(d) by e, "f g"`, "e,f g,count,c,dc(d)", false},
		{`index=a | stats values(*) as * by e`, "e", true},
		{`index=a | stats count by e | rename e as f | eval g=1 | lookup l f OUTPUT h, i as j`, "count,f,g,h,j", false},
		{`index=a | table b c, "d e" | fields - c`, "b,d e", false},
		{`index=a | fields b* c`, "c", true},
		{`| tstats count from datamodel=M by M.b M.c | rename M.* as *`, "count,b,c", false},
		{`index=a | rex "(?<b>x)(?P<c>y)" | iplocation d`, "b,c,Country,City,Region,lat,lon", true},
		{`index=a | top limit=5 b by c`, "b,c,count,percent", false},
		{`index=a | stats count by b | mystery`, "b,count", true},
		{`index=a | stats count by b | ` + "`any_filter`", "b,count", false},
		{`index=a | stats count by b | append [search c | stats max(d) as e]`, "b,count,e", false},
		{`index=a | chart count over b by c`, "b", true},
		{`index=a | chart count over b`, "b,count", false},
		{`index=a | timechart count by b`, "", true},
		{`index=a | timechart count`, "_time,count", false},
		{`index=a | table b | spath`, "b", true},
		{`index=a | table b | spath output=c path=d`, "b,c", false},
		{`index=a | table b | extract`, "b", true},
		{`index=a | table b | kv`, "b", true},
		{`index=a | table b c | xyseries b c d`, "", true},
		{`index=a | table b | transpose`, "", true},
		{`index=a | table b c d | untable b c d`, "", true},
		{`index=a | table b | predict b`, "b", true},
		{`index=a | table b | inputlookup append=t c`, "b", true},
		{`index=a | table b | lookup c b`, "b", true},
		{`index=a | table b | lookup c b OUTPUT d`, "b,d", false},
		{`index=a | table b | eval {b}=1`, "b", true},
		{`index=a | table b | eval c{}.d=1`, "b,c{}.d", false},
		{`index=a | table b | tags`, "b", true},
		{`index=a | table b | xpath outfield=c "//d"`, "b", true},
		{`index=a | table b | erex c examples="d"`, "b", true},
		{`index=a | table b | dedup b | sort - b | head 5 | fillnull value=0 b`, "b", false},
		{`index=a | table b c | strcat b "-" c d`, "b,c,d", false},
		{`index=a | table b | convert ctime(b) as c`, "b,c", false},
		{`index=a | table b | accum b as c | delta b as d | rangemap field=b low=1-2`, "b,c,d,range", false},
		{`index=a | table b | iplocation prefix=x_ b`, "b,x_Country,x_City,x_Region,x_lat,x_lon", false},
		{`| tstats count from datamodel = M by M.b span = 1h`, "M.b,count", false},
		{`index=a | bin _time as t span=1h | stats count by t`, "t,count", false},
	} {
		q, problems := Parse(tt.in, nil)
		for _, p := range problems {
			t.Errorf("%s: %s", tt.in, p.Message)
		}
		if got := strings.Join(q.Columns, ","); got != tt.want || q.Open != tt.open {
			t.Errorf("%s\n got %s %t\nwant %s %t", tt.in, got, q.Open, tt.want, tt.open)
		}
	}
}

func TestOutline(t *testing.T) {
	text := "`feed` user=a | lookup update=true known.csv u AS user, \"v w\" OUTPUTNEW x AS y z" +
		" | join k [| tstats count from datamodel=Web.Web by Web.k] | inputlookup append=t other | `enrich` | `gone(1, \"a,b\")` | Frobnicate x | `a_filter`" +
		" | map search=\"| from datamodel:Risk | search `cleared`\""
	q, problems := Parse(text, known)
	if len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	var commands []string
	for _, c := range q.Commands {
		word := c.Name
		if c.Nested {
			word = "nested " + word
		}
		if c.Macro != "" {
			word += " of " + c.Macro
		}
		if !c.Known {
			word += "?"
		}
		commands = append(commands, word)
	}
	if diff := cmp.Diff([]string{
		"search of feed", "lookup", "join", "nested tstats", "inputlookup", "lookup of enrich", "where of enrich", "frobnicate?",
		"map", "nested from", "nested search",
	}, commands); diff != "" {
		t.Errorf("commands: %s", diff)
	}
	var macros []string
	for _, m := range q.Macros {
		macros = append(macros, fmt.Sprintf("%s %q %t %t %s @%s", m.Name, m.Arguments, m.Known, m.Neutral, m.File, text[m.Span.Start:m.Span.End]))
	}
	if diff := cmp.Diff([]string{
		"feed [] true false macros/feed.yml @`feed`", "enrich [] true false macros/enrich.yml @`enrich`",
		"gone [\"1\" \"a,b\"] false false  @`gone(1, \"a,b\")`", "a_filter [] false true  @`a_filter`",
		"cleared [] true false macros/cleared.yml @`cleared`",
	}, macros); diff != "" {
		t.Errorf("macros: %s", diff)
	}
	var lookups []string
	values := func(list []rule.Text) (out []string) {
		for _, t := range list {
			out = append(out, t.Value)
		}
		return out
	}
	for _, l := range q.Lookups {
		lookups = append(lookups, fmt.Sprintf("%s %s %v %v %v @%s", l.Command, l.Name.Value, values(l.Inputs), values(l.Fields), values(l.Outputs), text[l.Name.Span.Start:l.Name.Span.End]))
	}
	if diff := cmp.Diff([]string{
		"lookup known.csv [u v w] [user v w] [x z] @known.csv", "inputlookup other [] [] [] @other", "lookup known [user] [user] [known] @`enrich`",
	}, lookups); diff != "" {
		t.Errorf("lookups: %s", diff)
	}
	if got := values(q.DataModels); !slices.Equal(got, []string{"Web.Web", "Risk"}) {
		t.Errorf("data models %q", got)
	}
}

// TestPlaces: what a macro stands for is at its call, and what stands in a
// quoted search is there.
func TestPlaces(t *testing.T) {
	text := "``` é ``` `shells` user=\"a\\\"b\" NOT c=d | map search=\"search e=\\\"f\\\\\\\\g\\\" `feed`\""
	q, problems := Parse(text, known)
	if len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	c, _ := q.Condition()
	var got []string
	rule.Walk(c, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Predicate:
			got = append(got, c.Field.Value+" @"+text[c.Field.Span.Start:c.Field.Span.End]+" @"+text[c.Span.Start:c.Span.End])
		case *rule.Not:
			got = append(got, "not @"+text[c.Span.Start:c.Span.End])
		}
		return true
	})
	want := []string{
		"name @`shells` @`shells`", "name @`shells` @`shells`", `user @user @"a\"b"`, "not @NOT c=d", "c @c @d",
		`e @e @\"f\\\\g\"`, "sourcetype @`feed` @`feed`", "source @`feed` @`feed`",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// bomb has macros that grow without end.
func bomb(name string, _ int) (Macro, bool) {
	switch {
	case name == "wide":
		return Macro{Definition: strings.Repeat("`wide2` ", 1000)}, true
	case name == "wide2":
		return Macro{Definition: strings.Repeat("`empty` ", 1000)}, true
	case name == "empty":
		return Macro{}, true
	case name == "grow":
		return Macro{Definition: "`more($x$$x$$x$$x$)`", Arguments: []string{"x"}}, true
	case name == "more":
		return Macro{Definition: "`grow($y$)` `grow($y$)`", Arguments: []string{"y"}}, true
	case strings.HasPrefix(name, "deep"):
		return Macro{Definition: "`" + name + "x`"}, len(name) < 10_000
	}
	return Macro{}, false
}

// hostile are searches that would cost much, with what is said of them.
func hostile() map[string]struct{ text, message string } {
	var columns strings.Builder
	for i := range 35_000 {
		fmt.Fprintf(&columns, "|eventstats count as c%d", i)
	}
	return map[string]struct{ text, message string }{
		"long":             {strings.Repeat("a ", query.MaxSize), "search has 2097152 bytes, expected at most 1048576"},
		"parentheses":      {strings.Repeat("(", 100_000) + "a=1", "nested deeper than 200 levels"},
		"negations":        {strings.Repeat("NOT ", 100_000) + "a=1", "nested deeper than 200 levels"},
		"subsearches":      {strings.Repeat("[search ", 1000), "subsearches are nested deeper than 20 levels"},
		"calls":            {"a | where " + strings.Repeat("f(", 100_000), "nested deeper than 200 levels"},
		"signs":            {"a | where b=" + strings.Repeat("-", 100_000) + "1", "nested deeper than 200 levels"},
		"not not":          {"a | where " + strings.Repeat("not ", 100_000) + "b", "nested deeper than 200 levels"},
		"operators":        {"a | where b=1" + strings.Repeat("+1", 100_000), "the expression has more than 10000 operators"},
		"macros in macros": {"`deep`", `macro "deep" was not expanded`},
		"many macros":      {"`wide`", `macro "empty" was not expanded`},
		"growing macros":   {"`grow(aaaa)`", "calls itself"},
		"quoted searches":  {strings.Repeat(`a | map search="`, 4999), "never closed"},
		"joins":            {strings.Repeat("|join ", 150_000), "join has no subsearch"},
		"columns":          {"a" + columns.String() + "|(", "unexpected"},
		"backslashes":      {`a="` + strings.Repeat(`\\`, 250_000) + `" |(`, "unexpected"},
		"joined texts":     {`a | where b="a"` + strings.Repeat(`."`+strings.Repeat("x", 90)+`"`, 9_999) + " |(", "unexpected"},
		"appends":          {"a" + strings.Repeat("|append[a]|eval b=1", 50_000) + "|(", "unexpected"},
		"pipes":            {"a" + strings.Repeat("|", 50_000), "expected a command"},
	}
}

// TestBounds: of hostile searches it is said what was not read.
func TestBounds(t *testing.T) {
	for name, tt := range hostile() {
		q, problems := Parse(tt.text, bomb)
		q.Condition()
		if len(problems) == 0 || !strings.Contains(problems[0].Message, tt.message) && !strings.Contains(problems[0].Message, "macro ") {
			t.Errorf("%s: %d problems, first %.200q, want %q", name, len(problems), append(problems, query.Problem{})[0].Message, tt.message)
		}
	}
}

// TestWorkIsLinear: a search that is twice as long takes about twice the memory,
// wherever it is long.
func TestWorkIsLinear(t *testing.T) {
	for name, text := range map[string]func(n int) string{
		"backslashes":  func(n int) string { return `a="` + strings.Repeat(`\\`, 10*n) + `"` },
		"joined texts": func(n int) string { return `a | where b="a"` + strings.Repeat(`."xxxxxxxxxxxxxxxx"`, n) },
		"terms":        func(n int) string { return strings.Repeat("a=1 ", n) },
		"commands":     func(n int) string { return "a=1" + strings.Repeat("|where b=1", n) },
		"renames":      func(n int) string { return "a=1 | eval x1=1, x2=2" + strings.Repeat("|rename x* as x*", n) },
	} {
		bytes := func(n int) uint64 {
			var before, after runtime.MemStats
			text := text(n)
			runtime.ReadMemStats(&before)
			q, _ := Parse(text, nil)
			q.Condition()
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		if small, large := bytes(2_000), bytes(8_000); large > 8*small {
			t.Errorf("%s: %d bytes, and %d for a search four times as long", name, small, large)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, tt := range hostile() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				q, _ := Parse(tt.text, bomb)
				q.Condition()
			}
		})
	}
}
