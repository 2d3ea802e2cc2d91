// Package scan reads all rules of one state of a repository: in parallel, each
// content once, and not at all when a former run has read the same content.
package scan

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// File is what one file of a tree holds, in short.
type File struct {
	Path string
	Hash changes.Hash
	// Rules are the rules of the file. A file that is no rule file has none
	// and is not Recognized.
	Rules      []normalize.Summary
	Recognized bool
	// Elsewhere is set for what is no file but a way to one: its content is
	// not looked at under this path.
	Elsewhere bool
	// Broken counts what kept the parser from reading the file whole.
	Broken int
	// Unreadable says why the file could not be looked at, if it could not.
	Unreadable string
}

// Snapshot is what a tree holds, sorted by path.
type Snapshot struct {
	Files []File
}

// Rules returns all rules of the snapshot in the order of path and index.
func (s *Snapshot) Rules() []normalize.Summary {
	n := 0
	for i := range s.Files {
		n += len(s.Files[i].Rules)
	}
	out := make([]normalize.Summary, 0, n)
	for i := range s.Files {
		out = append(out, s.Files[i].Rules...)
	}
	return out
}

// Parsed is what one file holds, at length.
type Parsed struct {
	File  *rule.File
	Rules []*normalize.Rule
}

// Scanner reads trees. The zero value works, without a cache.
type Scanner struct {
	Cache *Cache
	// Workers is the number of files read at once; 0 means one for each core.
	Workers int
	// Progress, if set, is called after each file, from any goroutine.
	Progress func(done, total int)
}

// Snapshot reads all of a tree.
func (s *Scanner) Snapshot(ctx context.Context, tree changes.Tree) (*Snapshot, error) {
	return s.Visit(ctx, tree, func(string) bool { return false }, nil)
}

// Visit reads all of a tree and calls visit with every file that holds rules
// and whose path is wanted, from any goroutine. Cached results do not spare
// the reading of those.
func (s *Scanner) Visit(ctx context.Context, tree changes.Tree, want func(path string) bool, visit func(*Parsed)) (*Snapshot, error) {
	entries := tree.Entries()
	files := make([]File, len(entries))
	var missing []int
	for i, e := range entries {
		files[i] = File{Path: e.Path, Hash: e.Hash}
		if !want(e.Path) && s.Cache.get(&files[i]) {
			continue
		}
		missing = append(missing, i)
	}
	err := s.Each(ctx, len(missing), func(n int) {
		i := missing[n]
		if want(entries[i].Path) {
			files[i] = s.read(tree, entries[i], visit)
		} else {
			files[i] = s.read(tree, entries[i], nil)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, i := range missing {
		s.Cache.put(&files[i])
	}
	for i, e := range entries {
		files[i].Elsewhere = isElsewhere(e)
	}
	return &Snapshot{Files: files}, nil
}

// Each calls f for 0 … n-1 from as many goroutines as there are workers. The
// error is the context's.
func (s *Scanner) Each(ctx context.Context, n int, f func(int)) error {
	workers := s.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
				if s.Progress != nil {
					s.Progress(int(done.Add(1)), n)
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

func (s *Scanner) read(tree changes.Tree, e changes.Entry, visit func(*Parsed)) File {
	out := File{Path: e.Path, Hash: e.Hash}
	parsed, err := Read(tree, e)
	if err != nil {
		out.Unreadable = err.Error()
		return out
	}
	if parsed == nil {
		return out
	}
	out.Recognized = parsed.File.Recognized
	for _, p := range parsed.File.Problems {
		if !p.Warning {
			out.Broken++
		}
	}
	for _, r := range parsed.Rules {
		out.Rules = append(out.Rules, r.Summary())
	}
	if visit != nil && parsed.File.Recognized {
		visit(parsed)
	}
	return out
}

// Read parses and normalizes one file of a tree. What is not a file (a
// symbolic link, a submodule) gives nil: its content belongs elsewhere.
func Read(tree changes.Tree, e changes.Entry) (*Parsed, error) {
	if isElsewhere(e) {
		return nil, nil
	}
	data, err := tree.Read(e)
	if err != nil {
		return nil, err
	}
	if changes.IsLFSPointer(data) {
		return nil, errLFS
	}
	f := parsers.Parse(e.Path, data)
	return &Parsed{File: f, Rules: normalize.Normalized(f.Rules)}, nil
}

func isElsewhere(e changes.Entry) bool {
	return e.Mode == changes.Symlink || e.Mode == changes.Submodule
}

type constError string

func (e constError) Error() string { return string(e) }

// errLFS is returned for a pointer file.
const errLFS = constError("the file is a Git LFS pointer, its content is not here; run: git lfs pull")
