package changes

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// importDAG writes a history with git fast-import: for each commit its parents
// (earlier ones) and its date. Commit i is the branch c<i>.
func importDAG(t testing.TB, dir string, parents [][]int, dates []int64) {
	t.Helper()
	var b strings.Builder
	for i, ps := range parents {
		fmt.Fprintf(&b, "commit refs/heads/c%d\nmark :%d\ncommitter C <c@example.com> %d +0000\ndata 2\nm\n", i, i+1, dates[i])
		for k, p := range ps {
			fmt.Fprintf(&b, "%s :%d\n", []string{"from", "merge"}[min(k, 1)], p+1)
		}
		fmt.Fprintf(&b, "M 100644 inline f%d\ndata 1\nx\n", i)
	}
	if _, err := runGit(dir, b.String(), "fast-import", "--quiet", "--force"); err != nil {
		t.Fatal(err)
	}
}

// Random histories with random dates, so that commits are often older than
// their parents, against git merge-base.
func TestMergeBaseOracle(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 11))
	histories, pairs := 12, 15
	if testing.Short() {
		histories = 3
	}
	for round := range histories {
		dir := initRepo(t)
		n := 10 + rng.IntN(30)
		parents, dates := make([][]int, n), make([]int64, n)
		for i := range n {
			for k := min(i, []int{0, 1, 1, 1, 2, 2, 3}[rng.IntN(7)]); k > 0; k-- {
				p := max(0, i-1-rng.IntN(8))
				if !slices.Contains(parents[i], p) {
					parents[i] = append(parents[i], p)
				}
			}
			switch round % 3 {
			case 0: // honest clocks
				dates[i] = int64(1000 + i*10)
			case 1: // skewed ones, many equal
				dates[i] = int64(1000 + i*10 + rng.IntN(100) - 50)
			case 2: // no relation at all
				dates[i] = int64(1000 + rng.IntN(20))
			}
		}
		importDAG(t, dir, parents, dates)
		r := open(t, dir)
		for range pairs {
			a, b := fmt.Sprintf("c%d", rng.IntN(n)), fmt.Sprintf("c%d", rng.IntN(n))
			out, _ := runGit(dir, "", "merge-base", "--all", a, b) // fails when there is none
			want := strings.Fields(out)
			got, err := r.mergeBases(resolve(t, r, a), resolve(t, r, b))
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, h := range got {
				have = append(have, h.String())
			}
			if !slices.Equal(want, have) {
				t.Errorf("round %d: merge base of %s and %s: got %v, git says %v", round, a, b, have, want)
			}
			base, err := r.Base(a, resolve(t, r, b))
			if len(want) == 0 {
				e := isA[*NoMergeBaseError](t, err)
				if e.Shallow || e.Rev != a {
					t.Errorf("got %+v", e)
				}
			} else if err != nil || base.String() != want[0] {
				t.Errorf("round %d: base of %s and %s: got %v %v, git says %v", round, a, b, base, err, want[0])
			}
		}
	}
}

// Two branches merged into each other have two best common ancestors; the
// newer one is taken, whichever side asks.
func TestMergeBaseCrissCross(t *testing.T) {
	dir := initRepo(t)
	importDAG(t, dir, [][]int{{}, {0}, {0}, {1, 2}, {2, 1}}, []int64{10, 20, 30, 40, 50})
	r := open(t, dir)
	for _, pair := range [][2]string{{"c3", "c4"}, {"c4", "c3"}} {
		got, err := r.MergeBase(resolve(t, r, pair[0]), resolve(t, r, pair[1]))
		if err != nil || got != resolve(t, r, "c2") {
			t.Errorf("%v: got %v %v", pair, got, err)
		}
	}
}

func TestMergeBaseShallow(t *testing.T) {
	dir := initRepo(t)
	for i := range 6 {
		write(t, dir, "f", fmt.Sprint(i))
		commitAll(t, dir, fmt.Sprint(i))
	}
	git(t, dir, "checkout", "-q", "-b", "topic", "HEAD~3")
	write(t, dir, "g", "1")
	commitAll(t, dir, "topic")

	shallow := t.TempDir()
	git(t, shallow, "clone", "-q", "--depth", "1", "--no-single-branch", "file://"+dir, "d1")
	r := open(t, shallow+"/d1")
	if !r.Shallow() {
		t.Error("not shallow")
	}
	_, err := r.Base("origin/main", resolve(t, r, "HEAD"))
	e := isA[*NoMergeBaseError](t, err)
	if !e.Shallow || e.Commits != 1 {
		t.Errorf("got %+v", e)
	}
	if want := "this checkout has no merge base with origin/main (it is shallow: 1 commit)"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	_, err = r.Resolve("HEAD~1")
	if e := isA[*RevisionError](t, err); !e.Shallow {
		t.Errorf("got %+v", e)
	}

	git(t, shallow, "clone", "-q", "--depth", "4", "--no-single-branch", "file://"+dir, "d4")
	r = open(t, shallow+"/d4")
	got, err := r.Base("origin/main", resolve(t, r, "HEAD"))
	if want := git(t, dir, "merge-base", "main", "topic"); err != nil || got.String() != want {
		t.Errorf("got %v %v, want %v", got, err, want)
	}
}

// What actions/checkout leaves on a pull request: HEAD is a merge commit.
func TestFirstParentIfMerge(t *testing.T) {
	dir := initRepo(t)
	write(t, dir, "f", "1")
	commitAll(t, dir, "1")
	git(t, dir, "checkout", "-q", "-b", "topic")
	write(t, dir, "g", "1")
	commitAll(t, dir, "2")
	git(t, dir, "checkout", "-q", "main")
	write(t, dir, "f", "2")
	tip := commitAll(t, dir, "3")
	git(t, dir, "merge", "-q", "--no-ff", "-m", "merge", "topic")

	for depth, want := range map[string]bool{"1": false, "2": true} {
		to := t.TempDir()
		git(t, to, "clone", "-q", "--depth", depth, "file://"+dir, "pr")
		r := open(t, to+"/pr")
		got, ok, err := r.FirstParentIfMerge(resolve(t, r, "HEAD"))
		if err != nil || ok != want || ok && got != tip {
			t.Errorf("depth %s: got %v %v %v", depth, got, ok, err)
		}
		if !ok {
			continue
		}
		base, err := r.Commit(got)
		if err != nil {
			t.Fatal(err)
		}
		if got := nameStatus(Diff(base, commitTree(t, r, "HEAD"))); len(got) != 1 || got["g"] != "A" {
			t.Errorf("got %v", got)
		}
		if _, ok, err := r.FirstParentIfMerge(tip); ok || err != nil {
			t.Errorf("no merge: got %v %v", ok, err)
		}
	}
}

func TestMergeBaseMissingCommit(t *testing.T) {
	dir := initRepo(t)
	write(t, dir, "f", "1")
	h := commitAll(t, dir, "1")
	r := open(t, dir)
	_, err := r.MergeBase(h, Hash{1})
	isA[*MissingObjectError](t, err)
	if errors.Is(err, errNotFound) {
		t.Error("an internal error came out")
	}
}
