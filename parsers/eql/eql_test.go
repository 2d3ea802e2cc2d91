package eql

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/rule"
)

// show writes a condition in one line; ~ stands before a computed field.
func show(c rule.Condition) string {
	list := func(word string, children []rule.Condition) string {
		parts := make([]string, len(children))
		for i, child := range children {
			parts[i] = show(child)
		}
		return word + "(" + strings.Join(parts, ", ") + ")"
	}
	switch c := c.(type) {
	case *rule.And:
		return list("and", c.Children)
	case *rule.Or:
		return list("or", c.Children)
	case *rule.Not:
		return "not(" + show(c.Child) + ")"
	case *rule.Branch:
		return "branch(" + show(c.Child) + ")"
	case *rule.Predicate:
		derived := ""
		if c.Derived {
			derived = "~"
		}
		return fmt.Sprintf("%s%s %s %q", derived, c.Field.Value, c.Operator, c.Value)
	}
	return "nothing"
}

// constructs are queries without a mistake, and what each becomes.
var constructs = []struct{ name, query, want string }{
	{"equal", `process where process.name == "a*.exe"`, `process.name eq "a*.exe"`},
	{"not equal", `process where user.id != "S-1-5-18"`, `not(user.id eq "S-1-5-18")`},
	{"category in quotes", `"my cat" where a == 1`, `a eq "1"`},
	{"category in three quotes", `""".my "cat" """ where a == 1`, `a eq "1"`},
	{"category any", `any where true`, `and()`},
	{"false", `any where false`, `or()`},
	{"true beside a condition", `file where true and a == 1`, `a eq "1"`},
	{"time beside a condition", `any where a == 1 and @timestamp > "now-1d"`, `a eq "1"`},
	{"time or a condition", `any where a == 1 or @timestamp > "now-1d"`, `or(a eq "1", and())`},
	{"not time or a condition", `any where not (a == 1 or @timestamp > "now-1d")`, `not(a eq "1")`},
	{"not time and a condition", `any where not (a == 1 and @timestamp > "now-1d")`, `not(and(a eq "1", or()))`},
	{"true or a condition", `any where a == 1 or true`, `or(a eq "1", and())`},
	{"false or a condition", `any where false or a == 1`, `a eq "1"`},
	{"not true", `any where not true`, `or()`},
	{"missing event with time or a condition", `sequence with maxspan=1m [any where b == 2] ![any where a == 1 or @timestamp > "now-1d"]`, `and(branch(b eq "2"), or(not(a eq "1"), or()))`},
	{"precedence", `any where a == 1 or not b == 2 and c == 3`, `or(a eq "1", and(not(b eq "2"), c eq "3"))`},
	{"parentheses", `any where (a == 1 or b == 2) and c == 3`, `and(or(a eq "1", b eq "2"), c eq "3")`},
	{"not of a list", `any where not (a == 1 or b == 2)`, `not(or(a eq "1", b eq "2"))`},
	{"not not", `any where not not a == 1`, `not(not(a eq "1"))`},
	{"order", `any where a < 1 and b <= 2 and c > -3 and d >= 4.50`, `and(a lt "1", b lte "2", c gt "-3", d gte "4.50")`},
	{"order of texts", `any where user.id >= "1000"`, `user.id gte "1000"`},

	{"pattern: text", `any where a : "x"`, `a eq "x"`},
	{"pattern: prefix", `any where a : "x*"`, `a startswith "x"`},
	{"pattern: suffix", `any where a : "*x"`, `a endswith "x"`},
	{"pattern: substring", `any where a : "*x**"`, `a contains "x"`},
	{"pattern: anything", `any where a : "*"`, `a exists ""`},
	{"pattern: wildcard", `any where a : "?:\\x\\*.exe"`, `a wildcard "?:\\\\x\\\\*.exe"`},
	{"pattern: a backslash escapes no wildcard", `any where a like "\\*"`, `a startswith "\\"`},
	{"pattern: list", `any where a : ("x", "y*")`, `or(a eq "x", a startswith "y")`},
	{"pattern: like", `any where a like "x*" and b like~ ("*y", "z")`, `and(a startswith "x", or(b endswith "y", b eq "z"))`},
	{"pattern: number", `any where a : 4`, `a eq "4"`},
	{"pattern: empty", `any where a : ""`, `a eq ""`},
	{"in", `any where a in ("x*", "y") and b in~ (1, -2)`, `and(or(a eq "x*", a eq "y"), or(b eq "1", b eq "-2"))`},
	{"in of one", `any where a in ("x")`, `a eq "x"`},
	{"not in", `any where a not in ("x", "y")`, `not(or(a eq "x", a eq "y"))`},
	{"not in insensitive", `any where a not in~ ("x")`, `not(a eq "x")`},
	{"regex", `any where a regex """x\.y"[0-9]""" and b regex~ ("\\d", "z")`, `and(a regex "x\\.y\"[0-9]", or(b regex "\\\\d", b regex "z"))`},

	{"null", `any where a == null and b != null and null != c and not d == null`, `and(not(a exists ""), b exists "", c exists "", not(not(d exists "")))`},
	{"null in a list", `any where a in (null, "x")`, `or(not(a exists ""), a eq "x")`},
	{"booleans", `any where a == true and b != false`, `and(a eq "true", not(b eq "false"))`},
	{"field as a condition", `any where a.b and not c`, `and(a.b eq "true", not(c eq "true"))`},
	{"numbers", `any where a in (007, .5, 5., 1.5e3, 5e-2, 0.50, 18446744073709551616)`, `or(a eq "7", a eq "0.5", a eq "5", a eq "1500", a eq "0.05", a eq "0.50", a eq "18446744073709551616")`},
	{"signs", `any where a == +1 and b == -1 and c == - 2 and d == -0`, `and(a eq "1", b eq "-1", c eq "-2", d eq "0")`},
	{"escapes", `any where a == "\"\\\n\t\r\b\f\'\u{41}\u{0001F9EA}\u00e9"`, `a eq "\"\\\n\t\r\b\f'A🧪é"`},
	{"raw text", `any where a == """C:\new"x""""`, `a eq "C:\\new\"x\""`},
	{"comments", "any where a == 1 // and b == 2\n and /* c == 3 and\n */ d == 4", `and(a eq "1", d eq "4")`},

	{"constant on the left", `any where "x" == a and 5 < b and 5 >= c and "*" : d`, `and(a eq "x", b gt "5", c lte "5", d eq "*")`},
	{"constants", `any where 1 == 1 and a == 2`, `a eq "2"`},
	{"fields", `any where a == b and c != d and e < f and g >= h and i : j`, `and(a fieldeq "b", not(c fieldeq "d"), e fieldlt "f", g fieldgte "h", i fieldeq "j")`},
	{"field in a list", `any where a in (b, "x")`, `or(a fieldeq "b", a eq "x")`},
	{"time of the event", `any where @timestamp > "now-1d" and not @timestamp == null and a == 1`, `a eq "1"`},
	{"comparison with a boolean", `any where (a == 1) == true and (b == 2) == false and startsWith(c, "x") != true`, `and(a eq "1", not(b eq "2"), not(c startswith "x"))`},

	{"field: path", `any where process.parent.Ext.name_2 == "x"`, `process.parent.Ext.name_2 eq "x"`},
	{"field: blanks", "any where a . b\n. c == 1", `a.b.c eq "1"`},
	{"field: optional", `any where ?a.b == 1 and ? c == 2`, `and(a.b eq "1", c eq "2")`},
	{"field: backticks", "any where `a-b`.c == 1 and `x``y` == 2 and `1 z` == 3", "and(a-b.c eq \"1\", x`y eq \"2\", 1 z eq \"3\")"},
	{"field: index", `any where a[0] == 1 and a [1] . b[20][3].c == 2`, `and(a[0] eq "1", a[1].b[20][3].c eq "2")`},
	{"field: keyword in a path", "any where process.`any` == 1 and event.contains == 2", `and(process.any eq "1", event.contains eq "2")`},

	{"function: computed", `any where length(a.b) == 0 and LENGTH(c) > 5`, `and(length(a.b) eq "0", length(c) gt "5")`},
	{"function: null", `any where indexOf(string(a), "x") == null`, `not(indexof(a,"x") exists "")`},
	{"function: conversion", `any where string(a) == "1" and number(b) == number("2") and c == string(3)`, `and(a eq "1", b eq "2", c eq "3")`},
	{"function: with a base", `any where number(a, 16) == 5`, `number(a,16) eq "5"`},
	{"function: parts", `any where startsWith(a, "x") and ENDSWITH~(b, "*y") and stringContains(c, "z")`, `and(a startswith "x", b endswith "*y", c contains "z")`},
	{"function: of fields", `any where startsWith~(a, substring(b, 0, -1)) and not endsWith(c, d)`, `and(startswith(a,substring(b,0,-1)) eq "true", not(endswith(c,d) eq "true"))`},
	{"function: of a constant", `any where endsWith("a.exe", b)`, `endswith("a.exe",b) eq "true"`},
	{"function: wildcard", `any where wildcard(a, "x*", "?y")`, `or(a startswith "x", a wildcard "?y")`},
	{"function: match", `any where match(a, "x\\d", """y""")`, `or(a regex "x\\\\d", a regex "y")`},
	{"function: cidrMatch", `any where not cidrmatch(a, "10.0.0.0/8", "::1")`, `not(or(a cidr "10.0.0.0/8", a cidr "::1"))`},
	{"function: arrayContains", `any where arrayContains(a, "x", "y")`, `or(a eq "x", a eq "y")`},
	{"function: arraySearch", `any where arraySearch(a.b, e, e.c == "x" and e == "y")`, `and(a.b.c eq "x", a.b eq "y")`},
	{"function: nested arraySearch", `any where arraySearch(a, e, arraySearch(e.b, f, f.c == 1))`, `a.b.c eq "1"`},
	{"function: arraySearch for anything", `any where arraySearch(a, e, true)`, `a exists ""`},
	{"function: _arraysearch", `api where _arraysearch(stack, $e, $e.symbol : ("*a*", "b"))`, `or(stack.symbol contains "a", stack.symbol eq "b")`},
	{"function: _arraysearch excluded", `api where not _arraysearch(stack, $e, $e.symbol : "a")`, `not(stack.symbol eq "a")`},
	{"function: _arraysearch is no top level", `api where _arraysearch(stack, $e, $e.a == 1 and not $e.b == 2)`, `or(and(stack.a eq "1", not(stack.b eq "2")), or())`},
	{"function: arrayCount", `any where arrayCount(a, x, x.b == 1 and not x.c in (2, 3)) >= 2`, `arraycount(a,x,x.b==1 and not x.c in (2,3)) gte "2"`},
	{"function: Endpoint's own", `any where _secret(a)`, `_secret(a) eq "true"`},
	{"function: as a value", `any where a == concat(b, "x")`, `a fieldeq "concat(b,\"x\")"`},
	{"function: constant", `any where a == concat("x", 1)`, `a eq "x1"`},
	{"method", `any where a:length() > 5 and b:substring(1, 2):length() == 1`, `and(length(a) gt "5", length(substring(b,1,2)) eq "1")`},
	{"arithmetic", `any where a + 1 == 5 and b - (c + 2) * 3 / -d % 4 > 1`, `and(a+1 eq "5", b-(c+2)*3/-d%4 gt "1")`},
	{"arithmetic of constants", `any where a == 2 * 3 + 1 - 0.5`, `a eq "6.5"`},

	{"sequence", `sequence [a where b == 1] [c where not d == 2]`, `and(branch(b eq "1"), branch(not(d eq "2")))`},
	{"runs", `sequence by x [a where b == 1] with runs=3`, `branch(b eq "1")`},
	{"until", `sequence [a where b == 1] [c where d == 2] until [e where f == 3]`, `and(branch(b eq "1"), branch(d eq "2"), or(branch(f eq "3"), and()))`},
	{"missing", `sequence with maxspan=1m [a where b == 1] ![c where d == 2 and not e == 3]`, `and(branch(b eq "1"), or(not(and(d eq "2", not(e eq "3"))), or()))`},
	{"sample", `sample by host.id [a where b == 1] [c where d == 2]`, `and(branch(b eq "1"), branch(d eq "2"))`},
	{"join", `join by a, b [c where d == 1] [e where true] until [f where g == 2]`, `and(branch(d eq "1"), branch(and()), or(branch(g eq "2"), and()))`},
	{"fork", `sequence by a [b where c == 1] [d where e == 2] fork=true [f where g == 3] fork`, `and(branch(c eq "1"), branch(e eq "2"), branch(g eq "3"))`},
	{"earlier event", `sequence [a where b == 1] as e0 [c where e0.d == "x" and f != e0.g]`, `and(branch(b eq "1"), branch(and(d eq "x", not(f fieldeq "e0.g"))))`},
	{"subquery", `process where a == 1 and descendant of [process where b == 2 and not c == 3]`, `and(a eq "1", branch(and(b eq "2", not(c eq "3"))))`},
	{"subquery excluded", `process where not child of [file where a == 1]`, `or(not(branch(a eq "1")), or())`},
	{"subquery among exclusions", `process where not (a == 1 or event of [file where b == 2])`, `and(not(a eq "1"), or(not(branch(b eq "2")), or()))`},
	{"pipes", `any where a == 1 | head 5 | tail 3 | sort b, c | unique d`, `a eq "1"`},
	{"filter", `any where a == 1 | filter b == 2 and not c == 3`, `and(a eq "1", and(b eq "2", not(c eq "3")))`},
	{"filter on a count", `any where a == 1 | unique_count b, c | filter count < 5`, `and(a eq "1", ~count lt "5")`},
	{"count", `any where a == 1 | count`, `a eq "1"`},
}

func TestConstructs(t *testing.T) {
	for _, tt := range constructs {
		t.Run(tt.name, func(t *testing.T) {
			q, problems := Parse(tt.query)
			for _, p := range problems {
				t.Errorf("%s (at %q)", p.Message, tt.query[p.Span.Start:p.Span.End])
			}
			c, unresolved := q.Condition()
			if diff := cmp.Diff(tt.want, show(c)); diff != "" {
				t.Error(diff)
			}
			if len(unresolved) > 0 {
				t.Errorf("unresolved: %q", unresolved)
			}
		})
	}
}

// TestRecovered: what is meant is understood in spite of a mistake.
func TestRecovered(t *testing.T) {
	tests := []struct{ query, want string }{
		{`any where a = "x" AND NOT b == TRUE`, `and(a eq "x", not(b eq "true"))`},
		{`any where a == 'x\ty' && b != ("y", "z")`, `and(a eq "x\ty", not(or(b eq "y", b eq "z")))`},
		{`any where a == "C:\Windows\n"`, `a eq "C:\\Windows\n"`},
		{`any where a not like "x*" and b !: "y"`, `and(not(a startswith "x"), not(b eq "y"))`},
		{`a.b == "x"`, `a.b eq "x"`},
		{`sequence with maxspan=5 [a where b == 1], [c where d == 2]`, `and(branch(b eq "1"), branch(d eq "2"))`},
		{`any where a == 0x1F and b in "y"`, `and(a eq "31", b eq "y")`},
		{`any where a == ?"\d" and b == “z”`, `and(a eq "\\d", b eq "z")`},
		{`any where a == 1 and`, `nothing`},
		{`any where a == 1 b == 2`, `nothing`},
		{`sequence [a where b == 1] [c where (d == 2]`, `branch(b eq "1")`},
	}
	for _, tt := range tests {
		q, problems := Parse(tt.query)
		if len(problems) == 0 {
			t.Errorf("%s: nothing is said", tt.query)
		}
		c, _ := q.Condition()
		if diff := cmp.Diff(tt.want, show(c)); diff != "" {
			t.Errorf("%s: %s", tt.query, diff)
		}
	}
}

func TestUnresolved(t *testing.T) {
	tests := []struct{ query, want string }{
		{`any where a like b`, "pattern:b"},
		{`any where wildcard(a, b, "x") or match(a, c)`, "pattern:b pattern:c"},
		{`any where a == substring("x", 1)`, `value:substring("x",1)`},
		{`any where a < null`, "comparison:a<null"},
		{`any where (a == 1) == b`, "comparison:=="},
	}
	for _, tt := range tests {
		q, problems := Parse(tt.query)
		if len(problems) > 0 {
			t.Errorf("%s: %s", tt.query, problems[0].Message)
		}
		if _, got := q.Condition(); strings.Join(got, " ") != tt.want {
			t.Errorf("%s: unresolved %q, want %q", tt.query, got, tt.want)
		}
	}
}

// TestPlaces: the place of a value, of its field and of a negation.
func TestPlaces(t *testing.T) {
	tests := []struct{ query, want string }{
		{`any where ?a.b : ("x*", "y")`, `?a.b|:|"x*" ?a.b|:|"y"`},
		{`any where a != null`, `a|!=|a != null`},
		{`any where not a == 1`, `not a == 1 a|==|1`},
		{`any where a != -1`, `a != -1 a|!=|-1`},
		{`any where a not in (1)`, `a not in (1) a|not in|1`},
		{`any where not (a == 1 and b == 2)`, `not (a == 1 and b == 2) a|==|1 b|==|2`},
		{`any where startsWith~(string(a), "x")`, `a|startsWith~|"x"`},
		{`any where "x" == a`, `a|==|"x"`},
		{`any where length( a ) > 3`, `length( a )|>|3`},
		{`any where a == b.c`, `a|==|b.c`},
		{`any where a`, `a||a`},
		{`any where endsWith(a, b)`, `endsWith(a, b)|endsWith|endsWith(a, b)`},
		{`any where cidrMatch(a, "::1")`, `a|cidrMatch|"::1"`},
		{`sequence with maxspan=1s [any where a == 1] ![any where b == """é"""]`, `a|==|1 ![any where b == """é"""] b|==|"""é"""`},
	}
	for _, tt := range tests {
		q, problems := Parse(tt.query)
		if len(problems) > 0 {
			t.Errorf("%s: %s", tt.query, problems[0].Message)
		}
		text := func(sp rule.Span) string { return tt.query[sp.Start:sp.End] }
		var got []string
		c, _ := q.Condition()
		walk(c, 0, func(c rule.Condition, _ int) {
			switch c := c.(type) {
			case *rule.Not:
				got = append(got, text(c.Span))
			case *rule.Predicate:
				got = append(got, text(c.Field.Span)+"|"+c.SourceOperator+"|"+text(c.Span))
			}
		})
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", tt.query, diff)
		}
	}
}

func walk(c rule.Condition, depth int, visit func(rule.Condition, int)) {
	if c == nil {
		return
	}
	visit(c, depth)
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			walk(child, depth+1, visit)
		}
	case *rule.Or:
		for _, child := range c.Children {
			walk(child, depth+1, visit)
		}
	case *rule.Not:
		walk(c.Child, depth+1, visit)
	case *rule.Branch:
		walk(c.Child, depth+1, visit)
	}
}

// TestTree: what checks read from the syntax tree.
func TestTree(t *testing.T) {
	text := `sequence by host.id, ?user.id with maxspan = 90s
  [process where true] by process.entity_id as first
  ![ "my files" where a == 1 ] by b with runs=2
  until [any where true] by c
| tail 1`
	q, problems := Parse(text)
	for _, p := range problems {
		t.Error(p.Message)
	}
	if q.Kind != Sequence || len(q.By) != 2 || len(q.Steps) != 2 || q.Until == nil {
		t.Fatalf("read as %+v", q)
	}
	if d := q.MaxSpan; d.Duration != 90*time.Second || d.Text.Value != "90s" || text[d.Text.Span.Start:d.Text.Span.End] != "90s" {
		t.Errorf("maxspan %+v", d)
	}
	var categories []string
	for _, c := range q.Categories() {
		categories = append(categories, c.Value+" "+text[c.Span.Start:c.Span.End])
	}
	if want := []string{"process process", `my files "my files"`, "any any"}; !slices.Equal(categories, want) {
		t.Errorf("categories %q, want %q", categories, want)
	}
	first, second := q.Steps[0], q.Steps[1]
	if first.Missing || first.Runs != 1 || first.Alias.Value != "first" || len(first.By) != 1 {
		t.Errorf("first step %+v", first)
	}
	if !second.Missing || second.Runs != 2 || text[second.Span.Start:second.Span.End] != `![ "my files" where a == 1 ] by b with runs=2` {
		t.Errorf("second step %+v", second)
	}
	if by, ok := q.By[1].(*Field); !ok || !by.Optional || by.Name != "user.id" {
		t.Errorf("second key %+v", q.By[1])
	}
	if len(q.Pipes) != 1 || q.Pipes[0].Name.Value != "tail" || len(q.Pipes[0].Args) != 1 || text[q.Pipes[0].Span.Start:q.Pipes[0].Span.End] != "| tail 1" {
		t.Errorf("pipes %+v", q.Pipes)
	}
	if text[q.Span.Start:q.Span.End] != text {
		t.Errorf("query at %v", q.Span)
	}
}

func TestLimits(t *testing.T) {
	for name, text := range map[string]string{
		"too long":    "any where a == 1" + strings.Repeat(" ", 1<<20),
		"parentheses": "any where " + strings.Repeat("(", 500) + "a" + strings.Repeat(")", 500),
		"not":         "any where " + strings.Repeat("not ", 500) + "a",
		"signs":       "any where 1 == " + strings.Repeat("- ", 500) + "a",
		"calls":       "any where " + strings.Repeat("length(", 500) + "a" + strings.Repeat(")", 500) + " == 1",
		"methods":     "any where a" + strings.Repeat(":length()", 500) + " == 1",
		"subqueries":  "any where " + strings.Repeat("child of [any where ", 500) + "a" + strings.Repeat("]", 500),
	} {
		_, problems := Parse(text)
		if len(problems) != 1 || !strings.Contains(problems[0].Message, "at most") && !strings.Contains(problems[0].Message, "deeper") {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
