package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "catalog",
		Short: "The catalog of public rules: look things up, build one",
		Args:  unknownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.catalogBuildCommand(), a.catalogInfoCommand(), a.catalogTechniqueCommand(), a.catalogIndicatorCommand(),
		a.catalogFieldCommand(), a.catalogExclusionsCommand(), a.catalogRuleCommand(), a.catalogSearchCommand(),
		a.catalogSiteCommand(),
	)
	return cmd
}

func (a *app) catalogInfoCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Say which rules a catalog was made of",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, err := a.openCatalog()
			if err != nil {
				return err
			}
			info := c.Info()
			switch format {
			case "json":
				e := json.NewEncoder(a.stdout)
				e.SetIndent("", "  ")
				e.SetEscapeHTML(false)
				return e.Encode(info)
			case "text":
				fmt.Fprintf(a.stdout, "catalog%s · %s rules · %s rows · %s uses\n",
					dated(info), report.Number(info.Rules), report.Number(info.Rows), report.Number(info.Postings))
				return report.Sources(a.stdout, info.Sources)
			}
			return usagef("unknown format %q, expected text or json", format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// dated is the date of a catalog as it follows its name, nothing for one that
// was built without a date.
func dated(info catalog.Info) string {
	if info.Date == "" {
		return ""
	}
	return " " + report.Plain(info.Date)
}

// printVersion prints all versions that a report depends on.
func (a *app) printVersion() error {
	c, err := a.openCatalog()
	if err != nil {
		return err
	}
	info := c.Info()
	_, err = fmt.Fprintf(a.stdout, "detlint %s · ATT&CK %s · catalog%s (%s rules)\n",
		versionName(), c.Tables().Version, dated(info), report.Number(info.Rules))
	return err
}
