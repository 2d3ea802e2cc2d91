package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
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
// not, and the good one is good in the eyes of all the others too.
func TestExamples(t *testing.T) {
	cat := exampleCatalog(t)
	all, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Checks() {
		t.Run(c.ID, func(t *testing.T) {
			if c == unreadableCheck {
				return // about files that are not there
			}
			if len(exampleFindings(c, cat, c.Bad)) == 0 {
				if c == noisyPathCheck || c == missingExclusionCheck {
					if cat.Len() == 0 {
						t.Skip("the embedded catalog has no rules")
					}
				}
				t.Error("the bad example is not reported")
			}
			for _, f := range exampleFindings(c, cat, c.Good) {
				t.Errorf("the good example is reported: %s:%d: %s", f.Path, f.Range.Start.Line, f.Message)
			}
			for _, f := range all.Example(c.Good) {
				t.Errorf("the good example is reported by %s: %s:%d: %s", f.Check, f.Path, f.Range.Start.Line, f.Message)
			}
			for _, f := range all.Example(c.Bad) {
				if f.Check != c.ID && f.Severity > Info {
					t.Errorf("the bad example is also reported by %s: %s:%d: %s", f.Check, f.Path, f.Range.Start.Line, f.Message)
				}
			}
		})
	}
}

// TestFindingsOfExamples: what reports rest on holds for every finding.
func TestFindingsOfExamples(t *testing.T) {
	cat := exampleCatalog(t)
	for _, c := range Checks() {
		for _, f := range exampleFindings(c, cat, c.Bad) {
			checkFinding(t, f)
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
		before := all.Example(c.Bad)
		for _, f := range before {
			if f.Fix == nil || len(ExampleFiles(c.Bad)) != 1 {
				continue
			}
			fixes++
			fixed := apply(t, c.Bad, f.Fix.Edits)
			for _, after := range all.Example(fixed) {
				known := slices.ContainsFunc(before, func(b Finding) bool { return b.Fingerprint == after.Fingerprint })
				if after.Fingerprint == f.Fingerprint || !known && after.Severity > Info {
					t.Errorf("%s: after the fix %q: %s: %s\n%s", f.Check, f.Fix.Title, after.Check, after.Message, fixed)
				}
			}
		}
	}
	if fixes == 0 {
		t.Error("no example has a fix")
	}
}
