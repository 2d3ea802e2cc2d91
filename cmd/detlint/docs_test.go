package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const docs = "../../docs"

// execute runs a command line in this process and returns what it prints.
func execute(t *testing.T, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }}
	code = a.execute(context.Background(), append([]string{"-C", dir, "--cache-dir", "none"}, args...))
	return out.String(), errs.String(), code
}

// current compares a file of the documentation with what it should say, or
// rewrites it.
func current(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join(docs, name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(have), "\r\n", "\n"), want); diff != "" {
		t.Errorf("docs/%s is not current, run: make golden\n%s", name, diff)
	}
}

// TestReadme: what README.md shows is what the demonstration prints.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	out, _, _ := execute(t, dir, "lint", "--base", "main")
	_, block, _ := strings.Cut(strings.ReplaceAll(string(readme), "\r\n", "\n"), "```console\n$ detlint lint\n")
	block, _, ok := strings.Cut(block, "```\n")
	if !ok {
		t.Fatal("README.md shows no session")
	}
	for line := range strings.Lines(block) {
		if line != "\n" && !strings.Contains(out, line) {
			t.Errorf("README.md shows a line that is not printed: %s", line)
		}
	}
}

// TestTranscript runs the commands of docs/transcript.md on the history it is
// about.
func TestTranscript(t *testing.T) {
	bundle, err := filepath.Abs("../../../shared/corpora/sigma-history.bundle")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bundle); err != nil {
		t.Skip("no history of real rules at hand: transcript not run")
	}
	dir := filepath.Join(t.TempDir(), "sigma")
	if out, err := exec.Command("git", "clone", "-q", bundle, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(docs, "transcript.md"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	inside, skipping := false, false
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\r\n", "\n")) {
		switch {
		case strings.HasPrefix(line, "```console"):
			inside, skipping = true, false
		case inside && strings.HasPrefix(line, "````"), inside && line == "```\n":
			inside, skipping = false, false
		case inside && strings.HasPrefix(line, "$ detlint "):
			b.WriteString(line)
			out, errs, code := execute(t, dir, strings.Fields(line)[2:]...)
			b.WriteString(programVersion.ReplaceAllString(out, "detlint VERSION") + errs)
			if code != 0 {
				fmt.Fprintf(&b, "(exit code %d)\n", code)
			}
			skipping = true
			continue
		case inside && strings.HasPrefix(line, "$ "):
			skipping = false
		}
		if !skipping {
			b.WriteString(line)
		}
	}
	current(t, "transcript.md", b.String())
}
