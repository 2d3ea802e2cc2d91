// Package changes says which files, and which rules in them, differ between a
// base and a head: Added, Modified, Moved, Removed or Unchanged.
//
// A side of a comparison is a Tree: the files of a commit, of the index, of
// the working tree or of a plain folder, each with the hash git gives its
// content. Two trees are compared by Diff, in one pass over two sorted
// listings; the rules found in them are paired by Match, with hash maps. There
// is no similarity search: a rule has an id, so a rename with an edit is
// recognised exactly.
//
// The package reads repositories, it never writes to one and never runs
// anything: no hook, filter, helper or git binary. Where go-git is slow or
// strict (see the comments in objects.go, mergebase.go, index.go) the file
// formats are read here; go-git reads references, loose objects and deltas.
//
// Ownership of the repository's folder (git's safe.directory) is not checked,
// because nothing a repository's configuration says is ever executed.
package changes

import (
	"bytes"
	"encoding/hex"
	"errors"
	"path"
	"sort"
	"strings"
)

// Hash names an object the way git does: the SHA-1 of its type, its length and
// its bytes. The zero Hash names nothing.
type Hash [20]byte

// String returns the hash as 40 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Short returns the first 7 digits, enough for people.
func (h Hash) Short() string { return hex.EncodeToString(h[:4])[:7] }

// IsZero says whether h names nothing.
func (h Hash) IsZero() bool { return h == Hash{} }

// ParseHash reads 40 hexadecimal digits of either case.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return Hash{}, errors.New("a hash has 40 hexadecimal digits")
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, errors.New("a hash has 40 hexadecimal digits")
	}
	return h, nil
}

// Mode is what kind of thing a tree has under a path.
type Mode uint8

// The kinds of entry.
const (
	Regular    Mode = iota + 1 // a file
	Executable                 // a file somebody may run
	Symlink                    // a link; its content is the path it points to
	Submodule                  // another repository; its hash is a commit there
	Unmerged                   // a file in conflict in the index; it has no hash
)

// IsFile says whether the entry has bytes of its own that Read can return.
func (m Mode) IsFile() bool { return m == Regular || m == Executable }

// String names the mode for people.
func (m Mode) String() string {
	switch m {
	case Regular:
		return "file"
	case Executable:
		return "executable file"
	case Symlink:
		return "symbolic link"
	case Submodule:
		return "submodule"
	case Unmerged:
		return "unmerged file"
	}
	return "unknown"
}

// Entry is one path of a tree.
type Entry struct {
	Path string // from the root of the tree, with forward slashes, as git has it
	Hash Hash   // of the bytes that Read returns; zero in a Dir
	Mode Mode
	Size int64 // bytes on disk where they were looked at, -1 where unknown
}

// Tree is one side of a comparison. It is safe for concurrent use.
type Tree interface {
	// Name says which side this is to people: "8eaafff", "index", "working tree".
	Name() string
	// Entries lists the matching paths in the order of their bytes, each once.
	// The slice belongs to the tree.
	Entries() []Entry
	// Read returns the bytes whose git hash is the entry's. It never follows a
	// link and never reads outside of the tree. Errors: ErrNotRegular,
	// *TooLargeError, *MissingBlobError, *UnmergedError, *ChangedError.
	Read(Entry) ([]byte, error)
}

// MaxBlob is how many bytes a file may have before Read refuses it with a
// TooLargeError. Detection rules have a few thousand.
const MaxBlob = 16 << 20

// Lookup finds the entry of a path in a tree.
func Lookup(t Tree, path string) (Entry, bool) {
	all := t.Entries()
	i := sort.Search(len(all), func(i int) bool { return all[i].Path >= path })
	if i < len(all) && all[i].Path == path {
		return all[i], true
	}
	return Entry{}, false
}

// Empty returns a tree without files, the base of a repository that has no
// commit yet.
func Empty() Tree { return emptyTree{} }

type emptyTree struct{}

func (emptyTree) Name() string     { return "nothing" }
func (emptyTree) Entries() []Entry { return nil }
func (emptyTree) Read(e Entry) ([]byte, error) {
	return nil, &MissingBlobError{Path: e.Path, Hash: e.Hash}
}

// lfsPrefix opens every Git LFS pointer; the specification asks for the version
// line to come first.
const lfsPrefix = "version https://git-lfs.github.com/spec/"

// IsLFSPointer says whether data is a Git LFS pointer: a stand-in for content
// that the repository keeps elsewhere, so no rule can be read from it.
func IsLFSPointer(data []byte) bool {
	if len(data) > 1024 || !bytes.HasPrefix(data, []byte(lfsPrefix)) {
		return false
	}
	s := string(data)
	return strings.Contains(s, "\noid sha256:") && strings.Contains(s, "\nsize ")
}

// validPath says why a path from a repository must not be used, or nil: only
// clean relative paths without a component that leaves the tree or enters
// the repository's own folder are allowed.
func validPath(p string) error {
	if p == "" || p[0] == '/' {
		return errors.New("is empty or absolute")
	}
	if len(p) > maxPathLength {
		return errors.New("is too long")
	}
	for part := range strings.SplitSeq(p, "/") {
		if err := validComponent(part); err != nil {
			return err
		}
	}
	return nil
}

// maxPathLength is four times what Linux lets a program open.
const maxPathLength = 16 << 10

func validComponent(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return errors.New(`has an empty, "." or ".." component`)
	case len(name) == 4 && strings.EqualFold(name, ".git"):
		return errors.New(`has a ".git" component`)
	case strings.IndexByte(name, 0) >= 0:
		return errors.New("has a null byte")
	}
	return nil
}

// sortEntries puts entries into the order of their paths' bytes.
func sortEntries(list []Entry) {
	less := func(i, j int) bool { return list[i].Path < list[j].Path }
	if !sort.SliceIsSorted(list, less) {
		sort.SliceStable(list, less)
	}
}

// filter keeps the entries a caller wants to see.
func filter(list []Entry, match func(string) bool) []Entry {
	if match == nil {
		return list
	}
	out := make([]Entry, 0, len(list)/2)
	for _, e := range list {
		if match(e.Path) {
			out = append(out, e)
		}
	}
	return out
}

// base is the last component of a slash-separated path.
func base(p string) string { return path.Base(p) }
