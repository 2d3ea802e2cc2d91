package splunk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers/query/querytest"
	"github.com/detlint/detlint/rule"
)

func values(list []rule.Text) string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = t.Value
	}
	return strings.Join(out, "|")
}

// describe writes what was read of a rule, an attribute a line.
func describe(r *rule.Rule) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	line("id", r.ID.Value)
	line("title", r.Title.Value)
	line("kind", string(r.Kind))
	line("status", r.Status.Value)
	line("level", string(r.Level)+" "+r.LevelText.Value)
	line("author", r.Author.Value)
	line("date", r.Date.Value)
	line("techniques", values(r.Techniques))
	line("tags", values(r.Tags))
	line("false positives", values(r.FalsePositives))
	line("references", values(r.References))
	for _, s := range r.Selectors {
		line("selector", s.Key+"="+s.Value.Value)
	}
	for _, u := range r.Uses {
		line("uses", string(u.Kind)+" "+u.Name)
	}
	d := r.Syntax.(*Document)
	line("type", d.Type.Value)
	line("message", d.Message.Value)
	for _, o := range d.Objects {
		line("object", fmt.Sprintf("%s %s threat=%t scored=%t", o.Field.Value, o.Type.Value, o.Threat, o.Score != nil))
	}
	line("condition", querytest.Show(r.Condition))
	line("unresolved", strings.Join(r.Unresolved, "|"))
	if r.Stateful {
		line("stateful", "yes")
	}
	return b.String()
}

func TestRules(t *testing.T) {
	for name, tt := range map[string]struct{ path, text, want string }{
		"content since 2026": {"detections/a.yml", `name: Odd Shell
id: 0a1b
version: 2
creation_date: '2026-05-06'
modification_date: '2026-06-07'
author: A. B.
status: production
type: TTP
description: d
search: index=a
how_to_implement: none
known_false_positives: k
finding:
  title: t $user$
  entity: {field: user, type: user, score: 50}
intermediate_findings:
  entities:
  - {field: dest, type: system, score: 70, message: m}
threat_objects:
- {field: src, type: ip_address}
analytic_story: [S]
mitre_attack_id: [T1059.001]
`, `id: 0a1b
title: Odd Shell
kind: detection
status: production
level: high 70
author: A. B.
date: 2026-05-06
techniques: T1059.001
tags: S|T1059.001
false positives: k
type: TTP
message: t $user$
object: user user threat=false scored=true
object: dest system threat=false scored=true
object: src ip_address threat=true scored=false
condition: index eq a
`},
		"contentctl 4": {"detections/a.yml", `name: Odd Shell
id: 0a1b
version: 2
date: '2024-05-06'
author: A. B.
status: production
type: Anomaly
description: d
data_source:
- Sysmon EventID 1
- Sysmon EventID 5 AND Sysmon EventID 6
search: '` + "`feed`" + ` user=a NOT ` + "`gone(1)`" + ` | stats count by user | lookup known user OUTPUT who | where count > 5 | ` + "`odd_shell_filter`" + `'
how_to_implement: h
known_false_positives: admins
references:
- https://example.com/a
tags:
  analytic_story:
  - Shells
  message: $user$ did it
  mitre_attack_id:
  - t1059.001
  - T1047
  risk_score: 49.0
  observable:
  - name: user
    type: User
    role:
    - Victim
  - name: ip
    type: IP Address
    role: [Attacker]
tests: []
`, `id: 0a1b
title: Odd Shell
kind: detection
status: production
level: medium 49.0
author: A. B.
date: 2024-05-06
techniques: T1059.001|T1047
tags: Shells|t1059.001|T1047
false positives: admins
references: https://example.com/a
selector: data_source=Sysmon EventID 1
selector: data_source=Sysmon EventID 5 AND Sysmon EventID 6
selector: macro=feed
selector: macro=gone
uses: data_source Sysmon EventID 1
uses: data_source Sysmon EventID 5
uses: data_source Sysmon EventID 6
uses: macro feed
uses: macro gone(1)
uses: macro odd_shell_filter
uses: lookup known
type: Anomaly
message: $user$ did it
object: user User threat=false scored=false
object: ip IP Address threat=true scored=false
condition: and(or(sourcetype eq feed, source endswith /feed), user eq a, count gt 5)
unresolved: macro:gone
stateful: yes
`},
		"contentctl 5": {"detections/b.yml", `name: Odd Model
id: 0a1c
type: TTP
status: experimental
data_source: []
search: |-
  | tstats count from datamodel=Endpoint.Processes where Processes.user!=a by Processes.dest
how_to_implement: h
rba:
  message: m
  risk_objects:
  - field: dest
    type: system
    score: 25
  - field: user
    type: user
    score: 90
  threat_objects:
  - field: process_name
    type: process_name
tags:
  mitre_attack_id: []
`, `id: 0a1c
title: Odd Model
kind: detection
status: experimental
level: critical 90
selector: datamodel=Endpoint.Processes
type: TTP
message: m
object: dest system threat=false scored=true
object: user user threat=false scored=true
object: process_name process_name threat=true scored=false
condition: not(Processes.user eq a)
`},
		"baseline": {"baselines/a.yml", "name: Seen\nid: 1\ntype: Baseline\nsearch: index=a | outputlookup seen\nhow_to_implement: h\ntags: {}\n", `id: 1
title: Seen
kind: baseline
level:  
type: Baseline
condition: index eq a
`},
		"correlation search": {"default/savedsearches.conf", `# all of them
[default]
dispatch.earliest_time = -1h

[Threat - Odd Shell - Rule]
action.correlationsearch.enabled = 1
action.correlationsearch.label = Odd Shell
action.correlationsearch.annotations = {"mitre_attack": ["T1059.001", "initial-access"], "cis20": ["CIS 3"]}
action.notable.param.severity = High
description = what it does
disabled = 1
search = index=a user=b \
| where match(c, "x\\d") \
| stats count
`, `id: Threat - Odd Shell - Rule
title: Odd Shell
kind: detection
status: disabled
level: high High
techniques: T1059.001
tags: T1059.001|initial-access
condition: and(index eq a, user eq b, c regex x\\d)
`},
		"risk and report": {"savedsearches.conf", `[Risky]
action.risk = 1
action.risk.param._risk = [{"risk_object_field": "user", "risk_score": 10}, {"risk_score": 35}]
search = index=a
[Weekly]
search = index=b | timechart count
`, `id: Risky
title: Risky
kind: detection
level: low [{"risk_object_field": "user", "risk_score": 10}, {"risk_score": 35}]
condition: index eq a
id: Weekly
title: Weekly
kind: baseline
level:  
condition: index eq b
`},
	} {
		f := parseText(tt.path, tt.text)
		if !f.Recognized {
			t.Errorf("%s: not recognized", name)
		}
		for _, p := range f.Problems {
			t.Errorf("%s: %s", name, p.Message)
		}
		got := ""
		for i, r := range f.Rules {
			if got += describe(r); r.Index != i || r.Vendor != rule.Splunk || r.Language != "spl" || r.Broken {
				t.Errorf("%s: rule %d is %d %s %s %t", name, i, r.Index, r.Vendor, r.Language, r.Broken)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestDefinitions(t *testing.T) {
	for name, tt := range map[string]struct{ path, text, want string }{
		"macro":             {"macros/a.yml", "definition: sourcetype=a\ndescription: d\nname: a\n", `macro a [] "sourcetype=a" [] [] 1`},
		"with arguments":    {"macros/b.yml", "# é\nname: b\narguments:\n- x\n- y\ndefinition: '$x$=$y$'\n", `macro b(2) [x y] "$x$=$y$" [] [] 2`},
		"lookup":            {"lookups/l.yml", "name: l\ndescription: d\nfilename: l1.csv\ncase_sensitive_match: 'false'\n", `lookup l [] "" [] [l1.csv] 1`},
		"macro, more keys":  {"macros/a.yml", "name: a\ndefinition: x=1\nowner: me\n", `macro a [] "x=1" [] [] 1`},
		"macro, elsewhere":  {"b/a.yml", "name: a\ndefinition: x=1\nreferences: []\n", `macro a [] "x=1" [] [] 1`},
		"macro in JSON":     {"macros/a.yml", `{"name": "a", "definition": "x=1"}`, `macro a [] "x=1" [] [] 1`},
		"lookup, more keys": {"lookups/l.yml", "name: l\nfilename: l1.csv\nowner: me\n", `lookup l [] "" [] [l1.csv] 1`},
		"collection":        {"lookups/k.yml", "name: k\ncollection: k\nfields_list: _key, a, b\n", `lookup k [] "" [_key a b] [] 1`},
		"contentctl 5":      {"lookups/n_2025.yml", "name: n\nid: 1\nversion: 1\nlookup_type: csv\nmatch_type: []\n", `lookup n [] "" [] [n_2025.csv] 1`},
		"data source":       {"data_sources/s.yml", "name: S 1\nsource: x\nsourcetype: y\nsupported_TA: []\nfields: [a]\n", `data_source S 1 [] "" [] [] 1`},
		"macros.conf":       {"default/macros.conf", "[a]\ndefinition = x=1 \\\n y=2\n\n[b(2)]\nargs = x, y\ndefinition = $x$=$y$\n[c]\niseval = 1\ndefinition = now()\n", "macro a [] \"x=1 \\n y=2\" [] [] 1\nmacro b(2) [x y] \"$x$=$y$\" [] [] 5\nmacro c [] \"now()\" [] [] 8"},
		"transforms":        {"default/transforms.conf", "[l]\nfilename = l.csv\nfields_list = a, \"b\"\n[other]\nREGEX = (x)\nFORMAT = y::$1\n", `lookup l [] "" [a b] [../lookups/l.csv] 1`},
	} {
		f := parseText(tt.path, tt.text)
		var got []string
		for _, d := range f.Definitions {
			got = append(got, fmt.Sprintf("%s %s %v %q %v %v %d", d.Kind, d.Name, d.Arguments, d.Text, d.Columns, d.Files, d.Line))
			if d.Path != tt.path {
				t.Errorf("%s: at %s", name, d.Path)
			}
		}
		if text := strings.Join(got, "\n"); text != tt.want || !f.Recognized || len(f.Rules) > 0 || len(f.Problems) > 0 {
			t.Errorf("%s: recognized %t, %d rules, %v\n got %s\nwant %s", name, f.Recognized, len(f.Rules), f.Problems, text, tt.want)
		}
		if Waits([]byte(tt.text)) {
			t.Errorf("%s: waits for definitions although it is one", name)
		}
	}
}

func TestOthersAreLeftAlone(t *testing.T) {
	for name, text := range map[string]string{
		"story":         "name: S\nid: 1\ndescription: d\nnarrative: n\nreferences: []\ntags:\n  analytic_story: S\n  category: [Malware]\n  usecase: u\n",
		"playbook":      "name: P\nid: 1\ntype: Investigation\ndescription: d\nplaybook: p\nhow_to_implement: h\nreferences: []\ntags:\n  playbook_type: Input\n",
		"investigation": "name: I\nid: 1\ntype: Investigation\nsearch: index=a\nhow_to_implement: h\nknown_false_positives: ''\ninputs: [user]\ntags: {analytic_story: []}\n",
		"deployment":    "name: D\nid: 1\ntype: TTP\nscheduling:\n  cron_schedule: 0 * * * *\nalert_action:\n  notable: {}\n",
		"sigma":         "title: T\nid: 1\nstatus: test\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}\n",
		"dashboard":     "name: D\nsearch: index=a\n",
		"workflow":      "name: CI\non: push\njobs: {}\n",
		"ocsf mapping":  "name: x\ndefinition: y\nfields: []\n",
		"list":          "- search: index=a\n  how_to_implement: h\n  type: TTP\n",
		"nothing":       "",
	} {
		if f := parseText("x.yml", text); f.Recognized || len(f.Rules) > 0 || len(f.Definitions) > 0 {
			t.Errorf("%s is recognized: %+v", name, f)
		}
	}
}

func TestOthersInFoldersOfDefinitions(t *testing.T) {
	for path, text := range map[string]string{
		"macros/schema.yml":   "version: 2\nmacros:\n- name: a\n  arguments: []\n",
		"macros/job.yml":      "name: CI\non: push\njobs: {}\n",
		"app/lookups/job.yml": "name: CI\non: push\njobs: {}\n",
		"lookups/list.yml":    "- name: a\n",
	} {
		if f := parseText(path, text); f.Recognized {
			t.Errorf("%s is recognized: %+v", path, f)
		}
	}
}

func TestProblems(t *testing.T) {
	head := "name: A\nid: 1\ntype: TTP\nstatus: production\nhow_to_implement: h\ntags: {}\n"
	for name, tt := range map[string]struct{ path, text, at, message string }{
		"no search":          {"a.yml", head, "name", `the rule has no search, expected one under the key "search"`},
		"empty search":       {"a.yml", head + "search:\n", "", `the rule has no search, expected one under the key "search"`},
		"search in a list":   {"a.yml", head + "search: [a]\n", "[a]", `search must be a text, found a list`},
		"misspelled search":  {"a.yml", head + "serach: index=a\n", "serach", `the rule has no search, expected one under the key "search" and found "serach"`},
		"key twice":          {"a.yml", head + "search: index=a\nstatus: test\n", "status", `key "status" stands twice in one mapping; only one of its values can count`},
		"tags are a list":    {"a.yml", strings.Replace(head, "{}", "[T1059]", 1) + "search: index=a\n", "[T1059]", `tags must be a mapping, found a list`},
		"technique":          {"a.yml", strings.Replace(head, "{}", "{mitre_attack_id: [T1059, {a: b}]}", 1) + "search: index=a\n", "{a: b}", `mitre_attack_id must be a list of texts, found a mapping in it`},
		"broken YAML":        {"a.yml", "name: A\nsearch: 'index=a\nhow_to_implement: h\nknown_false_positives: f\n", "'", `expected a closing '`},
		"broken macro":       {"a.yml", "name: a\ndefinition: 'x\ndescription: d\n", "'", ``},
		"stanza head":        {"savedsearches.conf", "[A\nsearch = index=a\n", "[A", `the head of a stanza is not closed, expected "]"`},
		"no setting":         {"savedsearches.conf", "[A]\nsearch = index=a\nalert\n", "alert", `unexpected line, expected "key = value" or a stanza in brackets`},
		"stanza, no search":  {"savedsearches.conf", "[A]\ncron_schedule = 0 * * * *\n", "[A]", `stanza "A" has no search, expected a setting "search"`},
		"annotations":        {"savedsearches.conf", "[A]\nsearch = index=a\naction.correlationsearch.annotations = {mitre}\n", "{mitre}", `annotations must be a JSON object of lists`},
		"UTF-16":             {"macros.conf", "\xFF\xFE[\x00a\x00]\x00", "", `the file is in UTF-16, expected UTF-8; save it as UTF-8`},
		"macro's key":        {"macros/a.yml", "name: a\ndefintion: x=1\n", "defintion", `unexpected key "defintion", expected "definition"`},
		"macro, no text":     {"app/macros/a.yml", "name: a\ndescription: d\n", "name", `the macro has no definition, expected one under the key "definition"`},
		"macro, no name":     {"macros/a.yml", "definition: x=1\nnmae: a\n", "nmae", `unexpected key "nmae", expected "name"`},
		"macro, a list":      {"macros/a.yml", "name: a\ndefinition: [x]\n", "definition", `definition of the macro must be a text, found a list`},
		"lookup's key":       {"lookups/a.yml", "name: a\nfilname: a.csv\n", "filname", `unexpected key "filname", expected "filename"`},
		"lookup, no table":   {"lookups/a.yml", "name: a\ndescription: d\n", "name", `the lookup has no table, expected one of the keys ["filename" "collection" "lookup_type"]`},
		"macro without text": {"macros.conf", "[a]\nargs = x\n", "[a]", `the macro has no definition`},
	} {
		f := parseText(tt.path, tt.text)
		if !f.Recognized || len(f.Problems) != 1 {
			t.Errorf("%s: recognized %t, problems %+v", name, f.Recognized, f.Problems)
			continue
		}
		p := f.Problems[0]
		if found := tt.text[p.Span.Start:p.Span.End]; !strings.HasPrefix(found, tt.at) || tt.at != "" && len(found) > len(tt.at)+30 || !strings.Contains(p.Message, tt.message) {
			t.Errorf("%s: at %q: %s\nwant %q: %s", name, found, p.Message, tt.at, tt.message)
		}
	}
}

// TestRulesWithMistakesAreRules: a slip in one of its attributes does not make a
// rule disappear.
func TestRulesWithMistakesAreRules(t *testing.T) {
	for name, text := range map[string]string{
		"misspelled type": "name: A\nid: 1\ntype: TPP\nsearch: index=a\ntags:\n  mitre_attack_id: [T1059]\n",
		"no tags":         "name: A\nid: 1\ntype: TTP\nsearch: index=a\n",
		"in JSON":         `{"name": "A", "type": "TTP", "search": "index=a", "how_to_implement": ""}`,
	} {
		if f := parseText("a.yml", text); len(f.Rules) != 1 || len(f.Problems) > 0 {
			t.Errorf("%s: %d rules, %v", name, len(f.Rules), f.Problems)
		}
	}
}

func TestConfWithoutRulesIsNone(t *testing.T) {
	for path, text := range map[string]string{
		"transforms.conf":    "[a]\nREGEX = x\n",
		"macros.conf":        "# none\n",
		"savedsearches.conf": "[default]\ndispatch.earliest_time = -1h\n[a]\nis_visible = 0\n",
	} {
		if f := parseText("default/"+path, text); f.Recognized {
			t.Errorf("%s is recognized: %+v", path, f)
		}
	}
}

func TestWaits(t *testing.T) {
	for text, want := range map[string]bool{
		"name: A\nsearch: index=a\nhow_to_implement: h\n": true,
		"search: index=a\ndata_source: []\n":              true,
		"name: a\ndefinition: index=a\n":                  false,
		"title: T\ndetection: {}\n":                       false,
	} {
		if Waits([]byte(text)) != want {
			t.Errorf("%q: waits is not %t", text, want)
		}
	}
}

// TestLayersOfSettings: a stanza has the settings of "default" in its file, and
// one in the folder "local" has only what it changes.
func TestLayersOfSettings(t *testing.T) {
	f := parseText("app/local/savedsearches.conf", "[A]\ncron_schedule = 0 * * * *\ndisabled = 1\n")
	if len(f.Rules) != 0 || len(f.Problems) != 0 || f.Recognized {
		t.Errorf("an override without a search: %+v", f)
	}
	f = parseText("app/default/savedsearches.conf", "[default]\ncron_schedule = 0 * * * *\nalert.track = 1\ndisabled = 1\n[macro of reports]\nis_visible = 0\n[A]\nsearch = index=a\ndisabled = 0\n[B]\nsearch = index=b\n")
	if len(f.Rules) != 2 || len(f.Problems) != 0 {
		t.Fatalf("%d rules, %v", len(f.Rules), f.Problems)
	}
	for i, want := range []string{"", "disabled"} {
		if r := f.Rules[i]; r.Kind != rule.Detection || r.Status.Value != want || len(r.Parts) != 2 {
			t.Errorf("%s: %s, status %q, %d parts", r.ID.Value, r.Kind, r.Status.Value, len(r.Parts))
		}
	}
}
