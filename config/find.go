package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Name is that of the configuration file.
const Name = ".detlint.yml"

// otherName is the same file to people who write the long extension.
const otherName = ".detlint.yaml"

// IsName reports whether a file of that name is a configuration.
func IsName(name string) bool { return name == Name || name == otherName }

// maxSize is the largest configuration that is read, in bytes.
const maxSize = 256 << 10

// Find looks for the configuration in a folder and those above it, up to the
// root of the git repository that the folder is in, and without one up to the
// root of the file system. It returns nil when there is none.
func Find(dir string) (*Config, error) {
	at, err := resolved(dir)
	if err != nil {
		return nil, err
	}
	for {
		file, err := in(at)
		if err != nil {
			return nil, err
		}
		if file != "" {
			return Read(file, display(dir, file))
		}
		up := filepath.Dir(at)
		if isRoot(at) || up == at {
			return nil, nil
		}
		at = up
	}
}

// in is the configuration of a folder, empty when it has none.
func in(dir string) (string, error) {
	var found []string
	for _, name := range []string{Name, otherName} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			found = append(found, filepath.Join(dir, name))
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", &Error{Path: found[1], Message: "there is also " + Name + " in this folder, expected one of the two"}
}

// isRoot reports whether a folder is that of a git repository.
func isRoot(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}

// treeRoot is the folder that paths in a configuration must not leave: that of
// the git repository, else that of the configuration itself.
func treeRoot(dir string) string {
	if root := Root(dir); root != "" {
		return root
	}
	return dir
}

// Root is the root of the git repository that a folder is in, empty when it is
// in none.
func Root(dir string) string {
	at, err := resolved(dir)
	if err != nil {
		return ""
	}
	for {
		if isRoot(at) {
			return at
		}
		up := filepath.Dir(at)
		if up == at {
			return ""
		}
		at = up
	}
}

// Given reads a configuration that the command line names. One from outside of
// the tree that dir is in speaks of paths in dir.
func Given(file, display, dir string) (*Config, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, &Error{Path: display, Message: err.Error()}
	}
	at, err := resolved(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	here, err := resolved(dir)
	if err != nil {
		return nil, err
	}
	if !within(treeRoot(here), at) {
		at = here
	}
	return Parse(data, display, at)
}

// Read reads the configuration in a file of the tree, which is named display
// to people.
func Read(file, display string) (*Config, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	dir, err := resolved(filepath.Dir(abs))
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, &Error{Path: display, Message: "cannot be read: " + cause(err)}
	}
	if !within(treeRoot(dir), real) {
		return nil, &Error{Path: display, Message: "is a link out of the tree, which is not followed"}
	}
	data, err := readFile(real)
	if err != nil {
		return nil, &Error{Path: display, Message: err.Error()}
	}
	return Parse(data, display, dir)
}

func readFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, errors.New("cannot be read: " + cause(err))
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is no regular file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, errors.New("cannot be read: " + cause(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, errors.New("cannot be read: " + cause(err))
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("expected a configuration of at most %d KiB", maxSize>>10)
	}
	return data, nil
}

// cause is an error of the file system without the path, which the message
// has already.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

func resolved(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// within reports whether a path is in a folder or below it; both are absolute.
func within(root, p string) bool {
	rel, err := filepath.Rel(root, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// display is how people who stand in dir name a file.
func display(dir, file string) string {
	from, err := resolved(dir)
	if err != nil {
		return file
	}
	rel, err := filepath.Rel(from, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}
