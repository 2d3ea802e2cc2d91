package changes

import (
	"errors"
	"fmt"
	"slices"
)

// Commit lists the files of a commit. Base and head share what they have in
// common: a folder that is equal in both is read once.
//
// Read prefers the checked-out file over the repository, because unpacking is
// several times slower, and believes it only when its hash is the entry's; a
// file with CRLF counts when its hash is with LF. What is returned is always
// exactly the committed bytes.
func (r *Repository) Commit(h Hash) (Tree, error) {
	c, err := r.commit(h)
	if err != nil {
		return nil, err
	}
	list, err := r.list(c.tree)
	if err != nil {
		return nil, fmt.Errorf("list commit %s: %w", h.Short(), err)
	}
	return &objectTree{repo: r, name: h.Short(), entries: filter(list, r.options.Match)}, nil
}

// objectTree is a tree whose content is in the repository.
type objectTree struct {
	repo    *Repository
	name    string
	entries []Entry
}

func (t *objectTree) Name() string     { return t.name }
func (t *objectTree) Entries() []Entry { return t.entries }

func (t *objectTree) Read(e Entry) ([]byte, error) { return t.repo.readBlob(e) }

// readable says why an entry has no bytes to read, or nil.
func readable(e Entry) error {
	switch {
	case e.Mode == Unmerged:
		return &UnmergedError{Path: e.Path}
	case !e.Mode.IsFile():
		return fmt.Errorf("%q is a %s: %w", e.Path, e.Mode, ErrNotRegular)
	}
	return nil
}

// readBlob returns the bytes of an entry, from disk or from the objects.
func (r *Repository) readBlob(e Entry) ([]byte, error) {
	if err := readable(e); err != nil {
		return nil, err
	}
	if r.disk != nil {
		if data, ok := r.disk.readHash(e.Path, e.Hash); ok {
			return data, nil
		}
	}
	o, err := r.store.get(e.Hash, MaxBlob)
	var large *TooLargeError
	switch {
	case errors.Is(err, errNotFound):
		return nil, &MissingBlobError{Path: e.Path, Hash: e.Hash, Partial: r.partial}
	case errors.As(err, &large):
		return nil, &TooLargeError{Path: e.Path, Size: large.Size, Limit: large.Limit}
	case err != nil:
		return nil, fmt.Errorf("read %q: %w", e.Path, err)
	case o.kind != "blob":
		return nil, &CorruptError{What: fmt.Sprintf("%q", e.Path), Why: "it is a " + o.kind}
	}
	return slices.Clone(o.data), nil // the store may still need its own
}

// readHash returns the bytes of a file if they, as they are or with LF instead
// of CRLF, have a hash.
func (d *disk) readHash(path string, want Hash) ([]byte, bool) {
	data, err := d.read(path)
	if err != nil {
		return nil, false
	}
	if hashObject("blob", data) == want {
		return data, true
	}
	if lf, had := withoutCR(data); had && hashObject("blob", lf) == want {
		return lf, true
	}
	return nil, false
}
