package lint

import (
	"strings"
	"testing"
	"time"

	"github.com/detlint/detlint/attack"
)

// kustoWith is the sound rule of Sentinel with some of its text replaced,
// which must be there.
func kustoWith(pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(soundKusto, pairs[i]) {
			panic("not in the rule: " + pairs[i])
		}
	}
	return exampleKusto("A Name", pairs...)
}

// The sound rule without what only a rule has, as a hunting query.
var soundHunting = kustoWith("kind: Scheduled\n", "", "severity: Medium\n", "",
	"queryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\n", "")

func TestSoundKustoRules(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{soundKusto, soundHunting, soundTemplate, nrt, "-- q.kql --\nDeviceProcessEvents\n| where FileName =~ 'x.exe'\n"} {
		for _, f := range l.Example(text) {
			t.Errorf("%d: %s [%s]\n%s", f.Range.Start.Line, f.Message, f.Check, text)
		}
	}
}

var nrt = kustoWith("kind: Scheduled", "kind: NRT", "queryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\n", "")

const soundTemplate = `-- t.json --
{
  "resources": [{
    "type": "Microsoft.SecurityInsights/alertRules",
    "name": "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af02",
    "kind": "Scheduled",
    "properties": {
      "displayName": "A Template",
      "severity": "[parameters('severity')]",
      "query": "DeviceProcessEvents\n| where FileName =~ 'x.exe'",
      "queryFrequency": "PT1H",
      "queryPeriod": "P1D",
      "triggerOperator": "GreaterThan",
      "triggerThreshold": 0,
      "tactics": ["Execution"],
      "techniques": ["T1059"],
      "subTechniques": ["T1059.003"]
    }
  }]
}
`

func templateWith(pairs ...string) string {
	text := soundTemplate
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			panic("not in the template: " + pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func TestKustoAttributes(t *testing.T) {
	runCases(t, []checkCase{
		{name: "nothing of what a rule needs", check: "required-attribute", file: "query: T | where A == 'x'\nkind: Scheduled\nname: A\nqueryPeriod: 1h\n", want: []string{
			`1:1-26 error the rule has no "description"`,
			`1:1-26 error the rule has no "id"`,
			`1:1-26 error the rule has no "queryFrequency"`,
			`1:1-26 error the rule has no "severity"`,
			`1:1-26 error the rule has no "triggerOperator"`,
			`1:1-26 error the rule has no "triggerThreshold"`,
			`1:1-26 info the rule has no tactic`,
		}},
		{name: "no schedule at all", check: "required-attribute", file: kustoWith("queryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\n", ""), want: []string{
			`23:7-16 error a scheduled rule needs "queryFrequency", "queryPeriod", "triggerOperator" and "triggerThreshold", and this one has none of them`,
		}},
		{name: "misspelled", check: "required-attribute", file: kustoWith("queryPeriod:", "queryperiod:"), want: []string{
			`10:1-12 error the rule has no "queryPeriod", was "queryperiod" meant to be it?`,
		}, fixed: kustoWith()},
		{name: "techniques without tactics", check: "required-attribute", file: kustoWith("tactics:\n  - Execution\n", "tactics: []\n"), want: []string{
			`13:1-8 error the rule has techniques and no tactic, and Sentinel takes a technique only with its tactic`,
		}},
		{name: "neither", check: "required-attribute", file: kustoWith("tactics:\n  - Execution\nrelevantTechniques:\n  - T1059.003\n", ""), want: []string{
			`1:1-41 info the rule has no tactic`,
		}},
		{name: "connectors", check: "required-attribute", file: kustoWith("    dataTypes:", "    datatypes:"), want: []string{
			`7:5-14 error an entry of "requiredDataConnectors" has no "dataTypes", was "datatypes" meant to be it?`,
		}, fixed: kustoWith()},
		{name: "connector without an id", check: "required-attribute", file: kustoWith("  - connectorId: MicrosoftThreatProtection\n    dataTypes:", "  - dataTypes:"), want: []string{
			`6:5-15 error an entry of "requiredDataConnectors" has no "connectorId"`,
		}},
		{name: "hunting", check: "required-attribute", file: strings.Replace(soundHunting, "description: An example of a rule.\n", "", 1), want: []string{
			`1:1-41 error the rule has no "description"`,
		}},
		{name: "template", check: "required-attribute", file: templateWith("\"severity\": \"[parameters('severity')]\",\n", "", `"queryPeriod": "P1D",`, ""), want: []string{
			`6:19-20 error the rule has no "queryPeriod"`,
			`6:19-20 error the rule has no "severity"`,
		}},

		{name: "vocabularies", check: "invalid-attribute", file: kustoWith("severity: Medium", "severity: Hight", "kind: Scheduled", "kind: scheduled", "triggerOperator: gt", "triggerOperator: more", "triggerThreshold: 0", "triggerThreshold: 10001\neventGroupingSettings:\n  aggregationKind: AlertPerResults"), want: []string{
			`4:11-16 error severity "Hight" is unknown, did you mean "High"?`,
			`11:18-22 error triggerOperator "more" is unknown, expected one of gt, lt, eq, ne, GreaterThan, LessThan, Equal, NotEqual`,
			`12:19-24 error triggerThreshold "10001" is out of range, expected a whole number from 0 to 10000`,
			`14:20-35 error aggregationKind "AlertPerResults" is unknown, did you mean "AlertPerResult"?`,
			`29:7-16 warning kind "scheduled" is spelled "Scheduled"`,
		}},
		{name: "severity in another case", check: "invalid-attribute", file: kustoWith("severity: Medium", "severity: medium"), want: []string{
			`4:11-17 warning severity "medium" is spelled "Medium"`,
		}, fixed: kustoWith()},
		{name: "id and version", check: "invalid-attribute", file: kustoWith("5d4cf9b9af01", "5d4cf9b9af013", "version: 1.0.0", "version: 1.0"), want: []string{
			`1:5-42 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af013" is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef`,
			`26:10-13 error version "1.0" is not of the form 1.2.3`,
		}},
		{name: "times", check: "invalid-attribute", file: kustoWith("queryFrequency: 1h", "queryFrequency: 1", "queryPeriod: 1h", "queryPeriod: P1\nsuppressionDuration: 5 hours"), want: []string{
			`9:17-18 error queryFrequency "1" cannot be read, expected a time such as "1h"`,
			`10:14-16 error queryPeriod "P1" cannot be read, expected a time such as "1h"`,
			`11:22-29 error suppressionDuration "5 hours" cannot be read, expected a time such as "1h"`,
		}},
		{name: "forms of times", check: "invalid-attribute", file: kustoWith("queryFrequency: 1h", "queryFrequency: PT1H", "queryPeriod: 1h", "queryPeriod: 1.00:00:00")},
		{name: "times of a template", check: "invalid-attribute", file: templateWith("PT1H", "1h", "P1D", "often"), want: []string{
			`10:25-29 error queryFrequency "1h" is not in the form of ISO 8601, which templates need, such as "PT1H"`,
			`11:22-29 error queryPeriod "often" cannot be read, expected a time such as "PT1H"`,
		}},
		{name: "sub-technique of a template", check: "invalid-attribute", file: templateWith(`"T1059"]`, `"T1059.001"]`), want: []string{
			`15:22-33 error T1059.001 is a sub-technique, which belongs in "subTechniques"; Sentinel takes the form "T1234" here`,
		}},
		{name: "lengths", check: "invalid-attribute", file: kustoWith("A Name", strings.Repeat("x", 257), "An example of a rule.", strings.Repeat("y", 5001), "| where FileName", "| where B == '"+strings.Repeat("z", 10_000)+"'\n  | where FileName"), want: []string{
			`2:7-264 error name has 257 characters, Sentinel takes at most 256`,
			`3:14-5015 error description has 5001 characters, Sentinel takes at most 5000`,
			`17:1-6 error the query has 10144 characters, Sentinel takes at most 10000`,
		}},
		{name: "tactic with a blank", check: "invalid-attribute", file: kustoWith("  - Execution", "  - Initial access"), want: []string{
			`14:5-19 error tactic "Initial access" is spelled "InitialAccess"`,
		}, fixed: kustoWith("  - Execution", "  - InitialAccess")},
		{name: "tactic of a hunting query", check: "invalid-attribute", file: strings.Replace(soundHunting, "  - Execution", "  - Initial access", 1)},
		{name: "moved", check: "invalid-attribute", file: "id: x\nname: A\ndescription: As part of content migration, this file is moved to new location.\n"},

		{name: "keys", check: "unknown-attribute", file: kustoWith("entityMappings:", "entityMapping:"), want: []string{
			`21:1-14 info "entityMapping" is no attribute of Kusto, did you mean "entityMappings"?`,
		}, fixed: kustoWith()},
		{name: "keys of a template", check: "unknown-attribute", file: templateWith(`"tactics"`, `"tactic"`), want: []string{
			`14:7-15 info "properties.tactic" is no attribute of Kusto, did you mean "properties.tactics"?`,
		}},
		{name: "keys of somebody's own", check: "unknown-attribute", file: kustoWith("version: 1.0.0", "version: 1.0.0\nx-owner: me")},
	})
}

func TestKustoTechniques(t *testing.T) {
	runCases(t, []checkCase{
		{name: "in no list", check: "tactic-technique", file: kustoWith("T1059.003", "T1110"), want: []string{
			`16:5-10 warning technique T1110 (Brute Force) belongs to Credential Access, which the rule does not name`,
		}, fixed: kustoWith("T1059.003", "T1110", "  - Execution", "  - Execution\n  - CredentialAccess")},
		{name: "of a retired tactic", check: "tactic-technique", file: kustoWith("T1059.003", "T1564.001"), want: []string{
			`16:5-14 warning technique T1564.001 (Hidden Files and Directories) belongs to Defense Evasion, which the rule does not name`,
		}, fixed: kustoWith("T1059.003", "T1564.001", "  - Execution", "  - Execution\n  - DefenseEvasion")},
		{name: "v18", check: "tactic-technique", file: kustoWith("T1059.003", "T1562.001", "Execution", "DefenseEvasion")},
		{name: "v19", check: "tactic-technique", file: kustoWith("T1059.003", "T1564.001", "Execution", "Stealth")},
		{name: "no tactic", check: "unknown-tactic", file: kustoWith("  - Execution", "  - Executon\n  - Ransomware"), want: []string{
			`14:5-13 error "Executon" is no tactic of ATT&CK, did you mean "Execution"?`,
			`15:5-15 error "Ransomware" is no tactic of ATT&CK`,
		}, fixed: kustoWith("  - Execution", "  - Execution\n  - Ransomware")},
		{name: "label of Defender", check: "unknown-tactic", file: strings.Replace(soundHunting, "  - Execution", "  - Ransomware\n  - Poetry", 1), want: []string{
			`9:5-15 info "Ransomware" is a label of Defender's hunting queries and no tactic of ATT&CK`,
			`10:5-11 warning "Poetry" is no tactic of ATT&CK`,
		}},
		{name: "before v8", check: "retired-tactic", file: kustoWith("Execution", "PreAttack", "T1059.003", "T1587.001"), want: []string{
			`14:5-14 info Sentinel has no tactic "PreAttack" any more, by the rule's techniques it is "ResourceDevelopment"`,
		}, fixed: kustoWith("Execution", "ResourceDevelopment", "T1059.003", "T1587.001")},
		{name: "either", check: "retired-tactic", file: kustoWith("Execution", "PreAttack"), want: []string{
			`14:5-14 info Sentinel has no tactic "PreAttack" any more, it is now "Reconnaissance" or "ResourceDevelopment"`,
		}},
		{name: "not of Sentinel's", check: "retired-tactic", file: kustoWith("Execution", "DefenseEvasion")},
		{name: "unknown", check: "unknown-technique", file: kustoWith("T1059.003", "T1059.903\n  - t1574\n  - T1059.1\n  - Phishing"), want: []string{
			`16:5-14 error technique "T1059.903" is not in ATT&CK, did you mean T1059 (Command and Scripting Interpreter)?`,
			`18:5-12 error technique "T1059.1" is not in ATT&CK, did you mean T1059.001 (PowerShell)?`,
			`19:5-13 error technique "Phishing" is not in ATT&CK, in no version up to v19`,
		}},
		{name: "revoked", check: "revoked-technique", file: kustoWith("T1059.003", "T1100"), want: []string{
			`16:5-10 error technique T1100 (Web Shell) was revoked; in ATT&CK v19 it is T1505.003 (Web Shell)`,
		}, fixed: kustoWith("T1059.003", "T1505.003")},
		{name: "revoked by the newest version", check: "revoked-technique", file: kustoWith("T1059.003", "T1562.001"), want: []string{
			`16:5-14 error technique T1562.001 (Disable or Modify Tools) was revoked; in ATT&CK v19 it is T1685 (Disable or Modify Tools)`,
		}},
		{name: "of v18 as a whole", check: "revoked-technique", file: kustoWith("T1059.003", "T1562.001", "Execution", "DefenseEvasion")},
		{name: "v18", check: "attack-version", file: kustoWith("T1059.003", "T1562.001", "Execution", "DefenseEvasion"), want: []string{
			`2:7-13 info one rule is mapped to the tactic Defense Evasion, which ATT&CK v19 divided into Stealth and Defense Impairment; 1 of them to techniques that it revoked, such as T1562.001, now T1685`,
		}},
		{name: "twice", check: "duplicate-tag", file: kustoWith("  - T1059.003", "  - T1059.003\n  - T1059.003", "  - Execution", "  - Execution\n  - execution\ntags:\n  - Schema: A\n  - Schema: A"), want: []string{
			`15:5-14 warning tactic "execution" stands twice`,
			`21:5-14 warning technique "T1059.003" stands twice`,
		}, fixed: kustoWith("  - T1059.003", "  - T1059.003\n  - T1059.003", "  - Execution", "  - Execution\ntags:\n  - Schema: A\n  - Schema: A")},
	})
}

func TestKustoSchedule(t *testing.T) {
	runCases(t, []checkCase{
		{name: "shorter than the frequency", check: "rule-schedule", file: kustoWith("queryPeriod: 1h", "queryPeriod: 30m"), want: []string{
			`10:14-17 error each run looks at 30m and the next one comes after 1h, so 30m of every 1h are never looked at`,
		}},
		{name: "out of range", check: "rule-schedule", file: kustoWith("queryFrequency: 1h", "queryFrequency: 1m", "queryPeriod: 1h", "queryPeriod: 15d"), want: []string{
			`9:17-19 error queryFrequency "1m" is out of range, expected 5m to 14d`,
			`10:14-17 error queryPeriod "15d" is out of range, expected 5m to 14d`,
		}},
		{name: "often over a long time", check: "rule-schedule", file: kustoWith("queryFrequency: 1h", "queryFrequency: 30m", "queryPeriod: 1h", "queryPeriod: 2d"), want: []string{
			`9:17-20 error a rule that looks at 2d may run once every 1h at most, this one runs every 30m`,
		}},
		{name: "limits", check: "rule-schedule", file: kustoWith("queryFrequency: 1h", "queryFrequency: 1h", "queryPeriod: 1h", "queryPeriod: 14d")},
		{name: "near-real-time", check: "rule-schedule", file: kustoWith("kind: Scheduled", "kind: NRT"), want: []string{
			`9:1-15 warning a near-real-time rule runs every minute and has no "queryFrequency"`,
			`10:1-12 warning a near-real-time rule runs every minute and has no "queryPeriod"`,
			`11:1-16 warning a near-real-time rule runs every minute and has no "triggerOperator"`,
			`12:1-17 warning a near-real-time rule runs every minute and has no "triggerThreshold"`,
		}},
		{name: "longer window", check: "rule-schedule", file: kustoWith("  | where FileName", "  | where TimeGenerated > ago(14d)\n  | where FileName"), want: []string{
			`19:27-35 warning the query asks for the last 14d, but each run is given the last 1h only`,
		}},
		{name: "window of a let", check: "rule-schedule", file: kustoWith("  DeviceProcessEvents\n  | where FileName", "  let back = 7d;\n  DeviceProcessEvents\n  | where TimeGenerated between (ago(back) .. ago(1h))\n  | where FileName"), want: []string{
			`20:34-43 warning the query asks for the last 7d, but each run is given the last 1h only`,
		}},
		{name: "nothing as old", check: "rule-schedule", file: kustoWith("  | where FileName", "  | where TimeGenerated < ago(1h)\n  | where FileName"), want: []string{
			`19:27-34 warning the query asks for what is older than 1h, but each run is given the last 1h only, so there is none`,
		}},
		{name: "window that fits", check: "rule-schedule", file: kustoWith("  | where FileName", "  | where TimeGenerated > ago(1h) and Created > ago(30d)\n  | where FileName")},
		{name: "hunting", check: "rule-schedule", file: strings.Replace(soundHunting, "  | where FileName", "  | where TimeGenerated > ago(30d)\n  | where FileName", 1)},
		{name: "template", check: "rule-schedule", file: templateWith("P1D", "PT30M"), want: []string{
			`11:22-29 error each run looks at 30m and the next one comes after 1h, so 30m of every 1h are never looked at`,
		}},
		{name: "expression", check: "rule-schedule", file: templateWith("P1D", "[parameters('period')]")},
	})
}

func TestKustoSpan(t *testing.T) {
	day := 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"5m": 5 * time.Minute, "24h": day, "14d": 14 * day, "PT5M": 5 * time.Minute, "P1D": day, "P1DT12H": 36 * time.Hour, "P2W": 14 * day,
		"PT90S": 90 * time.Second, "01:00:00": time.Hour, "1.00:30:00": day + 30*time.Minute,
		"5": -1, "h": -1, "": -1, "P": -1, "PT": -1, "PT1": -1, "P1H": -1, "1y": -1, "5 m": -1, "-1h": -1, "25:00:00": -1, "x.01:00:00": -1, "30s": -1,
	} {
		got, ok := kustoSpan(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("kustoSpan(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestEntityMapping(t *testing.T) {
	runCases(t, []checkCase{
		{name: "column in another case", check: "entity-mapping", file: kustoWith("columnName: DeviceName", "columnName: devicename"), want: []string{
			`25:21-31 error the query returns no column "devicename", did you mean "DeviceName"?`,
		}, fixed: kustoWith()},
		{name: "columns of a table", check: "entity-mapping", file: kustoWith("  | project TimeGenerated, DeviceName, AccountName, ProcessCommandLine\n", "", "columnName: DeviceName", "columnName: Whatever")},
		{name: "broken query", check: "entity-mapping", file: kustoWith("  | project", "  | where (\n  | project", "columnName: DeviceName", "columnName: Whatever")},
		{name: "types and identifiers", check: "entity-mapping", file: kustoWith("entityType: Host", "entityType: Url", "identifier: HostName", "identifier: Url", "version: 1.0.0", `  - entityType: DNS
    fieldMappings:
      - identifier: IpAddress
        columnName: AccountName
  - entityType: FileHash
    fieldMappings:
      - identifier: Value
        columnName: AccountName
  - entityType: Account
    fieldMappings:
      - identifier: NTDomain
        columnName: AccountName
  - entityType: Spaceship
    fieldMappings:
      - identifier: Name
        columnName: AccountName
version: 1.0.0`), want: []string{
			`22:17-20 warning type of entity "Url" is spelled "URL"`,
			`28:21-30 error "IpAddress" is no identifier of DNS, expected one of DomainName`,
			`30:17-25 error FileHash is not identified by "Value" alone, expected "Algorithm" and "Value"`,
			`34:17-24 error Account is not identified by "NTDomain" alone, expected one of FullName, Sid, Name, AadUserId, PUID, ObjectGuid`,
			`38:17-26 error "Spaceship" is no type of entity that can be mapped`,
		}},
		{name: "half an entry", check: "entity-mapping", file: kustoWith("      - identifier: HostName\n        columnName: DeviceName\n", "      - identifier: HostName\n  - fieldMappings: []\n  - entityType: IP\n"), want: []string{
			`24:9-29 error a field mapping of Host has no "columnName"`,
			`25:5-22 error an entity mapping has no "entityType"`,
			`26:5-19 error the mapping of IP has no "fieldMappings"`,
		}},
		{name: "too many", check: "entity-mapping", file: kustoWith("      - identifier: HostName\n", strings.Repeat("      - identifier: DnsDomain\n        columnName: DeviceName\n", 3)+"      - identifier: HostName\n", "version: 1.0.0", strings.Repeat("  - entityType: IP\n    fieldMappings:\n      - identifier: Address\n        columnName: DeviceName\n", 10)+"version: 1.0.0"), want: []string{
			`30:9-31 error the mapping of Host has 4 identifiers, Sentinel takes at most 3`,
			`68:5-31 error the rule maps 11 entities, Sentinel takes at most 10`,
		}},
		{name: "details", check: "entity-mapping", file: kustoWith("version: 1.0.0", "customDetails:\n  1st: DeviceName\n  Command: CommandLine\n  Nothing: null\nalertDetailsOverride:\n  alertDisplayNameFormat: A tool on {{ Device }} by {{AccountName}}\n  alertSeverityColumnName: Severity\n  alertDescriptionFormat: '{{DeviceName}} {{DeviceName}} {{DeviceName}} {{DeviceName}}'\n  alertDynamicProperties:\n    - alertProperty: ProductName\n      value: Product\nversion: 1.0.0"), want: []string{
			`27:3-6 error detail "1st" must begin with a letter and have only letters, digits and "_", at most 20`,
			`28:12-23 error the query returns no column "CommandLine"`,
			`31:40-46 error the query returns no column "Device"`,
			`32:28-36 error the query returns no column "Severity"`,
			`33:3-25 error alertDescriptionFormat has 4 columns in it, Sentinel takes at most 3`,
			`36:14-21 error the query returns no column "Product"`,
		}},
		{name: "hunting", check: "entity-mapping", file: strings.Replace(soundHunting, "columnName: DeviceName", "columnName: Computer", 1), want: []string{
			`20:21-29 warning the query returns no column "Computer"`,
		}},
		{name: "template", check: "entity-mapping", file: templateWith(`"tactics"`, `"entityMappings": [{"entityType": "Hosts", "fieldMappings": [{"identifier": "HostName", "columnName": "[variables('x')]"}]}], "tactics"`), want: []string{
			`14:41-48 error "Hosts" is no type of entity, did you mean "Host"?`,
		}},
	})
}

func TestKustoSlips(t *testing.T) {
	script := "-- q.kql --\nDeviceProcessEvents\n| where FileName in (\n    'a' // one\n    'b',\n    'c')\n| where Zzz = 'x' and FileName != ''\n"
	runCases(t, []checkCase{
		{name: "script", check: "missing-comma", file: script, want: []string{
			`3:5-8 warning strings of a list that stand next to each other are one, expected a "," between them`,
		}},
		{name: "long text", check: "missing-comma", file: kustoWith(`"example-tool.exe"`, `"example" "-tool.exe"`)},
		{name: "script", check: "single-equals", file: script, want: []string{
			`6:9-18 error "=" gives the value a name, expected "==" to compare it with "Zzz"`,
		}},
		{name: "rule", check: "single-equals", file: kustoWith("=~", "="), want: []string{
			`19:11-40 error "=" gives the value a name, expected "==" to compare it with "FileName"`,
		}, fixed: kustoWith("=~", "==")},
		{name: "named condition", check: "single-equals", file: kustoWith("| where FileName", "| where found = FileName")},
	})
}

// TestEntityTypes: an entity can be identified by what it has.
func TestEntityTypes(t *testing.T) {
	for name, e := range entityTypes {
		if len(e.required) == 0 {
			t.Errorf("%s needs no identifier", name)
		}
		for _, r := range e.required {
			if !contains(e.identifiers, r) {
				t.Errorf("%s is identified by %s, which it does not have", name, r)
			}
		}
	}
}

// TestSentinelTactics: Sentinel's names of the tactics lead back to them.
func TestSentinelTactics(t *testing.T) {
	for _, tactic := range attack.Default().Tactics(attack.Enterprise) {
		if name := sentinelTactic(tactic.ShortName); attack.Default().LookupTactic(name)[0].ShortName != tactic.ShortName || strings.ContainsAny(name, " -") {
			t.Errorf("%s is %q", tactic.ShortName, name)
		}
	}
	if got := sentinelTactic("command-and-control"); got != "CommandAndControl" {
		t.Errorf("command-and-control is %q", got)
	}
}

func TestKustoTwins(t *testing.T) {
	twin := strings.Replace(soundHunting, "af01", "af03", 1)
	for _, c := range []struct {
		name, files string
		want        int
	}{
		{"a rule and its hunting query", files("a.yaml", kustoWith(), "b.yaml", twin), 0},
		{"two rules", files("a.yaml", kustoWith(), "b.yaml", kustoWith("af01", "af04")), 2},
		{"a copy", files("a.yaml", kustoWith(), "b.yaml", kustoWith()), 0},
	} {
		if got := exampleFindings(duplicateTitleCheck, nil, c.files); len(got) != c.want {
			t.Errorf("%s: %d findings, want %d: %v", c.name, len(got), c.want, got)
		}
	}
	if got := exampleFindings(duplicateIDCheck, nil, files("a.yaml", kustoWith(), "b.yaml", kustoWith())); len(got) != 2 {
		t.Errorf("a copy: %v", got)
	}
}

// TestFixesOfTemplates: a fix in JSON is made within the quotes.
func TestFixesOfTemplates(t *testing.T) {
	_, sound, _ := strings.Cut(soundTemplate, "\n")
	for _, c := range []struct{ check, old, bad string }{
		{"invalid-attribute", `"PT1H"`, `"1h"`},
		{"invalid-attribute", `"P1D"`, `"1d"`},
		{"invalid-attribute", `"T1059"]`, `"T1059.001"]`},
		{"invalid-attribute", `"GreaterThan"`, `"greaterThan"`},
		{"unknown-attribute", `"subTechniques"`, `"subTechnique"`},
	} {
		bad := strings.Replace(sound, c.old, c.bad, 1)
		findings := exampleFindings(Lookup(c.check), nil, "-- t.json --\n"+bad)
		if len(findings) != 1 || findings[0].Fix == nil {
			t.Errorf("%s: %v", c.bad, findings)
			continue
		}
		if got := apply(t, bad, findings[0].Fix.Edits); got != sound {
			t.Errorf("%s is fixed to\n%s", c.bad, got)
		}
	}
}
