package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"detlint": main})
}

// TestScripts runs the command on real git repositories. In the scripts,
// "shared" is a condition for real rules being at hand.
func TestScripts(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: scripts skipped")
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, ".home")
			if err := os.MkdirAll(home, 0o755); err != nil {
				return err
			}
			// The rules of the scripts are below repo, as a repository.
			for _, v := range [][2]string{
				{"HOME", home},
				{"XDG_CACHE_HOME", filepath.Join(home, "cache")},
				{"GIT_CONFIG_NOSYSTEM", "1"},
				{"GIT_AUTHOR_NAME", "A"},
				{"GIT_AUTHOR_EMAIL", "a@example.org"},
				{"GIT_COMMITTER_NAME", "A"},
				{"GIT_COMMITTER_EMAIL", "a@example.org"},
				{"GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z"},
				{"GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z"},
				{"TERM", "dumb"},
			} {
				env.Setenv(v[0], v[1])
			}
			// For scripts that leave no other program in the path.
			for _, name := range []string{"git", "sh"} {
				if path, err := exec.LookPath(name); err == nil {
					env.Setenv(strings.ToUpper(name), path)
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"steady":     steady,
			"github-sha": githubSHA,
		},
	})
}

var (
	catalogVersion = regexp.MustCompile(`catalog \d{4}-\d{2} \([\d,]+ rules\)`)
	catalogReach   = regexp.MustCompile(`\b\d+ public rules( of \d+ vendors)? use it, \d+ of them`)
	catalogAdvice  = regexp.MustCompile(`(?m)^ +peers (exclude|also look at) .*\n`)
	programVersion = regexp.MustCompile(`detlint (devel|v\d\S*)`)
	tempFolder     = regexp.MustCompile(`\S*detlint-demo-\d+`)
)

// steady writes stdout of the last command into a file, with what depends on
// the machine or the state of the catalog replaced, so that it can be compared.
func steady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: steady FILE")
	}
	out := ts.ReadFile("stdout")
	out = catalogVersion.ReplaceAllString(out, "catalog (C rules)")
	out = catalogReach.ReplaceAllString(out, "N public rules use it, M of them")
	out = catalogAdvice.ReplaceAllString(out, "")
	out = programVersion.ReplaceAllString(out, "detlint VERSION")
	out = tempFolder.ReplaceAllString(out, "DEMO")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(out), 0o644))
}

// githubSHA sets GITHUB_SHA to the commit id in a file.
func githubSHA(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: github-sha FILE")
	}
	ts.Setenv("GITHUB_SHA", strings.TrimSpace(ts.ReadFile(args[0])))
}
