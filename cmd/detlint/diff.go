package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/report"
)

func (a *app) diffCommand() *cobra.Command {
	f := &reviewFlags{failOn: []string{"never"}}
	cmd := &cobra.Command{
		Use:   "diff [PATH…]",
		Short: "What a change means for each rule: wider, narrower, or only described differently",
		Long: `diff compares the two versions of every rule that a change touches by what they
find, not by how they are written: which comparisons were added, dropped or moved
between what is looked for and what is excepted, and whether the rule has become
wider, narrower, both or neither. Where that cannot be told it says why. Layout,
the order of keys and values, quoting, and letter case where it does not count,
make no difference, and a rule may move to another language. Rules whose macros
or lookups have changed count as changed.`,
		Example: `  detlint diff                         your work against the default branch
  detlint diff --staged                what you are about to commit
  detlint diff --base HEAD~3 rules/    the last three commits, below rules/
  detlint diff --base v1 --head v2 --format json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(a, cmd, args, report.Worktree)
			if err != nil {
				return err
			}
			o.Meaning, o.Advice = true, true
			return a.review(cmd.Context(), f, o)
		},
	}
	f.addSides(a, cmd)
	f.addOutput(cmd, report.DiffFormats)
	return cmd
}
