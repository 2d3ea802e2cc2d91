package changes

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestListingCache(t *testing.T) {
	dir := small(t)
	cache := filepath.Join(t.TempDir(), "deep", "cache")
	first := openWith(t, dir, Options{CacheDir: cache})
	want := commitTree(t, first, "HEAD").Entries()
	file := filepath.Join(cache, git(t, dir, "rev-parse", "HEAD^{tree}")+".tree")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if info, _ := os.Stat(cache); runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("folder mode %v", info.Mode())
	}
	if names, _ := readNames(cache); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// From the cache: no tree object is read.
	warm := openWith(t, dir, Options{CacheDir: cache})
	if diff := cmp.Diff(want, commitTree(t, warm, "HEAD").Entries()); diff != "" {
		t.Error(diff)
	}
	if len(warm.trees) > 0 {
		t.Error("the objects were read although there is a cache")
	}
	// Whatever is damaged is read again and repaired.
	for i := 0; i < len(good); i += 3 {
		for _, bad := range [][]byte{good[:i], append(append(append([]byte{}, good[:i]...), good[i]^4), good[i+1:]...)} {
			if err := os.WriteFile(file, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, commitTree(t, openWith(t, dir, Options{CacheDir: cache}), "HEAD").Entries()); diff != "" {
				t.Fatalf("damaged at %d: %s", i, diff)
			}
		}
	}
	if now, err := os.ReadFile(file); err != nil || string(now) != string(good) {
		t.Error("not repaired")
	}
	// A cache that cannot be written is none.
	r := openWith(t, dir, Options{CacheDir: file})
	if diff := cmp.Diff(want, commitTree(t, r, "HEAD").Entries()); diff != "" {
		t.Error(diff)
	}
}

func TestListingCachePruned(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "mine.txt", "stays")
	r := &Repository{options: Options{CacheDir: dir}}
	for i := range keptListings + 20 {
		h := Hash{byte(i)}
		r.keep(h, []Entry{{Path: fmt.Sprint(i), Mode: Regular, Hash: h, Size: -1}})
		at := time.Now().Add(time.Duration(i-1000) * time.Minute)
		os.Chtimes(filepath.Join(dir, h.String()+listingSuffix), at, at)
	}
	names, _ := readNames(dir)
	if len(names) > keptListings+2 {
		t.Errorf("%d files", len(names))
	}
	if _, ok := r.cached(Hash{keptListings + 19}); !ok {
		t.Error("the newest is gone")
	}
	if _, ok := r.cached(Hash{0}); ok {
		t.Error("the oldest is there")
	}
	if _, err := os.Stat(filepath.Join(dir, "mine.txt")); err != nil {
		t.Error(err)
	}
}

func FuzzDecodeListing(f *testing.F) {
	f.Add(encodeListing(entries("a=1 b/c=2* b/d=3@")))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, ok := decodeListing(data)
		if !ok {
			return
		}
		for _, e := range list {
			if validPath(e.Path) != nil {
				t.Errorf("%q", e.Path)
			}
		}
		again, ok := decodeListing(encodeListing(list))
		if !ok || cmp.Diff(list, again) != "" {
			t.Errorf("%v became %v", list, again)
		}
	})
}

func TestListingRoundTrip(t *testing.T) {
	list := []Entry{}
	for i, name := range oddNames {
		list = append(list, Entry{Path: strings.Repeat("d/", i%3) + name, Hash: Hash{byte(i)}, Mode: Mode(i%4 + 1), Size: -1})
	}
	sortEntries(list)
	got, ok := decodeListing(encodeListing(list))
	if !ok {
		t.Fatal("not read back")
	}
	if diff := cmp.Diff(list, got); diff != "" {
		t.Error(diff)
	}
}
