package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogTechniqueCommand() *cobra.Command {
	var f pageFlags
	var included bool
	cmd := &cobra.Command{
		Use:   "technique ID",
		Short: "What public rules for an ATT&CK technique look at, look for and exclude",
		Long: `technique prints the page of an ATT&CK technique: the events its rules cover, the
fields they filter on, the values they look for with the number of rules under
this technique and in the whole catalog, what they exclude, and every rule. A rule
counts once in each row. An id that was revoked answers under its successor. A
technique without rules is said to have none, with exit code 0; an id that ATT&CK
does not have ends with 2.`,
		Example: `  detlint catalog technique T1020
  detlint catalog technique T1059 --include-subtechniques --format markdown`,
		Args: oneArgument("name one technique, such as T1059.001"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showPage(cmd, &f, func(c *catalog.Catalog) (report.Page, error) {
				return pages.TechniqueOf(c, args[0], included)
			})
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&included, "include-subtechniques", false, "count the rules of its sub-techniques too")
	return cmd
}

// oneArgument asks for one argument that is not empty.
func oneArgument(ask string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return errors.New(ask)
		}
		return nil
	}
}
