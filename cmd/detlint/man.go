package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand is for those who package detlint; people find the same text with
// --help.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write man pages of all commands to a folder",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := a.path(args[0])
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("cannot write the man pages: %w", err)
			}
			// The date of the pages is part of them; that of the release is not
			// known here, and today's would make each run another.
			date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			header := &doc.GenManHeader{Section: "1", Source: "detlint", Manual: "detlint", Date: &date}
			root := cmd.Root()
			root.DisableAutoGenTag = true
			if err := doc.GenManTree(root, header, dir); err != nil {
				return fmt.Errorf("cannot write the man pages: %w", err)
			}
			return nil
		},
	}
}
