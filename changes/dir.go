package changes

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir lists the files of a plain folder, git or not, that match picks by their
// path from it; nil picks all. Folders named .git are left out, symbolic links
// are listed but not followed, and nothing is ignored. Nothing is read yet, so
// entries have no hash and Diff is of no use with such a tree.
func Dir(root string, match func(path string) bool) (Tree, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("list folder: %w", err)
	}
	if info, err := os.Stat(abs); err != nil {
		return nil, fmt.Errorf("list folder: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("list folder: %s is not a folder", root)
	}
	t := &dirTree{name: root, disk: newDisk(abs)}
	if err := t.visit("", 0, match); err != nil {
		return nil, err
	}
	sortEntries(t.entries)
	return t, nil
}

// Files is a Dir of exactly the given paths, which are relative to root and
// with forward slashes. Nothing else is looked at. A path that is no regular
// file is listed as what it is, and Read says so.
func Files(root string, paths []string) (Tree, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	t := &dirTree{name: root, disk: newDisk(abs)}
	for _, path := range paths {
		t.entries = append(t.entries, Entry{Path: path, Size: -1, Mode: Regular})
	}
	sortEntries(t.entries)
	return t, nil
}

type dirTree struct {
	name    string
	disk    *disk
	entries []Entry
}

func (t *dirTree) Name() string     { return t.name }
func (t *dirTree) Entries() []Entry { return t.entries }

func (t *dirTree) Read(e Entry) ([]byte, error) {
	if err := readable(e); err != nil {
		return nil, err
	}
	data, err := t.disk.read(e.Path)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", e.Path, err)
	}
	return data, nil
}

func (t *dirTree) visit(dir string, depth int, match func(string) bool) error {
	local := t.disk.root
	if dir != "" {
		var err error
		if local, err = t.disk.local(dir); err != nil {
			return nil // not a name this system could give a folder
		}
		if depth > maxDepth {
			return fmt.Errorf("list folder: %q is too deep", dir)
		}
	}
	list, err := readDir(local)
	if err != nil {
		return fmt.Errorf("list folder: %w", err)
	}
	for _, item := range list {
		path := item.Name()
		if isGitName(path) {
			continue
		}
		if dir != "" {
			path = dir + "/" + path
		}
		switch {
		case item.IsDir():
			if err := t.visit(path, depth+1, match); err != nil {
				return err
			}
		case match != nil && !match(path):
		case item.Type().IsRegular():
			t.entries = append(t.entries, Entry{Path: path, Size: -1, Mode: Regular})
		case item.Type() == fs.ModeSymlink:
			t.entries = append(t.entries, Entry{Path: path, Size: -1, Mode: Symlink})
		}
	}
	return nil
}
