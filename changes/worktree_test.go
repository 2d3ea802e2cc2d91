package changes

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// gitStatus asks git what is staged and what is not, as Diff would say it.
func gitStatus(t testing.TB, dir string) (staged, unstaged map[string]string) {
	t.Helper()
	out := git(t, dir, "-c", "status.renames=false", "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none")
	staged, unstaged = map[string]string{}, map[string]string{}
	for line := range strings.SplitSeq(out, "\x00") {
		if len(line) < 4 {
			continue
		}
		path := line[3:]
		put := func(m map[string]string, c byte) {
			switch c {
			case 'T':
				m[path] = "M"
			case '?':
				m[path] = "A"
			case 'A', 'M', 'D':
				m[path] = string(c)
			}
		}
		if line[0] != '?' {
			put(staged, line[0])
		}
		put(unstaged, line[1])
	}
	return staged, unstaged
}

// checkStatus compares with git, and what every tree says with what it reads.
func checkStatus(t *testing.T, dir string) {
	t.Helper()
	// Without this git refreshes the index, and the times in it with it.
	t.Setenv("GIT_OPTIONAL_LOCKS", "0")
	r := open(t, dir)
	head, index, work := commitTree(t, r, "HEAD"), indexTree(t, r), worktreeTree(t, r)
	staged, unstaged := gitStatus(t, dir)
	if diff := cmp.Diff(staged, nameStatus(Diff(head, index))); diff != "" {
		t.Errorf("staged (-git +ours):\n%s", diff)
	}
	ours := nameStatus(Diff(index, work))
	for path, state := range unstaged {
		if state == "M" && ours[path] == "" && onlyLineEnds(t, r, index, path) {
			delete(unstaged, path)
		}
	}
	if diff := cmp.Diff(unstaged, ours); diff != "" {
		t.Errorf("unstaged (-git +ours):\n%s", diff)
	}
	for _, tree := range []Tree{head, index, work} {
		last := ""
		for i, e := range tree.Entries() {
			if i > 0 && e.Path <= last {
				t.Errorf("%s: %q after %q", tree.Name(), e.Path, last)
			}
			last = e.Path
			data, err := tree.Read(e)
			if !e.Mode.IsFile() {
				if !errors.Is(err, ErrNotRegular) {
					t.Errorf("%s: %q: got %v", tree.Name(), e.Path, err)
				}
			} else if err != nil || hashObject("blob", data) != e.Hash {
				t.Errorf("%s: %q: %v", tree.Name(), e.Path, err)
			}
		}
	}
}

var oddNames = []string{"plain.yml", "règle.yml", "re\u0301gle.yml", "with space.yml", "tab\there.yml", "new\nline.yml",
	`quo"te.yml`, `back\slash.yml`, "Case.yml", "case.yml", "-dash.yml", "#hash.yml", "!bang.yml", "*star.yml", "\xff\xfe.yml",
	"emoji😀.yml", strings.Repeat("long", 50) + ".yml", "a.b", "a-b", "a"}

// Random edits of every kind, against git status and git diff.
func TestWorktreeOracle(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("uses names and modes that Windows has not")
	}
	rounds := 14
	if testing.Short() {
		rounds = 4
	}
	for round := range rounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(round), 3))
			dir := initRepo(t)
			switch round % 4 {
			case 1:
				git(t, dir, "config", "core.autocrlf", "true")
			case 2:
				git(t, dir, "config", "index.version", "4")
			case 3:
				git(t, dir, "config", "core.splitIndex", "true")
			}
			dirs := []string{"", "rules/", "rules/win/", "règles/", "ignored/", "out/deep/er/"}
			var all []string
			for _, d := range dirs {
				for _, n := range oddNames {
					if rng.IntN(3) > 0 {
						all = append(all, d+n)
					}
				}
			}
			// Not inside of "a", which is a file elsewhere.
			text := func() string {
				s := ""
				for range rng.IntN(5) {
					s += fmt.Sprintf("line %d", rng.IntN(4)) + []string{"\n", "\n", "\r\n"}[rng.IntN(3)]
				}
				return s
			}
			for _, p := range all {
				write(t, dir, p, text())
			}
			if rng.IntN(2) == 0 {
				write(t, dir, ".gitattributes", "*.yml text\n")
			}
			write(t, dir, "rules/.gitignore", "*.b\n!/a.b\nwin/#*\n")
			commitAll(t, dir, "one")

			write(t, dir, ".gitignore", "ignored/\n*.tmp\n!keep.tmp\n/out/**/skip*\n")
			write(t, dir, ".git/info/exclude", "excluded-*\n")
			for range 60 {
				p := all[rng.IntN(len(all))]
				full := filepath.Join(dir, p)
				switch rng.IntN(14) {
				case 0:
					os.RemoveAll(full)
					write(t, dir, p, text())
				case 1: // the same size
					if data, err := os.ReadFile(full); err == nil && len(data) > 0 {
						data[0]++
						write(t, dir, p, string(data))
					}
				case 2:
					os.RemoveAll(full)
				case 3:
					git(t, dir, "add", "-A", "-f", "--", ":(literal)"+p)
				case 4:
					runGit(dir, "", "rm", "-q", "--cached", "--", p)
				case 5:
					if err := os.Chmod(full, 0o755); err == nil {
						os.Chtimes(full, time.Now(), time.Now())
					}
				case 6: // touched only
					now := time.Now().Add(time.Duration(rng.IntN(1000)) * time.Millisecond)
					os.Chtimes(full, now, now)
				case 7:
					to := p + []string{".tmp", "keep.tmp", ".new"}[rng.IntN(3)]
					if info, err := os.Lstat(full); err == nil && info.Mode().IsRegular() && len(to) < 220 {
						os.Rename(full, filepath.Join(dir, to))
					}
				case 8:
					write(t, dir, dirs[rng.IntN(len(dirs))]+fmt.Sprintf("new%d.yml", rng.IntN(9)), text())
				case 9:
					write(t, dir, dirs[rng.IntN(len(dirs))]+"skip-excluded-"+fmt.Sprint(rng.IntN(9)), text())
				case 10: // a link in its place
					os.RemoveAll(full)
					os.Symlink("../elsewhere", full)
				case 11: // a folder in its place
					if rng.IntN(3) == 0 {
						os.RemoveAll(full)
						write(t, dir, p+"/inside.yml", text())
					}
				case 12: // CRLF against LF
					if data, err := os.ReadFile(full); err == nil {
						s := strings.ReplaceAll(string(data), "\r\n", "\n")
						if rng.IntN(2) == 0 {
							s = strings.ReplaceAll(s, "\n", "\r\n")
						}
						write(t, dir, p, s)
					}
				case 13:
					git(t, dir, "update-index", "-q", "--refresh", "--unmerged")
				}
			}
			checkStatus(t, dir)
		})
	}
}

// onlyLineEnds says whether a file differs from the index in nothing but CRLF.
// Without attributes that ask for conversion git calls that modified; here it
// never is, because no rule means anything else with other line ends. (With
// attributes git also calls a file modified whose size alone changed.)
func onlyLineEnds(t *testing.T, r *Repository, index Tree, path string) bool {
	e, ok := Lookup(index, path)
	if !ok || !e.Mode.IsFile() {
		return false
	}
	data, err := newDisk(r.Root()).read(path)
	lf, _ := withoutCR(data)
	return err == nil && hashObject("blob", lf) == e.Hash
}

// A file written again within the resolution of its time, with the same size.
func TestRacy(t *testing.T) {
	for range 20 {
		dir := initRepo(t)
		write(t, dir, "f", "old")
		commitAll(t, dir, "one")
		write(t, dir, "f", "new")
		r := open(t, dir)
		if got := nameStatus(Diff(indexTree(t, r), worktreeTree(t, r))); got["f"] != "M" {
			t.Fatal("the edit was not seen")
		}
	}
	// The same time to the nanosecond as the index, which git marks racy.
	dir := initRepo(t)
	write(t, dir, "f", "old")
	commitAll(t, dir, "one")
	at := time.Now().Add(-time.Hour)
	os.Chtimes(filepath.Join(dir, "f"), at, at)
	git(t, dir, "update-index", "--refresh")
	write(t, dir, "f", "new")
	os.Chtimes(filepath.Join(dir, "f"), at, at)
	os.Chtimes(filepath.Join(dir, ".git/index"), at, at)
	r := open(t, dir)
	if got := nameStatus(Diff(indexTree(t, r), worktreeTree(t, r))); got["f"] != "M" {
		t.Error("the edit was not seen")
	}
}

func TestAutoCRLF(t *testing.T) {
	dir := initRepo(t)
	git(t, dir, "config", "core.autocrlf", "true")
	write(t, dir, "f.yml", "a\r\nb\r\n")
	commitAll(t, dir, "one")
	later := time.Now().Add(time.Second)
	os.Chtimes(filepath.Join(dir, "f.yml"), later, later)
	write(t, dir, "moved.yml", "a\r\nb\r\n")
	r := open(t, dir)
	head, work := commitTree(t, r, "HEAD"), worktreeTree(t, r)
	if got := nameStatus(Diff(head, work)); len(got) != 1 || got["moved.yml"] != "A" {
		t.Errorf("got %v", got)
	}
	for _, tree := range []Tree{head, work} {
		if got := read(t, tree, "f.yml"); got != "a\nb\n" {
			t.Errorf("%s: got %q", tree.Name(), got)
		}
	}
	if a, _ := Lookup(work, "moved.yml"); a.Hash != hashObject("blob", []byte("a\nb\n")) {
		t.Error("a new file is not hashed as git would store it")
	}
}

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
	if got := read(t, tree, "b/x.yml"); got != "x" || tree.Entries()[1].Hash != hashObject("blob", []byte("x")) {
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
