package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogIndicatorCommand() *cobra.Command {
	var f pageFlags
	cmd := &cobra.Command{
		Use:   "indicator VALUE | FIELD=VALUE",
		Short: "Who looks for a value, as what, in which techniques, how often alone",
		Long: `indicator prints which public rules compare anything, or one field, with a value:
by which operators, how often it is the only indicator of a rule, who excludes it,
and under which techniques. The value is folded as those of rules are: case,
drives, environment variables and the folders before a program make no difference,
and * and ? are wildcards. The field may be spelled as a vendor does.

A value that no rule has is said to have none, with exit code 0; an unknown field
ends with 2.`,
		Example: `  detlint catalog indicator powershell.exe
  detlint catalog indicator 'process.name=rclone.exe'
  detlint catalog indicator 'CommandLine=*-enc*' --format json`,
		Args: oneArgument("name one value, such as powershell.exe or process.name=powershell.exe"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showPage(cmd, &f, func(c *catalog.Catalog) (report.Page, error) {
				return pages.IndicatorOf(c, args[0])
			})
		},
	}
	f.add(cmd)
	return cmd
}
