package lint

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// corpora has real rules to measure on; it is no part of the project.
const corpora = "../../shared/corpora"

// readRules parses all rule files below a folder of the corpora.
func readRules(t testing.TB, folder string) []*rule.File {
	t.Helper()
	root := filepath.Join(filepath.FromSlash(corpora), folder)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no rules to measure on: %s is not there", root)
	}
	type content struct {
		path string
		data []byte
	}
	var contents []content
	var definitions []rule.Definition
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !parsers.Match(p) {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		c := content{filepath.ToSlash(rel), data}
		contents = append(contents, c)
		if !parsers.Waits(c.path, data) {
			definitions = append(definitions, parsers.Parse(c.path, data, nil).Definitions...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	library := rule.NewLibrary(definitions, nil)
	var files []*rule.File
	for _, c := range contents {
		if f := parsers.Parse(c.path, c.data, library); f.Recognized {
			files = append(files, f)
		}
	}
	return files
}

// lintAll runs every check that needs no catalog.
func lintAll(t *testing.T, files []*rule.File) (findings []Finding, rules int) {
	t.Helper()
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var summaries []normalize.Summary
	long := map[string][]*normalize.Rule{}
	for _, f := range files {
		normalized := normalize.Normalized(f.Rules)
		findings = append(findings, l.File(f, normalized)...)
		long[f.Source.Path] = normalized
		for _, r := range normalized {
			summaries = append(summaries, r.Summary())
		}
	}
	var library *rule.Library
	if len(files) > 0 {
		library = files[0].Library
	}
	repository := Repository{
		Rules: summaries, Library: library,
		Load: func(s *normalize.Summary) *normalize.Rule { return long[s.Path][s.Index] },
	}
	return append(findings, l.Repository(repository)...), len(summaries)
}

// firing counts, for each check, the rules it has something to say about.
func firing(findings []Finding) map[string]int {
	type subject struct{ check, path, id string }
	seen := map[subject]bool{}
	count := map[string]int{}
	for _, f := range findings {
		s := subject{f.Check, f.Path, f.RuleID}
		if !seen[s] {
			seen[s] = true
			count[f.Check]++
		}
	}
	return count
}

// TestQuietOnWellKeptRules: what fires on many of the best-kept public rules
// is noise, whatever it says.
func TestQuietOnWellKeptRules(t *testing.T) {
	for _, folder := range []string{
		"sigma/rules", "sigma/rules-emerging-threats", "sigma/rules-threat-hunting", "sigma/deprecated", "sigma/unsupported", "sigma",
		"elastic", "splunk", "kusto",
	} {
		t.Run(folder, func(t *testing.T) {
			findings, rules := lintAll(t, readRules(t, folder))
			count := firing(findings)
			for _, c := range Checks() {
				t.Logf("%-24s %-8s %5d of %d", c.ID, c.Severity, count[c.ID], rules)
				if (folder == "sigma/rules" || folder == "elastic" || folder == "splunk" || folder == "kusto") && count[c.ID]*20 > rules {
					t.Errorf("%s fires on %d of %d rules, more than 5 %%", c.ID, count[c.ID], rules)
				}
			}
			if os.Getenv("DETLINT_SHOW") == "" {
				return
			}
			slices.SortStableFunc(findings, func(a, b Finding) int { return strings.Compare(a.Check, b.Check) })
			for _, f := range findings {
				t.Logf("%s:%d:%d: %s: %s [%s]\n    %s", f.Path, f.Range.Start.Line, f.Range.Start.Column, f.Severity, f.Message, f.Check, f.Snippet)
			}
		})
	}
}

// TestFixesOfRealRules: what a fix leaves behind is a rule without the
// finding, and without a new one.
func TestFixesOfRealRules(t *testing.T) {
	l, err := NewLinter(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	fixes := 0
	for _, folder := range []string{"sigma/deprecated", "sigma/unsupported", "sigma/rules", "elastic", "splunk", "kusto"} {
		for _, f := range readRules(t, folder) {
			before := l.File(f, normalize.Normalized(f.Rules))
			for _, finding := range before {
				if finding.Fix == nil {
					continue
				}
				fixes++
				fixed := parsers.Parse(f.Source.Path, []byte(apply(t, string(f.Source.Data), finding.Fix.Edits)), f.Library)
				for _, after := range l.File(fixed, normalize.Normalized(fixed.Rules)) {
					known := slices.ContainsFunc(before, func(b Finding) bool { return b.Fingerprint == after.Fingerprint })
					if after.Fingerprint == finding.Fingerprint || !known && after.Severity > Info {
						t.Errorf("%s: %s: after %q: %s [%s]", f.Source.Path, finding.Message, finding.Fix.Title, after.Message, after.Check)
					}
				}
			}
		}
	}
	t.Logf("%d fixes", fixes)
}

// BenchmarkChecks runs every check over parsed rules.
func BenchmarkChecks(b *testing.B) {
	if _, err := os.Stat(filepath.FromSlash(corpora)); err != nil {
		b.Skipf("no rules to measure on: %s is not there", corpora)
	}
	files := append(readRules(b, "sigma/rules"), readRules(b, "elastic")...)
	normalized := make([][]*normalize.Rule, len(files))
	for i, f := range files {
		normalized[i] = normalize.Normalized(f.Rules)
	}
	for _, c := range Checks() {
		b.Run(c.ID, func(b *testing.B) {
			l := &Linter{checks: []*Check{c}}
			for b.Loop() {
				for i, f := range files {
					l.File(f, normalized[i])
				}
			}
		})
	}
}
