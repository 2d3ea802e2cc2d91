package fix

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/detlint/detlint/parsers"
)

// Tree is a folder whose files are fixed. Nothing outside of it is ever read
// or written, and no link is followed.
type Tree struct{ root *os.Root }

// Open opens a folder.
func Open(dir string) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{root}, nil
}

// Close closes the folder.
func (t *Tree) Close() error { return t.root.Close() }

// errLink is returned for paths that lead through a symbolic link.
var errLink = errors.New("leads through a symbolic link, which is not followed")

// regular is the file at a path, if it is one and no part of the path is a
// link.
func (t *Tree) regular(p string) (fs.FileInfo, error) {
	parts := strings.Split(p, "/")
	for i := range parts {
		info, err := t.root.Lstat(path.Join(parts[:i+1]...))
		if err != nil {
			return nil, err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, errLink
		}
		if i == len(parts)-1 {
			if !info.Mode().IsRegular() {
				return nil, errors.New("is no regular file")
			}
			return info, nil
		}
	}
	return nil, errors.New("is no regular file")
}

// Read reads a file as it is on disk.
func (t *Tree) Read(p string) ([]byte, error) {
	info, err := t.regular(p)
	if err != nil {
		return nil, err
	}
	if info.Size() > parsers.MaxFileSize {
		return nil, fmt.Errorf("has %d bytes, more than the %d that are read", info.Size(), parsers.MaxFileSize)
	}
	f, err := t.root.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, parsers.MaxFileSize))
}

// Write puts a result in the place of a file, as a whole: whatever happens, the
// file is the old or the new one. A file that is not what was read is left
// alone.
func (t *Tree) Write(r *Result) error {
	info, err := t.regular(r.Path)
	if err != nil {
		return err
	}
	now, err := t.Read(r.Path)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, r.Before) {
		return errors.New("has changed since it was read")
	}
	name := path.Join(path.Dir(r.Path), ".detlint-"+path.Base(r.Path)+".tmp")
	f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(r.After)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Close())
	if err == nil {
		err = t.root.Rename(name, r.Path)
	}
	if err != nil {
		_ = t.root.Remove(name)
	}
	return err
}
