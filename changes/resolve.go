package changes

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// Resolve finds the commit that a revision names: a branch, tag or remote
// branch, short or in full, HEAD or @, a hash of 4 to 40 digits, followed by
// any number of ~N, ^N, ^{commit} and ^{}. A branch that exists only at the
// remote origin may be named without it, because CI systems check out no local
// branch but the one they build.
//
// Errors: *RevisionError, *MissingObjectError.
func (r *Repository) Resolve(rev string) (Hash, error) {
	name, suffix := rev, ""
	if i := strings.IndexAny(rev, "~^:"); i >= 0 {
		name, suffix = rev[:i], rev[i:]
	}
	if strings.Contains(name, "@{") || strings.HasPrefix(suffix, ":") {
		return Hash{}, &RevisionError{
			Rev: rev, Reason: "this way of naming a revision is not supported",
			Hint: "name a branch, a tag or a commit",
		}
	}
	h, err := r.resolveName(rev, name)
	if err != nil {
		return Hash{}, err
	}
	if h, err = r.peel(rev, h); err != nil {
		return Hash{}, err
	}
	for suffix != "" {
		if h, suffix, err = r.step(rev, h, suffix); err != nil {
			return Hash{}, err
		}
	}
	return h, nil
}

// step applies one suffix of a revision.
func (r *Repository) step(rev string, h Hash, suffix string) (Hash, string, error) {
	for _, same := range []string{"^{commit}", "^{}", "^0"} {
		if rest, ok := strings.CutPrefix(suffix, same); ok {
			return h, rest, nil
		}
	}
	op, rest := suffix[0], suffix[1:]
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	n := 1
	if digits > 0 {
		var err error
		if n, err = strconv.Atoi(rest[:digits]); err != nil {
			return Hash{}, "", &RevisionError{Rev: rev, Reason: "the number is too large"}
		}
	}
	rest = rest[digits:]
	if op != '~' && op != '^' || rest != "" && rest[0] != '~' && rest[0] != '^' {
		return Hash{}, "", &RevisionError{
			Rev: rev, Reason: fmt.Sprintf("%q is not understood", suffix),
			Hint: "use ~N or ^N",
		}
	}
	if op == '^' {
		h, err := r.parent(rev, h, n)
		return h, rest, err
	}
	for ; n > 0; n-- {
		var err error
		if h, err = r.parent(rev, h, 1); err != nil {
			return Hash{}, "", err
		}
	}
	return h, rest, nil
}

// parent returns the n-th parent of a commit, from 1.
func (r *Repository) parent(rev string, h Hash, n int) (Hash, error) {
	c, err := r.commit(h)
	if err != nil {
		return Hash{}, err
	}
	if parents := r.parents(c); n <= len(parents) {
		return parents[n-1], nil
	}
	if r.shallow[h] && n <= len(c.parents) {
		return Hash{}, &RevisionError{
			Rev: rev, Shallow: true,
			Reason: "the history of this checkout ends before it (it is shallow)", Hint: "fetch more history",
		}
	}
	if n > 1 && len(c.parents) > 0 {
		return Hash{}, &RevisionError{Rev: rev, Reason: fmt.Sprintf("commit %s has no parent %d", h.Short(), n)}
	}
	return Hash{}, &RevisionError{Rev: rev, Reason: "the history ends before it"}
}

// resolveName finds the object a name without suffixes stands for.
func (r *Repository) resolveName(rev, name string) (Hash, error) {
	if name == "@" {
		name = "HEAD"
	}
	if h, err := ParseHash(name); err == nil {
		return h, nil
	}
	// The order in which git tries names, and the remote's branch at last.
	for _, rule := range []string{
		"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s",
		"refs/remotes/%s", "refs/remotes/%s/HEAD", "refs/remotes/origin/%s",
	} {
		h, ok, err := r.reference(fmt.Sprintf(rule, name))
		if err != nil {
			return Hash{}, err
		}
		if ok {
			return h, nil
		}
	}
	if prefix := strings.ToLower(name); len(prefix) >= 4 && strings.Trim(prefix, "0123456789abcdef") == "" {
		return r.abbreviated(rev, prefix)
	}
	if name == "HEAD" {
		return Hash{}, &RevisionError{
			Rev: rev, Empty: true, Reason: "this repository has no commits yet",
			Hint: "commit something first, or look at the working tree",
		}
	}
	e := &RevisionError{Rev: rev, Reason: "no such branch, tag or commit", Shallow: r.Shallow()}
	if e.Shallow {
		e.Hint = "this checkout is shallow: fetch it first"
	}
	return Hash{}, e
}

// abbreviated finds the only commit, or tag of one, whose hash starts so.
func (r *Repository) abbreviated(rev, prefix string) (Hash, error) {
	all, err := r.store.withPrefix(prefix)
	if err != nil {
		return Hash{}, err
	}
	var found []Hash
	for _, h := range all {
		if o, err := r.store.get(h, maxMeta); err == nil && (o.kind == "commit" || o.kind == "tag") {
			found = append(found, h)
		}
	}
	switch len(found) {
	case 0:
		return Hash{}, &RevisionError{Rev: rev, Reason: "no such branch, tag or commit"}
	case 1:
		return found[0], nil
	}
	return Hash{}, &RevisionError{Rev: rev, Reason: fmt.Sprintf("%d commits start so", len(found)), Hint: "write more digits"}
}

// References are the short names of all branches, remote branches and tags, as
// Resolve takes them, sorted.
func (r *Repository) References() ([]string, error) {
	refs, err := r.refs.IterReferences()
	if err != nil {
		return nil, fmt.Errorf("read references: %w", err)
	}
	var out []string
	err = refs.ForEach(func(ref *plumbing.Reference) error {
		if n := ref.Name(); n.IsBranch() || n.IsRemote() || n.IsTag() {
			out = append(out, n.Short())
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read references: %w", err)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// reference follows a reference, through symbolic ones, to an object.
func (r *Repository) reference(name string) (Hash, bool, error) {
	const maxSymbolic = 5 // as in git
	for range maxSymbolic + 1 {
		// Names that cannot be stored, or lead out of the folder of
		// references, are refused by go-git; to us they do not exist.
		n := plumbing.ReferenceName(name)
		if !n.IsSafe() {
			return Hash{}, false, nil
		}
		ref, err := r.refs.Reference(n)
		if errors.Is(err, plumbing.ErrReferenceNotFound) || errors.Is(err, dotgit.ErrReferenceNameEscape) {
			return Hash{}, false, nil
		}
		if err != nil {
			return Hash{}, false, fmt.Errorf("read reference %s: %w", name, err)
		}
		switch ref.Type() {
		case plumbing.HashReference:
			return Hash(ref.Hash()), !ref.Hash().IsZero(), nil
		case plumbing.SymbolicReference:
			name = string(ref.Target())
		default:
			return Hash{}, false, nil
		}
	}
	return Hash{}, false, nil
}

// peel follows annotated tags to the commit they name.
func (r *Repository) peel(rev string, h Hash) (Hash, error) {
	const maxTags = 16
	for range maxTags {
		if _, err := r.commit(h); err == nil {
			return h, nil
		}
		o, err := r.store.get(h, maxMeta)
		if errors.Is(err, errNotFound) {
			e := &RevisionError{Rev: rev, Shallow: r.Shallow(), Reason: fmt.Sprintf("commit %s is not in this checkout", h.Short())}
			e.Hint = "fetch it first"
			return Hash{}, e
		}
		if err != nil {
			return Hash{}, fmt.Errorf("resolve %q: %w", rev, err)
		}
		if o.kind == "commit" {
			_, err := parseCommit(h, o.data)
			return h, err
		}
		if o.kind != "tag" {
			return Hash{}, &RevisionError{Rev: rev, Reason: fmt.Sprintf("it is a %s, not a commit", o.kind)}
		}
		line, _, _ := bytes.Cut(o.data, []byte("\n"))
		target, ok := bytes.CutPrefix(line, []byte("object "))
		if h, err = ParseHash(string(target)); !ok || err != nil {
			return Hash{}, &CorruptError{What: "tag " + rev, Why: "it names no object"}
		}
	}
	return Hash{}, &RevisionError{Rev: rev, Reason: "it is a tag of a tag of a tag without end"}
}

// DefaultBase names the branch that a change is usually made against: what
// origin/HEAD points to, else the first of origin/main, origin/master, main and
// master that exists. The error is a *RevisionError.
func (r *Repository) DefaultBase() (rev string, err error) {
	if ref, err := r.refs.Reference("refs/remotes/origin/HEAD"); err == nil && ref.Type() == plumbing.SymbolicReference {
		name, ok := strings.CutPrefix(string(ref.Target()), "refs/remotes/")
		if _, exists, err := r.reference(string(ref.Target())); ok && exists && err == nil {
			return name, nil
		}
	}
	for _, name := range []string{"remotes/origin/main", "remotes/origin/master", "heads/main", "heads/master"} {
		if _, ok, err := r.reference("refs/" + name); ok && err == nil {
			_, short, _ := strings.Cut(name, "/")
			return short, nil
		}
	}
	empty := false
	if _, ok, err := r.reference("HEAD"); err == nil && !ok {
		empty = true
	}
	e := &RevisionError{
		Rev: "origin/HEAD", Reason: "there is no origin/HEAD, main or master to compare with",
		Hint: "name the base", Empty: empty,
	}
	return "", e
}
