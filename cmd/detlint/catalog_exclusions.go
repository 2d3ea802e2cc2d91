package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogExclusionsCommand() *cobra.Command {
	var f pageFlags
	var technique, category string
	var included bool
	cmd := &cobra.Command{
		Use:   "exclusions [--technique ID] [--category WORD]",
		Short: "What public rules exclude, most often excluded first",
		Long: `exclusions prints the comparisons that public rules exclude, by the number of rules
that do so. A category is the first part of the name of the excluded field:
process, file, registry, source, destination, user and so on.`,
		Example: `  detlint catalog exclusions --technique T1059.001 --category process
  detlint catalog exclusions --limit 50`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showPage(cmd, &f, func(c *catalog.Catalog) (report.Page, error) {
				return pages.ExclusionsOf(c, technique, included, category)
			})
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&technique, "technique", "", "of rules of the technique with this `ID` only")
	flags.BoolVar(&included, "include-subtechniques", false, "of rules of its sub-techniques too")
	flags.StringVar(&category, "category", "", "by fields of this category only, such as process")
	return cmd
}
