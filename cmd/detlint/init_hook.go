package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/report"
)

// hookText is the hook that git runs before a commit, from the root of the work
// tree.
const hookText = `#!/bin/sh
# Written by: detlint init --hook
# Checks the rules that are about to be committed. Once without:
#   git commit --no-verify
if ! command -v detlint >/dev/null 2>&1; then
  echo 'detlint is not installed, so the rules of this commit cannot be checked' >&2
  echo '  install it:  go install github.com/detlint/detlint/cmd/detlint@latest' >&2
  exit 1
fi
exec detlint lint --staged
`

// ownRepository opens the repository that a hook or a workflow is for.
func (a *app) ownRepository() (*changes.Repository, error) {
	repo, err := changes.Open(a.dir, changes.Options{})
	var none *changes.NotRepositoryError
	if errors.As(err, &none) {
		return nil, usagef("%w, so there is nowhere to write it; make one first:  git init", err)
	}
	return repo, err
}

// writeHook writes the hook to where git looks for it.
func (a *app) writeHook(force bool) error {
	repo, err := a.ownRepository()
	if err != nil {
		return err
	}
	defer repo.Close()
	dir, own := repo.HooksDir()
	if !own {
		return usagef("git runs the hooks in %s (core.hooksPath), which is not in this repository, so nothing was written there\n"+
			"  add to %s yourself:  detlint lint --staged || exit 1", report.Plain(dir), report.Plain(filepath.Join(dir, "pre-commit")))
	}
	if err := a.writeNew(filepath.Join(dir, "pre-commit"), hookText, 0o755, force, "hook",
		"\n  or add this line to it:  detlint lint --staged || exit 1"); err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, "git commit checks the rules that are staged from now on")
	return err
}

// writeNew writes a file, with the folders it is in. One that is there stays,
// unless force says otherwise; advice says what else can be done.
func (a *app) writeNew(path, text string, mode fs.FileMode, force bool, what, advice string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	name := report.Plain(displayed(a.dir, path))
	old, err := os.ReadFile(path)
	switch {
	case err == nil && strings.ReplaceAll(string(old), "\r\n", "\n") == text:
		_, err := fmt.Fprintf(a.stdout, "%s is current\n", name)
		return err
	case !errors.Is(err, fs.ErrNotExist) && !force:
		return usagef("there is a %s already: %s; --force writes over it%s", what, name, advice)
	case errors.Is(err, fs.ErrNotExist) && !force:
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	default:
		if err := writeFile(path, []byte(text), mode); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(a.stdout, "wrote %s\n", name)
	return err
}
