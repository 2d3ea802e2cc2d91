package esql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

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
