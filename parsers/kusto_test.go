package parsers_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/detlint/detlint/parsers"
)

const kustoRule = `id: 0f1e2d3c-4b5a-4678-9abc-def012345678
name: Tool started
severity: Medium
queryFrequency: 1h
queryPeriod: 1h
tactics: [Execution]
relevantTechniques: [T1059]
query: |
  DeviceProcessEvents | where FileName =~ "x.exe"
kind: Scheduled
`

const kustoResource = `{"resources": [{
  "type": "Microsoft.OperationalInsights/workspaces/providers/alertRules", "name": "n", "kind": "Scheduled",
  "properties": {"displayName": "x", "query": "T | where A == 1", "queryFrequency": "PT1H"}
}]}`

const customDetection = `{"displayName": "x", "queryCondition": {"queryText": "T | where A == 1"},
  "detectionAction": {"alertTemplate": {"title": "x"}}}`

const hunt = `{"type": "savedSearches", "name": "x",
  "properties": {"category": "Hunting Queries", "query": "T | where A == 1"}}`

func toUTF16(s string) string {
	out := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return string(out)
}

// indented puts blanks in front of every line.
func indented(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ") + "\n"
}

// TestKustoIsNotLost reads files with a slip in them: each gives a rule or a
// problem, and never nothing.
func TestKustoIsNotLost(t *testing.T) {
	const missing = "is missing, expected the text of a Kusto query"
	swap := strings.ReplaceAll
	block := "```kql\nT | where A == 1\n```\n"
	for name, c := range map[string]struct {
		path, text string
		rules      int
		problem    string
	}{
		"misspelled query":                  {"r.yaml", swap(kustoRule, "query:", "qurey:"), 1, missing},
		"misspelled kind":                   {"r.yaml", swap(kustoRule, "Scheduled", "Sheduled"), 1, ""},
		"blank before the colon":            {"r.yaml", "name: h\ntactics: [Execution]\n\"query\" : T | where A == 1\n", 1, ""},
		"no name":                           {"r.yaml", "tactics: [Execution]\nrelevantTechniques: [T1059]\nquery: T | where A == 1\n", 1, ""},
		"only an id":                        {"r.yaml", "id: 0f1e2d3c-4b5a-4678-9abc-def012345678\nname: h\nquery: T | where A == 1\n", 1, ""},
		"in a list":                         {"r.yaml", "-" + indented(kustoRule)[1:], 0, "stands in a list"},
		"not YAML":                          {"r.yaml", swap(kustoRule, "name: ", "name: \""), 0, "closing quote"},
		"not YAML, indented":                {"r.yaml", indented(swap(kustoRule, "name: ", "name: \"")), 0, "closing quote"},
		"not YAML, quoted keys":             {"r.yaml", swap(swap(swap(kustoRule, "name: ", "name: \""), "queryPeriod:", "\"queryPeriod\":"), "tactics:", "'tactics' :"), 0, "closing quote"},
		"misspelled queryCondition":         {"r.yaml", "queryConditon: {queryText: T}\ndetectionAction: {alertTemplate: {title: x}}\n", 1, missing},
		"misspelled query in JSON":          {"r.json", swap(kustoResource, `"query"`, `"qurey"`), 1, missing},
		"misspelled kind, no query":         {"r.json", swap(swap(kustoResource, `"query"`, `"qurey"`), "Scheduled", "Sheduled"), 1, missing},
		"misspelled properties":             {"r.json", swap(kustoResource, "properties", "propertes"), 1, missing},
		"misspelled type":                   {"r.json", swap(kustoResource, "alertRules", "alertRule"), 1, ""},
		"type that is an expression":        {"r.json", swap(kustoResource, "/alertRules", "/', 'alertRules')]"), 1, ""},
		"no type":                           {"r.json", swap(kustoResource, `"type"`, `"typ"`), 1, ""},
		"misspelled queryCondition in JSON": {"r.json", swap(customDetection, "queryCondition", "queryConditon"), 1, missing},
		"misspelled queryText":              {"r.json", swap(customDetection, "queryText", "qureyText"), 1, missing},
		"saved search":                      {"r.json", hunt, 1, ""},
		"saved search without a query":      {"r.json", swap(hunt, `"query"`, `"qurey"`), 1, missing},
		"category in other case":            {"r.json", swap(hunt, "Hunting Queries", "Hunting queries"), 1, ""},
		"UTF-16 Markdown":                   {"r.md", toUTF16("# T\n" + block), 0, "UTF-16"},
		"block in a list":                   {"r.md", "1. a\n\n    " + swap(block, "\n", "\n    "), 1, ""},
		"block after a mark":                {"r.md", "- " + swap(block, "\n", "\n  "), 1, ""},
		"block after a tab":                 {"r.md", "* a\n\n\t" + swap(block, "\n", "\n\t"), 1, ""},
		"block in a quotation":              {"r.md", "> " + swap(strings.TrimSpace(block), "\n", "\n> "), 0, "in a quotation"},
		"options with a comma":              {"r.md", swap(block, "kql", "kusto,linenos"), 1, ""},
		"csl":                               {"r.md", swap(block, "kql", "csl"), 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := parsers.Parse(c.path, []byte(c.text), nil)
			var messages []string
			for _, p := range f.Problems {
				messages = append(messages, p.Message)
			}
			got := strings.Join(messages, "; ")
			if len(f.Rules) != c.rules || (c.problem == "") != (got == "") || !strings.Contains(got, c.problem) {
				t.Errorf("%d rules and problems %q, expected %d and %q", len(f.Rules), got, c.rules, c.problem)
			}
		})
	}
}
