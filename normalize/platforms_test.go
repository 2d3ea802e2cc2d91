package normalize_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// first reads the one rule of a file.
func first(t *testing.T, path, text string) *normalize.Rule {
	t.Helper()
	rules := normalize.Normalized(parsers.Parse(path, []byte(text), nil).Rules)
	if len(rules) != 1 {
		t.Fatalf("%d rules", len(rules))
	}
	return rules[0]
}

func elasticRule(more, query string) string {
	return "[metadata]\nmaturity = \"production\"\n[rule]\nname = \"X\"\nrule_id = \"1\"\nlanguage = \"eql\"\ntype = \"eql\"\n" +
		more + "\nquery = '''" + query + "'''\n"
}

func TestPlatforms(t *testing.T) {
	sigma := func(logsource string) string {
		return "title: X\nlogsource: {" + logsource + "}\ndetection:\n  a: {B: c}\n  condition: a\n"
	}
	for _, c := range []struct {
		name, path, text string
		want             []string
	}{
		{"product", "a.yml", sigma("product: linux, category: process_creation"), []string{"linux"}},
		{"product of the network", "a.yml", sigma("product: zeek, service: dns"), []string{"network"}},
		{"of no product", "a.yml", sigma("category: proxy"), []string{}},
		{"of many systems", "a.yml", sigma("category: process_creation"), []string{}},
		{"condition", "a.toml", elasticRule(`index = ["logs-endpoint.events.process-*"]`, `process where host.os.type == "macos" and process.name == "x"`), []string{"macos"}},
		{"tag", "a.toml", elasticRule(`tags = ["OS: Linux", "OS: Windows", "Use Case: Threat Detection"]`, `process where process.name == "x"`), []string{"linux", "windows"}},
		{"condition and tag", "a.toml", elasticRule(`tags = ["OS: Linux"]`, `process where host.os.type == "windows" and process.name == "x"`), []string{"linux", "windows"}},
		{"not on", "a.toml", elasticRule(`index = ["logs-endpoint.events.process-*"]`, `process where host.os.type != "windows" and process.name == "x"`), []string{}},
		{"events", "a.toml", elasticRule(`index = ["logs-aws.cloudtrail-*"]`, `any where event.dataset == "aws.cloudtrail" and event.action == "x"`), []string{"aws"}},
		{"table", "a.yaml", "id: 1\nname: X\nkind: Scheduled\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\nseverity: Low\nquery: SecurityEvent | where EventID == 4688\n", []string{"windows"}},
		{"table of many systems", "a.yaml", "id: 1\nname: X\nkind: Scheduled\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\nseverity: Low\nquery: DeviceProcessEvents | where FileName == 'x'\n", []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, first(t, c.path, c.text).Platforms()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDisabled(t *testing.T) {
	const kusto = "id: 1\nname: X\nkind: Scheduled\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\ntriggerThreshold: 0\nseverity: Low\nquery: T\n"
	for _, c := range []struct {
		name, path, text string
		want             bool
	}{
		{"elastic", "a.toml", elasticRule("enabled = false", `process where true`), true},
		{"elastic on", "a.toml", elasticRule("enabled = true", `process where true`), false},
		{"elastic silent", "a.toml", elasticRule("", `process where true`), false},
		{"sentinel", "a.yaml", kusto + "enabled: false\n", true},
		{"sentinel silent", "a.yaml", kusto, false},
		{"saved search", "savedsearches.conf", "[X]\nsearch = index=a b=c\nalert.track = 1\ndisabled = 1\n", true},
		{"saved search on", "savedsearches.conf", "[X]\nsearch = index=a b=c\nalert.track = 1\ndisabled = 0\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := first(t, c.path, c.text).Disabled(); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// TestPlatformsOfRealRules compares the platforms of Elastic's rules with the
// tags that say the same.
func TestPlatformsOfRealRules(t *testing.T) {
	root := filepath.Join("..", "..", "shared", "corpora", "elastic")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("needs the rules in %s", root)
	}
	tag := regexp.MustCompile(`"OS: (Windows|Linux|macOS)"`)
	rules, other := 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !parsers.Match(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var want []string
		for _, m := range tag.FindAllSubmatch(data, -1) {
			want = append(want, strings.ToLower(string(m[1])))
		}
		slices.Sort(want)
		for _, r := range normalize.Normalized(parsers.Parse(filepath.ToSlash(path), data, nil).Rules) {
			if len(want) == 0 || r.Kind != rule.Detection {
				continue
			}
			rules++
			if got := r.Platforms(); !slices.Equal(want, got) {
				other++
				t.Logf("%s: tagged %v, read %v", path, want, got)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d rules with the tag are read to be on other systems", other, rules)
	if other*50 > rules {
		t.Errorf("%d of %d rules are read to be on other systems than they are tagged with", other, rules)
	}
}
