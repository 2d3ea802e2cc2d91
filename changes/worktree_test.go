package changes

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
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

var oddNames = []string{
	"plain.yml", "règle.yml", "re\u0301gle.yml", "with space.yml", "tab\there.yml", "new\nline.yml",
	`quo"te.yml`, `back\slash.yml`, "Case.yml", "case.yml", "-dash.yml", "#hash.yml", "!bang.yml", "*star.yml", "\xff\xfe.yml",
	"emoji😀.yml", strings.Repeat("long", 50) + ".yml", "a.b", "a-b", "a",
}

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
