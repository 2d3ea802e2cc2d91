package changes

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// history clones the real history the project is measured with; it is kept
// beside the project, not in it.
func history(t testing.TB, args ...string) string {
	t.Helper()
	needGit(t)
	bundle, err := filepath.Abs("../../shared/corpora/sigma-history.bundle")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bundle); err != nil {
		t.Skip("needs ../shared/corpora/sigma-history.bundle beside the project")
	}
	dir := filepath.Join(t.TempDir(), "history")
	git(t, ".", append(append([]string{"clone", "-q"}, args...), bundle, dir)...)
	return dir
}

// checkPairs compares random pairs of commits with git.
func checkPairs(t *testing.T, dir string, n int) {
	t.Helper()
	if testing.Short() {
		n = min(n, 5)
	}
	commits := strings.Fields(git(t, dir, "rev-list", "--all"))
	rng := rand.New(rand.NewPCG(uint64(n), 42))
	r := openWith(t, dir, Options{CacheDir: filepath.Join(t.TempDir(), "cache")})
	for range n {
		a, b := commits[rng.IntN(len(commits))], commits[rng.IntN(len(commits))]
		base, head := commitTree(t, r, a[:12]), commitTree(t, r, b)
		if diff := cmp.Diff(gitNameStatus(t, dir, a, b), nameStatus(Diff(base, head))); diff != "" {
			t.Errorf("%s..%s (-git +ours):\n%s", a, b, diff)
		}
		want, _ := runGit(dir, "", "merge-base", a, b)
		got, err := r.Base(a, hash(t, b))
		if strings.TrimSpace(want) != got.String() && !(want == "" && err != nil) {
			t.Errorf("merge base of %s and %s: got %v %v, git says %s", a, b, got, err, want)
		}
		for _, c := range Diff(base, head) {
			for tree, e := range map[Tree]Entry{base: c.Base, head: c.Head} {
				if e.Path == "" {
					continue
				}
				if data, err := tree.Read(e); err != nil || hashObject("blob", data) != e.Hash {
					t.Errorf("%s: %v", e.Path, err)
				}
			}
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	dir := history(t, "--no-checkout")
	t.Run("clone", func(t *testing.T) { checkPairs(t, dir, 50) })
	t.Run("shared", func(t *testing.T) {
		to := filepath.Join(t.TempDir(), "c")
		git(t, dir, "clone", "-q", "--shared", "--no-checkout", dir, to)
		checkPairs(t, to, 10)
	})
	t.Run("linked worktree", func(t *testing.T) {
		to := filepath.Join(t.TempDir(), "c")
		git(t, dir, "worktree", "add", "-q", "--detach", to, "HEAD~7")
		checkPairs(t, to, 10)
		r := open(t, to)
		if got := resolve(t, r, "HEAD").String(); got != git(t, dir, "rev-parse", "HEAD~7") {
			t.Errorf("HEAD is %s", got)
		}
		if d := Diff(commitTree(t, r, "HEAD"), worktreeTree(t, r)); len(d) > 0 {
			t.Errorf("working tree: %v", d)
		}
	})
	t.Run("depth 2", func(t *testing.T) {
		to := filepath.Join(t.TempDir(), "c")
		git(t, dir, "clone", "-q", "--no-checkout", "--depth", "2", "file://"+dir, to)
		checkPairs(t, to, 4)
		r := open(t, to)
		want := gitNameStatus(t, dir, "HEAD~1", "HEAD")
		if diff := cmp.Diff(want, nameStatus(Diff(commitTree(t, r, "HEAD~1"), commitTree(t, r, "HEAD")))); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("sparse", func(t *testing.T) {
		to := filepath.Join(t.TempDir(), "c")
		git(t, dir, "clone", "-q", "--no-checkout", dir, to)
		git(t, to, "sparse-checkout", "set", "rules/linux")
		git(t, to, "checkout", "-q", "main")
		checkPairs(t, to, 10)
		r := open(t, to)
		head := commitTree(t, r, "HEAD")
		if d := Diff(head, worktreeTree(t, r)); len(d) > 0 {
			t.Errorf("working tree: %v", d[0])
		}
		if d := Diff(head, indexTree(t, r)); len(d) > 0 {
			t.Errorf("index: %v", d[0])
		}
	})
}

// What a run does before it looks at a rule: open, resolve, merge base, list
// base and head.
func start(b *testing.B, dir, cache string) (base, head Tree) {
	r, err := Open(dir, Options{CacheDir: cache})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	h, err := r.Resolve("HEAD")
	if err != nil {
		b.Fatal(err)
	}
	m, err := r.Base("HEAD~20", h)
	if err != nil {
		b.Fatal(err)
	}
	if base, err = r.Commit(m); err != nil {
		b.Fatal(err)
	}
	if head, err = r.Commit(h); err != nil {
		b.Fatal(err)
	}
	return base, head
}

func BenchmarkStartCold(b *testing.B) {
	dir := history(b, "--no-checkout")
	for b.Loop() {
		start(b, dir, "")
	}
}

func BenchmarkStartWarm(b *testing.B) {
	dir, cache := history(b, "--no-checkout"), b.TempDir()
	start(b, dir, cache)
	for b.Loop() {
		start(b, dir, cache)
	}
}

func BenchmarkDiff(b *testing.B) {
	base, head := start(b, history(b, "--no-checkout"), "")
	for b.Loop() {
		Diff(base, head)
	}
}

func BenchmarkMergeBase(b *testing.B) {
	dir := history(b, "--no-checkout")
	for b.Loop() {
		r, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		h, err := r.Resolve("HEAD")
		if err == nil {
			_, err = r.Base("HEAD~1000", h)
		}
		if err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

func benchmarkRead(b *testing.B, args ...string) {
	dir := history(b, args...)
	for b.Loop() {
		r, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		tree := commitTree(b, r, "HEAD")
		for _, e := range tree.Entries() {
			if _, err := tree.Read(e); err != nil {
				b.Fatal(err)
			}
		}
		r.Close()
	}
}

// Listing and reading the whole head, from the checked-out files and from the
// pack, in one goroutine.
func BenchmarkReadCheckedOut(b *testing.B) { benchmarkRead(b) }
func BenchmarkReadPacked(b *testing.B)     { benchmarkRead(b, "--no-checkout") }

func BenchmarkIndex(b *testing.B) {
	r := open(b, history(b))
	for b.Loop() {
		indexTree(b, r)
	}
}

func BenchmarkWorktree(b *testing.B) {
	r := open(b, history(b))
	for b.Loop() {
		worktreeTree(b, r)
	}
}
