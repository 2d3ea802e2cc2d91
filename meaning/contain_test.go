package meaning

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// ruleOf reads a rule of the format that the text has.
func ruleOf(t *testing.T, text string) *normalize.Rule {
	t.Helper()
	path := "rules/rule.yml"
	if strings.HasPrefix(text, "[") {
		path = "rules/windows/rule.toml"
	}
	f := parsers.Parse(path, []byte(text), nil)
	if len(f.Rules) != 1 {
		t.Fatalf("%d rules in:\n%s%v", len(f.Rules), text, f.Problems)
	}
	return normalize.Normalize(f.Rules[0])
}

func sigmaRule(logsource, detection string) string {
	return "title: T\nid: 00000000-1111-4222-8333-444444444444\nstatus: test\nlogsource: {" + logsource + "}\ndetection:\n" + detection + "level: low\n"
}

const onProcess = "product: windows, category: process_creation"

func processRule(lines ...string) string {
	return sigmaRule(onProcess, "    "+strings.Join(lines, "\n    ")+"\n")
}

func elasticRule(language, kind, query string) string {
	return "[rule]\nname = \"T\"\nrule_id = \"00000000-1111-4222-8333-444444444445\"\nlanguage = \"" + language + "\"\ntype = \"" + kind +
		"\"\nindex = [\"logs-windows.sysmon_operational-*\"]\nseverity = \"low\"\nrisk_score = 21\nquery = '''\n" + query + "\n'''\n"
}

func splunkRule(search string) string {
	return "name: T\nid: 00000000-1111-4222-8333-444444444446\nversion: 1\ntype: TTP\nstatus: production\ndata_source:\n- Sysmon EventID 1\nsearch: '" +
		strings.ReplaceAll(search, "'", "''") + "'\ntags:\n  asset_type: Endpoint\n"
}

func sentinelRule(query string) string {
	return "id: 00000000-1111-4222-8333-444444444447\nname: T\nkind: Scheduled\nseverity: Low\nqueryFrequency: 1h\nqueryPeriod: 1h\n" +
		"triggerOperator: gt\ntriggerThreshold: 0\nquery: |\n  " + strings.ReplaceAll(query, "\n", "\n  ") + "\n"
}

func TestContain(t *testing.T) {
	base := processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `    CommandLine|contains: ' -enc '`, `condition: sel`)
	splunk := splunkRule("| tstats count from datamodel=Endpoint.Processes where Processes.process_name=tool.exe Processes.process=\"* -enc *\" by Processes.dest")
	eql := elasticRule("eql", "eql", `process where event.type == "start" and process.name : "tool.exe" and process.command_line : "* -enc *"`)
	search := func(more string) string {
		return splunkRule("index=main process_name=tool.exe process=\"* -enc *\" " + more)
	}
	kusto := func(more string) string {
		return sentinelRule("DeviceProcessEvents\n| where FileName =~ \"tool.exe\"\n| where ProcessCommandLine " + more)
	}
	eqlEnds := func(pipe string) string {
		return elasticRule("eql", "eql", `process where event.type == "start" and process.name : "tool.exe" and process.command_line : "* -enc *" `+pipe)
	}
	kuery := func(end string) string {
		return elasticRule("kuery", "query", "event.category:process and event.type:start and process.name:tool.exe and process.command_line:* -enc * "+end)
	}
	esql := func(end string) string {
		return elasticRule("esql", "esql", "from logs-windows.sysmon_operational-* metadata _id, _version, _index\n"+`| where event.category == "process" and process.name == "tool.exe" `+end)
	}
	for _, c := range []struct{ name, a, b, want string }{
		{"the same", base, base, "equal"},
		{"written in another way", base, processRule(`a:`, `    Image: '*\TOOL.exe'`, `b:`, `    CommandLine: '* -enc *'`, `condition: all of them`), "equal"},
		{
			"distributed", processRule(`a:`, `    Image|endswith: '\t.exe'`, `b:`, `    CommandLine|contains: [one, two]`, `condition: a and b`),
			processRule(`x:`, `    Image|endswith: '\t.exe'`, `    CommandLine|contains: one`, `y:`, `    Image|endswith: '\t.exe'`, `    CommandLine|contains: two`, `condition: 1 of them`), "equal",
		},
		{"one more exclusion", processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `f:`, `    User: me`, `condition: sel and not f`), processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `condition: sel`), "within"},
		{"a longer text", base, processRule(`sel:`, `    CommandLine|contains: '-enc'`, `condition: sel`), "within"},
		{"a whole path", processRule(`sel:`, `    Image: 'C:\bin\tool.exe'`, `condition: sel`), processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `condition: sel`), "within"},
		{
			"a range", sigmaRule("product: windows, category: network_connection", "    sel:\n        DestinationIp|cidr: 10.1.0.0/16\n    condition: sel\n"),
			sigmaRule("product: windows, category: network_connection", "    sel:\n        DestinationIp|cidr: 10.0.0.0/8\n    condition: sel\n"), "within",
		},
		{"fewer alternatives", processRule(`sel:`, `    CommandLine|contains: [one, two]`, `condition: sel`), processRule(`sel:`, `    CommandLine|contains: [one, two, three]`, `condition: sel`), "within"},
		{"and for or", processRule(`sel:`, `    CommandLine|contains|all: [one, two]`, `condition: sel`), processRule(`sel:`, `    CommandLine|contains: [one, two]`, `condition: sel`), "within"},
		{"another text", base, processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `    CommandLine|contains: ' -dec '`, `condition: sel`), ""},
		{"overlapping only", processRule(`sel:`, `    CommandLine|contains: [one, two]`, `condition: sel`), processRule(`sel:`, `    CommandLine|contains: [two, three]`, `condition: sel`), ""},
		{"another exclusion", processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `f:`, `    User: me`, `condition: sel and not f`), processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `f:`, `    User: you`, `condition: sel and not f`), ""},
		{"another system", base, strings.Replace(base, "windows", "linux", 1), ""},
		{"another kind of event", base, strings.Replace(base, "process_creation", "file_event", 1), ""},
		{"wider by its source", base, strings.Replace(base, ", category: process_creation", "", 1), "within"},
		{"one finds nothing", processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `no:`, `    Image|endswith: '\other.exe'`, `condition: sel and no`), processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `condition: sel`), ""},
		{"one insists on letter case", processRule(`sel:`, `    CommandLine|contains: Secret`, `condition: sel`), processRule(`sel:`, `    CommandLine|contains|cased: Secret`, `condition: sel`), "holds"},
		{"an exclusion insists on letter case", processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `f:`, `    User|cased: Me`, `condition: sel and not f`), processRule(`sel:`, `    Image|endswith: '\tool.exe'`, `f:`, `    User: Me`, `condition: sel and not f`), "holds"},
		{"another regular expression", processRule(`sel:`, `    CommandLine|re: 'a+'`, `condition: sel`), processRule(`sel:`, `    CommandLine|re: 'a*'`, `condition: sel`), ""},

		{"sigma and splunk", base, splunk, "equal on Sysmon 1"},
		{"sigma and eql", base, eql, "equal on Sysmon 1"},
		{"splunk and eql", splunk, eql, "equal on Sysmon 1"},
		{"sigma and eql of another system", base, strings.Replace(eql, "process where", `process where host.os.type == "linux" and`, 1), ""},
		{"sigma and a narrower splunk", base, strings.Replace(splunk, "tool.exe ", "tool.exe Processes.user=me ", 1), "holds on Sysmon 1"},
		{"sigma and a near miss in splunk", base, strings.Replace(splunk, "enc", "dec", 1), ""},
		{"another argument of a macro that is not known", search("`watched(1)`"), search("`watched(2)`"), ""},
		{"the same argument", search("`watched(1)`"), search("`watched(1)`"), "equal"},
		{"where tells letters apart", search(`| where user="Me"`), search(`| where user="me"`), ""},
		{"search does not", search(`| where user="me"`), search(`| search user="me"`), "within"},
		{"!= asks for the field", search("user!=me"), search("NOT user=me"), "within"},
		{"splunk that counts", base, strings.Replace(splunk, "by Processes.dest", "by Processes.dest | where count > 5", 1), ""},
		{"sigma and kusto on other events", base, kusto(`contains " -enc "`), ""},
		{"two letter cases of kusto", kusto(`contains "Enc"`), kusto(`contains_cs "Enc"`), "holds"},
		{"a term is within a text", kusto(`has "encoded"`), kusto(`contains "encoded"`), "within"},
		{"a text is not within a term", kusto(`contains "encoded"`), kusto(`has "encoded"`), "holds"},
		{"another threshold", kusto("has \"encoded\"\n| summarize n = count() by DeviceId\n| where n > 5"), kusto("has \"encoded\"\n| summarize n = count() by DeviceId\n| where n > 6"), ""},
		{"the same threshold", kusto("has \"encoded\"\n| summarize n = count() by DeviceId\n| where n > 5"), kusto("has 'encoded'\n| summarize n=count() by DeviceId\n| where n > 5"), "equal"},
		{"eql and kuery", eqlEnds(""), kuery(""), "equal"},
		{"eql and kuery with more", eqlEnds(`and user.name : "me"`), kuery(""), "within"},
		{"kuery with more and eql", kuery("and user.name:me"), eqlEnds(""), "within"},
		{"eql of another category", strings.Replace(eqlEnds(""), "process where", "file where", 1), kuery(""), ""},
		{"eql of any category", strings.Replace(eqlEnds(""), "process where", "any where", 1), kuery(""), "holds"},
		{"eql of any category that asks for one", strings.Replace(eqlEnds(""), "process where", `any where event.category == "process" and`, 1), eqlEnds(""), "within"},
		{"kuery without a category", strings.Replace(kuery(""), "event.category:process and ", "", 1), eqlEnds(""), "holds"},
		{"kuery with one of two categories", strings.Replace(kuery(""), "event.category:process", "event.category:(process or file)", 1), eqlEnds(""), "holds"},
		{"kuery without one category", strings.Replace(kuery(""), "event.category:process", "not event.category:file", 1), eqlEnds(""), ""},
		{"eql with the category in another field", strings.Replace(eqlEnds(""), "risk_score", "event_category_override = \"event.kind\"\nrisk_score", 1), kuery(""), ""},
		{"esql and eql", esql(`and process.command_line like "* -enc *" and event.type == "start"`), eqlEnds(""), "equal"},
		{"splunk with another number of rows", search("| head 5"), search("| head 9"), ""},
		{"splunk with a number of rows", search("| head 5"), search(""), ""},
		{"splunk with a number of rows left out", search("| head"), search(""), ""},
		{"splunk with the last rows", search("| tail 5"), search("| head 5"), ""},
		{"splunk with the same number of rows", search("| head 5"), search("| head 5"), "equal"},
		{"splunk with a number of rows, and sigma", search("| head 5"), base, ""},
		{"splunk with a number of rows that time gives", search("| sort 5 user"), search(""), ""},
		{"splunk with rows in another order", search("| sort user"), search("| sort 0 user"), "equal"},
		{"splunk with a limit of a command", search("| top limit=5 user"), search("| top limit=9 user"), ""},
		{"eql with another number of rows", eqlEnds("| head 5"), eqlEnds("| head 9"), ""},
		{"eql with a number of rows", eqlEnds("| tail 5"), eqlEnds(""), ""},
		{"eql with a number of rows, and sigma", eqlEnds("| head 5"), base, ""},
		{"es|ql with another number of rows", esql("| LIMIT 5"), esql("| LIMIT 9"), ""},
		{"es|ql with a number of rows", esql("| LIMIT 5"), esql(""), ""},
		{"es|ql with a number of rows, and eql", esql("| LIMIT 5"), eqlEnds(""), ""},
		{"kusto with another number of rows", kusto("has \"encoded\"\n| take 5"), kusto("has \"encoded\"\n| take 9"), ""},
		{"kusto with a number of rows", kusto("has \"encoded\"\n| top 5 by DeviceId"), kusto("has \"encoded\""), ""},
		{"kusto with a number of values", kusto("has \"encoded\"\n| top-nested 5 of DeviceId by count()"), kusto("has \"encoded\""), ""},
		{"kusto with a sample", kusto("has \"encoded\"\n| sample-distinct 5 of DeviceId"), kusto("has \"encoded\""), ""},
		{
			"a sequence and another span", elasticRule("eql", "eql", "sequence by host.id with maxspan=1m\n[process where process.name == \"a.exe\"]\n[network where destination.port == 99]"),
			elasticRule("eql", "eql", "sequence by host.id with maxspan=9m\n[process where process.name == \"a.exe\"]\n[network where destination.port == 99]"), "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := NewSubject(ruleOf(t, c.a)), NewSubject(ruleOf(t, c.b))
			got := ""
			forth, back := Contain(a, b, false), Contain(b, a, false)
			switch {
			case forth.Within && back.Within:
				got = "equal"
			case forth.Within:
				got = "within"
			case back.Within:
				got = "holds"
			}
			if forth.Within && forth.Holds != back.Within || back.Within && back.Holds != forth.Within {
				t.Error("both directions do not say the same")
			}
			if common := append(forth.Common, back.Common...); got != "" && len(common) > 0 {
				got += fmt.Sprintf(" on %s", common[0])
			}
			if got != c.want {
				t.Errorf("%q, expected %q", got, c.want)
			}
			if only := Contain(a, b, true); only.Within && only.Holds != (forth.Within && forth.Holds) {
				t.Errorf("looking for equal rules only gives %+v", only)
			}
		})
	}
}

// TestContainmentAgreesWithEvents holds what is proved of two rules against
// events: pairs of rules of which one is the other with one or two changes made
// at random, so that most of them are near misses, and other pairs. It also
// holds the sketches of the rules against the proofs.
func TestContainmentAgreesWithEvents(t *testing.T) {
	t.Run("testdata", func(t *testing.T) {
		containments(t, rulesBelow(t, filepath.Join("testdata", "rules")), 60, 100)
	})
	corpora := filepath.Join("..", "..", "shared", "corpora")
	entries, err := os.ReadDir(corpora)
	if err != nil {
		t.Skip("no real rules at hand: proofs not held against events of them")
	}
	for _, e := range entries {
		if e.IsDir() {
			t.Run(e.Name(), func(t *testing.T) {
				containments(t, thinned(rulesBelow(t, filepath.Join(corpora, e.Name()))), 1, 16)
			})
		}
	}
}

func containments(t *testing.T, rules []*normalize.Rule, changes, events int) {
	rules = slices.DeleteFunc(rules, func(r *normalize.Rule) bool { return r.Condition == nil || r.Broken || r.Kind != rule.Detection })
	if len(rules) == 0 {
		t.Fatal("no rules to compare")
	}
	random := rand.New(rand.NewSource(7))
	proved, equal, missed := 0, 0, 0
	for _, r := range rules {
		for range changes {
			how, condition := mutated(random, r.Condition, rules[random.Intn(len(rules))].Condition)
			copied := *r.Rule
			copied.Condition = condition
			other := normalize.Normalize(&copied)
			for _, pair := range [][2]*normalize.Rule{{r, other}, {other, r}} {
				a, b := pair[0], pair[1]
				c := Contain(NewSubject(a), NewSubject(b), false)
				if !c.Within {
					continue
				}
				proved++
				if c.Holds {
					equal++
				}
				if !sketched(a.Sketch(), b.Sketch()) {
					missed++
				}
				inA, inB := evaluator(a), evaluator(b)
				for i := range events {
					of := a
					if i%2 == 1 {
						of = b
					}
					sample := made(random, of, a, b)
					x, y := inA(sample), inB(sample)
					if x == normalize.True && y == normalize.False {
						t.Errorf("%s, %s: the proof is contradicted by %v", r.Path(), how, sample)
					}
					if c.Holds && x == normalize.False && y == normalize.True {
						t.Errorf("%s, %s: the proof that they are equal is contradicted by %v", r.Path(), how, sample)
					}
				}
			}
		}
	}
	t.Logf("%d rules, %d proofs, %d of them of equal rules; the sketches miss %d", len(rules), proved, equal, missed)
	if proved == 0 || equal == 0 {
		t.Error("nothing was proved")
	}
	if missed*20 > proved {
		t.Errorf("the sketches miss %d of %d pairs", missed, proved)
	}
}

// sketched reports whether the sketch of one rule lets it be within another, or
// tells nothing of the other.
func sketched(narrow, wide normalize.Sketch) bool {
	have := map[int]bool{}
	for mark := range narrow.Marks {
		have[mark] = true
	}
	any := false
	for way := range wide.Needs {
		any = true
		if !slices.ContainsFunc(way, func(mark int) bool { return !have[mark] }) {
			return true
		}
	}
	return !any
}
