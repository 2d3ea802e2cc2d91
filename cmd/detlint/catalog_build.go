package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
)

// buildFlags are what a catalog is built from.
type buildFlags struct {
	out, date, about       string
	dirs, sources, commits []string
}

func (a *app) catalogBuildCommand() *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build DIR… --output FILE",
		Short: "Build a catalog from folders of rules",
		Long: `build reads all rules below the given folders and writes an index from predicates
to the rules that use them. Rules that are deprecated or unsupported, by their
status or by the folder they are in, do not count. The same rules give the same
bytes. A folder is a source named as the folder is; --source gives it another name.

Where rules are from stands in a file that --about names, a YAML mapping from the
names of sources to their name, vendor, commit, date, license and url; the url is
the folder that paths of rules are relative to, and gives pages and findings their
links. catalog info shows all of it.`,
		Example: `  detlint catalog build sigma/ detection-rules/ -o catalog.bin
  detlint catalog build --source sigma=sigma/ --commit sigma=8eaafff --date 2026-08 -o catalog.bin
  detlint catalog build --about sources.yml --source sigma=sigma/ --source elastic=detection-rules/ -o catalog.bin
  detlint --catalog catalog.bin lint`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.dirs = args; len(f.dirs)+len(f.sources) == 0 {
				return usagef("name at least one folder of rules, such as: detlint catalog build rules/ -o catalog.bin")
			}
			if f.out == "" {
				return usagef("name the file to write with --output FILE")
			}
			return a.buildCatalog(cmd.Context(), &f)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.sources, "source", nil, "a folder of rules, as `NAME=DIR` (repeatable)")
	flags.StringVar(&f.about, "about", "", "a `FILE` that says where the sources are from")
	flags.StringArrayVar(&f.commits, "commit", nil, "the commit a source stands at, as `NAME=COMMIT` (repeatable)")
	flags.StringVar(&f.date, "date", "", "the `DATE` the rules are from, such as 2026-08; it is part of the file")
	flags.StringVarP(&f.out, "output", "o", "", "write the catalog to `FILE`")
	return cmd
}

// folder is a source of rules and where it lies on this machine.
type folder struct {
	catalog.Source
	key, dir string
}

// folders reads the arguments, --source, --about and --commit.
func (f *buildFlags) folders(a *app) ([]folder, error) {
	about := map[string]catalog.Source{}
	if f.about != "" {
		data, err := os.ReadFile(a.path(f.about))
		if err != nil {
			return nil, usagef("cannot read --about: %v", err)
		}
		if about, err = catalog.ReadSources(data); err != nil {
			return nil, usagef("%s: %v", f.about, err)
		}
	}
	sources, err := pairs("source", f.sources)
	if err != nil {
		return nil, err
	}
	for _, dir := range f.dirs {
		whole, err := filepath.Abs(a.path(dir))
		if err != nil {
			return nil, usagef("cannot find %s: %v", dir, err)
		}
		sources = append(sources, [2]string{filepath.Base(whole), dir})
	}
	var out []folder
	var names []string
	for _, pair := range sources {
		s, known := about[pair[0]]
		if !known {
			s = catalog.Source{Name: pair[0]}
			if f.about != "" {
				return nil, usagef("%s says nothing of source %q", f.about, pair[0])
			}
		}
		out = append(out, folder{s, pair[0], pair[1]})
		names = append(names, pair[0])
	}
	commits, err := pairs("commit", f.commits)
	if err != nil {
		return nil, err
	}
	for _, pair := range commits {
		found := false
		for i := range out {
			if out[i].key == pair[0] {
				out[i].Commit, found = pair[1], true
			}
		}
		if !found {
			guess := ""
			if meant := near.Word(pair[0], names); meant != "" {
				guess = fmt.Sprintf(", did you mean %q?", meant)
			}
			return nil, usagef("--commit names %q, which is no source%s", pair[0], guess)
		}
	}
	return out, nil
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

func (a *app) buildCatalog(ctx context.Context, f *buildFlags) error {
	folders, err := f.folders(a)
	if err != nil {
		return err
	}
	b := catalog.NewBuilder(f.date)
	for _, source := range folders {
		if err := a.addFolder(ctx, b, source); err != nil {
			return err
		}
	}
	return writeCatalog(b, a.path(f.out))
}

// addFolder adds the rules of a folder. A source that does not say whose rules
// it has is of the vendor that all of them are of.
func (a *app) addFolder(ctx context.Context, b *catalog.Builder, source folder) error {
	parsed, err := a.readAll(ctx, source.dir)
	if err != nil {
		return err
	}
	var entries []catalog.Rule
	left := 0
	vendors := map[rule.Vendor]bool{}
	for _, p := range parsed {
		for _, r := range p.Rules {
			entry, ok := catalog.Entry(r, 0)
			if !ok {
				left++
				continue
			}
			vendors[entry.Vendor] = true
			entries = append(entries, entry)
		}
	}
	if len(entries) == 0 {
		return fmt.Errorf("no rule for the catalog in %s, the folder of source %q", source.dir, source.key)
	}
	if source.Vendor == "" && len(vendors) == 1 {
		source.Vendor = entries[0].Vendor
	}
	n := b.AddSource(source.Source)
	for _, entry := range entries {
		entry.Source = n
		b.Add(entry)
	}
	a.notef("%s: %s taken, %s left out (retired, no detection, or not read whole)",
		source.key, report.Count(len(entries), "rule"), report.Number(left))
	return nil
}

// writeCatalog writes a catalog. One that could not be written whole must not
// replace a good one.
func writeCatalog(b *catalog.Builder, out string) error {
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

// path is a path of an argument, from the folder that -C names.
func (a *app) path(arg string) string {
	if filepath.IsAbs(arg) {
		return arg
	}
	return filepath.Join(a.dir, arg)
}
