package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/report/site"
)

func (a *app) catalogSiteCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "site --output DIR",
		Short: "Write the catalog as static pages",
		Long: `site writes the catalog as a folder of pages: a matrix of techniques, and a page
for each technique, event, field and rule. They need no server and ask nothing of
the network; open index.html. The same catalog gives the same bytes. A folder with
other files in it is left alone; an earlier site in it is replaced.`,
		Example: `  detlint catalog site -o public/
  detlint --catalog own.bin catalog site -o public/`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			if out == "" {
				return usagef("name the folder to write with --output DIR")
			}
			c, err := a.openCatalog()
			if err != nil {
				return err
			}
			n, err := site.Write(c, a.path(out))
			if errors.Is(err, site.ErrOccupied) {
				return usagef("%s: %v; name another, or empty it", out, err)
			}
			if err != nil {
				return err
			}
			a.notef("%s pages written; open %s/index.html", report.Number(n), out)
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write the pages into `DIR`")
	return cmd
}
