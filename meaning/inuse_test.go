package meaning

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

const (
	inUseSigma   = "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nstatus: test\nlogsource: {product: windows}\ndetection: {s: {A: 1}, condition: s}\n"
	inUseElastic = "[metadata]\nmaturity = \"production\"\n[rule]\nname = \"T\"\nrule_id = \"5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a103\"\ntype = \"eql\"\nquery = \"process where true\"\n"
	inUseExport  = `{"rule_id":"5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a103","name":"T","type":"query","language":"kuery","query":"a: b","index":["x"],"risk_score":1,"severity":"low","description":"d","enabled":true}`
	inUseConf    = "[T]\nsearch = index=a b=1 earliest=-1h\naction.notable = 1\ncron_schedule = 0 * * * *\ndispatch.earliest_time = -70m\nalert_threshold = 3\ndisabled = 0\n"
	inUseContent = "name: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a006\nstatus: production\ntype: TTP\nsearch: index=a b=1 earliest=-1h\nhow_to_implement: x\nknown_false_positives: x\ntags: {mitre_attack_id: [T1059]}\n"
	inUseYAML    = "id: 5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a137\nname: T\nkind: Scheduled\nseverity: Low\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: [Execution]\nquery: |\n  SigninLogs\n  | where UserPrincipalName == 'x'\n"
	inUseARM     = `{"resources": [{"type": "Microsoft.SecurityInsights/alertRules", "kind": "Scheduled", "properties": {"displayName": "T", "enabled": true, "query": "SigninLogs | where UserPrincipalName == 'x'", "queryFrequency": "PT1H", "queryPeriod": "PT1H", "triggerOperator": "GreaterThan", "triggerThreshold": 0}}]}`
)

// at reads the one rule of a file.
func at(t *testing.T, path, text string) *normalize.Rule {
	t.Helper()
	f := parsers.Parse(path, []byte(text), nil)
	if len(f.Rules) != 1 {
		t.Fatalf("%d rules in:\n%s", len(f.Rules), text)
	}
	return normalize.Normalize(f.Rules[0])
}

// TestSwitched: a rule that is switched off or retired is never said to be the
// same, nor to differ in metadata alone.
func TestSwitched(t *testing.T) {
	tests := []struct {
		name, path, text, old, now string
		off, on                    string
	}{
		{"Sigma", "a.yml", inUseSigma, "status: test", "status: deprecated", "retired", "in use again"},
		{"Sigma, unsupported", "a.yml", inUseSigma, "status: test", "status: unsupported", "retired", "in use again"},
		{"Elastic, deprecated", "a.toml", inUseElastic, "production", "deprecated", "retired", "in use again"},
		{"Elastic, development", "a.toml", inUseElastic, "production", "development", "out of production", "into production"},
		{"Kibana", "a.ndjson", inUseExport, "true", "false", "switched off", "switched on"},
		{"savedsearches.conf", "default/savedsearches.conf", inUseConf, "disabled = 0", "disabled = 1", "switched off", "switched on"},
		{"scheduler", "default/savedsearches.conf", inUseConf, "disabled = 0", "enableSched = 0", "switched off", "switched on"},
		{"Splunk", "a.yml", inUseContent, "status: production", "status: deprecated", "retired", "in use again"},
		{"ARM template", "a.json", inUseARM, `"enabled": true`, `"enabled": false`, "switched off", "switched on"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(tt.text, tt.old) {
				t.Fatalf("%q is not in the rule", tt.old)
			}
			before, after := at(t, tt.path, tt.text), at(t, tt.path, strings.Replace(tt.text, tt.old, tt.now, 1))
			for _, way := range []struct {
				c    *Change
				want string
			}{{Compare(before, after), tt.off}, {Compare(after, before), tt.on}} {
				if way.c.Switched != way.want || way.c.Verdict != Same || way.c.MetadataOnly || way.c.RenamedOnly {
					t.Errorf("%q, want %q: %+v", way.c.Switched, way.want, way.c)
				}
			}
		})
	}
	moved := Compare(at(t, "rules/a.yml", inUseSigma), at(t, "deprecated/a.yml", inUseSigma))
	if moved.Switched != "retired" || moved.RenamedOnly || moved.Summary != "by the folder it is in" {
		t.Errorf("a rule in a folder for old ones: %+v", moved)
	}
	both := Compare(at(t, "a.yml", inUseSigma), at(t, "a.yml", strings.NewReplacer("test", "deprecated", "A: 1", "A: [1, 2]").Replace(inUseSigma)))
	if both.Verdict != Wider || both.Summary != "one alternative added, retired" {
		t.Errorf("wider and retired: %s %q", both.Verdict, both.Summary)
	}
	if c := Compare(at(t, "a.yml", inUseSigma), at(t, "a.yml", strings.Replace(inUseSigma, "status: test", "status: stable", 1))); c.Switched != "" || !c.MetadataOnly {
		t.Errorf("another status: %+v", c)
	}
}

// TestLimits: a change of when a rule looks, or alerts, is never called the
// same, although its condition is.
func TestLimits(t *testing.T) {
	tests := []struct{ name, path, text, old, now, reason string }{
		{"earliest", "a.yml", inUseContent, "earliest=-1h", "earliest=-24h", `the time it looks at, or when it alerts, has changed from "earliest=-1h" to "earliest=-24h"`},
		{"latest", "a.yml", inUseContent, "earliest=-1h", "earliest=-1h latest=now", `the time it looks at, or when it alerts, is now limited by "latest=now"`},
		{"no earliest", "a.yml", inUseContent, " earliest=-1h", "", `the time it looks at, or when it alerts, is no longer limited by "earliest=-1h"`},
		{"in a stanza", "default/savedsearches.conf", inUseConf, "earliest=-1h", "earliest=-2h", `the time it looks at, or when it alerts, has changed from "earliest=-1h" to "earliest=-2h"`},
		{"dispatch", "default/savedsearches.conf", inUseConf, "-70m", "-10m", `the time it looks at, or when it alerts, has changed from "dispatch.earliest_time=-70m" to "dispatch.earliest_time=-10m"`},
		{"threshold", "default/savedsearches.conf", inUseConf, "alert_threshold = 3", "alert_threshold = 30", `the time it looks at, or when it alerts, has changed from "alert_threshold=3" to "alert_threshold=30"`},
		{"period", "a.yaml", inUseYAML, "queryPeriod: 1h", "queryPeriod: 1d", `the time it looks at, or when it alerts, has changed from "queryPeriod 1h" to "queryPeriod 1d"`},
		{"trigger", "a.yaml", inUseYAML, "triggerThreshold: 0", "triggerThreshold: 5", `what it counts, orders or computes has changed from "triggerThreshold 0" to "triggerThreshold 5"`},
		{"window", "a.yaml", inUseYAML, "== 'x'", "== 'x' and TimeGenerated > ago(1h)", `the time it looks at, or when it alerts, is now limited by "TimeGenerated > ago(1h)"`},
	}
	for _, tt := range tests {
		if !strings.Contains(tt.text, tt.old) {
			t.Fatalf("%q is not in the rule", tt.old)
		}
		c := Compare(at(t, tt.path, tt.text), at(t, tt.path, strings.Replace(tt.text, tt.old, tt.now, 1)))
		if c.Verdict != Unknown || c.Reason != tt.reason {
			t.Errorf("%s: %s (%s), want %q", tt.name, c.Verdict, c.Reason, tt.reason)
		}
	}
	for _, tt := range []struct{ name, path, text, old, now, attribute string }{
		{"cron", "default/savedsearches.conf", inUseConf, "0 * * * *", "0 0 * * *", "cron_schedule"},
		{"frequency", "a.yaml", inUseYAML, "queryFrequency: 1h", "queryFrequency: 30m", "queryFrequency"},
	} {
		c := Compare(at(t, tt.path, tt.text), at(t, tt.path, strings.Replace(tt.text, tt.old, tt.now, 1)))
		if c.Verdict != Same || c.MetadataOnly || !c.has(tt.attribute) {
			t.Errorf("%s: %+v", tt.name, c)
		}
	}
}
