package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogRuleCommand() *cobra.Command {
	var f pageFlags
	cmd := &cobra.Command{
		Use:   "rule ID",
		Short: "What the catalog knows of one rule",
		Long: `rule prints what the catalog knows of a rule: where it is from, its techniques and
events, and each of its indicators and exclusions with the number of public rules
that have the same. The beginning of an id is enough where no other begins so; a
whole title will do as well.`,
		Example: `  detlint catalog rule 8a63cdd4-6207-414a-85bc-7e032bd3c1a2`,
		Args:    oneArgument("name one rule by its id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showPage(cmd, &f, func(c *catalog.Catalog) (report.Page, error) {
				return pages.RulesOf(c, args[0])
			})
		},
	}
	f.add(cmd)
	return cmd
}
