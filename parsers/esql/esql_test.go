package esql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

// show writes a condition on one line: (and …), (or …), (not …), (branch …),
// and a predicate as field operator[value]. ~ stands after a derived field.
func show(c rule.Condition) string {
	list := func(name string, children []rule.Condition) string {
		parts := []string{name}
		for _, child := range children {
			parts = append(parts, show(child))
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	switch c := c.(type) {
	case *rule.And:
		return list("and", c.Children)
	case *rule.Or:
		return list("or", c.Children)
	case *rule.Not:
		return "(not " + show(c.Child) + ")"
	case *rule.Branch:
		return "(branch " + show(c.Child) + ")"
	case *rule.Predicate:
		derived := ""
		if c.Derived {
			derived = "~"
		}
		if c.Operator == rule.Exists {
			return c.Field.Value + derived + " exists"
		}
		return fmt.Sprintf("%s%s %s[%s]", c.Field.Value, derived, c.Operator, c.Value)
	}
	return "nothing"
}

// wheres are conditions and what they become.
var wheres = []struct{ in, want string }{
	// Constants.
	{`a == "x"`, `a eq[x]`},
	{`a == "q\"b\\s\tt"`, "a eq[q\"b\\s\tt]"},
	{`a == """C:\new "x" """`, `a eq[C:\new "x" ]`},
	{`a == """x"""""`, `a eq[x""]`},
	{`a == ""`, `a eq[]`},
	{`a == 5`, `a eq[5]`},
	{`a == -5`, `a eq[-5]`},
	{`a == +5`, `a eq[5]`},
	{`a == 0.50`, `a eq[0.50]`},
	{`a >= 1.5e3`, `a gte[1500]`},
	{`a == .5`, `a eq[.5]`},
	{`a == true`, `a eq[true]`},
	{`a != FALSE`, `(not a eq[false])`},
	{`a == null`, `(not a exists)`},
	{`a != null`, `(not (not a exists))`},
	{`a > 5 minutes`, `a gt[5 minutes]`},
	{`a > 5 * 60`, `a gt[5*60]`},
	{`a == "1.2.3.4"::ip`, `a eq[1.2.3.4]`},
	{`a == TO_IP("1.2.3.4")`, `a eq[1.2.3.4]`},
	{`a == ["x", "y"]`, `(or a eq[x] a eq[y])`},
	// Comparisons.
	{`a < 1 and a <= 2 and a > 3 and a >= 4`, `(and a lt[1] a lte[2] a gt[3] a gte[4])`},
	{`5 < a`, `a gt[5]`},
	{`"x" != a`, `(not a eq[x])`},
	{`a =~ "X"`, `a eq[X]`},
	{`a : "x y"`, `a eq[x y]`},
	{`a::string : "x"`, `a eq[x]`},
	{`a == b`, `a fieldeq[b]`},
	{`a != b`, `(not a fieldeq[b])`},
	{`a <= b.c`, `a fieldlte[b.c]`},
	{`a > b + 1`, `a fieldgt[b+1]`},
	{`a + b > c`, `a+b fieldgt[c]`},
	{`(a + b) * 2 >= 10`, `(a+b)*2 gte[10]`},
	{`-a < 3`, `-a lt[3]`},
	{`a % 2 == 0`, `a%2 eq[0]`},
	{`a > now() - 1 hour`, `a fieldgt[now()-1hour]`},
	// Time windows and constants say nothing.
	{`@timestamp > NOW() - 1 day and a == 1`, `a eq[1]`},
	{`@timestamp >= "2026-01-01" or a == 1`, `(or a eq[1] (and))`},
	{`not @timestamp < now() - 5m`, `(and)`},
	{`event.ingested > now() - 6m and a == 1`, `a eq[1]`},
	{`1 == 1`, `(and)`},
	{`true`, `(and)`},
	{`false`, `(or)`},
	{`not true`, `(or)`},
	{`not false`, `(and)`},
	{`a == 1 or @timestamp > now() - 1d`, `(or a eq[1] (and))`},
	{`not (a == 1 or @timestamp > now() - 1d)`, `(not a eq[1])`},
	{`not (a == 1 and @timestamp > now() - 1d)`, `(not (and a eq[1] (or)))`},
	{`a == 1 or true`, `(or a eq[1] (and))`},
	{`not (a == 1 or trange(1h))`, `(not a eq[1])`},
	{`TRANGE(1h) and a == 1`, `a eq[1]`},
	// Logic.
	{`a == 1 OR b == 2 AND NOT c == 3`, `(or a eq[1] (and b eq[2] (not c eq[3])))`},
	{`(a == 1 or b == 2) and c == 3`, `(and (or a eq[1] b eq[2]) c eq[3])`},
	{`not a == 1 and b == 2`, `(and (not a eq[1]) b eq[2])`},
	{`not not a == 1`, `(not (not a eq[1]))`},
	{`not (a == 1 and b == 2)`, `(not (and a eq[1] b eq[2]))`},
	// Lists.
	{`a in ("x", "y")`, `(or a eq[x] a eq[y])`},
	{`a IN ("x")`, `a eq[x]`},
	{`a not in (1, 2)`, `(not (or a eq[1] a eq[2]))`},
	{`not a in (1, b, null)`, `(not (or a eq[1] a fieldeq[b]))`},
	{`"x" in (a, b)`, `(or a eq[x] b eq[x])`},
	{`true in (starts_with(a, "x"), b like "y*")`, `(or a startswith[x] b startswith[y])`},
	{`false in (starts_with(a, "x"))`, `(not a startswith[x])`},
	// Presence.
	{`a is null`, `(not a exists)`},
	{`a IS NOT NULL`, `a exists`},
	{`not a is null`, `(not (not a exists))`},
	// Patterns.
	{`a like "x*"`, `a startswith[x]`},
	{`a like "*x"`, `a endswith[x]`},
	{`a like "*x*"`, `a contains[x]`},
	{`a like "x"`, `a eq[x]`},
	{`a like "*"`, `a exists`},
	{`a like "x?z"`, `a wildcard[x?z]`},
	{`a like "C:\\\\Win*\\\\x"`, `a wildcard[C:\\Win*\\x]`},
	{`a like """C:\\Win*"""`, `a startswith[C:\Win]`},
	{`a like "50\\*"`, `a eq[50*]`},
	{`a like "*\\?*"`, `a contains[?]`},
	{`a like """x\\y"""`, `a eq[x\y]`},
	{`a not like ("x*", "*y")`, `(not (or a startswith[x] a endswith[y]))`},
	{`a rlike "x\\.y"`, `a regex[x\\.y]`},
	{`a rlike """x\.y"""`, `a regex[x\.y]`},
	{`a RLIKE ("x", "y")`, `(or a regex[x] a regex[y])`},
	{`a not rlike "x"`, `(not a regex[x])`},
	// Functions.
	{`TO_LOWER(a) == "x"`, `a eq[x]`},
	{`TRIM(TO_UPPER(a::keyword)) LIKE "x*"`, `a startswith[x]`},
	{`LENGTH(a.b) > 10`, `length(a.b) gt[10]`},
	{`Length(TO_STRING( a.b )) > 10`, `length(a.b) gt[10]`},
	{`substring(a, 0, 3) == "x y"`, `substring(a,0,3) eq[x y]`},
	{`LOCATE(a, "x y") > 0`, `locate(a,"x y") gt[0]`},
	{`date_diff("minute", a, b) < 5`, `date_diff("minute",a,b) lt[5]`},
	{`starts_with(a, "x")`, `a startswith[x]`},
	{`ends_with(to_lower(a), "x")`, `a endswith[x]`},
	{`not contains(a, "x")`, `(not a contains[x])`},
	{`mv_like(a, "*x*")`, `a contains[x]`},
	{`not mv_like(a, "x?y")`, `(not a wildcard[x?y])`},
	{`mv_rlike(a, "x\\.y.*")`, `a regex[x\\.y.*]`},
	{`mv_greater(a, 5) and mv_less(b, 6)`, `(and a gt[5] b lt[6])`},
	{`mv_greater(a, 5, {"include_bound": true})`, `mv_greater(a,5,{"include_bound":true}) eq[true]`},
	{`mv_in_range(a, 5, 6)`, `(and a gte[5] a lte[6])`},
	{`coalesce(mv_like(a, "x"), false)`, `a eq[x]`},
	{`not coalesce(a == "x" or b like "y*", false)`, `(not (or a eq[x] b startswith[y]))`},
	{`coalesce(a == 1, true)`, `coalesce(a==1,true) eq[true]`},
	{`coalesce(a == 1, b == 1, false)`, `coalesce(a==1,b==1,false) eq[true]`},
	{`starts_with(a, b)`, `starts_with(a,b) eq[true]`},
	{`starts_with(a, "x") == true`, `a startswith[x]`},
	{`starts_with(a, "x") == false`, `(not a startswith[x])`},
	{`starts_with(a, "x") != true`, `(not a startswith[x])`},
	{`cidr_match(a, "10.0.0.0/8", "::1")`, `(or a cidr[10.0.0.0/8] a cidr[::1])`},
	{`cidr_match(to_ip(a), ["10.0.0.0/8"])`, `a cidr[10.0.0.0/8]`},
	{`match(a, "x y", {"operator": "AND", "boost": 1.5})`, `a eq[x y]`},
	{`match_phrase(a, "x y")`, `a eq[x y]`},
	{`multi_match("x", a, b)`, `(or a eq[x] b eq[x])`},
	{`match(a, "x", {"boost": 2})`, `a eq[x]`},
	{`match(a, "x", {"fuzziness": 1})`, `match(a,"x",{"fuzziness":1}) eq[true]`},
	{`mv_contains(a, "x")`, `a eq[x]`},
	{`mv_contains(a, ["x", "y"])`, `(and a eq[x] a eq[y])`},
	{`mv_intersects(a, ["x", "y"])`, `(or a eq[x] a eq[y])`},
	{`case(a == 1, true, false)`, `case(a==1,true,false) eq[true]`},
	{`coalesce(a, false)`, `coalesce(a,false) eq[true]`},
	{
		`case(a like ("x", "y") and (b is null or not c in (1, 2)), [1, 2], d rlike "z", -e, f is not null, null, {"g": 1, "h": "i"}) == 5`,
		`case(a like("x","y") and (b is null or not c in(1,2)),[1,2],d rlike("z"),-e,f is not null,null,{"g":1,"h":"i"}) eq[5]`,
	},
	{`case(a IN (from b | where c == 1), 1, 2) > (3)`, `case(a in(…),1,2) gt[3]`},
	{`f.first == count(*) + first(a BY b)`, `f.first fieldeq[count(*)+first(a by b)]`},
	{`knn(a, [1, 2])`, `knn(a,[1,2]) eq[true]`},
	{`10.0 <= TO_DOUBLE(a)`, `a gte[10.0]`},
	{`a == b OR NOT (c IS NULL)`, `(or a fieldeq[b] (not (not c exists)))`},
	{`kql("*") and a == 1`, `a eq[1]`},
	{`[1, 2] == a`, `(or a eq[1] a eq[2])`},
	{`a in (from b | keep a) and c == 1`, `c eq[1]`},
	{`@timestamp is not null and @timestamp like "2*" and not @timestamp in ("a") and a`, `a eq[true]`},
	{`"x" like "y" or "x" is null`, `(and)`},
	{`a`, `a eq[true]`},
	{`not a.b`, `(not a.b eq[true])`},
	{`a::boolean`, `a eq[true]`},
	{`KQL("a: x and not b: (y or z)")`, `(and a eq[x] (not (or b eq[y] b eq[z])))`},
	{`not kql("a: x")`, `(not a eq[x])`},
	{`QSTR("a:x AND b:y*")`, `(and a eq[x] b startswith[y])`},
	// Names.
	{"`a-b`.c == 1", `a-b.c eq[1]`},
	{"`a``b` == 1", "a`b eq[1]"},
	{"source.`as`.number == 1", `source.as.number eq[1]`},
	{`@metadata == 1 and _id == "x"`, `(and @metadata eq[1] _id eq[x])`},
	// Comments.
	{"a == 1 // b == 2\n and /* c == 3 /* d */ */ e == 4", `(and a eq[1] e eq[4])`},
	{"a == 1 /* x /* y */ and b == 2", `(and a eq[1] b eq[2])`},
}

func TestWhere(t *testing.T) {
	for _, tt := range wheres {
		t.Run(tt.in, func(t *testing.T) {
			check(t, "FROM i | WHERE "+tt.in, tt.want)
		})
	}
}

func check(t *testing.T, in, want string) {
	t.Helper()
	q, problems := Parse(in)
	for _, p := range problems {
		t.Errorf("%v %q: %s", p.Span, in[p.Span.Start:p.Span.End], p.Message)
	}
	cond, unresolved := q.Condition()
	if got := show(cond); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(unresolved) > 0 {
		t.Errorf("unresolved: %q", unresolved)
	}
}

func TestUnresolved(t *testing.T) {
	for in, want := range map[string]string{
		`from i | where a == ?p or b == ?p`:                             `(and) [parameter:?p]`,
		`from i | where a like ?p`:                                      `(and) [parameter:?p]`,
		`from i | where ?p`:                                             `(and) [parameter:?p]`,
		`from i | where starts_with(a, concat("b", "c"))`:               `(and) [pattern:starts_with(concat("b","c"))]`,
		`from i | where cidr_match(a, "10.0.0.0/8", b)`:                 `(or a cidr[10.0.0.0/8] (and)) [pattern:cidr_match(b)]`,
		`from i | where kql(concat("a", ":b")) and c == 1`:              `c eq[1] [query:kql(concat("a",":b"))]`,
		`from i | frobnicate (a | b) c | where c == 1`:                  `c eq[1] [command:frobnicate]`,
		`EQL "process where true" with {"indices": "x"} | where c == 1`: `c eq[1] [command:eql]`,
		`from i | where a = 1 | where b == 2`:                           `b eq[2] [command:where]`,
		`from i | where a: b`:                                           `(and) []`,
		`from i | where starts_with(a, "x", "y") and c == ?1+1`:         `(and a startswith[x] c eq[?1+1]) []`,
	} {
		q, _ := Parse(in)
		cond, unresolved := q.Condition()
		if in == `from i | where a: b` {
			if show(cond) != "a fieldeq[b]" {
				t.Errorf("%s: got %s", in, show(cond))
			}
			continue
		}
		if got := fmt.Sprint(show(cond), " ", unresolved); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestSpans(t *testing.T) {
	type want struct{ field, value, operator string }
	for in, wants := range map[string][]want{
		`from i | where a.b == "x"`:                             {{"a.b", `"x"`, "=="}},
		`from i | where a  !=  5`:                               {{"a", "5", "!="}},
		`from i | where a IS  NOT NULL`:                         {{"a", "a IS  NOT NULL", "is not null"}},
		`from i | where TO_LOWER( a ) NOT IN ("x", """y""")`:    {{"a", `"x"`, "not in"}, {"a", `"""y"""`, "not in"}},
		`from i | where length( a ) > 1`:                        {{"length( a )", "1", ">"}},
		`from i | where starts_with(a, "x") or b`:               {{"a", `"x"`, "starts_with"}, {"b", "b", ""}},
		`from i | where "é" == a and kql("b: \"x y\" and c:z")`: {{"a", `"é"`, "=="}, {"b", `\"x y\"`, ":"}, {"c", "z", ":"}},
		`from i | where kql("""b: "x" """)`:                     {{"b", `"x"`, ":"}},
		`from i | where a > b + 1`:                              {{"a", "b + 1", ">"}},
		`from i | eval x = a | where x like "y*"`:               {{"x", `"y*"`, "like"}},
	} {
		q, problems := Parse(in)
		if len(problems) > 0 {
			t.Errorf("%s: %v", in, problems)
		}
		cond, _ := q.Condition()
		var got []want
		for _, p := range predicates(cond, nil) {
			got = append(got, want{in[p.Field.Span.Start:p.Field.Span.End], in[p.Span.Start:p.Span.End], p.SourceOperator})
		}
		if fmt.Sprint(got) != fmt.Sprint(wants) {
			t.Errorf("%s\ngot  %q\nwant %q", in, got, wants)
		}
	}
	q, _ := Parse(`from i | where b and not (a == 1 or a == 2) and c`)
	cond, _ := q.Condition()
	span := cond.(*rule.And).Children[1].(*rule.Not).Span
	if got := q.text[span.Start:span.End]; got != "not (a == 1 or a == 2)" {
		t.Errorf("negation at %q", got)
	}
}

func predicates(c rule.Condition, out []*rule.Predicate) []*rule.Predicate {
	switch c := c.(type) {
	case *rule.And:
		for _, child := range c.Children {
			out = predicates(child, out)
		}
	case *rule.Or:
		for _, child := range c.Children {
			out = predicates(child, out)
		}
	case *rule.Not:
		return predicates(c.Child, out)
	case *rule.Branch:
		return predicates(c.Child, out)
	case *rule.Predicate:
		return append(out, c)
	}
	return out
}
