package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/report"
)

func (a *app) ciCommand() *cobra.Command {
	f := &reviewFlags{}
	cmd := &cobra.Command{
		Use:   "ci [PATH…]",
		Short: "Lint, diff and coverage in one run, with all outputs, for pull requests",
		Long: `ci looks at the commits of a pull request: it compares HEAD with the merge base
of the branch the request goes to, reports new findings, and says what the change
means for each rule and does to ATT&CK coverage. Several outputs can be written at
once.`,
		Example: `  detlint ci --base origin/main
  detlint ci --format github -o detlint.sarif -o navigator=layer.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(a, cmd, args, report.Commits)
			if err != nil {
				return err
			}
			o.Lint, o.Coverage, o.Meaning, o.Advice = true, true, true, true
			return a.review(cmd.Context(), f, o)
		},
	}
	f.addSides(a, cmd)
	f.addAll(cmd)
	f.addFindings(cmd)
	f.addGates(cmd)
	f.addOutput(cmd, report.CIFormats)
	return cmd
}
