package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/report"
)

func (a *app) lintCommand() *cobra.Command {
	f := &reviewFlags{}
	cmd := &cobra.Command{
		Use:   "lint [PATH…]",
		Short: "Check the rules that a change adds or touches",
		Long: `lint compares the rules on disk with those of the merge base with the default
branch, checks both versions of every rule that differs, and reports what is new.

A PATH is a file or folder; only findings below it are reported. Outside of a git
repository, and with --all, every rule is looked at.`,
		Example: `  detlint lint                         your work against the default branch
  detlint lint --staged                what you are about to commit
  detlint lint --base HEAD~3 rules/    the last three commits, below rules/
  detlint lint --all --fail-on never   everything, as a survey`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(a, cmd, args, report.Worktree)
			if err != nil {
				return err
			}
			// Who asks for some checks alone wants nothing else on a terminal.
			o.Lint, o.Advice = true, f.beyondText() || len(f.only) == 0
			return a.review(cmd.Context(), f, o)
		},
	}
	f.addSides(a, cmd)
	f.addAll(cmd)
	f.addFindings(cmd)
	f.addOutput(cmd, report.Formats)
	return cmd
}
