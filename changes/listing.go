package changes

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// treeEntry is one line of a tree object.
type treeEntry struct {
	name string
	hash Hash
	mode Mode // 0 for a folder
}

// Bounds on what one listing may hold. A few tree objects that contain each
// other's twins many times over would otherwise describe billions of files.
const (
	maxNodes = 2 << 20 // files and folders
	maxDepth = 512     // folders in folders
)

// subtree reads a tree object once for all commits that share it.
func (r *Repository) subtree(h Hash) ([]treeEntry, error) {
	r.mu.Lock()
	list, known := r.trees[h]
	r.mu.Unlock()
	if known {
		return list, nil
	}
	o, err := r.store.get(h, maxMeta)
	if err != nil {
		return nil, r.missing(err, h, "tree")
	}
	if o.kind != "tree" {
		return nil, &CorruptError{What: "tree " + h.Short(), Why: "it is a " + o.kind}
	}
	if list, err = parseTree(h, o.data); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.trees[h] = list
	r.mu.Unlock()
	return list, nil
}

// parseTree reads "mode name\0hash" over and over.
func parseTree(h Hash, data []byte) ([]treeEntry, error) {
	corrupt := func(why string) ([]treeEntry, error) {
		return nil, &CorruptError{What: "tree " + h.Short(), Why: why}
	}
	list := make([]treeEntry, 0, len(data)/40)
	for len(data) > 0 {
		head, rest, ok := bytes.Cut(data, []byte{0})
		if !ok || len(rest) < hashSize {
			return corrupt("it is truncated")
		}
		octal, name, ok := bytes.Cut(head, []byte(" "))
		if !ok {
			return corrupt("an entry has no name")
		}
		mode, ok := parseMode(octal)
		if !ok {
			return corrupt(fmt.Sprintf("an entry has the mode %q", octal))
		}
		e := treeEntry{name: string(name), hash: Hash(rest[:hashSize]), mode: mode}
		if err := validComponent(e.name); err != nil || strings.Contains(e.name, "/") {
			if err == nil {
				err = errors.New("has a slash")
			}
			return corrupt(fmt.Sprintf("the name %q %v", e.name, err))
		}
		list = append(list, e)
		data = rest[hashSize:]
	}
	// git sorts a folder as if its name ended in a slash, so that walking the
	// trees gives the order of the full paths.
	key := func(e treeEntry) string {
		if e.mode == 0 {
			return e.name + "/"
		}
		return e.name
	}
	less := func(i, j int) bool { return key(list[i]) < key(list[j]) }
	if !sort.SliceIsSorted(list, less) {
		sort.SliceStable(list, less)
	}
	return list, nil
}

// parseMode reads git's octal mode; 0 is a folder. Old git versions wrote
// modes with other permission bits, which mean what the next one means.
func parseMode(octal []byte) (Mode, bool) {
	var v uint32
	for _, c := range octal {
		if c < '0' || c > '7' || v > 1<<24 {
			return 0, false
		}
		v = v<<3 | uint32(c-'0')
	}
	return modeOf(v)
}

// modeOf translates git's numeric mode; 0 is a folder.
func modeOf(v uint32) (Mode, bool) {
	switch v & 0o170000 {
	case 0o040000:
		return 0, true
	case 0o100000:
		if v&0o100 != 0 {
			return Executable, true
		}
		return Regular, true
	case 0o120000:
		return Symlink, true
	case 0o160000:
		return Submodule, true
	}
	return 0, false
}

// list returns every file below a tree object, in order, from the cache on disk
// or from the objects.
func (r *Repository) list(root Hash) ([]Entry, error) {
	if list, ok := r.cached(root); ok {
		return list, nil
	}
	list, err := r.flatten(root, "")
	if err != nil {
		return nil, err
	}
	r.keep(root, list)
	return list, nil
}

// flatten lists every file below a tree object, with a prefix to their paths.
func (r *Repository) flatten(root Hash, prefix string) ([]Entry, error) {
	var out []Entry
	nodes := 0
	var visit func(h Hash, prefix string, depth int) error
	visit = func(h Hash, prefix string, depth int) error {
		list, err := r.subtree(h)
		if err != nil {
			return err
		}
		if nodes += len(list) + 1; nodes > maxNodes || depth > maxDepth || len(prefix) > maxPathLength {
			return &CorruptError{What: "tree " + root.Short(), Why: "it describes too many or too deep folders"}
		}
		out = slices.Grow(out, len(list))
		for _, e := range list {
			path := prefix + e.name
			if e.mode != 0 {
				out = append(out, Entry{Path: path, Hash: e.hash, Mode: e.mode, Size: -1})
			} else if err := visit(e.hash, path+"/", depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := visit(root, prefix, 0); err != nil {
		return nil, err
	}
	for i := 1; i < len(out); i++ {
		if out[i-1].Path >= out[i].Path {
			return nil, &CorruptError{What: "tree " + root.Short(), Why: fmt.Sprintf("it has %q twice", out[i].Path)}
		}
	}
	return out, nil
}
