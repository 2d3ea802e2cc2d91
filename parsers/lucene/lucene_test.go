package lucene

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
	{"phrase", `process.name:"a \"b\" *?"`, `process.name eq a "b" *?`},
	{"and", `a:1 AND b:2 && c:3`, `and(a eq 1, b eq 2, c eq 3)`},
	{"or", `a:1 OR b:2 || c:3`, `or(a eq 1, b eq 2, c eq 3)`},
	{"or by default", `a:1 b:2`, `or(a eq 1, b eq 2)`},
	{"ideographic space", "a:1\u3000b:2", `or(a eq 1, b eq 2)`},
	{"time or field", `a:1 OR @timestamp:[now-1d TO now]`, `or(a eq 1, and())`},
	{"not time or field", `b:2 AND NOT (a:1 OR @timestamp:[now-1d TO now])`, `and(b eq 2, not(a eq 1))`},
	{"not time and field", `b:2 AND NOT (a:1 AND @timestamp:[now-1d TO now])`, `and(b eq 2, not(and(a eq 1, or())))`},
	{"nothing", `NOT *:*`, `or()`},
	{"nothing beside a field", `a:1 AND NOT *`, `and(a eq 1, or())`},
	{"everything or field", `* OR a:1`, `or(a eq 1, and())`},
	{"not", `a:1 AND NOT b:2`, `and(a eq 1, not(b eq 2))`},
	{"not without and", `a:1 NOT b:2`, `and(a eq 1, not(b eq 2))`},
	{"exclamation mark", `a:1 AND !b:2`, `and(a eq 1, not(b eq 2))`},
	{"plus and minus", `+a:1 -b:2`, `and(a eq 1, not(b eq 2))`},
	{"required and prohibited", `a:1 b:2 -c:3`, `and(or(a eq 1, b eq 2), not(c eq 3))`},
	{"only not", `NOT a:1`, `not(a eq 1)`},
	{"negated alternative", `a:1 OR (NOT b:2)`, `or(a eq 1, not(b eq 2))`},
	{"parentheses", `a:1 AND (b:2 OR c:3)`, `and(a eq 1, or(b eq 2, c eq 3))`},
	{"not of parentheses", `NOT (a:1 OR b:2)`, `not(or(a eq 1, b eq 2))`},
	{"list", `a:(1 OR 2 "x y")`, `or(a eq 1, a eq 2, a eq x y)`},
	{"list with and", `a:(1 AND 2 AND NOT 3)`, `and(a eq 1, a eq 2, not(a eq 3))`},
	{"list with signs", `a:(+1 +2 -3)`, `and(a eq 1, a eq 2, not(a eq 3))`},
	{"field in a list", `a:(1 OR b:2)`, `or(a eq 1, b eq 2)`},
	{"lower case is a term", `a:(x or y)`, `or(a eq x, a eq or, a eq y)`},
	{"words are terms", `a:1 AND b:(android and)`, `and(a eq 1, or(b eq android, b eq and))`},
	{"exists", `_exists_:a.b`, `a.b exists`},
	{"does not exist", `NOT _exists_:a`, `not(a exists)`},
	{"star", `a:*`, `a exists`},
	{"prefix", `a:x*`, `a startswith x`},
	{"suffix", `a:*x`, `a endswith x`},
	{"contains", `a:*x*`, `a contains x`},
	{"wildcard", `a:x?y*`, `a wildcard x?y*`},
	{"literal signs in a wildcard", `a:\*x\\*y?`, `a wildcard \*x\\*y?`},
	{"escaped wildcards", `a:\*x\?`, `a eq *x?`},
	{"escapes", `a:\+\-\!\(\)\:\^\[\]\"\{\}\~\\\/\ y`, `a eq +-!():^[]"{}~\/ y`},
	{"escaped code point", `a:\u0041b AND c:"\u0042"`, `and(a eq Ab, c eq B)`},
	{"escape in a field", `a\:b\ c:d`, `a:b c eq d`},
	{"wildcard field", `process.\*:x`, `process.* eq x`},
	{"signs in a value", `a:x+y-z AND b:C#`, `and(a eq x+y-z, b eq C#)`},
	{"ampersands in a value", `a:x&&y`, `a eq x&&y`},
	{"regular expression", `a:/x\/[0-9]{3}(y|z)/`, `a regex x\/[0-9]{3}(y|z)`},
	{"range", `a:[1 TO 5] AND b:{x TO y}`, `and(and(a gte 1, a lte 5), and(b gt x, b lt y))`},
	{"mixed range", `a:[1 TO 5} OR a:{6 TO 7]`, `or(and(a gte 1, a lt 5), and(a gt 6, a lte 7))`},
	{"open range", `a:[5 TO *] OR b:{* TO 5}`, `or(a gte 5, b lt 5)`},
	{"range open at both ends", `a:[* TO *]`, `a exists`},
	{"quoted bounds", `a:["x y" TO "z \"w"]`, `and(a gte x y, a lte z "w)`},
	{"excluded range", `b:2 AND NOT a:[1 TO 5]`, `and(b eq 2, not(and(a gte 1, a lte 5)))`},
	{"order", `a:>5 AND b:>=6 AND c:<7 AND d:<=8`, `and(a gt 5, b gte 6, c lt 7, d lte 8)`},
	{"order in a list", `a:(>=5 AND <10)`, `and(a gte 5, a lt 10)`},
	{"order in a phrase is text", `a:">5"`, `a eq >5`},
	{"fuzzy", `a:x~ OR b:y~2 OR c:"d e"~5`, `or(a eq x, b eq y, c eq d e)`},
	{"boost", `a:x^2 OR b:y~1^2.5 OR c:"d e"^3~5 OR (d:1 e:2)^4`, `or(a eq x, b eq y, c eq d e, or(d eq 1, e eq 2))`},
	{"boosted range", `a:[1 TO 2]^2`, `and(a gte 1, a lte 2)`},
	{"free text", `evil "bad thing" ev?l*`, `or(* match evil, * match bad thing, * match ev?l)`},
	{"free regular expression", `/ev[i1]l/`, `* regex ev[i1]l`},
	{"all fields", `*:evil*`, `* match evil`},
	{"everything", `*:*`, `and()`},
	{"everything but", `*:* AND NOT a:1`, `not(a eq 1)`},
	{"everything or", `a:1 OR *`, `or(a eq 1, and())`},
	{"time", `a:1 AND @timestamp:[now-1d TO now]`, `a eq 1`},
	{"network", `source.ip:(10.0.0.0\/8 OR "fe80::/10" OR 10.0.0.1)`, `or(source.ip cidr 10.0.0.0/8, source.ip cidr fe80::/10, source.ip eq 10.0.0.1)`},
	{"network of another field", `url.path:10.0.0.0\/8`, `url.path eq 10.0.0.0/8`},
	{"other letters", `a:é🦀* OR b:\é`, `or(a startswith é🦀, b eq é)`},
}

// TestOptional has the queries in which clauses do not count because others
// are required: there is no precedence.
func TestOptional(t *testing.T) {
	for text, want := range map[string]string{
		`a:1 AND b:2 OR c:3`:         `and(a eq 1, b eq 2)`,
		`a:1 OR b:2 AND c:3`:         `and(b eq 2, c eq 3)`,
		`a:1 OR b:2 AND NOT c:3`:     `and(b eq 2, not(c eq 3))`,
		`+a:1 b:2`:                   `a eq 1`,
		`x:0 AND (a:1 AND b:2 c:3)`:  `and(x eq 0, and(a eq 1, b eq 2))`,
		`NOT a:1 AND b:2 OR c:3`:     `and(not(a eq 1), b eq 2)`,
		`a:1 OR NOT b:2`:             `and(a eq 1, not(b eq 2))`,
		`a:1 AND *:* OR c:3`:         `a eq 1`,
		`a:1 OR -b:2 OR c:3 AND d:4`: `and(not(b eq 2), c eq 3, d eq 4)`,
	} {
		q, problems := Parse(text)
		c, _ := q.Condition()
		if got := querytest.Show(c); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
		if len(problems) == 0 || !problems[0].Warning {
			t.Errorf("%s: got %v, want a warning", text, problems)
		}
	}
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
	text := "é:\"x y\"~3 AND NOT b : ( *c* OR  d\\:e ) AND\nport:[5 TO 9} AND -_exists_:f AND n:>=5 AND !(evil~ OR *z /r/)"
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
		`é | :~3 | "x y"`,
		`not | NOT b : ( *c* OR  d\:e )`,
		`b | : | *c*`,
		`b | : | d\:e`,
		`port | [ | 5`,
		`port | } | 9`,
		`not | -_exists_:f`,
		`f | _exists_ | _exists_:f`,
		`n | :>= | >=5`,
		`not | !(evil~ OR *z /r/)`,
		`evil | ~ | evil`,
		`*z |  | *z`,
		`/r/ |  | /r/`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
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
		"nested deeper":    strings.Repeat("a:(", 100_000),
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
