package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/report"
)

func (a *app) catalogCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "catalog",
		Short: "The catalog of public rules: look things up, build one",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.catalogBuildCommand(), a.catalogInfoCommand(), a.catalogTechniqueCommand(), a.catalogIndicatorCommand(),
		a.catalogFieldCommand(), a.catalogExclusionsCommand(), a.catalogRuleCommand(), a.catalogSearchCommand(),
	)
	return cmd
}

func (a *app) catalogBuildCommand() *cobra.Command {
	var out, date string
	var sources, commits []string
	cmd := &cobra.Command{
		Use:   "build --source NAME=DIR… --output FILE",
		Short: "Build a catalog from folders of rules",
		Long: `build reads all rules below the given folders and writes an index from predicates
to the rules that use them. Rules that are deprecated or unsupported, by their
status or by the folder they are in, do not count. The same rules give the same
bytes.`,
		Example: `  detlint catalog build --source sigma=sigma/ --commit sigma=8eaafff --date 2026-08 -o catalog.bin
  detlint --catalog catalog.bin lint`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(sources) == 0 {
				return usagef("name at least one source of rules, such as --source sigma=DIR")
			}
			if out == "" {
				return usagef("name the file to write with --output FILE")
			}
			return a.buildCatalog(cmd.Context(), sources, commits, date, out)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&sources, "source", nil, "a folder of rules, as `NAME=DIR` (repeatable)")
	flags.StringArrayVar(&commits, "commit", nil, "the commit a source stands at, as `NAME=COMMIT` (repeatable)")
	flags.StringVar(&date, "date", "", "the `DATE` the rules are from, such as 2026-08; it is part of the file")
	flags.StringVarP(&out, "output", "o", "", "write the catalog to `FILE`")
	return cmd
}

// pairs reads NAME=VALUE arguments.
func pairs(flag string, args []string) ([][2]string, error) {
	var out [][2]string
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" || value == "" {
			return nil, usagef("--%s needs NAME=VALUE, found %q", flag, arg)
		}
		out = append(out, [2]string{name, value})
	}
	return out, nil
}

func (a *app) buildCatalog(ctx context.Context, sourceArgs, commitArgs []string, date, out string) error {
	sources, err := pairs("source", sourceArgs)
	if err != nil {
		return err
	}
	commits, err := pairs("commit", commitArgs)
	if err != nil {
		return err
	}
	commitOf := map[string]string{}
	for _, c := range commits {
		commitOf[c[0]] = c[1]
	}
	b := catalog.NewBuilder(date)
	for _, source := range sources {
		parsed, err := a.readAll(ctx, source[1])
		if err != nil {
			return err
		}
		n := b.AddSource(catalog.Source{Name: source[0], Commit: commitOf[source[0]]})
		taken, left := 0, 0
		for _, p := range parsed {
			for _, r := range p.Rules {
				entry, ok := catalog.Entry(r, n)
				if !ok {
					left++
					continue
				}
				b.Add(entry)
				taken++
			}
		}
		a.notef("%s: %d rules taken, %d left out (retired, no detection, or not read whole)", source[0], taken, left)
	}
	if !filepath.IsAbs(out) {
		out = filepath.Join(a.dir, out)
	}
	// A catalog that could not be written whole must not replace a good one.
	file, err := os.CreateTemp(filepath.Dir(out), ".catalog-*")
	if err != nil {
		return fmt.Errorf("cannot write the catalog: %w", err)
	}
	_, err = b.WriteTo(file)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err == nil {
		err = os.Rename(file.Name(), out)
	}
	if err != nil {
		return fmt.Errorf("cannot write the catalog: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

func (a *app) catalogInfoCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Say which rules a catalog was made of",
		Args:  cobra.NoArgs,
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
				fmt.Fprintf(a.stdout, "catalog %s · %s rules · %s rows · %s uses\n",
					report.Plain(info.Date), report.Number(info.Rules), report.Number(info.Rows), report.Number(info.Postings))
				for _, s := range info.Sources {
					fmt.Fprintf(a.stdout, "  %-10s %6s rules  %s\n", report.Plain(s.Name), report.Number(s.Rules), report.Plain(s.Commit))
				}
				return nil
			}
			return usagef("unknown format %q, expected text or json", format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// printVersion prints all versions that a report depends on.
func (a *app) printVersion() error {
	c, err := a.openCatalog()
	if err != nil {
		return err
	}
	info := c.Info()
	_, err = fmt.Fprintf(a.stdout, "detlint %s · ATT&CK %s · catalog %s (%s rules)\n",
		versionName(), attack.Version, report.Plain(info.Date), report.Number(info.Rules))
	return err
}
