package changes

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern, yes, no string // texts separated by spaces
	}{
		{"a", "a", "b aa a/a"},
		{"*", "a abc .x", "a/b"},
		{"*.yml", "a.yml .yml", "a.yaml x/a.yml"},
		{"a*b*c", "abc axbyc abbc", "ab ac a/bc"},
		{"a?c", "abc axc", "ac a/c abbc"},
		{"[abc]x", "ax cx", "dx x"},
		{"[!abc]x", "dx", "ax /x"},
		{"[^a-c]x", "dx", "bx"},
		{"[a-cx-z]", "b y", "d"},
		{"[]a]", "] a", "b"},
		{"[!]a]", "b", "] a"},
		{"[[:digit:]x]", "5 x", "a"},
		{"[[:nonsense:]]", "", "a 5"},
		{"[a", "", "a [a"},
		{`\*`, "*", "a"},
		{`[\]]`, "]", `\`},
		{`a\`, "", `a a\`},
		{"**/a", "a x/a x/y/a", "xa x/ya"},
		{"a/**", "a/b a/b/c", "a b/a"},
		{"a/**/b", "a/b a/x/b a/x/y/b", "ab a/xb"},
		{"a/**/b/c", "a/b/x/b/c a/b/c", "a/b/x/c"},
		{"a**b", "ab axb", "a/b"},
		{"**a", "a xa", "x/a"},
		{"a/*/c", "a/b/c", "a/c a/b/b/c"},
	}
	for _, tt := range tests {
		g, ok := compileGlob(tt.pattern)
		for _, s := range strings.Fields(tt.yes) {
			if !ok || !g.match(s) {
				t.Errorf("%q does not match %q", tt.pattern, s)
			}
		}
		for _, s := range strings.Fields(tt.no) {
			if ok && g.match(s) {
				t.Errorf("%q matches %q", tt.pattern, s)
			}
		}
	}
}

// A pattern made to explode takes no longer than others.
func TestGlobTime(t *testing.T) {
	g, _ := compileGlob(strings.Repeat("a*", 200) + "b")
	start := time.Now()
	if g.match(strings.Repeat("a", 4000)) {
		t.Error("matches")
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
}

// Random patterns over random paths, against git.
func TestIgnoreOracle(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 9))
	pieces := []string{"a", "b", "ab", "*", "?", "**", "/", "/", "[ab]", "[!a]", "*b", "a*", "[[:alpha:]]", `\a`, " ", "\\ "}
	names := []string{"a", "b", "ab", "ba", "aab", "c", " ", "a "}
	rounds := 15
	if testing.Short() {
		rounds = 5
	}
	for range rounds {
		dir := initRepo(t)
		file := func() string {
			var b strings.Builder
			for range 1 + rng.IntN(5) {
				if rng.IntN(4) == 0 {
					b.WriteString("!")
				}
				for range 1 + rng.IntN(4) {
					b.WriteString(pieces[rng.IntN(len(pieces))])
				}
				b.WriteString([]string{"\n", "/\n", "\r\n", "\n# comment\n\n"}[rng.IntN(4)])
			}
			return b.String()
		}
		top, sub, exclude, user := file(), file(), file(), file()
		for range 40 {
			p := ""
			for range 1 + rng.IntN(4) {
				p += "/" + names[rng.IntN(len(names))]
			}
			write(t, dir, "x"+p+".d/f", "1")
			write(t, dir, "x"+p+".d/"+names[rng.IntN(len(names))], "1")
			write(t, dir, names[rng.IntN(len(names))]+"1"+p+".e/a", "1")
		}
		for _, n := range names {
			write(t, dir, "q/"+n, "1")
		}
		write(t, dir, ".gitignore", top)
		write(t, dir, "x/.gitignore", sub)
		write(t, dir, "x/a.d/.gitignore", file())
		write(t, dir, ".git/info/exclude", exclude)
		write(t, dir, "../user-ignore", user)
		git(t, dir, "config", "core.excludesFile", "../user-ignore")
		want := strings.Split(strings.TrimSuffix(git(t, dir, "ls-files", "-z", "--others", "--exclude-standard"), "\x00"), "\x00")
		slices.Sort(want)
		if want[0] == "" {
			want = want[1:]
		}
		if diff := cmp.Diff(want, paths(worktreeTree(t, open(t, dir)))); diff != "" {
			t.Fatalf(".gitignore %q\nx/.gitignore %q\nexclude %q\nuser %q\n(-git +ours)\n%s", top, sub, exclude, user, diff)
		}
	}
}

func TestUserIgnore(t *testing.T) {
	dir := initRepo(t)
	write(t, dir, "a.tmp", "1")
	write(t, dir, "a.yml", "1")
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	write(t, home, ".config/git/ignore", "*.tmp\n")
	if diff := cmp.Diff([]string{"a.yml"}, paths(worktreeTree(t, open(t, dir)))); diff != "" {
		t.Error(diff)
	}
	write(t, home, "inc", "[core]\n\texcludesFile = ~/mine # comment\n")
	write(t, home, ".gitconfig", "[include]\n\tpath = inc\n")
	write(t, home, "mine", "*.yml\n")
	if diff := cmp.Diff([]string{"a.tmp"}, paths(worktreeTree(t, open(t, dir)))); diff != "" {
		t.Error(diff)
	}
}
