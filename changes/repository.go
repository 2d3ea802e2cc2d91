package changes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// Options say how a repository is looked at. The zero value lists every file
// and keeps nothing on disk.
type Options struct {
	// Match picks the files that trees list, by their path from the root of the
	// work tree, with forward slashes. Nil picks all. It must be fast: it is
	// asked about every file of every tree, from one goroutine at a time.
	Match func(path string) bool
	// CacheDir is a folder of the caller's where listings of commits are kept,
	// named by content, so they are never stale. It is created with the first
	// listing, for the user alone; it may be deleted at any time. Empty keeps
	// none.
	CacheDir string
	// IndexFile replaces the repository's index. A pre-commit hook finds the
	// one to look at in GIT_INDEX_FILE, which differs from the usual one in
	// git commit -a and git commit PATH. A relative path starts at the root of
	// the work tree.
	IndexFile string
}

// references is what is wanted from go-git's storage: where references point
// and where history was cut off.
type references interface {
	Reference(plumbing.ReferenceName) (*plumbing.Reference, error)
	IterReferences() (storer.ReferenceIter, error)
	Shallow() ([]plumbing.Hash, error)
}

// Repository is a git repository that is only read. It is safe for concurrent
// use.
type Repository struct {
	options Options
	root    string // of the work tree, "" for a bare repository
	gitDir  string // of this work tree
	common  string // of the repository, the same unless this is a linked worktree
	config  gitConfig
	refs    references
	store   *store
	disk    *disk
	partial bool
	shallow map[Hash]bool

	mu      sync.Mutex
	trees   map[Hash][]treeEntry // subtrees read so far
	commits map[Hash]*commit
}

// Open finds the repository that a folder is in: the folder itself or the
// nearest one above it that has a .git folder or file, or is a bare
// repository. Nothing is read but its configuration.
//
// extensions.* of the configuration that change nothing about reading are
// ignored. Errors: *NotRepositoryError, *UnsupportedError.
func Open(dir string, options Options) (*Repository, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open repository: %w", err)
	}
	if info, err := os.Stat(abs); err != nil {
		return nil, fmt.Errorf("open repository: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("open repository: %s is not a folder", dir)
	}
	r := &Repository{options: options, trees: map[Hash][]treeEntry{}, commits: map[Hash]*commit{}}
	if err := r.discover(dir, abs); err != nil {
		return nil, err
	}
	if err := r.configure(); err != nil {
		return nil, err
	}
	if r.root != "" {
		r.disk = newDisk(r.root)
	}
	r.store = newStore(filepath.Join(r.common, "objects"))

	var commonFS billy.Filesystem
	if r.common != r.gitDir {
		commonFS = osfs.New(r.common)
	}
	// go-git.Open would refuse every extension it does not know; its storage
	// does not look at them.
	r.refs = filesystem.NewStorageWithOptions(
		dotgit.NewRepositoryFilesystem(osfs.New(r.gitDir), commonFS),
		cache.NewObjectLRU(0), filesystem.Options{})
	cut, err := r.refs.Shallow()
	if err != nil {
		return nil, fmt.Errorf("read the shallow file: %w", err)
	}
	r.shallow = make(map[Hash]bool, len(cut))
	for _, h := range cut {
		r.shallow[Hash(h)] = true
	}
	return r, nil
}

// discover sets root, gitDir and common.
func (r *Repository) discover(dir, abs string) error {
	for at := abs; ; {
		dot := filepath.Join(at, ".git")
		info, err := os.Stat(dot)
		switch {
		case err == nil && info.IsDir() && isGitDir(dot):
			r.root, r.gitDir, r.common = at, dot, dot
			return r.followCommon()
		case err == nil && info.Mode().IsRegular():
			target, err := readGitFile(dot)
			if err != nil {
				return err
			}
			r.root, r.gitDir, r.common = at, target, target
			return r.followCommon()
		case isGitDir(at) && isDirectory(filepath.Join(at, "objects")):
			r.gitDir, r.common = at, at
			return nil
		}
		up := filepath.Dir(at)
		if up == at {
			return &NotRepositoryError{Dir: dir}
		}
		at = up
	}
}

// isGitDir says whether a folder looks like one of git's own. A linked
// worktree's has no objects, but it has a commondir.
func isGitDir(dir string) bool {
	if _, err := os.Lstat(filepath.Join(dir, "HEAD")); err != nil {
		return false
	}
	if _, err := os.Stat(filepath.Join(dir, "commondir")); err == nil {
		return true
	}
	return isDirectory(filepath.Join(dir, "objects")) && isDirectory(filepath.Join(dir, "refs"))
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readGitFile reads a .git file: "gitdir: PATH", as linked worktrees and
// submodules have.
func readGitFile(file string) (string, error) {
	text, err := readBounded(file, maxPathLength)
	if err != nil {
		return "", fmt.Errorf("open repository: %w", err)
	}
	target, ok := strings.CutPrefix(strings.TrimRight(string(text), "\r\n"), "gitdir:")
	target = filepath.FromSlash(strings.TrimLeft(target, " "))
	if !ok || target == "" {
		return "", &CorruptError{What: file, Why: `it does not say "gitdir: PATH"`}
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(file), target)
	}
	if !isGitDir(target) {
		return "", &CorruptError{What: file, Why: fmt.Sprintf("%s is not a git folder; was the repository moved?", target)}
	}
	return target, nil
}

// followCommon finds the repository a linked worktree belongs to.
func (r *Repository) followCommon() error {
	text, err := readBounded(filepath.Join(r.gitDir, "commondir"), maxPathLength)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open repository: %w", err)
	}
	common := filepath.FromSlash(strings.TrimRight(string(text), "\r\n"))
	if !filepath.IsAbs(common) {
		common = filepath.Join(r.gitDir, common)
	}
	r.common = filepath.Clean(common)
	if !isDirectory(filepath.Join(r.common, "objects")) {
		return &CorruptError{What: filepath.Join(r.gitDir, "commondir"), Why: fmt.Sprintf("%s is not a git folder", r.common)}
	}
	return nil
}

// configure reads the configuration and refuses what cannot be read.
func (r *Repository) configure() error {
	c := gitConfig{}
	c.readConfig(filepath.Join(r.common, "config"), 0)
	if c.truth("extensions.worktreeconfig", false) {
		c.readConfig(filepath.Join(r.gitDir, "config.worktree"), 0)
	}
	r.config = c
	if v := c["core.repositoryformatversion"]; v != "" && v != "0" && v != "1" {
		return &UnsupportedError{Feature: "repository format version", Value: v}
	}
	if v := c["extensions.objectformat"]; v != "" && !strings.EqualFold(v, "sha1") {
		return &UnsupportedError{Feature: "object format", Value: strings.ToLower(v)}
	}
	if v := c["extensions.refstorage"]; v != "" && !strings.EqualFold(v, "files") {
		return &UnsupportedError{Feature: "reference storage", Value: strings.ToLower(v)}
	}
	r.partial = c["extensions.partialclone"] != ""
	for key, v := range c {
		if strings.HasPrefix(key, "remote.") && strings.HasSuffix(key, ".promisor") && v != "false" {
			r.partial = true
		}
	}
	if r.common == r.gitDir && c.truth("core.bare", false) {
		r.root = ""
	}
	return nil
}

// Root is the absolute path of the work tree, "" for a bare repository.
func (r *Repository) Root() string { return r.root }

// Shallow says whether the history of this checkout is cut off.
func (r *Repository) Shallow() bool { return len(r.shallow) > 0 }

// Close gives back the open files. The trees of the repository must not be
// read afterwards.
func (r *Repository) Close() error {
	r.store.close()
	return nil
}
