package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/rule"
)

// checkInfo describes a check in JSON.
type checkInfo struct {
	ID       string        `json:"id"`
	Severity lint.Severity `json:"severity"`
	Summary  string        `json:"summary"`
	Vendors  []rule.Vendor `json:"vendors"` // empty for all
	Link     string        `json:"link"`
}

func (a *app) checksCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "checks",
		Short: "List all checks",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			switch format {
			case "text":
				for _, c := range lint.Checks() {
					fmt.Fprintf(a.stdout, "%-24s %-8s %s\n", c.ID, c.Severity, c.Summary)
				}
				return nil
			case "json":
				infos := []checkInfo{}
				for _, c := range lint.Checks() {
					infos = append(infos, checkInfo{c.ID, c.Severity, c.Summary, append([]rule.Vendor{}, c.Vendors...), c.Link()})
				}
				e := json.NewEncoder(a.stdout)
				e.SetIndent("", "  ")
				e.SetEscapeHTML(false)
				return e.Encode(infos)
			}
			return usagef("unknown format %q, expected text or json", format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CHECK",
		Short: "Explain a check: what it finds, why it matters, what to do",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one check; see the list with: detlint checks")
			}
			return nil
		},
		ValidArgsFunction: completeChecks,
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := lint.Find(args[0])
			if err != nil {
				return &usageError{err}
			}
			cat, err := a.openCatalog()
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(a.stdout, lint.Explanation(c, cat))
			return err
		},
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and those of the ATT&CK tables and the catalog",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			return a.printVersion()
		},
	}
}
