package meaning

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

func sigma(t testing.TB, category, detection string) *normalize.Rule {
	t.Helper()
	text := "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nlogsource: {product: windows, category: " + category + "}\ndetection:\n"
	for line := range strings.Lines(detection) {
		text += "  " + line
	}
	return one(t, "r.yml", text)
}

func elastic(t testing.TB, kind, rest, query string) *normalize.Rule {
	t.Helper()
	return one(t, "r.toml", fmt.Sprintf("[metadata]\nmaturity = \"production\"\n[rule]\nname = \"T\"\nrule_id = \"5a1d2f5e-52f5-4c0f-9f0a-6c41c9d0a103\"\ntype = %q\n%s\nquery = '''\n%s\n'''\n", kind, rest, query))
}

func one(t testing.TB, path, text string) *normalize.Rule {
	t.Helper()
	f := parsers.Parse(path, []byte(text), nil)
	if len(f.Rules) != 1 {
		t.Fatalf("%d rules in:\n%s", len(f.Rules), text)
	}
	return normalize.Normalize(f.Rules[0])
}

func TestCompareSigma(t *testing.T) {
	const base = `s:
  Image|endswith: ['\a.exe', '\b.exe']
  CommandLine|contains: 'copy'
f:
  ParentImage|startswith: 'C:\Program Files\'
condition: s and not f
`
	with := func(old, now string) string {
		if !strings.Contains(base, old) {
			t.Fatalf("%q is not in the rule", old)
		}
		return strings.Replace(base, old, now, 1)
	}
	tests := []struct {
		name, after string
		verdict     Verdict
		summary     string
	}{
		{"nothing", base, Same, "no change in meaning"},
		{"order, quotes and case", "f:\n    ParentImage|startswith: \"c:\\\\program files\\\\\"\nother:\n  CommandLine|contains: COPY\n  Image|endswith: ['\\B.exe', '\\A.exe']\ncondition: not f and other\n", Same, "no change in meaning"},
		{"the same, written twice", with("condition: s and not f", "condition: s and not f and not (f and s)"), Same, "three comparisons added"},
		{"an alternative", with(`'\b.exe'`, `'\b.exe', '\c.exe'`), Wider, "one alternative added"},
		{"two alternatives less and one more", with(`['\a.exe', '\b.exe']`, `['\c.exe']`), Both, "one condition added, one condition dropped"},
		{"an alternative less", with(`, '\b.exe'`, ""), Narrower, "one alternative dropped"},
		{"an exclusion", with("condition: s and not f", "g: {User: x}\ncondition: s and not f and not g"), Narrower, "one exclusion added"},
		{"an exclusion less", with(" and not f", ""), Wider, "one exclusion dropped"},
		{"an exclusion of two lines", with("condition: s and not f", "g: {User: x, CurrentDirectory: y}\ncondition: s and not f and not g"), Narrower, "one exclusion added"},
		{"exclusions of a list", with("condition: s and not f", "g: {User: [x, y]}\ncondition: s and not f and not g"), Narrower, "two exclusions added"},
		{"an exclusion that says more", with("startswith: 'C:\\Program Files\\'", "startswith: 'C:\\Program Files\\Tool\\'"), Wider, "one exclusion added, one exclusion dropped"},
		{"one that holds for every event already", with("condition: s and not f", "g: {Image|endswith: '\\z.exe'}\ncondition: s and not f and not g"), Same, "one exclusion added"},
		{"any drive", with("'C:\\Program Files\\'", "'?:\\Program Files\\'"), Narrower, "one exclusion added, one exclusion dropped"},
		{"a wider part of the value", with("'copy'", "'cop'"), Wider, "one condition added, one condition dropped"},
		{"a whole selection as an alternative", with("condition: s and not f", "s2: {Image: x, User: y, Company: z}\ncondition: (s or s2) and not f"), Wider, "one alternative added"},
		{"a condition", with("CommandLine|contains: 'copy'", "CommandLine|contains: 'copy'\n  User: x"), Narrower, "one condition added"},
		{"a list as a condition", with("CommandLine|contains: 'copy'", "CommandLine|contains: 'copy'\n  User: [x, y]"), Narrower, "one condition added"},
		{"or for and", with("s and not f", "s or not f"), Wider, "one comparison moved"},
		{"an exclusion becomes what is looked for", with("s and not f", "s and f"), Both, "one comparison moved"},
		{"dashes of Windows", with("contains: 'copy'", "contains|windash: ' -copy'"), Narrower, "one condition added, one condition dropped"},
		{"a suffix for a part", with(`'\a.exe', '\b.exe'`, `'\a.exe', 'b.exe'`), Wider, "one alternative added, one alternative dropped"},
		{"a selection that does not exist", with("s and not f", "s and not nothing"), Unknown, "one exclusion dropped"},
		{"a broken condition", with("s and not f", "s and and f"), Unknown, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(sigma(t, "process_creation", base), sigma(t, "process_creation", tt.after))
			if c.Verdict != tt.verdict || tt.summary != "" && c.Summary != tt.summary {
				t.Errorf("%s: %q (%s), expected %s: %q", c.Verdict, c.Summary, c.Reason, tt.verdict, tt.summary)
			}
			if (c.Verdict == Unknown) != (c.Reason != "") {
				t.Errorf("%s for the reason %q", c.Verdict, c.Reason)
			}
			// The other way round it is the other way round.
			back := Compare(sigma(t, "process_creation", tt.after), sigma(t, "process_creation", base))
			if want := map[Verdict]Verdict{Wider: Narrower, Narrower: Wider, Same: Same, Both: Both, Unknown: Unknown}[c.Verdict]; back.Verdict != want {
				t.Errorf("%s there, %s back (%s)", c.Verdict, back.Verdict, back.Reason)
			}
		})
	}
}

func TestCompareKinds(t *testing.T) {
	eql := func(query string) *normalize.Rule {
		return elastic(t, "eql", `language = "eql"`+"\n"+`index = ["logs-endpoint.events.*"]`, query)
	}
	sequence := `sequence by host.id with maxspan=1m
  [process where process.name == "a"]
  [network where destination.port == 443]`
	threshold := func(value, query string) *normalize.Rule {
		return elastic(t, "threshold", "language = \"kuery\"\nthreshold = {field = [\"user.name\"], value = "+value+"}", query)
	}
	esql := func(query string) *normalize.Rule { return elastic(t, "esql", `language = "esql"`, query) }
	kql := func(filter string) *normalize.Rule {
		f := parsers.Parse("q.kql", []byte("DeviceProcessEvents\n| where "+filter+"\n"), nil)
		if len(f.Rules) != 1 || len(f.Problems) > 0 {
			t.Fatalf("%s: %d rules, %v", filter, len(f.Rules), f.Problems)
		}
		return normalize.Normalize(f.Rules[0])
	}
	tests := []struct {
		name          string
		before, after *normalize.Rule
		verdict       Verdict
		reason        string
	}{
		{"a term becomes a part", kql(`ProcessCommandLine has "foo"`), kql(`ProcessCommandLine contains "foo"`), Wider, ""},
		{"a term becomes the beginning of one", kql(`ProcessCommandLine has "foo"`), kql(`ProcessCommandLine hasprefix "foo"`), Wider, ""},
		{"the beginning of a term becomes that of the text", kql(`ProcessCommandLine hasprefix "foo"`), kql(`ProcessCommandLine startswith "foo"`), Unknown, ""},
		{"a term more", kql(`ProcessCommandLine has "foo"`), kql(`ProcessCommandLine has_any ("foo", "bar")`), Wider, ""},
		{
			"a device is no drive", eql(`process where process.name == "b.exe" and not process.executable : ("?:\\x\\b.exe", "\\Device\\HarddiskVolume*\\x\\b.exe")`),
			eql(`process where process.name == "b.exe" and not process.executable : "?:\\x\\b.exe"`), Wider, "",
		},
		{
			"from Sigma to EQL", sigma(t, "process_creation", "s: {Image|endswith: ['\\a.exe', '\\b.exe']}\ncondition: s\n"),
			eql(`process where process.name : ("a.exe", "b.exe", "c.exe")`), Wider, "",
		},
		{"a step asks for more", eql(sequence), eql(strings.Replace(sequence, `"a"`, `"a" and user.id == "x"`, 1)), Narrower, ""},
		{"steps change places", eql(sequence), eql("sequence by host.id with maxspan=1m\n[network where destination.port == 443]\n[process where process.name == \"a\"]"), Unknown, "another order"},
		{"more time", eql(sequence), eql(strings.Replace(sequence, "1m", "2m", 1)), Unknown, "maxspan"},
		{"one step wider, another narrower", eql(sequence), eql(strings.NewReplacer(`== "a"`, `in ("a", "b")`, "443", "443 and user.id == \"x\"").Replace(sequence)), Both, ""},
		{"letter case", eql(`process where process.name == "a"`), eql(`process where process.name : "a"`), Wider, ""},
		{"a category", eql(`process where process.name == "a"`), eql(`file where process.name == "a"`), Both, ""},
		{"a threshold stays", threshold("5", "event.action : x"), threshold("5", "event.action : (x or y)"), Wider, ""},
		{"a threshold changes", threshold("5", "event.action : x"), threshold("9", "event.action : x"), Unknown, "threshold"},
		{
			"a filter before the count", esql("from logs-* | where a == \"x\" | stats n = count(*) by b | where n > 5"),
			esql("from logs-* | where a == \"x\" and c == \"y\"\n| stats n = count(*) by b // so many\n| where n > 5"), Narrower, "",
		},
		{
			"the count", esql("from logs-* | where a == \"x\" | stats n = count(*) by b | where n > 5"),
			esql("from logs-* | where a == \"x\" | stats n = count_distinct(c) by b | where n > 5"), Unknown, "count_distinct",
		},
		{
			"how many", esql("from logs-* | where a == \"x\" | stats n = count(*) by b | where n > 5"),
			esql("from logs-* | where a == \"x\" | stats n = count(*) by b | where n > 9"), Unknown, "which the query computes",
		},
		{
			"an index more", elastic(t, "query", `index = ["logs-endpoint.events.process*"]`, "process.name : a"),
			elastic(t, "query", `index = ["logs-endpoint.events.process*", "winlogbeat-*"]`, "process.name : a"), Unknown, "winlogbeat",
		},
		{
			"a part of an index", elastic(t, "query", `index = ["logs-aws.cloudtrail*"]`, "event.action : a"),
			elastic(t, "query", `index = ["logs-aws*"]`, "event.action : a"), Unknown, "finds all that it found",
		},
		{"two values of a list", eql(`process where process.args : "list" and process.args : "/text:*"`), eql(`process where process.args : "list" and process.args : "/text:*" and not process.parent.name : "x"`), Narrower, ""},
		{"a value of a list that is excluded", eql(`process where process.args : "list" and process.args : "/text:*" and not process.args : "/text*"`), eql(`process where process.args : "list" and process.args : "/text:*" and not process.args : "/text*" and not process.parent.name : "x"`), Same, ""},
		{"two values of a field that has one", eql(`process where process.name : "a" and process.name : "b"`), eql(`process where process.name : "a" and process.name : "b" and not process.parent.name : "x"`), Same, ""},
		{"two values of a field that may have one", eql(`process where Custom.thing : "a" and Custom.thing : "b"`), eql(`process where Custom.thing : "a" and Custom.thing : "b" and not process.parent.name : "x"`), Unknown, "whether it finds less is open"},
		{"an exclusion of one of two values", eql(`process where process.args : "list" and process.args : "/text:*"`), eql(`process where process.args : "list" and process.args : "/text:*" and not process.args : "/text:name"`), Narrower, ""},
		{"two values of a list in ES|QL, which has null there", esql(`from logs-* | where process.args == "a" and process.args == "b"`), esql(`from logs-* | where process.args == "a" and process.args == "b" and not process.parent.name == "x"`), Unknown, "whether it finds less is open"},
		{"two values of a list in Kuery", elastic(t, "query", `language = "kuery"`, `event.type : a and event.type : b`), elastic(t, "query", `language = "kuery"`, `event.type : a and event.type : b and not process.parent.name : x`), Narrower, ""},
		{"other events", sigma(t, "process_creation", "s: {Image: a}\ncondition: s\n"), sigma(t, "network_connection", "s: {Image: a}\ncondition: s\n"), Both, ""},
		{"a regular expression", sigma(t, "process_creation", "s: {CommandLine|re: '(?=a)b'}\ncondition: s\n"), sigma(t, "process_creation", "s: {CommandLine|re: '(?=a)c'}\ncondition: s\n"), Unknown, "regular expression"},
		{"a regular expression more", sigma(t, "process_creation", "s: {CommandLine|re: 'ab+c'}\ncondition: s\n"), sigma(t, "process_creation", "s: {CommandLine|re: ['ab+c', 'x[0-9]{3}']}\ncondition: s\n"), Wider, ""},
		{"an encoding", sigma(t, "process_creation", "s: {CommandLine|contains: x}\ncondition: s\n"), sigma(t, "process_creation", "s: {CommandLine|base64offset|contains: x}\ncondition: s\n"), Unknown, "encoding"},
		{"an aggregation", sigma(t, "process_creation", "s: {Image: a}\ncondition: s | count() by User > 5\n"), sigma(t, "process_creation", "s: {Image: a}\ncondition: s | count() by User > 6\n"), Unknown, "count() by User > 6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(tt.before, tt.after)
			if c.Verdict != tt.verdict || !strings.Contains(c.Reason, tt.reason) {
				t.Errorf("%s: %s (%s), expected %s (… %s …)", c.Verdict, c.Summary, c.Reason, tt.verdict, tt.reason)
			}
		})
	}
}

func TestMoved(t *testing.T) {
	c := Compare(
		sigma(t, "process_creation", "s: {Image: x}\nf: {User: u}\ncondition: s and not f\n"),
		sigma(t, "process_creation", "s: {Image: x, User: u}\ncondition: s\n"))
	if len(c.Added)+len(c.Removed) != 0 || len(c.Moved) != 1 || c.Moved[0].From != Exclusion || c.Moved[0].Role != Indicator || c.Moved[0].Field != "user.name" {
		t.Errorf("added %v, removed %v, moved %v", c.Added, c.Removed, c.Moved)
	}
}

// TestRejoined: where the same comparisons are put together differently, the lines
// that say so are told.
func TestRejoined(t *testing.T) {
	joined := func(condition string, more ...string) string {
		return processRule(append(append([]string{`one:`, `    Image|endswith: '\a.exe'`, `two:`, `    CommandLine|contains: x1`}, more...), "condition: "+condition)...)
	}
	inEQL := func(query string) string { return elasticRule("eql", "eql", query) }
	search := func(more string) string { return splunkRule("index=main " + more) }
	for _, c := range []struct {
		name, before, after string
		want                *Rejoined
	}{
		{"or and and", joined("one or two"), joined("one and two"), &Rejoined{[]string{"condition: one or two"}, []string{"condition: one and two"}}},
		{"with another comment", joined("one or two"), joined("one and two", "# both"), &Rejoined{[]string{"condition: one or two"}, []string{"condition: one and two"}}},
		{
			"a modifier", processRule(`s:`, `    CommandLine|contains:`, `        - one`, `        - two`, `condition: s`), processRule(`s:`, `    CommandLine|contains|all:`, `        - one`, `        - two`, `condition: s`),
			&Rejoined{[]string{"CommandLine|contains:"}, []string{"CommandLine|contains|all:"}},
		},
		{"the same events", joined("one or two"), joined("two or one"), nil},
		{"another comparison", joined("one or two"), strings.Replace(joined("one and two"), "x1", "x2", 1), nil},
		{"a query", inEQL("process where process.name : \"a.exe\" and process.pid == 4 or\n  process.args : \"b\""), inEQL("process where process.name : \"a.exe\" and (process.pid == 4 or\n  process.args : \"b\")"), &Rejoined{
			[]string{`process where process.name : "a.exe" and process.pid == 4 or`, `process.args : "b"`},
			[]string{`process where process.name : "a.exe" and (process.pid == 4 or`, `process.args : "b")`},
		}},
		{"a search", search("a=1 OR b=2"), search("a=1 b=2"), &Rejoined{[]string{"search: 'index=main a=1 OR b=2'"}, []string{"search: 'index=main a=1 b=2'"}}},
	} {
		if got := Compare(ruleOf(t, c.before), ruleOf(t, c.after)).Condition; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, expected %+v", c.name, got, c.want)
		}
	}
	long := rejoined(ruleOf(t, joined("one or two")), ruleOf(t, joined("one and two", "text: '"+strings.Repeat("y", 2000)+"'")))
	if n := len([]rune(long.After[0])); n > maxRejoinedLine+1 {
		t.Errorf("a line has %d characters", n)
	}
}

func TestAttributes(t *testing.T) {
	text := func(level, tags, more string) *normalize.Rule {
		return one(t, "r.yml", "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\n"+more+"level: "+level+"\ntags: ["+tags+"]\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s: {Image: a}\n  condition: s\n")
	}
	c := Compare(text("high", "attack.t1059, car.x", "description: a  b\n"), text("low", "attack.t1060, car.x", "description: a\n  b\n"))
	if !c.MetadataOnly || c.Verdict != Same || c.Summary != "metadata only: level, techniques" {
		t.Errorf("%+v", c)
	}
	if a := c.Attributes[0]; a.Before != "high" || a.After != "low" {
		t.Errorf("level: %+v", a)
	}
	if a := c.Attributes[1]; len(a.Added) != 1 || a.Added[0] != "T1060" || a.Removed[0] != "T1059" {
		t.Errorf("techniques: %+v", a)
	}
}

// A rule of thousands of values is compared in about the time of one of
// hundreds for each value, and one that cannot be is told so.
func TestLarge(t *testing.T) {
	list := func(n int, format string) string {
		var b strings.Builder
		b.WriteString("s:\n  CommandLine|contains:\n")
		for i := range n {
			fmt.Fprintf(&b, "    - '"+format+"'\n", i)
		}
		return b.String() + "f: {ParentImage|endswith: '\\x.exe'}\ncondition: s and not f\n"
	}
	c := Compare(sigma(t, "process_creation", list(3000, "value-%d-")), sigma(t, "process_creation", list(3001, "value-%d-")))
	if c.Verdict != Wider || c.Summary != "one alternative added" {
		t.Errorf("%s: %s (%s)", c.Verdict, c.Summary, c.Reason)
	}
	c = Compare(sigma(t, "process_creation", list(1500, "value-%d-")), sigma(t, "process_creation", list(1500, "other-%d-")))
	if c.Verdict != Both && c.Verdict != Unknown {
		t.Errorf("%s: %s (%s)", c.Verdict, c.Summary, c.Reason)
	}
	// Parity of many comparisons has no short proof.
	var hard [2]string
	for side := range hard {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, "a%d: {F%d: x}\n", i, i)
		}
		b.WriteString("condition: ")
		for i := range 39 {
			if i > 0 {
				b.WriteString(" and ")
			}
			fmt.Fprintf(&b, "(a%d or not a%d) and (not a%d or a%d or a%d)", i, (i*7+3+side)%40, (i*11+5)%40, i, (i*13+side)%40)
		}
		hard[side] = b.String() + "\n"
	}
	c = Compare(sigma(t, "process_creation", hard[0]), sigma(t, "process_creation", hard[1]))
	if (c.Verdict == Unknown) != (c.Reason != "") {
		t.Errorf("%s: %s (%s)", c.Verdict, c.Summary, c.Reason)
	}
}

func TestDependsOn(t *testing.T) {
	rule := func(value string) *normalize.Rule {
		return sigma(t, "process_creation", "s: {Image: "+value+"}\ncondition: s\n")
	}
	c := Compare(rule("a"), rule("a"))
	c.DependsOn(nil)
	if c.Verdict != Same {
		t.Errorf("%s, although nothing else has changed", c.Verdict)
	}
	c.DependsOn([]string{"function Admins"})
	if c.Verdict != Unknown || !strings.Contains(c.Reason, "function Admins") || c.Summary != "" {
		t.Errorf("%s: %q (%s)", c.Verdict, c.Summary, c.Reason)
	}
	if c = Compare(rule("a"), rule("[a, b]")); c.Verdict != Wider {
		t.Fatal(c.Verdict)
	}
	c.DependsOn([]string{"lookup known"})
	if c.Verdict != Unknown || c.Summary == "" {
		t.Errorf("%s: %q (%s)", c.Verdict, c.Summary, c.Reason)
	}
}
