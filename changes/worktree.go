package changes

import (
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Worktree lists what a commit of everything would hold: the files that are
// tracked and still there, as they are on disk, and the new files that are not
// ignored. Files that a sparse checkout leaves out are as they are in the index.
//
// A tracked file whose size and time are those git recorded is not read; others
// are hashed, a file with CRLF also as git would store it with LF. So that a
// hash always names the bytes Read returns, Read gives such a file with LF.
//
// A submodule is listed with the commit in the index. Nested repositories and
// folders behind symbolic links are not entered. A file that cannot be read, or
// is larger than MaxBlob, is listed without a hash, and Read says why.
func (r *Repository) Worktree() (Tree, error) {
	idx, err := r.readIndex()
	if err != nil {
		return nil, err
	}
	// A new listing must not know folders from an earlier look.
	t := &workTree{repo: r, disk: newDisk(r.root)}
	w := &worktreeScan{
		repo: r, disk: t.disk, index: idx,
		tracked: make(map[string]*indexEntry, len(idx.entries)), folders: map[string]bool{"": true},
	}
	for i := range idx.entries {
		e := &idx.entries[i]
		if e.stage > 0 && w.tracked[e.path] != nil {
			continue
		}
		w.tracked[e.path] = e
		for dir := parent(e.path); !w.folders[dir]; dir = parent(dir) {
			w.folders[dir] = true
		}
	}
	if err := w.scanTracked(); err != nil {
		return nil, err
	}
	if err := w.scanNew(); err != nil {
		return nil, err
	}
	w.hashAll()
	sortEntries(w.found)
	t.entries = w.found
	return t, nil
}

// workTree is the working tree as it was when it was listed.
type workTree struct {
	repo    *Repository
	disk    *disk
	entries []Entry
}

func (t *workTree) Name() string     { return "working tree" }
func (t *workTree) Entries() []Entry { return t.entries }

func (t *workTree) Read(e Entry) ([]byte, error) {
	if err := readable(e); err != nil {
		return nil, err
	}
	if data, ok := t.disk.readHash(e.Path, e.Hash); ok {
		return data, nil
	}
	if !e.Hash.IsZero() {
		// Left out by a sparse checkout, or stored through a filter.
		var missing *MissingBlobError
		data, err := t.repo.readBlob(e)
		if !errors.As(err, &missing) {
			return data, err
		}
		if _, statErr := t.disk.lstat(e.Path); errors.Is(statErr, fs.ErrNotExist) && t.repo.partial {
			return nil, err
		}
	}
	if _, err := t.disk.read(e.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return nil, &ChangedError{Path: e.Path}
}

// worktreeScan collects the entries of the working tree.
type worktreeScan struct {
	repo    *Repository
	disk    *disk
	index   staged
	tracked map[string]*indexEntry
	folders map[string]bool // that hold something tracked
	found   []Entry
	unknown []int // entries of found whose content has to be looked at
}

func (w *worktreeScan) matches(path string) bool {
	return w.repo.options.Match == nil || w.repo.options.Match(path)
}

// scanTracked looks at what the index knows.
func (w *worktreeScan) scanTracked() error {
	c := w.repo.config
	fileMode := c.truth("core.filemode", runtime.GOOS != "windows")
	symlinks := c.truth("core.symlinks", true)
	last := ""
	for i := range w.index.entries {
		e := &w.index.entries[i]
		if i > 0 && e.path == last || !w.matches(e.path) { // equal: another side of a conflict
			last = e.path
			continue
		}
		last = e.path
		mode, ok := modeOf(e.mode)
		if !ok || mode == 0 {
			return corruptIndex("an entry has an unknown mode")
		}
		asStaged := Entry{Path: e.path, Hash: e.hash, Mode: mode, Size: -1}
		if mode == Submodule || e.assume && e.stage == 0 {
			w.found = append(w.found, asStaged)
			continue
		}
		info, err := w.disk.lstat(e.path)
		if err != nil {
			if e.skipTree {
				w.found = append(w.found, asStaged)
			} else if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
				return err
			}
			continue
		}
		now := Entry{Path: e.path, Size: info.Size(), Mode: modeOnDisk(info)}
		if now.Mode == 0 {
			continue // a folder or something that is no file took its place
		}
		if now.Mode.IsFile() && (mode == Symlink && !symlinks || mode.IsFile() && !fileMode) {
			now.Mode = mode
		}
		if e.stage == 0 && !e.intent && now.Mode.IsFile() == mode.IsFile() && w.fresh(e, info) {
			now.Hash = e.hash
		} else {
			w.unknown = append(w.unknown, len(w.found))
		}
		w.found = append(w.found, now)
	}
	return nil
}

// modeOnDisk translates what the file system says; 0 is no file.
func modeOnDisk(info fs.FileInfo) Mode {
	switch m := info.Mode(); {
	case m.Type() == fs.ModeSymlink:
		return Symlink
	case !m.IsRegular():
		return 0
	case m&0o100 != 0:
		return Executable
	}
	return Regular
}

// fresh says whether a file must have the content the index has for it: same
// size, same time, and the time is before the index was written. In the same
// instant the file may have been written after git looked at it.
func (w *worktreeScan) fresh(e *indexEntry, info fs.FileInfo) bool {
	t := info.ModTime()
	if uint32(info.Size()) != e.size || uint32(t.Unix()) != e.sec || e.nsec != 0 && uint32(t.Nanosecond()) != e.nsec {
		return false
	}
	if e.size == 0 && e.hash != emptyBlob {
		return false // git's mark for a time it did not trust
	}
	if e.nsec == 0 {
		// No fraction was recorded: the whole second is in doubt.
		return t.Truncate(time.Second).Before(w.index.written.Truncate(time.Second))
	}
	return t.Before(w.index.written)
}

// hashAll gives a hash to the entries that need one.
func (w *worktreeScan) hashAll() {
	autocrlf := sync.OnceValue(func() bool {
		v, ok := w.repo.config["core.autocrlf"]
		if !ok {
			v = userConfig()["core.autocrlf"]
		}
		return gitConfig{"v": v}.truth("v", false) // true or input
	})
	parallel(len(w.unknown), func(k int) {
		e := &w.found[w.unknown[k]]
		if e.Mode == Symlink {
			if target, err := w.disk.readlink(e.Path); err == nil {
				e.Hash = hashObject("blob", target)
				return
			}
		}
		data, err := w.disk.read(e.Path)
		if err != nil {
			return // Read will fail the same way
		}
		e.Hash = hashObject("blob", data)
		known := w.tracked[e.Path]
		if known != nil && e.Hash == known.hash {
			return
		}
		if lf, had := withoutCR(data); had {
			stored := hashObject("blob", lf)
			if known != nil && known.hash == stored || autocrlf() {
				e.Hash = stored
			}
		}
	})
}

// parallel calls f for 0 to n-1 from as many goroutines as may run at once.
func parallel(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), (n+7)/8)
	if workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
}

// isGitName says whether a name is that of git's own folder, also on file
// systems that do not tell case apart.
func isGitName(name string) bool { return len(name) == 4 && strings.EqualFold(name, ".git") }
