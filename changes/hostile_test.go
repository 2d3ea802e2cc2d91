package changes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeObject makes an object that git itself would refuse to write.
func writeObject(t testing.TB, dir, kind, data string) Hash {
	t.Helper()
	out, err := runGit(dir, data, "hash-object", "-t", kind, "-w", "--literally", "--stdin")
	if err != nil {
		t.Fatal(err)
	}
	return hash(t, strings.TrimSpace(out))
}

func treeLine(mode, name string, h Hash) string { return mode + " " + name + "\x00" + string(h[:]) }

func commitOf(t testing.TB, dir string, tree Hash) Hash {
	return writeObject(t, dir, "commit", fmt.Sprintf("tree %v\nauthor A <a> 1 +0000\ncommitter C <c> 1 +0000\n\nm\n", tree))
}

func TestHostileTrees(t *testing.T) {
	dir := initRepo(t)
	blob := writeObject(t, dir, "blob", "x")
	good := writeObject(t, dir, "tree", treeLine("100644", "f", blob))
	r := open(t, dir)
	for name, data := range map[string]string{
		"parent":          treeLine("100644", "..", blob),
		"parent folder":   treeLine("40000", "..", good),
		"itself":          treeLine("40000", ".", good),
		"absolute":        treeLine("100644", "/etc/passwd", blob),
		"with a slash":    treeLine("100644", "a/../../b", blob),
		"no name":         treeLine("100644", "", blob),
		"git's folder":    treeLine("40000", ".git", good),
		"git's, folded":   treeLine("40000", ".gIt", good),
		"twice":           treeLine("100644", "a", blob) + treeLine("100755", "a", blob),
		"file and folder": treeLine("100644", "a", blob) + treeLine("40000", "a", writeObject(t, dir, "tree", "")) + treeLine("100644", "a", blob),
		"mode":            treeLine("160755x", "a", blob),
		"kind":            treeLine("010644", "a", blob),
		"truncated":       treeLine("100644", "a", blob)[:20],
		"no space":        "100644\x00" + string(blob[:]),
		"blob as folder":  treeLine("40000", "a", blob),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.Commit(commitOf(t, dir, writeObject(t, dir, "tree", data)))
			isA[*CorruptError](t, err)
		})
	}
	tree, err := r.Commit(commitOf(t, dir, writeObject(t, dir, "tree", treeLine("100664", "b", blob)+treeLine("100644", "a", blob))))
	if err != nil || fmt.Sprint(paths(tree)) != "[a b]" {
		t.Errorf("unsorted, old mode: %v", err)
	}
	_, err = r.Commit(commitOf(t, dir, Hash{1}))
	isA[*MissingObjectError](t, err)
	_, err = r.Commit(blob)
	isA[*CorruptError](t, err)
	tree, err = r.Commit(commitOf(t, dir, writeObject(t, dir, "tree", treeLine("100644", "a", good))))
	if err != nil {
		t.Fatal(err)
	}
	_, err = tree.Read(tree.Entries()[0])
	isA[*CorruptError](t, err)
}

// A few objects that describe billions of files, or of folders without any.
func TestTreeBomb(t *testing.T) {
	t.Parallel()
	dir := initRepo(t)
	for _, leaf := range []string{treeLine("100644", "f", writeObject(t, dir, "blob", "x")), ""} {
		h := writeObject(t, dir, "tree", leaf)
		for range 12 {
			data := ""
			for i := range 10 {
				data += treeLine("40000", fmt.Sprint("d", i), h)
			}
			h = writeObject(t, dir, "tree", data)
		}
		start := time.Now()
		_, err := open(t, dir).Commit(commitOf(t, dir, h))
		isA[*CorruptError](t, err)
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("took %v", d)
		}
	}
}

func TestHostileCommits(t *testing.T) {
	dir := initRepo(t)
	r := open(t, dir)
	for _, text := range []string{"", "tree x\n\n", "parent 1\n", "\ntree " + strings.Repeat("0", 40)} {
		h := writeObject(t, dir, "commit", text)
		if _, err := r.Commit(h); err == nil {
			t.Errorf("%q: no error", text)
		}
		if _, err := r.Resolve(h.String()); err == nil {
			t.Errorf("%q: resolved", text)
		}
	}
	for line, want := range map[string]uint64{
		"A <a@x> 1700000000 +0100": 1700000000, "A <a> b> 12 +0": 12, "A 5": 0, "": 0, "A <a> -5 +0000": 0, "A <a> x": 0,
		"A <a> 99999999999999999999 +0000": 0,
	} {
		if got := committed([]byte(line)); got != want && line != "A 5" {
			t.Errorf("%q: got %d", line, got)
		}
	}
}

// Damage anywhere in a pack or its index is an error or harmless, never a
// panic, an endless loop or wrong bytes.
func TestDamagedPack(t *testing.T) {
	t.Parallel()
	dir := initRepo(t)
	for i := range 12 {
		write(t, dir, "f", strings.Repeat("some line\n", 40)+strings.Repeat(fmt.Sprintln("line", i), 9))
		write(t, dir, fmt.Sprint("g", i), fmt.Sprint(i))
		commitAll(t, dir, fmt.Sprint(i))
	}
	git(t, dir, "gc", "-q", "--aggressive")
	packs, _ := filepath.Glob(dir + "/.git/objects/pack/*")
	head := hash(t, git(t, dir, "rev-parse", "HEAD"))
	os.RemoveAll(dir + "/f")
	for _, file := range packs {
		if !strings.HasSuffix(file, ".pack") && !strings.HasSuffix(file, ".idx") {
			continue
		}
		good, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		os.Chmod(file, 0o600)
		step := 1 + len(good)/400
		for i := 0; i < len(good); i += step {
			bad := append([]byte{}, good...)
			bad[i] ^= byte(1 << (i % 8))
			if i%5 == 0 {
				bad = bad[:i]
			}
			if err := os.WriteFile(file, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for h := head; ; {
				tree, err := r.Commit(h)
				if err != nil {
					break
				}
				for _, e := range tree.Entries() {
					if data, err := tree.Read(e); err == nil && hashObject("blob", data) != e.Hash {
						t.Fatalf("%s, byte %d: wrong content", file, i)
					}
				}
				c, err := r.commit(h)
				if err != nil || len(c.parents) == 0 {
					break
				}
				h = c.parents[0]
			}
			r.Close()
		}
		if err := os.WriteFile(file, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAlternatesLoop(t *testing.T) {
	dir := small(t)
	write(t, dir, ".git/objects/info/alternates", "../objects\n\n# comment\n/nonexistent\n\"/quo\\tted\"\n"+dir+"/.git/objects/../objects\n")
	checkSmall(t, open(t, dir))
}

// A reference that names a reference that names it.
func TestReferenceLoop(t *testing.T) {
	dir := small(t)
	write(t, dir, ".git/refs/heads/a", "ref: refs/heads/b\n")
	write(t, dir, ".git/refs/heads/b", "ref: refs/heads/a\n")
	write(t, dir, ".git/refs/heads/c", "ref: ../../config\n")
	write(t, dir, ".git/refs/heads/d", "not a hash\n")
	r := open(t, dir)
	for _, rev := range []string{"a", "b", "c", "d"} {
		if h, err := r.Resolve(rev); err == nil {
			t.Errorf("%s: got %v", rev, h)
		}
	}
}

func TestIsLFSPointer(t *testing.T) {
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
	for text, want := range map[string]bool{
		pointer: true, "": false, "title: x\n" + pointer: false, "version https://git-lfs.github.com/spec/v1\n": false,
		pointer + strings.Repeat("x", 2000): false,
	} {
		if IsLFSPointer([]byte(text)) != want {
			t.Errorf("%q: not %v", text, want)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&NotRepositoryError{Dir: "x"}, "x is not in a git repository"},
		{&NoMergeBaseError{Rev: "origin/main", Shallow: true, Commits: 3}, "this checkout has no merge base with origin/main (it is shallow: 3 commits)"},
		{&NoMergeBaseError{Rev: "main"}, "this checkout has no merge base with main (their histories are unrelated)"},
		{&MissingBlobError{Path: "a\tb", Hash: Hash{0xab}, Partial: true}, `"a\tb": blob ab00000 is missing (partial clone); run git fetch --refetch --no-filter, or clone without --filter`},
		{&MissingObjectError{Kind: "tree", Hash: Hash{0xab}}, "tree ab00000 is missing; the repository is damaged or incomplete, try git fsck"},
		{&TooLargeError{Path: "a", Size: 5, Limit: 4}, `"a": 5 bytes are more than the limit of 4`},
		{&UnmergedError{Path: "a"}, `"a": is in conflict; resolve it and git add it first`},
		{&RevisionError{Rev: "x", Reason: "no such branch, tag or commit", Hint: "fetch it"}, `cannot resolve "x": no such branch, tag or commit; fetch it`},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
