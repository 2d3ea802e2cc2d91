package main

import (
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogSearchCommand() *cobra.Command {
	var f pageFlags
	cmd := &cobra.Command{
		Use:   "search WORD…",
		Short: "Find techniques, rules, events, fields and values by words",
		Long: `search prints what holds all of the words: techniques by id and name, rules by id
and title, events, fields, and values that rules look for. Finding nothing is no
error.`,
		Example: `  detlint catalog search rclone
  detlint catalog search inbox forwarding`,
		Args: someArguments("name the words to look for, such as: detlint catalog search scheduled task"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.showPage(cmd, &f, func(c *catalog.Catalog) (report.Page, error) {
				return pages.Find(c, args), nil
			})
		},
	}
	f.add(cmd)
	return cmd
}
