package changes

import (
	"bytes"
	"errors"
	"strconv"
)

// commit is what is needed of one.
type commit struct {
	hash    Hash
	tree    Hash
	parents []Hash // as recorded, also where history is cut off
	date    uint64 // of the committer, seconds
}

// maxMeta bounds a commit, a tag or a tree, in bytes.
const maxMeta = 32 << 20

// commit reads a commit.
func (r *Repository) commit(h Hash) (*commit, error) {
	r.mu.Lock()
	c := r.commits[h]
	r.mu.Unlock()
	if c != nil {
		return c, nil
	}
	o, err := r.store.get(h, maxMeta)
	if err != nil {
		return nil, r.missing(err, h, "commit")
	}
	if o.kind != "commit" {
		return nil, &CorruptError{What: "commit " + h.Short(), Why: "it is a " + o.kind}
	}
	if c, err = parseCommit(h, o.data); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.commits[h] = c
	r.mu.Unlock()
	return c, nil
}

// missing turns errNotFound into what callers know.
func (r *Repository) missing(err error, h Hash, kind string) error {
	if errors.Is(err, errNotFound) {
		return &MissingObjectError{Hash: h, Kind: kind, Partial: r.partial}
	}
	return err
}

// parents returns the parents of a commit that history continues with: none
// where this checkout is cut off.
func (r *Repository) parents(c *commit) []Hash {
	if r.shallow[c.hash] {
		return nil
	}
	return c.parents
}

func parseCommit(h Hash, data []byte) (*commit, error) {
	c := &commit{hash: h}
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		if len(line) == 0 {
			break // the message follows
		}
		key, value, _ := bytes.Cut(line, []byte(" "))
		switch string(key) {
		case "tree", "parent":
			ref, err := ParseHash(string(value))
			if err != nil {
				return nil, &CorruptError{What: "commit " + h.Short(), Why: "it names no " + string(key)}
			}
			if string(key) == "tree" {
				c.tree = ref
			} else {
				c.parents = append(c.parents, ref)
			}
		case "committer":
			c.date = committed(value)
		}
		data = rest
	}
	if c.tree.IsZero() {
		return nil, &CorruptError{What: "commit " + h.Short(), Why: "it names no tree"}
	}
	return c, nil
}

// committed reads the seconds of "Name <mail> 1700000000 +0100"; like git, it
// takes what it cannot read for the beginning of time.
func committed(line []byte) uint64 {
	i := bytes.LastIndexByte(line, '>')
	fields := bytes.Fields(line[i+1:])
	if len(fields) == 0 {
		return 0
	}
	n, err := strconv.ParseUint(string(fields[0]), 10, 63)
	if err != nil {
		return 0
	}
	return n
}

// FirstParentIfMerge returns the first parent of a merge commit when it is in
// this checkout. In a GitHub pull_request run HEAD is the merge of the pull
// request into its base, so with fetch-depth: 2 the first parent is an exact
// base although no merge base can be found. ok is false when the commit is no
// merge or its first parent is not there.
func (r *Repository) FirstParentIfMerge(h Hash) (parent Hash, ok bool, err error) {
	c, err := r.commit(h)
	if err != nil {
		return Hash{}, false, err
	}
	parents := r.parents(c)
	if len(parents) < 2 {
		return Hash{}, false, nil
	}
	if _, err := r.commit(parents[0]); err != nil {
		if missing := (*MissingObjectError)(nil); errors.As(err, &missing) {
			return Hash{}, false, nil
		}
		return Hash{}, false, err
	}
	return parents[0], true, nil
}
