package review

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/report"
)

func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "core.quotePath=off"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// history clones the history of real rules.
func history(t testing.TB) string {
	t.Helper()
	bundle, err := filepath.Abs(filepath.Join("..", "..", "shared", "corpora", "sigma-history.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bundle); err != nil {
		t.Skip("no history of real rules at hand: comparison with git skipped")
	}
	dir := filepath.Join(t.TempDir(), "history")
	git(t, ".", "clone", "-q", bundle, dir)
	return dir
}

// touched are the rule files that differ, as git has it.
func touched(t testing.TB, dir, base, head string) []string {
	var out []string
	for path := range strings.SplitSeq(git(t, dir, "diff", "-z", "--name-only", "--no-renames", base, head), "\x00") {
		if path != "" && parsers.Expected(path) {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// changed are the rule files that a run finds changed.
func changed(t *testing.T, dir, cache, base, head string) []string {
	t.Helper()
	r, err := Run(t.Context(), Options{
		Dir: dir, Base: base, Head: head, Mode: report.Commits, Show: ShowNew, Lint: true, CacheDir: cache, Build: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, rule := range r.Rules {
		if rule.State != "unchanged" {
			seen[rule.Path] = true
		}
		if rule.PathBefore != "" {
			seen[rule.PathBefore] = true
		}
	}
	var out []string
	for path := range seen {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

// TestHistory: a run finds exactly the rules that git says differ, for fifty
// pairs of commits, and in every kind of clone.
func TestHistory(t *testing.T) {
	dir := history(t)
	commits := strings.Fields(git(t, dir, "rev-list", "HEAD"))
	random := rand.New(rand.NewSource(1))
	cache := t.TempDir()
	rules := 0
	for range 50 {
		newer := random.Intn(len(commits) - 1)
		older := newer + 1 + random.Intn(min(60, len(commits)-newer-1))
		base, head := commits[older], commits[newer]
		want := touched(t, dir, base, head)
		rules += len(want)
		if diff := cmp.Diff(want, changed(t, dir, cache, base, head)); diff != "" {
			t.Errorf("%s..%s: %s", base, head, diff)
		}
	}
	t.Logf("50 pairs of commits, %d files touched", rules)

	clones := map[string]func(to string){
		"depth 2":          func(to string) { git(t, ".", "clone", "-q", "--depth", "2", "file://"+dir, to) },
		"linked work tree": func(to string) { git(t, dir, "worktree", "add", "-q", "--detach", to, "HEAD~30") },
		"shared":           func(to string) { git(t, ".", "clone", "-q", "--shared", dir, to) },
		"sparse": func(to string) {
			git(t, ".", "clone", "-q", dir, to)
			git(t, to, "sparse-checkout", "set", "rules/cloud")
		},
	}
	for name, clone := range clones {
		t.Run(name, func(t *testing.T) {
			to := filepath.Join(t.TempDir(), "clone")
			clone(to)
			base := "HEAD~20"
			if name == "depth 2" {
				base = "HEAD~1"
			}
			if diff := cmp.Diff(touched(t, to, base, "HEAD"), changed(t, to, "", base, "HEAD")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFindingsAddUp: what is new and existing is what the head has, and what
// is fixed and existing what the base has.
func TestFindingsAddUp(t *testing.T) {
	dir := history(t)
	for _, base := range []string{"HEAD~1", "HEAD~40", "HEAD~80"} {
		// What is said of a change is in neither of the two sides.
		r, err := Run(t.Context(), Options{Dir: dir, Base: base, Mode: report.Commits, Show: ShowAll, Lint: true, Skip: changeChecks()})
		if err != nil {
			t.Fatal(err)
		}
		count := func(rev string) int {
			all, err := Run(t.Context(), Options{Dir: dir, Head: rev, Mode: report.All, Show: ShowAll, Lint: true})
			if err != nil {
				t.Fatal(err)
			}
			return len(all.Findings)
		}
		f := r.Summary.Findings
		inHead, fixed := f.New.Total()+f.Existing.Total(), f.Fixed.Total()
		if have := count("HEAD"); have != inHead {
			t.Errorf("%s: %d findings in the head, the comparison has %d", base, have, inHead)
		}
		if have := count(base); have != f.Existing.Total()+fixed {
			t.Errorf("%s: %d findings in the base, the comparison has %d", base, have, f.Existing.Total()+fixed)
		}
		t.Log(base, fmt.Sprintf("%+v", f))
	}
}
