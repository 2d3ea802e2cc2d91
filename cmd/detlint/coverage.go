package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/report"
)

func (a *app) coverageCommand() *cobra.Command {
	f := &reviewFlags{failOn: []string{"never"}}
	cmd := &cobra.Command{
		Use:   "coverage [PATH…]",
		Short: "ATT&CK technique coverage, before and after a change",
		Long: `coverage lists the ATT&CK techniques that the rules say they detect, by tactic,
with the number of rules, their levels and the events they rest on: as they are
on disk, against the merge base with the default branch. It also says what public
rules cover that the repository lacks.`,
		Example: `  detlint coverage
  detlint coverage --all --format markdown --output markdown=COVERAGE.md
  detlint coverage --all -o matrix.svg -o badge.svg -o layer.json
  detlint coverage --base v1.0 --head v2.0 --format json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(a, cmd, args, report.Worktree)
			if err != nil {
				return err
			}
			o.Coverage = true
			return a.review(cmd.Context(), f, o)
		},
	}
	f.addSides(a, cmd)
	f.addAll(cmd)
	f.addGates(cmd)
	cmd.Flags().StringSliceVar(&f.failOn, "fail-on", f.failOn, "exit with 1 on a `coverage-loss`: a technique that loses its last rule")
	f.addOutput(cmd, report.CoverageFormats)
	return cmd
}
