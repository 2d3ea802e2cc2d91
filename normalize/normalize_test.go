package normalize_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// sigma normalizes a rule of the given logsource and detection.
func sigma(t *testing.T, logsource, detection string) *normalize.Rule {
	t.Helper()
	var b strings.Builder
	b.WriteString("title: A test\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001\nlogsource: {" + logsource + "}\ndetection:\n")
	for line := range strings.Lines(detection) {
		b.WriteString("    " + line)
	}
	f := parsers.Parse("rule.yml", []byte(b.String()), nil)
	if len(f.Rules) != 1 || len(f.Problems) > 0 {
		t.Fatalf("%d rules, problems %v in\n%s", len(f.Rules), f.Problems, b.String())
	}
	return normalize.Normalize(f.Rules[0])
}

const (
	process  = "product: windows, category: process_creation"
	linux    = "product: linux, category: process_creation"
	registry = "product: windows, category: registry_set"
	security = "product: windows, service: security"
	file     = "product: windows, category: file_event"
	network  = "product: windows, category: network_connection"
)

// text writes a key in one line.
func text(k normalize.Key) string { return fmt.Sprintf("%s %s %s", k.Field, k.Operator, k.Value) }

func TestKeys(t *testing.T) {
	tests := []struct{ logsource, item, want string }{
		// Process paths collapse to names.
		{process, `Image|endswith: '\CMD.exe'`, `process.name eq cmd.exe`},
		{process, `Image: '*\cmd.exe'`, `process.name eq cmd.exe`},
		{process, `ParentImage|endswith: '\a.exe'`, `process.parent.name eq a.exe`},
		{process, `Image|endswith: '\System32\cmd.exe'`, `process.executable endswith \system32\cmd.exe`},
		{process, `Image|endswith: 'cmd.exe'`, `process.executable endswith cmd.exe`},
		{linux, `Image|endswith: '/curl'`, `process.name eq curl`},
		{registry, `Image|endswith: '\reg.exe'`, `process.name eq reg.exe`},
		// Drives and what stands in for them.
		{process, `Image: 'C:\Windows\a.exe'`, `process.executable eq ?:\windows\a.exe`},
		{process, `Image: '?:\Windows\a.exe'`, `process.executable eq ?:\windows\a.exe`},
		{process, `Image: '*:\Windows\a.exe'`, `process.executable eq ?:\windows\a.exe`},
		{process, `Image|startswith: 'D:\Tools\'`, `process.executable startswith ?:\tools\`},
		{process, `Image: '?:\Tools\\*'`, `process.executable startswith ?:\tools\`},
		{process, `Image|contains: ':\Temp\'`, `process.executable startswith ?:\temp\`},
		{process, `Image|endswith: ':\a\b.exe'`, `process.executable eq ?:\a\b.exe`},
		{process, `Image|startswith: '%SystemRoot%\Temp\'`, `process.executable startswith ?:\windows\temp\`},
		{process, `Image: '\Device\HarddiskVolume3\a\b.exe'`, `process.executable eq ?:\a\b.exe`},
		{process, `Image: 'C:\a\\*\b.exe'`, `process.executable wildcard ?:\\a\\*\\b.exe`},
		{process, `CommandLine|contains: 'C:\Windows\'`, `process.command_line contains c:\windows\`},
		// Hives, hashes, vocabularies.
		{registry, `TargetObject|startswith: 'HKEY_LOCAL_MACHINE\Software\'`, `registry.path startswith hklm\software\`},
		{process, `Hashes|contains: 'SHA256=ABCDEF'`, `process.hash eq abcdef`},
		{process, `Hashes|contains: '0123456789ABCDEF0123456789abcdef'`, `process.hash eq 0123456789abcdef0123456789abcdef`},
		{process, `IntegrityLevel: 'S-1-16-16384'`, `process.integrity_level eq system`},
		{registry, `Details: 'DWORD (0x0000001f)'`, `registry.data.strings eq 31`},
		{registry, `Details: '0x00000001'`, `registry.data.strings eq 1`},
		{registry, `Details: 'QWORD (0x00000001-0x0000000a)'`, `registry.data.strings eq 4294967306`},
		{registry, `Details: 'DWORD (zero)'`, `registry.data.strings eq dword (zero)`},
		{registry, `Details: '0xyz'`, `registry.data.strings eq 0xyz`},
		{network, `DestinationIp|cidr: '10.0.0.0/8'`, `destination.ip cidr 10.0.0.0/8`},
		{network, `DestinationIp|cidr: '10.1.2.3/32'`, `destination.ip eq 10.1.2.3`},
		{network, `DestinationIp|cidr: '::1/128'`, `destination.ip eq ::1`},
		{network, `DestinationIp|cidr: '::1'`, `destination.ip eq ::1`},
		// Extensions.
		{file, `TargetFilename|endswith: '.DLL'`, `file.extension eq dll`},
		{file, `TargetFilename: '*.dll'`, `file.extension eq dll`},
		{file, `TargetFilename|endswith: '.tar.gz'`, `file.path endswith .tar.gz`},
		{file, `TargetFilename|endswith: 'dll'`, `file.path endswith dll`},
		{file, `TargetFilename|endswith: '.'`, `file.path endswith .`},
		{file, `TargetFilename|contains: '.dll'`, `file.path contains .dll`},
		// What is compared as it is.
		{process, `CommandLine|re: 'A\d+B'`, `process.command_line regex A\d+B`},
		{process, `SomeField: 'Value'`, `somefield eq value`},
		{process, `EventData.CommandLine|contains: x`, `process.command_line contains x`},
	}
	for _, tt := range tests {
		t.Run(tt.item, func(t *testing.T) {
			r := sigma(t, tt.logsource, "s:\n    "+tt.item+"\ncondition: s\n")
			if got := text(r.Predicates[0].Key); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSelectors(t *testing.T) {
	r := sigma(t, security, "s:\n    EventID: 4624\n    Provider_Name: P\n    LogonType: 3\n    SubjectUserName: bob\ncondition: s\n")
	var got []string
	for i := range r.Predicates {
		if r.Predicates[i].Selector {
			got = append(got, r.Predicates[i].SourceField)
		}
	}
	if diff := cmp.Diff([]string{"EventID", "Provider_Name"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEvents(t *testing.T) {
	tests := []struct{ logsource, selection, want string }{
		{process, "Image: x", "Security-Auditing 4688, Sysmon 1"},
		{"product: windows, category: ps_script", "ScriptBlockText: x", "PowerShell 4104"},
		{security, "EventID: [4624, 4625]", "Security-Auditing 4624, Security-Auditing 4625"},
		{security, "User: x", "Security-Auditing"},
		{"product: aws, service: cloudtrail", "eventName: x", "AWS-CloudTrail"},
		{"category: proxy", "c-uri: x", "Proxy"},
		{"product: unheard-of", "a: b", ""},
	}
	for _, tt := range tests {
		r := sigma(t, tt.logsource, "s:\n    "+tt.selection+"\ncondition: s\n")
		var names []string
		for _, e := range r.Events {
			names = append(names, e.String())
		}
		if got := strings.Join(names, ", "); got != tt.want {
			t.Errorf("%s with %s: got %q, want %q", tt.logsource, tt.selection, got, tt.want)
		}
	}
	// An event that is excluded is not covered.
	r := sigma(t, security, "s:\n    EventID: 4624\nf:\n    EventID: 4625\ncondition: s and not f\n")
	if len(r.Events) != 1 {
		t.Errorf("got %v", r.Events)
	}
}

func TestExclusions(t *testing.T) {
	selections := "s: S\na: A\nb: B\nboth:\n    X: 1\n    Y: 2\nlist:\n    X: [1, 2]\nnull_:\n    X: null\nf_1: F\nf_2:\n    X: 1\n    Y: 2\n"
	tests := []struct{ condition, want string }{
		{"s", ""},
		{"s and not a", "A"},
		{"s and not (a and b)", "A+B"},
		{"s and not (a or b)", "A | B"},
		{"s and not both", "1+2"},
		{"s and not list", "1 | 2"},
		{"s and not 1 of f_*", "F | 1+2"},
		{"s and not all of f_*", "F+1+2"},
		{"s and null_", "X"},
		{"s and not null_", ""},
		{"s and not (a and not b)", "A+B"},
		{"s and not not a", ""},
		{"s and not not (b and not a)", "A"},
		{"s or not a", ""},
		{"s and (b and not a)", "A"},
		{"s and (b or not a)", ""},
		{"not a and not a", "A"},
	}
	for _, tt := range tests {
		t.Run(tt.condition, func(t *testing.T) {
			r := sigma(t, process, selections+"condition: "+tt.condition+"\n")
			var clauses []string
			for _, clause := range r.Exclusions {
				var parts []string
				for _, i := range clause {
					value := r.Predicates[i].Value
					if value == "" {
						value = r.Predicates[i].SourceField
					}
					parts = append(parts, value)
				}
				clauses = append(clauses, strings.Join(parts, "+"))
			}
			if got := strings.Join(clauses, " | "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNegationThatNeverExcludes(t *testing.T) {
	x := &rule.Predicate{Field: rule.Text{Value: "x"}, Operator: rule.Eq, Value: "1"}
	r := normalize.Normalize(&rule.Rule{Vendor: rule.Elastic, Condition: &rule.Not{Child: &rule.And{Children: []rule.Condition{x, &rule.Or{}}}}})
	if len(r.Predicates) != 1 || !r.Predicates[0].Negated || len(r.Exclusions) != 0 {
		t.Errorf("predicates %v, exclusions %v", r.Predicates, r.Exclusions)
	}
}

func TestAlternativeThatAlwaysHolds(t *testing.T) {
	x := &rule.Predicate{Field: rule.Text{Value: "x"}, Operator: rule.Eq, Value: "1"}
	r := normalize.Normalize(&rule.Rule{Vendor: rule.Elastic, Condition: &rule.Or{Children: []rule.Condition{x, &rule.And{}}}})
	if len(r.Predicates) != 1 || r.Requires(r.Predicates[0].Key) {
		t.Errorf("predicates %v, required %v", r.Predicates, r.Requires(r.Predicates[0].Key))
	}
	if path := r.WidestPath(func(*normalize.Predicate) int { return 1 }); path.Reach != normalize.Unbounded {
		t.Errorf("reach %d", path.Reach)
	}
}

// TestEventsOfManyParts: parts that say the same are looked up once, and past a
// limit the rule says so.
func TestEventsOfManyParts(t *testing.T) {
	many := func(parts int, category func(int) string) *normalize.Rule {
		all := &rule.And{}
		r := &rule.Rule{Vendor: rule.Elastic, Kind: rule.Detection, Condition: all}
		for i := range parts {
			all.Children = append(all.Children, &rule.Branch{
				Child:     &rule.Predicate{Field: rule.Text{Value: "process.name"}, Operator: rule.Eq, Value: strconv.Itoa(i)},
				Selectors: []rule.Selector{{Key: "category", Value: rule.Text{Value: category(i)}}},
			})
			r.Selectors = append(r.Selectors, rule.Selector{Key: "dataset", Value: rule.Text{Value: "endpoint.events.process"}})
		}
		return normalize.Normalize(r)
	}
	r := many(5000, func(int) string { return "process" })
	if len(r.Events) == 0 || len(r.Unresolved) > 0 {
		t.Errorf("events %v, unresolved %v", r.Events, r.Unresolved)
	}
	r = many(5000, strconv.Itoa)
	if len(r.Events) == 0 || !slices.Contains(r.Unresolved, "limit:events") {
		t.Errorf("events %v, unresolved %v", r.Events, r.Unresolved)
	}
}

func TestDuplicatesAreKeptOncePerPolarity(t *testing.T) {
	r := sigma(t, process, "a:\n    CommandLine|wide|base64offset|contains: X\nb:\n    CommandLine|base64|contains: x\nc:\n    CommandLine|contains: x\ncondition: (a or b) and not c\n")
	if len(r.Predicates) != 2 || r.Predicates[0].Negated || !r.Predicates[1].Negated {
		t.Errorf("got %+v", r.Predicates)
	}
}

func TestImplies(t *testing.T) {
	key := func(s string) normalize.Key {
		parts := strings.SplitN(s, " ", 3)
		return normalize.Key{Field: parts[0], Operator: rule.Operator(parts[1]), Value: strings.Join(parts[2:], "")}
	}
	tests := []struct {
		a, b string
		want bool
	}{
		{"f eq abc", "f eq abc", true},
		{"f eq abc", "f contains b", true},
		{"f eq abc", "f startswith ab", true},
		{"f eq abc", "f endswith bc", true},
		{"f eq abc", "f startswith b", false},
		{"f startswith abc", "f startswith ab", true},
		{"f startswith ab", "f startswith abc", false},
		{"f startswith abc", "f contains bc", true},
		{"f startswith abc", "f endswith bc", false},
		{"f endswith abc", "f endswith bc", true},
		{"f contains abc", "f contains b", true},
		{"f contains abc", "f startswith a", false},
		{"f contains abc", "f eq abc", false},
		{`f wildcard ab*c\*d`, "f contains c*", true},
		{`f wildcard ab*c`, "f startswith ab", true},
		{`f wildcard *ab*c`, "f startswith ab", false},
		{`f wildcard ab*c`, "f endswith c", true},
		{`process.executable wildcard ?:\\tools (x86)\\*.exe`, `process.executable startswith ?:\tools`, true},
		{`f wildcard ?:\\tools\\*.exe`, `f startswith ?:\tools`, false},
		{"f eq abc", "f exists ", true},
		{"f eq abc", "g eq abc", false},
		{"f eq 10.1.2.3", "f cidr 10.0.0.0/8", true},
		{"f cidr 10.1.0.0/16", "f cidr 10.0.0.0/8", true},
		{"f cidr 10.0.0.0/8", "f cidr 10.1.0.0/16", false},
		{"f gt 5", "f gt 3", true},
		{"f gte 5", "f gt 5", false},
		{"f eq 5", "f lte 5", true},
		// Names and paths.
		{"process.name eq powershell.exe", "process.executable contains powershell", true},
		{"process.name eq powershell.exe", `process.executable endswith \powershell.exe`, true},
		{"process.name eq powershell.exe", `process.executable endswith \v1.0\powershell.exe`, false},
		{"process.name startswith power", "process.executable contains power", true},
		{`process.executable eq ?:\windows\cmd.exe`, "process.name eq cmd.exe", true},
		{`process.executable endswith \system32\cmd.exe`, "process.name eq cmd.exe", true},
		{`process.executable endswith cmd.exe`, "process.name eq cmd.exe", false},
		{`process.executable contains \cmd.exe`, "process.name eq cmd.exe", false},
		// Extensions.
		{"file.extension eq exe", "file.path endswith .exe", true},
		{"file.extension eq exe", "file.path contains exe", true},
		{"file.extension eq exe", "file.name endswith a.exe", false},
		{"file.extension eq exe", "file.name exists ", true},
		{"file.name eq a.exe", "file.extension eq exe", true},
		{`file.path eq ?:\a.b.exe`, "file.extension eq exe", true},
		{"file.path endswith exe", "file.extension eq exe", false},
		{"file.path contains .exe", "file.extension eq exe", false},
		{"file.extension exists ", "file.path endswith .exe", false},
		{"file.extension startswith e", "file.path endswith .e", false},
	}
	for _, tt := range tests {
		if got := normalize.Implies(key(tt.a), key(tt.b)); got != tt.want {
			t.Errorf("%s implies %s: got %t", tt.a, tt.b, got)
		}
	}
}

// TestImpliesIsSound draws values and comparisons of a small alphabet and
// checks the claims of Implies and Excludes against the values.
func TestImpliesIsSound(t *testing.T) {
	var words []string
	for _, a := range []string{"", "a", "b", `\`} {
		for _, b := range []string{"", "a", "b", `\`} {
			for _, c := range []string{"", "a", "b"} {
				words = append(words, a+b+c)
			}
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	holds := func(k normalize.Key, v string) bool {
		if k.Field == "process.name" {
			v = v[strings.LastIndexByte(v, '\\')+1:]
		}
		switch k.Operator {
		case rule.Eq:
			return v == k.Value
		case rule.Contains:
			return strings.Contains(v, k.Value)
		case rule.StartsWith:
			return strings.HasPrefix(v, k.Value)
		}
		return strings.HasSuffix(v, k.Value)
	}
	var keys []normalize.Key
	for _, op := range []rule.Operator{rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith} {
		for _, w := range words {
			keys = append(keys, normalize.Key{Field: "process.executable", Operator: op, Value: w})
			if !strings.Contains(w, `\`) && w != "" {
				keys = append(keys, normalize.Key{Field: "process.name", Operator: op, Value: w})
			}
		}
	}
	// A path has a folder: that is what a name without one stands in.
	var values []string
	for _, w := range words {
		values = append(values, `\`+w, `a\`+w, `b\a`+w)
	}
	for _, a := range keys {
		for _, b := range keys {
			implies, excludes := normalize.Implies(a, b), normalize.Excludes(a, b)
			if !implies && !excludes {
				continue
			}
			for _, v := range values {
				if implies && holds(a, v) && !holds(b, v) {
					t.Errorf("%s implies %s, but not for %q", text(a), text(b), v)
					break
				}
				if excludes && holds(a, v) && holds(b, v) {
					t.Errorf("%s excludes %s, but not for %q", text(a), text(b), v)
					break
				}
			}
		}
	}
}

func TestPrecludes(t *testing.T) {
	r := sigma(t, process, `s:
    Image|endswith: ['\a.exe', '\b.exe']
f:
    ParentImage|startswith: 'C:\Program Files\'
g:
    CommandLine: x
    User: y
condition: s and not f and not g
`)
	tests := []struct {
		field, value string
		operator     rule.Operator
		want         bool
	}{
		{"process.name", "a.exe", rule.Eq, false},
		{"process.name", "c.exe", rule.Eq, true},                                               // asks for something else
		{"process.executable", `?:\windows\c.exe`, rule.Eq, true},                              // the same by its path
		{"process.parent.executable", `?:\program files\x\y.exe`, rule.Eq, true},               // excluded by something wider
		{"process.parent.executable", `?:\program`, rule.StartsWith, false},                    // wider than what is excluded
		{"process.command_line", "x", rule.Eq, false},                                          // only excluded together with a user
		{"process.parent.executable", `?:\program files\agent\`, rule.StartsWith, true},        // narrower
		{"process.parent.executable", `?:\program files (x86)\agent\`, rule.StartsWith, false}, // elsewhere
	}
	for _, tt := range tests {
		k := normalize.Key{Field: tt.field, Operator: tt.operator, Value: tt.value}
		if got := r.Precludes(k); got != tt.want {
			t.Errorf("%s: got %t", text(k), got)
		}
	}
}

func TestWidestPath(t *testing.T) {
	reach := map[string]int{"one": 1, "five": 5, "ten": 10, "fifty": 50}
	count := func(p *normalize.Predicate) int { return reach[p.Value] }
	selections := "one: {A: one}\nfive: {B: five}\nten: {C: ten}\nfifty: {D: fifty}\nany: {E: [one, ten]}\nevent: {EventID: 1}\nwide: {F|exists: true}\n"
	tests := []struct {
		condition  string
		reach      int // -1 for unbounded
		paths      int
		indicators int
	}{
		{"one", 1, 1, 1},
		{"fifty and one", 1, 1, 2},
		{"fifty or one", 50, 2, 1},
		{"(fifty and five) or (ten and one)", 5, 2, 2},
		{"fifty and not ten", 50, 1, 1},
		{"any", 10, 1, 1},
		{"event", -1, 1, 0},
		{"event and five", 5, 1, 1},
		{"event or five", -1, 2, 0},
		{"wide and ten", 10, 1, 1},
		{"not one", -1, 1, 0},
		{"(one or ten) and (five or fifty)", 10, 4, 2},
		{"fifty and not (one or five)", 50, 1, 1},
		{"fifty and not (one and five)", 50, 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.condition, func(t *testing.T) {
			r := sigma(t, security, selections+"condition: "+tt.condition+"\n")
			path := r.WidestPath(count)
			want := tt.reach
			if want < 0 {
				want = normalize.Unbounded
			}
			if path.Reach != want || r.Paths() != tt.paths || path.Indicators != tt.indicators {
				t.Errorf("reach %d, %d paths, %d indicators", path.Reach, r.Paths(), path.Indicators)
			}
			if path.Evidence >= 0 && count(&r.Predicates[path.Evidence]) != path.Reach {
				t.Errorf("the evidence is %q", r.Predicates[path.Evidence].Value)
			}
		})
	}
}

func TestContentIgnoresLineEnds(t *testing.T) {
	rule := "title: T\nid: 1\nlogsource:\n    product: windows\ndetection:\n    s: a\n    condition: s\n"
	content := func(text string) string {
		return normalize.Normalize(parsers.Parse("r.yml", []byte(text), nil).Rules[0]).Summary().Content
	}
	if content(rule) != content(strings.ReplaceAll(rule, "\n", "\r\n")) {
		t.Error("line ends count")
	}
	if content(rule) == content(rule+"# more\n") {
		t.Error("a comment does not count")
	}
	global := "action: global\nlogsource:\n    product: windows\ntitle: T\n---\n"
	one := "detection:\n    s: a\n    condition: s\n"
	if content(global+one) == content(strings.Replace(global, "windows", "linux", 1)+one) {
		t.Error("a global document does not count")
	}
}

// TestWidestPathOfContradictions: what can never hold is no way to fire.
func TestWidestPathOfContradictions(t *testing.T) {
	for _, tt := range []struct {
		detection string
		want      int
	}{
		{"    a:\n        Image|endswith: '\\x.exe'\n    b:\n        Image|endswith: '\\y.exe'\n    condition: a and b", 0},
		{"    a:\n        Image|endswith: '\\x.exe'\n    b:\n        Image|endswith:\n            - '\\y.exe'\n            - '\\z.exe'\n    condition: a and b", 0},
		{"    a:\n        Image|endswith: '\\x.exe'\n    b:\n        Image|endswith:\n            - '\\y.exe'\n            - '\\x.exe'\n    condition: a and b", 7},
		{"    a:\n        Image|endswith: '\\x.exe'\n    b:\n        Image|endswith: '\\x.exe'\n    condition: a and not b", 0},
		{"    a:\n        Image|endswith: '\\x.exe'\n    b:\n        Image: 'C:\\x.exe'\n    condition: a and not b", 7},
		{"    a:\n        Hashes|contains: 'x'\n    b:\n        Hashes|contains: 'y'\n    condition: a and b", 7},
		{"    a:\n        User: 'x'\n    b:\n        User: 'y'\n    condition: a and b", 7},
	} {
		text := "title: a\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n" + tt.detection + "\n"
		f := parsers.Parse("r.yml", []byte(text), nil)
		if len(f.Rules) != 1 {
			t.Fatalf("not one rule: %v", f.Problems)
		}
		path := normalize.Normalize(f.Rules[0]).WidestPath(func(*normalize.Predicate) int { return 7 })
		if path.Reach != tt.want {
			t.Errorf("%s\nreach %d, expected %d", tt.detection, path.Reach, tt.want)
		}
	}
}

// TestNumbersAndNetworksExclude holds what is said of networks and bounds
// against addresses and numbers.
func TestNumbersAndNetworksExclude(t *testing.T) {
	port := func(op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: "destination.port", Operator: op, Value: value}
	}
	ip := func(op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: "destination.ip", Operator: op, Value: value}
	}
	for _, tt := range []struct {
		a, b normalize.Key
		want bool
	}{
		{ip(rule.CIDR, "192.168.0.0/16"), ip(rule.CIDR, "10.0.0.0/8"), true},
		{ip(rule.CIDR, "10.1.0.0/16"), ip(rule.CIDR, "10.0.0.0/8"), false},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.CIDR, "fe80::/10"), true},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.Eq, "192.168.1.1"), true},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.Eq, "10.1.1.1"), false},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.Eq, "::ffff:10.1.1.1"), false},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.CIDR, "::ffff:0:0/96"), false},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.Eq, "localhost"), false},
		{ip(rule.CIDR, "10.0.0.0/8"), ip(rule.StartsWith, "192."), false},
		{port(rule.Gt, "1000"), port(rule.Eq, "80"), true},
		{port(rule.Gt, "1000"), port(rule.Eq, "0x50"), true},
		{port(rule.Gt, "80"), port(rule.Eq, "80"), true},
		{port(rule.Gte, "80"), port(rule.Eq, "80"), false},
		{port(rule.Gt, "100"), port(rule.Lt, "50"), true},
		{port(rule.Gt, "50"), port(rule.Lte, "50"), true},
		{port(rule.Gte, "50"), port(rule.Lte, "50"), false},
		{port(rule.Gt, "50"), port(rule.Gt, "100"), false},
		{port(rule.Gt, "50"), port(rule.Eq, "https"), false},
		// A text is not ordered as a number.
		{normalize.Key{Field: "user.name", Operator: rule.Gt, Value: "1000"}, normalize.Key{Field: "user.name", Operator: rule.Eq, Value: "80"}, false},
	} {
		if got := normalize.Excludes(tt.a, tt.b); got != tt.want {
			t.Errorf("%v and %v: %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := normalize.Excludes(tt.b, tt.a); got != tt.want {
			t.Errorf("%v and %v: %v, want %v", tt.b, tt.a, got, tt.want)
		}
	}
	for _, tt := range []struct {
		a, b normalize.Key
		want bool
	}{
		{port(rule.Gt, "10"), port(rule.Lte, "10"), true},
		{port(rule.Lt, "20"), port(rule.Gt, "10"), true},
		{port(rule.Gt, "10"), port(rule.Lt, "10"), false},
		{port(rule.Gt, "10"), port(rule.Gt, "20"), false},
		{port(rule.Lt, "10"), port(rule.Gt, "20"), false},
	} {
		if got := normalize.Exhausts(tt.a, tt.b); got != tt.want {
			t.Errorf("%v or %v: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestPatternsOfDrivesExclude: a pattern on any drive rules out other folders.
func TestPatternsOfDrivesExclude(t *testing.T) {
	path := func(op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: "process.executable", Operator: op, Value: value}
	}
	pattern := path(rule.Wildcard, `?:\\program files\\*\\a.exe`)
	for _, tt := range []struct {
		other normalize.Key
		want  bool
	}{
		{path(rule.StartsWith, `?:\users\`), true},
		{path(rule.StartsWith, `c:\users\`), true},
		{path(rule.StartsWith, `c:\program files\`), false},
		{path(rule.StartsWith, `?:\program files\vendor\`), false},
		{path(rule.EndsWith, `\b.exe`), true},
		{path(rule.EndsWith, `\x\a.exe`), false},
		{path(rule.Contains, `\users\`), false},
		{path(rule.Wildcard, `c:\\users\\*\\a.exe`), true},
		{path(rule.Wildcard, `c:\\program files\\x\\*.exe`), false},
		{path(rule.Eq, `c:\program files\x\a.exe`), false},
	} {
		if got := normalize.Excludes(pattern, tt.other); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.other, got, tt.want)
		}
		if got := normalize.Excludes(tt.other, pattern); got != tt.want {
			t.Errorf("the other way round %v: %v, want %v", tt.other, got, tt.want)
		}
	}
}

// TestPatternsExclude: what a pattern begins and ends with rules others out.
func TestPatternsExclude(t *testing.T) {
	path := func(op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: "process.executable", Operator: op, Value: value}
	}
	pattern := path(rule.Wildcard, "/var/lib/containers/*/dockerd")
	for _, tt := range []struct {
		other normalize.Key
		want  bool
	}{
		{path(rule.StartsWith, "/tmp/"), true},
		{path(rule.StartsWith, "/var/"), false},
		{path(rule.StartsWith, "/var/lib/containers/x/"), false},
		{path(rule.EndsWith, "/runc"), true},
		{path(rule.EndsWith, "rd"), false},
		{path(rule.Eq, "/usr/bin/dockerd"), true},
		{path(rule.Wildcard, "/var/lib/*/dockerd"), false},
		{path(rule.Wildcard, "/opt/*"), true},
		{path(rule.Wildcard, "*"), false},
		{normalize.Key{Field: "process.name", Operator: rule.Eq, Value: "bash"}, true},
		{normalize.Key{Field: "process.name", Operator: rule.Eq, Value: "dockerd"}, false},
		{normalize.Key{Field: "user.name", Operator: rule.Eq, Value: "bash"}, false},
	} {
		if got := normalize.Excludes(pattern, tt.other); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.other, got, tt.want)
		}
		if got := normalize.Excludes(tt.other, pattern); got != tt.want {
			t.Errorf("the other way round %v: %v, want %v", tt.other, got, tt.want)
		}
	}
}
