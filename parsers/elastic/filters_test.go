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
		{"range from and to", `{"query":{"range":{"a":{"from":1,"to":5,"include_lower":false,"include_upper":true,"boost":1}}}}`, `(a gt "1" and a lte "5")`},
		{"range with an open end", `{"query":{"range":{"a":{"from":1,"to":null}}}}`, `a gte "1"`},
		{"range without an end", `{"query":{"range":{"a":{"gte":null}}}}`, `a exists ""`},
		{"unknown: range", `{"query":{"range":{"a":{"gte":1,"above":5}}}}`, `a gte "1"`},
		{"time window", `{"query":{"range":{"@timestamp":{"gte":"now-1h"}}}}`, "none"},
		{
			"bool", `{"query":{"bool":{"must":[{"term":{"a":"1"}}],"filter":{"term":{"b":"2"}},"should":[{"term":{"c":"3"}}],"must_not":[{"term":{"d":"4"}}]}}}`,
			`(a eq "1" and b eq "2" and not d eq "4")`,
		},
		{"should alone", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"minimum_should_match":1}}}`, `(a eq "1" or b eq "2")`},
		{"should beside empty lists", `{"query":{"bool":{"must":[],"filter":[],"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"must_not":[]}}}`, `(a eq "1" or b eq "2")`},
		{"should that all must match", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"minimum_should_match":2}}}`, `(a eq "1" and b eq "2")`},
		{"should by half", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"minimum_should_match":"50%"}}}`, `(a eq "1" or b eq "2")`},
		{"should but one", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"minimum_should_match":"-1"}}}`, `(a eq "1" or b eq "2")`},
		{"should with must and a number", `{"query":{"bool":{"must":[{"term":{"c":"3"}}],"should":[{"term":{"a":"1"}}],"minimum_should_match":1}}}`, `(c eq "3" and a eq "1")`},
		{"unknown: two of three", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}},{"term":{"c":"3"}}],"minimum_should_match":2}}}`, `(a eq "1" or b eq "2" or c eq "3")`},
		{"unknown: not two of three", `{"meta":{"negate":true},"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}},{"term":{"c":"3"}}],"minimum_should_match":"2"}}}`, `not (a eq "1" and b eq "2" and c eq "3")`},
		{"unknown: conditional number", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"term":{"b":"2"}}],"minimum_should_match":"1<75%"}}}`, `(a eq "1" or b eq "2")`},
		{"unknown alternative", `{"query":{"bool":{"should":[{"term":{"a":"1"}},{"script":{"source":"x"}}]}}}`, `(a eq "1" or ())`},
		{"combined by or", `{"meta":{"type":"combined","relation":"OR","params":[{"query":{"term":{"a":"1"}},"meta":{"negate":true}},[{"exists":{"field":"b"}},{"query":{"term":{"c":"3"}}}]]},"query":{}}`, `(not a eq "1" or (b exists "" and c eq "3"))`},
		{"combined by and, negated", `{"meta":{"type":"combined","negate":true,"relation":"AND","params":[{"query":{"term":{"a":"1"}},"meta":{}},{"query":{"term":{"b":"2"}},"meta":{"disabled":true}}]}}`, `not a eq "1"`},
		{"combined with a filter that is off", `{"meta":{"type":"combined","relation":"OR","params":[{"query":{"term":{"a":"1"}}},{"query":{"term":{"b":"2"}},"meta":{"disabled":true}}]}}`, `(a eq "1" or ())`},
		{"unknown: combined", `{"meta":{"type":"combined","relation":"OR"}}`, "none"},
		{"unknown: nothing but meta", `{"meta":{"type":"phrase"}}`, "none"},
		{"unknown: default operator", `{"query":{"query_string":{"query":"a:x b:y","default_operator":"AND"}}}`, `(a eq "x" or b eq "y")`},
		{"unknown: default field", `{"query":{"query_string":{"query":"x","default_field":"a"}}}`, `* match "x"`},
		{"options that change nothing", `{"query":{"query_string":{"query":"a:x","analyze_wildcard":true,"default_field":"*","fields":["b"]}}}`, `a eq "x"`},
		{"unknown: simple_query_string", `{"query":{"simple_query_string":{"query":"a:x"}}}`, "none"},
		{"unknown: fuzziness", `{"query":{"match":{"a":{"query":"x","fuzziness":"AUTO"}}}}`, `a eq "x"`},
		{"match_none", `{"query":{"match_none":{}}}`, "()"},
		{"wildcard by its other name", `{"query":{"wildcard":{"a":{"wildcard":"x*"}}}}`, `a startswith "x"`},
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
		if unresolved := strings.Join(r.Unresolved, " "); (unresolved != "") != strings.HasPrefix(c.name, "unknown") {
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
