package elastic

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/rule"
)

const soundTOML = `[metadata]
creation_date = "2026/01/02"
maturity = "production"
updated_date = "2026/03/04"

[rule]
author = ["Blue Team", "Ada"]
description = """
A tool that nobody here uses.
"""
index = ["logs-endpoint.events.process-*", "winlogbeat-*"]
language = "eql"
name = "Unused Tool Started"
references = ["https://example.org/tool"]
risk_score = 47
rule_id = "5b0bb0f8-5d3a-4c5c-9d0c-000000000001"
severity = "medium"
tags = ["OS: Windows", "Tactic: Execution"]
type = "eql"
query = '''
process where event.type == "start" and
  process.name : ("tool*.exe", "other.exe") and
  not user.id == "S-1-5-18"
'''

[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
reference = "https://attack.mitre.org/techniques/T1059/"

[[rule.threat.technique.subtechnique]]
id = "T1059.001"
name = "PowerShell"
reference = "https://attack.mitre.org/techniques/T1059/001/"

[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"

[[rule.threat]]
framework = "MITRE ATLAS"

[[rule.threat.technique]]
id = "AML.T0051"
name = "Prompt Injection"
`

const soundExport = `{"id":"a","rule_id":"5b0bb0f8-5d3a-4c5c-9d0c-000000000002","name":"Exported \"Rule\"","risk_score":21,"severity":"low",` +
	`"type":"query","language":"kuery","query":"process.name:\"cmd.exe\" and\nnot user.id:S*","index":["logs-*"],"tags":[],` +
	`"threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution"},"technique":[{"id":"T1204","name":"User Execution"}]}],` +
	`"created_at":"2026-01-02T03:04:05.000Z","updated_at":"2026-02-02T03:04:05.000Z"}`

const soundEndpoint = `[rule]
description = "A behaviour."
id = "5b0bb0f8-5d3a-4c5c-9d0c-000000000003"
license = "Proprietary"
name = "Loader From Temp"
os_list = ["windows"]
reference = ["https://example.org/loader"]
version = "1.0.1"
query = '''
sequence by process.entity_id with maxspan=1m
  [process where event.action == "start" and process.name : "loader.exe"]
  [library where dll.path : "?:\\Temp\\*.dll"]
'''

[[optional_actions]]
action = "rollback"
field = "process.entity_id"

[[threat]]
framework = "MITRE ATT&CK"
[[threat.technique]]
id = "T1055"
name = "Process Injection"
[threat.tactic]
id = "TA0005"
name = "Defense Evasion"
`

func parse(path, text string) *rule.File {
	src := rule.NewSource(path, []byte(text))
	if strings.HasSuffix(path, ".toml") {
		return ParseTOML(src)
	}
	return ParseJSON(src)
}

// only returns the one rule of a file that must be read without a problem.
func only(t *testing.T, f *rule.File) *rule.Rule {
	t.Helper()
	for _, p := range f.Problems {
		t.Errorf("problem: %s", p.Message)
	}
	if !f.Recognized || len(f.Rules) != 1 {
		t.Fatalf("recognized %v with %d rules", f.Recognized, len(f.Rules))
	}
	return f.Rules[0]
}

func values(texts []rule.Text) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.Value
	}
	return strings.Join(out, " ")
}

func selectors(list []rule.Selector) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.Key + "=" + s.Value.Value
	}
	return strings.Join(out, " ")
}

func TestRepositoryRule(t *testing.T) {
	r := only(t, parse("rules/tool.toml", soundTOML))
	got := map[string]string{
		"id": r.ID.Value, "title": r.Title.Value, "level": string(r.Level), "status": r.Status.Value, "author": r.Author.Value,
		"date": r.Date.Value, "modified": r.Modified.Value, "tags": values(r.Tags), "techniques": values(r.Techniques),
		"tactics": values(r.Tactics), "language": string(r.Language), "references": values(r.References), "selectors": selectors(r.Selectors),
	}
	want := map[string]string{
		"id": "5b0bb0f8-5d3a-4c5c-9d0c-000000000001", "title": "Unused Tool Started", "level": "medium", "status": "production",
		"author": "Blue Team, Ada", "date": "2026/01/02", "modified": "2026/03/04", "tags": "OS: Windows Tactic: Execution",
		"techniques": "T1059 T1059.001", "tactics": "execution", "language": "eql", "references": "https://example.org/tool",
		"selectors": "dataset=endpoint.events.process dataset=winlogbeat category=process",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	doc := r.Syntax.(*Document)
	if doc.Shape != Repository || len(doc.Threats) != 2 || doc.Threats[1].IsATTACK() {
		t.Errorf("document %+v", doc)
	}
}

func TestEndpointRule(t *testing.T) {
	r := only(t, parse("behavior/rules/loader.toml", soundEndpoint))
	if r.ID.Value != "5b0bb0f8-5d3a-4c5c-9d0c-000000000003" || r.Language != "eql" || values(r.Tactics) != "defense-evasion" || values(r.Techniques) != "T1055" {
		t.Errorf("rule %+v", r)
	}
	if got := values(r.References); got != "https://example.org/loader" {
		t.Errorf("references %q", got)
	}
	branches := branchesOf(r.Condition)
	if len(branches) != 2 || selectors(branches[0].Selectors) != "category=process" || selectors(branches[1].Selectors) != "category=library" {
		t.Errorf("branches %+v", branches)
	}
}

// utf16of is a text as some shells write it.
func utf16of(s string) string {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func TestRecognition(t *testing.T) {
	for _, c := range []struct {
		name, text string
		recognized bool
		rules      int
	}{
		{"no rule", "[package]\nname = \"x\"\n", false, 0},
		{"a rule of another tool", "[rule]\nname = \"x\"\n", false, 0},
		{"hunting query", "[hunt]\nname = \"rule\"\nquery = ['''from x''']\n", false, 0},
		{"no query", "[rule]\nrule_id = \"x\"\n", true, 1},
		{"several rules", "[[rule]]\nrule_id = \"x\"\n[[rule]]\nrule_id = \"y\"\n", true, 0},
		{"UTF-16", utf16of("[rule]\nrule_id = \"x\"\n"), true, 0},
		{"no closing bracket", "[metadata]\nmaturity = \"x\"\n[rule\nrule_id = \"x\"\n", true, 0},
		{"blanks in the brackets", "[ rule ]\nrule_id = \"x\"\nrisk_score = 47 x\n", true, 0},
		{"indented", "  [rule]\n  rule_id = \"x\"\n  risk_score = 47 x\n", true, 0},
		{"byte order mark and a slip", "\ufeff[rule]\nrule_id = \"x\"\nrisk_score = 47 x\n", true, 0},
		{"list and a slip", "[[rule]]\nrule_id = \"x\"\nrisk_score = 47 x\n", true, 0},
		{"no table", "name = \"x\"\nrule_id = \"x\"\n", true, 0},
		{"no table below metadata", "[metadata]\nmaturity = \"production\"\nname = \"x\"\nrule_id = \"x\"\n", true, 0},
		{"another table", "[rules]\nrule_id = \"x\"\n", true, 0},
		{"a table of another tool", "[db]\nname = \"rule\"\nquery = \"x\"\n", false, 0},
		{"nothing but metadata tells", "[metadata]\nmaturity = \"production\"\ncreation_date = \"x\"\n[rule]\nnam = \"x\"\n", true, 1},
		{"carriage returns", "[rule]\rrule_id = \"x\"\rrisk_score = 47\r", true, 0},
		{"UTF-16 without a mark", utf16of("[rule]\nrule_id = \"x\"\n")[2:], true, 0},
		{"table in upper case", "[Rule]\nrule_id = \"x\"\n", true, 0},
		{"broken other file with a query", "[db]\nquery = \"x\nmetadata = 1\n", false, 0},
		{"broken", "[rule]\nrule_id = \"x\nname = 1\n", true, 0},
		{"broken other file", "[rule\n", false, 0},
		{"rule is no table", "rule = 1\n", false, 0},
	} {
		f := parse("x.toml", c.text)
		if f.Recognized != c.recognized || len(f.Rules) != c.rules {
			t.Errorf("%s: recognized %v, %d rules, %v", c.name, f.Recognized, len(f.Rules), f.Problems)
		}
		if c.recognized && c.rules == 0 && len(f.Problems) == 0 {
			t.Errorf("%s: nothing said", c.name)
		}
	}
}

// TestPlaces: every predicate is found again at its place, however the query
// is quoted.
func TestPlaces(t *testing.T) {
	basic := strings.Replace(soundTOML, "'''\nprocess where", `"""`+"\nprocess where", 1)
	basic = strings.Replace(basic, "'''\n\n[[rule.threat]]", `"""`+"\n\n[[rule.threat]]", 1)
	for name, text := range map[string]string{
		"literal": soundTOML, "basic": basic, "CRLF": strings.ReplaceAll(soundTOML, "\n", "\r\n"), "BOM": "\ufeff" + soundTOML,
		"escaped line ends": strings.Replace(basic, "and\n  process", "and \\\n  process", 1),
	} {
		t.Run(name, func(t *testing.T) {
			r := only(t, parse("rules/tool.toml", text))
			var got []string
			walk(r.Condition, func(p *rule.Predicate) {
				got = append(got, text[p.Field.Span.Start:p.Field.Span.End]+" "+text[p.Span.Start:p.Span.End])
			})
			want := []string{`event.type "start"`, `process.name "tool*.exe"`, `process.name "other.exe"`, `user.id "S-1-5-18"`}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
	r := only(t, parse("export.ndjson", soundExport))
	var got []string
	walk(r.Condition, func(p *rule.Predicate) {
		got = append(got, soundExport[p.Field.Span.Start:p.Field.Span.End]+" "+soundExport[p.Span.Start:p.Span.End])
	})
	if diff := cmp.Diff([]string{`process.name \"cmd.exe\"`, "user.id S*"}, got); diff != "" {
		t.Errorf("places in JSON (-want +got):\n%s", diff)
	}
}

// walk calls f with every predicate of a condition.
func walk(c rule.Condition, f func(*rule.Predicate)) {
	rule.Walk(c, func(c rule.Condition) bool {
		if p, ok := c.(*rule.Predicate); ok {
			f(p)
		}
		return true
	})
}

// describe writes a condition in one line.
func describe(c rule.Condition) string {
	list := func(children []rule.Condition, word string) string {
		out := make([]string, len(children))
		for i, child := range children {
			out[i] = describe(child)
		}
		return "(" + strings.Join(out, " "+word+" ") + ")"
	}
	switch c := c.(type) {
	case *rule.And:
		return list(c.Children, "and")
	case *rule.Or:
		return list(c.Children, "or")
	case *rule.Not:
		return "not " + describe(c.Child)
	case *rule.Branch:
		return "[" + describe(c.Child) + "]"
	case *rule.Predicate:
		return fmt.Sprintf("%s %s %q", c.Field.Value, c.Operator, c.Value)
	}
	return "none"
}

func withQuery(kind, language, query, more string) string {
	return "[rule]\nrule_id = \"x\"\ntype = \"" + kind + "\"\n" + language + "\n" + query + "\n" + more
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct{ name, text, language, condition string }{
		{"kuery", withQuery("query", `language = "kuery"`, `query = "a.b:c"`, ""), "kuery", `a.b eq "c"`},
		{"kuery is what a query rule means", withQuery("threshold", "", `query = "a.b:c"`, ""), "kuery", `a.b eq "c"`},
		{"lucene", withQuery("query", `language = "lucene"`, `query = "a.b:(c OR d)"`, ""), "lucene", `(a.b eq "c" or a.b eq "d")`},
		{"esql", withQuery("esql", `language = "esql"`, `query = "FROM logs-x* | WHERE a.b == 1"`, ""), "esql", `a.b eq "1"`},
		{"machine learning", withQuery("machine_learning", "", `machine_learning_job_id = "j"`, ""), "", "none"},
		{"saved query", withQuery("saved_query", "", `saved_id = "s"`, ""), "kuery", "none"},
		{"saved query", withQuery("saved_query", "", `saved_id = "s"`, `query = ""`), "kuery", "none"},
		{"saved query", withQuery("saved_query", "", `saved_id = "s"`, `query = "a.b:c"`), "kuery", `a.b eq "c"`},
	} {
		r := only(t, parse("x.toml", c.text))
		if string(r.Language) != c.language || describe(r.Condition) != c.condition {
			t.Errorf("%s: %q %s, want %q %s", c.name, r.Language, describe(r.Condition), c.language, c.condition)
		}
		if c.name == "saved query" && strings.Join(r.Unresolved, " ") != "saved_query:s" {
			t.Errorf("%s: unresolved %v", c.name, r.Unresolved)
		}
	}
}

func TestStateful(t *testing.T) {
	for text, want := range map[string]bool{
		"eql any where a == 1":                                                          false,
		"eql any where a == 1 | unique b | sort b | head 5":                             false,
		"eql any where a == 1 | count":                                                  true,
		"eql any where a == 1 | unique_count b | filter count > 5":                      true,
		"eql sequence [any where a == 1] [any where b == 2]":                            true,
		"esql FROM i | WHERE a == 1":                                                    false,
		"esql FROM i | STATS c = COUNT(*) BY a":                                         true,
		"esql FROM i | INLINE STATS c = COUNT(*) BY a | WHERE c > 5":                    true,
		"esql FROM i | INLINESTATS c = COUNT(*) BY a | WHERE c > 5":                     true,
		"esql FROM i | CHANGE_POINT a ON b | WHERE type == \"spike\"":                   true,
		"esql FROM (FROM i | STATS c = COUNT(*)), (FROM j | INLINE STATS d = COUNT(*))": true,
		"esql FROM (FROM i | STATS c = COUNT(*)), (FROM j | WHERE d == 1)":              false,
		"esql FROM i | FORK (STATS c = COUNT(*)) (STATS d = MAX(x))":                    true,
		"esql FROM i | FORK (STATS c = COUNT(*)) (WHERE d == 1)":                        false,
		"kuery a:1": false,
	} {
		kind, text, _ := strings.Cut(text, " ")
		if r := only(t, parse("x.toml", withQuery(strings.Replace(kind, "kuery", "query", 1), "", "query = '''"+text+"'''", ""))); r.Stateful != want {
			t.Errorf("%s: stateful %t", text, r.Stateful)
		}
	}
}

func TestSelectors(t *testing.T) {
	for index, want := range map[string]string{
		"logs-endpoint.events.process-*": "endpoint.events.process", "logs-endpoint.events.*": "endpoint.events", "winlogbeat-*": "winlogbeat",
		"logs-*": "", "*": "", "*:logs-aws.cloudtrail*": "aws.cloudtrail", "apm-*-transaction*": "apm", ".alerts-security.*": ".alerts-security",
		"logs-system.security-default": "system.security-default", "": "",
	} {
		if got := dataset(index); got != want {
			t.Errorf("dataset(%q) = %q, want %q", index, got, want)
		}
	}
	r := only(t, parse("x.toml", withQuery("esql", "", "query = '''FROM logs-okta*, logs-aws.cloudtrail-* METADATA _id\n| WHERE a == 1'''", "")))
	if got := selectors(r.Selectors); got != "dataset=okta dataset=aws.cloudtrail" {
		t.Errorf("selectors of ES|QL: %s", got)
	}
	r = only(t, parse("x.toml", withQuery("machine_learning", "", "", "")))
	if got := selectors(r.Selectors); got != "type=machine_learning" {
		t.Errorf("selectors of a machine learning rule: %s", got)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ text, at, message string }{
		{withQuery("eql", "", "query = 1", ""), "1\n", "query must be a text in quotes, found a number"},
		{withQuery("eql", "", "tags = \"a\"\nname = [\"x\"]", ""), `["x"]`, "name must be a text in quotes, found a list"},
		{withQuery("eql", "", "tags = [1]", ""), "1]", "tags must be a list of texts, found a number in it"},
		{withQuery("eql", "", "tags = {a = 1}", ""), "{a", "tags must be a list of texts, found a table"},
		{withQuery("query", `language = "kusto"`, `query = "a:b"`, ""), `"kusto"`, `language "kusto" is none of eql, esql, kuery and lucene`},
		{withQuery("query", "", `query = "a:b"`, "threat = 1"), "1", "threat must be a list of tables, found a number"},
		{withQuery("query", "", `query = "a:b"`, "threat = [1]"), "1]", "threat must be a list of tables, found a number in it"},
		{withQuery("query", "", `query = "a:b"`, "threat = [{tactic = 1}]"), "1}", "tactic must be a table"},
		{withQuery("query", "", `query = "a:b"`, "filters = [{query = 1}]"), "1}", "a query of a filter must be a table"},
		{withQuery("query", "", `query = ""`, ""), "\"\n", "query is empty"},
		{"metadata = 1\n" + withQuery("query", "", `query = "a:b"`, ""), "1\n", "metadata must be a table"},
	} {
		f := parse("x.toml", c.text)
		if len(f.Problems) != 1 {
			t.Errorf("%s: problems %v", c.text, f.Problems)
			continue
		}
		p := f.Problems[0]
		if !strings.HasPrefix(c.text[p.Span.Start:], c.at) || !strings.Contains(p.Message, c.message) || f.Rules[p.RuleIndex].Broken == p.Warning {
			t.Errorf("%s: %q at %q", c.text, p.Message, c.text[p.Span.Start:])
		}
	}
}
