package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestPreCommitHooks runs what .pre-commit-hooks.yaml says as pre-commit would:
// in the root of a repository, without the names of files.
func TestPreCommitHooks(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: hooks not run")
	}
	data, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Name, Description, Entry, Language string
		PassFilenames                          *bool    `yaml:"pass_filenames"`
		RequireSerial                          bool     `yaml:"require_serial"`
		Stages                                 []string `yaml:"stages"`
	}
	if err := yaml.Unmarshal(data, &hooks); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	want := map[string]string{"detlint": "golang", "detlint-system": "system"}
	for _, h := range hooks {
		if h.Name == "" || h.Description == "" || want[h.ID] != h.Language || h.PassFilenames == nil || *h.PassFilenames || !h.RequireSerial {
			t.Errorf("hook %+v", h)
		}
		delete(want, h.ID)
		args := strings.Fields(h.Entry)
		if args[0] != "detlint" {
			t.Fatalf("%s runs %q", h.ID, h.Entry)
		}
		// Nothing is staged, so there is nothing to say.
		if out, errs, code := execute(t, dir, args[1:]...); code != exitClean {
			t.Errorf("%s: exit code %d\n%s%s", h.ID, code, out, errs)
		}
		bad := filepath.Join(dir, "rules", "bad_rule.yml")
		if err := os.WriteFile(bad, []byte("title: Bad\nid: x\nlogsource:\n    product: windows\ndetection:\n    condition: missing\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		git("add", bad)
		if out, errs, code := execute(t, dir, args[1:]...); code != exitFindings || !strings.Contains(out, "rules/bad_rule.yml") {
			t.Errorf("%s: exit code %d\n%s%s", h.ID, code, out, errs)
		}
		git("rm", "-q", "-f", bad)
	}
	if len(want) > 0 {
		t.Errorf("no hook %v", want)
	}
}
