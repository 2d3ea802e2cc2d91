package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/lint"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"checks:\n  noisy_path: off\n", `2:3: error: unknown key "noisy_path" in checks, did you mean "noisy-path"?`},
		{"check:\n  noisy-path: off\n", `1:1: error: unknown key "check", did you mean "checks"?`},
		{"fail-on: error\n", `1:1: error: unknown key "fail-on", did you mean "fail_on"?`},
		{"fail_on: eror\n", `1:10: error: unknown value "eror" for "fail_on", did you mean "error"?`},
		{"fail_on: [never, error]\n", `1:10: error: "never" excludes other values of "fail_on"`},
		{"report: everything\n", `1:9: error: unknown value "everything" for "report", expected one of: new, changed, all`},
		{"paths: {a: b}\n", `1:8: error: expected a list of paths or patterns for "paths", found a mapping`},
		{"paths: [[a]]\n", `1:9: error: expected a text in "paths", found a list`},
		{"paths:\n", `1:7: error: expected a list of paths or patterns for "paths", found nothing`},
		{"paths: /etc\n", `1:8: error: expected a path relative to the folder of the configuration, found "/etc"`},
		{"exclude: a/../../b\n", `1:10: error: "a/../../b" leads out of the folder of the configuration`},
		{"exclude: '[a'\n", `1:10: error: "[a" is no pattern: a bracket or a brace is not closed`},
		{"exclude: '{a,b}{a,b}{a,b}{a,b}'\n", `1:10: error: expected at most 3 pairs of braces in "{a,b}{a,b}{a,b}{a,b}"`},
		{"min_techniques: -1\n", `1:17: error: expected a whole number, 0 or more for "min_techniques", found "-1"`},
		{"min_techniques: '1'\n", `1:17: error: expected a whole number, 0 or more for "min_techniques", found "1"`},
		{"checks:\n  noisy-path: loud\n", `2:15: error: expected on, off, info, warning or error for "noisy-path", found "loud"`},
		{"checks:\n  noisy-path:\n    reach: 1\n", `3:12: error: expected a whole number from 2 to 100000 for "reach", found "1"`},
		{"checks:\n  noisy-path:\n    raech: 5\n", `3:5: error: unknown key "raech" in noisy-path, did you mean "reach"?`},
		{"checks:\n  syntax: off\n", `2:3: error: "syntax" cannot be set: what could not be read must not end green; exclude the file, or mend it`},
		{"checks: []\n", `1:9: error: expected a mapping from ids of checks to settings, found a list`},
		{"overrides:\n  - paths: a\n", `2:5: error: expected the key "checks" in overrides`},
		{"overrides: {}\n", `1:12: error: expected a list of mappings for "overrides", found a mapping`},
		{"ignore:\n  - check: noisy-path\n", `2:5: error: expected "path" or "id" in an entry of "ignore"; to switch a check off, use "checks"`},
		{"ignore:\n  - check: noisy\n    id: x\n", `2:12: error: unknown check "noisy", did you mean "noisy-path"?`},
		{"ignore:\n  - check: unreadable\n    id: x\n", `2:12: error: "unreadable" cannot be ignored`},
		{"ignore:\n  - check: noisy-path\n    id: x\n    until: 2027-02-30\n", `4:12: error: expected a date such as 2027-01-31 for "until", found "2027-02-30"`},
		{"catalogs: ../x.bin\n", `1:11: error: "../x.bin" leads out of the tree, which a configuration may not; one from elsewhere can be given with --catalog`},
		{"catalogs: /x.bin\n", `1:11: error: expected a path relative to the folder of the configuration for "catalogs", found "/x.bin"`},
		{"targets: link\n", `1:10: error: "link" leads out of the tree, which a configuration may not`},
		{"attack_version: v17\n", `1:17: error: unknown value "v17" for "attack_version", expected one of: v18, v19`},
		{"paths: a\npaths: b\n", `2:1: error: key "paths" stands twice`},
		{"---\npaths: a\n---\npaths: b\n", `3:4: error: expected one document, found 2`},
		{"[]\n", `1:1: error: expected a mapping, found a list`},
	} {
		dir := t.TempDir()
		if err := os.Symlink(filepath.Dir(dir), filepath.Join(dir, "link")); err != nil {
			t.Skip("no symbolic links here")
		}
		_, err := Parse([]byte(c.text), Name, dir)
		if err == nil {
			t.Errorf("%q was accepted", c.text)
			continue
		}
		if diff := cmp.Diff(Name+":"+c.want, err.Error()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

// TestAllErrors: one run tells everything that is wrong, in order.
func TestAllErrors(t *testing.T) {
	_, err := Parse([]byte("a: 1\nchecks:\n  b: off\nreport: x\n"), Name, t.TempDir())
	errs, _ := err.(Errors)
	if len(errs) != 3 || errs[0].Line != 1 || errs[1].Line != 3 || errs[2].Line != 4 {
		t.Errorf("errors: %v", err)
	}
}

func TestEmpty(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "\xEF\xBB\xBF# nothing\r\n"} {
		if _, err := Parse([]byte(text), Name, t.TempDir()); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSettings(t *testing.T) {
	c, err := Parse([]byte(`checks:
  noisy-path: {severity: warning, reach: 50}
  filename-length: off
overrides:
  - paths: hunting
    checks: {noisy-path: off, filename-length: on}
  - paths: ["hunting/**/loud_*.yml"]
    checks: {noisy-path: {reach: 7}}
`), Name, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]lint.Setting{
		"noisy-path":      {Switch: lint.On, Severity: lint.Warning, Params: map[string]int{"reach": 50}},
		"filename-length": {Switch: lint.Off},
	}
	if diff := cmp.Diff(want, c.Checks); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	s := c.For(c.Dir).Settings()
	for path, want := range map[string]bool{"hunting/a/loud_x.yml": true, "hunting/loud_x.yml": true, "hunting/x.yml": false, "rules/loud_x.yml": false} {
		if got := s.Overrides[1].Match(path); got != want {
			t.Errorf("the second override means %s: %v", path, got)
		}
	}
}

// TestRelative: patterns are relative to the folder of the configuration,
// wherever the tree begins.
func TestRelative(t *testing.T) {
	c := &Config{Dir: filepath.FromSlash("/repo/detections"), Exclude: Globs{"old"}}
	for _, k := range []struct {
		root, path string
		want       bool
	}{
		{"/repo", "detections/old/x.yml", true},
		{"/repo", "old/x.yml", false},
		{"/repo/detections", "old/x.yml", true},
		{"/repo/detections/old", "x.yml", true},
		{"/repo/detections/new", "x.yml", false},
		{"/repo/elsewhere", "old/x.yml", false},
	} {
		if got := c.For(filepath.FromSlash(k.root)).Excluded(k.path); got != k.want {
			t.Errorf("%s in %s excluded: %v", k.path, k.root, got)
		}
	}
}

func TestFind(t *testing.T) {
	outside := t.TempDir()
	repo := filepath.Join(outside, "repo")
	deep := filepath.Join(repo, "a", "b")
	for _, dir := range []string{deep, filepath.Join(repo, ".git")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// What is above the repository is none of its business.
	write(filepath.Join(outside, Name), "paths: x\n")
	if c, err := Find(deep); c != nil || err != nil {
		t.Errorf("found %v, %v", c, err)
	}
	write(filepath.Join(repo, Name), "paths: x\n")
	if c, err := Find(deep); err != nil || c == nil || c.Path != "../../"+Name {
		t.Errorf("found %+v, %v", c, err)
	}
	write(filepath.Join(repo, "a", otherName), "path: x\n")
	if _, err := Find(deep); err == nil || !strings.HasPrefix(err.Error(), "../"+otherName+":1:1: error: unknown key") {
		t.Errorf("error: %v", err)
	}
	if err := os.Symlink(filepath.Join(outside, Name), filepath.Join(deep, Name)); err != nil {
		t.Skip("no symbolic links here")
	}
	if _, err := Find(deep); err == nil || !strings.Contains(err.Error(), "is a link out of the tree") {
		t.Errorf("error: %v", err)
	}
}

// TestHostileGlobs: the dearest patterns that are accepted cost little.
func TestHostileGlobs(t *testing.T) {
	pattern := "{**/a*,*b}/{**/a,b}/{**/a,b}/**"
	if _, err := glob(pattern); err != nil {
		t.Fatal(err)
	}
	path := strings.Repeat("a/", 400) + "c"
	start := time.Now()
	for range 20 {
		matches(pattern, path)
	}
	if spent := time.Since(start); spent > 5*time.Second {
		t.Errorf("20 matches took %v", spent)
	}
}

func FuzzParse(f *testing.F) {
	for i := range Keys {
		f.Add([]byte(Keys[i].Example))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data, Name, "/")
		if (c == nil) == (err == nil) {
			t.Fatalf("%v, %v", c, err)
		}
		if c != nil {
			c.For("/").Wanted("a/b.yml")
			c.For("/").Settings()
		}
	})
}
