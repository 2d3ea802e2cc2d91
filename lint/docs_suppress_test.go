package lint

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// exampleExport is a rule as Kibana exports it, exampleTemplate one in an ARM
// template; what is to stand in the rule goes where the mark is. exampleStanza
// is one of savedsearches.conf.
const (
	exampleStanza = "[A Rule]\naction.correlationsearch.enabled = 1\naction.correlationsearch.label = A Rule\n" +
		"search = index=main process_name IN (\"a\", \"b\", \"a\") | stats count by dest\n"
	exampleExport = `{MARK, "rule_id": "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae03", "name": "Exported", "description": "A test.", "type": "query",
"language": "kuery", "severity": "low", "risk_score": 21, "query": "process.name: (\"a\" or \"b\" or \"a\")", "index": ["logs-*"]}`
	exampleTemplate = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": [{MARK,
"type": "Microsoft.OperationalInsights/workspaces/providers/alertRules", "kind": "Scheduled", "apiVersion": "2023-02-01",
"properties": {"displayName": "A Rule", "severity": "Low", "tactics": ["Execution"], "queryFrequency": "PT1H", "queryPeriod": "PT1H",
"triggerOperator": "GreaterThan", "triggerThreshold": 0, "query": "DeviceProcessEvents\n| where FileName in~ (\"a\", \"b\", \"a\")"}}]}`
)

// TestSuppressionsOfPages: what a page says to write passes over the finding of
// its example, in each format, and a suppression that is not there does not.
func TestSuppressionsOfPages(t *testing.T) {
	c := redundantPredicateCheck
	more := c.More()
	snippets := map[string]string{}
	for _, s := range c.snippets() {
		for _, mark := range []string{hash, slashes, ticks, "{", `"` + directiveKey, `"meta`} {
			if strings.HasPrefix(s.text, mark) {
				snippets[mark] = s.text
			}
		}
	}
	top := func(text string) string { return snippets[hash] + "\n" + text }
	for _, test := range []struct{ name, path, text, with string }{
		{"Sigma, at the top", "a.yml", c.Bad, top(c.Bad)},
		{"Sigma, at the end of the line", "a.yml", c.Bad, last(c.Bad, "' --pack'\n", "' --pack' "+snippets[hash]+"\n")},
		{"Sigma, above the line", "a.yml", c.Bad, last(c.Bad, "            - ' --pack'\n", "            "+snippets[hash]+"\n            - ' --pack'\n")},
		{"TOML, at the top", "a.toml", more[0].Bad, top(more[0].Bad)},
		{"TOML, above the query", "a.toml", more[0].Bad, strings.Replace(more[0].Bad, "query =", snippets[hash]+"\nquery =", 1)},
		{"EQL", "a.toml", more[0].Bad, strings.Replace(more[0].Bad, "process where", snippets[slashes]+"\nprocess where", 1)},
		{"ES|QL", "a.toml", more[2].Bad, strings.Replace(more[2].Bad, "from logs-", snippets[slashes]+"\nfrom logs-", 1)},
		{"contentctl, at the top", "a.yml", more[3].Bad, top(more[3].Bad)},
		{"stanza", "savedsearches.conf", exampleStanza, strings.Replace(exampleStanza, "[", snippets[hash]+"\n[", 1)},
		{"line of a stanza", "savedsearches.conf", exampleStanza, strings.Replace(exampleStanza, "search =", snippets[hash]+"\nsearch =", 1)},
		{"SPL", "a.yml", more[3].Bad, strings.Replace(more[3].Bad, "Processes where", "Processes where "+snippets[ticks], 1)},
		{"Sentinel, at the top", "a.yaml", more[4].Bad, top(more[4].Bad)},
		{"KQL", "a.yaml", more[4].Bad, strings.Replace(more[4].Bad, "  DeviceProcessEvents\n  |", "  "+snippets[slashes]+"\n  DeviceProcessEvents\n  |", 1)},
		{"export", "a.json", strings.Replace(exampleExport, "MARK, ", "", 1), strings.Replace(exampleExport, "MARK", snippets[`"meta`], 1)},
		{"template", "a.json", strings.Replace(exampleTemplate, "MARK,", "", 1), strings.Replace(exampleTemplate, "MARK", snippets[`"`+directiveKey], 1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.with == test.text {
				t.Fatal("the suppression is not there")
			}
			if strings.HasSuffix(test.path, ".json") && !json.Valid([]byte(test.with)) {
				t.Fatalf("no JSON: %s", test.with)
			}
			if found, passed := counts(t, c, test.path, test.text); found == 0 || passed != 0 {
				t.Errorf("without a suppression %d are found, %d passed over", found, passed)
			}
			if found, passed := counts(t, c, test.path, test.with); found == 0 || passed != found {
				t.Errorf("with a suppression %d are found, %d passed over:\n%s", found, passed, test.with)
			}
		})
	}
}

// last replaces the last one of a text.
func last(text, old, put string) string {
	i := strings.LastIndex(text, old)
	if i < 0 {
		return text
	}
	return text[:i] + put + text[i+len(old):]
}

// counts tells how many findings a check has in a file, and how many of them
// are suppressed.
func counts(t *testing.T, c *Check, path, text string) (found, passed int) {
	t.Helper()
	l := &Linter{checks: []*Check{c, suppressionCheck}}
	f := parsers.Parse("rules/"+path, []byte(text), nil)
	for _, p := range f.Problems {
		t.Errorf("the file cannot be read: %s", p.Message)
	}
	findings := l.File(f, normalize.Normalized(f.Rules))
	s := ReadSuppressions(f)
	s.Apply(about(findings, f.Source.Path), snippetUntil)
	for _, one := range findings {
		if one.Check == c.ID {
			found++
			if one.Suppressed != nil && one.Suppressed.Reason == snippetReason && one.Suppressed.Until == snippetUntil {
				passed++
			}
		}
	}
	for _, one := range l.Findings(s, snippetUntil, nil) {
		t.Errorf("%s", one.Message)
	}
	return found, passed
}

// TestSnippetsOfVendors: a page has the comments of the formats that its check
// looks at, and no others.
func TestSnippetsOfVendors(t *testing.T) {
	for check, want := range map[*Check]string{
		unusedSelectionCheck: "#", bareTermCheck: "# # ```", singleEqualsCheck: `# // "detlint`, deprecatedStateCheck: `# // "meta`,
		deadPathCheck: "# // # ``` \"meta \"detlint",
	} {
		var marks []string
		for _, s := range check.snippets() {
			mark, _, _ := strings.Cut(s.text, " ")
			mark, _, _ = strings.Cut(mark, `":`)
			if strings.HasPrefix(mark, ticks) {
				mark = ticks
			}
			marks = append(marks, mark)
		}
		if got := strings.Join(marks, " "); got != want {
			t.Errorf("%s: %s, want %s", check.ID, got, want)
		}
	}
}
