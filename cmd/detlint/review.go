package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
)

// reviewFlags are the flags of the commands that compare two states.
type reviewFlags struct {
	base, head            string
	staged, worktree, all bool
	show                  string
	suppressed            bool
	baselineFile          string
	writeBaseline         bool
	baselineAt            string // the file that is meant
	only, skip            []string
	failOn                []string
	minTechniques         int
	targets               string
	formats               []report.Format // those that the command has
	format                string
	outputs               []string
}

// addSides adds the flags that choose what is compared.
func (f *reviewFlags) addSides(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.base, "base", "", "compare with the merge base of `REV` (default: the pull request's base in CI, else the default branch)")
	flags.StringVar(&f.head, "head", "", "look at the rules of `REV` (default: HEAD)")
	flags.BoolVar(&f.staged, "staged", false, "look at what is staged")
	flags.BoolVar(&f.worktree, "worktree", false, "look at the files as they are on disk")
	for _, name := range []string{"base", "head"} {
		_ = cmd.RegisterFlagCompletionFunc(name, a.completeReferences)
	}
}

// addAll adds the flag of commands that can do without a base.
func (f *reviewFlags) addAll(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.all, "all", false, "compare with nothing, look at every rule")
}

// addFindings adds the flags that choose checks and findings.
func (f *reviewFlags) addFindings(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.show, "report", "", "show findings that are `new`, those of changed rules (changed), or all (default: new; all with --all)")
	flags.BoolVar(&f.suppressed, "show-suppressed", false, "also list findings that a comment, the configuration or the baseline passes over")
	flags.StringVar(&f.baselineFile, "baseline", "", "do not report the findings that are in `FILE`")
	flags.BoolVar(&f.writeBaseline, "write-baseline", false, "look at every rule and write all findings to the baseline")
	flags.StringSliceVar(&f.only, "only", nil, "run only these checks (repeatable)")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave out these checks (repeatable)")
	flags.StringSliceVar(&f.failOn, "fail-on", []string{"error"}, "exit with 1 on new findings of this severity or worse: error, warning, info or never; with ci also on coverage-loss")
	for _, name := range []string{"only", "skip"} {
		_ = cmd.RegisterFlagCompletionFunc(name, completeChecks)
	}
	_ = cmd.RegisterFlagCompletionFunc("report", cobra.FixedCompletions([]string{"new", "changed", "all"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"error", "warning", "info", "never", coverageLoss}, cobra.ShellCompDirectiveNoFileComp))
}

// addOutput adds the flags that choose where the report goes and in which form.
func (f *reviewFlags) addOutput(cmd *cobra.Command, formats []report.Format) {
	f.formats = formats
	var names, described []string
	for _, format := range formats {
		names = append(names, format.Name)
		described = append(described, format.Name+"\t"+format.Description)
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "what to print on stdout: "+strings.Join(names, ", "))
	flags.StringArrayVarP(&f.outputs, "output", "o", nil, "also write the report to a file, as `FORMAT=PATH`, or as PATH where its name tells the format (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(described, cobra.ShellCompDirectiveNoFileComp))
	// Either a format, or the name of a file that tells it.
	for i := range names {
		names[i] += "="
	}
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoSpace))
}

// completeReferences offers the branches and tags of the repository.
func (a *app) completeReferences(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	repo, err := changes.Open(a.dir, changes.Options{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names, err := repo.References()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func completeChecks(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, c := range lint.Checks() {
		out = append(out, c.ID+"\t"+c.Summary)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// threshold returns the least severity that fails a run; ok is false for
// never.
func (f *reviewFlags) threshold() (s lint.Severity, ok bool, err error) {
	for _, value := range f.failOn {
		if value == coverageLoss {
			continue
		}
		if value == "never" {
			if len(f.failOn) > 1 {
				return 0, false, usagef("--fail-on never excludes other values")
			}
			return 0, false, nil
		}
		severity, err := lint.ParseSeverity(value)
		if err != nil {
			return 0, false, usagef("unknown value %q of --fail-on, expected error, warning, info or never, or coverage-loss", value)
		}
		if !ok || severity < s {
			s, ok = severity, true
		}
	}
	return s, ok, nil
}

// options turns the flags into what a run needs. mode is the one that holds
// when no flag names another.
func (f *reviewFlags) options(a *app, cmd *cobra.Command, paths []string, mode report.Mode) (review.Options, error) {
	c, err := a.loadConfig(paths)
	if err != nil {
		return review.Options{}, err
	}
	f.configure(cmd, c)
	o := review.Options{
		Config: c, Today: a.today, ShowSuppressed: f.suppressed,
		Dir: a.dir, Paths: paths, Base: f.base, Head: f.head, Mode: mode, Show: review.Show(f.show),
		Only: f.only, Skip: f.skip, Getenv: a.getenv, Build: buildID(), Version: versionName(),
	}
	for _, pair := range []struct {
		both bool
		a, b string
	}{
		{f.staged && f.worktree, "--staged", "--worktree"},
		{f.staged && f.head != "", "--staged", "--head"},
		{f.worktree && f.head != "", "--worktree", "--head"},
		{f.all && f.base != "", "--all", "--base"},
		{f.all && f.staged, "--all", "--staged"},
		{f.writeBaseline && f.base != "", "--write-baseline", "--base"},
		{f.writeBaseline && f.staged, "--write-baseline", "--staged"},
		{f.writeBaseline && len(f.only) > 0, "--write-baseline", "--only"},
		{f.writeBaseline && len(f.skip) > 0, "--write-baseline", "--skip"},
		{f.writeBaseline && len(paths) > 0, "--write-baseline", "PATH"},
	} {
		if pair.both {
			return o, usagef("%s and %s exclude each other", pair.a, pair.b)
		}
	}
	switch {
	case f.all || f.writeBaseline:
		o.Mode = report.All
	case f.staged:
		o.Mode = report.Staged
	case f.worktree:
		o.Mode = report.Worktree
	case f.head != "":
		o.Mode = report.Commits
	}
	if o.Show == "" {
		o.Show = review.ShowNew
		if f.all {
			o.Show = review.ShowAll
		}
	}
	if f.writeBaseline {
		o.Show = review.ShowAll
	}
	if !slices.Contains([]review.Show{review.ShowNew, review.ShowChanged, review.ShowAll}, o.Show) {
		return o, usagef("unknown value %q of --report, expected new, changed or all", f.show)
	}
	catalogs := a.catalogs
	if len(catalogs) == 0 && c != nil {
		catalogs = c.Catalogs
	}
	if o.Catalog, err = a.openCatalogs(catalogs); err != nil {
		return o, err
	}
	if o.Tables, err = a.openTables(c); err != nil {
		return o, err
	}
	if err := f.baseline(a, c, &o); err != nil {
		return o, err
	}
	if err := f.gates(a, cmd, &o); err != nil {
		return o, err
	}
	o.CacheDir = a.cachePath(a.dir)
	return o, nil
}

// beyondText reports whether the report goes anywhere but onto a terminal, where
// there is room for advice on many rules.
func (f *reviewFlags) beyondText() bool { return f.format != "text" || len(f.outputs) > 0 }

// sink is one place a report goes to.
type sink struct {
	path   string // empty for stdout
	format report.Format
}

// sinks reads --format and --output before any work is done.
func (f *reviewFlags) sinks(a *app) ([]sink, error) {
	format, err := report.Lookup(f.formats, f.format)
	if err != nil {
		return nil, &usageError{err}
	}
	out := []sink{{format: format}}
	taken := map[string]string{}
	for _, spec := range f.outputs {
		name, path, ok := strings.Cut(spec, "=")
		if !ok {
			name, path = report.FormatOfFile(f.formats, filepath.Base(spec)), spec
		}
		if path == "" || !ok && name == "" {
			return nil, usagef("--output needs FORMAT=PATH, such as markdown=summary.md, or a PATH whose name tells the format, such as summary.md; found %q", spec)
		}
		format, err := report.Lookup(f.formats, name)
		if err != nil {
			return nil, &usageError{err}
		}
		if path == "-" {
			path = ""
		} else if !filepath.IsAbs(path) {
			path = filepath.Join(a.dir, path)
		}
		if other, ok := taken[path]; ok && path != "" {
			return nil, usagef("--output %s and --output %s name the same file", other, spec)
		}
		taken[path] = spec
		out = append(out, sink{path: path, format: format})
	}
	return out, nil
}

// outputBuffer is how many bytes of a report are written at once.
const outputBuffer = 64 << 10

// publish writes the report everywhere it should go. One place that fails
// does not keep the others from being written.
func (a *app) publish(r *report.Report, sinks []sink, o report.Options) error {
	var errs []error
	told := map[string]bool{}
	for _, s := range sinks {
		if s.path == "" {
			w := bufio.NewWriterSize(a.stdout, outputBuffer)
			errs = append(errs, s.format.Write(w, r, a.terminal(o, a.stdout)), w.Flush())
			continue
		}
		err := a.writeReport(s, r, o)
		if folder := missingFolder(s.path, err); folder == "" {
			errs = append(errs, err)
		} else if !told[folder] {
			told[folder] = true
			errs = append(errs, fmt.Errorf("cannot write the report %s: there is no folder %q; make it first, with: mkdir -p %s",
				filepath.Base(s.path), folder, shellWord(folder)))
		}
	}
	return errors.Join(errs...)
}

// missingFolder is the folder whose absence kept a file from being written, as
// it is called from the working directory; empty where that is not why.
func missingFolder(path string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, folder); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return folder
}

// shellWord writes a path so that a shell reads it as one word.
func shellWord(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	if !strings.ContainsFunc(path, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/._-+@:", r)
	}) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

func (a *app) writeReport(s sink, r *report.Report, o report.Options) error {
	file, err := os.Create(s.path)
	if err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	w := bufio.NewWriterSize(file, outputBuffer)
	if err := errors.Join(s.format.Write(w, r, o), w.Flush(), file.Close()); err != nil {
		return fmt.Errorf("cannot write the report to %s: %w", s.path, err)
	}
	return nil
}

// review does one run with everything around it: flags, progress, output and
// verdict.
func (a *app) review(ctx context.Context, f *reviewFlags, o review.Options) error {
	threshold, gate, err := f.threshold()
	if err != nil {
		return err
	}
	sinks, err := f.sinks(a)
	if err != nil {
		return err
	}
	if !f.beyondText() {
		o.MaxAdvised = report.MostBlocks
	}
	bar := a.progress()
	o.Progress = bar.update
	r, err := review.Run(ctx, o)
	bar.done()
	if err != nil {
		return err
	}
	a.debugf("compared %s with %s (%s), mode %s, cache %q, %.3f s",
		r.Repository.Head, r.Repository.Base, r.Repository.BaseName, r.Repository.Mode, o.CacheDir, time.Since(a.start).Seconds())
	if r.Repository.Mode == report.All && o.Mode != report.All {
		a.notef("not in a git repository: looking at every rule, all findings count as new")
	}
	if f.writeBaseline {
		return f.saveBaseline(a, r, o.BaselinePath)
	}
	verdict := func() error {
		switch {
		case !o.Lint && r.Summary.Unreadable > 0:
			return unreadableError(r)
		case r.Coverage != nil && r.Coverage.Failed():
			return errFindings
		case o.Lint && gate && fails(r.Summary.Findings.New, threshold):
			return errFindings
		}
		return nil
	}()
	out := report.Options{Files: fileLinks(a.getenv), Repository: repositoryURL(a.getenv), Scope: scope(a.dir, o.Paths)}
	switch {
	case errors.Is(verdict, errFindings):
		out.ExitCode = exitFindings
	case verdict != nil:
		out.ExitCode = exitJob
	}
	if err := a.publish(r, sinks, out); err != nil {
		return err
	}
	a.noteStale(r)
	if o.Mode == report.Commits && r.Repository.Base == r.Repository.Head {
		a.notef("the head is the base itself, so there is no change to look at; to review a pull request, check out its head or its merge")
	}
	return verdict
}

// unreadableError says which files a run without findings could not look at.
func unreadableError(r *report.Report) error {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, report.PlainPath(f.Path+": "+f.Message))
	}
	return fmt.Errorf("the report is not about all rules\n  %s", strings.Join(lines, "\n  "))
}

// fails reports whether there are findings of the severity or worse.
func fails(c report.Counts, threshold lint.Severity) bool {
	switch threshold {
	case lint.Error:
		return c.Error > 0
	case lint.Warning:
		return c.Error+c.Warning > 0
	}
	return c.Total() > 0
}
