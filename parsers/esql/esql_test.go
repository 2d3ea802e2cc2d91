package esql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query"
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
	{`a like """x\y"""`, `a eq[xy]`},
	{`a like """x\"""`, `a eq[x\]`},
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

// pipelines are whole queries and what they become.
var pipelines = []struct{ name, in, want string }{
	{"no filter", `from i | keep a`, `(and)`},
	{"filters add up", `from i | where a == 1 | where not b == 2 and c == 3`, `(and a eq[1] (not b eq[2]) c eq[3])`},
	{"alias", `from i | eval x = a | where x == 1`, `a eq[1]`},
	{"alias of an alias", `from i | eval x = a, y = to_lower(x) | where y == "1"`, `a eq[1]`},
	{"alias that hides a field", `from i | eval a = length(a) | where a > 1`, `a~ gt[1]`},
	{"lower case of itself", `from i | eval a = to_lower(a) | where a == "x"`, `a eq[x]`},
	{"calculation", `from i | eval x = concat(a, b) | where x == "1"`, `x~ eq[1]`},
	{"alias of a calculation", `from i | eval x = concat(a, b), y = x | where y == "1"`, `y~ eq[1]`},
	{"call of a calculation", `from i | eval x = concat(a, b) | where length(x) > 1`, `length(x)~ gt[1]`},
	{"condition as a column", `from i | eval x = a like "*y*" or b == 1 | where x == true and not x`, `(and x~ eq[true] (not x~ eq[true]))`},
	{"case", `from i | eval x = case(a == 1, "b", "c") | where x != "b"`, `(not x~ eq[b])`},
	{"constant", `from i | eval x = "b" | where x == "b"`, `x~ eq[b]`},
	{"row", `row x = 1, y = [1, 2] | where x == 1`, `x~ eq[1]`},
	{"rename", `from i | rename a as x, y = b | where x == 1 and y == 2`, `(and a eq[1] b eq[2])`},
	{"aggregate", `from i | stats n = count(*), v = values(a), f = first(b, @timestamp), m = max(c) by d | where n > 1 and v == "x" and f == "y" and m > 2 and d == "z"`, `(and n~ gt[1] a eq[x] b eq[y] m~ gt[2] d eq[z])`},
	{"aggregate without a name", "from i | stats count(*), max( a ) by bucket(b, 10) | where `count(*)` > 1 and `max( a )` > 2 and `bucket(b, 10)` == 3", `(and count(*)~ gt[1] max( a )~ gt[2] bucket(b, 10)~ eq[3])`},
	{"aggregate of an alias", `from i | eval x = a | stats v = values(to_lower(x)) by g = to_string(b) | where v == "1" and g == "2"`, `(and a eq[1] b eq[2])`},
	{"columns end with STATS", `from i | eval a = length(b) | stats n = count() by c | where a == 1`, `a eq[1]`},
	{"filter of an aggregate", `from i | stats n = count(*) where a == 1, m = sum(b) where c like "x*" by d | where n > m`, `n~ fieldgt[m]`},
	{"inline stats", `from i | eval x = a | inline stats n = count(*) by b | where n > 1 and x == 2`, `(and n~ gt[1] a eq[2])`},
	{"inlinestats", `from i | inlinestats n = count(*) by b | where n > 1 and c == 2`, `(and n~ gt[1] c eq[2])`},
	{"mv_expand", `from i | mv_expand a | where a == 1`, `a eq[1]`},
	{"some values of a field", `from i | eval f = mv_first(a), l = mv_last(b), d = mv_dedupe(c), s = mv_sort(e, "DESC"), p = mv_slice(g, 0, 3) | where f == 1 and l == 2 and d == 3 and s == 4 and p == 5`, `(and a eq[1] b eq[2] c eq[3] e eq[4] g eq[5])`},
	{"some values of values", `from i | stats x = mv_slice(mv_dedupe(values(a)), 0, 9), y = values(b) by c | eval b = to_lower(mv_first(mv_sort(y))::keyword) | where x == 1 and b == "2"`, `(and a eq[1] b eq[2])`},
	{"some values, expanded", `from i | eval x = mv_dedupe(a), y = mv_sort(length(b)) | mv_expand x | mv_expand y | where x == 1 and y == 2`, `(and a eq[1] y~ eq[2])`},
	{"some values of a calculation", `from i | eval x = mv_last(split(a, " ")), y = mv_first(["b", "c"]), z = mv_slice(x, 0) | where x == "1" and y == "2" and z == "3"`, `(and x~ eq[1] y~ eq[2] z~ eq[3])`},
	{"calculations over values", `from i | stats a = values(a), n = count(b), m = max(c), k = min(d) by e | eval f = mv_min(a), l = mv_max(a), s = mv_concat(a, ","), o = mv_count(a) | where f == 1 and l == 2 and s == "3" and o == 4 and n == 5 and m == 6 and k == 7`, `(and f~ eq[1] l~ eq[2] s~ eq[3] o~ eq[4] n~ eq[5] m~ eq[6] k~ eq[7])`},
	{"dissect", `from i | dissect a "%{x} %{+y/1} %{?z} %{w->} %{}" append_separator="," | where x == "1" and y == "2" and z == "3" and w == "4"`, `(and x~ eq[1] y~ eq[2] z eq[3] w~ eq[4])`},
	{"grok", `from i | grok a "%{IP:x} %{NUMBER:y:int} %{DATA}", "(?<z>[a-z]+)(?<!b)" | where x == "1" and y == 2 and z == "3" and DATA == "4"`, `(and x~ eq[1] y~ eq[2] z~ eq[3] DATA eq[4])`},
	{"enrich", `from i | enrich _any:p on a with x = b, c | where x == 1 and c == 2 and b == 3`, `(and x~ eq[1] c~ eq[2] b eq[3])`},
	{"old enrich", `from i | enrich[ccq.mode:any] p on a with c | where c == 2`, `c~ eq[2]`},
	{"completion", `from i | completion x = concat("a", b) with {"inference_id": "m"} | where x == "1" | completion a with m | where completion == "2"`, `(and x~ eq[1] completion~ eq[2])`},
	{"rerank", `from i | rerank s = "q" on a, b = c with {"inference_id": "m"} | where s > 0.5`, `s~ gt[0.5]`},
	{"change_point", `from i | change_point a on b as t, p | where t == "dip" | change_point a | where pvalue < 0.1`, `(and t~ eq[dip] pvalue~ lt[0.1])`},
	{"uri_parts", `from i | uri_parts p = a | user_agent u = b with {"properties": ["name"]} | where p.domain == "x" and u.name == "y" and pp.z == 1`, `(and p.domain~ eq[x] u.name~ eq[y] pp.z eq[1])`},
	{"lookup join", `from i | lookup join l on a, b | where c == 1`, `c eq[1]`},
	{"lookup join with a condition", `from i | lookup join l on a == b and c == "x" and not d like "y*"`, `(and c eq[x] (not d startswith[y]))`},
	{"other joins", `from i | left join l as m on a | lookup l on b | where c == 1`, `c eq[1]`},
	{"fork", `from i | where a == 1 | fork (where b == 1 and not c == 2 | limit 5) (where d == 3 | sort d) | where _fork == "fork1"`, `(and a eq[1] (or (branch (and b eq[1] (not c eq[2]))) (branch d eq[3])) _fork~ eq[fork1])`},
	{"fork, one branch open", `from i | fork (where b == 1) (limit 5)`, `(or (branch b eq[1]) (branch (and)))`},
	{"columns of branches", `from i | fork (eval x = a, y = a) (eval x = b, y = a) | where x == 1 and y == 2`, `(and x~ eq[1] a eq[2])`},
	{"subqueries", `from (from a | where b == 1 | eval x = c), (from d | where not e == 2 | stats n = count()) metadata _id | where x == 3 and n > 4`, `(and (or (branch b eq[1]) (branch (not e eq[2]))) c eq[3] n~ gt[4])`},
	{"subquery beside an index", `from i, (from a | where b == 1)`, `(or (branch b eq[1]) (branch (and)))`},
	{"one subquery", `from (from a | where not b == 1) | where c == 2`, `(and (branch (not b eq[1])) c eq[2])`},
	{"in a subquery", `from i | where a in (from b | where c == 1 | keep a) and d == 2`, `(and (branch c eq[1]) d eq[2])`},
	{"not in a subquery", `from i | where a not in (from b | where c == 1 | keep a)`, `(or (not (branch c eq[1])) (or))`},
	{"explain", `explain (from i | where a == 1)`, `(branch a eq[1])`},
	{"old explain", `explain [from i | where a == [1, 2]]`, `(branch (or a eq[1] a eq[2]))`},
	{"everything else", `set x = 1; from i | sort a desc nulls last, b asc | limit 10 by a | sample 0.1 | drop a*, b | insist c | fuse rrf score by s key by k, l group by g with {"rank_constant": 60} | mmr on v limit 5 with {"lambda": 0.5} | metrics_info | highlight "x" on a, b | dedup | where c == 1`, `c eq[1]`},
	{"time series", `ts metrics-* | stats max(rate(x)) by tbucket(5m), host.name | where host.name == "a"`, `host.name eq[a]`},
	{"show", `show info`, `(and)`},
	{"promql", `promql index=m step=5m (sum by (a) (rate(b[5m]))) | where a == 1`, `a eq[1]`},
	{"external", `external "s3://x" with {"a": true} | where a == 1`, `a eq[1]`},
	{"unnamed grouping", `from i | stats by a, b | where a == 1`, `a eq[1]`},
	{"table of functions", `show functions | where a == 1`, `a eq[1]`},
	{"nested options", `from i | user_agent u = a with {"b": {"c": [1, "d"]}} | where u.x == 1`, `u.x~ eq[1]`},
	{"highlight with a name", `from i | highlight tag = "x" match(a, "b") on a, c with {"d": 1} | ts_info | where a == 1`, `a eq[1]`},
	{"all columns", "from i | keep *, a*.b, `c d`*, @e | drop f.* | where a == 1", `a eq[1]`},
	{"renamed backwards", "from i | rename x = a, `y z` = b | where x == 1 and `y z` == 2", `(and a eq[1] b eq[2])`},
	{"old completion", `from i | completion a with m as b | where b == "1"`, `b~ eq[1]`},
	{"parameters", `from i | where a == 1 and ?b.c == 2`, `(and a eq[1] ?b.c eq[2])`},
}

func TestPipeline(t *testing.T) {
	for _, tt := range pipelines {
		t.Run(tt.name, func(t *testing.T) { check(t, tt.in, tt.want) })
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
		`from i | where a == ?p or b == ?p`:                     `(and) [parameter:?p]`,
		`from i | where a like ?p`:                              `(and) [parameter:?p]`,
		`from i | where ?p`:                                     `(and) [parameter:?p]`,
		`from i | where starts_with(a, concat("b", "c"))`:       `(and) [pattern:starts_with(concat("b","c"))]`,
		`from i | where cidr_match(a, "10.0.0.0/8", b)`:         `(or a cidr[10.0.0.0/8] (and)) [pattern:cidr_match(b)]`,
		`from i | where kql(concat("a", ":b")) and c == 1`:      `c eq[1] [query:kql(concat("a",":b"))]`,
		`from i | frobnicate (a | b) c | where c == 1`:          `c eq[1] [command:frobnicate]`,
		`from i | where a = 1 | where b == 2`:                   `b eq[2] [command:where]`,
		`from i | where a: b`:                                   `(and) []`,
		`from i | where starts_with(a, "x", "y") and c == ?1+1`: `(and a startswith[x] c eq[?1+1]) []`,
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

func TestQuery(t *testing.T) {
	in := `FROM logs-a-*, remote:"b", c*:d::failures, -e, <f-{now/d}>, "g:h,k" METADATA _id, _version
| where x == 1 | inline stats n = count() by a | keep p, q.*, ` + "`r-s`" + ` | lookup join t on u`
	q, problems := Parse(in)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var sources []string
	for _, s := range q.Sources {
		sources = append(sources, fmt.Sprintf("%s|%s|%s|%s|%t", s.Cluster, s.Pattern.Value, s.Selector, in[s.Pattern.Span.Start:s.Pattern.Span.End], s.Lookup))
	}
	wantSources := []string{
		"|logs-a-*||logs-a-*|false", `remote|b||remote:"b"|false`, "c*|d|failures|c*:d|false", "|-e||-e|false",
		"|<f-{now/d}>||<f-{now/d}>|false", "g|h||g:h|false", "|k||k|false", "|t||t|true",
	}
	if fmt.Sprint(sources) != fmt.Sprint(wantSources) {
		t.Errorf("sources %q\nwant    %q", sources, wantSources)
	}
	texts := func(list []rule.Text) string {
		var b strings.Builder
		for _, text := range list {
			fmt.Fprintf(&b, "%s@%s ", text.Value, in[text.Span.Start:text.Span.End])
		}
		return b.String()
	}
	if got := texts(q.Metadata); got != "_id@_id _version@_version " {
		t.Errorf("metadata %s", got)
	}
	if got := texts(q.Keep); got != "p@p q.*@q.* r-s@`r-s` " {
		t.Errorf("keep %s", got)
	}
	var commands []string
	for _, c := range q.Commands {
		commands = append(commands, fmt.Sprintf("%s@%.12s", c.Name, in[c.Span.Start:c.Span.End]))
	}
	want := []string{"FROM@FROM logs-a-", "WHERE@where x == 1", "INLINE STATS@inline stats", "KEEP@keep p, q.*,", "LOOKUP JOIN@lookup join "}
	if fmt.Sprint(commands) != fmt.Sprint(want) {
		t.Errorf("commands %q", commands)
	}
	if q.Aggregates {
		t.Error("INLINE STATS keeps the events")
	}
	for text, want := range map[string]bool{
		`from i | stats count()`:                          true,
		`from (from i | stats count()), (from j)`:         false,
		`from (from i | stats a = count()) | where a > 1`: true,
		`from i | fork (stats count()) (where a == 1)`:    false,
	} {
		if q, _ := Parse(text); q.Aggregates != want {
			t.Errorf("%s aggregates: %t", text, q.Aggregates)
		}
	}
	if q, _ := Parse(`from i [metadata _id] | keep a | stats count()`); q.Keep != nil || len(q.Metadata) != 1 {
		t.Errorf("keep %v, metadata %v", q.Keep, q.Metadata)
	}
}

func TestLimits(t *testing.T) {
	deep := "from i | where " + strings.Repeat("(", 10_000) + "a" + strings.Repeat(")", 10_000)
	for name, in := range map[string]string{
		"parentheses": deep,
		"negations":   "from i | where " + strings.Repeat("not ", 10_000) + "a",
		"calls":       "from i | where " + strings.Repeat("f(", 10_000) + "a",
		"subqueries":  strings.Repeat("from (", 10_000) + "from i",
		"branches":    "from i " + strings.Repeat("| fork (fork (where a == 1", 5_000),
		"size":        "from i | where a == \"" + strings.Repeat("x", query.MaxSize) + "\"",
	} {
		q, problems := Parse(in)
		if len(problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
		q.Condition()
	}
	long := "from i | where a == 1" + strings.Repeat(" + 1", 100_000) + strings.Repeat(" or a == 1", 50_000)
	if _, problems := Parse(long); len(problems) > 0 {
		t.Errorf("long chains: %v", problems[0])
	}
}
