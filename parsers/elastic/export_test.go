package elastic

import (
	"strings"
	"testing"
)

func TestExport(t *testing.T) {
	r := only(t, parse("export.json", soundExport))
	if r.ID.Value != "5b0bb0f8-5d3a-4c5c-9d0c-000000000002" || r.Title.Value != `Exported "Rule"` || values(r.Techniques) != "T1204" || r.Date.Value == "" {
		t.Errorf("rule %+v", r)
	}
	// Files that hold several rules, and what is beside them.
	summary := `{"exported_count":2,"exported_rules_count":2,"missing_rules":[]}`
	exception := `{"_version":"W","list_id":"x","rule_id_of":"\"rule_id\" \"risk_score\"","type":"detection"}`
	for _, c := range []struct {
		name, path, text string
		rules, problems  int
		recognized       bool
	}{
		{"lines", "e.ndjson", soundExport + "\n" + soundExport + "\n" + exception + "\n" + summary + "\n", 2, 0, true},
		{"lines with CRLF and a blank line", "e.ndjson", soundExport + "\r\n\r\n" + soundExport, 2, 0, true},
		{"lines in a .json", "e.json", soundExport + "\n" + soundExport + "\n" + summary, 2, 0, true},
		{"list", "e.json", "[" + soundExport + ",\n" + soundExport + "]", 2, 0, true},
		{"answer of the API", "e.json", `{"page":1,"data":[` + soundExport + `]}`, 1, 0, true},
		{"prebuilt rule of a package", "e.json", `{"attributes":` + soundExport + `,"id":"x_1","type":"security-rule"}`, 1, 0, true},
		{"byte order mark", "e.json", "\ufeff" + soundExport, 1, 0, true},
		{"broken line", "e.ndjson", soundExport + "\n" + soundExport[:400] + "\n" + soundExport, 2, 1, true},
		{"several objects over lines", "e.json", strings.ReplaceAll(soundExport, ",\"", ",\n\"") + "\n" + strings.ReplaceAll(soundExport, ",\"", ",\n\""), 2, 0, true},
		{"no risk score", "e.json", strings.Replace(soundExport, `"risk_score":21,`, "", 1), 1, 0, true},
		{"more than JSON", "e.json", soundExport + "\nend", 1, 1, true},
		{"UTF-16", "e.ndjson", utf16of(soundExport), 0, 1, true},
		{"UTF-16 of something else", "e.ndjson", utf16of("{}"), 0, 0, false},
		{"broken file", "e.json", soundExport[:400], 0, 1, true},
		{"items", "e.json", `{"items":[` + soundExport + `,` + soundExport + `]}`, 2, 0, true},
		{"rules", "e.json", `{"rules":[` + soundExport + `]}`, 1, 0, true},
		{"rule", "e.json", `{"rule":` + soundExport + `}`, 1, 0, true},
		{"saved objects in a list", "e.json", `{"objects":[{"attributes":{"rules":[` + soundExport + `]}}]}`, 1, 0, true},
		{"body of the API", "e.json", strings.Replace(soundExport, `"rule_id":"5b0bb0f8-5d3a-4c5c-9d0c-000000000002",`, "", 1), 1, 0, true},
		{"alert", "e.json", `{"signal":{"rule":` + soundExport + `}}`, 0, 0, false},
		{"rule with comments", "e.json", "// mine\n" + soundExport, 0, 1, true},
		{"settings with comments", "e.json", "{// \"rule_id\" and \"severity\"\n\"a\":[1,/* x */],\n}", 0, 0, false},
		{"broken settings with comments", "e.json", "{// \"rule_id\" and \"severity\"\n\"a\":[1,,,,]}", 0, 1, true},
		{"UTF-16 without a mark", "e.ndjson", utf16of(soundExport)[2:], 0, 1, true},
		{"many broken lines", "e.ndjson", soundExport + strings.Repeat("\nrule", 250), 1, 101, true},
		{"other JSON", "package.json", `{"name":"x","rules":[{"severity":"low"}]}`, 0, 0, false},
		{"broken other JSON", "package.json", `{"name":`, 0, 0, false},
		{"duplicate key", "e.json", strings.Replace(soundExport, `"risk_score":21`, `"risk_score":21,"risk_score":22`, 1), 1, 1, true},
	} {
		f := parse(c.path, c.text)
		if len(f.Rules) != c.rules || len(f.Problems) != c.problems || f.Recognized != c.recognized {
			t.Errorf("%s: %d rules, %v, recognized %v", c.name, len(f.Rules), f.Problems, f.Recognized)
		}
		for i, r := range f.Rules {
			if r.Index != i || r.Title.Value != `Exported "Rule"` {
				t.Errorf("%s: rule %d: %q", c.name, r.Index, r.Title.Value)
			}
		}
	}
}

const savedObject = `{"type":"alert","id":"o","attributes":{"name":"Saved","tags":["t"],"enabled":true,"alertTypeId":"siem.queryRule","schedule":{"interval":"10m"},` +
	`"params":{"ruleId":"5b0bb0f8-5d3a-4c5c-9d0c-000000000003","type":"query","language":"kuery","query":"a.b:c","riskScore":47,"severity":"medium","timestampOverride":"event.ingested",` +
	`"threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution","reference":""},"technique":[{"id":"T1204","name":"User Execution","reference":""}]}]},"references":[]}}`

func TestSavedObject(t *testing.T) {
	for _, path := range []string{"o.ndjson", "o.json"} {
		r := only(t, parse(path, savedObject))
		if r.ID.Value != "5b0bb0f8-5d3a-4c5c-9d0c-000000000003" || r.Title.Value != "Saved" || values(r.Techniques) != "T1204" || describe(r.Condition) != `a.b eq "c"` {
			t.Errorf("rule %+v", r)
		}
		table := r.Syntax.(*Document).Rule
		if table.Get("interval").Text().Value != "10m" || table.Get("timestamp_override") == nil || table.Get("risk_score") == nil {
			t.Errorf("attributes %+v", table)
		}
	}
	if f := parse("o.ndjson", strings.Replace(savedObject, `"type":"query"`, `"type":"threshold-of-metrics"`, 1)); f.Recognized {
		t.Error("an alert of another kind is no rule")
	}
}

// TestManyRules: an answer of the API with all prebuilt rules is read.
func TestManyRules(t *testing.T) {
	f := parse("e.json", `{"data":[`+strings.Repeat(soundExport+",", 12_000)+soundExport+`]}`)
	if len(f.Rules) != 12_001 || len(f.Problems) > 0 {
		t.Errorf("%d rules, problems %v", len(f.Rules), f.Problems)
	}
}
