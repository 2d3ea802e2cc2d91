package kuery

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

var conditions = []struct{ name, query, want string }{
	{"value", `process.name:cmd.exe`, `process.name eq cmd.exe`},
	{"blanks around the colon", `process.name : cmd.exe`, `process.name eq cmd.exe`},
	{"no-break space", "a:\u00a0b and\u00a0c:d", `and(a eq b, c eq d)`},
	{"quoted value", `process.name:"cmd.exe"`, `process.name eq cmd.exe`},
	{"quoted field", `"process.name":cmd.exe`, `process.name eq cmd.exe`},
	{"value with blanks", "rule.name: Port  scan seen \n and a:b", `and(rule.name eq Port  scan seen, a eq b)`},
	{"and binds tighter than or", `a:1 or b:2 and c:3`, `or(a eq 1, and(b eq 2, c eq 3))`},
	{"not binds tightest", `not a:1 and b:2`, `and(not(a eq 1), b eq 2)`},
	{"any letter case", `a:1 AND b:2 Or NOT c:3`, `or(and(a eq 1, b eq 2), not(c eq 3))`},
	{"parentheses", `a:1 and (b:2 or c:3)`, `and(a eq 1, or(b eq 2, c eq 3))`},
	{"not of parentheses", `not (a:1 or b:2)`, `not(or(a eq 1, b eq 2))`},
	{"list", `a:(1 or 2 or "x y")`, `or(a eq 1, a eq 2, a eq x y)`},
	{"list of one", `a:(1)`, `a eq 1`},
	{"nested lists", `a:(( 1 or 2 ) and not (3 or 4))`, `and(or(a eq 1, a eq 2), not(or(a eq 3, a eq 4)))`},
	{"exclusion in a list", `a:(* and not "")`, `and(a exists, not(a eq))`},
	{"exists", `a:*`, `a exists`},
	{"does not exist", `not a:*`, `not(a exists)`},
	{"runs of stars", `a:**`, `a exists`},
	{"prefix", `a:x*`, `a startswith x`},
	{"suffix", `a:*x`, `a endswith x`},
	{"contains", `a:*x*`, `a contains x`},
	{"contains with a blank", `a:(*Port Scan* or *b*)`, `or(a contains Port Scan, a contains b)`},
	{"wildcard", `a:x*y`, `a wildcard x*y`},
	{"question mark is literal", `a:x?y*`, `a startswith x?y`},
	{"literal signs in a wildcard", `a:C\:\\x?*\*y`, `a wildcard C:\\x\?*\*y`},
	{"no wildcard in quotes", `a:"*x*"`, `a eq *x*`},
	{"escaped star", `a:\*x`, `a eq *x`},
	{"escapes", `a:\:\\\(\)\<\>\"\*\{\}`, `a eq :\()<>"*{}`},
	{"escapes of white space", `a:x\ty`, "a eq x\ty"},
	{"escaped code point", `a:\u0041b`, `a eq Ab`},
	{"escaped keywords", `a:\and and b:x \or y and c:\not z`, `and(a eq and, b eq x or y, c eq not z)`},
	{"escapes in quotes", `a:"\"x\" \\ \w \u0041"`, `a eq "x" \ \w A`},
	{"path in quotes", `a:"C:\Windows\System32"`, `a eq C:\Windows\System32`},
	{"escape in a field", `a\:b:c`, `a:b eq c`},
	{"wildcard field", `process.*:x`, `process.* eq x`},
	{"keywords in words", `a:android or b:orange and c:nothing`, `or(a eq android, and(b eq orange, c eq nothing))`},
	{"not as a value", `a:(b or not)`, `or(a eq b, a eq not)`},
	{"words of values", `a:true and b:false and c:-5.5`, `and(a eq true, b eq false, c eq -5.5)`},
	{"null", `a:null`, `not(a exists)`},
	{"null in quotes", `a:"null"`, `a eq null`},
	{"range", `a < 5 and b<=5 and c > "2020-01-01" and d>=now-1d`, `and(a lt 5, b lte 5, c gt 2020-01-01, d gte now-1d)`},
	{"free text", `"bad thing"`, `* match bad thing`},
	{"free text with blanks", `bad thing`, `* match bad thing`},
	{"free text with stars", `*bad*`, `* match bad`},
	{"free text with inner stars", `bad*thing*`, `* match bad*thing`},
	{"free text and field", `evil and a:1`, `and(* match evil, a eq 1)`},
	{"all fields", `*:evil*`, `* match evil`},
	{"everything", `*:*`, `and()`},
	{"star", `*`, `and()`},
	{"star and field", `* and a:1`, `a eq 1`},
	{"star or field", `* or a:1`, `or(a eq 1, and())`},
	{"time", `a:1 and @timestamp >= now-1d`, `a eq 1`},
	{"not of time", `a:1 and not @timestamp < 5`, `a eq 1`},
	{"time or field", `a:1 or @timestamp >= now-1d`, `or(a eq 1, and())`},
	{"not time or field", `b:2 and not (a:1 or @timestamp >= now-1d)`, `and(b eq 2, not(a eq 1))`},
	{"not time and field", `b:2 and not (a:1 and @timestamp >= now-1d)`, `and(b eq 2, not(and(a eq 1, or())))`},
	{"not not time or field", `not (not (a:1 or @timestamp >= now-1d))`, `not(not(or(a eq 1, and())))`},
	{"nothing", `not *`, `or()`},
	{"nothing or field", `not *:* or a:1`, `a eq 1`},
	{"field and nothing", `a:1 and not *`, `and(a eq 1, or())`},
	{"not star or field", `not (* or a:1)`, `not(or(a eq 1, and()))`},
	{"nested", `dns.answers:{ data:x and type:(A or B) }`, `and(dns.answers.data eq x, or(dns.answers.type eq A, dns.answers.type eq B))`},
	{"nested in nested", `a:{ b:{ c:1 } and not d:2 }`, `and(a.b.c eq 1, not(a.d eq 2))`},
	{"network", `source.ip:(10.0.0.0/8 or "fe80::/10" or 10.0.0.1)`, `or(source.ip cidr 10.0.0.0/8, source.ip cidr fe80::/10, source.ip eq 10.0.0.1)`},
	{"network of another field", `url.path:10.0.0.0/8`, `url.path eq 10.0.0.0/8`},
	{"network as last segment", `dns.resolved_ip:10.0.0.0/8`, `dns.resolved_ip cidr 10.0.0.0/8`},
	{"other letters", `a:é🦀*`, `a startswith é🦀`},
}

func TestCondition(t *testing.T) {
	for _, tt := range conditions {
		t.Run(tt.name, func(t *testing.T) {
			q, problems := Parse(tt.query)
			if len(problems) > 0 {
				t.Fatalf("%s: %+v", tt.query, problems)
			}
			c, unresolved := q.Condition()
			if got := querytest.Show(c); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.query, got, tt.want)
			}
			if unresolved != nil {
				t.Errorf("unresolved %q", unresolved)
			}
		})
	}
}

// leaves calls f for every predicate of a condition, and not for every Not.
func leaves(c rule.Condition, f func(*rule.Predicate), not func(*rule.Not)) {
	rule.Walk(c, func(c rule.Condition) bool {
		switch c := c.(type) {
		case *rule.Not:
			not(c)
		case *rule.Predicate:
			f(c)
		}
		return true
	})
}

func TestPlaces(t *testing.T) {
	text := "é:\"x y\" and not b : ( *c* or  d\\:e ) or\nport >= 5 and q:{ r:null } and not (evil or *z)"
	q, problems := Parse(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, _ := q.Condition()
	var got []string
	at := func(s rule.Span) string { return text[s.Start:s.End] }
	leaves(c, func(p *rule.Predicate) {
		got = append(got, at(p.Field.Span)+" | "+p.SourceOperator+" | "+at(p.Span))
	}, func(n *rule.Not) { got = append(got, "not | "+at(n.Span)) })
	want := []string{
		`é | : | "x y"`,
		`not | not b : ( *c* or  d\:e )`,
		`b | : | *c*`,
		`b | : | d\:e`,
		`port | >= | 5`,
		`not | r:null`,
		`r | : | null`,
		`not | not (evil or *z)`,
		`evil |  | evil`,
		`*z |  | *z`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTree(t *testing.T) {
	q, problems := Parse(`p:{ a:("C:\temp" or x*) }`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n := q.Root.(*Nested)
	c := n.Child.(*Comparison)
	l := c.Value.(*Boolean)
	path, wild := l.Children[0].(*Literal), l.Children[1].(*Literal)
	if n.Path.Text != "p" || c.Field.Text != "a" || !l.Or || !path.Quoted || !wild.Wild {
		t.Errorf("got %+v %+v %+v %+v", n, c, path, wild)
	}
}

func TestBroken(t *testing.T) {
	querytest.RunBroken(t, "testdata/broken.txtar", func(text string) []query.Problem {
		_, problems := Parse(text)
		return problems
	})
}

func TestLimits(t *testing.T) {
	for name, text := range map[string]string{
		"deeper than":      strings.Repeat("(", query.MaxDepth+1) + "a:b" + strings.Repeat(")", query.MaxDepth+1),
		"nested deeper":    strings.Repeat("a:{", 100_000),
		"expected at most": strings.Repeat("a", query.MaxSize+1),
	} {
		q, problems := Parse(text)
		if len(problems) != 1 || !strings.Contains(problems[0].Message, name) || q.Root != nil {
			t.Errorf("%s: got %v", name, problems)
		}
	}
	if _, problems := Parse(strings.Repeat("(", query.MaxDepth) + "a:b" + strings.Repeat(")", query.MaxDepth)); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestUnread(t *testing.T) {
	for _, text := range []string{"", "a:", "a:b and ("} {
		q, _ := Parse(text)
		if c, _ := q.Condition(); c != nil {
			t.Errorf("%q: got %s", text, querytest.Show(c))
		}
	}
}
