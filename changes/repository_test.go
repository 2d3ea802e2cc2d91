package changes

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small is a repository with two commits.
func small(t testing.TB) string {
	dir := initRepo(t)
	write(t, dir, "rules/a.yml", "a\n")
	write(t, dir, "rules/b.yml", "b\n")
	write(t, dir, "README.md", "readme\n")
	commitAll(t, dir, "one")
	write(t, dir, "rules/a.yml", "a2\n")
	write(t, dir, "rules/sub/c.yml", "c\n")
	commitAll(t, dir, "two")
	return dir
}

// checkSmall looks at a repository that small, or a clone of it, made.
func checkSmall(t *testing.T, r *Repository) {
	t.Helper()
	base, head := commitTree(t, r, "HEAD~1"), commitTree(t, r, "HEAD")
	want := map[string]string{"rules/a.yml": "M", "rules/sub/c.yml": "A"}
	if diff := cmp.Diff(want, nameStatus(Diff(base, head))); diff != "" {
		t.Error(diff)
	}
	if got := read(t, base, "rules/a.yml") + read(t, head, "rules/a.yml") + read(t, head, "rules/sub/c.yml"); got != "a\na2\nc\n" {
		t.Errorf("got %q", got)
	}
	if r.Root() == "" {
		return
	}
	if d := Diff(head, indexTree(t, r)); len(d) > 0 {
		t.Errorf("index: %v", d)
	}
	if d := Diff(head, worktreeTree(t, r)); len(d) > 0 {
		t.Errorf("working tree: %v", d)
	}
}

func TestOpen(t *testing.T) {
	dir := small(t)
	r := open(t, filepath.Join(dir, "rules", "sub"))
	if r.Root() != dir {
		t.Errorf("got %q", r.Root())
	}
	checkSmall(t, r)
	if r := open(t, dir); r.Shallow() || r.partial {
		t.Errorf("got %v %v", r.Shallow(), r.partial)
	}

	outside := t.TempDir()
	_, err := Open(outside, Options{})
	isA[*NotRepositoryError](t, err)
	if _, err := Open(filepath.Join(outside, "nope"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	write(t, outside, ".git", "gitdir: nowhere\n")
	_, err = Open(outside, Options{})
	isA[*CorruptError](t, err)
}

func TestMatchOption(t *testing.T) {
	r := openWith(t, small(t), Options{Match: func(p string) bool { return strings.HasSuffix(p, ".yml") }})
	want := []string{"rules/a.yml", "rules/b.yml", "rules/sub/c.yml"}
	for _, tree := range []Tree{commitTree(t, r, "HEAD"), indexTree(t, r), worktreeTree(t, r)} {
		if diff := cmp.Diff(want, paths(tree)); diff != "" {
			t.Errorf("%s: %s", tree.Name(), diff)
		}
	}
}

func TestLenientConfig(t *testing.T) {
	for _, text := range []string{
		"[extensions]\n\tworktreeConfig = true\n",
		"[extensions]\n\tworktreeConfig = false\n",
		"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n\tnoop = 1\n\tpreciousObjects\n",
		"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha1\n\trefStorage = files\n\tunheardOf = 1\n",
		"[remote \"a]b\\\"\"]\n\tfetch = nonsense\n[branch \"\"]\n[url \"x\"] insteadOf = \"y ; z\" # c\nbroken line\n[",
		"\ufeff[include]\n\tpath = /nonexistent\n[core] bare = false\r\n",
	} {
		dir := small(t)
		f, err := os.OpenFile(filepath.Join(dir, ".git/config"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, text)
		f.Close()
		checkSmall(t, open(t, dir))
	}
}

func TestUnsupported(t *testing.T) {
	for text, want := range map[string]string{
		"[extensions]\n\trefStorage = reftable\n":    `this repository uses the reference storage "reftable", which cannot be read`,
		"[extensions]\n\tobjectformat = SHA256\n":    `this repository uses the object format "sha256", which cannot be read`,
		"[core]\n\trepositoryformatversion = 2\n":    `this repository uses the repository format version "2", which cannot be read`,
		"[extensions]\n\tcompatObjectFormat = x\n\n": "",
	} {
		dir := small(t)
		write(t, dir, ".git/config", text)
		_, err := Open(dir, Options{})
		if want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		isA[*UnsupportedError](t, err)
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	dir := filepath.Join(t.TempDir(), "s")
	if _, err := runGit(t.TempDir(), "", "init", "-q", "--object-format=sha256", dir); err == nil {
		_, err := Open(dir, Options{})
		isA[*UnsupportedError](t, err)
	}
}

func TestKindsOfClone(t *testing.T) {
	t.Parallel()
	src := small(t)
	to := t.TempDir()
	clones := map[string]func() string{
		"bare": func() string {
			git(t, to, "clone", "-q", "--bare", src, "bare.git")
			return to + "/bare.git"
		},
		"shared": func() string {
			git(t, to, "clone", "-q", "--shared", src, "shared")
			return to + "/shared"
		},
		"reference of a shared one": func() string {
			git(t, to, "clone", "-q", "--shared", src, "s1")
			git(t, to, "clone", "-q", "--reference", to+"/s1", "file://"+src, "s2")
			return to + "/s2"
		},
		"relative alternate": func() string {
			git(t, to, "clone", "-q", "--shared", src, "rel")
			rel, err := filepath.Rel(to+"/rel/.git/objects", src+"/.git/objects")
			if err != nil {
				t.Fatal(err)
			}
			write(t, to, "rel/.git/objects/info/alternates", rel+"\n")
			return to + "/rel"
		},
		"linked worktree": func() string {
			git(t, src, "worktree", "add", "-q", "--detach", to+"/linked")
			return to + "/linked/rules"
		},
		"packed": func() string {
			git(t, to, "clone", "-q", "file://"+src, "packed")
			git(t, to+"/packed", "gc", "-q")
			return to + "/packed"
		},
		"old pack index": func() string {
			git(t, to, "clone", "-q", "--bare", "file://"+src, "v1.git")
			git(t, to+"/v1.git", "-c", "pack.indexVersion=1", "repack", "-adfq")
			return to + "/v1.git"
		},
		"submodule": func() string {
			super := initRepo(t)
			git(t, super, "submodule", "--quiet", "add", src, "mod")
			return super + "/mod"
		},
		"separate git folder": func() string {
			git(t, to, "clone", "-q", "--separate-git-dir", to+"/elsewhere", src, "sep")
			return to + "/sep"
		},
		"no checkout": func() string {
			git(t, to, "clone", "-q", "--bare", src, "nc/.git")
			return to + "/nc"
		},
	}
	for name, make := range clones {
		t.Run(name, func(t *testing.T) {
			r := open(t, make())
			checkSmall(t, r)
			if r.Root() != "" {
				return
			}
			if _, err := r.Index(); !errors.Is(err, ErrNoWorktree) {
				t.Errorf("got %v", err)
			}
			if _, err := r.Worktree(); !errors.Is(err, ErrNoWorktree) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSparse(t *testing.T) {
	for _, args := range [][]string{{"--no-cone", "/README.md"}, {"--cone", "rules/sub"}, {"--cone", "--sparse-index"}} {
		src := small(t)
		git(t, src, append([]string{"sparse-checkout", "set"}, args...)...)
		if _, err := os.Stat(src + "/rules/b.yml"); err == nil && args[0] != "--cone" {
			t.Fatal("not sparse")
		}
		r := open(t, src)
		checkSmall(t, r)
		if got := read(t, worktreeTree(t, r), "rules/b.yml"); got != "b\n" {
			t.Errorf("got %q", got)
		}
		git(t, src, "sparse-checkout", "disable")
		checkSmall(t, open(t, src))
	}
}

func TestPartialClone(t *testing.T) {
	src := small(t)
	git(t, src, "config", "uploadpack.allowFilter", "true")
	to := t.TempDir()
	git(t, to, "clone", "-q", "--filter=blob:none", "file://"+src, "p")
	r := open(t, to+"/p")
	if !r.partial {
		t.Error("not partial")
	}
	head, base := commitTree(t, r, "HEAD"), commitTree(t, r, "HEAD~1")
	if got := read(t, head, "rules/a.yml"); got != "a2\n" { // on disk
		t.Errorf("got %q", got)
	}
	e, _ := Lookup(base, "rules/a.yml")
	_, err := base.Read(e)
	missing := isA[*MissingBlobError](t, err)
	if !missing.Partial || !strings.Contains(err.Error(), "partial clone") {
		t.Errorf("got %v", err)
	}
	if d := Diff(head, worktreeTree(t, r)); len(d) > 0 {
		t.Errorf("working tree: %v", d)
	}
}

func TestEmptyRepository(t *testing.T) {
	dir := initRepo(t)
	r := open(t, dir)
	_, err := r.Resolve("HEAD")
	if e := isA[*RevisionError](t, err); !e.Empty {
		t.Errorf("got %+v", e)
	}
	_, err = r.DefaultBase()
	if e := isA[*RevisionError](t, err); !e.Empty {
		t.Errorf("got %+v", e)
	}
	write(t, dir, "new.yml", "x")
	if got := nameStatus(Diff(Empty(), worktreeTree(t, r))); got["new.yml"] != "A" || len(got) != 1 {
		t.Errorf("got %v", got)
	}
	if got := indexTree(t, r).Entries(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestResolve(t *testing.T) {
	dir := small(t)
	head, first := git(t, dir, "rev-parse", "HEAD"), git(t, dir, "rev-parse", "HEAD~1")
	git(t, dir, "tag", "-a", "-m", "t", "v1", "HEAD~1")
	git(t, dir, "tag", "-a", "-m", "t", "v1again", "v1")
	git(t, dir, "tag", "light")
	git(t, dir, "branch", "feature/x", "HEAD~1")
	git(t, dir, "checkout", "-q", "-b", "side", "HEAD~1")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "side")
	side := git(t, dir, "rev-parse", "HEAD")
	git(t, dir, "merge", "-q", "--no-ff", "-m", "m", "main")
	git(t, dir, "update-ref", "refs/remotes/origin/remote-only", first)
	git(t, dir, "tag", "blob", git(t, dir, "rev-parse", "HEAD:README.md"))
	r := open(t, dir)
	for rev, want := range map[string]string{
		"main": head, "heads/main": head, "refs/heads/main": head, "main~1": first, "main^": first, "main~": first,
		"feature/x": first, "v1": first, "v1again": first, "v1^{}": first, "v1^{commit}": first, "light": head, "tags/light~1": first,
		head: head, strings.ToUpper(head): head, head[:10]: head, strings.ToUpper(head[:10]): head, head[:12] + "^0": head,
		"HEAD": "", "@": "", "HEAD^1": side, "HEAD^2": head, "HEAD^2~1": first, "HEAD~2": first, "HEAD^^": first,
		"remote-only": first, "origin/remote-only": first,
	} {
		if want == "" {
			want = git(t, dir, "rev-parse", rev)
		}
		got, err := r.Resolve(rev)
		if err != nil || got.String() != want {
			t.Errorf("%s: got %v %v, want %s", rev, got, err, want)
		}
	}
	for _, rev := range []string{
		"", "nope", "main~9", "HEAD^3", "main^x", "main:README.md", "main@{1}", "../../etc", "refs/heads/../../HEAD",
		strings.Repeat("0", 39) + "1", "deadbeef", "config", "main~99999999999999999999", "blob", "a b", "main^{tree}", "~1", "\x00",
	} {
		_, err := r.Resolve(rev)
		if isA[*RevisionError](t, err).Rev != rev {
			t.Errorf("%q: got %v", rev, err)
		}
	}
	git(t, dir, "pack-refs", "--all")
	git(t, dir, "checkout", "-q", "--detach", "main")
	r = open(t, dir)
	for rev, want := range map[string]string{"HEAD": head, "main": head, "v1": first, "origin/remote-only": first} {
		if got, err := r.Resolve(rev); err != nil || got.String() != want {
			t.Errorf("packed: %s: got %v %v", rev, got, err)
		}
	}
}

func TestDefaultBase(t *testing.T) {
	dir := small(t)
	if got, err := open(t, dir).DefaultBase(); err != nil || got != "main" {
		t.Errorf("got %q %v", got, err)
	}
	git(t, dir, "branch", "-m", "main", "trunk/one")
	if _, err := open(t, dir).DefaultBase(); err == nil {
		t.Error("found a base")
	}
	to := t.TempDir()
	git(t, to, "clone", "-q", dir, "c")
	if got, err := open(t, to+"/c").DefaultBase(); err != nil || got != "origin/trunk/one" {
		t.Errorf("got %q %v", got, err)
	}
	git(t, to+"/c", "remote", "set-head", "origin", "-d")
	git(t, to+"/c", "update-ref", "refs/remotes/origin/master", "HEAD")
	if got, err := open(t, to+"/c").DefaultBase(); err != nil || got != "origin/master" {
		t.Errorf("got %q %v", got, err)
	}
}

// Reading is allowed from many goroutines at once; run with -race.
func TestConcurrentRead(t *testing.T) {
	dir := initRepo(t)
	for i := range 60 {
		write(t, dir, fmt.Sprintf("d%d/f%d", i%5, i), strings.Repeat(fmt.Sprintf("line %d\n", i), 50+i))
	}
	commitAll(t, dir, "one")
	for i := range 60 {
		write(t, dir, fmt.Sprintf("d%d/f%d", i%5, i), strings.Repeat(fmt.Sprintf("line %d\n", i), 52+i))
	}
	commitAll(t, dir, "two")
	git(t, dir, "gc", "-q")
	r := open(t, dir)
	var wg sync.WaitGroup
	for range 4 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for _, rev := range []string{"HEAD", "HEAD~1"} {
				h, err := r.Resolve(rev)
				if err != nil {
					t.Error(err)
					return
				}
				tree, err := r.Commit(h)
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range tree.Entries() {
					data, err := tree.Read(e)
					if err != nil || hashObject("blob", data) != e.Hash {
						t.Errorf("%s: %v", e.Path, err)
					}
					clear(data) // the caller's own
				}
			}
		})
	}
	wg.Wait()
}
