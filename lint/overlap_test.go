package lint

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// tool is a rule about a tool, with an id of its own and what is to be
// replaced in it.
func tool(n int, pairs ...string) string {
	text := fmt.Sprintf(`title: Rule %d
id: 00000000-1111-4222-8333-00000000000%d
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool.exe'
        CommandLine|contains: ' --steal '
    condition: selection
level: medium
`, n, n)
	return strings.NewReplacer(pairs...).Replace(text)
}

func related(kind string, n int) []string {
	return []string{"status: test", fmt.Sprintf("related:\n    - id: 00000000-1111-4222-8333-00000000000%d\n      type: %s\nstatus: test", n, kind)}
}

const toolInSplunk = `name: Stealing tool
id: 00000000-1111-4222-8333-00000000000a
version: 1
type: TTP
status: production
data_source:
- Sysmon EventID 1
search: '| tstats count from datamodel=Endpoint.Processes where Processes.process_name=tool.exe Processes.process="* --steal *" by Processes.dest'
tags:
  asset_type: Endpoint
`

const toolInElastic = `[rule]
name = "Stealing tool in Elastic"
rule_id = "00000000-1111-4222-8333-00000000000b"
language = "eql"
type = "eql"
index = ["logs-windows.sysmon_operational-*"]
severity = "medium"
risk_score = 47
query = '''
process where event.type == "start" and process.name : "tool.exe" and process.command_line : "* --steal *" and not user.name : "me"
'''
`

// agentFilter is a filter of rules, of all that fit without any.
func agentFilter(rules string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(`title: Filter
id: 00000000-1111-4222-8333-00000000000f
status: test
logsource:
    category: process_creation
    product: windows
filter:
    rules: ` + rules + `
    selection:
        ParentImage|endswith: '\agent.exe'
    condition: not selection
`)
}

func TestOverlapChecks(t *testing.T) {
	wider := []string{"        CommandLine|contains: ' --steal '\n", ""}
	for _, c := range []struct {
		name, files string
		want        []string
	}{
		{"equal", files("a.yml", tool(1), "b.yml", tool(2, "level: medium", "level: high", `Image|endswith: '\tool.exe'`, `Image: '*\TOOL.exe'`)), []string{
			`b.yml:1:8 warning finds the same events as "Rule 1" in a.yml [duplicate-rule]`,
		}},
		{"three equal ones", files("a.yml", tool(1), "b.yml", tool(2), "c.yml", tool(3)), []string{
			`b.yml:1:8 warning finds the same events as "Rule 1" in a.yml [duplicate-rule]`,
			`c.yml:1:8 warning finds the same events as "Rule 1" in a.yml [duplicate-rule]`,
		}},
		{"equal and related", files("a.yml", tool(1), "b.yml", tool(2, related("similar", 1)...)), nil},
		{"equal and replaced", files("a.yml", tool(1), "b.yml", tool(2, related("renamed", 1)...)), []string{
			`b.yml:1:8 warning finds the same events as "Rule 1" in a.yml [duplicate-rule]`,
		}},
		{"equal and retired", files("deprecated/a.yml", tool(1), "b.yml", tool(2), "c.yml", tool(3, "status: test", "status: deprecated")), nil},
		{"two of one id", files("a.yml", tool(1), "b.yml", tool(1)), nil},
		{"within", files("a.yml", tool(1), "b.yml", tool(2, wider...)), []string{
			`a.yml:1:8 info finds nothing that is not found by "Rule 2" in b.yml [subsumed-rule]`,
		}},
		{"within a less severe one", files("a.yml", tool(1), "b.yml", tool(2, append(wider, "level: medium", "level: low")...)), nil},
		{"within and derived", files("a.yml", tool(1, related("derived", 2)...), "b.yml", tool(2, wider...)), nil},
		{"within and obsolete", files("a.yml", tool(1), "b.yml", tool(2, append(append(wider, related("obsolete", 1)...), "level: medium", "level: low")...)), []string{
			`a.yml:1:8 warning finds nothing that is not found by "Rule 2" in b.yml [subsumed-rule]`,
		}},
		{"equal, one of them filtered", files("a.yml", tool(1), "b.yml", tool(2), "f.yml", agentFilter("[00000000-1111-4222-8333-000000000001]")), []string{
			`a.yml:1:8 info finds nothing that is not found by "Rule 2" in b.yml [subsumed-rule]`,
		}},
		{"equal, both filtered", files("a.yml", tool(1), "b.yml", tool(2), "f.yml", agentFilter("any")), []string{
			`b.yml:1:8 warning finds the same events as "Rule 1" in a.yml [duplicate-rule]`,
		}},
		{"equal, a filter of another logsource", files("a.yml", tool(1), "b.yml", tool(2), "f.yml", agentFilter("[00000000-1111-4222-8333-000000000001]", "windows", "linux")), []string{
			`b.yml:1:8 warning finds the same events as "Rule 1" in a.yml [duplicate-rule]`,
		}},
		{"within a filtered one", files("a.yml", tool(1), "b.yml", tool(2, wider...), "f.yml", agentFilter("[00000000-1111-4222-8333-000000000002]")), nil},
		{"within, and itself filtered", files("a.yml", tool(1), "b.yml", tool(2, wider...), "f.yml", agentFilter("[00000000-1111-4222-8333-000000000001]")), []string{
			`a.yml:1:8 info finds nothing that is not found by "Rule 2" in b.yml [subsumed-rule]`,
		}},
		{"within one with an unreadable filter", files("a.yml", tool(1), "b.yml", tool(2, wider...), "f.yml", agentFilter("[00000000-1111-4222-8333-000000000002]", "not selection", "not (selection")), nil},
		{"neither", files("a.yml", tool(1), "b.yml", tool(2, "--steal", "--give"), "c.yml", tool(3, "windows", "linux")), nil},
		{"three languages", files("a.yml", tool(1), "b/b.yml", toolInSplunk, "c/c.toml", toolInElastic), []string{
			`b/b.yml:1:7 info finds the same events as "Rule 1" in a.yml, a rule of Sigma [duplicate-rule]`,
			`c/c.toml:2:8 info finds nothing that is not found by "Rule 1" in a.yml, a rule of Sigma [subsumed-rule]`,
			`c/c.toml:2:8 info finds nothing that is not found by "Stealing tool" in b/b.yml, a rule of Splunk [subsumed-rule]`,
		}},
		{"what raises no alerts", files("a.yml", tool(1), "b/b.yml", strings.Replace(toolInSplunk, "TTP", "Hunting", 1), "c/c.toml", strings.Replace(toolInElastic, "type =", "building_block_type = \"default\"\ntype =", 1)), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, check := range []*Check{duplicateRuleCheck, subsumedRuleCheck} {
				for _, f := range exampleFindings(check, nil, c.files) {
					checkFinding(t, f)
					if len(f.Related) != 1 || len(f.Evidence) != 1 || f.Evidence[0].Text == "" {
						t.Errorf("no other place or no proof: %+v", f)
					}
					got = append(got, fmt.Sprintf("%s:%d:%d %s %s [%s]", f.Path, f.Range.Start.Line, f.Range.Start.Column, f.Severity, f.Message, f.Check))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOverlapScores: of two rules of one severity the vendor's score says which
// says more, and what is advised is about what the vendor counts.
func TestOverlapScores(t *testing.T) {
	inSplunk := func(n int, score, more string) string {
		return strings.NewReplacer("0000a", fmt.Sprint("0000", n), "Stealing tool", fmt.Sprint("Rule ", n), "  asset_type", "  risk_score: "+score+"\n  asset_type", "tool.exe ", "tool.exe "+more).Replace(toolInSplunk)
	}
	inElastic := func(n int, score, more string) string {
		return strings.NewReplacer("0000b", fmt.Sprint("0000", n), "Stealing tool", fmt.Sprint("Rule ", n), "47", score, `user.name : "me"`, `user.name : "me"`+more).Replace(toolInElastic)
	}
	const user, program = "Processes.user=me ", ` and user.id : "1"`
	for _, c := range []struct{ name, files, want string }{
		{"splunk, a higher score of one severity", files("a.yml", inSplunk(1, "56", user), "b.yml", inSplunk(2, "49", "")), ""},
		{"splunk, the same score", files("a.yml", inSplunk(1, "49", user), "b.yml", inSplunk(2, "49", "")), "remove it, or give it a higher risk score than the wider rule has"},
		{"splunk, a lower score", files("a.yml", inSplunk(1, "42", user), "b.yml", inSplunk(2, "49", "")), "remove it, or give it a higher risk score than the wider rule has"},
		{"splunk, no score", files("a.yml", inSplunk(1, "none", user), "b.yml", inSplunk(2, "49", "")), "remove it, or make it more severe than the wider rule"},
		{"elastic, a higher score", files("a.toml", inElastic(1, "50", program), "b.toml", inElastic(2, "47", "")), ""},
		{"elastic, the same score", files("a.toml", inElastic(1, "47", program), "b.toml", inElastic(2, "47", "")), "remove it, or make it more severe than the wider rule"},
	} {
		hint := ""
		for _, f := range exampleFindings(subsumedRuleCheck, nil, c.files) {
			hint = f.Hint
		}
		if hint != c.want {
			t.Errorf("%s: advised %q, expected %q", c.name, hint, c.want)
		}
	}
}

// TestOverlapProof: the proof names what is different.
func TestOverlapProof(t *testing.T) {
	narrow := tool(1, `'\tool.exe'`, `'\bin\tool.exe'`, "' --steal '", "[' --steal ', ' --steal-all ']\n        User|contains: admin\n    filter:\n        ParentImage|endswith: '\\me.exe'",
		"condition: selection", "condition: selection and not filter")
	wide := tool(2, `'\tool.exe'`, `['\tool.exe', '\other.exe']`, "' --steal '", "'--steal'")
	got := exampleFindings(subsumedRuleCheck, nil, files("a.yml", narrow, "b.yml", wide))
	want := `every event that it finds is found by the other rule too: process.executable endswith "\bin\tool.exe" is within process.name "tool.exe" (and 1 more like it); ` +
		`it also asks for user.name contains "admin"; it also excludes process.parent.name "me.exe"; the other has alternatives that it does not have, such as process.name "other.exe"`
	if len(got) != 1 || got[0].Evidence[0].Text != want {
		t.Errorf("the proof is %+v\nexpected %s", got, want)
	}
}

// TestOverlapInReview: a pair is told of once, at the rule under review, and
// not at all where neither is.
func TestOverlapInReview(t *testing.T) {
	l := &Linter{checks: []*Check{duplicateRuleCheck, subsumedRuleCheck}}
	repository := repositoryOf(tool(1), tool(2), tool(3, "        CommandLine|contains: ' --steal '\n", ""), tool(4, "tool.exe", "other.exe"))
	for changed, want := range map[string][]string{
		"none.yml": nil,
		"4.yml":    nil,
		"1.yml":    {`1.yml finds the same events as "Rule 2" in 2.yml`, `1.yml finds nothing that is not found by "Rule 3" in 3.yml`},
		"2.yml":    {`2.yml finds the same events as "Rule 1" in 1.yml`, `2.yml finds nothing that is not found by "Rule 3" in 3.yml`},
		"3.yml":    {`3.yml finds all that is found by "Rule 1" in 1.yml, and all that is found by 1 other rule`},
	} {
		repository.Changed = func(s *normalize.Summary) bool { return s.Path == changed }
		var got []string
		for _, f := range l.Repository(repository) {
			got = append(got, f.Path+" "+f.Message)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s changed (-want +got):\n%s", changed, diff)
		}
	}
}

// TestWiderRuleInReview: a rule under review that others are within is told of
// once, with their places, and stays the same finding while they come and go.
func TestWiderRuleInReview(t *testing.T) {
	l := &Linter{checks: []*Check{subsumedRuleCheck}}
	wide := tool(1, "        CommandLine|contains: ' --steal '\n", "")
	review := func(texts ...string) []Finding {
		r := repositoryOf(append([]string{wide}, texts...)...)
		r.Changed = func(s *normalize.Summary) bool { return s.Path == "1.yml" }
		return l.Repository(r)
	}
	narrow := make([]string, 8)
	for i := range narrow {
		narrow[i] = tool(i+2, "--steal", fmt.Sprintf("--steal-%d", i))
	}
	var fingerprints []string
	for _, c := range []struct {
		texts   []string
		message string
		related int
	}{
		{narrow[:1], `finds all that is found by "Rule 2" in 2.yml`, 1},
		{narrow[:3], `finds all that is found by "Rule 2" in 2.yml, and all that is found by 2 other rules`, 3},
		{narrow[2:5], `finds all that is found by "Rule 4" in 2.yml, and all that is found by 2 other rules`, 3},
		{narrow, `finds all that is found by "Rule 2" in 2.yml, and all that is found by 7 other rules, 4 of them listed here`, maxPlaces},
	} {
		got := review(c.texts...)
		if len(got) != 1 {
			t.Errorf("%d findings for %d rules, expected one: %+v", len(got), len(c.texts), got)
			continue
		}
		f := got[0]
		if f.Message != c.message || len(f.Related) != c.related || len(f.Evidence) != 1 || f.Hint == "" {
			t.Errorf("found %q with %d places, expected %q with %d: %+v", f.Message, len(f.Related), c.message, c.related, f)
		}
		for i, l := range f.Related {
			if want := fmt.Sprintf("%d.yml", i+2); l.Path != want {
				t.Errorf("place %d is in %s, expected %s", i, l.Path, want)
			}
		}
		fingerprints = append(fingerprints, f.Fingerprint)
	}
	for _, f := range fingerprints {
		if f != fingerprints[0] {
			t.Errorf("one finding has the fingerprints %q", fingerprints)
			break
		}
	}
	// What it has replaced is a finding of its own, a warning.
	got := review(narrow[0], narrow[1], tool(4, related("obsolete", 1)...))
	if len(got) != 2 || got[0].Severity == got[1].Severity || got[0].Fingerprint == got[1].Fingerprint {
		t.Errorf("with a replaced rule: %+v", got)
	}
}

// TestWidenedRule: a rule that others were within before is new where a change
// lets it find all of more of them, and is then about those.
func TestWidenedRule(t *testing.T) {
	l := &Linter{checks: []*Check{subsumedRuleCheck}}
	review := func(wide string, texts ...string) []Finding {
		r := repositoryOf(append([]string{wide}, texts...)...)
		r.Changed = func(s *normalize.Summary) bool { return s.Path == "1.yml" }
		return l.Repository(r)
	}
	narrow := []string{tool(2, "--steal", "--steal-a"), tool(3, "--steal", "--steal-b"), tool(4, "--steal", "--give-a"), tool(5, "--steal", "--give-b")}
	before := tool(1, "' --steal '", "'--steal'")
	identity := func(f *Finding) string { return f.Path + f.Check + f.Value }
	for _, c := range []struct{ after, want string }{
		{tool(1, "' --steal '", "'--stea'"), `existing finds all that is found by "Rule 2" in 2.yml, and all that is found by 1 other rule`},
		{tool(1, "' --steal '", "'--steal-a'"), `existing finds all that is found by "Rule 2" in 2.yml`},
		{tool(1, "' --steal '", "['--steal', '--give-b']"), `new finds all that is found by "Rule 5" in 5.yml`},
		{tool(1, "' --steal '", "'--'"), `new finds all that is found by "Rule 4" in 4.yml, and all that is found by 1 other rule`},
		{tool(1, "' --steal '", "'--give'"), `new finds all that is found by "Rule 4" in 4.yml, and all that is found by 1 other rule`},
	} {
		base, head := review(before, narrow...), review(c.after, narrow...)
		fixed := Compare(base, head, identity, identity)
		if len(head) != 1 || len(fixed) > 0 || string(head[0].State)+" "+head[0].Message != c.want || !strings.Contains(head[0].Message, head[0].Related[0].Path) {
			t.Errorf("found %+v, fixed %+v, expected %s", head, fixed, c.want)
		}
	}
}

// repositoryOf has each text as a file of its own: 1.yml, 2.yml, …
func repositoryOf(texts ...string) Repository {
	out := Repository{}
	long := map[string]*normalize.Rule{}
	for i, text := range texts {
		path := fmt.Sprintf("%d.yml", i+1)
		r := normalize.Normalize(parsers.Parse(path, []byte(text), nil).Rules[0])
		long[path] = r
		out.Rules = append(out.Rules, r.Summary())
	}
	out.Load = func(s *normalize.Summary) *normalize.Rule { return long[s.Path] }
	return out
}

// TestManyEqualRules: a repository of copies takes no time that grows with their
// pairs.
func TestManyEqualRules(t *testing.T) {
	const copies = 5000
	one := repositoryOf(tool(1))
	r := one.Load(&one.Rules[0])
	repository := Repository{Load: func(*normalize.Summary) *normalize.Rule { return r }}
	for i := range copies {
		s := one.Rules[0]
		s.Path, s.ID.Value = fmt.Sprintf("%d.yml", i), fmt.Sprint(i)
		repository.Rules = append(repository.Rules, s)
	}
	l := &Linter{checks: []*Check{duplicateRuleCheck, subsumedRuleCheck}}
	start := time.Now()
	count := map[string]int{}
	for _, f := range l.Repository(repository) {
		count[f.Path]++
	}
	if len(count) < copies-1 {
		t.Errorf("%d of %d copies are reported", len(count), copies)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

// TestNearlyEqualRules: among thousands of rules that differ in one exclusion
// copies are found, and that not all were compared is said.
func TestNearlyEqualRules(t *testing.T) {
	const pairs = 400
	texts := make([]string, 2*pairs)
	for i := range texts {
		text := tool(1, "condition: selection", fmt.Sprintf("filter:\n        User: user%d\n    condition: selection and not filter", i%pairs))
		texts[i] = strings.NewReplacer("Rule 1", fmt.Sprintf("Rule %d", i), "-000000000001", fmt.Sprintf("-%012d", i)).Replace(text)
	}
	l := &Linter{checks: []*Check{duplicateRuleCheck, subsumedRuleCheck}}
	copies, partly := 0, 0
	for _, f := range l.Repository(repositoryOf(texts...)) {
		switch {
		case f.Check == "duplicate-rule" && strings.HasPrefix(f.Message, "finds the same events as "):
			copies++
		case strings.HasPrefix(f.Message, "this rule and ") && strings.Contains(f.Message, "were not compared with all the rules that look alike"):
			partly++
		default:
			t.Errorf("found %+v", f)
		}
	}
	if copies != pairs || partly != 2 {
		t.Errorf("%d copies, and %d times it is said that not all were compared, expected %d and 2", copies, partly, pairs)
	}
	// Few enough are all compared.
	for _, f := range l.Repository(repositoryOf(texts[pairs-50 : pairs+50]...)) {
		if f.Check == "duplicate-rule" || f.Value == "not compared" {
			t.Errorf("found %+v", f)
		}
	}
}

// TestPublicTwin: a public rule with the same indicators is named, unless the
// repository has it or a single indicator is all there is.
func TestPublicTwin(t *testing.T) {
	public := repositoryOf(tool(1))
	b := catalog.NewBuilder("")
	entry, ok := catalog.Entry(public.Load(&public.Rules[0]), b.AddSource(catalog.Source{Name: "public"}))
	if !ok {
		t.Fatal("the rule is none for the catalog")
	}
	b.Add(entry)
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	l := &Linter{checks: []*Check{duplicateRuleCheck}, catalog: cat}
	said := func(texts ...string) (out []string) {
		for _, f := range l.Repository(repositoryOf(texts...)) {
			out = append(out, fmt.Sprintf("%s %s %s", f.Path, f.Severity, f.Message))
		}
		return out
	}
	for _, c := range []struct {
		name  string
		texts []string
		want  []string
	}{
		{"the same", []string{tool(2)}, []string{`1.yml info has the same indicators and exclusions as the public rule "Rule 1" of Sigma`}},
		{"one more exclusion", []string{tool(2, "    condition: selection", "    filter:\n        User: me\n    condition: selection and not filter")}, []string{
			`1.yml info has the same indicators as the public rule "Rule 1" of Sigma`,
		}},
		{"the rule itself", []string{tool(1)}, nil},
		{"at hand", []string{tool(1, "tool.exe", "other.exe"), tool(2)}, nil},
		{"other events", []string{tool(2, "process_creation", "process_access")}, nil},
		{"retired", []string{tool(2, "status: test", "status: deprecated")}, nil},
		{"one more indicator", []string{tool(2, "    condition", "        User: me\n    condition")}, nil},
		{"one indicator less", []string{tool(2, "        CommandLine|contains: ' --steal '\n", "")}, nil},
	} {
		if diff := cmp.Diff(c.want, said(c.texts...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
