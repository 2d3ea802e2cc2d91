package review

import (
	"bytes"
	"errors"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/meaning"
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

// compared is how many commits TestFindingsAddUp looks at: some, spread over the
// newest two hundred, or as many as DETLINT_HISTORY says.
func compared(t *testing.T) int {
	const few = 2
	text := os.Getenv("DETLINT_HISTORY")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("DETLINT_HISTORY is %q, expected a number of commits", text)
	}
	return n
}

// TestFindingsAddUp: what is new and existing is what the head has, and what
// is fixed and existing what the base has, for what single commits and for what
// many together did.
func TestFindingsAddUp(t *testing.T) {
	dir := history(t)
	commits := strings.Fields(git(t, dir, "rev-list", "--first-parent", "HEAD"))
	cache := t.TempDir()
	known := map[string]int{}
	count := func(rev string) int {
		if n, ok := known[rev]; ok {
			return n
		}
		all, err := Run(t.Context(), Options{Dir: dir, Head: rev, Mode: report.All, Show: ShowAll, Lint: true, CacheDir: cache, Build: "test"})
		if err != nil {
			t.Fatal(err)
		}
		known[rev] = len(all.Findings)
		return known[rev]
	}
	var sum report.Findings
	add := func(to *report.Counts, c report.Counts) {
		to.Error, to.Warning, to.Info = to.Error+c.Error, to.Warning+c.Warning, to.Info+c.Info
	}
	check := func(base, head string) {
		// What is said of a change is in neither of the two sides.
		r, err := Run(t.Context(), Options{Dir: dir, Base: base, Head: head, Mode: report.Commits, Show: ShowAll, Lint: true, Skip: changeChecks(), CacheDir: cache, Build: "test"})
		if err != nil {
			t.Fatal(err)
		}
		f := r.Summary.Findings
		if have, want := f.New.Total()+f.Existing.Total(), count(head); have != want {
			t.Errorf("%s..%s: %d findings in the head, the comparison has %d", base, head, want, have)
		}
		if have, want := f.Fixed.Total()+f.Existing.Total(), count(base); have != want {
			t.Errorf("%s..%s: %d findings in the base, the comparison has %d", base, head, want, have)
		}
		if os.Getenv("DETLINT_HISTORY") != "" {
			t.Logf("%.10s..%.10s: %d new, %d existing, %d fixed", base, head, f.New.Total(), f.Existing.Total(), f.Fixed.Total())
		}
		add(&sum.New, f.New)
		add(&sum.Existing, f.Existing)
		add(&sum.Fixed, f.Fixed)
	}
	n := min(compared(t), len(commits)-1)
	step := max(min(200, len(commits)-1)/n, 1)
	for i := range n {
		check(commits[i*step+1], commits[i*step])
	}
	check(commits[80], commits[0])
	t.Logf("%d commits and one change of eighty: %d findings new, %d fixed, %d existing", n, sum.New.Total(), sum.Fixed.Total(), sum.Existing.Total())
}

// TestRenamedAndReformatted: rules that are only moved, and rules that are only
// written in another layout, have neither new nor fixed findings and differ in
// nothing, and those of the rest of the repository are left alone.
func TestRenamedAndReformatted(t *testing.T) {
	dir := history(t)
	git(t, dir, "config", "user.name", "a")
	git(t, dir, "config", "user.email", "a@example.org")
	var files []string
	for path := range strings.SplitSeq(git(t, dir, "ls-files", "-z", "rules"), "\x00") {
		if parsers.Expected(path) {
			files = append(files, path)
		}
	}
	random := rand.New(rand.NewSource(1))
	random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	files = files[:200]
	cache := t.TempDir()
	compare := func(state string) {
		t.Helper()
		r, err := Run(t.Context(), Options{Dir: dir, Base: "HEAD~1", Mode: report.Commits, Show: ShowNew, Lint: true, Meaning: true, CacheDir: cache, Build: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if f := r.Summary.Findings; f.New.Total()+f.Fixed.Total() > 0 {
			t.Errorf("%s: %+v: %+v", state, f, r.Findings)
		}
		changed := 0
		for i := range r.Rules {
			rule := &r.Rules[i]
			if rule.State == "unchanged" {
				continue
			}
			changed++
			c := rule.Change
			if rule.State != state || c == nil || c.Verdict != meaning.Same || len(c.Added)+len(c.Removed)+len(c.Moved)+len(c.Attributes) > 0 || c.RenamedOnly != (state == "moved") {
				t.Errorf("%s is %s: %+v", rule.Path, rule.State, c)
			}
		}
		if changed < len(files) {
			t.Errorf("%d rules are %s, expected those of %d files", changed, state, len(files))
		}
		t.Logf("%d rules %s", changed, state)
	}
	for i, path := range files {
		to := filepath.Join("rules", "elsewhere", filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(to)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, path), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
		files[i] = to
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-qm", "moved")
	compare("moved")
	for _, path := range files {
		full := filepath.Join(dir, path)
		data, err := os.ReadFile(full)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, laidOut(t, data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-qm", "laid out")
	compare("modified")
}

// laidOut writes YAML documents with another indent, under a comment.
func laidOut(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteString("# laid out anew\n")
	d, e := yaml.NewDecoder(bytes.NewReader(data)), yaml.NewEncoder(&out)
	e.SetIndent(7)
	for {
		var doc yaml.Node
		if err := d.Decode(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if err := e.Encode(&doc); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
