package changes

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func item(s string) Item { // "path:index id content"
	f := strings.Fields(s)
	it := Item{Content: f[2]}
	it.Path, _, _ = strings.Cut(f[0], ":")
	fmt.Sscanf(f[0][len(it.Path):], ":%d", &it.Index)
	if f[1] != "-" {
		it.ID = f[1]
	}
	return it
}

func items(s string) []Item {
	var out []Item
	for part := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(part) != "" {
			out = append(out, item(part))
		}
	}
	return out
}

func TestMatch(t *testing.T) {
	tests := []struct{ name, base, head, want string }{
		{"nothing", "", "", ""},
		{"same", "a:0 1 x", "a:0 1 x", "unchanged 0 0"},
		{"id in another case", "a:0 AB x", "a:0 ab x", "unchanged 0 0"},
		{"edited", "a:0 1 x", "a:0 1 y", "modified 0 0"},
		{"moved", "a:0 1 x", "b:0 1 x", "moved 0 0"},
		{"moved and edited", "a:0 1 x", "b:0 1 y", "modified 0 0"},
		{"reordered in its file", "a:0 1 x, a:1 2 y", "a:0 2 y, a:1 1 x", "unchanged 1 0, unchanged 0 1"},
		{"added", "", "a:0 1 x", "added -1 0"},
		{"removed", "a:0 1 x", "", "removed 0 -1"},
		{"replaced by another file", "a:0 1 x", "b:0 2 y", "removed 0 -1, added -1 0"},
		{"a copy is new", "a:0 1 x", "a:0 1 x, b:0 2 x", "unchanged 0 0, added -1 1"},
		{"two swap files", "a:0 1 x, b:0 2 y", "a:0 2 y, b:0 1 x", "moved 1 0, moved 0 1"},
		{"id replaced in place", "a:0 1 x", "a:0 2 y", "modified 0 0"},
		{"id given later", "a:0 - x", "a:0 1 y", "modified 0 0"},
		{"no ids, moved", "a:0 - x", "b:0 - x", "moved 0 0"},
		{"no ids, one inserted before", "a:0 - x, a:1 - y", "a:0 - n, a:1 - x, a:2 - y", "added -1 0, unchanged 0 1, unchanged 1 2"},
		{"no ids, one edited at its index", "a:0 - x, a:1 - y", "a:0 - y2, a:1 - n, a:2 - x", "added -1 0, modified 1 1, unchanged 0 2"},
		{"no ids, last one edited and moved up", "a:0 - x, a:3 - y", "a:0 - x, a:1 - z", "unchanged 0 0, modified 1 1"},
		{"duplicate ids stay in their files", "a:0 1 x, b:0 1 y", "a:0 1 x2, b:0 1 y2", "modified 0 0, modified 1 1"},
		{"duplicate ids, one file moved", "a:0 1 x, b:0 1 y", "a:0 1 x, c:0 1 y", "unchanged 0 0, moved 1 1"},
		{"duplicate ids, path before content", "a:0 1 x, b:0 1 y", "a:0 1 y, c:0 1 z", "modified 0 0, modified 1 1"},
		{"duplicate ids become one", "a:0 1 x, b:0 1 x", "b:0 1 x", "removed 0 -1, unchanged 1 0"},
		{"empty files are not a move", "a:0 - x", "b:0 - y", "removed 0 -1, added -1 0"},
		{"removed stands where it was", "a:0 1 x, a:1 2 y, a:2 3 z", "a:0 1 x, a:1 3 z", "unchanged 0 0, removed 1 -1, unchanged 2 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range Match(items(tt.base), items(tt.head)) {
				got = append(got, fmt.Sprintf("%v %d %d", c.State, c.Base, c.Head))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever comes in, every rule comes out exactly once, in order, and the same
// again from the same input.
func TestMatchCoversEverything(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	side := func() []Item {
		var out []Item
		for range rng.IntN(12) {
			it := Item{Path: string(rune('a' + rng.IntN(3))), Index: rng.IntN(4), Content: fmt.Sprint(rng.IntN(5))}
			if rng.IntN(3) > 0 {
				it.ID = fmt.Sprint(rng.IntN(6))
			}
			if rng.IntN(8) == 0 {
				it.Content = ""
			}
			out = append(out, it)
		}
		return out
	}
	for range 3000 {
		b, h := side(), side()
		got := Match(b, h)
		seenB, seenH := map[int]bool{}, map[int]bool{}
		last := Item{}
		for _, c := range got {
			at := Item{}
			if c.Base >= 0 {
				if seenB[c.Base] {
					t.Fatalf("base %d twice: %v", c.Base, got)
				}
				seenB[c.Base], at = true, b[c.Base]
			}
			if c.Head >= 0 {
				if seenH[c.Head] {
					t.Fatalf("head %d twice: %v", c.Head, got)
				}
				seenH[c.Head], at = true, h[c.Head]
			}
			if at.Path < last.Path || at.Path == last.Path && at.Index < last.Index {
				t.Fatalf("out of order: %v", got)
			}
			last = at
			want := map[bool]State{true: Removed, false: Added}[c.Head < 0]
			if c.Base >= 0 && c.Head >= 0 {
				want = Modified
				if same := b[c.Base].Content == h[c.Head].Content && h[c.Head].Content != ""; same {
					want = Moved
					if b[c.Base].Path == h[c.Head].Path {
						want = Unchanged
					}
				}
			}
			if c.State != want {
				t.Fatalf("got %v, want %v", c, want)
			}
		}
		if len(seenB) != len(b) || len(seenH) != len(h) {
			t.Fatalf("%d of %d and %d of %d came out", len(seenB), len(b), len(seenH), len(h))
		}
		if diff := cmp.Diff(got, Match(b, h)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// A rename storm, where git's similarity search and go-git's take minutes.
func BenchmarkMatchRenameStorm(b *testing.B) {
	var base, head []Item
	for i := range 5000 {
		id := fmt.Sprint(i)
		base = append(base, Item{Path: "old/" + id, ID: id, Content: "a" + id})
		head = append(head, Item{Path: "new/" + id, ID: id, Content: "b" + id})
	}
	for b.Loop() {
		if got := Match(base, head); got[0].State != Modified {
			b.Fatal(got[0])
		}
	}
}

// listed is a tree of made-up entries.
type listed []Entry

func (l listed) Name() string                 { return "listed" }
func (l listed) Entries() []Entry             { return l }
func (l listed) Read(e Entry) ([]byte, error) { return nil, ErrNotRegular }

func entries(s string) listed { // "path=content[*@]": executable, link
	var out listed
	for f := range strings.FieldsSeq(s) {
		path, text, _ := strings.Cut(f, "=")
		e := Entry{Path: path, Mode: Regular}
		if cut, ok := strings.CutSuffix(text, "*"); ok {
			text, e.Mode = cut, Executable
		} else if cut, ok := strings.CutSuffix(text, "@"); ok {
			text, e.Mode = cut, Symlink
		}
		e.Hash = hashObject("blob", []byte(text))
		out = append(out, e)
	}
	sortEntries(out)
	return out
}

func TestDiff(t *testing.T) {
	tests := []struct{ name, base, head, want string }{
		{"nothing", "", "", ""},
		{"same", "a=1 b=2", "a=1 b=2", ""},
		{"all kinds", "a=1 b=2 c=3 d=4", "b=5 c=3 e=4 f=6", "removed a, modified b, moved d>e, added f"},
		{"mode", "a=1", "a=1*", "modified a"},
		{"type", "a=1", "a=1@", "modified a"},
		{"moved and made executable", "a=1", "b=1*", "moved a>b"},
		{"a link is not a file", "a=1", "b=1@", "removed a, added b"},
		{"empty files do not move", "a=", "b=", "removed a, added b"},
		{"same name first", "x/a=1 x/b=1", "y/b=1 z/a=1", "moved x/b>y/b, moved x/a>z/a"},
		{"then order", "a=1 b=1", "c=1 d=1 e=1", "moved a>c, moved b>d, added e"},
		{"mixed", "p/n=1 q=1 r=1", "s/n=1 t=1", "removed r, moved p/n>s/n, moved q>t"},
		{"order by bytes", "a/b=1", "a-b=2 a/b=3", "added a-b, modified a/b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range Diff(entries(tt.base), entries(tt.head)) {
				s := c.State.String() + " " + c.Path()
				if c.State == Moved {
					s = "moved " + c.Base.Path + ">" + c.Head.Path
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
