package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

func TestChangeChecks(t *testing.T) {
	dated := with("status: test", "status: test\ndate: 2025-01-01\nmodified: 2025-02-02")
	and := func(pairs ...string) string {
		text := dated
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				t.Fatalf("not in the rule: %s", pairs[i])
			}
			text = strings.Replace(text, pairs[i], pairs[i+1], 1)
		}
		return text
	}
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"nothing", dated, dated, nil},
		{"layout", dated, and("        Image|endswith: '\\test.exe'", "        Image|endswith:\n            - \"\\\\TEST.exe\""), nil},
		{"words", dated, and("title: A rule", "title: The rule", "level: low", "level: high"), nil},
		{"another value", dated, and("test.exe", "best.exe"), []string{`stale-version: the logic of this rule changed, the date of its last change is "2025-02-02" as before`}},
		{"an exclusion", dated, and("    condition: selection", "    filter:\n        User: x\n    condition: selection and not filter"), []string{
			`stale-version: the logic of this rule changed, the date of its last change is "2025-02-02" as before`,
		}},
		{
			"and becomes or", and("    condition: selection", "    other:\n        User: x\n    condition: selection and other"),
			and("    condition: selection", "    other:\n        User: x\n    condition: selection or other"),
			[]string{
				`stale-version: the logic of this rule changed, the date of its last change is "2025-02-02" as before`,
			},
		},
		{
			"all becomes any", and("    condition: selection", "    other:\n        User|contains|all: [x, y]\n    condition: selection and other"),
			and("    condition: selection", "    other:\n        User|contains: [x, y]\n    condition: selection and other"),
			[]string{
				`stale-version: the logic of this rule changed, the date of its last change is "2025-02-02" as before`,
			},
		},
		{
			"as many paths as before", and("    condition: selection", "    a:\n        User: x\n    b:\n        - LogonId: 1\n        - Company: z\n    condition: selection and (a or b)"),
			and("    condition: selection", "    a:\n        User: x\n    b:\n        - LogonId: 1\n        - Company: z\n    condition: (selection or a) or b"),
			[]string{
				`stale-version: the logic of this rule changed, the date of its last change is "2025-02-02" as before`,
			},
		},
		{
			"joined the other way round", and("    condition: selection", "    other:\n        User: x\n    condition: selection and other"),
			and("    condition: selection", "    other:\n        User: x\n    condition: not (not other or not selection)"), nil,
		},
		{"dated", dated, and("test.exe", "best.exe", "2025-02-02", "2025-03-03"), nil},
		{"never dated", sound, with("test.exe", "best.exe"), nil},
		{"never modified", and("\nmodified: 2025-02-02", ""), and("\nmodified: 2025-02-02", "", "test.exe", "best.exe"), []string{
			`stale-version: the logic of this rule changed; expected a "modified" date, it has only the date "2025-01-01"`,
		}},
		{"retired", dated, and("test.exe", "best.exe", "status: test", "status: deprecated"), nil},
		{"broken", dated, and("condition: selection", "condition: selection adn"), nil},
		{"another id", dated, and("00000000-1111", "00000000-2222"), []string{`changed-id: this rule had the id "00000000-1111-4222-8333-444444444444" before the change`}},
		{"no id", dated, and("id: 00000000-1111-4222-8333-444444444444\n", ""), []string{`changed-id: this rule had the id "00000000-1111-4222-8333-444444444444" and has none any more`}},
		{"its first id", and("id: 00000000-1111-4222-8333-444444444444\n", ""), dated, nil},
		{"upper case", and("8333-444444444444", "8333-44444444444a"), and("8333-444444444444", "8333-44444444444A"), nil},
		{"another rule", dated, and("00000000-1111", "00000000-2222", "test.exe", "best.exe", "A rule for tests", "Another", "2025-02-02", "2025-02-03"), nil},
		{"with its old id", dated, and("id: 00000000-1111-4222-8333-444444444444", "id: 00000000-2222-4222-8333-444444444444\nrelated:\n    - id: 00000000-1111-4222-8333-444444444444\n      type: obsolete"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := NewLinter(nil, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			rules := func(text string) *normalize.Rule {
				return normalize.Normalized(parsers.Parse("rules/a.yml", []byte(text), nil).Rules)[0]
			}
			var got []string
			for _, f := range l.Change(rules(c.before), rules(c.after)) {
				got = append(got, f.Check+": "+f.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestChangeOfExport: Kibana counts the versions of a rule.
func TestChangeOfExport(t *testing.T) {
	export := func(version, query string) *normalize.Rule {
		text := `{"rule_id": "11111111-2222-4333-8444-555555555555", "name": "A", "type": "query", "language": "kuery", "version": ` + version +
			`, "query": "` + query + `", "index": ["logs-*"], "risk_score": 21, "severity": "low", "description": "d", "updated_at": "2026-01-01T00:00:00.000Z"}`
		return normalize.Normalized(parsers.Parse("a.json", []byte(text), nil).Rules)[0]
	}
	l, _ := NewLinter(nil, []string{"stale-version"}, nil)
	old := export("1", "process.name: x.exe")
	if got := l.Change(old, export("1", "process.name: y.exe")); len(got) != 1 {
		t.Errorf("the version stays: %v", got)
	}
	if got := l.Change(old, export("2", "process.name: y.exe")); len(got) != 0 {
		t.Errorf("the version is another: %v", got)
	}
}
