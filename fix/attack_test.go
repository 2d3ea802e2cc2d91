package fix

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/lint"
)

// mover fixes what moves rules to the current version of ATT&CK, as the command
// does.
func mover(t *testing.T, version string) *Fixer {
	x := fixer(t, "revoked-technique", "retired-tactic")
	x.Linter.Configure(&lint.Settings{ATTACK: version})
	x.Linter.Move()
	return x
}

const elasticHead = `[metadata]
maturity = "production"

[rule]
name = "Moved"
rule_id = "5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a133"
type = "eql"
tags = ["OS: Linux", "Tactic: Defense Evasion"] # tags
query = '''
process where process.name == "T1562"
'''
`

// threat writes an entry of a mapping.
func threat(tactic, name string, techniques ...string) string {
	return "\n[[rule.threat]]\nframework = \"MITRE ATT&CK\"\n" + strings.Join(techniques, "") +
		"\n\n[rule.threat.tactic]\nid = \"" + tactic + "\"\nname = \"" + name + "\" # why\nreference = \"https://attack.mitre.org/tactics/" + tactic + "/\"\n"
}

func technique(id, name string) string { return named("technique", id, name) }
func sub(id, name string) string       { return named("technique.subtechnique", id, name) }

func named(key, id, name string) string {
	return "\n[[rule.threat." + key + "]]\nid = \"" + id + "\"\nname = \"" + name + "\"\nreference = \"https://attack.mitre.org/techniques/" + strings.ReplaceAll(id, ".", "/") + "/\"\n"
}

var (
	impair   = technique("T1562", "Impair Defenses")
	tools    = technique("T1685", "Disable or Modify Tools")
	impaired = strings.Replace(elasticHead, "Tactic: Defense Evasion", "Tactic: Defense Impairment", 1)
	stealth  = strings.Replace(elasticHead, "Tactic: Defense Evasion", "Tactic: Stealth", 1)
)

// TestMoveElastic: id, name, address, tactic and tag of a mapping change
// together, and nothing else does.
func TestMoveElastic(t *testing.T) {
	const evasion, evasionName, impairment, impairmentName = "TA0005", "Defense Evasion", "TA0112", "Defense Impairment"
	elevation := technique("T1548", "Abuse Elevation Control Mechanism")
	escalation := threat("TA0004", "Privilege Escalation", elevation, sub("T1548.003", "Sudo and Sudo Caching"))
	bare := func(entry string) string { return strings.ReplaceAll(entry, " # why", "") }
	untagged := strings.Replace(elasticHead, `, "Tactic: Defense Evasion"`, "", 1)
	tests := []struct {
		name, before, after string
		open                string // what is left to people
	}{
		{
			"a technique", elasticHead + threat(evasion, evasionName, impair),
			impaired + threat(impairment, impairmentName, tools), "",
		},
		{
			"a sub-technique that became the technique", elasticHead + threat(evasion, evasionName, impair, sub("T1562.001", "Disable or Modify Tools")),
			impaired + threat(impairment, impairmentName, tools), "",
		},
		{
			"a sub-technique of the successor", elasticHead + threat(evasion, evasionName, impair, sub("T1562.008", "Disable or Modify Cloud Logs")),
			impaired + threat(impairment, impairmentName, tools, sub("T1685.002", "Disable or Modify Cloud Log")), "",
		},
		{
			"two sub-techniques, one of which is the technique now", elasticHead + threat(evasion, evasionName, impair, sub("T1562.001", "Disable or Modify Tools"), sub("T1562.002", "Disable Windows Event Logging")),
			impaired + threat(impairment, impairmentName, tools, sub("T1685.001", "Disable or Modify Windows Event Log")), "",
		},
		{
			"the technique follows its sub-technique", elasticHead + threat(evasion, evasionName, impair, sub("T1562.007", "Disable or Modify Cloud Firewall")),
			impaired + threat(impairment, impairmentName, technique("T1686", "Disable or Modify System Firewall"), sub("T1686.001", "Cloud Firewall")), "",
		},
		{
			"a technique that became a sub-technique", elasticHead + threat(evasion, evasionName, technique("T1107", "File Deletion")),
			stealth + threat("TA0005", "Stealth", technique("T1070", "Indicator Removal"), sub("T1070.004", "File Deletion")), "",
		},
		{
			"the successor is there", elasticHead + threat(evasion, evasionName, technique("T1089", "Disabling Security Tools"), impair),
			impaired + threat(impairment, impairmentName, tools), "",
		},
		{
			"a tactic alone", elasticHead + threat(evasion, evasionName, technique("T1070", "Indicator Removal")),
			stealth + threat("TA0005", "Stealth", technique("T1070", "Indicator Removal")), "",
		},
		{
			"an entry of another tactic", elasticHead + threat("TA0003", "Persistence", technique("T1574", "Hijack Execution Flow"), sub("T1574.002", "DLL Side-Loading")),
			elasticHead + threat("TA0003", "Persistence", technique("T1574", "Hijack Execution Flow"), sub("T1574.001", "DLL")), "",
		},
		{
			"two tactics", elasticHead + threat(evasion, evasionName, impair, technique("T1070", "Indicator Removal")), "",
			"of Stealth and Defense Impairment, T1685 belongs to Defense Impairment, T1070 belongs to Stealth; divide the entry by hand",
		},
		{
			"a technique that belongs to neither", elasticHead + threat(evasion, evasionName, elevation), "",
			"of Stealth and Defense Impairment, T1548 belongs to neither, but to Privilege Escalation; move the entry by hand",
		},
		{
			"one that belongs to neither and stands where it belongs", elasticHead + escalation + bare(threat(evasion, evasionName, elevation, sub("T1548.003", "Sudo and Sudo Caching"))),
			untagged + escalation, "",
		},
		{
			"the same in another order", elasticHead + bare(threat(evasion, evasionName, elevation)) + escalation,
			untagged + escalation, "",
		},
		{
			"one of two that stands where it belongs", elasticHead + escalation + bare(threat(evasion, evasionName, elevation, technique("T1070", "Indicator Removal"))), "",
			"of Stealth and Defense Impairment, T1548 belongs to neither, but to Privilege Escalation, T1070 belongs to Stealth; divide the entry by hand",
		},
		{
			"a comment in the entry that would go", elasticHead + escalation + threat(evasion, evasionName, elevation), "",
			"the entry has comments, remove it by hand",
		},
		{
			"a tactic without a technique", elasticHead + threat(evasion, evasionName), "",
			"the entry has no technique that says which of Stealth and Defense Impairment is meant, decide by hand",
		},
		{
			"sub-techniques that go apart", elasticHead + threat(evasion, evasionName, impair, sub("T1562.001", "x"), sub("T1562.004", "y")), "",
			"the sub-techniques under T1562 now belong to different techniques, move them by hand",
		},
		{
			"an entry for the tactic is there", elasticHead + threat(evasion, evasionName, impair) + threat(impairment, impairmentName), "",
			"the rule has an entry for Defense Impairment already, put the two together by hand",
		},
		{
			"a comment in what would go", elasticHead + threat(evasion, evasionName, impair, strings.Replace(sub("T1562.001", "Disable or Modify Tools"), "\nname", " # kept\nname", 1)), "",
			"T1562.001 has comments, remove it by hand",
		},
		{
			"tables in one line",
			elasticHead + `threat = [{ framework = "MITRE ATT&CK", technique = [{ id = "T1562", name = "Impair Defenses", subtechnique = [{ id = "T1562.001", name = "Disable or Modify Tools" }, { id = "T1562.002" }] }], tactic = { id = "TA0005", name = "Defense Evasion" } }]` + "\n",
			impaired + `threat = [{ framework = "MITRE ATT&CK", technique = [{ id = "T1685", name = "Disable or Modify Tools", subtechnique = [{ id = "T1685.001" }] }], tactic = { id = "TA0112", name = "Defense Impairment" } }]` + "\n", "",
		},
	}
	for _, tt := range tests {
		for end, turn := range map[string]func(string) string{
			"LF":   func(s string) string { return s },
			"CRLF": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		} {
			t.Run(tt.name+" "+end, func(t *testing.T) {
				r := mover(t, "").File("rules/a.toml", []byte(turn(tt.before)))
				want := tt.after
				if tt.open != "" {
					want = tt.before
					if len(r.Open) == 0 || !strings.HasPrefix(r.Open[0].Hint, tt.open) {
						t.Errorf("open %+v, want %q", r.Open, tt.open)
					}
				} else if len(r.Open)+len(r.Left) > 0 || len(r.Fixed) == 0 {
					t.Errorf("fixed %d, open %+v, left %+v", len(r.Fixed), r.Open, r.Left)
				}
				if diff := cmp.Diff(turn(want), string(r.After)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
	pinned := elasticHead + threat(evasion, evasionName, impair)
	if r := mover(t, attack.Older).File("rules/a.toml", []byte(pinned)); r.Changed() || len(r.Open) > 0 {
		t.Errorf("a rule that stays with v18 was moved: %s", r.After)
	}
	older := elasticHead + threat(evasion, evasionName, technique("T1089", "Disabling Security Tools"))
	within := elasticHead + threat(evasion, evasionName, impair, sub("T1562.001", "Disable or Modify Tools"))
	if r := mover(t, attack.Older).File("rules/a.toml", []byte(older)); string(r.After) != within {
		t.Errorf("moved within v18 (-want +got): %s", cmp.Diff(within, string(r.After)))
	}
}

// TestMoveExport: the same in what Kibana exports, on one line each or laid out.
func TestMoveExport(t *testing.T) {
	const rule = `{"rule_id":"5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a134","name":"A","type":"query","language":"kuery","query":"a: \"T1562\"","index":["logs-*"],` +
		`"risk_score":21,"severity":"low","description":"d","tags":["Tactic: Defense Evasion"],"threat":[{"framework":"MITRE ATT&CK",` +
		`"tactic":{"id":"TA0005","name":"Defense Evasion","reference":"https://attack.mitre.org/tactics/TA0005/"},` +
		`"technique":[{"id":"T1562","name":"Impair Defenses","reference":"https://attack.mitre.org/techniques/T1562/","subtechnique":[` +
		`{"id":"T1562.001","name":"Disable or Modify Tools","reference":"https://attack.mitre.org/techniques/T1562/001/"},` +
		`{"id":"T1562.008","name":"Disable or Modify Cloud Logs","reference":"https://attack.mitre.org/techniques/T1562/008/"}]}]}]}`
	const want = `{"rule_id":"5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a134","name":"A","type":"query","language":"kuery","query":"a: \"T1562\"","index":["logs-*"],` +
		`"risk_score":21,"severity":"low","description":"d","tags":["Tactic: Defense Impairment"],"threat":[{"framework":"MITRE ATT&CK",` +
		`"tactic":{"id":"TA0112","name":"Defense Impairment","reference":"https://attack.mitre.org/tactics/TA0112/"},` +
		`"technique":[{"id":"T1685","name":"Disable or Modify Tools","reference":"https://attack.mitre.org/techniques/T1685/","subtechnique":[` +
		`{"id":"T1685.002","name":"Disable or Modify Cloud Log","reference":"https://attack.mitre.org/techniques/T1685/002/"}]}]}]}`
	indent := func(s string) string {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		var v json.RawMessage = []byte(s)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	other := strings.Replace(rule, "a134", "a135", 1)
	otherWant := strings.Replace(want, "a134", "a135", 1)
	for name, c := range map[string][3]string{
		"a line each": {"export.ndjson", rule + "\n" + other + "\n", want + "\n" + otherWant + "\n"},
		"laid out":    {"rule.json", indent(rule), indent(want)},
	} {
		r := mover(t, "").File(c[0], []byte(c[1]))
		if diff := cmp.Diff(c[2], string(r.After)); diff != "" || len(r.Open)+len(r.Left) > 0 {
			t.Errorf("%s: open %+v, left %+v (-want +got):\n%s", name, r.Open, r.Left, diff)
		}
	}
}

// TestMoveIDs: where ids stand alone, as in rules of Splunk and Microsoft, one
// is put in the place of another, and of two that become one, one stays.
func TestMoveIDs(t *testing.T) {
	const splunk = `name: Moved
id: 5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a136
version: 1
date: '2026-01-01'
author: A
status: production
type: TTP
description: T1562 in a text stays
search: index=a "T1562" | stats count by dest
how_to_implement: x
known_false_positives: x
tags:
  mitre_attack_id: IDS
  security_domain: endpoint
`
	const conf = `[Moved]
search = index=a T1562
action.correlationsearch.enabled = 1
action.correlationsearch.annotations = {"cis20": ["CIS 10"], "mitre_attack": IDS}
`
	const sentinel = `id: 5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a137
name: Moved
kind: Scheduled
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics:
  - Persistence
relevantTechniques: IDS
query: |
  SigninLogs
  | where UserPrincipalName == "T1100"
`
	const template = `{"resources": [{"type": "Microsoft.SecurityInsights/alertRules", "kind": "Scheduled", "properties": {
  "displayName": "Moved", "query": "SigninLogs | where UserPrincipalName == 'T1100'", "tactics": ["Persistence"],
  "techniques": IDS
}}]}
`
	tests := []struct{ name, path, text, before, after string }{
		{"a block list", "a.yml", splunk, "\n  - T1562.004 # why\n  - T1059", "\n  - T1686 # why\n  - T1059"},
		{"two that become one", "a.yml", splunk, "\n  - T1562.001\n  - T1562", "\n  - T1685"},
		{"two in one line", "a.yml", splunk, "[T1562.001, 'T1059', T1562]", "[T1685, 'T1059']"},
		{"the first of a line", "a.yml", splunk, "[T1562, T1685]", "[T1685]"},
		{"annotations", "default/savedsearches.conf", conf, `["T1562.001", "T1059", "T1562"]`, `["T1685", "T1059"]`},
		{"the first of annotations", "default/savedsearches.conf", conf, `["T1562", "T1685"]`, `["T1685"]`},
		{"Sentinel", "a.yaml", sentinel, "\n  - T1100\n  - T1098", "\n  - T1505.003\n  - T1098"},
		{"of Sentinel two", "a.yaml", sentinel, "\n  - T1505.003\n  - 'T1100'", "\n  - T1505.003"},
		{"Sentinel has no technique of v19", "a.yaml", sentinel, "[T1562.001]", "[T1562.001]"},
		{"a template has its own list of sub-techniques", "a.json", template, `["T1100"]`, `["T1505"], "subTechniques": ["T1505.003"]`},
		{"which may be there", "a.json", template, `["T1098", "T1100"], "subTechniques": ["T1098.001"]`, `["T1098", "T1505"], "subTechniques": ["T1098.001", "T1505.003"]`},
		{"with all of it", "a.json", template, `["T1100", "T1505"], "subTechniques": ["T1505.003"]`, `["T1505"], "subTechniques": ["T1505.003"]`},
		{"a template", "a.json", template, `["T1094", "T1098"]`, `["T1095", "T1098"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := mover(t, "").File(tt.path, []byte(strings.Replace(tt.text, "IDS", tt.before, 1)))
			if diff := cmp.Diff(strings.Replace(tt.text, "IDS", tt.after, 1), string(r.After)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if same := tt.before == tt.after; same != (len(r.Open) > 0) || len(r.Left) > 0 {
				t.Errorf("open %+v, left %+v", r.Open, r.Left)
			}
		})
	}
}
