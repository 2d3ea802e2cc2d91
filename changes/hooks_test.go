package changes

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHooksDir(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	root := filepath.Join(dir, "repo")
	for _, d := range []string{home, filepath.Join(root, ".git", "objects"), filepath.Join(root, ".git", "refs"), filepath.Join(root, "sub")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(root, ".git", "HEAD"), "ref: refs/heads/main\n")
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(home, "config"))
	for _, tt := range []struct {
		name, repository, user string
		want                   string // below dir
		own                    bool
	}{
		{"nothing said", "", "", "repo/.git/hooks", true},
		{"of the repository", "[core]\nhooksPath = .husky\n", "", "repo/.husky", true},
		{"up and down again", "[core]\nhooksPath = ../repo/hooks\n", "", "repo/hooks", true},
		{"beside it", "[core]\nhooksPath = ../hooks\n", "", "hooks", false},
		{"a name that begins the same", "[core]\nhooksPath = ../repo-hooks\n", "", "repo-hooks", false},
		{"of the user", "", "[core]\nhooksPath = ~/hooks\n", "home/hooks", false},
		{"the repository overrides the user", "[core]\nhooksPath = mine\n", "[core]\nhooksPath = ~/hooks\n", "repo/mine", true},
	} {
		write(filepath.Join(root, ".git", "config"), tt.repository)
		write(filepath.Join(home, "config"), tt.user)
		repo, err := Open(filepath.Join(root, "sub"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, own := repo.HooksDir()
		if want := filepath.Join(dir, filepath.FromSlash(tt.want)); got != want || own != tt.own {
			t.Errorf("%s: %s, %t; want %s, %t", tt.name, got, own, want, tt.own)
		}
		if err := repo.Close(); err != nil {
			t.Error(err)
		}
	}
}
