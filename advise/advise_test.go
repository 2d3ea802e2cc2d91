package advise

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

func key(t testing.TB, s string) normalize.Key {
	t.Helper()
	parts := strings.SplitN(s, " ", 3)
	if len(parts) != 3 {
		t.Fatalf("no comparison: %q", s)
	}
	return normalize.Key{Field: parts[0], Operator: rule.Operator(parts[1]), Value: parts[2]}
}

func text(k normalize.Key) string { return k.Field + " " + string(k.Operator) + " " + k.Value }

// TestFamilies: what leaves out the same thing is one family.
func TestFamilies(t *testing.T) {
	for _, same := range [][]string{
		{`process.name eq a.exe`, `process.executable eq ?:\program files\x\a.exe`, `process.executable endswith \x\a.exe`, `process.executable wildcard ?:\\users\\*\\a.exe`},
		{`process.executable startswith ?:\program files\x\`, `process.executable contains \program files\x\`, `process.executable wildcard ?:\\program files\\x\\*.exe`, `process.executable startswith ?:\program files\x`},
		{`process.name eq sh`, `process.executable eq /bin/sh`},
		{`file.path startswith /opt/x/`, `file.path wildcard /opt/x/*`},
	} {
		for _, one := range same[1:] {
			if got, want := familyOf(key(t, one)), familyOf(key(t, same[0])); got != want {
				t.Errorf("%s is of family %v, %s of %v", one, got, same[0], want)
			}
		}
	}
	for _, other := range [][2]string{
		{`process.name eq a.exe`, `process.parent.name eq a.exe`},
		{`process.name eq a.exe`, `process.name eq b.exe`},
		{`process.executable startswith ?:\a\`, `process.executable startswith ?:\b\`},
		{`process.executable contains a`, `process.name eq a`},
		{`process.command_line contains a`, `process.command_line eq a`},
		{`user.name eq a`, `user.name endswith a`},
	} {
		if familyOf(key(t, other[0])) == familyOf(key(t, other[1])) {
			t.Errorf("%s and %s are one family", other[0], other[1])
		}
	}
}

func TestBypassable(t *testing.T) {
	for s, want := range map[string]bool{
		`process.name eq svchost.exe`:                                  true,
		`process.executable eq ?:\windows\system32\svchost.exe`:        false,
		`process.executable endswith \system32\svchost.exe`:            true,
		`process.executable contains \windows\`:                        true,
		`process.executable startswith ?:\program files\`:              false,
		`process.executable startswith ?:\windows\temp\`:               true,
		`process.executable startswith ?:\users\`:                      true,
		`process.executable wildcard ?:\\program files\\*\\a.exe`:      false,
		`process.executable wildcard ?:\\*\\a.exe`:                     true,
		`process.executable wildcard ?:\\users\\*\\appdata\\local\\*`:  true,
		`process.executable eq /usr/bin/dpkg`:                          false,
		`process.executable startswith /tmp/`:                          true,
		`process.executable wildcard /*/dpkg`:                          true,
		`process.command_line contains --update`:                       true,
		`process.command_line eq ?:\windows\system32\a.exe -k`:         false,
		`process.args eq --update`:                                     true,
		`user.id eq s-1-5-18`:                                          false,
		`process.code_signature.subject_name eq microsoft corporation`: false,
		`destination.ip cidr 10.0.0.0/8`:                               false,
	} {
		if got := Bypassable(key(t, s)); got != want {
			t.Errorf("%s: bypassable is %v, expected %v", s, got, want)
		}
	}
}

func TestAnchor(t *testing.T) {
	for s, want := range map[string]string{
		`process.executable contains \windows\system32\`:          `process.executable startswith ?:\windows\system32\`,
		`process.executable startswith ?:\program files`:          `process.executable startswith ?:\program files\`,
		`process.executable endswith \windows\explorer.exe`:       `process.executable eq ?:\windows\explorer.exe`,
		`process.executable contains \windows\sys`:                `process.executable contains \windows\sys`,
		`process.executable contains \tools\`:                     `process.executable contains \tools\`,
		`process.executable endswith \explorer.exe`:               `process.executable endswith \explorer.exe`,
		`process.executable startswith ?:\windows\winsxs\amd64_x`: `process.executable startswith ?:\windows\winsxs\amd64_x`,
		`registry.path contains \windows\`:                        `registry.path contains \windows\`,
	} {
		if got := text(anchor(key(t, s))); got != want {
			t.Errorf("%s becomes %s, expected %s", s, got, want)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		k, n int
		want string
	}{{0, 0, "0.000"}, {0, 10, "0.000"}, {1, 1, "0.207"}, {10, 10, "0.722"}, {5, 10, "0.237"}, {50, 100, "0.404"}} {
		if got := fmt.Sprintf("%.3f", Wilson(tt.k, tt.n)); got != tt.want {
			t.Errorf("%d of %d: %s, expected %s", tt.k, tt.n, got, tt.want)
		}
	}
}

// TestMostAlike holds the selection against sorting.
func TestMostAlike(t *testing.T) {
	for size := range 60 {
		var list []neighbour
		for i := range size {
			list = append(list, neighbour{uint32(i), float32((i*7919 + size) % 11)})
		}
		for _, n := range []int{0, 1, 5, 20, 59, 60} {
			want := slices.Clone(list)
			slices.SortFunc(want, compareNeighbours)
			want = want[:min(n, size)]
			got := slices.Clone(mostAlike(slices.Clone(list), n))
			slices.SortFunc(got, compareNeighbours)
			if !slices.Equal(got, want) {
				t.Fatalf("of %d the first %d are %v, expected %v", size, n, got, want)
			}
		}
	}
}

const (
	self  = "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001"
	other = "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9b0%02d"
)

// small is a catalog of some rules about one tool, and of the rule itself.
func small(t testing.TB) *catalog.Catalog {
	t.Helper()
	b := catalog.NewBuilder("2026-01")
	source := b.AddSource(catalog.Source{Name: "test", Vendor: rule.Sigma, URL: "https://example.org/rules"})
	sysmon := []normalize.Event{{Provider: "Sysmon", Event: "1"}, {Provider: "Security-Auditing", Event: "4688"}}
	add := func(id, title string, exclusions ...string) {
		r := catalog.Rule{
			Source: source, Vendor: rule.Sigma, Language: "sigma", ID: id, Title: title, Path: title + ".yml",
			Category: "windows/process_creation/", Events: sysmon, Techniques: []string{"T1059.001"},
			Indicators: []normalize.Key{key(t, "process.name eq tool.exe"), key(t, "process.command_line contains "+title)},
		}
		for _, e := range exclusions {
			r.Exclusions = append(r.Exclusions, []normalize.Key{key(t, e)})
		}
		b.Add(r)
	}
	a, c, name, own := `process.parent.executable eq ?:\program files\a\a.exe`, `process.parent.executable eq ?:\program files\c\c.exe`, `process.parent.name eq d.exe`, `process.parent.executable eq ?:\program files\own\own.exe`
	add(self, "alpha", a, own)
	for i := range 12 {
		exclusions := []string{`user.id eq s-1-5-18`}
		if i < 8 {
			exclusions = append(exclusions, a)
		}
		if i < 6 {
			exclusions = append(exclusions, c, name)
		}
		if i == 11 {
			exclusions = append(exclusions, `process.executable eq ?:\program files\once.exe`)
		}
		add(fmt.Sprintf(other, i), fmt.Sprintf("beta %d", i), exclusions...)
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	out, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sigma is a rule under the id self that excludes one parent.
func sigma(t testing.TB, selection, filter string) *normalize.Rule {
	t.Helper()
	f := parsers.Parse("r.yml", []byte(`title: Tool
id: `+self+`
status: test
tags:
    - attack.t1059.001
logsource:
    category: process_creation
    product: windows
detection:
    selection:
`+selection+`
    filter:
`+filter+`
    condition: selection and not filter
level: high
`), nil)
	if len(f.Problems) > 0 || len(f.Rules) != 1 {
		t.Fatalf("not one rule: %v", f.Problems)
	}
	return normalize.Normalize(f.Rules[0])
}

func names(all []Exclusion) []string {
	var out []string
	for _, e := range all {
		out = append(out, text(e.Key))
	}
	return out
}

func TestAdvice(t *testing.T) {
	advisor := New(small(t))
	tool := "        Image|endswith: '\\tool.exe'"
	r := sigma(t, tool, `        ParentImage: 'C:\Program Files\a\a.exe'`)
	a := advisor.Of(r)

	// The rule itself, which excludes own.exe, has no say, and neither has
	// what it excludes already.
	if got := names(a.Exclusions); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "own.exe") || strings.Contains(s, `\a.exe`) }) {
		t.Errorf("suggested: %q", got)
	}
	// All rules that exclude a.exe exclude the user, and not all c.exe.
	if got, want := names(a.Suggested()), []string{`user.id eq s-1-5-18`, `process.parent.executable eq ?:\program files\c\c.exe`}; !slices.Equal(got, want) {
		t.Errorf("suggested: %q, expected %q: not what one rule has, and no name without a path", got, want)
	}
	some := a.Suggested()[1]
	if some.Support.Together == nil || some.Support.Together.Share != (Share{6, 8}) || some.Support.Alike == nil || *some.Support.Alike != (Share{6, 12}) {
		t.Errorf("support: %+v", some.Support)
	}
	if some.Rules != 6 || len(some.Examples) != maxExamples || !strings.HasPrefix(some.Examples[0].URL, "https://example.org/rules/") {
		t.Errorf("examples: %+v", some)
	}
	if len(a.Fields) < 2 || a.Fields[0].Name != "process.parent.executable" || a.Fields[0].Own != 1 || a.Fields[1].Name != "user.id" {
		t.Errorf("fields: %+v", a.Fields)
	}
	if a.Noise.Reach == nil || *a.Noise.Reach != 12 || a.Noise.WholeEvent {
		t.Errorf("noise: %+v", a.Noise)
	}
	if a.Peers.Count != 12 || a.Peers.Filters[0].Field != "process.command_line" && a.Peers.Filters[0].Field != "process.executable" {
		t.Errorf("peers: %+v", a.Peers)
	}
	if again := advisor.Of(r); cmp.Diff(a, again) != "" {
		t.Errorf("the second advice is another: %s", cmp.Diff(a, again))
	}
	self := advisor.Self(r)
	if advisor.Exclude(r, self, a.Exclusions[0].Score) == nil || advisor.Exclude(r, self, a.Exclusions[0].Score+0.01) != nil {
		t.Error("the bound of a score does not hold")
	}
	if got, want := names(Suggested(advisor.Counted(r, 6), 6)), []string{`user.id eq s-1-5-18`, `process.parent.executable eq ?:\program files\c\c.exe`}; !slices.Equal(got, want) {
		t.Errorf("counted: %q, expected %q", got, want)
	}
	if got := advisor.Counted(r, 13); len(got) > 0 {
		t.Errorf("counted by more rules than there are: %q", names(got))
	}
}

// build is a catalog of rules, whose numbers become their ids and titles.
func build(t testing.TB, rules ...catalog.Rule) *catalog.Catalog {
	t.Helper()
	b := catalog.NewBuilder("2026-01")
	source := b.AddSource(catalog.Source{Name: "test"})
	for i, r := range rules {
		r.Source, r.ID, r.Title = source, fmt.Sprintf(other, i), fmt.Sprintf("rule %d", i)
		b.Add(r)
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestOwnField: of two exclusions that the same rules have, the one by a field
// that the rule excludes by already comes first.
func TestOwnField(t *testing.T) {
	a, sameField, otherField := key(t, `process.parent.executable eq ?:\program files\a\a.exe`), key(t, `process.parent.executable eq ?:\program files\z\z.exe`), key(t, `user.id eq s-1-5-18`)
	var rules []catalog.Rule
	for range 4 {
		rules = append(rules, catalog.Rule{
			Vendor: rule.Sigma, Category: "windows/process_creation/", Events: []normalize.Event{{Provider: "Sysmon", Event: "1"}},
			Indicators: []normalize.Key{key(t, "process.name eq tool.exe")}, Exclusions: [][]normalize.Key{{a}, {sameField}, {otherField}},
		})
	}
	r := sigma(t, "        Image|endswith: '\\tool.exe'", `        ParentImage: 'C:\Program Files\a\a.exe'`)
	if got, want := names(New(build(t, rules...)).Of(r).Suggested()), []string{text(sameField), text(otherField)}; !slices.Equal(got, want) {
		t.Errorf("suggested: %q, expected %q", got, want)
	}
}

// TestPlatforms: what only rules of another platform exclude counts little, is
// not suggested, and they are no peers, though they are on the same event.
func TestPlatforms(t *testing.T) {
	defend := []normalize.Event{{Provider: "Elastic-Defend", Event: "process"}}
	windows, linux := key(t, `user.name eq backup`), key(t, `user.name eq builder`)
	on := func(folder, category string, exclusion normalize.Key) catalog.Rule {
		return catalog.Rule{
			Vendor: rule.Elastic, Path: folder + "x.toml", Category: category, Events: defend,
			Indicators: []normalize.Key{key(t, "process.name eq tool")}, Exclusions: [][]normalize.Key{{exclusion}},
		}
	}
	file := func(indicator string, exclusion normalize.Key) catalog.Rule {
		r := on("", "", exclusion)
		r.Indicators = append(r.Indicators, key(t, indicator))
		return r
	}
	f := parsers.Parse("r.toml", []byte(`[metadata]
maturity = "production"
[rule]
name = "Tool"
rule_id = "`+self+`"
language = "eql"
type = "eql"
index = ["logs-endpoint.events.process-*"]
query = '''process where host.os.type == "linux" and process.name == "tool"'''
`), nil)
	if len(f.Rules) != 1 {
		t.Fatalf("not one rule: %v", f.Problems)
	}
	r := normalize.Normalize(f.Rules[0])
	for _, tt := range []struct {
		name  string
		other catalog.Rule // of Windows
		known catalog.Rule // of Linux
	}{
		{"folder", on("rules/windows/", "", windows), on("rules/linux/", "", linux)},
		{"logsource", on("", "windows/process_creation/", windows), on("", "linux/process_creation/", linux)},
		{"shape of paths", file(`process.parent.executable startswith ?:\program files\`, windows), file(`process.parent.executable startswith /opt/`, linux)},
		{"nothing tells", on("rules/windows/", "", windows), on("", "", linux)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// More rules of Windows than of Linux.
			advice := New(build(t, tt.other, tt.other, tt.other, tt.known, tt.known)).Of(r)
			if got, want := names(advice.Exclusions), []string{text(linux), text(windows)}; !slices.Equal(got, want) {
				t.Errorf("exclusions: %q, expected %q", got, want)
			}
			if got, want := names(advice.Suggested()), []string{text(linux)}; !slices.Equal(got, want) {
				t.Errorf("suggested: %q, expected %q", got, want)
			}
			if advice.Peers.Count != 2 {
				t.Errorf("%d peers, expected the 2 of Linux", advice.Peers.Count)
			}
		})
	}
}

// TestNothingThatTheRuleRulesOut: nothing is suggested that the rule asks for,
// can never meet, or excludes by something wider.
func TestNothingThatTheRuleRulesOut(t *testing.T) {
	advisor := New(small(t))
	tool := "        Image|endswith: '\\tool.exe'\n"
	for name, r := range map[string]*normalize.Rule{
		"asked for":       sigma(t, tool+`        ParentImage: 'C:\Program Files\c\c.exe'`, `        User: 'x'`),
		"one of several":  sigma(t, tool+"        ParentImage:\n            - 'C:\\Program Files\\c\\c.exe'\n            - 'C:\\b.exe'", `        User: 'x'`),
		"another":         sigma(t, tool+`        ParentImage: 'C:\b.exe'`, `        User: 'x'`),
		"excluded":        sigma(t, tool, `        ParentImage: 'C:\Program Files\c\c.exe'`),
		"excluded widely": sigma(t, tool, `        ParentImage|startswith: 'C:\Program Files\'`),
	} {
		for _, e := range advisor.Of(r).Exclusions {
			if strings.HasSuffix(e.Key.Value, `\c.exe`) {
				t.Errorf("%s: suggested %s", name, text(e.Key))
			}
		}
	}
}

func TestPaths(t *testing.T) {
	advisor := New(small(t))
	r := sigma(t, "        - Image|endswith: '\\tool.exe'\n        - Image|endswith:\n              - '\\none.exe'\n              - '\\nil.exe'\n          CommandLine|contains: 'x'\n        - EventID: 1", `        User: 'x'`)
	a := advisor.Of(r)
	var got []string
	for _, p := range a.Paths {
		reach := "all"
		if p.Reach != nil {
			reach = fmt.Sprint(*p.Reach)
		}
		got = append(got, fmt.Sprintf("%d things, reach %s", len(p.AsksFor), reach))
	}
	want := []string{"0 things, reach all", "1 things, reach 12", "2 things, reach 0"}
	if !slices.Equal(got, want) {
		t.Errorf("paths: %q, expected %q", got, want)
	}
	if !a.Noise.WholeEvent || *a.Noise.Reach != 12 {
		t.Errorf("noise: %+v", a.Noise)
	}

	// A rule of very many paths has its widest written out, no more.
	many := "        - Image|endswith: '\\tool.exe'\n"
	for i := range maxPaths + 1 {
		many += fmt.Sprintf("        - f%d: 'x'\n", i)
	}
	a = advisor.Of(sigma(t, strings.TrimSuffix(many, "\n"), `        User: 'x'`))
	if len(a.Paths) != 1 || a.PathCount != maxPaths+2 || *a.Paths[0].Reach != 12 {
		t.Errorf("%d of %d paths", len(a.Paths), a.PathCount)
	}
}

func TestCompanions(t *testing.T) {
	advisor := New(small(t))
	r := sigma(t, "        Image|endswith: '\\tool.exe'", `        User: 'x'`)
	got := advisor.Companions(r, key(t, "process.name eq tool.exe"))
	if len(got) != 1 || got[0].Field != "process.command_line" || got[0].Rules != 12 {
		t.Errorf("companions: %+v", got)
	}
}

// FuzzAdvice: whatever a rule is, there is advice on it, and always the same.
func FuzzAdvice(f *testing.F) {
	advisor := New(small(f))
	f.Add([]byte("title: a\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n    s:\n        Image: 'C:\\*\\a.exe'\n    condition: not s\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, r := range normalize.Normalized(parsers.Parse("r.yml", data, nil).Rules) {
			a := advisor.Of(r)
			for _, e := range a.Exclusions {
				if !Suggestible(r, e.Key) {
					t.Errorf("suggested what the rule rules out: %s", text(e.Key))
				}
			}
			if diff := cmp.Diff(a, advisor.Of(r)); diff != "" {
				t.Error(diff)
			}
		}
	})
}
