package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// crowd is a catalog of n rules that look for one tool, together with something
// else, and exclude the same parents.
func crowd(t *testing.T, n int) *catalog.Catalog {
	t.Helper()
	b := catalog.NewBuilder("2026-01")
	source := b.AddSource(catalog.Source{Name: "test", Vendor: rule.Sigma})
	key := func(field string, op rule.Operator, value string) normalize.Key {
		return normalize.Key{Field: field, Operator: op, Value: value}
	}
	for i := range n {
		r := catalog.Rule{
			Source: source, Vendor: rule.Sigma, Language: "sigma", ID: fmt.Sprintf("rule-%d", i), Title: "Tool", Path: fmt.Sprintf("%d.yml", i),
			Category: "windows/process_creation/", Techniques: []string{"T1059.001"},
			Events:     []normalize.Event{{Provider: "Sysmon", Event: "1"}, {Provider: "Security-Auditing", Event: "4688"}},
			Indicators: []normalize.Key{key("process.name", rule.Eq, "tool.exe"), key("process.command_line", rule.Contains, "copy")},
		}
		for j := range 8 {
			r.Exclusions = append(r.Exclusions, []normalize.Key{key("process.parent.executable", rule.Eq, fmt.Sprintf(`?:\program files\q%d.exe`, j))})
			r.Exclusions = append(r.Exclusions, []normalize.Key{key("process.parent.executable", rule.Eq, fmt.Sprintf(`?:\program files\p%d.exe`, j))})
		}
		b.Add(r)
	}
	// Most rules exclude nothing.
	for i := range 150 {
		b.Add(catalog.Rule{
			Source: source, Vendor: rule.Sigma, Language: "sigma", ID: fmt.Sprintf("plain-%d", i), Path: fmt.Sprintf("plain/%d.yml", i),
			Indicators: []normalize.Key{key("file.path", rule.Eq, fmt.Sprintf(`?:\%d`, i))},
		})
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

func toolRule(level, selection, condition string) string {
	return `title: Tool
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a071
status: test
tags:
    - attack.t1059.001
logsource:
    category: process_creation
    product: windows
detection:
    selection:
` + selection + `
    condition: ` + condition + `
level: ` + level + "\n"
}

func adviceOn(t *testing.T, c *catalog.Catalog, text string, params map[string]int, only string) []Finding {
	t.Helper()
	l, err := NewLinter(c, []string{only}, nil)
	if err != nil {
		t.Fatal(err)
	}
	l.Configure(&Settings{Checks: map[string]Setting{only: {Params: params}}})
	f := parsers.Parse("r.yml", []byte(text), nil)
	if len(f.Problems) > 0 {
		t.Fatal(f.Problems)
	}
	return l.File(f, normalize.Normalized(f.Rules))
}

// TestNoisyPathBounds: information from one bound on, a warning for rules of
// high levels from another, nothing for what can never hold.
func TestNoisyPathBounds(t *testing.T) {
	tool := `        Image|endswith: '\tool.exe'`
	for _, tt := range []struct {
		name   string
		rules  int
		level  string
		text   string
		params map[string]int
		want   Severity
	}{
		{"few", 19, "high", tool, nil, 0},
		{"many", 25, "high", tool, nil, Warning},
		{"many, critical", 25, "critical", tool, nil, Warning},
		{"many, medium", 25, "medium", tool, nil, Info},
		{"enough, but not for a warning", 20, "high", tool, nil, Info},
		{"few are enough", 19, "high", tool, map[string]int{"reach": 10}, Info},
		{"few are enough for a warning", 19, "high", tool, map[string]int{"reach": 10, "warning-reach": 15}, Warning},
		{"nobody is told", 25, "informational", tool, nil, 0},
		{"many, another as popular", 25, "high", tool + "\n        CommandLine|contains: 'copy'", nil, 0},
		{"many, but for some command lines", 25, "high", tool + "\n    filter:\n        CommandLine|contains: 'x'", nil, Info},
		{"many, but for somebody", 25, "high", tool + "\n    filter:\n        User: 'x'", nil, 0},
		{"many, but for somebody who does something", 25, "high", tool + "\n    filter:\n        User: 'x'\n        CommandLine|contains: 'x'", nil, Info},
		{"many, where the command line is known", 25, "high", tool + "\n    filter:\n        CommandLine: null", nil, Warning},
		{"many, where the command line is missing", 25, "high", tool + "\n        CommandLine: null", nil, 0},
		{"a name without its place", 25, "high", tool + "\n    filter:\n        Image: 'C:\\tool.exe'", nil, 0},
		{"a name that the header has", 25, "high", tool + "\n    filter:\n        OriginalFileName: 'tool.exe'", nil, 0},
		{"with another indicator", 25, "high", tool + "\n        CommandLine|contains: 'x'", nil, 0},
		{"another file at once", 25, "high", tool + "\n        Image|startswith: 'C:\\'\n        OriginalFileName: 'x'", nil, 0},
	} {
		var got Severity
		condition := "selection"
		if strings.Contains(tt.text, "filter:") {
			condition += " and not filter"
		}
		for _, f := range adviceOn(t, crowd(t, tt.rules), toolRule(tt.level, tt.text, condition), tt.params, "noisy-path") {
			got = f.Severity
			if want := `peers add: `; !strings.HasPrefix(f.Hint, want) {
				t.Errorf("%s: hint %q", tt.name, f.Hint)
			}
		}
		if got != tt.want {
			t.Errorf("%s: severity %d, expected %d", tt.name, got, tt.want)
		}
	}
	elsewhere := strings.Replace(toolRule("high", tool, "selection"), "process_creation", "network_connection", 1)
	if got := adviceOn(t, crowd(t, 60), elsewhere, nil, "noisy-path"); len(got) > 0 {
		t.Errorf("for rules on other events: %s", got[0].Message)
	}
	one := toolRule("high", tool+"\n    other:\n        Image|endswith: '\\another.exe'\n        User: 'x'", "1 of *")
	if got := adviceOn(t, crowd(t, 60), one, nil, "noisy-path"); len(got) != 1 || !strings.Contains(got[0].Message, " alone on one of its 2 paths; 60 public rules look for it on the same events, 60 of them together with something else") {
		t.Errorf("on one of two paths: %v", got)
	}
	never := toolRule("high", tool+"\n    other:\n        Image|endswith: '\\another.exe'", "selection and other")
	if got := adviceOn(t, crowd(t, 60), never, nil, "noisy-path"); len(got) > 0 {
		t.Errorf("about a rule that can never fire: %s", got[0].Message)
	}
}

func TestMissingExclusion(t *testing.T) {
	c := crowd(t, 12)
	excluding := func(n int) string {
		var filter strings.Builder
		filter.WriteString("        Image|endswith: '\\tool.exe'\n    filter:\n        ParentImage:\n")
		for j := range n {
			fmt.Fprintf(&filter, "            - 'C:\\Program Files\\p%d.exe'\n", j)
		}
		return toolRule("high", strings.TrimSuffix(filter.String(), "\n"), "selection and not filter")
	}
	got := adviceOn(t, c, excluding(7), nil, "missing-exclusion")
	if len(got) != 1 {
		t.Fatalf("%d findings, expected one", len(got))
	}
	f := got[0]
	if f.Severity != Info || !strings.HasPrefix(f.Message, `rules like this one exclude more, first by process.parent.executable: 12 of 12 public rules that exclude process.parent.executable "?:\program files\p0.exe" also exclude process.parent.executable "?:\program files\`) {
		t.Errorf("message %q", f.Message)
	}
	if len(f.Evidence) != maxSuggestions || len(f.Evidence[0].Rules) == 0 || !strings.HasPrefix(f.Hint, "paste") {
		t.Errorf("evidence %v, hint %q", f.Evidence, f.Hint)
	}
	if other := adviceOn(t, crowd(t, 14), excluding(7), nil, "missing-exclusion"); len(other) != 1 || other[0].Fingerprint != f.Fingerprint {
		t.Error("the finding is another one with another catalog")
	}
	if got := adviceOn(t, c, excluding(7), map[string]int{"max-suggestions": 2}, "missing-exclusion"); len(got) != 1 || len(got[0].Evidence) != 2 {
		t.Error("max-suggestions makes no difference")
	}
	if got := adviceOn(t, c, excluding(7), map[string]int{"min-rules": 13}, "missing-exclusion"); len(got) > 0 {
		t.Errorf("named what fewer rules have: %s", got[0].Message)
	}
	// Without exclusions of its own the rule is left alone, but for teams
	// that want to hear of mere numbers.
	bare := toolRule("high", `        Image|endswith: '\tool.exe'`, "selection")
	if got := adviceOn(t, c, bare, nil, "missing-exclusion"); len(got) > 0 {
		t.Errorf("asked for nothing: %s", got[0].Message)
	}
	counted := adviceOn(t, c, bare, map[string]int{"technique-rules": 12}, "missing-exclusion")
	if len(counted) != 1 || !strings.Contains(counted[0].Message, "12 of 12 public rules of the same technique on the same events exclude") {
		t.Errorf("counted: %v", counted)
	}
	if got := adviceOn(t, c, bare, map[string]int{"technique-rules": 13}, "missing-exclusion"); len(got) > 0 {
		t.Errorf("counted more than there are: %s", got[0].Message)
	}
}

// TestWellKeptRulesAreLeftAlone holds the checks that a catalog is for to five
// findings in a hundred rules, and warnings to two.
func TestWellKeptRulesAreLeftAlone(t *testing.T) {
	c := exampleCatalog(t)
	for _, folder := range []string{"sigma/rules", "elastic", "splunk", "kusto"} {
		t.Run(folder, func(t *testing.T) {
			l, err := NewLinter(c, []string{"noisy-path", "missing-exclusion", "bypassable-exclusion"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var findings []Finding
			rules := 0
			for _, f := range readRules(t, folder) {
				findings = append(findings, l.File(f, normalize.Normalized(f.Rules))...)
				rules += len(f.Rules)
			}
			for check, n := range firing(findings) {
				t.Logf("%-20s %4d of %d", check, n, rules)
				if n*20 > rules {
					t.Errorf("%s fires on %d of %d rules, more than 5 %%", check, n, rules)
				}
			}
			warnings := slices.DeleteFunc(findings, func(f Finding) bool { return f.Severity < Warning })
			if len(warnings)*50 > rules {
				t.Errorf("%d warnings on %d rules, more than 2 %%", len(warnings), rules)
			}
		})
	}
}
