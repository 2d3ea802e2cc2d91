package review

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/report"
)

// sides are the two states of the rules that a run compares.
type sides struct {
	base, head changes.Tree // base is nil when nothing is compared
	info       report.Repository
	prefixes   []string // what Options.Paths are below the root of the trees
	root       string   // the folder the trees' paths start at
	isRepo     bool
	close      func() error
}

// open finds the repository and the two states of it. Without a repository
// the folder itself is looked at, as a whole.
func open(o *Options) (*sides, error) {
	start, err := startDir(o)
	if err != nil {
		return nil, err
	}
	repo, err := changes.Open(start, changes.Options{
		Match: parsers.Match, CacheDir: o.CacheDir, IndexFile: o.Getenv("GIT_INDEX_FILE"),
	})
	var none *changes.NotRepositoryError
	if errors.As(err, &none) {
		if o.Mode == report.Commits || o.Mode == report.Staged || o.Base != "" {
			return nil, err
		}
		return openDir(o)
	}
	if err != nil {
		return nil, err
	}
	s := &sides{root: repo.Root(), isRepo: true, close: repo.Close}
	if err := s.choose(repo, o); err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	if err := s.relative(o); err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	return s, nil
}

// startDir is the folder the repository is looked for from: that of the first
// path, so that a path into another repository means that one.
func startDir(o *Options) (string, error) {
	start := o.Dir
	for i, p := range o.Paths {
		full := p
		if !filepath.IsAbs(p) {
			full = filepath.Join(o.Dir, p)
		}
		info, err := os.Stat(full)
		if err != nil {
			if errors.Is(err, os.ErrNotExist) && i > 0 {
				continue // a removed file may be named beside others
			}
			if errors.Is(err, os.ErrNotExist) {
				return "", &UsageError{fmt.Sprintf("no such file or folder: %s", p)}
			}
			return "", err
		}
		if i == 0 {
			start = full
			if !info.IsDir() {
				start = filepath.Dir(full)
			}
		}
	}
	return start, nil
}

// openDir looks at a plain folder: the one path, or the folder stood in.
func openDir(o *Options) (*sides, error) {
	root := o.Dir
	if len(o.Paths) == 1 {
		start, err := startDir(o)
		if err != nil {
			return nil, err
		}
		root = start
	}
	tree, err := changes.Dir(root, parsers.Match)
	if err != nil {
		return nil, err
	}
	s := &sides{
		head: tree, root: root, close: func() error { return nil },
		info: report.Repository{Head: "working tree", Mode: report.All},
	}
	if err := s.relative(o); err != nil {
		return nil, err
	}
	return s, nil
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
		// No branch is the obvious one: look at what is not committed yet.
		if o.Mode == report.Worktree {
			return head, "HEAD", nil
		}
		return changes.Hash{}, "", fmt.Errorf("%w: %w; name it with --base", errNoBase, err)
	}
	return mergeBase(repo, name, head)
}

// mergeBase resolves a revision, or the branch of that name on origin where
// there is no local one.
func mergeBase(repo *changes.Repository, rev string, head changes.Hash) (changes.Hash, string, error) {
	base, err := repo.Base(rev, head)
	var unknown *changes.RevisionError
	if errors.As(err, &unknown) && !strings.HasPrefix(rev, "origin/") {
		if remote, remoteErr := repo.Base("origin/"+rev, head); !errors.As(remoteErr, &unknown) {
			rev, base, err = "origin/"+rev, remote, remoteErr
		}
	}
	if err != nil {
		return changes.Hash{}, "", err
	}
	return base, "merge base with " + rev, nil
}

// ciBase is the branch that the CI system says a pull request goes to.
func ciBase(getenv func(string) string) string {
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
		full := p
		if !filepath.IsAbs(p) {
			full = filepath.Join(o.Dir, p)
		}
		full, err := realPath(full)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, full)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return &UsageError{fmt.Sprintf("%s is not in %s, where the other rules are", p, s.root)}
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
		return true
	}
	for _, prefix := range s.prefixes {
		if prefix == "." || p == prefix || strings.HasPrefix(p, prefix+"/") {
			return true
		}
	}
	return false
}
