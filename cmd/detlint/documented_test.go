package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// commandLine is a command line that a page or a help text shows.
type commandLine struct{ where, line string }

// documented collects the command lines that people are told to try: those of
// code blocks in Markdown, and the examples of the help.
func documented(t *testing.T) []commandLine {
	t.Helper()
	var out []commandLine
	pages := []string{"../../README.md", "../../CONTRIBUTING.md"}
	err := filepath.WalkDir(docs, func(path string, d fs.DirEntry, err error) error {
		// The pages of commands and checks are made of what is tested here, or
		// elsewhere; the transcript has a test of its own.
		if d != nil && d.IsDir() && (d.Name() == "checks" || d.Name() == "commands") {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".md") && d.Name() != "transcript.md" {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		fenced := false
		for line := range strings.Lines(strings.ReplaceAll(string(text), "\r\n", "\n")) {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				fenced = !fenced
				continue
			}
			if fenced || strings.HasPrefix(line, "    ") {
				out = append(out, commandLine{filepath.Base(page), line})
			}
		}
	}
	var examples func(cmd *cobra.Command)
	examples = func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Example) {
			out = append(out, commandLine{cmd.CommandPath() + " --help", line})
		}
		for _, sub := range cmd.Commands() {
			examples(sub)
		}
	}
	examples((&app{getenv: os.Getenv}).root())
	return out
}

// comment is what follows a command line: after a #, or after a gap as wide as
// a table's.
var comment = regexp.MustCompile(`(\s#|\s{2,}[a-z]).*$`)

// words parts a command line as a shell does, as far as the docs need it.
func words(line string) []string {
	var out []string
	for _, piece := range regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`).FindAllString(line, -1) {
		out = append(out, strings.Trim(piece, `'"`))
	}
	return out
}

// documentedRepository is a repository that has what the docs name: the demo's,
// with tags, a remote branch, and the files of examples.
func documentedRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	empty := []string{"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "later"}
	for _, args := range [][]string{
		empty, empty, empty, // examples go back as far as three commits
		{"update-ref", "refs/remotes/origin/main", "main"}, {"tag", "v1", "main"}, {"tag", "v1.0", "main"}, {"tag", "v2", "HEAD"}, {"tag", "v2.0", "HEAD"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	rules, err := filepath.Glob(filepath.Join(dir, "rules", "*", "*"))
	if more, _ := filepath.Glob(filepath.Join(dir, "rules", "*.*")); err != nil || len(rules)+len(more) == 0 {
		t.Fatalf("the demo has no rules: %v", err)
	} else {
		rules = append(rules, more...)
	}
	rule := rules[slices.IndexFunc(rules, func(p string) bool { return strings.HasSuffix(p, ".yml") })]
	text, err := os.ReadFile(rule)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"rule.yml", "rules/windows/my_rule.yml", "sigma/a.yml", "detection-rules/a.yml", "DIR/a.yml"} {
		write(name, text)
	}
	about := []byte("sigma:\n  name: One\n  vendor: sigma\nelastic:\n  name: Two\n  vendor: sigma\n")
	write("sources.yml", about)
	write("catalog/sources.yml", about)
	if _, errs, code := execute(t, dir, "catalog", "build", "--source", "own=sigma", "-o", "own.bin"); code != exitClean {
		t.Fatalf("catalog build: %s", errs)
	}
	return dir
}

// TestDocumentedCommands runs every command line that the docs and the help
// show. What it finds does not matter; it must be one that detlint understands
// and can do.
func TestDocumentedCommands(t *testing.T) {
	dir := documentedRepository(t)
	ran := map[string]bool{}
	for _, s := range documented(t) {
		line := strings.TrimPrefix(strings.TrimSpace(s.line), "$ ")
		line = strings.TrimSpace(comment.ReplaceAllString(line, ""))
		line, _, _ = strings.Cut(line, " > ")
		line, _, _ = strings.Cut(line, " | ")
		line = strings.Replace(line, "go run ./cmd/detlint ", "detlint ", 1)
		args, ok := strings.CutPrefix(line, "detlint ")
		if !ok || ran[line] || strings.Contains(line, "…") || strings.Contains(args, " && ") {
			continue
		}
		ran[line] = true
		if strings.HasPrefix(args, "catalog site") || strings.Contains(args, " catalog site") {
			args = "--catalog own.bin " + args // that of the program takes its time
		}
		if strings.HasPrefix(args, "init") {
			_ = os.Remove(filepath.Join(dir, ".detlint.yml"))
		}
		out, errs, code := execute(t, dir, words(args)...)
		switch {
		case code == exitUsage, code == exitJob:
			t.Errorf("%s shows %q, which ends with %d: %s", s.where, line, code, errs)
		case out == "" && errs == "" && !strings.Contains(args, "fix") && !strings.Contains(args, "-o ") && !strings.Contains(args, "catalog build"):
			t.Errorf("%s shows %q, which says nothing", s.where, line)
		}
	}
	if len(ran) < 40 {
		t.Errorf("only %d command lines were found in the docs", len(ran))
	}
}
