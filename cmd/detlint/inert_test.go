package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"
)

// TestInertErrors: what a configuration, an argument or the name of a file says
// is shown in errors and notes, and never obeyed by a terminal or a CI system.
func TestInertErrors(t *testing.T) {
	const hostile = "no\x1b[2J\u202e\n::error::made up\n##[add-mask]x"
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	const quoted = `"no\e[2J\u202e\n::error::made up\n##[add-mask]x"`
	configured := func(text string) string {
		path := filepath.Join(t.TempDir(), "c.yml")
		if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return "--config=" + path
	}
	for _, args := range [][]string{
		{hostile},
		{"lint", hostile},
		{"lint", "--" + hostile},
		{"lint", "--only", hostile},
		{"lint", "--format", hostile},
		{"lint", "--fail-on", hostile},
		{"lint", "-o", hostile},
		{"lint", "-o", "json=no/" + hostile},
		{"lint", "--config", hostile},
		{"lint", "--catalog", hostile},
		{"lint", "--attack", hostile},
		{"lint", "-C", hostile},
		{"lint", "--color", hostile},
		{"lint", "--baseline", hostile},
		{"lint", "--base", hostile},
		{"lint", "--head", hostile},
		{"lint", "--base", "main", "--report", hostile},
		{"coverage", "--targets", hostile},
		{"coverage", "--min-techniques", hostile},
		{"normalize", hostile},
		{"fix", hostile},
		{"diff", "--base", hostile},
		{"explain", hostile},
		{"advise", hostile},
		{"completion", hostile},
		{"man", "main/\x00" + hostile},
		{"catalog", "rule", hostile},
		{"catalog", "field", hostile},
		{"catalog", "technique", hostile},
		{"catalog", "build", "--source", hostile},
		{"lint", configured(quoted + ": 1")},
		{"lint", configured("fail_on: [" + quoted + "]")},
		{"lint", configured("paths: [" + quoted + "]")},
		{"lint", configured("checks: {" + quoted + ": off}")},
		{"lint", configured("baseline: " + quoted)},
		{"lint", configured("attack: " + quoted)},
		{"lint", configured("catalogs: [" + quoted + "]")},
		{"coverage", configured("targets: " + quoted)},
		{"lint", configured("attack_version: " + quoted)},
	} {
		out, errs, code := execute(t, dir, args...)
		if code == exitClean {
			t.Logf("%q is no error", args)
		}
		for line := range strings.Lines(out + errs) {
			bare := strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(strings.TrimSpace(bare), "::") || strings.HasPrefix(strings.TrimSpace(bare), "##[") {
				t.Errorf("%q prints a command: %q", args, bare)
			}
			for _, r := range bare {
				if unicode.IsControl(r) || r == '\u202e' {
					t.Errorf("%q prints %q", args, bare)
					break
				}
			}
		}
	}
}

// TestDiffNames: a diff names files as git does, whatever their names, and git
// can apply it.
func TestDiffNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("such names cannot be on Windows")
	}
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "rules", "windows", "sensor_disabled.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a\n::error::made up.yml", "b\x1b[2J.yml", "c\u202elmy.yml", "d\"\\.yml", "é ü.yml", "##[error]x.yml"} {
		if err := os.WriteFile(filepath.Join(dir, "rules", name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, errs, code := execute(t, dir, "fix", "--check", "revoked-technique", "--dry-run")
	if n := strings.Count(out, "\n+++ "); n != 7 || code != exitClean {
		t.Errorf("%d files in the diff, exit code %d: %s", n, code, errs)
	}
	for line := range strings.Lines(out) {
		if bare := strings.TrimSuffix(line, "\n"); strings.HasPrefix(bare, "::") || strings.Contains(bare, "##[") || strings.ContainsAny(bare, "\x1b\u202e") {
			t.Errorf("%q", bare)
		}
	}
	cmd := exec.Command("git", "apply", "-")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(out)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v: %s\n%s", err, said, out)
	}
	if out, errs, _ := execute(t, dir, "fix", "--check", "revoked-technique", "--dry-run"); out != "" {
		t.Errorf("the diff is not whole: %s%s", out, errs)
	}
}
