package meaning

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
)

// TestOutside has changes outside of what conditions compare: none of them is
// called the same, and none is given an event that proves nothing.
func TestOutside(t *testing.T) {
	eql := func(query string) *normalize.Rule { return elastic(t, "eql", "", query) }
	esql := func(query string) *normalize.Rule { return elastic(t, "esql", "", query) }
	kusto := func(query string) *normalize.Rule { return one(t, "r.kql", query) }
	splunk := func(query string) *normalize.Rule {
		return one(t, "detections/r.yml", "name: X\nid: 11111111-3333-4333-8333-333333333333\nversion: 1\ntype: TTP\nstatus: production\nsearch: '"+query+"'\ntags:\n  mitre_attack_id: [T1059]\n")
	}
	for _, c := range []struct {
		name          string
		before, after *normalize.Rule
		verdict       Verdict
		reason        string // a part of it
	}{
		{"eql head", eql(`process where process.name : "a" | head 5`), eql(`process where process.name : "a"`), Unknown, "how many rows"},
		{"eql head of others", eql(`process where process.name : "a" | head 5`), eql(`process where process.name : "a" | tail 5`), Unknown, "how many rows"},
		{"spl head", splunk(`index=win a=b`), splunk(`index=win a=b | head 10`), Unknown, "how many rows"},
		{"esql limit", esql(`FROM logs-* | WHERE a == "x"`), esql(`FROM logs-* | WHERE a == "x" | LIMIT 10`), Unknown, "how many rows"},
		{"kusto take", kusto(`T | where A == "x" | take 10`), kusto(`T | where A == "x"`), Unknown, "how many rows"},
		{"kusto top", kusto(`T | where A == "x" | top 10 by B`), kusto(`T | where A == "x" | top 20 by B`), Unknown, "how many rows"},
		{"the same limit", kusto(`T | where A == "x" | take 10`), kusto(`T | where A in ("x", "y") | take 10`), Wider, ""},

		{"eql regex", eql(`process where process.name regex "a.*"`), eql(`process where process.name regex~ "a.*"`), Unknown, "letter case"},
		{"eql case", eql(`process where process.name == "Foo"`), eql(`process where process.name == "foo"`), Both, ""},
		{"eql case that does not count", eql(`process where process.name : "Foo"`), eql(`process where process.name : "foo"`), Same, ""},
		{"esql case", esql(`FROM logs-* | WHERE a == "Foo"`), esql(`FROM logs-* | WHERE a == "foo"`), Both, ""},
		{"kusto case", kusto(`T | where A == "Foo"`), kusto(`T | where A == "foo"`), Both, ""},
		{"kusto case in a list", kusto(`T | where A in ("Foo", "bar")`), kusto(`T | where A in ("foo", "bar")`), Both, ""},
		{"kusto case that does not count", kusto(`T | where A has "Foo"`), kusto(`T | where A has "foo"`), Same, ""},
		{"numbers have none", kusto(`T | where A == 5`), kusto(`T | where A == 5 and B == 6`), Narrower, ""},

		{"a call", kusto(`T | where iff(A == "x", B == "y", C == "z")`), kusto(`T | where A == "x" and B == "y"`), Unknown, "computes"},
		{"a call of the field", eql(`process where length(process.name) > 5 and process.name : "abcdefgh"`), eql(`process where process.name : "abcdefgh"`), Unknown, "computes"},
		{"the bound of a call", eql(`process where length(process.name) > 5`), eql(`process where length(process.name) > 6`), Narrower, ""},
		{"a call of another field", eql(`process where process.name : "a"`), eql(`process where process.name : "a" and length(process.title) > 6`), Narrower, ""},

		{"kusto not empty", kusto(`T | where isnotempty(A)`), kusto(`T | where A != ""`), Same, ""},
		{"kusto empty", kusto(`T | where B == "x" and isempty(A)`), kusto(`T | where B == "x" and A == ""`), Same, ""},
		{"kusto empty or not", kusto(`T | where isempty(A)`), kusto(`T | where A != ""`), Both, ""},
	} {
		got := Compare(c.before, c.after)
		if got.Verdict != c.verdict || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %s (%s), expected %s (%s)", c.name, got.Verdict, got.Reason, c.verdict, c.reason)
		}
	}
}

// What an unknown macro is called with, and the time that a query of ES|QL looks
// at, are not in the condition; where they change, nobody can tell.
func TestOutsideOfConditions(t *testing.T) {
	splunk := func(search string) *normalize.Rule {
		return one(t, "a.yml", "name: A\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9aa77\ntype: TTP\nhow_to_implement: x\nsearch: '"+search+"'\n")
	}
	esql := func(window string) *normalize.Rule {
		return one(t, "a.toml", "[rule]\nrule_id = \"6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9aa78\"\nname = \"B\"\ntype = \"esql\"\nlanguage = \"esql\"\n"+
			"query = '''FROM logs-* METADATA _id | WHERE "+window+" process.name == \"a.exe\"'''\n")
	}
	for _, tt := range []struct {
		name          string
		before, after *normalize.Rule
		want          Verdict
	}{
		{"another argument", splunk("`m(1)` a=b"), splunk("`m(2)` a=b"), Unknown},
		{"the same argument", splunk("`m(1)` a=b"), splunk("`m(1)`  a=b"), Same},
		{"a longer time", esql("@timestamp > NOW() - 5 minutes AND"), esql("@timestamp > NOW() - 10 minutes AND"), Unknown},
		{"the same time", esql("@timestamp > NOW() - 5 minutes AND"), esql("@timestamp > now() - 5 minutes AND"), Same},
		{"no time", esql("@timestamp > NOW() - 5 minutes AND"), esql(""), Unknown},
	} {
		if got := Compare(tt.before, tt.after); got.Verdict != tt.want {
			t.Errorf("%s: %s (%s)", tt.name, got.Verdict, got.Reason)
		}
	}
}
