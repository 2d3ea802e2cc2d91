package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/spf13/cobra"
)

// demoRules has the rules of the demonstration before and after a change.
//
//go:embed demo
var demoRules embed.FS

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Show detlint at work on a small repository made for it",
		Long: `demo writes a small git repository with four rules and a branch that changes them
into a temporary folder, runs "detlint ci" on it, and leaves the folder for you to
look at.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := os.MkdirTemp("", "detlint-demo-")
			if err != nil {
				return err
			}
			if err := writeDemo(dir); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "$ cd %s\n$ git log --oneline main..change\n%s\n$ detlint ci --base main\n\n", dir, demoMessage)
			inner := &app{stdin: a.stdin, stdout: a.stdout, stderr: a.stderr, getenv: demoEnv(a.getenv), start: a.start}
			root := inner.root()
			root.SetArgs([]string{"ci", "--base", "main", "-C", dir, "--cache-dir", "none", "--color", a.color})
			root.SetErr(a.stderr)
			err = root.ExecuteContext(cmd.Context())
			if err != nil && !errors.Is(err, errFindings) {
				return err
			}
			code := exitClean
			if err != nil {
				code = exitFindings
			}
			_, err = fmt.Fprintf(a.stdout, "\n(exit code %d) The repository stays in %s; try detlint there.\n", code, dir)
			return err
		},
	}
}

// demoEnv hides what a CI system says about another repository.
func demoEnv(getenv func(string) string) func(string) string {
	return func(name string) string {
		switch name {
		case "NO_COLOR", "FORCE_COLOR", "TERM":
			return getenv(name)
		}
		return ""
	}
}

const demoMessage = "Widen the copy tool rule, watch the sensor, drop the history rule"

// writeDemo makes the repository: main with the rules as they were, and the
// branch change, which is checked out.
func writeDemo(dir string) error {
	repo, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName("main")},
	})
	if err != nil {
		return err
	}
	tree, err := repo.Worktree()
	if err != nil {
		return err
	}
	for i, step := range []struct{ folder, branch, message string }{
		{"demo/base", "", "Four rules"},
		{"demo/head", "change", demoMessage},
	} {
		if step.branch != "" {
			err := tree.Checkout(&git.CheckoutOptions{Branch: plumbing.NewBranchReferenceName(step.branch), Create: true})
			if err != nil {
				return err
			}
		}
		if err := os.RemoveAll(filepath.Join(dir, "rules")); err != nil {
			return err
		}
		if err := copyDemo(step.folder, dir); err != nil {
			return err
		}
		if err := tree.AddWithOptions(&git.AddOptions{All: true}); err != nil {
			return err
		}
		who := &object.Signature{
			Name: "detlint demo", Email: "demo@example.org",
			When: time.Date(2026, 2, 1+i, 9, 0, 0, 0, time.UTC),
		}
		if _, err := tree.Commit(step.message, &git.CommitOptions{Author: who, Committer: who}); err != nil {
			return err
		}
	}
	return nil
}

func copyDemo(from, to string) error {
	return fs.WalkDir(demoRules, from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, filepath.FromSlash(strings.TrimPrefix(name, from)))
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		data, err := demoRules.ReadFile(path.Clean(name))
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
}
