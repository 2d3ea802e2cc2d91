package lint

import (
	"strings"
	"testing"

	"github.com/detlint/detlint/rule"
)

// ruleWith is a Sigma rule with another detection; its lines are indented.
func ruleWith(level, detection string) string {
	return "title: A Test Of Safety\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a031\nstatus: test\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n" +
		detection + "level: " + level + "\n"
}

// saidOf is what the checks say about a rule, a line each.
func saidOf(t *testing.T, text string, checks ...*Check) string {
	t.Helper()
	var out []string
	for _, c := range checks {
		for _, f := range exampleFindings(c, exampleCatalog(t), text) {
			checkFinding(t, f)
			out = append(out, f.Message)
		}
	}
	return strings.Join(out, "\n")
}

var proofChecks = []*Check{alwaysTrueCheck, deadPathCheck, idleExclusionCheck, redundantPredicateCheck, swallowingExclusionCheck}

func TestProofs(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{
			ruleWith("high", "    a: {Image|endswith: '\\a.exe'}\n    b: {Image|endswith: '\\b.exe'}\n    condition: a and b\n"),
			`the rule never fires: no event has both Image endswith "\a.exe" and Image endswith "\b.exe"`,
		},
		{
			ruleWith("high", "    a: {Image: ['/a', '/b', '/c']}\n    b: {Image: ['/c', '/d']}\n    condition: a and b\n"),
			"this alternative never matches (2 other values too): no event has both Image \"/a\" and Image \"/c\" or \"/d\"",
		},
		{
			ruleWith("high", "    a: {User: null}\n    b: {User|contains: x}\n    condition: a and b\n"),
			`the rule never fires: User contains "x" is asked for, and whatever has it has the presence of User, which is ruled out`,
		},
		{
			ruleWith("high", "    a: {Image|endswith: '\\a.exe'}\n    filter: {Image|endswith: '\\a.exe'}\n    condition: a and not filter\n"),
			`this exclusion takes away all that the rule selects: Image endswith "\a.exe" is both selected and excluded`,
		},
		{
			exampleElastic("T", `process.name : "example-tool.exe"`, `process.name in ("a", "b") and not process.name == "c"`),
			`this exclusion never applies: the rule asks for process.name "a" or "b", and nothing that has it has process.name "c"`,
		},
		{
			exampleSplunk("T", `Processes.process_name="example-tool.exe"`, `(Processes.process_name!="a.exe" OR Processes.process_name!="b.exe")`),
			`one of these alternatives always holds: no event has both Processes.process_name "a.exe" and Processes.process_name "b.exe", so each event that has the field lacks one of them`,
		},
		{
			exampleKusto("T", `FileName =~ "example-tool.exe"`, `FileName =~ "a.exe" and FileName =~ "a.exe"`),
			`FileName "a.exe" is asked for twice`,
		},
		{
			ruleWith("low", "    a: {CommandLine|contains: [rar, winrar, unrar]}\n    condition: a\n"),
			`CommandLine contains "winrar" is in the list already, by CommandLine contains "rar" (1 other value too)`,
		},
		// One value that is contained in another is no finding.
		{ruleWith("low", "    a: {CommandLine|contains: [rar, winrar]}\n    condition: a\n"), ""},
		// What follows from a word that is no operator is no second mistake.
		{exampleSplunk("T", `Processes.process_name="example-tool.exe"`, `Processes.process_name="a.exe" or Processes.process_name="b.exe"`), ""},
		// Two spellings of one value are for two kinds of sensors.
		{exampleElastic("T", "process where process.name : \"example-tool.exe\"", `a.b : (true or "true")`, `language = "eql"`, `language = "kuery"`, `type = "eql"`, `type = "query"`), ""},
	} {
		if got := saidOf(t, tt.text, proofChecks...); got != tt.want {
			t.Errorf("%s\n  says %s\n  want %s", tt.text, got, tt.want)
		}
	}
}

func TestNoisyPathOfWhatNeverFires(t *testing.T) {
	cat := exampleCatalog(t)
	if cat.Len() == 0 {
		t.Skip("the embedded catalog has no rules")
	}
	selection := "    a: {Image|endswith: '\\powershell.exe'}\n    b: {User: x}\n"
	if got := saidOf(t, ruleWith("high", selection+"    condition: a\n"), noisyPathCheck); got == "" {
		t.Error("a noisy rule is not reported")
	}
	if got := saidOf(t, ruleWith("high", selection+"    condition: a and not a\n"), noisyPathCheck); got != "" {
		t.Errorf("a rule that never fires is noisy: %s", got)
	}
}

func TestBypassable(t *testing.T) {
	const (
		writable = "every user can write to"
		anywhere = "below any folder"
		mention  = "on any command line"
		name     = "an attacker can name any program"
	)
	sigma := func(exclusion string) string {
		return ruleWith("high", "    s: {ParentImage|endswith: '\\a-tool-that-nobody-uses.exe'}\n    filter: "+exclusion+"\n    condition: s and not filter\n")
	}
	eql := func(exclusion string) string {
		return exampleElastic("T", `process.name : "example-tool.exe"`, `process.parent.name : "a-tool" and not `+exclusion, `severity = "medium"`, `severity = "high"`)
	}
	for _, tt := range []struct{ text, want string }{
		{sigma(`{Image|startswith: 'C:\ProgramData\'}`), writable},
		{sigma(`{Image|contains: '\AppData\Local\Temp\'}`), writable},
		{sigma(`{Image|startswith: '/tmp/'}`), writable},
		{sigma(`{Image: 'C:\Users\\*\AppData\Local\\*'}`), writable},
		{sigma(`{Image|startswith: 'C:\ProgramData\A Product\'}`), ""},
		{sigma(`{Image|startswith: ['C:\ProgramData\', 'C:\Windows\Temp\', 'C:\Users\Public\']}`), ""},
		{sigma(`{Image|startswith: 'C:\ProgramData\', User: x}`), ""},
		{sigma(`{Image|contains: '\Windows\System32\'}`), anywhere},
		{sigma(`{Image|endswith: '\Windows\System32\svchost.exe'}`), anywhere},
		{sigma(`{Image|contains: ':\Windows\System32\'}`), ""},
		{sigma(`{Image|startswith: 'C:\Windows\System32\'}`), ""},
		{sigma(`{Image: '?:\Windows\System32\\*'}`), ""},
		{sigma(`{CommandLine|contains: 'C:\Windows\CCM\'}`), mention},
		{sigma(`{CommandLine|contains: ' --a-flag'}`), ""},
		{sigma(`{CommandLine|contains: 'https://example.org/a/b/'}`), ""},
		{sigma(`{CommandLine|contains: '\a-tool-that-nobody-uses.exe'}`), mention},
		{sigma(`{Image|endswith: '\conhost.exe'}`), name},
		{sigma(`{Image|endswith: '\a-name-that-nobody-excludes.exe'}`), ""},
		{strings.Replace(sigma(`{Image|endswith: '\conhost.exe'}`), "level: high", "level: medium", 1), ""},
		{strings.Replace(sigma(`{Image|endswith: '\conhost.exe'}`), "s: {", "s: {OriginalFileName: conhost.exe, ", 1), ""},
		{strings.Replace(sigma(`{Image|endswith: '\conhost.exe'}`), "title: A", "title: Renamed", 1), ""},
		{eql(`process.executable : "?:\\ProgramData\\*"`), writable},
		{eql(`process.executable : "*\\Windows\\System32\\*"`), anywhere},
		{eql(`process.executable : "C:\\Windows\\System32\\*"`), ""},
		{eql(`process.executable like "/dev/shm/*"`), writable},
		{eql(`process.name : "conhost.exe"`), name},
		{eql(`process.command_line : "*/opt/product/bin/*"`), mention},
		{exampleSplunk("T", `Processes.process_name="example-tool.exe"`, `Processes.process_name="example-tool.exe" NOT Processes.process_path="*\\Windows\\System32\\*"`), anywhere},
		{exampleSplunk("T", `Processes.process_name="example-tool.exe"`, `Processes.process_name="example-tool.exe" NOT Processes.process="*C:\\Windows\\CCM\\*"`), mention},
		{exampleKusto("T", `FileName =~ "example-tool.exe"`, `FileName =~ "example-tool.exe" | where FolderPath !contains @"\Windows\System32\"`), anywhere},
		{exampleKusto("T", `FileName =~ "example-tool.exe"`, `FileName =~ "example-tool.exe" | where not(FolderPath startswith @"C:\Users\Public\")`), writable},
		{exampleKusto("T", `FileName =~ "example-tool.exe"`, `FileName =~ "example-tool.exe" | where FolderPath !startswith @"C:\Windows\System32\"`), ""},
	} {
		if got := saidOf(t, tt.text, bypassableExclusionCheck); tt.want == "" && got != "" || !strings.Contains(got, tt.want) || strings.Count(got, "\n") > 0 {
			t.Errorf("%s\n  says %q\n  want %q", tt.text, got, tt.want)
		}
	}
}

// TestTighterForm: what public rules exclude instead is named, with examples.
func TestTighterForm(t *testing.T) {
	cat := exampleCatalog(t)
	if cat.Len() == 0 {
		t.Skip("the embedded catalog has no rules")
	}
	text := ruleWith("high", "    s: {ParentImage|endswith: '\\a-tool-that-nobody-uses.exe'}\n    filter: {Image|contains: '\\Windows\\System32\\'}\n    condition: s and not filter\n")
	found := exampleFindings(bypassableExclusionCheck, cat, text)
	if len(found) != 1 || len(found[0].Evidence) != 1 || len(found[0].Evidence[0].Rules) == 0 ||
		!strings.Contains(found[0].Hint, `: process.executable startswith "?:\windows\system32\"`) {
		t.Errorf("found %+v", found)
	}
}

// TestRedundantFix: what is needless is taken out, and nothing else.
func TestRedundantFix(t *testing.T) {
	for _, tt := range []struct{ text, before, after string }{
		{
			ruleWith("low", "    a:\n        CommandLine|contains:\n            - one # the first\n            - two\n            - one # again\n    condition: a\n"),
			"            - two\n            - one # again\n", "            - two\n",
		},
		{ruleWith("low", "    a: {CommandLine|contains: [one, two, ONE]}\n    condition: a\n"), "[one, two, ONE]", "[one, two]"},
		{
			exampleElastic("T", `process.name : "example-tool.exe"`, `process.name in ("a", "b", "a", "c")`),
			`("a", "b", "a", "c")`, `("a", "b", "c")`,
		},
		{
			exampleElastic("T", `process.name : "example-tool.exe"`, "process.name in (\"xa\", \"b\",\n  \"c\",\n  \"b\", \"c\"\n)"),
			"\"xa\", \"b\",\n  \"c\",\n  \"b\", \"c\"\n)", "\"xa\", \"b\",\n  \"c\"\n)",
		},
		{
			exampleKusto("T", `FileName =~ "example-tool.exe"`, `FileName in~ ("a", "b", "a")`),
			`("a", "b", "a")`, `("a", "b")`,
		},
		{
			exampleSplunk("T", `Processes.process_name="example-tool.exe"`, `Processes.process_name IN ("a", "b", "a")`),
			`("a", "b", "a")`, `("a", "b")`,
		},
		// Two lists of one value each: there is nothing to take the value out of.
		{ruleWith("low", "    a: {Image: x}\n    f: {User: u}\n    g: {User: u}\n    condition: a and not f and not g\n"), "", ""},
	} {
		found := exampleFindings(redundantPredicateCheck, nil, tt.text)
		if len(found) != 1 {
			t.Errorf("%s\n  %d findings", tt.text, len(found))
			continue
		}
		if tt.before == "" {
			if found[0].Fix != nil {
				t.Errorf("%s\n  has a fix: %+v", tt.text, found[0].Fix)
			}
			continue
		}
		if found[0].Fix == nil {
			t.Errorf("%s\n  has no fix", tt.text)
			continue
		}
		got := tt.text
		for i := len(found[0].Fix.Edits) - 1; i >= 0; i-- {
			e := found[0].Fix.Edits[i]
			got = got[:e.Range.Start.Offset] + e.Text + got[e.Range.End.Offset:]
		}
		if want := strings.Replace(tt.text, tt.before, tt.after, 1); got != want {
			t.Errorf("fixed:\n%s\nwant:\n%s", got, want)
		}
	}
}

// TestFilterIsNoRule: what narrows other rules is not judged by itself.
func TestFilterIsNoRule(t *testing.T) {
	text := "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a032\nlogsource: {category: process_creation, product: windows}\nfilter:\n  rules: any\n  f: {Image|startswith: 'C:\\ProgramData\\'}\n  condition: not f\n"
	if got := saidOf(t, text, bypassableExclusionCheck); got != "" {
		t.Errorf("says %q of a %s", got, rule.Filter)
	}
}
