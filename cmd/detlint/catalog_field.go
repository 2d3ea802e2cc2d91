package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogFieldCommand() *cobra.Command {
	var f pageFlags
	cmd := &cobra.Command{
		Use:   "field NAME",
		Short: "What public rules compare a field with",
		Long: `field prints what public rules compare a field with and what they exclude by it,
how the vendors spell it, and the techniques it is used for. The name may be the
canonical one or a vendor's, such as Image or process_name.`,
		Example: `  detlint catalog field process.parent.name
  detlint catalog field ParentImage`,
		Args: oneArgument("name one field, such as process.parent.name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showPage(cmd, &f, func(c *catalog.Catalog) (report.Page, error) {
				return pages.FieldOf(c, args[0])
			})
		},
	}
	f.add(cmd)
	return cmd
}
