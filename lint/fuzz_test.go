package lint

import (
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// FuzzChecks: whatever a file holds, no check panics, the same file gives the
// same findings, and every edit is of the file and can be made.
func FuzzChecks(f *testing.F) {
	for _, c := range Checks() {
		for _, e := range c.Examples() {
			for _, file := range append(ExampleFiles(e.Bad), ExampleFiles(e.Good)...) {
				f.Add(file.Text)
			}
		}
	}
	f.Add("title: &t A\nid: *t\ntags: [*t, *t]\nlogsource: {product: windows}\ndetection:\n  s: {&k 'Image|contains|contains': *t}\n  r: {*k : x}\n  condition: s")
	f.Add("CorrelAtion:\n 0:\nlevel: high\n---\nFilter: {}\nlevel: high\ntitle: A\n")
	f.Add("title: A\nlogsource: {Product: x}\ndetection: {s: {\"Im\\u0061ge|i\": \"\\t\"}, condition: s}\ntags:\n- attack.\u0130\n")
	library := rule.NewLibrary([]rule.Definition{
		{Use: rule.Use{Kind: rule.Macro, Name: "sysmon"}, Text: `sourcetype="x" OR source=y`, Path: "macros/sysmon.yml", Line: 1},
		{Use: rule.Use{Kind: rule.Macro, Name: "pair(2)"}, Arguments: []string{"a", "b"}, Text: "$a$ | search $b$ `sysmon`", Path: "macros/pair.yml", Line: 1},
		{Use: rule.Use{Kind: rule.Lookup, Name: "tools"}, Path: "lookups/tools.yml", Line: 1, Files: []string{"tools.csv"}},
		{Use: rule.Use{Kind: rule.DataSource, Name: "Sysmon EventID 1"}, Path: "data_sources/sysmon.yml", Line: 1},
	}, nil)
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := parsers.Parse("rules/fuzz.yml", []byte(text), library)
		rules := normalize.Normalized(file.Rules)
		findings := l.File(file, rules)
		again := l.File(file, rules)
		if len(again) != len(findings) {
			t.Fatalf("%d findings, then %d", len(findings), len(again))
		}
		for i, finding := range findings {
			if finding.Message == "" || finding.Range.End.Offset < finding.Range.Start.Offset {
				t.Errorf("%s: %q at %+v", finding.Check, finding.Message, finding.Range)
			}
			if finding.Fingerprint != again[i].Fingerprint || finding.Message != again[i].Message {
				t.Errorf("%q, then %q", finding.Message, again[i].Message)
			}
			if finding.Fix != nil {
				apply(t, text, finding.Fix.Edits)
			}
		}
		var all []normalize.Summary
		for _, r := range rules {
			all = append(all, r.Summary())
		}
		l.Repository(Repository{Rules: all, Library: library})
	})
}
