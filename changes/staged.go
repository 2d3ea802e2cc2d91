package changes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxIndex bounds the index, in bytes.
const maxIndex = 1 << 30

// staged is the index with the time it was written, which says how far the
// times in it can be trusted.
type staged struct {
	entries []indexEntry
	written time.Time
}

// readIndex reads the index of this work tree; one that is not there is empty.
func (r *Repository) readIndex() (staged, error) {
	if r.root == "" {
		return staged{}, ErrNoWorktree
	}
	file := filepath.Join(r.gitDir, "index")
	if given := r.options.IndexFile; given != "" {
		file = filepath.FromSlash(given)
		if !filepath.IsAbs(file) {
			file = filepath.Join(r.root, file)
		}
	}
	data, err := readBounded(file, maxIndex)
	if errors.Is(err, fs.ErrNotExist) {
		return staged{}, nil
	}
	if err != nil {
		return staged{}, fmt.Errorf("read the index: %w", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return staged{}, fmt.Errorf("read the index: %w", err)
	}
	idx, err := decodeIndex(data)
	if err != nil {
		return staged{}, err
	}
	if !idx.shared.IsZero() {
		if idx.entries, err = r.unsplit(idx, filepath.Dir(file)); err != nil {
			return staged{}, err
		}
	}
	if idx.entries, err = r.expand(idx.entries); err != nil {
		return staged{}, err
	}
	sortIndex(idx.entries)
	return staged{idx.entries, info.ModTime()}, nil
}

// unsplit reads the shared index of a split one, which lies beside it, or in
// git's folder when the index given is elsewhere.
func (r *Repository) unsplit(idx *indexFile, dir string) ([]indexEntry, error) {
	name := "sharedindex." + idx.shared.String()
	data, err := readBounded(filepath.Join(r.gitDir, name), maxIndex)
	if errors.Is(err, fs.ErrNotExist) && dir != r.gitDir {
		data, err = readBounded(filepath.Join(dir, name), maxIndex)
	}
	if err != nil {
		return nil, fmt.Errorf("read the shared index: %w", err)
	}
	shared, err := decodeIndex(data)
	if err != nil {
		return nil, err
	}
	return idx.merge(shared)
}

// expand replaces the folders of a sparse index by the files below them.
func (r *Repository) expand(list []indexEntry) ([]indexEntry, error) {
	folder := func(e indexEntry) bool { return e.mode&0o170000 == 0o040000 }
	any := false
	for _, e := range list {
		any = any || folder(e)
	}
	if !any {
		return list, nil
	}
	out := make([]indexEntry, 0, 2*len(list))
	for _, e := range list {
		if !folder(e) {
			out = append(out, e)
			continue
		}
		files, err := r.flatten(e.hash, strings.TrimSuffix(e.path, "/")+"/")
		if err != nil {
			return nil, fmt.Errorf("read the index: %w", err)
		}
		for _, f := range files {
			out = append(out, indexEntry{path: f.Path, hash: f.Hash, mode: gitMode(f.Mode), skipTree: true})
		}
	}
	return out, nil
}

// gitMode is the opposite of modeOf.
func gitMode(m Mode) uint32 {
	switch m {
	case Executable:
		return 0o100755
	case Symlink:
		return 0o120000
	case Submodule:
		return 0o160000
	}
	return 0o100644
}

// Index lists what is staged: what the next commit would hold. A file in
// conflict is listed as Unmerged, without a hash, and cannot be read. A path
// that is only announced (git add --intent-to-add) is not listed.
func (r *Repository) Index() (Tree, error) {
	idx, err := r.readIndex()
	if err != nil {
		return nil, err
	}
	t := &objectTree{repo: r, name: "index", entries: make([]Entry, 0, len(idx.entries))}
	for _, e := range idx.entries {
		if r.options.Match != nil && !r.options.Match(e.path) {
			continue
		}
		if e.stage > 0 {
			if n := len(t.entries); n == 0 || t.entries[n-1].Path != e.path {
				t.entries = append(t.entries, Entry{Path: e.path, Mode: Unmerged, Size: -1})
			}
			continue
		}
		mode, ok := modeOf(e.mode)
		if !ok {
			return nil, corruptIndex(fmt.Sprintf("%q has the mode %o", e.path, e.mode))
		}
		if n := len(t.entries); n > 0 && t.entries[n-1].Path == e.path {
			return nil, corruptIndex(fmt.Sprintf("it has %q twice", e.path))
		}
		if !e.intent {
			t.entries = append(t.entries, Entry{Path: e.path, Hash: e.hash, Mode: mode, Size: -1})
		}
	}
	return t, nil
}
