package changes

import (
	"errors"
	"fmt"
)

// Errors that carry nothing but their kind.
var (
	// ErrNotRegular is returned for reading a symbolic link or a submodule.
	ErrNotRegular = errors.New("not a regular file")
	// ErrNoWorktree is returned for the index or the working tree of a bare
	// repository.
	ErrNoWorktree = errors.New("this is a bare repository, it has no working tree")
)

// NotRepositoryError says that neither a folder nor any above it is a git
// repository.
type NotRepositoryError struct{ Dir string }

func (e *NotRepositoryError) Error() string {
	return fmt.Sprintf("%s is not in a git repository", e.Dir)
}

// UnsupportedError says that a repository is stored in a way that cannot be
// read here.
type UnsupportedError struct {
	Feature string // "object format", "reference storage", "repository format version", "index extension"
	Value   string // "sha256", "reftable", …
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("this repository uses the %s %q, which cannot be read", e.Feature, e.Value)
}

// RevisionError says that a revision could not be resolved to a commit.
type RevisionError struct {
	Rev     string
	Reason  string // "no such branch, tag or commit"
	Hint    string // what to do about it, may be empty
	Empty   bool   // the repository has no commits yet
	Shallow bool   // the history was cut off where the revision lies
}

func (e *RevisionError) Error() string {
	s := fmt.Sprintf("cannot resolve %q: %s", e.Rev, e.Reason)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// NoMergeBaseError says that two commits have no common ancestor in this
// checkout.
type NoMergeBaseError struct {
	Rev        string // the base as the user wrote it, or a short hash
	Base, Head Hash
	Shallow    bool // the history of this checkout is cut off
	Commits    int  // how many commits of the head's history are there
}

func (e *NoMergeBaseError) Error() string {
	why := "their histories are unrelated"
	if e.Shallow {
		why = fmt.Sprintf("it is shallow: %d commits", e.Commits)
		if e.Commits == 1 {
			why = "it is shallow: 1 commit"
		}
	}
	return fmt.Sprintf("this checkout has no merge base with %s (%s)", e.Rev, why)
}

// MissingObjectError says that a commit or a tree that should be there is not.
type MissingObjectError struct {
	Hash    Hash
	Kind    string // "commit", "tree", "object"
	Partial bool   // the repository is a partial clone
}

func (e *MissingObjectError) Error() string {
	if e.Partial {
		return fmt.Sprintf("%s %s is missing (partial clone); run git fetch --refetch --no-filter, or clone without --filter", e.Kind, e.Hash.Short())
	}
	return fmt.Sprintf("%s %s is missing; the repository is damaged or incomplete, try git fsck", e.Kind, e.Hash.Short())
}

// MissingBlobError says that the content of one file is not in the repository.
type MissingBlobError struct {
	Path    string
	Hash    Hash
	Partial bool // the repository is a partial clone
}

func (e *MissingBlobError) Error() string {
	if e.Partial {
		return fmt.Sprintf("%q: blob %s is missing (partial clone); run git fetch --refetch --no-filter, or clone without --filter", e.Path, e.Hash.Short())
	}
	return fmt.Sprintf("%q: blob %s is missing; the repository is damaged or incomplete, try git fsck", e.Path, e.Hash.Short())
}

// TooLargeError says that a file or an object has more bytes than are read.
type TooLargeError struct {
	Path  string // empty for an object that is not a file
	Size  int64  // bytes
	Limit int64  // bytes
}

func (e *TooLargeError) Error() string {
	s := fmt.Sprintf("%d bytes are more than the limit of %d", e.Size, e.Limit)
	if e.Path != "" {
		return fmt.Sprintf("%q: %s", e.Path, s)
	}
	return s
}

// UnmergedError says that the index holds several versions of a file because a
// merge is not finished.
type UnmergedError struct{ Path string }

func (e *UnmergedError) Error() string {
	return fmt.Sprintf("%q: is in conflict; resolve it and git add it first", e.Path)
}

// ChangedError says that a file no longer has the bytes it had when it was
// listed.
type ChangedError struct{ Path string }

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%q: changed while it was being read, run again", e.Path)
}

// CorruptError says that something in the repository cannot be what git wrote.
type CorruptError struct {
	What string // "pack file …", "tree 8eaafff", "index"
	Why  string
}

func (e *CorruptError) Error() string { return fmt.Sprintf("%s is damaged: %s", e.What, e.Why) }
