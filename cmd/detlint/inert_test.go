package main

import (
	"os"
	"path/filepath"
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
