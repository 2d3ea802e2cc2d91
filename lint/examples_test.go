package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/rule"
)

// exampleCatalog is the catalog that the examples are judged by.
func exampleCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestExamples: every check shows a rule that it reports and one that it does
// not, in each language; what is wrong with the first is that alone, and the
// good one is good in the eyes of all the others too, those that look things up
// in the catalog included.
func TestExamples(t *testing.T) {
	cat := exampleCatalog(t)
	all, err := NewLinter(cat, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Checks() {
		for i, e := range c.Examples() {
			name := fmt.Sprintf("%s/%d", c.ID, i)
			if r := e.Rule(); r != nil {
				name += " " + string(r.Language)
			}
			t.Run(name, func(t *testing.T) {
				if len(exampleFindings(c, cat, e.Bad)) == 0 {
					if c == noisyPathCheck || c == missingExclusionCheck {
						if cat.Len() == 0 {
							t.Skip("the embedded catalog has no rules")
						}
					}
					t.Error("the bad example is not reported")
				}
				for _, f := range exampleFindings(c, cat, e.Good) {
					t.Errorf("the good example is reported: %s:%d: %s", f.Path, f.Range.Start.Line, f.Message)
				}
				for _, f := range all.Example(e.Good) {
					t.Errorf("the good example is reported by %s: %s:%d: %s", f.Check, f.Path, f.Range.Start.Line, f.Message)
				}
				own := 0
				for _, f := range all.Example(e.Bad) {
					if f.Check == c.ID {
						own++
						continue
					}
					t.Errorf("the bad example is also reported by %s: %s:%d: %s", f.Check, f.Path, f.Range.Start.Line, f.Message)
				}
				if own == 0 {
					t.Error("the bad example is not reported beside other checks")
				}
			})
		}
	}
}

// everyLanguage are the checks whose matter a language decides, so that they
// show each of them.
var everyLanguage = []*Check{
	syntaxCheck, alwaysTrueCheck, bypassableExclusionCheck, deadPathCheck, idleExclusionCheck, redundantPredicateCheck,
	swallowingExclusionCheck, regularExpressionCheck, controlCharacterCheck,
}

// TestExamplesOfVendors: every check has an example for each vendor whose rules
// it looks at, or says why it has none.
func TestExamplesOfVendors(t *testing.T) {
	for _, c := range Checks() {
		vendors, languages := map[rule.Vendor]bool{}, map[rule.Language]bool{}
		for i, e := range c.Examples() {
			r := e.Rule()
			if r == nil && len(c.Vendors) == 1 { // of definitions alone
				vendors[c.Vendors[0]] = true
				continue
			}
			if r == nil {
				t.Errorf("%s: no rule in good example %d", c.ID, i)
				continue
			}
			if !c.applies(r.Vendor) {
				t.Errorf("%s: example %d is of %s, which the check does not look at", c.ID, i, r.Vendor)
			}
			if r.Language != "" && vendorsOf[r.Language] != r.Vendor {
				t.Errorf("%s: example %d of %s is in %q", c.ID, i, r.Vendor, r.Language)
			}
			vendors[r.Vendor], languages[r.Language] = true, true
		}
		for language, why := range c.Without {
			if why == "" || language != "" && vendorsOf[language] == "" || languages[language] || language == "" && len(languages) > 0 {
				t.Errorf("%s: without %q because %q", c.ID, language, why)
			}
		}
		if c.Without[""] != "" {
			continue
		}
		for language, vendor := range vendorsOf {
			if !c.applies(vendor) || c.Without[language] != "" || languages[language] {
				continue
			}
			if !vendors[vendor] && !hasReason(c, vendor) {
				t.Errorf("%s has no example of %s, and does not say why", c.ID, vendor)
			}
			if slices.Contains(everyLanguage, c) && language != "lucene" {
				t.Errorf("%s has no example in %s, and does not say why", c.ID, language)
			}
		}
	}
}

func hasReason(c *Check, v rule.Vendor) bool {
	for language := range c.Without {
		if vendorsOf[language] == v {
			return true
		}
	}
	return false
}

// TestFindingsOfExamples: what reports rest on holds for every finding.
func TestFindingsOfExamples(t *testing.T) {
	cat := exampleCatalog(t)
	for _, c := range Checks() {
		for _, e := range c.Examples() {
			for _, f := range exampleFindings(c, cat, e.Bad) {
				checkFinding(t, f)
			}
		}
	}
}

// checkFinding reports what is wrong with the form of a finding.
func checkFinding(t *testing.T, f Finding) {
	t.Helper()
	switch {
	case f.Message == "" || f.Message != strings.TrimSpace(f.Message) || strings.HasSuffix(f.Message, "."):
		t.Errorf("%s: bad form of message %q", f.Check, f.Message)
	case f.Value == "":
		t.Errorf("%s: no value in %q", f.Check, f.Message)
	case f.Range.End.Offset < f.Range.Start.Offset:
		t.Errorf("%s: range ends before it begins: %q", f.Check, f.Message)
	case f.Path == "" || f.Link == "" || f.Fingerprint == "":
		t.Errorf("%s: incomplete finding %q", f.Check, f.Message)
	}
}

// apply makes the edits of a fix.
func apply(t *testing.T, data string, edits []Edit) string {
	t.Helper()
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b Edit) int { return b.Range.Start.Offset - a.Range.Start.Offset })
	for i, e := range edits {
		if i > 0 && e.Range.End.Offset > edits[i-1].Range.Start.Offset {
			t.Fatalf("edits overlap: %+v", edits)
		}
		data = data[:e.Range.Start.Offset] + e.Text + data[e.Range.End.Offset:]
	}
	return data
}

// TestFixesOfExamples: a fix removes the finding it belongs to and brings no
// other one.
func TestFixesOfExamples(t *testing.T) {
	all, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	fixes := 0
	for _, c := range Checks() {
		for _, e := range c.Examples() {
			before := all.Example(e.Bad)
			for _, f := range before {
				if f.Fix == nil || len(ExampleFiles(e.Bad)) != 1 {
					continue
				}
				fixes++
				fixed := apply(t, e.Bad, f.Fix.Edits)
				for _, after := range all.Example(fixed) {
					known := slices.ContainsFunc(before, func(b Finding) bool { return b.Fingerprint == after.Fingerprint })
					if after.Fingerprint == f.Fingerprint || !known && after.Severity > Info {
						t.Errorf("%s: after the fix %q: %s: %s\n%s", f.Check, f.Fix.Title, after.Check, after.Message, fixed)
					}
				}
			}
		}
	}
	if fixes == 0 {
		t.Error("no example has a fix")
	}
}
