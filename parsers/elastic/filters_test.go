package elastic

import (
	"strings"
	"testing"
)

func TestFilters(t *testing.T) {
	for _, c := range []struct{ name, filter, want string }{
		{"phrase", `{"query":{"match_phrase":{"process.name":"x"}}}`, `process.name eq "x"`},
		{"phrase with options", `{"query":{"match_phrase":{"process.name":{"query":"x","slop":1}}}}`, `process.name eq "x"`},
		{"negated", `{"meta":{"negate":true},"query":{"match_phrase":{"process.name":"x"}}}`, `not process.name eq "x"`},
		{"disabled", `{"meta":{"disabled":true},"query":{"match_phrase":{"process.name":"x"}}}`, "none"},
		{"exists", `{"query":{"exists":{"field":"a.b"}}}`, `a.b exists ""`},
		{"exists beside its meta", `{"meta":{"negate":true},"$state":{"store":"appState"},"exists":{"field":"a.b"}}`, `not a.b exists ""`},
		{"terms", `{"query":{"terms":{"a":["x",2],"boost":1}}}`, `(a eq "x" or a eq "2")`},
		{"prefix", `{"query":{"prefix":{"a":{"value":"x"}}}}`, `a startswith "x"`},
		{"wildcard", `{"query":{"wildcard":{"a":{"value":"*x*","case_insensitive":true}}}}`, `a contains "x"`},
		{"wildcard with escapes", `{"query":{"wildcard":{"a":"?:\\\\x\\*y\\\\z*"}}}`, `a wildcard "?:\\\\x\\*y\\\\z*"`},
		{"regexp", `{"query":{"regexp":{"a":{"value":"x.+"}}}}`, `a regex "x.+"`},
		{"range", `{"query":{"range":{"a":{"gte":1,"lt":5}}}}`, `(a gte "1" and a lt "5")`},
		{"time window", `{"query":{"range":{"@timestamp":{"gte":"now-1h"}}}}`, "none"},
		{
			"bool", `{"query":{"bool":{"must":[{"term":{"a":"1"}}],"filter":{"term":{"b":"2"}},"should":[{"term":{"c":"3"}}],"must_not":[{"term":{"d":"4"}}]}}}`,
			`(a eq "1" and b eq "2" and not d eq "4")`,
		},
		{"should alone", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"minimum_should_match":1}}}`, `(a eq "1" or b eq "2")`},
		{"query_string", `{"query":{"query_string":{"query":"a:(x OR y)"}}}`, `(a eq "x" or a eq "y")`},
		{"match_all", `{"query":{"match_all":{}}}`, "none"},
		{"nested", `{"query":{"nested":{"path":"a","query":{"term":{"a.b":"x"}}}}}`, `a.b eq "x"`},
		{"unknown", `{"query":{"script":{"source":"x"}}}`, "none"},
	} {
		text := strings.Replace(soundExport, `"query":"process.name:\"cmd.exe\" and\nnot user.id:S*"`, `"query":"","filters":[`+c.filter+`]`, 1)
		r := only(t, parse("e.json", text))
		if got := describe(r.Condition); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if unresolved := strings.Join(r.Unresolved, " "); (unresolved != "") != (c.name == "unknown") {
			t.Errorf("%s: unresolved %q", c.name, unresolved)
		}
	}
	// A path whose backslashes are gone is told.
	f := parse("e.json", strings.Replace(soundExport, `"query":"process.name:\"cmd.exe\" and\nnot user.id:S*"`, `"query":"","filters":[{"query":{"wildcard":{"a":"C:\\Program Files\\*"}}}]`, 1))
	if len(f.Problems) != 1 || !f.Problems[0].Warning || f.Rules[0].Broken || !strings.Contains(f.Problems[0].Message, `the backslash before "P" is lost`) {
		t.Errorf("a lost backslash: %+v", f.Problems)
	}
	// A filter narrows the query.
	text := strings.Replace(soundTOML, "\n[[rule.threat]]", "\n[[rule.filters]]\n[rule.filters.meta]\nnegate = true\n[rule.filters.query.wildcard.\"file.path\"]\nvalue = \"?:\\\\\\\\x*\"\n\n[[rule.threat]]", 1)
	r := only(t, parse("x.toml", text))
	want := `((event.type eq "start" and (process.name wildcard "tool*.exe" or process.name eq "other.exe") and not user.id eq "S-1-5-18") and not file.path wildcard "?:\\\\x*")`
	if got := describe(r.Condition); got != want {
		t.Errorf("with a query: %s", got)
	}
}
