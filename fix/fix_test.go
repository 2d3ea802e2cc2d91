package fix

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

const sigma = `# a comment
title: Fixed
id: 00000000-1111-4222-8333-444444444444
status: test
tags:
    - attack.defense-evasion  # why
    - "attack.t1562.001"
    - attack.T1562   # twice in v19
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\test.exe' # ü 🦊
    condition: selection
level: low
`

func fixer(t *testing.T, checks ...string) *Fixer {
	t.Helper()
	l, err := lint.NewLinter(nil, checks, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Fixer{Linter: l, Checks: checks}
}

// TestFile: only what is meant changes, whatever line ends the file has, and
// of two tags that become one, one stays.
func TestFile(t *testing.T) {
	want := strings.NewReplacer(
		"    - \"attack.t1562.001\"\n    - attack.T1562   # twice in v19\n", "    - \"attack.t1685\"\n",
		"attack.defense-evasion ", "attack.defense-impairment ",
	).Replace(sigma)
	for name, turn := range map[string]func(string) string{
		"LF":   func(s string) string { return s },
		"CRLF": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"BOM":  func(s string) string { return "\xEF\xBB\xBF" + s },
		"no line end": func(s string) string {
			return strings.TrimRight(s, "\n")
		},
	} {
		r := fixer(t, "revoked-technique", "retired-tactic").File("rules/a.yml", []byte(turn(sigma)))
		if diff := cmp.Diff(turn(want), string(r.After)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(r.Fixed) != 3 || len(r.Left) != 0 || len(r.Open) != 0 {
			t.Errorf("%s: fixed %d, left %v, open %v", name, len(r.Fixed), r.Left, r.Open)
		}
	}
}

func TestNothingToFix(t *testing.T) {
	r := fixer(t, "tag-format").File("rules/a.txt", []byte(sigma))
	if r.Changed() || len(r.Fixed) != 0 {
		t.Errorf("changed: %s", r.After)
	}
	text := strings.ReplaceAll(sigma, "status: test", "status: test # detlint:ignore revoked-technique\nname: x")
	text = "# detlint:ignore revoked-technique\n" + text
	if r := fixer(t, "revoked-technique").File("rules/a.yml", []byte(text)); r.Changed() {
		t.Errorf("what is suppressed was changed:\n%s", r.After)
	}
}

// TestExport: every rule of an export is fixed, each in its place.
func TestExport(t *testing.T) {
	rule := func(id, name string) string {
		return `{"rule_id":"` + id + `","name":"A","type":"query","language":"kuery","query":"process.name: x.exe","index":["logs-*"],` +
			`"risk_score":21,"severity":"low","description":"d","threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"` + name + `","reference":""},"technique":[]}]}` + "\n"
	}
	var before, after string
	for _, id := range []string{"1", "2", "3"} {
		id = strings.Repeat(id, 8) + "-2222-4333-8444-555555555555"
		before += rule(id, "Exection")
		after += rule(id, "Execution")
	}
	r := fixer(t, "threat-mapping").File("export.ndjson", []byte(before))
	if diff := cmp.Diff(after, string(r.After)); diff != "" || len(r.Fixed) != 3 {
		t.Errorf("fixed %d (-want +got):\n%s", len(r.Fixed), diff)
	}
}

// TestUselessSuppression: with all checks at hand, one that suppresses nothing
// is taken out, and one that is of use stays.
func TestUselessSuppression(t *testing.T) {
	l, _ := lint.NewLinter(nil, nil, nil)
	x := &Fixer{Linter: l, Checks: []string{"suppression"}}
	text := strings.Replace(sigma, "# why", "# detlint:ignore retired-tactic -- v18", 1)
	text = strings.Replace(text, "level: low", "level: low # detlint:ignore noisy-path", 1)
	want := strings.Replace(text, " # detlint:ignore noisy-path", "", 1)
	if diff := cmp.Diff(want, string(x.File("rules/a.yml", []byte(text)).After)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func edit(from, to int, text string) lint.Edit {
	return lint.Edit{Range: rule.Range{Start: rule.Position{Offset: from}, End: rule.Position{Offset: to}}, Text: text}
}

// TestAdvice: what is advised is done once, although there may be more to advise.
func TestAdvice(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lint.NewLinter(cat, []string{"missing-exclusion"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := lint.Lookup("missing-exclusion").Bad
	r := (&Fixer{Linter: l, Checks: []string{"missing-exclusion"}}).File("rules/a.yml", []byte(text))
	if len(r.Fixed) != 1 || len(r.Left) != 0 || len(r.Open) != 0 {
		t.Fatalf("fixed %d, left %v, open %d", len(r.Fixed), r.Left, len(r.Open))
	}
	f := parsers.Parse("rules/a.yml", r.After, nil)
	if n := normalize.Normalize(f.Rules[0]); len(f.Problems) > 0 || len(n.Exclusions) < 2 {
		t.Errorf("%v, exclusions %v in\n%s", f.Problems, n.Exclusions, r.After)
	}
}

// TestBadFix: a fix that breaks the file, or fixes nothing, is not applied, and
// does not keep others from being so.
func TestBadFix(t *testing.T) {
	x := fixer(t, "revoked-technique")
	now := x.look("rules/a.yml", []byte(sigma))
	for name, e := range map[string]lint.Edit{
		"it does not remove the finding":                   edit(0, 0, "# x\n"),
		"the file could not be read whole after it":        edit(strings.Index(sigma, "condition: selection"), strings.Index(sigma, "condition: selection")+20, "condition: selection adn"),
		"the rules of the file could not be read after it": edit(0, len(sigma), "nothing\n"),
	} {
		f := now.findings[0]
		f.Fix = &lint.Fix{Edits: []lint.Edit{e}}
		if _, err := x.try("rules/a.yml", []byte(sigma), now, []lint.Finding{f}); err == nil || err.Error() != name {
			t.Errorf("error %v, want %s", err, name)
		}
	}
}

func TestTree(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "a.yml"), "old")
	write(filepath.Join(outside, "a.yml"), "old")
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	r := &Result{Path: "a.yml", Before: []byte("old"), After: []byte("new")}
	if err := tree.Write(r); err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile(filepath.Join(dir, "a.yml"))
	info, _ := os.Stat(filepath.Join(dir, "a.yml"))
	if string(data) != "new" || info.Mode().Perm() != 0o640 {
		t.Errorf("wrote %q with mode %v", data, info.Mode())
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if err := tree.Write(r); err == nil || !strings.Contains(err.Error(), "has changed since it was read") {
		t.Errorf("wrote over a change: %v", err)
	}
	for link, to := range map[string]string{"link.yml": filepath.Join(outside, "a.yml"), "inside.yml": "a.yml", "folder": outside} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	for _, path := range []string{"link.yml", "inside.yml", "folder/a.yml", "../a.yml", "nowhere.yml"} {
		if _, err := tree.Read(path); err == nil {
			t.Errorf("read %s", path)
		}
		if err := tree.Write(&Result{Path: path, Before: []byte("old"), After: []byte("new")}); err == nil {
			t.Errorf("wrote %s", path)
		}
	}
	if data, _ := os.ReadFile(filepath.Join(outside, "a.yml")); string(data) != "old" {
		t.Error("wrote outside of the tree")
	}
}
