package changes

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The checked-out file is believed only when it is what was committed.
func TestCommittedBytes(t *testing.T) {
	dir := small(t)
	r := open(t, dir)
	head := commitTree(t, r, "HEAD")
	write(t, dir, "rules/a.yml", "edited")
	os.Remove(filepath.Join(dir, "rules/b.yml"))
	os.Symlink("a.yml", filepath.Join(dir, "rules/b.yml"))
	os.RemoveAll(filepath.Join(dir, "rules/sub"))
	os.Symlink(".", filepath.Join(dir, "rules/sub"))
	write(t, dir, "rules/c.yml", "edited")
	if got := read(t, head, "rules/a.yml") + read(t, head, "rules/b.yml") + read(t, head, "rules/sub/c.yml"); got != "a2\nb\nc\n" {
		t.Errorf("got %q", got)
	}
}

func TestWorktreeChangedBetween(t *testing.T) {
	dir := small(t)
	write(t, dir, "rules/a.yml", "edited")
	write(t, dir, "rules/new.yml", "new")
	r := open(t, dir)
	work := worktreeTree(t, r)
	write(t, dir, "rules/a.yml", "again")
	os.Remove(filepath.Join(dir, "rules/new.yml"))
	for _, path := range []string{"rules/a.yml", "rules/new.yml"} {
		e, _ := Lookup(work, path)
		_, err := work.Read(e)
		isA[*ChangedError](t, err)
	}
}

func TestSpecialFiles(t *testing.T) {
	dir := small(t)
	outside := t.TempDir()
	write(t, outside, "secret/x.yml", "secret")
	os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "link"))
	os.Symlink(filepath.Join(outside, "secret/x.yml"), filepath.Join(dir, "rules/x.yml"))
	write(t, dir, "nested/n.yml", "n")
	git(t, dir+"/nested", "init", "-q")
	git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", small(t), "mod")
	if err := makeFIFO(filepath.Join(dir, "rules/pipe.yml")); err != nil {
		t.Log(err)
	}
	os.Remove(filepath.Join(dir, "rules/b.yml")) // tracked, a pipe now
	_ = makeFIFO(filepath.Join(dir, "rules/b.yml"))

	r := open(t, dir)
	work := worktreeTree(t, r)
	want := []string{".gitmodules", "README.md", "link", "mod", "rules/a.yml", "rules/sub/c.yml", "rules/x.yml"}
	if diff := cmp.Diff(want, paths(work)); diff != "" {
		t.Error(diff)
	}
	for path, mode := range map[string]Mode{"link": Symlink, "rules/x.yml": Symlink, "mod": Submodule} {
		e, _ := Lookup(work, path)
		if e.Mode != mode {
			t.Errorf("%s is a %v", path, e.Mode)
		}
		if _, err := work.Read(e); !errors.Is(err, ErrNotRegular) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	// Entries that were never listed do not lead outside either.
	for _, path := range []string{"link/x.yml", "rules/x.yml", "../x", "/etc/passwd", "rules/pipe.yml"} {
		for _, tree := range []Tree{work, indexTree(t, r)} {
			if data, err := tree.Read(Entry{Path: path, Mode: Regular, Hash: hashObject("blob", []byte("secret"))}); err == nil {
				t.Errorf("%s: read %q from %q", tree.Name(), data, path)
			}
		}
	}
	d, err := Dir(dir, func(p string) bool { return !strings.HasPrefix(p, "mod/") })
	if err != nil {
		t.Fatal(err)
	}
	if got := paths(d); !slices.Contains(got, "nested/n.yml") || slices.Contains(got, "link/x.yml") || slices.Contains(got, "rules/pipe.yml") {
		t.Errorf("got %v", got)
	}
	if _, err := d.Read(Entry{Path: "link/x.yml", Mode: Regular}); err == nil {
		t.Error("followed a link")
	}
}

func TestUnmerged(t *testing.T) {
	dir := small(t)
	git(t, dir, "checkout", "-q", "-b", "topic", "HEAD~1")
	write(t, dir, "rules/a.yml", "ours")
	commitAll(t, dir, "topic")
	runGit(dir, "", "merge", "-q", "main")
	r := open(t, dir)
	idx := indexTree(t, r)
	e, ok := Lookup(idx, "rules/a.yml")
	if !ok || e.Mode != Unmerged || !e.Hash.IsZero() {
		t.Errorf("got %+v", e)
	}
	_, err := idx.Read(e)
	isA[*UnmergedError](t, err)
	if got := nameStatus(Diff(commitTree(t, r, "HEAD"), idx)); got["rules/a.yml"] != "M" {
		t.Errorf("got %v", got)
	}
	if got := read(t, worktreeTree(t, r), "rules/a.yml"); !strings.Contains(got, "<<<<<<<") {
		t.Errorf("got %q", got)
	}
}

func TestIndexFlags(t *testing.T) {
	dir := small(t)
	write(t, dir, "intent.yml", "i")
	git(t, dir, "add", "-N", "intent.yml")
	git(t, dir, "update-index", "--assume-unchanged", "rules/a.yml")
	write(t, dir, "rules/a.yml", "not looked at")
	r := open(t, dir)
	if _, ok := Lookup(indexTree(t, r), "intent.yml"); ok {
		t.Error("an announced path is staged")
	}
	work := worktreeTree(t, r)
	if got := read(t, work, "intent.yml") + read(t, work, "rules/a.yml"); got != "ia2\n" {
		t.Errorf("got %q", got)
	}
}

// git commit -a gives hooks another index.
func TestIndexFile(t *testing.T) {
	dir := small(t)
	write(t, dir, "rules/a.yml", "staged elsewhere")
	t.Setenv("GIT_INDEX_FILE", ".git/next-index")
	git(t, dir, "add", "-A")
	os.Unsetenv("GIT_INDEX_FILE")
	r := openWith(t, dir, Options{IndexFile: ".git/next-index"})
	if got := read(t, indexTree(t, r), "rules/a.yml"); got != "staged elsewhere" {
		t.Errorf("got %q", got)
	}
}

func TestDir(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b/x.yml", "x")
	write(t, dir, "b-c.yml", "y")
	write(t, dir, ".git/config", "z")
	write(t, dir, "skip.txt", "t")
	tree, err := Dir(dir, func(p string) bool { return strings.HasSuffix(p, ".yml") })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b-c.yml", "b/x.yml"}, paths(tree)); diff != "" {
		t.Error(diff)
	}
	if got := read(t, tree, "b/x.yml"); got != "x" {
		t.Errorf("got %q", got)
	}
	if _, err := Dir(filepath.Join(dir, "nope"), nil); err == nil {
		t.Error("no error for a folder that is not there")
	}
	if _, err := Dir(filepath.Join(dir, "skip.txt"), nil); err == nil {
		t.Error("no error for a file")
	}
}

func TestTooLarge(t *testing.T) {
	dir := initRepo(t)
	git(t, dir, "config", "core.bigFileThreshold", "1m") // no deltas, they take long
	write(t, dir, "big", strings.Repeat("0123456789abcdef", MaxBlob/16)+"!")
	write(t, dir, "fits", strings.Repeat("0123456789abcdef", MaxBlob/16))
	commitAll(t, dir, "one")
	os.Chtimes(filepath.Join(dir, "big"), time.Time{}, time.Now().Add(-time.Hour))
	for _, pack := range []bool{false, true} {
		if pack {
			git(t, dir, "gc", "-q")
		}
		r := open(t, dir)
		for _, tree := range []Tree{commitTree(t, r, "HEAD"), indexTree(t, r), worktreeTree(t, r)} {
			e, _ := Lookup(tree, "big")
			_, err := tree.Read(e)
			large := isA[*TooLargeError](t, err)
			if large.Path != "big" || large.Size != MaxBlob+1 {
				t.Errorf("%s: got %+v", tree.Name(), large)
			}
			if got := read(t, tree, "fits"); len(got) != MaxBlob {
				t.Errorf("%s: got %d bytes", tree.Name(), len(got))
			}
		}
	}
}
