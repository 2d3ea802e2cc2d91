package review

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/config"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/report"
)

// sides are the two states of the rules that a run compares.
type sides struct {
	base, head changes.Tree // base is nil when nothing is compared
	info       report.Repository
	prefixes   []string // what Options.Paths are below the root of the trees
	// dependents are the files wanted beside those, by path.
	dependents map[string]bool
	root       string // the folder the trees' paths start at
	scope      *config.Scope
	isRepo     bool
	close      func() error
}

// open finds the repository and the two states of it. Without a repository
// the folder itself is looked at, as a whole.
func open(o *Options) (*sides, error) {
	s := &sides{isRepo: true}
	repo, err := changes.Open(startDir(o), changes.Options{
		Match: s.listed, CacheDir: o.CacheDir, IndexFile: o.Getenv("GIT_INDEX_FILE"),
	})
	var none *changes.NotRepositoryError
	if errors.As(err, &none) {
		if o.Mode == report.Commits || o.Mode == report.Staged || o.Base != "" || o.Meaning {
			return nil, err
		}
		return openDir(o)
	}
	if err != nil {
		return nil, err
	}
	s.root, s.close, s.scope = repo.Root(), repo.Close, scopeOf(o, repo.Root())
	if err := s.choose(repo, o); err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	if err := s.relative(o); err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	if err := s.mustExist(o); err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	return s, nil
}

// scopeOf is the configuration for the trees of a folder.
func scopeOf(o *Options, root string) *config.Scope {
	if real, err := realPath(root); err == nil {
		root = real
	}
	return o.Config.For(root)
}

// listed reports whether the trees have a file.
func (s *sides) listed(p string) bool {
	return parsers.List(p) && !s.scope.Excluded(p) && !config.IsName(path.Base(p))
}

// startDir is the folder the repository is looked for from: that of the first
// path, so that a path into another repository means that one. What does not
// exist any more may have been removed by the change.
func startDir(o *Options) string {
	if len(o.Paths) == 0 {
		return o.Dir
	}
	dir := o.full(o.Paths[0])
	for {
		info, err := os.Stat(dir)
		if err == nil && info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return o.Dir
		}
		dir = up
	}
}

// full is a path of the user's from where the program runs.
func (o *Options) full(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(o.Dir, p)
}

// openDir looks at a plain folder: the one path, or the folder stood in.
func openDir(o *Options) (*sides, error) {
	s := &sides{
		root: o.Dir, close: func() error { return nil },
		info: report.Repository{Head: "working tree", Mode: report.All},
	}
	var err error
	if len(o.Paths) > 1 {
		return nil, &UsageError{"outside of a git repository one path can be looked at, a file or a folder"}
	}
	if len(o.Paths) == 1 {
		// Nothing can have removed it here, and its folder is not what is meant.
		if _, err := os.Lstat(o.full(o.Paths[0])); err != nil {
			return nil, noSuchPath(o.Paths[0])
		}
		s.root = startDir(o)
	}
	s.scope = scopeOf(o, s.root)
	if len(o.Paths) == 1 {
		if info, statErr := os.Stat(o.full(o.Paths[0])); statErr == nil && !info.IsDir() && !s.scope.Excluded(filepath.Base(o.Paths[0])) {
			s.head, err = changes.Files(s.root, []string{filepath.Base(o.Paths[0])})
		}
	}
	if s.head == nil && err == nil {
		s.head, err = changes.Dir(s.root, s.listed)
	}
	if err != nil {
		return nil, err
	}
	if err := s.relative(o); err != nil {
		return nil, err
	}
	return s, s.mustExist(o)
}

// mustExist refuses paths that are nowhere: a misspelled one would otherwise
// be passed over in silence.
func (s *sides) mustExist(o *Options) error {
	for i, prefix := range s.prefixes {
		if _, err := os.Stat(o.full(o.Paths[i])); err == nil || s.has(s.head, prefix) || s.has(s.base, prefix) {
			continue
		}
		return noSuchPath(o.Paths[i])
	}
	return nil
}

func noSuchPath(p string) error {
	return &UsageError{fmt.Sprintf("no such file or folder: %s", p)}
}

// has reports whether a tree has the path, as a file or as a folder.
func (s *sides) has(tree changes.Tree, prefix string) bool {
	return tree != nil && slices.ContainsFunc(tree.Entries(), func(e changes.Entry) bool {
		return e.Path == prefix || strings.HasPrefix(e.Path, prefix+"/")
	})
}

// choose picks the two states by mode and revisions.
func (s *sides) choose(repo *changes.Repository, o *Options) error {
	s.info.Mode = o.Mode
	if o.Mode == report.All {
		var err error
		if o.Head != "" {
			head, err := repo.Resolve(o.Head)
			if err != nil {
				return err
			}
			s.info.Head = head.String()
			s.head, err = repo.Commit(head)
			return err
		}
		s.info.Head = "working tree"
		s.head, err = repo.Worktree()
		return err
	}
	headRev := o.Head
	if headRev == "" {
		headRev = "HEAD"
	}
	head, err := repo.Resolve(headRev)
	var missing *changes.RevisionError
	if errors.As(err, &missing) && missing.Empty && o.Base == "" && o.Mode != report.Commits {
		// Before the first commit everything is new.
		s.base, s.info.BaseName = changes.Empty(), "an empty repository"
		return s.openHead(repo, o, head)
	}
	if err != nil {
		return err
	}
	if err := s.openHead(repo, o, head); err != nil {
		return err
	}
	base, name, err := findBase(repo, o, head)
	if err != nil {
		return err
	}
	s.info.Base, s.info.BaseName = base.String(), name
	s.base, err = repo.Commit(base)
	return err
}

func (s *sides) openHead(repo *changes.Repository, o *Options, head changes.Hash) (err error) {
	switch o.Mode {
	case report.Staged:
		s.info.Head = "index"
		s.head, err = repo.Index()
	case report.Worktree:
		s.info.Head = "working tree"
		s.head, err = repo.Worktree()
	default:
		s.info.Head = head.String()
		s.head, err = repo.Commit(head)
	}
	return err
}

// findBase returns the commit a change is compared with and how it was found.
func findBase(repo *changes.Repository, o *Options, head changes.Hash) (changes.Hash, string, error) {
	if o.Base != "" {
		return mergeBase(repo, o.Base, head)
	}
	if name := ciBase(o.Getenv); name != "" {
		// GitHub checks a pull request out as its merge into the base, whose
		// first parent is the base, also where the history is cut off. A
		// merge commit that somebody else made says nothing of the kind.
		if o.Getenv("GITHUB_EVENT_NAME") == "pull_request" && o.Getenv("GITHUB_SHA") == head.String() {
			parent, ok, err := repo.FirstParentIfMerge(head)
			if err != nil {
				return changes.Hash{}, "", err
			}
			if ok {
				return parent, "merge base with " + name, nil
			}
		}
		hash, found, err := mergeBase(repo, name, head)
		var unknown *changes.RevisionError
		if errors.As(err, &unknown) {
			// Some systems fetch the branch under its own name only.
			if hash, found, err := mergeBase(repo, strings.TrimPrefix(name, "origin/"), head); err == nil {
				return hash, found, nil
			}
		}
		return hash, found, err
	}
	if o.Mode == report.Staged {
		// What is about to be committed is compared with what it changes.
		return head, "HEAD", nil
	}
	name, err := repo.DefaultBase()
	if err != nil {
		// No branch is the obvious one: look at what is not committed yet. In
		// a checkout that is cut off the branch is merely not here.
		if o.Mode == report.Worktree && !repo.Shallow() {
			return head, "HEAD, for want of a default branch", nil
		}
		return changes.Hash{}, "", &NoBaseError{Shallow: repo.Shallow(), Err: err}
	}
	return mergeBase(repo, name, head)
}

// mergeBase returns the merge base of a revision with the head.
func mergeBase(repo *changes.Repository, rev string, head changes.Hash) (changes.Hash, string, error) {
	base, err := repo.Base(rev, head)
	if err != nil {
		return changes.Hash{}, "", err
	}
	if h, err := changes.ParseHash(rev); err == nil {
		rev = h.Short()
	}
	return base, "merge base with " + rev, nil
}

// ciBase is the branch that the CI system says a pull request goes to.
func ciBase(getenv func(string) string) string {
	if commit := getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"); commit != "" {
		return commit // GitLab says exactly which
	}
	for _, name := range []string{
		"GITHUB_BASE_REF",                     // GitHub, Gitea
		"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", // GitLab
		"SYSTEM_PULLREQUEST_TARGETBRANCH",     // Azure DevOps, a full reference
		"BITBUCKET_PR_DESTINATION_BRANCH",     // Bitbucket
	} {
		if branch := strings.TrimPrefix(getenv(name), "refs/heads/"); branch != "" {
			return "origin/" + branch
		}
	}
	return ""
}

// relative sets which part of the trees the user's paths mean.
func (s *sides) relative(o *Options) error {
	root, err := realPath(s.root)
	if err != nil {
		return err
	}
	for _, p := range o.Paths {
		full, err := realPath(o.full(p))
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, full)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return &UsageError{fmt.Sprintf("%s is not in %s, where the other rules are", p, root)}
		}
		s.prefixes = append(s.prefixes, path.Clean(filepath.ToSlash(rel)))
	}
	return nil
}

// realPath resolves links as far as the path exists, so that two ways to the
// same folder compare equal.
func realPath(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	if real, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(real, filepath.Base(abs)), nil
	}
	return abs, nil
}

// wanted reports whether findings about a path are asked for.
func (s *sides) wanted(p string) bool {
	if len(s.prefixes) == 0 {
		return s.scope.Wanted(p)
	}
	return s.dependents[p] || slices.ContainsFunc(s.prefixes, func(prefix string) bool { return under(p, prefix) })
}
