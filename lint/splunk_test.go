package lint

import (
	"strings"
	"testing"
)

// splunkWith is the sound rule of contentctl with some of its text replaced,
// which must be there.
func splunkWith(pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(exampleSplunk("A Test"), pairs[i]) {
			panic("not in the rule: " + pairs[i])
		}
	}
	return exampleSplunk("A Test", pairs...)
}

// splunkSearch is the sound rule with another search, of which the last
// command is left.
func splunkSearch(search string) string {
	whole := soundSplunk[strings.Index(soundSplunk, "search: '")+len("search: '") : strings.Index(soundSplunk, " | `a_name_filter`")]
	return splunkWith(whole, search)
}

func TestSoundSplunkRule(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Example(soundSplunk) {
		t.Errorf("%d: %s [%s]", f.Range.Start.Line, f.Message, f.Check)
	}
}

const version4 = "rba:\n  message: $user$ ran $process_name$ on $dest$.\n  risk_objects:\n  - field: dest\n    type: system\n    score: 50\n  threat_objects:\n  - field: process_name\n    type: process_name\n"

// flat is the sound rule as Splunk's content has rules since 2026: tags are its
// own attributes, and its risk is that of findings.
func flat(pairs ...string) string {
	text := splunkWith(version4, "finding:\n  title: $user$ ran $process_name$\n  entity:\n    field: user\n    type: user\n    score: 50\n"+
		"intermediate_findings:\n  entities:\n  - field: dest\n    type: system\n    score: 20\n    message: a tool on $dest$\n"+
		"threat_objects:\n- field: process_name\n  type: process_name\n", "date: '2026-01-02'", "creation_date: '2026-01-02'\nmodification_date: '2026-02-03'")
	start, end := strings.Index(text, "tags:\n"), strings.Index(text, "tests:\n")
	text = text[:start] + strings.ReplaceAll(strings.TrimPrefix(text[start+len("tags:\n"):end], "  "), "\n  ", "\n") + "category: endpoint\n" + text[end:]
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			panic("not in the rule: " + pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func TestFlatSplunkRule(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Example(flat()) {
		t.Errorf("%d: %s [%s]", f.Range.Start.Line, f.Message, f.Check)
	}
	runCases(t, []checkCase{
		{name: "flat", check: "required-attribute", file: flat("asset_type: Endpoint\n", "", "security_domain", "security_domian", "creation_date: '2026-01-02'\n", ""), want: []string{
			`1:1-5 warning the rule has no "asset_type"`,
			`1:1-5 warning the rule has no "creation_date"`,
			`36:1-16 warning the rule has no "security_domain", was "security_domian" meant to be it?`,
		}},
		{name: "neither form", check: "required-attribute", file: splunkWith("tags:\n", "tag:\n"), want: []string{`25:1-4 warning the rule has no "tags", was "tag" meant to be it?`}},
		{name: "flat", check: "invalid-attribute", file: flat("2026-02-03", "2026-02-30", "score: 20", "score: 200", "type: user", "type: usr", "domain: endpoint", "domain: edpoint"), want: []string{
			`5:20-32 error modification_date "2026-02-30" is no day of the calendar`,
			`21:11-14 error risk object type "usr" is unknown, expected one of system, user, other`,
			"27:12-15 error score 200 is out of range, expected 1 to 100",
			`38:18-25 error security domain "edpoint" is unknown, did you mean "endpoint"?`,
		}},
		{name: "flat", check: "unknown-attribute", file: flat("references", "refrences", "modification_date", "modificaton_date"), want: []string{
			`5:1-17 info "modificaton_date" is no attribute of Splunk, did you mean "modification_date"?`,
			`16:1-10 info "refrences" is no attribute of Splunk, did you mean "references"?`,
		}},
		{name: "flat", check: "risk-field", file: flat("field: user", "field: host", "a tool on $dest$", "a tool on $nowhere$", "- field: process_name", "- field: parent"), want: []string{
			`20:12-16 warning the search does not return the field "host" of the risk object`,
			`28:25-32 warning the search does not return the field "nowhere", which the message names`,
			`30:10-16 warning the search does not return the field "parent" of the threat object`,
		}},
		{name: "flat", check: "duplicate-tag", file: flat("- T1059.001\n", "- T1059\n- T1059.001\n"), want: []string{"35:3-8 warning technique T1059 stands beside its own sub-technique T1059.001, which says more"}, fixed: flat()},
		{name: "flat", check: "modified-before-date", file: flat("2026-02-03", "2025-02-03"), want: []string{`5:20-32 warning modification_date "2025-02-03" is before the date of the rule, "2026-01-02"`}},
		{name: "flat", check: "unknown-technique", file: flat("T1059.001", "T1059.901"), want: []string{`35:3-12 error technique "T1059.901" is not in ATT&CK, did you mean T1059 (Command and Scripting Interpreter)?`}},
	})
}

func TestSplunkAttributes(t *testing.T) {
	runCases(t, []checkCase{
		{name: "what a rule needs", check: "required-attribute", file: splunkWith("name: A Test\n", "", "version: 1\n", "", "author: Blue Team\n", "author: ''\n", "known_false_positives", "known_false_positve", "  asset_type: Endpoint\n", ""), want: []string{
			`1:1-3 error the rule has no "name"`,
			`1:1-3 warning the rule has no "version"`,
			`3:1-7 warning "author" is empty`,
			`12:1-20 warning the rule has no "known_false_positives", was "known_false_positve" meant to be it?`,
			`23:1-5 warning tags has no "asset_type"`,
		}},
		{name: "baseline", check: "required-attribute", file: splunkWith("status: production\n", "", "type: TTP", "type: Baseline", "  asset_type: Endpoint\n", "")},
		{name: "production without tests", check: "required-attribute", file: splunkWith("tests:\n", "tests: []\nother:\n"), want: []string{`6:1-7 info the rule is in production and has no "tests"`}},
		{name: "tested by hand", check: "required-attribute", file: splunkWith("tests:\n", "tests: []\nother:\n", "tags:\n", "tags:\n  manual_test: no data\n")},
		{name: "experimental without tests", check: "required-attribute", file: splunkWith("tests:\n", "tests: []\nother:\n", "production", "experimental")},
		{name: "saved search", check: "required-attribute", file: "-- default/savedsearches.conf --\n[A]\nsearch = index=a\n"},

		{name: "values", check: "invalid-attribute", file: splunkWith("ae11", "ae1", "version: 1", "version: 0", "2026-01-02", "2026-02-30", "status: production", "status: prod", "type: TTP", "type: ttp", "domain: endpoint", "domain: endpoints"), want: []string{
			`2:5-40 warning id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae1" is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef`,
			"3:10-11 error version 0 is out of range, expected 1 or more",
			`4:7-19 error date "2026-02-30" is no day of the calendar`,
			`6:9-13 error status "prod" is unknown, did you mean "production"?`,
			`7:7-10 warning type "ttp" is written in another letter case, expected "TTP"`,
			`32:20-29 error security domain "endpoints" is unknown, did you mean "endpoint"?`,
		}},
		{name: "date of another form", check: "invalid-attribute", file: splunkWith("2026-01-02", "2026/01/02"), want: []string{`4:7-19 warning date "2026/01/02" is not written as contentctl reads dates, expected "2026-01-02"`}, fixed: splunkWith()},
		{name: "risk", check: "invalid-attribute", file: splunkWith("score: 50", "score: 101", "type: system", "type: host", "type: process_name", "type: proces_name"), want: []string{
			`20:11-15 error risk object type "host" is unknown, expected one of system, user, other`,
			"21:12-15 error score 101 is out of range, expected 1 to 100",
			`24:11-22 error threat object type "proces_name" is unknown, did you mean "process_name"?`,
		}},
		{name: "score of contentctl 4", check: "invalid-attribute", file: splunkWith(version4, "", "tags:\n", "tags:\n  confidence: 80\n  impact: 70\n  risk_score: 64\n"), want: []string{"19:15-17 warning risk_score is 64, and confidence × impact / 100 is 56, which is what contentctl puts into the app"}, fixed: splunkWith(version4, "", "tags:\n", "tags:\n  confidence: 80\n  impact: 70\n  risk_score: 56\n")},
		{name: "half points", check: "invalid-attribute", file: splunkWith(version4, "", "tags:\n", "tags:\n  confidence: 50\n  impact: 49\n  risk_score: 25\n")},
		{name: "confidence", check: "invalid-attribute", file: splunkWith("tags:\n", "tags:\n  confidence: 110\n"), want: []string{"26:15-18 error confidence 110 is out of range, expected 0 to 100"}},
		{name: "ids", check: "invalid-attribute", file: splunkWith("tags:\n", "tags:\n  cve: [CVE-2021-44228, cve-2021-44228, CVE-2021]\n  atomic_guid: [x]\n"), want: []string{
			`26:25-39 warning cve "cve-2021-44228" is not written as CVE has its ids, expected "CVE-2021-44228"`,
			`26:41-49 error cve "CVE-2021" is no CVE id, expected a form such as "CVE-2021-44228"`,
			`27:17-18 error atomic_guid "x" is no UUID, expected the one of an Atomic Red Team test`,
		}},
		{name: "technique that is no list", check: "invalid-attribute", file: splunkWith("mitre_attack_id:\n  - T1059.001", "mitre_attack_id: T1059.001"), want: []string{"28:20-29 error mitre_attack_id is a text, expected a list of ids"}},
		{name: "enabled", check: "invalid-attribute", file: splunkWith("status: production", "status: experimental\nenabled_by_default: true"), want: []string{`7:21-25 error the rule is enabled by default and has the status "experimental", expected "production"`}},

		{name: "misspelled", check: "unknown-attribute", file: splunkWith("references: []", "reference: []", "tags:\n", "tags:\n  CVE: []\n", "  threat_objects", "  threat_object"), want: []string{
			`15:1-10 info "reference" is no attribute of Splunk, did you mean "references"?`,
			`22:3-16 info "rba.threat_object" is no attribute of Splunk, did you mean "rba.threat_objects"?`,
			`26:3-6 info "tags.CVE" is no attribute of Splunk, did you mean "tags.cve"?`,
		}},
		{name: "of one's own", check: "unknown-attribute", file: splunkWith("references: []", "ticket: 1")},

		{name: "technique", check: "unknown-technique", file: splunkWith("T1059.001", "T1059.901"), want: []string{`29:5-14 error technique "T1059.901" is not in ATT&CK, did you mean T1059 (Command and Scripting Interpreter)?`}},
		{name: "technique without dot", check: "unknown-technique", file: splunkWith("T1059.001", "T1059001"), want: []string{`29:5-13 error technique "T1059001" is not in ATT&CK, did you mean T1059.001 (PowerShell)?`}, fixed: splunkWith()},
		{name: "revoked", check: "revoked-technique", file: splunkWith("T1059.001", "T1574.002"), want: []string{"29:5-14 error technique T1574.002 (DLL Side-Loading) was revoked; in ATT&CK v19 it is T1574.001 (DLL)"}, fixed: splunkWith("T1059.001", "T1574.001")},
		{name: "revoked by the current version", check: "revoked-technique", file: splunkWith("T1059.001", "T1562.001")},
		{name: "revoked by the current version", check: "attack-version", file: splunkWith("T1059.001", "T1562.001"), want: []string{"1:7-13 info one rule is mapped to techniques that ATT&CK v19 revoked, such as T1562.001, now T1685"}},
		{name: "current", check: "attack-version", file: splunkWith()},
		{name: "deprecated", check: "deprecated-technique", file: splunkWith("T1059.001", "T1043"), want: []string{"29:5-10 warning technique T1043 (Commonly Used Port) was dropped from ATT&CK without a successor"}},
		{name: "twice", check: "duplicate-tag", file: splunkWith("  - T1059.001\n", "  - T1059.001\n  - t1059.001\n"), want: []string{`30:5-14 warning tag "t1059.001" stands twice`}, fixed: splunkWith()},
		{name: "parent", check: "duplicate-tag", file: splunkWith("  - T1059.001\n", "  - T1059\n  - T1059.001\n"), want: []string{"29:5-10 warning technique T1059 stands beside its own sub-technique T1059.001, which says more"}, fixed: splunkWith()},
		{name: "parent in contentctl 4", check: "duplicate-tag", file: splunkWith(version4, "", "  - T1059.001\n", "  - T1059\n  - T1059.001\n")},

		{name: "two rules", check: "duplicate-id", file: "-- a.yml --\n" + splunkWith() + "-- b.yml --\n" + splunkWith("A Test", "B Test"), want: []string{
			`2:5-41 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11" is also that of "B Test" in b.yml`,
			`2:5-41 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11" is also that of "A Test" in a.yml`,
		}},
		{name: "layers of an app", check: "duplicate-id", file: "-- default/savedsearches.conf --\n[A]\nsearch = index=a\n-- local/savedsearches.conf --\n[A]\nsearch = index=b\n"},
		{name: "layers of an app", check: "duplicate-title", file: "-- default/savedsearches.conf --\n[A]\nsearch = index=a\n-- local/savedsearches.conf --\n[A]\nsearch = index=b\n"},
	})
}

func TestSplunkDefinitions(t *testing.T) {
	const window = "-- macros/window.yml --\nname: window\narguments: [a, b]\ndefinition: '$a$ $b$'\n"
	const sysmon = "-- macros/sysmon.yml --\n" + exampleMacro
	const lookup = "-- lookups/admin_tools.yml --\n" + exampleLookup
	const table = "-- lookups/names.yml --\nname: names\nfilename: names.csv\n"
	rule := func(search string) string { return "-- detections/a_test.yml --\n" + splunkSearch(search) }
	stanza := func(search string) string { return "-- default/savedsearches.conf --\n[A]\nsearch = " + search + "\n" }
	count := " | stats count by dest user process_name"
	runCases(t, []checkCase{
		{name: "slip", check: "unresolved-macro", file: sysmon + rule("`sysmn` a=1"+count), want: []string{`11:10-17 warning macro "sysmn" is not defined in the repository, did you mean "sysmon"?`}, fixed: sysmon + rule("`sysmon` a=1"+count)},
		{name: "nothing alike", check: "unresolved-macro", file: sysmon + rule("`firewall` a=1"+count), want: []string{`11:10-20 warning macro "firewall" is not defined in the repository`}},
		{name: "arguments", check: "unresolved-macro", file: window + rule("`window(1)` a=1"+count), want: []string{`11:10-21 warning macro "window" is called with 1 argument, and is defined with 2 arguments`}},
		{name: "no arguments", check: "unresolved-macro", file: window + rule("`window` a=1"+count), want: []string{`11:10-18 warning macro "window" is called with no argument, and is defined with 2 arguments`}},
		{name: "several times", check: "unresolved-macro", file: sysmon + rule("`firewall` OR `firewall`"+count), want: []string{`11:10-20 warning macro "firewall" is not defined in the repository`}},
		{name: "known", check: "unresolved-macro", file: window + sysmon + rule("`sysmon` `window(1, 2)` [search `sysmon`]"+count+" | `get_asset(x)` | `other_filter`")},
		{name: "in quotes", check: "unresolved-macro", file: sysmon + rule("a=\"`firewall`\""+count)},
		{name: "no macros", check: "unresolved-macro", file: rule("`firewall` a=1" + count)},
		{name: "saved search", check: "unresolved-macro", file: "-- default/macros.conf --\n[sysmon]\ndefinition = index=a\n" + stanza("`sysmon` `sysmno`"), want: []string{`2:19-27 warning macro "sysmno" is not defined in the repository, did you mean "sysmon"?`}},
		{name: "in a macro", check: "unresolved-macro", file: sysmon + "-- macros/both.yml --\nname: both\ndefinition: '(`sysmon` OR `firewall` OR `x_filter`)'\n", want: []string{`1:1-1 warning the definition of macro "both" calls "firewall", which is not defined in the repository`}},

		{name: "options", check: "unresolved-lookup", file: lookup + rule("a=1 | lookup local=true update=true admin_tool name as a OUTPUT purpose"+count), want: []string{`11:46-56 warning lookup "admin_tool" is not defined in the repository, did you mean "admin_tools"?`}, fixed: lookup + rule("a=1 | lookup local=true update=true admin_tools name as a OUTPUT purpose"+count)},
		{name: "quotes", check: "unresolved-lookup", file: lookup + rule("a=1 | lookup \"nothing\" name as a OUTPUT purpose"+count), want: []string{`11:23-32 warning lookup "nothing" is not defined in the repository`}},
		{name: "subsearch", check: "unresolved-lookup", file: lookup + rule("a=1 [| inputlookup append=t nothing where x=1 | fields b]"+count), want: []string{`11:38-45 warning lookup "nothing" is not defined in the repository`}},
		{name: "known", check: "unresolved-lookup", file: lookup + rule("a=1 | lookup local=true \"admin_tools\" name as a OUTPUT purpose | lookup dnslookup clientip as b OUTPUT clienthost | lookup geo_attr_countries country OUTPUT iso2 | lookup x.csv a OUTPUT b"+count)},
		{name: "no lookups", check: "unresolved-lookup", file: rule("a=1 | lookup nothing a OUTPUT b" + count)},
		{name: "conf", check: "unresolved-lookup", file: "-- default/transforms.conf --\n[tools]\nfilename = tools.csv\n" + stanza("a=1 | lookup tools a OUTPUT b | lookup tolls a OUTPUT c"), want: []string{`2:49-54 warning lookup "tolls" is not defined in the repository, did you mean "tools"?`}},
		{name: "no table", check: "unresolved-lookup", file: table + "-- lookups/others.yml --\nname: others\nfilename: others.csv\n-- lookups/others.csv --\na,b\n" + rule("a=1 | lookup names a OUTPUT b | lookup others a OUTPUT c"+count), want: []string{`11:23-28 warning lookup "names" has the table lookups/names.csv by its definition in lookups/names.yml, and the repository does not have that file`}},
		{name: "no tables", check: "unresolved-lookup", file: table + rule("a=1 | lookup names a OUTPUT b"+count)},

		{name: "none", check: "missing-filter-macro", file: splunkWith(" | `a_test_filter`", ""), want: []string{"11:1-7 warning the search does not call the rule's filter macro, expected \"`a_test_filter`\" in it"}, fixed: splunkWith()},
		{name: "of another rule", check: "missing-filter-macro", file: splunkWith("`a_test_filter`", "`b_test_filter`"), want: []string{`12:96-111 warning the search calls the filter macro "b_test_filter", expected the rule's own, "a_test_filter"`}, fixed: splunkWith()},
		{name: "name with signs", check: "missing-filter-macro", file: splunkWith("name: A Test\n", "name: A-Te.st/1\n", "`a_test_filter`", "`a_te_st_1_filter`")},
		{name: "plain YAML", check: "missing-filter-macro", file: splunkSearchAs("search: index=a x=1\n"), want: []string{"11:1-7 warning the search does not call the rule's filter macro, expected \"`a_test_filter`\" in it"}, fixed: splunkSearchAs("search: index=a x=1 | `a_test_filter`\n")},
		{name: "block", check: "missing-filter-macro", file: splunkSearchAs("search: |\n  index=a x=1\n  | stats count\n"), want: []string{"11:1-7 warning the search does not call the rule's filter macro, expected \"`a_test_filter`\" in it"}, fixed: splunkSearchAs("search: |\n  index=a x=1\n  | stats count | `a_test_filter`\n")},
		{name: "baseline", check: "missing-filter-macro", file: splunkWith(" | `a_test_filter`", "", "type: TTP", "type: Baseline")},
		{name: "saved search", check: "missing-filter-macro", file: stanza("index=a")},

		{name: "objects", check: "risk-field", file: splunkWith("field: dest\n", "field: Dest\n", "field: process_name", "field: parent"), want: []string{
			`19:12-16 warning the search does not return the field "Dest" of the risk object; it returns "dest"`,
			`23:12-18 warning the search does not return the field "parent" of the threat object`,
		}},
		{name: "message", check: "risk-field", file: splunkWith("$user$", "$src_user$ for $5 or $10"), want: []string{`17:13-21 warning the search does not return the field "src_user", which the message names`}},
		{name: "not certain", check: "risk-field", file: strings.Replace(splunkSearch("index=a"), "field: dest", "field: host", 1)},
		{name: "unknown command", check: "risk-field", file: strings.Replace(splunkSearch("index=a"+count+" | cyberchef x"), "field: dest", "field: host", 1)},
		{name: "hunting in contentctl 4", check: "risk-field", file: splunkWith(version4, "", "tags:\n", "tags:\n  message: $nothing$\n", "type: TTP", "type: Hunting")},
		{name: "contentctl 4", check: "risk-field", file: splunkWith(version4, "", "tags:\n", "tags:\n  message: $nothing$\n  observable:\n  - {name: host, type: Hostname, role: [Victim]}\n"), want: []string{
			`17:13-20 warning the search does not return the field "nothing", which the message names`,
			`19:12-16 warning the search does not return the field "host" of the risk object`,
		}},

		{name: "fuller name", check: "unknown-data-source", file: "-- data_sources/a.yml --\n" + exampleDataSource + "-- a.yml --\n" + splunkWith("- Sysmon EventID 1\n", "- Sysmon 1\n"), want: []string{`10:3-11 info data source "Sysmon 1" is not described in the repository, did you mean "Sysmon EventID 1"?`}},
		{name: "two in one", check: "unknown-data-source", file: "-- data_sources/a.yml --\n" + exampleDataSource + "-- a.yml --\n" + splunkWith("- Sysmon EventID 1\n", "- Sysmon EventID 1 AND Sysmon EventID 3\n"), want: []string{`10:3-40 info data source "Sysmon EventID 3" is not described in the repository`}},
		{name: "none described", check: "unknown-data-source", file: splunkWith()},

		{name: "two", check: "duplicate-definition", file: sysmon + "-- macros/z.yml --\n" + exampleMacro, want: []string{
			`1:1-1 warning macro "sysmon" is also defined in macros/z.yml`,
			`1:1-1 warning macro "sysmon" is also defined in macros/sysmon.yml`,
		}},
		{name: "layers of an app", check: "duplicate-definition", file: "-- default/macros.conf --\n[a]\ndefinition = x\n-- local/macros.conf --\n[a]\ndefinition = y\n"},
		{name: "other arguments", check: "duplicate-definition", file: window + "-- macros/z.yml --\nname: window\ndefinition: x\n"},

		{name: "not a macro", check: "quoted-macro", file: sysmon + rule("a=\"`date`\""+count)},
		{name: "text", check: "quoted-macro", file: sysmon + rule("a=\"x `sysmon`\""+count), want: []string{`11:15-23 warning macro "sysmon" is called inside of quotes, where Splunk does not expand it`}},
		{name: "list", check: "glued-value", file: rule(`a IN (""*x*"")` + count), want: []string{`11:18-21 warning "*x*" follows "" without a comma or a blank, and is a value of its own`}},
		{name: "cut", check: "cut-value", file: rule(`a=*b\ c* d=1` + count), want: []string{`11:12-15 warning the value ends here, at "*b\": a backslash does not keep a blank, expected the value in quotes`}},
		{name: "operator", check: "lowercase-operator", file: rule("a=1 or b=2" + count), want: []string{`11:14-16 warning "or" in lower case is a word to search for, expected "OR"`}, fixed: rule("a=1 OR b=2" + count)},
		{name: "word", check: "bare-term", file: rule("a=1" + count + " | search x*"), want: []string{`11:63-65 warning "x*" has no field, and after a command such as stats there is no event to find it in, so it never holds`}},
		{name: "day", check: "unquoted-text", file: rule("a=1" + count + " | where day=Monday OR day=other"), want: []string{`11:66-72 warning "Monday" without quotes is a field, and no text to compare with`}, fixed: rule("a=1" + count + ` | where day="Monday" OR day=other`)},
		{name: "column", check: "unquoted-text", file: rule("a=1 | stats count as yes by dest | where dest=yes")},
	})
}

// splunkSearchAs is a rule with a search in another form of YAML.
func splunkSearchAs(search string) string {
	start, end := strings.Index(soundSplunk, "search: '"), strings.Index(soundSplunk, "how_to_implement")
	return strings.Replace(soundSplunk[:start]+search+soundSplunk[end:], "A Name", "A Test", 1)
}
