package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/catalog/pages"
	"github.com/detlint/detlint/report"
)

// defaultLimit is how many entries of each list the text and Markdown forms of
// a page show.
const defaultLimit = 20

// pageFlags are what the commands that show a page of the catalog share.
type pageFlags struct {
	format  string
	limit   int
	limited bool // the user gave a limit
}

func (f *pageFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "what to print: "+strings.Join(report.PageFormats, ", "))
	flags.IntVar(&f.limit, "limit", defaultLimit, "show up to `N` entries of each list, 0 for all; json, and the rules of a technique, have no limit unless N is given")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(report.PageFormats, cobra.ShellCompDirectiveNoFileComp))
}

// check reads the flags before any work is done.
func (f *pageFlags) check(cmd *cobra.Command) error {
	if err := report.LookupPage(f.format); err != nil {
		return &usageError{err}
	}
	if f.limit < 0 {
		return usagef("--limit needs a number from 0 on, found %d", f.limit)
	}
	f.limited = cmd.Flags().Changed("limit")
	if f.format == "json" && !f.limited {
		f.limit = 0
	}
	return nil
}

// write prints a page.
func (f *pageFlags) write(a *app, page report.Page) error {
	if f.format == "json" && f.limit > 0 {
		page.Limit(f.limit)
	}
	limits := report.Limits{Entries: f.limit}
	if f.limited {
		limits.Rules = f.limit
	}
	return report.WritePage(a.stdout, f.format, page, limits, a.options(a.stdout))
}

// showPage makes a page of the catalog and prints it. What a page cannot be
// made of is a mistake in the arguments.
func (a *app) showPage(cmd *cobra.Command, f *pageFlags, make func(*catalog.Catalog) (report.Page, error)) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	c, err := a.openCatalog()
	if err != nil {
		return err
	}
	page, err := make(c)
	var unknown *pages.UnknownError
	if errors.As(err, &unknown) {
		return &usageError{err}
	}
	if err != nil {
		return err
	}
	return f.write(a, page)
}
