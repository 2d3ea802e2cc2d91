package lint

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// files is an example of several files.
func files(parts ...string) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		fmt.Fprintf(&b, "-- %s --\n%s", parts[i], parts[i+1])
	}
	return b.String()
}

func TestRepositoryChecks(t *testing.T) {
	const id1, id2 = "00000000-1111-4222-8333-444444444444", "00000000-1111-4222-8333-555555555555"
	other := func(pairs ...string) string {
		return with(append([]string{"A rule for tests", "Another rule"}, pairs...)...)
	}
	global := "action: global\ntitle: Shared\nid: " + id1 + "\nlogsource:\n    product: windows\n---\ndetection:\n    sel:\n        EventID: 1\n    condition: sel\n---\ndetection:\n    sel:\n        EventID: 2\n    condition: sel\n"
	correlation := func(rules string) string {
		return "title: Together\nid: " + id2 + "\ncorrelation:\n    type: temporal\n    rules:\n" + rules + "    group-by: [User]\n    timespan: 5m\n"
	}
	filter := func(rules string) string {
		return "title: Tuned\nid: " + id2 + "\nlogsource:\n    product: windows\nfilter:\n    rules: " + rules + "\n    selection:\n        User: 'a'\n    condition: selection\n"
	}
	for _, c := range []struct {
		check, name, files string
		want               []string
	}{
		{"duplicate-id", "two", files("a.yml", sound, "b.yml", other(id1, strings.ToUpper(id1))), []string{
			`a.yml:2:5 error id "` + id1 + `" is also that of "Another rule" in b.yml`,
			`b.yml:2:5 error id "` + id1 + `" is also that of "A rule for tests" in a.yml`,
		}},
		{"duplicate-id", "many", files("a.yml", sound, "b.yml", sound, "c.yml", sound, "d.yml", sound), []string{
			`a.yml:2:5 error id "` + id1 + `" is also that of "A rule for tests" in b.yml and of 2 other rules`,
			`b.yml:2:5 error id "` + id1 + `" is also that of "A rule for tests" in a.yml and of 2 other rules`,
			`c.yml:2:5 error id "` + id1 + `" is also that of "A rule for tests" in a.yml and of 2 other rules`,
			`d.yml:2:5 error id "` + id1 + `" is also that of "A rule for tests" in a.yml and of 2 other rules`,
		}},
		{"duplicate-id", "none", files("a.yml", sound, "b.yml", with("id: "+id1+"\n", ""), "c.yml", with("id: "+id1+"\n", "")), nil},
		{"duplicate-id", "global document", files("a.yml", global), nil},
		{"duplicate-id", "global document and another file", files("a.yml", global, "b.yml", sound), []string{
			`a.yml:3:5 error id "` + id1 + `" is also that of "A rule for tests" in b.yml`,
			`a.yml:3:5 error id "` + id1 + `" is also that of "A rule for tests" in b.yml`,
			`b.yml:2:5 error id "` + id1 + `" is also that of "Shared" in a.yml`,
		}},
		{"duplicate-id", "two of Elastic", files("a.toml", elasticWith(), "b.toml", elasticWith()), []string{
			`a.toml:14:11 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01" is also that of "A Test" in b.toml`,
			`b.toml:14:11 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01" is also that of "A Test" in a.toml`,
		}},
		{"duplicate-id", "a rule and its exports", files("a.toml", strings.Replace(elasticWith(), "ae01", "ae02", 1), "e.ndjson", exported, "f.ndjson", exported, "g.json", exported), nil},
		{"duplicate-id", "within an export", files("e.ndjson", exported+exported), []string{
			`e.ndjson:1:12 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae02" is also that of "Exported" in e.ndjson`,
			`e.ndjson:2:12 error id "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae02" is also that of "Exported" in e.ndjson`,
		}},
		{"duplicate-title", "a rule and its export", files("a.toml", elasticWith(), "e.ndjson", strings.Replace(exported, "Exported", "A Test", 1)), nil},
		{"duplicate-title", "two", files("a.yml", sound, "b.yml", with("A rule for tests", "a  RULE for tests", id1, id2)), []string{
			`a.yml:1:8 warning title "A rule for tests" is also that of the rule in b.yml`,
			`b.yml:1:8 warning title "a  RULE for tests" is also that of the rule in a.yml`,
		}},
		{"duplicate-title", "retired", files("a.yml", sound, "b.yml", with(id1, id2, "status: test", "status: deprecated")), nil},
		{"duplicate-title", "global document", files("a.yml", global), nil},
		{"duplicate-filename", "two", files("x/rule_one.yml", sound, "y/Rule_One.yml", other(id1, id2)), []string{
			`x/rule_one.yml:1:8 info file name "rule_one.yml" is also that of y/Rule_One.yml`,
			`y/Rule_One.yml:1:8 info file name "Rule_One.yml" is also that of x/rule_one.yml`,
		}},
		{"duplicate-filename", "retired", files("x/rule_one.yml", sound, "y/rule_one.yml", other(id1, id2, "status: test", "status: unsupported")), nil},
		{"duplicate-filename", "two rules of one file", files("x/rule_one.yml", sound+"---\n"+other(id1, id2)), nil},
		{"filename-length", "short", files("x/a.yml", sound), []string{`x/a.yml:1:8 info file name "a.yml" has 5 characters, expected 10 to 90`}},
		{"filename-length", "long", files("x/"+strings.Repeat("é", 87)+".yml", sound), []string{
			`x/` + strings.Repeat("é", 87) + `.yml:1:8 info file name "` + strings.Repeat("é", 87) + `.yml" has 91 characters, expected 10 to 90`,
		}},
		{"filename-length", "fits", files("x/"+strings.Repeat("é", 86)+".yml", sound), nil},

		{"unknown-rule-reference", "by id", files("a.yml", sound, "c.yml", correlation("        - "+strings.ToUpper(id1)+"\n        - 00000000-1111-4222-8333-666666666666\n")), []string{
			`c.yml:7:11 warning the correlation is about a rule with the id "00000000-1111-4222-8333-666666666666", which the repository does not have`,
		}},
		{"unknown-rule-reference", "by name", files("a.yml", with("status: test", "name: first_rule"), "c.yml", correlation("        - frist_rule\n        - second\n")), []string{
			`c.yml:6:11 warning the correlation is about a rule with the name "frist_rule", which the repository does not have, did you mean "first_rule"?`,
			`c.yml:7:11 warning the correlation is about a rule with the name "second", which the repository does not have`,
		}},
		{"unknown-rule-reference", "filter", files("f.yml", filter(id1)), []string{
			`f.yml:6:12 info the filter is about a rule with the id "` + id1 + `", which the repository does not have`,
		}},
		{"unknown-rule-reference", "filter of all", files("f.yml", filter("any")), nil},
		{"unknown-rule-reference", "related", files("a.yml", with("status: test", "related:\n    - id: "+id2+"\n      type: derived")), nil},
	} {
		t.Run(c.check+"/"+c.name, func(t *testing.T) {
			var got []string
			fingerprints := map[string]bool{}
			for _, f := range exampleFindings(Lookup(c.check), nil, c.files) {
				checkFinding(t, f)
				fingerprints[f.Fingerprint] = true
				got = append(got, fmt.Sprintf("%s:%d:%d %s %s", f.Path, f.Range.Start.Line, f.Range.Start.Column, f.Severity, f.Message))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if c.name == "many" && len(fingerprints) != 4 {
				t.Errorf("%d fingerprints for 4 rules in 4 files", len(fingerprints))
			}
		})
	}
}

// TestManyTwins: a repository in which everything is the same takes no longer
// than one in which everything differs.
func TestManyTwins(t *testing.T) {
	rules := make([]normalize.Summary, 50_000)
	for i := range rules {
		rules[i] = normalize.Summary{
			Path: fmt.Sprintf("rules/%d/rule.yml", i), Vendor: rule.Sigma,
			ID: normalize.Located{Value: "same"}, Title: normalize.Located{Value: "Same"},
		}
	}
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	findings := l.Repository(Repository{Rules: rules})
	if len(findings) != 3*len(rules) {
		t.Errorf("%d findings", len(findings))
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	for _, f := range findings {
		if len(f.Related) > maxPlaces {
			t.Fatalf("%d places in one finding", len(f.Related))
		}
	}
}
