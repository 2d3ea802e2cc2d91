package kusto

import (
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

const soundScheduled = `id: 01234567-89ab-cdef-0123-456789abcdef
name: Rare thing
description: |
  'It happened.'
severity: Medium
status: Available
requiredDataConnectors:
  - connectorId: X
    dataTypes:
      - SecurityEvent
queryFrequency: 1h
queryPeriod: 14d
triggerOperator: gt
triggerThreshold: 0
tactics:
  - InitialAccess
  - Command and control
  - Vulnerability
relevantTechniques:
  - T1059.001
  - t1078
  - null
tags:
  - Schema: ASIMDns
  - plain
query: |
  SecurityEvent
  | where EventID == 4688 and Process =~ "a.exe"
  | summarize count() by Account
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: Account
version: 1.0.0
kind: Scheduled
`

const soundHunting = `id: 01234567-89ab-cdef-0123-456789abcdef
name: Look for it
description: It may be there.
requiredDataConnectors: []
tactics: [Discovery]
query: |
  T
  | where A has "b"
`

const soundCustom = `{"id":"7506","displayName":"Custom one","isEnabled":true,"createdBy":"kim",
 "queryCondition":{"queryText":"DeviceProcessEvents\r\n| where FileName =~ \"a.exe\""},
 "schedule":{"period":"1H"},
 "detectionAction":{"alertTemplate":{"title":"t","description":"d","severity":"high","category":"Execution","mitreTechniques":["T1059"],"impactedAssets":[]}}}`

const soundTemplate = `{"$schema":"x","resources":[
 {"type":"Microsoft.OperationalInsights/workspaces/providers/alertRules","kind":"Scheduled",
  "name":"[concat(parameters('workspace'),'/Microsoft.SecurityInsights/01234567-89ab-cdef-0123-456789abcdef')]",
  "properties":{"displayName":"One","severity":"Low","query":"T | where A == 1","tactics":["Execution"],"techniques":["T1059"],"queryFrequency":"PT1H"}},
 {"type":"Microsoft.OperationalInsights/workspaces/providers/contentTemplates","properties":{"mainTemplate":{"resources":[
  {"type":"Microsoft.SecurityInsights/AlertRuleTemplates","kind":"NRT","name":"x","properties":{"displayName":"Two","query":"U | where B == 2"}},
  {"type":"Microsoft.OperationalInsights/savedSearches","name":"y","properties":{"category":"Hunting Queries","displayName":"Three","query":"V | where C == 3",
   "tags":[{"name":"description","value":"d"},{"name":"tactics","value":"Discovery, Impact"},{"name":"techniques","value":"T1087,T1485"}]}},
  {"type":"Microsoft.OperationalInsights/savedSearches","name":"z","properties":{"category":"Functions","query":"V"}}]}}},
 {"type":"Microsoft.SecurityInsights/alertRules","kind":"Fusion","name":"f","properties":{"enabled":true}}]}`

const soundScript = "// Find it\n// Severity: High\n// ATT&CK T1059.001\nT\n| where A == 1\n"

const soundMarkdown = "# Rule of the file\n\n## ATT&CK Tags\n\n| T1562 | 001 | Impair |\n\n## Sentinel\n\n```KQL\nT\n| where A == 1\n```\n\n## Defender XDR (T1078)\n\n~~~ kusto\nU | where B == 2\n~~~\n\n```json\n{}\n```\n"

func values(texts []rule.Text) string {
	var out []string
	for _, t := range texts {
		out = append(out, t.Value)
	}
	return strings.Join(out, " ")
}

func TestScheduled(t *testing.T) {
	f := parse("rule.yaml", soundScheduled)
	if !f.Recognized || len(f.Rules) != 1 || len(f.Problems) != 0 {
		t.Fatalf("%d rules, problems %+v", len(f.Rules), f.Problems)
	}
	r := f.Rules[0]
	doc := r.Syntax.(*Document)
	for what, got := range map[string][2]string{
		"id":         {r.ID.Value, "01234567-89ab-cdef-0123-456789abcdef"},
		"title":      {r.Title.Value, "Rare thing"},
		"status":     {r.Status.Value, "Available"},
		"level":      {string(r.Level), "medium"},
		"techniques": {values(r.Techniques), "T1059.001 T1078"},
		"written":    {values(doc.Techniques), "T1059.001 t1078"},
		"tactics":    {values(r.Tactics), "initial-access command-and-control"},
		"tags":       {values(r.Tags), "Schema: ASIMDns plain"},
		"kind":       {string(r.Kind), "detection"},
		"type":       {doc.Type.Value, "Scheduled"},
		"frequency":  {doc.Frequency.Value + " " + doc.Period.Value, "1h 14d"},
		"trigger":    {doc.TriggerOperator.Value + " " + doc.TriggerThreshold.Value, "gt 0"},
		"version":    {doc.Version.Value, "1.0.0"},
		"tables":     {values(doc.KQL.Tables()), "SecurityEvent"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %q, want %q", what, got[0], got[1])
		}
	}
	if names, known := doc.KQL.Columns(); !known || !slices.Equal(names, []string{"Account", "count_"}) {
		t.Errorf("columns %q, known %t", names, known)
	}
	if r.Stateful || r.Broken || doc.EntityMappings == nil || doc.Connectors == nil {
		t.Errorf("stateful %t, broken %t", r.Stateful, r.Broken)
	}
	if len(r.Uses) != 1 || r.Uses[0] != (rule.Use{Kind: rule.Function, Name: "SecurityEvent"}) {
		t.Errorf("uses %+v", r.Uses)
	}
	rule.Walk(r.Condition, func(c rule.Condition) bool {
		if p, ok := c.(*rule.Predicate); ok {
			if got := soundScheduled[p.Field.Span.Start:p.Field.Span.End]; got != p.Field.Value {
				t.Errorf("field %q is found at %q", p.Field.Value, got)
			}
		}
		if b, ok := c.(*rule.Branch); ok {
			for _, s := range b.Selectors {
				if got := soundScheduled[s.Value.Span.Start:s.Value.Span.End]; got != s.Value.Value {
					t.Errorf("table %q is found at %q", s.Value.Value, got)
				}
			}
		}
		return true
	})
}

func TestOtherForms(t *testing.T) {
	for path, c := range map[string]struct{ text, want string }{
		"hunting.yaml": {soundHunting, "hunting|Look for it|01234567-89ab-cdef-0123-456789abcdef|||discovery"},
		"custom.json":  {soundCustom, "detection|Custom one|7506|high|T1059|execution"},
		"arm.json": {soundTemplate, "detection|One|01234567-89ab-cdef-0123-456789abcdef|low|T1059|execution\n" +
			"detection|Two|x|||\nhunting|Three|y||T1087 T1485|discovery impact"},
		"bare.kql": {soundScript, "detection|Find it||high|T1059.001|"},
		"file.md": {soundMarkdown, "detection|Rule of the file — Sentinel|||T1562.001|\n" +
			"detection|Rule of the file — Defender XDR (T1078)|||T1078|"},
		"many.kql": {
			"// One\nT | where A == 1\n\n// Two\nlet x = 2;\n\nU\n| where B == x\n\n| take 5\n",
			"detection|One|||||\ndetection|Two|||||",
		},
		"indented.yaml": {"  " + strings.ReplaceAll(strings.TrimSpace(soundHunting), "\n", "\n  "), "hunting|Look for it|01234567-89ab-cdef-0123-456789abcdef|||discovery"},
		"moved.yaml": {
			"id: 01234567-89ab-cdef-0123-456789abcdef\nname: Old\ndescription: this file is moved to new location x\n",
			"detection|Old|01234567-89ab-cdef-0123-456789abcdef|||",
		},
	} {
		f := parse(path, c.text)
		var got []string
		for _, r := range f.Rules {
			got = append(got, strings.Join([]string{string(r.Kind), r.Title.Value, r.ID.Value, string(r.Level), values(r.Techniques), values(r.Tactics)}, "|"))
			if path == "many.kql" {
				got[len(got)-1] += "|"
			}
			if r.Vendor != rule.Kusto || r.Language != "kusto" || r.Broken {
				t.Errorf("%s: %s %s broken %t", path, r.Vendor, r.Language, r.Broken)
			}
		}
		if strings.Join(got, "\n") != c.want || !f.Recognized || len(f.Problems) > 0 {
			t.Errorf("%s:\n got %s\nwant %s\nproblems %+v", path, strings.Join(got, "\n"), c.want, f.Problems)
		}
	}
}

// TestNotRecognized: files that hold no rules are left alone.
func TestNotRecognized(t *testing.T) {
	for path, text := range map[string]string{
		"workbook.json":  `{"version":"Notebook/1.0","items":[{"type":3,"content":{"query":"SigninLogs | take 5"}}]}`,
		"playbook.json":  `{"resources":[{"type":"Microsoft.Logic/workflows","properties":{"query":"x"}}]}`,
		"connector.json": `{"id":"x","title":"y","graphQueries":[{"baseQuery":"T"}],"sampleQueries":[{"query":"T"}]}`,
		"fusion.json":    `{"resources":[{"type":"Microsoft.SecurityInsights/alertRules","kind":"Fusion","properties":{"enabled":true}}],"query":1}`,
		"compose.yaml":   "services:\n  query:\n    image: x\n",
		"openapi.yaml":   "name: x\nquery: y\n",
		"sigma.yml":      "title: x\nlogsource:\n  product: windows\ndetection:\n  query: x\n  condition: query\n",
		"prose.md":       "# KQL\n\nWe like kusto.\n\n```sh\necho kql\n```\n",
		"empty.kql":      "// nothing yet\n\n",
		"list.yaml":      "- query: x\n- query: y\n",
	} {
		if f := parse(path, text); f.Recognized || len(f.Rules) > 0 || len(f.Problems) > 0 {
			t.Errorf("%s: recognized %t, %d rules, problems %+v", path, f.Recognized, len(f.Rules), f.Problems)
		}
	}
}

// TestProblems: what was meant to be a rule is recognized, and what keeps it
// from being one is reported at its place.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct{ path, text, at, message string }{
		"no query":        {"a.yaml", strings.Split(soundScheduled, "query: |")[0], "Rare thing", "query is missing"},
		"empty query":     {"a.yaml", "name: x\nkind: NRT\ntactics: []\nquery:\nseverity: Low\n", "", "query is empty"},
		"list for query":  {"a.yaml", "name: x\nkind: NRT\ntactics: []\nquery: [T]\n", "[T]", "query must be a text, found a list"},
		"only lets":       {"a.yaml", "name: x\nkind: NRT\ntactics: []\nquery: let a = 1;\n", "let a = 1;", "no statement that returns"},
		"only comments":   {"a.yaml", "name: x\nkind: NRT\ntactics: []\nquery: // T\n", "// T", "no statement that returns"},
		"key twice":       {"a.yaml", "name: x\nkind: NRT\ntactics: []\nquery: T\nquery: U\n", "query", `key "query" stands twice`},
		"mapping":         {"a.yaml", "name: {a: b}\nkind: NRT\ntactics: []\nquery: T\n", "{a: b}", "name must be a text, found a mapping"},
		"broken YAML":     {"a.yaml", "name: x\nqueryFrequency: 1h\ntriggerOperator: gt\nquery: 'T\n", "'", ""},
		"broken JSON":     {"a.json", `{"type":"x/alertRules","properties":{"query":"T" "x"}}`, "", "not JSON"},
		"no query in ARM": {"a.json", `{"type":"x/alertRules","kind":"Scheduled","properties":{"displayName":"x"},"x":"query","query":1}`, `"x"`, "query is missing"},
		"unclosed fence":  {"a.md", "# x\n\n```kql\nT | take 5\n", "```kql", "fenced block is never closed"},
	} {
		f := parse(c.path, c.text)
		if !f.Recognized || len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Message, c.message) {
			t.Errorf("%s: recognized %t, problems %+v, want %q", name, f.Recognized, f.Problems, c.message)
			continue
		}
		if sp := f.Problems[0].Span; c.at != "" && !strings.HasPrefix(c.text[sp.Start:sp.End], c.at) {
			t.Errorf("%s: at %q, want %q", name, c.text[sp.Start:sp.End], c.at)
		}
	}
}

func TestFunction(t *testing.T) {
	f := parse("f.yaml", "Function:\n  Title: x\nFunctionName: Long\nFunctionAlias: Short\nFunctionQuery: |\n  T | where A == 1\n")
	if !f.Recognized || len(f.Rules) != 0 || len(f.Definitions) != 1 {
		t.Fatalf("%+v", f)
	}
	d := f.Definitions[0]
	if d.Kind != rule.Function || d.Name != "Short" || d.Text != "T | where A == 1\n" || d.Line != 4 {
		t.Errorf("%+v", d)
	}
}

func TestNotUTF8(t *testing.T) {
	for path, text := range map[string]string{"a.kql": "T", "a.json": soundCustom} {
		wide := "\xFF\xFE"
		for _, c := range []byte(text) {
			wide += string([]byte{c, 0})
		}
		if f := parse(path, wide); !f.Recognized || len(f.Problems) != 1 {
			t.Errorf("%s: %+v", path, f.Problems)
		}
	}
}
