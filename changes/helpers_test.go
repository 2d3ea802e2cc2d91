package changes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain keeps the configuration of whoever runs the tests out of them.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "detlint-changes-home-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "GIT_") {
			os.Unsetenv(name)
		}
	}
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, ".config"), "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "C",
		"GIT_COMMITTER_EMAIL": "c@example.com", "LC_ALL": "C",
	} {
		os.Setenv(name, value)
	}
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// needGit skips a test where there is no git binary to build repositories with.
func needGit(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs the git binary to build repositories")
	}
}

// runGit runs git in a folder with something to read and returns what it says.
func runGit(dir, stdin string, args ...string) (string, error) {
	args = append([]string{
		"-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", "-c", "core.quotePath=false",
		"-c", "advice.detachedHead=false", "-c", "gc.auto=0",
	}, args...)
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out), err
}

func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, err := runGit(dir, "", args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out, "\n")
}

// initRepo makes an empty repository.
func initRepo(t testing.TB) string {
	t.Helper()
	needGit(t)
	dir := filepath.Join(t.TempDir(), "repo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "init", "-q")
	return dir
}

// write puts a file into a folder.
func write(t testing.TB, dir, path, text string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// commitAll commits everything and returns the commit.
func commitAll(t testing.TB, dir, message string) Hash {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", message)
	return hash(t, git(t, dir, "rev-parse", "HEAD"))
}

func hash(t testing.TB, s string) Hash {
	t.Helper()
	h, err := ParseHash(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return h
}

func open(t testing.TB, dir string) *Repository { return openWith(t, dir, Options{}) }

func openWith(t testing.TB, dir string, o Options) *Repository {
	t.Helper()
	r, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func resolve(t testing.TB, r *Repository, rev string) Hash {
	t.Helper()
	h, err := r.Resolve(rev)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func commitTree(t testing.TB, r *Repository, rev string) Tree {
	t.Helper()
	tree, err := r.Commit(resolve(t, r, rev))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func indexTree(t testing.TB, r *Repository) Tree {
	t.Helper()
	tree, err := r.Index()
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func worktreeTree(t testing.TB, r *Repository) Tree {
	t.Helper()
	tree, err := r.Worktree()
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func paths(tree Tree) []string {
	out := []string{}
	for _, e := range tree.Entries() {
		out = append(out, e.Path)
	}
	return out
}

// read returns the text of a path of a tree.
func read(t testing.TB, tree Tree, path string) string {
	t.Helper()
	e, ok := Lookup(tree, path)
	if !ok {
		t.Fatalf("%s has no %q", tree.Name(), path)
	}
	data, err := tree.Read(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// nameStatus writes changes as git diff --name-status --no-renames would, with
// a change of type as a modification.
func nameStatus(list []FileChange) map[string]string {
	out := map[string]string{}
	for _, c := range list {
		switch c.State {
		case Added:
			out[c.Head.Path] = "A"
		case Removed:
			out[c.Base.Path] = "D"
		case Moved:
			out[c.Head.Path], out[c.Base.Path] = "A", "D"
		case Modified:
			out[c.Head.Path] = "M"
		}
	}
	return out
}

// gitNameStatus asks git the same.
func gitNameStatus(t testing.TB, dir string, args ...string) map[string]string {
	t.Helper()
	out := git(t, dir, append([]string{"diff", "--name-status", "-z", "--no-renames", "--no-ext-diff"}, args...)...)
	fields := strings.Split(out, "\x00")
	m := map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		state := fields[i]
		if state == "T" {
			state = "M"
		}
		m[fields[i+1]] = state
	}
	return m
}

// isA fails unless an error is of a type.
func isA[T error](t testing.TB, err error) T {
	t.Helper()
	var want T
	if !errors.As(err, &want) {
		t.Fatalf("got error %v (%T), want a %T", err, err, want)
	}
	return want
}
