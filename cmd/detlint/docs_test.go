package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/detlint/detlint/report"
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
	current(t, "transcript.md", rerun(t, dir, string(text)))
}

// TestFormatsPage runs the commands of docs/formats.md on the demonstration.
func TestFormatsPage(t *testing.T) {
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(docs, "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range slices.Concat(report.CIFormats, report.DiffFormats) {
		if !strings.Contains(string(text), "`"+f.Name+"`") {
			t.Errorf("docs/formats.md does not name %s", f.Name)
		}
	}
	current(t, "formats.md", rerun(t, dir, string(text)))
}

// rerun runs the commands in the sessions that a text shows, and returns the
// text with what they print. "| head -n N" after a command cuts its output.
func rerun(t *testing.T, dir, text string) string {
	t.Helper()
	var b strings.Builder
	inside, skipping := false, false
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		switch {
		case strings.HasPrefix(line, "```console"), strings.HasPrefix(line, "````console"):
			inside, skipping = true, false
		case inside && strings.HasPrefix(line, "````"), inside && line == "```\n":
			inside, skipping = false, false
		case inside && strings.HasPrefix(line, "$ detlint "):
			b.WriteString(line)
			command, head, cut := strings.Cut(line, " | head -n ")
			out, errs, code := execute(t, dir, strings.Fields(command)[2:]...)
			out = toolVersion.ReplaceAllString(programVersion.ReplaceAllString(out, "detlint VERSION"), `"version": "VERSION"`)
			if cut {
				most, err := strconv.Atoi(strings.TrimSpace(head))
				if err != nil {
					t.Fatal(err)
				}
				lines := strings.SplitAfterN(out, "\n", most+1)
				out = strings.Join(lines[:min(most, len(lines))], "")
			}
			b.WriteString(out + errs)
			if code != 0 && !cut {
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
	return b.String()
}

// toolVersion is the version of the program in JSON.
var toolVersion = regexp.MustCompile(`"version": "(devel|v\d[^"]*)"`)

// TestPublishedSchema: what is printed as JSON follows docs/report.schema.json.
func TestPublishedSchema(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(docs, "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	const address = "https://schema.example/report.json"
	c := jsonschema.NewCompiler()
	delete(doc.(map[string]any), "$id")
	if err := c.AddResource(address, doc); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ definition, command string }{
		{"report", "lint --base main --format json"},
		{"report", "lint --all --format json --show-suppressed"},
		{"report", "ci --base main --format json"},
		{"report", "ci --all --format json"},
		{"coverage", "coverage --base main --format json"},
		{"coverage", "coverage --all --format json --min-techniques 1"},
		{"diff", "diff --base main --format json"},
	} {
		schema, err := c.Compile(address + "#/$defs/" + tt.definition)
		if err != nil {
			t.Fatal(err)
		}
		out, errs, _ := execute(t, dir, strings.Fields(tt.command)...)
		output, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Errorf("%s: %v\n%s", tt.command, err, errs)
		} else if err := schema.Validate(output); err != nil {
			t.Errorf("%s: %v", tt.command, err)
		}
	}
}
