// Package scan reads all rules of one state of a repository: in parallel, each
// content once, and not at all when a former run has read the same content.
package scan

import (
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
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
	// Definitions are what the file defines for rules elsewhere.
	Definitions []rule.Definition
	// Elsewhere is set for what is no file but a way to one: its content is
	// not looked at under this path.
	Elsewhere bool
	// Broken counts what kept the parser from reading the file whole.
	Broken int
	// Unreadable says why the file could not be looked at, if it could not.
	Unreadable string
}

// HasRules reports whether the file is a rule file, even one of which no rule
// could be read; one that only defines something for rules is none.
func (f *File) HasRules() bool {
	return f.Recognized && (len(f.Rules) > 0 || len(f.Definitions) == 0)
}

// Snapshot is what a tree holds, sorted by path.
type Snapshot struct {
	Files []File
	// Library has all definitions of the tree.
	Library *rule.Library
	rules   []normalize.Summary // of all files, one after the other
}

// Rules returns all rules of the snapshot in the order of path and index. They
// are those of Files and must not be changed.
func (s *Snapshot) Rules() []normalize.Summary { return s.rules }

// newSnapshot puts the rules of all files into one list.
func newSnapshot(files []File, library *rule.Library) *Snapshot {
	n := 0
	for i := range files {
		n += len(files[i].Rules)
	}
	all := make([]normalize.Summary, 0, n)
	for i := range files {
		from := len(all)
		all = append(all, files[i].Rules...)
		files[i].Rules = all[from:len(all):len(all)]
	}
	return &Snapshot{Files: files, Library: library, rules: all}
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
	// Known are definitions that no file of the tree has to have. Those of
	// files come before them.
	Known []rule.Definition
	// Other is what another tree has, if one was read: what is in both is not
	// looked up again.
	Other *Snapshot
}

// Snapshot reads all of a tree.
func (s *Scanner) Snapshot(ctx context.Context, tree changes.Tree) (*Snapshot, error) {
	return s.Visit(ctx, tree, func(string) bool { return false }, nil)
}

// Visit reads all of a tree and calls visit with every file that holds rules
// and whose path is wanted, from any goroutine. Cached results do not spare
// the reading of those.
//
// Rules may refer to what other files define. Files that cannot be read without
// these definitions wait until all others have been read; so do cached ones
// for which a definition is another than it was.
func (s *Scanner) Visit(ctx context.Context, tree changes.Tree, want func(path string) bool, visit func(*Parsed)) (*Snapshot, error) {
	v := &visitor{Scanner: s, tree: tree, entries: tree.Entries(), want: want, visit: visit}
	v.files = make([]File, len(v.entries))
	v.waiting = make([]waiting, len(v.entries))
	var missing []int
	for i, e := range v.entries {
		v.files[i] = File{Path: e.Path, Hash: e.Hash}
		if parsers.IsData(e.Path) || !want(e.Path) && (s.Other.get(&v.files[i]) || s.Cache.get(&v.files[i])) {
			continue
		}
		missing = append(missing, i)
	}
	if err := s.Each(ctx, len(missing), func(n int) { v.first(missing[n]) }); err != nil {
		return nil, err
	}
	v.library = v.collect()
	var late []int
	for i := range v.files {
		if v.waiting[i].waits || v.outdated(&v.files[i]) {
			late = append(late, i)
		}
	}
	if err := s.Each(ctx, len(late), func(n int) { v.second(late[n]) }); err != nil {
		return nil, err
	}
	for _, i := range append(missing, late...) {
		f := &v.files[i]
		for j := range f.Rules {
			f.Rules[j].Context = v.library.Context(f.Rules[j].Uses)
		}
		s.Cache.put(f)
	}
	for i, e := range v.entries {
		v.files[i].Elsewhere = isElsewhere(e)
	}
	return newSnapshot(v.files, v.library), nil
}

// get fills in what a snapshot, if there is one, has of a file of another tree.
func (s *Snapshot) get(f *File) bool {
	if s == nil || f.Hash.IsZero() {
		return false
	}
	at, ok := slices.BinarySearchFunc(s.Files, f.Path, func(have File, path string) int { return strings.Compare(have.Path, path) })
	if !ok || s.Files[at].Hash != f.Hash || s.Files[at].Unreadable != "" {
		return false
	}
	*f = s.Files[at]
	return true
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

// visitor reads the files of one tree.
type visitor struct {
	*Scanner
	tree    changes.Tree
	entries []changes.Entry
	want    func(string) bool
	visit   func(*Parsed)
	files   []File
	waiting []waiting
	library *rule.Library
	kept    atomic.Int64 // bytes of files that wait
}

// waiting says of a file whether it waits for definitions. Its data are kept,
// unless there are too many of them.
type waiting struct {
	waits bool
	data  []byte
}

// maxKept is how many bytes of waiting files are kept; the others are read
// twice.
const maxKept = 32 << 20

// first reads a file, and has it wait when its rules need the definitions of
// others. The look at its lines spares most of them a parse; what the parser has
// made of the others decides.
func (v *visitor) first(i int) {
	data, err := content(v.tree, v.entries[i])
	if err == nil && parsers.Waits(v.entries[i].Path, data) {
		v.wait(i, data)
		return
	}
	parsed := v.read(i, data, err)
	switch {
	case parsed == nil:
	case parsed.File.NeedsLibrary:
		v.wait(i, data)
	default:
		v.show(parsed)
	}
}

func (v *visitor) wait(i int, data []byte) {
	v.waiting[i].waits = true
	if v.kept.Add(int64(len(data))) <= maxKept {
		v.waiting[i].data = data
	}
}

// second reads a file with all definitions at hand.
func (v *visitor) second(i int) {
	data := v.waiting[i].data
	v.waiting[i].data = nil
	var err error
	if data == nil {
		data, err = content(v.tree, v.entries[i])
	}
	if parsed := v.read(i, data, err); parsed != nil {
		v.show(parsed)
	}
}

// show has the caller look at a file that it asked for.
func (v *visitor) show(p *Parsed) {
	if v.visit != nil && p.File.Recognized && v.want(p.File.Source.Path) {
		v.visit(p)
	}
}

// read parses a file and notes what it holds, in short. It returns nil where
// there is nothing to parse.
func (v *visitor) read(i int, data []byte, err error) *Parsed {
	e := v.entries[i]
	out := File{Path: e.Path, Hash: e.Hash}
	defer func() { v.files[i] = out }()
	if err != nil {
		out.Unreadable = err.Error()
		return nil
	}
	if data == nil {
		return nil
	}
	parsed := parse(e.Path, data, v.library)
	out.Recognized, out.Definitions = parsed.File.Recognized, parsed.File.Definitions
	for _, p := range parsed.File.Problems {
		if !p.Warning {
			out.Broken++
		}
	}
	for _, r := range parsed.Rules {
		out.Rules = append(out.Rules, r.Summary())
	}
	return parsed
}

// collect makes a library of what the files define.
func (v *visitor) collect() *rule.Library {
	var all []rule.Definition
	for i := range v.files {
		all = append(all, v.files[i].Definitions...)
	}
	all = append(all, v.tables()...)
	return rule.NewLibrary(append(all, v.Known...), func(path string) string {
		e, ok := changes.Lookup(v.tree, path)
		if !ok {
			return ""
		}
		return e.Hash.String()
	})
}

// tables are the data files, which searches may refer to by their names. All of
// a name are one: which of them a search means is not said.
func (v *visitor) tables() []rule.Definition {
	var out []rule.Definition
	at := map[string]int{}
	for i := range v.files {
		p := v.files[i].Path
		if !parsers.IsData(p) {
			continue
		}
		name := path.Base(p)
		if _, ok := at[name]; !ok {
			at[name] = len(out)
			out = append(out, rule.Definition{Use: rule.Use{Kind: rule.Table, Name: name}})
		}
		d := &out[at[name]]
		d.Files = append(d.Files, p)
	}
	return out
}

// outdated reports whether a definition is not what it was when the file was
// read for the cache.
func (v *visitor) outdated(f *File) bool {
	for i := range f.Rules {
		if r := &f.Rules[i]; r.Context != v.library.Context(r.Uses) && r.Context != "" {
			return true
		}
	}
	return false
}

// content returns what is in a file. What is not a file (a symbolic link, a
// submodule) gives nil: its content belongs elsewhere.
func content(tree changes.Tree, e changes.Entry) ([]byte, error) {
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
	if data == nil {
		data = []byte{}
	}
	return data, nil
}

func parse(path string, data []byte, library *rule.Library) *Parsed {
	f := parsers.Parse(path, data, library)
	return &Parsed{File: f, Rules: normalize.Normalized(f.Rules)}
}

// Read parses and normalizes one file of a tree, with the definitions of all of
// it. What is not a file gives nil.
func Read(tree changes.Tree, e changes.Entry, library *rule.Library) (*Parsed, error) {
	data, err := content(tree, e)
	if err != nil || data == nil {
		return nil, err
	}
	return parse(e.Path, data, library), nil
}

func isElsewhere(e changes.Entry) bool {
	return e.Mode == changes.Symlink || e.Mode == changes.Submodule
}

type constError string

func (e constError) Error() string { return string(e) }

// errLFS is returned for a pointer file.
const errLFS = constError("the file is a Git LFS pointer, its content is not here; run: git lfs pull")
