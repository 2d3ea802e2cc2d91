package lint

import (
	"strings"
	"testing"
)

// elasticWith is the sound rule of Elastic with some of its text replaced,
// which must be there.
func elasticWith(pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(soundElastic, pairs[i]) {
			panic("not in the rule: " + pairs[i])
		}
	}
	return exampleElastic("A Test", pairs...)
}

// entryOf is an entry of an ATT&CK mapping.
func entryOf(tacticID, tactic, techniques string) string {
	return "\n[[rule.threat]]\nframework = \"MITRE ATT&CK\"\n" + techniques + `
[rule.threat.tactic]
id = "` + tacticID + `"
name = "` + tactic + `"
reference = "https://attack.mitre.org/tactics/` + tacticID + `/"
`
}

func techniqueOf(level, id, name string) string {
	return "[[rule.threat." + level + "]]\nid = \"" + id + "\"\nname = \"" + name + "\"\nreference = \"https://attack.mitre.org/techniques/" + strings.ReplaceAll(id, ".", "/") + "/\"\n"
}

func TestSoundElasticRule(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Example(soundElastic) {
		t.Errorf("%d: %s [%s]", f.Range.Start.Line, f.Message, f.Check)
	}
}

const exported = `{"rule_id":"6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae02","name":"Exported","description":"A test.","type":"query","language":"kuery",` +
	`"query":"process.name:tool.exe","index":["logs-*"],"risk_score":21,"severity":"low","timestamp_override":"event.ingested"}` + "\n"

func TestElasticAttributes(t *testing.T) {
	endpoint := "[rule]\nname = \"A\"\nquery = 'process where true'\nlicense = \"x\"\n"
	runCases(t, []checkCase{
		{name: "nothing of what a rule needs", check: "required-attribute", file: "[rule]\nrule_id = \"x\"\n", want: []string{
			`1:1-7 error the rule has no "description"`, `1:1-7 error the rule has no "name"`, `1:1-7 error the rule has no "risk_score"`,
			`1:1-7 error the rule has no "severity"`, `1:1-7 error the rule has no "type"`,
		}},
		{name: "misspelled", check: "required-attribute", file: elasticWith("description =", "descripton ="), want: []string{
			`8:1-11 error the rule has no "description", was "descripton" meant to be it?`,
		}, fixed: elasticWith()},
		{name: "empty", check: "required-attribute", file: strings.Replace(elasticWith(), `"A Test"`, `""`, 1), want: []string{`12:1-5 error "name" is empty`}},
		{name: "no query", check: "required-attribute", file: elasticWith("query = '''\nprocess where process.name : \"example-tool.exe\"\n'''\n", ""), want: []string{`6:1-7 error the rule has no "query"`}},
		{name: "no language", check: "required-attribute", file: elasticWith("language = \"eql\"\n", ""), want: []string{`6:1-7 error the rule has no "language"`}},
		{name: "no language of Kuery", check: "required-attribute", file: elasticWith("language = \"eql\"\n", "", `type = "eql"`, `type = "query"`, "process where process.name : \"example-tool.exe\"", "process.name: x")},
		{name: "body of the API", check: "required-attribute", file: "-- e.json --\n" + strings.Replace(exported, `"rule_id":"6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae02",`, "", 1), want: []string{
			`1:1-200 warning the rule has no "rule_id"`,
		}},
		{name: "export with the id misspelled", check: "required-attribute", file: "-- e.json --\n" + strings.Replace(exported, `"rule_id"`, `"ruleid"`, 1), want: []string{
			`1:2-10 error the rule has no "rule_id", was "ruleid" meant to be it?`,
		}},
		{name: "threshold without one", check: "required-attribute", file: elasticWith(`type = "eql"`, `type = "threshold"`, `language = "eql"`, `language = "kuery"`), want: []string{`6:1-7 error the rule has no "threshold"`}},
		{name: "machine learning", check: "required-attribute", file: elasticWith(`type = "eql"`, `type = "machine_learning"`), want: []string{
			`6:1-7 error the rule has no "anomaly_threshold"`, `6:1-7 error the rule has no "machine_learning_job_id"`,
		}},
		{name: "endpoint", check: "required-attribute", file: endpoint, want: []string{`1:1-7 error the rule has no "id"`}},
		{name: "export", check: "required-attribute", file: "-- e.ndjson --\n" + exported + strings.Replace(exported, `"description":"A test.",`, "", 1), want: []string{
			`2:1-225 error the rule has no "description"`,
		}},

		{name: "vocabularies", check: "invalid-attribute", file: elasticWith(`severity = "medium"`, `severity = "Medium"`, `type = "eql"`, `type = "eqll"`, `maturity = "production"`, `maturity = "prod"`), want: []string{
			`3:12-18 error maturity "prod" is unknown, did you mean "production"?`,
			`15:12-20 warning severity "Medium" is not in lower case, expected "medium"`,
			`17:8-14 error type "eqll" is unknown, did you mean "eql"?`,
		}},
		{name: "language of another type", check: "invalid-attribute", file: elasticWith(`language = "eql"`, `language = "kuery"`), want: []string{
			`11:12-19 error language "kuery" does not go with type "eql", expected "eql"`,
		}, fixed: elasticWith()},
		{name: "type of another language", check: "invalid-attribute", file: elasticWith(`type = "eql"`, `type = "query"`), want: []string{
			`11:12-17 error language "eql" does not go with type "query", expected type "eql"`,
		}},
		{name: "numbers", check: "invalid-attribute", file: elasticWith("risk_score = 47", "risk_score = \"47\"\nmax_signals = 0\nanomaly_threshold = 101"), want: []string{
			`13:14-18 error risk_score "47" is a text, expected the number 47`,
			`14:15-16 error max_signals 0 is out of range, expected 1 or more`,
			`15:21-24 error anomaly_threshold 101 is out of range, expected 0 to 100`,
		}},
		{name: "no id", check: "invalid-attribute", file: elasticWith("5d4cf9b9ae01", "5d4cf9b9ae013"), want: []string{
			`14:11-50 warning id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae013" is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef`,
		}},
		{name: "times", check: "invalid-attribute", file: elasticWith(`from = "now-9m"`, "from = \"9m\"\ninterval = \"often\"\nto = \"now*1h\""), want: []string{
			`9:8-12 error from "9m" cannot be read, expected a time such as "now-9m"`,
			`10:12-19 error interval "often" cannot be read, expected a number of s, m, h or d such as "5m"`,
			`11:6-14 error to "now*1h" cannot be read, expected a time such as "now-9m"`,
		}},
		{name: "date math", check: "invalid-attribute", file: elasticWith(`from = "now-9m"`, "from = \"now-1h-5m/m\"\nto = \"now+1h\"")},
		{name: "date math of a date", check: "invalid-attribute", file: elasticWith(`from = "now-9m"`, "from = \"2026-01-01||-1d\"\nto = \"2026-01-01T00:00:00Z\"")},
		{name: "intervals that alerting does not take", check: "invalid-attribute", file: elasticWith(`from = "now-9m"`, "from = \"now-1y\"\ninterval = \"1w\""), want: []string{
			`10:12-16 error interval "1w" cannot be read, expected a number of s, m, h or d such as "5m"`,
		}},
		{name: "interval that begins with zero", check: "invalid-attribute", file: elasticWith(`from = "now-9m"`, "from = \"now-1y\"\ninterval = \"05m\""), want: []string{
			`10:12-17 error interval "05m" cannot be read, expected a number of s, m, h or d such as "5m"`,
		}},
		{name: "dates", check: "invalid-attribute", file: elasticWith(`creation_date = "2026/01/02"`, `creation_date = "2026-01-02"`, `updated_date = "2026/01/02"`, `updated_date = "2026/02/30"`), want: []string{
			`2:17-29 warning creation_date "2026-01-02" is not written as the other tools of the repository read it, expected "2026/01/02"`,
			`4:16-28 error updated_date "2026/02/30" is no day of the calendar`,
		}},
		{name: "half a timeline", check: "invalid-attribute", file: elasticWith(`type = "eql"`, "timeline_id = \"x\"\nbuilding_block_type = \"yes\"\ntype = \"eql\""), want: []string{
			`17:1-12 warning the rule has a "timeline_id" and no "timeline_title"`,
			`18:23-28 error building block type "yes" is unknown, expected "default"`,
		}},
		{name: "keys", check: "unknown-attribute", file: elasticWith("severity =", "severitty =", "updated_date =", "updated_dat ="), want: []string{
			`4:1-12 info "metadata.updated_dat" is no attribute of Elastic, did you mean "metadata.updated_date"?`,
		}},
		{name: "updated before it was written", check: "modified-before-date", file: elasticWith(`updated_date = "2026/01/02"`, `updated_date = "2025/01/02"`), want: []string{
			`4:16-28 warning updated "2025/01/02" is before the date of the rule, "2026/01/02"`,
		}},
		{name: "field in another case", check: "field-case", file: elasticWith("process.name :", "process.Name :"), want: []string{
			`19:15-27 warning field "process.Name" is not known to Elastic, where letter case matters; did you mean "process.name"?`,
		}, fixed: elasticWith()},
		{name: "field of somebody's own", check: "field-case", file: elasticWith("process.name :", "Acme.Name :")},
		{name: "path with a tab", check: "control-character", file: elasticWith(`process.name : "example-tool.exe"`, `process.executable == "C:\temp\\x.exe"`), want: []string{
			`19:37-53 warning the value has a tab in it, which "\t" stands for; expected "\\" for a backslash`,
		}},
		{name: "text with a tab", check: "control-character", file: elasticWith(`process.name : "example-tool.exe"`, `message == "a\tb"`)},
		{
			name: "tags", check: "duplicate-tag", file: elasticWith(`type = "eql"`, "tags = [\"A\", \"B\", \"a\"]\ntype = \"eql\""), want: []string{`17:19-22 warning tag "a" stands twice`},
			fixed: elasticWith(`type = "eql"`, "tags = [\"A\", \"B\"]\ntype = \"eql\""),
		},
	})
}

func TestElasticSchedule(t *testing.T) {
	sequence := "sequence by host.id with maxspan=1h\n [process where true] [network where true]"
	runCases(t, []checkCase{
		{name: "shorter than the interval", check: "rule-schedule", file: elasticWith(`from = "now-9m"`, "from = \"now-9m\"\ninterval = \"15m\""), want: []string{
			`9:8-16 warning each run looks at 9m and the next one comes after 15m, so 6m of every 15m are never looked at`,
		}},
		{name: "up to some time ago", check: "rule-schedule", file: elasticWith(`from = "now-9m"`, "from = \"now-9m\"\nto = \"now-5m\""), want: []string{
			`9:8-16 warning each run looks at 4m and the next one comes after 5m, so 1m of every 5m are never looked at`,
		}},
		{name: "up to the future", check: "rule-schedule", file: elasticWith(`from = "now-9m"`, "from = \"now-4m\"\nto = \"now+1h\""), want: []string{
			`9:8-16 warning each run looks at 4m and the next one comes after 5m, so 1m of every 5m are never looked at`,
		}},
		{name: "in two steps", check: "rule-schedule", file: elasticWith(`from = "now-9m"`, "from = \"now-1h-5m\"\ninterval = \"1h\"")},
		{name: "defaults", check: "rule-schedule", file: elasticWith("from = \"now-9m\"\n", "")},
		{name: "rounded", check: "rule-schedule", file: elasticWith(`from = "now-9m"`, "from = \"now-1d/d\"\ninterval = \"1d\"")},
		{name: "long sequence", check: "rule-schedule", file: elasticWith("process where process.name : \"example-tool.exe\"", sequence), want: []string{
			`19:34-36 warning a sequence may take 1h, but each run looks at 9m only`,
		}},
		{name: "cannot be read", check: "rule-schedule", file: elasticWith(`from = "now-9m"`, "from = \"soon\"")},

		{name: "late events", check: "timestamp-override", file: elasticWith("timestamp_override = \"event.ingested\"\n", ""), want: []string{
			`16:1-5 info the rule has no "timestamp_override" and misses events that arrive after its window, expected "event.ingested"`,
		}},
		{name: "sequence", check: "timestamp-override", file: elasticWith("timestamp_override = \"event.ingested\"\n", "", "process where process.name : \"example-tool.exe\"", sequence)},

		{name: "no source", check: "event-source", file: elasticWith("index = [\"logs-endpoint.events.process-*\"]\n", ""), want: []string{
			`6:1-7 info the rule has neither "index" nor "data_view_id" and looks at Kibana's default indices, whatever they are`,
		}},
		{name: "empty index", check: "event-source", file: elasticWith(`["logs-endpoint.events.process-*"]`, "[]"), want: []string{
			`10:1-6 warning "index" is empty and there is no "data_view_id", so it is not clear what the rule looks at`,
		}},
		{name: "patterns in one text", check: "event-source", file: elasticWith(`["logs-endpoint.events.process-*"]`, `["logs-a-*,logs-b-*", ""]`), want: []string{
			`10:10-29 warning index pattern "logs-a-*,logs-b-*" has a blank or a comma in it, which no index has; expected one pattern in each entry`,
			`10:31-33 warning an index pattern is empty`,
		}},
		{name: "index of ES|QL", check: "event-source", file: elasticWith(`language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a METADATA _id"), want: []string{
			`10:1-6 warning "index" is not read, a rule of type "esql" has its sources in its query`,
		}},
		{name: "machine learning", check: "event-source", file: elasticWith("index = [\"logs-endpoint.events.process-*\"]\n", "", `type = "eql"`, `type = "machine_learning"`), want: []string{
			`17:1-6 warning "query" is not read, a rule of type "machine_learning" has none`,
		}},

		{name: "ids dropped", check: "esql-metadata", file: elasticWith(`language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a METADATA _id\n| KEEP host.*, user.name"), want: []string{
			`20:8-25 warning the columns that are kept leave "_id" out, so the same event gives an alert in every run that sees it`,
		}},
		{name: "ids kept", check: "esql-metadata", file: elasticWith(`language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a METADATA _id\n| KEEP host.*, _*")},
		{name: "subqueries", check: "esql-metadata", file: elasticWith(`language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM (FROM a METADATA _id | WHERE b == 1), (FROM c METADATA _id)")},
		{name: "version that asks for the ids", check: "esql-metadata", file: elasticWith("updated_date =", "min_stack_version = \"9.4.0\"\nupdated_date =", `language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a | WHERE b == 1")},
		{name: "version that asks for the ids, dropped", check: "esql-metadata", file: elasticWith("updated_date =", "min_stack_version = \"9.4.0\"\nupdated_date =", `language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a | KEEP b"), want: []string{
			`20:15-16 warning the columns that are kept leave "_id" out, so the same event gives an alert in every run that sees it`,
		}},
		{name: "version before", check: "esql-metadata", file: elasticWith("updated_date =", "min_stack_version = \"9.3.0\"\nupdated_date =", `language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a | WHERE b == 1"), want: []string{
			`20:6-7 warning the query does not aggregate and has no "_id", so the same event gives an alert in every run that sees it; expected "METADATA _id, _index, _version" after the sources`,
		}},
		{name: "aggregates", check: "esql-metadata", file: elasticWith(`language = "eql"`, `language = "esql"`, `type = "eql"`, `type = "esql"`, "process where process.name : \"example-tool.exe\"", "FROM a\n| STATS n = COUNT(*) BY host.id")},

		{name: "no history", check: "new-terms", file: elasticWith(`type = "eql"`, "type = \"new_terms\"\nnew_terms_fields = [\"a\", \"b\", \"c\", \"d\"]\nhistory_window_start = \"now-5m\"", `language = "eql"`, `language = "kuery"`), want: []string{
			`18:36-39 warning the rule combines 4 fields, Kibana takes 3`,
			`19:24-32 warning the history begins 5m ago and the rule looks at the last 9m itself, so every value is new`,
		}},

		{name: "deprecated without a date", check: "deprecated-state", file: elasticWith(`maturity = "production"`, `maturity = "deprecated"`), want: []string{`3:12-24 warning the rule is deprecated and has no "deprecation_date"`}},
		{name: "date of a rule in use", check: "deprecated-state", file: elasticWith(`maturity = "production"`, "deprecation_date = \"2026/01/02\"\nmaturity = \"production\""), want: []string{
			`3:1-17 warning the rule has a "deprecation_date" and its maturity is "production"`,
		}},
		{name: "score from the event", check: "severity-risk-score", file: elasticWith("risk_score = 47", "risk_score = 21\nrisk_score_mapping = [{field = \"event.risk_score\", operator = \"equals\", value = \"\"}]")},
	})
}

func TestElasticMapping(t *testing.T) {
	execution := techniqueOf("technique", "T1059", "Command and Scripting Interpreter")
	powershell := techniqueOf("technique.subtechnique", "T1059.001", "PowerShell")
	runCases(t, []checkCase{
		{name: "sound", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", execution+powershell)},
		{name: "of v18 and of v19", check: "threat-mapping", file: elasticWith() + entryOf("TA0005", "Defense Evasion", "") + entryOf("TA0112", "Defense Impairment", "")},
		{name: "other framework", check: "threat-mapping", file: strings.Replace(elasticWith()+entryOf("AML.TA1", "Reconnaissance", ""), "MITRE ATT&CK", "MITRE ATLAS", 1)},
		{name: "tactic's id", check: "threat-mapping", file: elasticWith() + entryOf("TA0003", "Execution", execution), want: []string{
			`30:6-14 warning tactic id "TA0003" is not that of "Execution", expected "TA0002"`,
		}},
		{name: "tactic's id by a name of v18", check: "threat-mapping", file: elasticWith() + entryOf("TA0003", "Defense Evasion", ""), want: []string{
			`26:6-14 warning tactic id "TA0003" is not that of "Defense Evasion", expected "TA0005"`,
		}},
		{name: "address of a technique for a tactic", check: "threat-mapping", file: strings.Replace(elasticWith()+entryOf("TA0002", "Execution", ""), "tactics/TA0002", "techniques/TA0002", 1), want: []string{
			`28:13-58 warning the address has TA0002 below "techniques", expected "tactics"`,
		}, fixed: elasticWith() + entryOf("TA0002", "Execution", "")},
		{name: "address of another technique for a tactic", check: "threat-mapping", file: strings.Replace(elasticWith()+entryOf("TA0002", "Execution", ""), "tactics/TA0002", "techniques/T1059", 1), want: []string{
			`28:13-57 warning the address is that of "T1059", expected that of TA0002`,
		}, fixed: elasticWith() + entryOf("TA0002", "Execution", "")},
		{name: "tactic misspelled", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Exekution", execution), want: []string{
			`31:8-19 warning "Exekution" is no tactic of ATT&CK, did you mean "Execution"?`,
		}, fixed: elasticWith() + entryOf("TA0002", "Execution", execution)},
		{name: "no tactic", check: "threat-mapping", file: elasticWith() + "\n[[rule.threat]]\nframework = \"MITRE ATT&CK\"\n" + execution, want: []string{`22:1-16 warning an entry of the mapping has no tactic`}},
		{name: "tactic twice", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", execution) + entryOf("TA0002", "Execution", ""), want: []string{
			`39:8-19 info tactic "Execution" has two entries, expected one with all of its techniques`,
		}},
		{name: "name of another technique", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", strings.Replace(execution, "Command and Scripting Interpreter", "Native API", 1)), want: []string{
			`26:8-20 warning T1059 is "Command and Scripting Interpreter", not "Native API"`,
		}, fixed: elasticWith() + entryOf("TA0002", "Execution", execution)},
		{name: "name misspelled", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", strings.Replace(execution, "Interpreter", "Interpretor", 1)), want: []string{
			`26:8-43 warning T1059 is "Command and Scripting Interpreter", the name here is spelled "Command and Scripting Interpretor"`,
		}},
		{name: "name of an older version", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", strings.Replace(execution, "Command and Scripting Interpreter", "Command-Line Interface of Old", 1))},
		{name: "address", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", strings.Replace(execution, "techniques/T1059/", "techniques/T1106", 1)), want: []string{
			`27:13-56 warning the address is that of "T1106", expected that of T1059`,
		}, fixed: elasticWith() + entryOf("TA0002", "Execution", execution)},
		{name: "other parent", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", techniqueOf("technique", "T1106", "Native API")+powershell), want: []string{
			`29:6-17 warning sub-technique T1059.001 stands under T1106, expected it under T1059`,
		}},
		{name: "wrong levels", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", techniqueOf("technique", "T1059.001", "PowerShell")+techniqueOf("technique.subtechnique", "T1106", "Native API")), want: []string{
			`25:6-17 warning T1059.001 is a sub-technique, expected it as "subtechnique" under T1059`,
			`29:6-13 warning T1106 is no sub-technique, expected it as "technique"`,
		}},
		{name: "technique twice", check: "threat-mapping", file: elasticWith() + entryOf("TA0002", "Execution", execution+execution), want: []string{`29:6-13 info technique T1059 stands twice in one entry`}},

		{name: "under another tactic", check: "tactic-technique", file: elasticWith() + entryOf("TA0006", "Credential Access", execution), want: []string{
			`25:6-13 warning technique T1059 (Command and Scripting Interpreter) belongs to Execution, and stands under Credential Access`,
		}},
		{name: "under a tactic of v18", check: "tactic-technique", file: elasticWith() + entryOf("TA0005", "Defense Evasion", execution)},

		{name: "left over", check: "tactic-tag", file: elasticWith(`type = "eql"`, "tags = [\"Tactic: Persistence\", \"Tactic: Execution\", \"Tactic: Exekution\"]\ntype = \"eql\"") + entryOf("TA0002", "Execution", execution), want: []string{
			`17:9-30 info tag "Tactic: Persistence" names a tactic that the rule is not mapped to`,
			`17:53-72 info tag "Tactic: Exekution" names no tactic of ATT&CK`,
		}},
		{name: "of v19 on v18", check: "tactic-tag", file: elasticWith(`type = "eql"`, "tags = [\"Tactic: Stealth\"]\ntype = \"eql\"") + entryOf("TA0005", "Defense Evasion", "")},

		{name: "revoked on v18", check: "revoked-technique", file: elasticWith() + entryOf("TA0005", "Defense Evasion", techniqueOf("technique", "T1562", "Impair Defenses"))},
		{name: "revoked on v19", check: "revoked-technique", file: elasticWith() + entryOf("TA0112", "Defense Impairment", techniqueOf("technique", "T1562", "Impair Defenses")), want: []string{
			`25:6-13 error technique T1562 (Impair Defenses) was revoked; in ATT&CK v19 it is T1685 (Disable or Modify Tools)`,
		}},
		{name: "revoked long ago", check: "revoked-technique", file: elasticWith() + entryOf("TA0005", "Defense Evasion", techniqueOf("technique", "T1089", "Disabling Security Tools")), want: []string{
			`25:6-13 error technique T1089 (Disabling Security Tools) was revoked before ATT&CK v19, for T1562.001 (Disable or Modify Tools); since then it is T1685 (Disable or Modify Tools)`,
		}},
		{name: "revoked long ago and still current", check: "revoked-technique", file: elasticWith() + entryOf("TA0005", "Defense Evasion", techniqueOf("technique", "T1086", "PowerShell")), want: []string{
			`25:6-13 error technique T1086 (PowerShell) was revoked; in ATT&CK v19 it is T1059.001 (PowerShell)`,
		}},
	})
}

// TestAttackVersion: a repository on v18 is one finding, whichever rule comes
// first.
func TestAttackVersion(t *testing.T) {
	rule := elasticWith() + entryOf("TA0005", "Defense Evasion", techniqueOf("technique", "T1562", "Impair Defenses"))
	other := strings.Replace(rule, "ae01", "ae09", 1)
	one := exampleFindings(attackVersionCheck, nil, "-- b.toml --\n"+rule)
	two := exampleFindings(attackVersionCheck, nil, "-- b.toml --\n"+rule+"-- a.toml --\n"+other)
	if len(one) != 1 || len(two) != 1 || one[0].Fingerprint != two[0].Fingerprint || two[0].Path != "a.toml" {
		t.Errorf("findings %+v and %+v", one, two)
	}
	before := exampleFindings(attackVersionCheck, nil, "-- b.toml --\n"+elasticWith()+entryOf("TA0005", "Defense Evasion", techniqueOf("technique", "T1089", "Disabling Security Tools")))
	if len(before) != 1 || strings.Contains(before[0].Message, "revoked") {
		t.Errorf("what was revoked before: %+v", before)
	}
	if !strings.Contains(two[0].Message, "2 rules are mapped") || !strings.Contains(two[0].Message, "2 of them to techniques that it revoked, such as T1562, now T1685") {
		t.Errorf("message %q", two[0].Message)
	}
}
