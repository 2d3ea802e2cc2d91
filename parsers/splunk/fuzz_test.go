package splunk

import (
	"testing"

	"github.com/detlint/detlint/rule"
)

// FuzzParse checks that nothing panics, that every place is inside the file,
// and that what is not recognized has nothing in it.
func FuzzParse(f *testing.F) {
	f.Add("a.yml", "name: A\nid: 1\ntype: TTP\nhow_to_implement: h\nsearch: '`feed` a=b | where \"c\"'\ntags:\n  mitre_attack_id: [T1059]\nrba:\n  risk_objects:\n  - {field: a, score: 5}\n")
	f.Add("a.yml", "name: A\nsearch: >-\n  index=a\n\n  | `ends(a, \"b\")`\nknown_false_positives: x\ndata_source: [a AND b]\n")
	f.Add("m.yml", "name: a\narguments: [x]\ndefinition: '$x$'\n---\nname: l\nfilename: a.csv\n")
	f.Add("savedsearches.conf", "[A]\nsearch = index=a \\\n| `torn` \\\n\naction.correlationsearch.annotations = {\"mitre_attack\": [\"T1\"]}\naction.risk.param._risk = [{\"risk_score\": 1}]\n")
	f.Add("macros.conf", "\xEF\xBB\xBF[a(1)]\r\nargs = x\r\ndefinition = $x$\r\n# c\r\n")
	f.Add("transforms.conf", "a = b\n[l]\nfilename = \\\n")
	f.Fuzz(func(t *testing.T, path, text string) {
		file := parseText(path, text)
		inside := func(what string, s rule.Span) {
			if s.Start < 0 || s.End < s.Start || int(s.End) > len(text) {
				t.Fatalf("%s at %v of %d bytes", what, s, len(text))
			}
		}
		if !file.Recognized && len(file.Rules)+len(file.Definitions)+len(file.Problems) > 0 {
			t.Fatal("something was read of a file that is not recognized")
		}
		for _, p := range file.Problems {
			inside(p.Message, p.Span)
			if p.Message == "" || p.RuleIndex >= len(file.Rules) {
				t.Fatalf("problem %q of rule %d", p.Message, p.RuleIndex)
			}
		}
		for _, r := range file.Rules {
			inside("rule", r.Span)
			for _, texts := range [][]rule.Text{{r.ID, r.Title, r.Description, r.Status, r.LevelText}, r.Tags, r.Techniques, r.References} {
				for _, text := range texts {
					inside("text", text.Span)
				}
			}
			for _, s := range r.Selectors {
				inside("selector", s.Value.Span)
			}
			rule.Walk(r.Condition, func(c rule.Condition) bool {
				switch c := c.(type) {
				case *rule.Not:
					inside("negation", c.Span)
				case *rule.Predicate:
					inside("field", c.Field.Span)
					inside("value", c.Span)
				}
				return true
			})
		}
		for _, d := range file.Definitions {
			if d.Line < 1 || d.Path != path {
				t.Fatalf("definition %s at %s:%d", d.Name, d.Path, d.Line)
			}
		}
	})
}
