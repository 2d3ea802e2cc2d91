package changes

import (
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lsFiles is what git says is in the index, one line per entry.
func lsFiles(t testing.TB, dir string) []string {
	t.Helper()
	out := git(t, dir, "ls-files", "-s", "-z")
	return strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
}

func ourFiles(t testing.TB, r *Repository) []string {
	t.Helper()
	idx, err := r.readIndex()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range idx.entries {
		out = append(out, fmt.Sprintf("%06o %v %d\t%s", e.mode, e.hash, e.stage, e.path))
	}
	return out
}

// Every version and extension of the index, against git ls-files.
func TestIndexOracle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args [][]string
	}{
		{"version 2", [][]string{{"update-index", "--index-version=2"}}},
		{"version 3", [][]string{{"update-index", "--skip-worktree", "dir0/f1"}}},
		{"version 4", [][]string{{"update-index", "--index-version=4"}}},
		{"version 4, many threads", [][]string{{"config", "index.threads", "4"}, {"update-index", "--index-version=4"}}},
		{"split", [][]string{{"update-index", "--split-index"}}},
		{"split, version 4", [][]string{{"update-index", "--index-version=4"}, {"update-index", "--split-index"}}},
		{"untracked cache", [][]string{{"update-index", "--force-untracked-cache"}, {"status"}}},
		{"file system monitor", [][]string{{"config", "core.fsmonitor", "true"}, {"update-index", "--fsmonitor"}}},
		{"no checksum", [][]string{{"config", "index.skipHash", "true"}, {"update-index", "--force-write-index"}}},
		{"feature.manyFiles", [][]string{{"config", "feature.manyFiles", "true"}, {"update-index", "--refresh"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := initRepo(t)
			for i := range 150 {
				write(t, dir, fmt.Sprintf("dir%d/f%d", i%7, i), fmt.Sprint(i))
			}
			commitAll(t, dir, "one")
			for _, args := range tt.args {
				if out, err := runGit(dir, "", args...); err != nil {
					t.Skip(out, err) // not in every version of git
				}
			}
			if strings.Contains(tt.name, "monitor") {
				defer runGit(dir, "", "fsmonitor--daemon", "stop")
			}
			r := open(t, dir)
			for round := range 4 {
				if diff := cmp.Diff(lsFiles(t, dir), ourFiles(t, r)); diff != "" {
					t.Fatalf("round %d (-git +ours):\n%s", round, diff)
				}
				// Entries replaced, removed and added on top of a shared index.
				write(t, dir, fmt.Sprintf("dir1/f%d", 1+7*round), "changed"+fmt.Sprint(round))
				write(t, dir, fmt.Sprintf("dir%d/new%d", round, round), "new")
				write(t, dir, strings.Repeat("n", 200)+"/"+strings.Repeat("x", 100*round+50)[:min(250, 100*round+50)], "long")
				os.Remove(filepath.Join(dir, fmt.Sprintf("dir2/f%d", 2+7*round)))
				git(t, dir, "add", "-A")
			}
		})
	}
}

func TestIndexConflictOracle(t *testing.T) {
	dir := small(t)
	git(t, dir, "checkout", "-q", "-b", "topic", "HEAD~1")
	write(t, dir, "rules/a.yml", "ours")
	commitAll(t, dir, "topic")
	runGit(dir, "", "merge", "-q", "main")
	if diff := cmp.Diff(lsFiles(t, dir), ourFiles(t, open(t, dir))); diff != "" {
		t.Error(diff)
	}
}

// sealed puts the checksum behind an index.
func sealed(b []byte) []byte {
	sum := sha1.Sum(b)
	return append(b[:len(b):len(b)], sum[:]...)
}

func TestIndexDamage(t *testing.T) {
	dir := small(t)
	good, err := os.ReadFile(filepath.Join(dir, ".git/index"))
	if err != nil {
		t.Fatal(err)
	}
	body := good[:len(good)-hashSize]
	ext := func(name, data string) []byte {
		b := append([]byte{}, body...)
		b = append(b, name...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
		return sealed(append(b, data...))
	}
	tests := []struct {
		name string
		data []byte
		want any
	}{
		{"optional extension", ext("ZZZZ", "whatever"), nil},
		{"mandatory extension", ext("zzzz", "whatever"), (*UnsupportedError)(nil)},
		{"short", good[:20], (*CorruptError)(nil)},
		{"truncated", good[:len(good)/2], (*CorruptError)(nil)},
		{"flipped bit", append(append([]byte{}, good[:80]...), append([]byte{good[80] ^ 1}, good[81:]...)...), (*CorruptError)(nil)},
		{"other version", sealed(append([]byte("DIRC\x00\x00\x00\x09"), body[8:]...)), (*UnsupportedError)(nil)},
		{"too many entries", sealed(append([]byte("DIRC\x00\x00\x00\x02\xff\xff\xff\xff"), body[12:]...)), (*CorruptError)(nil)},
		{"path outside", sealed([]byte(strings.Replace(string(body), "rules/a.yml", "../../a.yml", 1))), (*CorruptError)(nil)},
		{"absolute path", sealed([]byte(strings.Replace(string(body), "rules/a.yml", "/ules/a.yml", 1))), (*CorruptError)(nil)},
		{"git's own folder", sealed([]byte(strings.Replace(string(body), "rules/a.yml", ".GIT/xa.yml", 1))), (*CorruptError)(nil)},
		{"broken link", ext("link", strings.Repeat("x", 30)), (*CorruptError)(nil)},
		{"link to nothing", ext("link", strings.Repeat("x", 20)), errMissingFile},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(dir, ".git/index"), tt.data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := open(t, dir).Index()
			switch want := tt.want.(type) {
			case nil:
				if err != nil {
					t.Error(err)
				}
			case *UnsupportedError:
				isA[*UnsupportedError](t, err)
			case *CorruptError:
				isA[*CorruptError](t, err)
			case error:
				if !errors.Is(err, want) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

var errMissingFile = os.ErrNotExist

// bitmapOf writes an EWAH bitmap the simplest way: one marker, literals only.
func bitmapOf(n int, members ...int) []byte {
	words := make([]uint64, (n+63)/64)
	for _, m := range members {
		words[m>>6] |= 1 << (m & 63)
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(n))
	b = binary.BigEndian.AppendUint32(b, uint32(len(words)+1))
	b = binary.BigEndian.AppendUint64(b, uint64(len(words))<<33)
	for _, w := range words {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return binary.BigEndian.AppendUint32(b, 0)
}

func TestBitmap(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		n := 1 + rng.IntN(300)
		in := map[int]bool{}
		var members []int
		largest := -1
		for range rng.IntN(10) {
			m := rng.IntN(n)
			in[m] = true
			members = append(members, m)
			largest = max(largest, m)
		}
		got, rest, err := decodeBitmap(append(bitmapOf(n, members...), "rest"...))
		if err != nil || string(rest) != "rest" || got.max != largest {
			t.Fatalf("%v of %d: got %+v %q %v", members, n, got, rest, err)
		}
		for i := range n + 70 {
			if got.has(i) != in[i] {
				t.Fatalf("%v of %d: %d is wrong", members, n, i)
			}
		}
	}
	// A run of ones: 2 words, of which 100 bits count.
	b := binary.BigEndian.AppendUint32(nil, 100)
	b = binary.BigEndian.AppendUint32(b, 1)
	b = binary.BigEndian.AppendUint64(b, 2<<1|1)
	got, _, err := decodeBitmap(binary.BigEndian.AppendUint32(b, 0))
	if err != nil || got.max != 99 || !got.has(0) || !got.has(99) || got.has(100) {
		t.Errorf("got %+v %v", got, err)
	}
}

// Whatever the bytes, decoding ends, without a panic, in bounded memory, and
// never gives a path that leaves the tree.
func FuzzDecodeIndex(f *testing.F) {
	needGit(f)
	dir := small(f)
	for _, version := range []string{"2", "3", "4"} {
		git(f, dir, "update-index", "--index-version="+version)
		data, err := os.ReadFile(filepath.Join(dir, ".git/index"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:len(data)-hashSize])
	}
	git(f, dir, "update-index", "--split-index")
	write(f, dir, "rules/a.yml", "changed")
	git(f, dir, "add", "-A")
	data, err := os.ReadFile(filepath.Join(dir, ".git/index"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[:len(data)-hashSize])
	f.Fuzz(func(t *testing.T, body []byte) {
		idx, err := decodeIndex(append(body[:len(body):len(body)], make([]byte, hashSize)...))
		if err != nil {
			return
		}
		list := idx.entries
		if !idx.shared.IsZero() {
			shared := &indexFile{entries: make([]indexEntry, 8)}
			for i := range shared.entries {
				shared.entries[i].path = fmt.Sprint("p", i)
			}
			if list, err = idx.merge(shared); err != nil {
				return
			}
		}
		for _, e := range list {
			if err := validPath(strings.TrimSuffix(e.path, "/")); err != nil {
				t.Errorf("%q %v", e.path, err)
			}
		}
	})
}
