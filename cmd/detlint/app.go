package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/config"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
)

// The exit codes, which help and docs name too.
const (
	exitClean    = 0
	exitFindings = 1 // findings at or above --fail-on
	exitUsage    = 2 // wrong usage or configuration
	exitJob      = 3 // the job could not be done
)

// errFindings ends a run that reported findings; they are its message.
var errFindings = errors.New("findings")

// usageError is a mistake in how the command was called.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// app is what every command shares: the streams, the environment and the
// global flags.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	today          func() time.Time

	dir        string
	configFile string
	noConfig   bool
	catalogs   []string
	attack     string
	color      string
	cacheDir   string
	quiet      bool
	verbose    bool
	start      time.Time
}

// execute runs the command line and returns the exit code.
func (a *app) execute(ctx context.Context, args []string) int {
	tuneGC()
	a.start = time.Now()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	return a.exitCode(err)
}

// exitCode says what went wrong, on stderr, and with which code to end.
func (a *app) exitCode(err error) int {
	var usage *usageError
	var reviewUsage *review.UsageError
	var configError *config.Error
	var configErrors config.Errors
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.As(err, &configErrors), errors.As(err, &configError):
		fmt.Fprintf(a.stderr, "%s\n", report.PlainLines(err.Error()))
		return exitUsage
	case errors.As(err, &usage), errors.As(err, &reviewUsage):
		fmt.Fprintf(a.stderr, "detlint: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(a.stderr, "detlint: %v\n%s", err, advice(err))
	return exitJob
}

// advice adds what to do to errors that have no room for it.
func advice(err error) string {
	var noBase *changes.NoMergeBaseError
	var notRepo *changes.NotRepositoryError
	var unnamed *review.NoBaseError
	switch {
	case errors.As(err, &noBase) && noBase.Shallow:
		remote := strings.TrimPrefix(noBase.Rev, "origin/")
		return fmt.Sprintf("  fetch more:  git fetch --deepen=200 origin %s\n"+
			"  in GitHub Actions: set fetch-depth: 0 on actions/checkout\n", remote)
	case errors.As(err, &unnamed) && unnamed.Shallow:
		return "  fetch the branch the change goes to, and name it:  git fetch --deepen=200 origin main && detlint … --base origin/main\n" +
			"  in GitHub Actions: set fetch-depth: 0 on actions/checkout\n"
	case errors.As(err, &notRepo):
		return "  without a repository:  detlint lint --all PATH\n"
	}
	return ""
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "detlint",
		Short: "Review detection rules the way a senior detection engineer does",
		Long: `detlint reads the detection rules of a git repository, looks at what a change does
to them, and checks them against a catalog of public rules: indicators that are
noise on their own, exclusions that others have learned to make, ATT&CK coverage
before and after. It works offline and needs no configuration.

Exit codes: 0 clean, 1 findings at or above --fail-on or a gate that failed, 2 wrong
usage or configuration, 3 the job could not be done (no such revision, unreadable
repository, no rule found at all). The report goes to stdout, all else to stderr.`,
		Example: `  detlint lint                    what your uncommitted and committed work adds
  detlint lint --staged           what you are about to commit
  detlint lint --all rules/       everything below a folder
  detlint ci --output markdown=summary.md
  detlint demo                    see it work on a small example`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.checkGlobals()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	flags := root.PersistentFlags()
	flags.StringVarP(&a.dir, "dir", "C", ".", "run as if started in `DIR`")
	flags.StringVar(&a.configFile, "config", "", "read the configuration from `FILE` (default: .detlint.yml here or above, up to the root of the repository)")
	flags.BoolVar(&a.noConfig, "no-config", false, "read no configuration")
	flags.StringArrayVar(&a.catalogs, "catalog", nil, "use the catalog in `FILE` instead of the built-in one (repeatable: all of them together; built-in names that one)")
	flags.StringVar(&a.attack, "attack", "", "use the ATT&CK bundle in `FILE`, an enterprise-attack.json of MITRE, instead of the built-in tables")
	flags.StringVar(&a.color, "color", "auto", "colour the output: auto, always or never")
	flags.StringVar(&a.cacheDir, "cache-dir", "", "keep what can be computed again in `DIR` (default: the user's cache folder; \"none\" for no cache)")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print no progress and no notes")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "say more about what is done")
	root.AddCommand(
		a.lintCommand(), a.diffCommand(), a.ciCommand(), a.coverageCommand(), a.fixCommand(), a.initCommand(), a.adviseCommand(), a.normalizeCommand(), a.catalogCommand(),
		a.explainCommand(), a.checksCommand(), a.demoCommand(), a.versionCommand(), a.manCommand(),
	)
	// Mistakes in arguments are usage errors too.
	for _, cmd := range append(root.Commands(), root) {
		wrapArgs(cmd)
	}
	return root
}

// unknownCommand says which command was most likely meant.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("unknown command %q, did you mean %q?", args[0], near[0])
	}
	return fmt.Errorf("unknown command %q; see: detlint --help", args[0])
}

// wrapArgs makes the errors of argument checks usage errors.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return &usageError{err}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

func (a *app) checkGlobals() error {
	switch a.color {
	case "auto", "always", "never":
	default:
		return usagef("unknown value %q of --color, expected auto, always or never", a.color)
	}
	if info, err := os.Stat(a.dir); err != nil || !info.IsDir() {
		return usagef("no such folder: %s", a.dir)
	}
	return nil
}

// builtIn names the catalog in the binary among others. A file of that name is
// ./built-in.
const builtIn = "built-in"

// openCatalog opens the catalog that the flags ask for; several are used as
// one.
func (a *app) openCatalog() (*catalog.Catalog, error) {
	tables, err := a.openTables(nil)
	if err != nil {
		return nil, err
	}
	c, err := a.openCatalogs(a.catalogs)
	if err != nil {
		return nil, err
	}
	return c.In(tables), nil
}

// openTables reads the ATT&CK bundle that the flag or the configuration names;
// without one they are the built-in tables.
func (a *app) openTables(c *config.Config) (*attack.Tables, error) {
	file := ""
	switch {
	case a.attack != "":
		file = a.path(a.attack)
	case c != nil && c.ATTACK != "":
		file = c.ATTACK
	default:
		return attack.Default(), nil
	}
	tables, err := attack.OpenFile(file)
	var wrong *attack.BundleError
	switch {
	case errors.As(err, &wrong):
		return nil, usagef("%s: %v", displayed(a.dir, file), wrong)
	case err != nil:
		return nil, usagef("cannot read the ATT&CK bundle: %v", err)
	}
	a.debugf("ATT&CK %s from %s", tables.Version, displayed(a.dir, file))
	return tables, nil
}

// openCatalogs opens some catalogs as one, and the built-in one for none.
func (a *app) openCatalogs(paths []string) (*catalog.Catalog, error) {
	if len(paths) == 0 {
		return catalog.Default()
	}
	opened := make([]*catalog.Catalog, len(paths))
	for i, path := range paths {
		var c *catalog.Catalog
		var err error
		if path == builtIn {
			c, err = catalog.Default()
		} else {
			c, err = catalog.OpenFile(a.path(path))
		}
		if err != nil {
			return nil, &usageError{err}
		}
		opened[i] = c
	}
	if len(opened) == 1 {
		return opened[0], nil
	}
	b := catalog.NewBuilder(opened[0].Info().Date)
	for _, c := range opened {
		b.AddCatalog(c)
	}
	var data strings.Builder
	if _, err := b.WriteTo(&data); err != nil {
		return nil, err
	}
	return catalog.Open(data.String())
}

// cachePath is the folder for what can be computed again, one for each
// repository; empty for no cache.
func (a *app) cachePath(repository string) string {
	switch {
	case a.cacheDir == "none":
		return ""
	case a.cacheDir != "" && filepath.IsAbs(a.cacheDir):
		return a.cacheDir
	case a.cacheDir != "":
		return filepath.Join(a.dir, a.cacheDir)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	abs, err := filepath.Abs(repository)
	if err != nil {
		return ""
	}
	return filepath.Join(base, "detlint", cacheName(abs))
}

// options are the renderer's choices for a stream.
func (a *app) options(w io.Writer) report.Options {
	return a.terminal(report.Options{Files: fileLinks(a.getenv)}, w)
}

// terminal adds to options what is so on a stream.
func (a *app) terminal(o report.Options, w io.Writer) report.Options {
	f, ok := w.(*os.File)
	terminal := ok && isatty.IsTerminal(f.Fd())
	o.Color = terminal
	if terminal {
		// Elsewhere the same input must give the same bytes.
		o.Elapsed = time.Since(a.start)
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			o.Width = width
		}
	}
	switch {
	case a.color == "always":
		o.Color = true
	case a.color == "never", a.getenv("NO_COLOR") != "":
		o.Color = false
	case a.getenv("FORCE_COLOR") != "":
		o.Color = true
	case a.getenv("TERM") == "dumb":
		o.Color = false
	}
	return o
}

// notef prints a line for people on stderr.
func (a *app) notef(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.stderr, "detlint: "+format+"\n", args...)
	}
}

// debugf prints a line on stderr with --verbose, and where GitHub is asked to
// show what steps do.
func (a *app) debugf(format string, args ...any) {
	if a.verbose || a.getenv("RUNNER_DEBUG") == "1" {
		fmt.Fprintf(a.stderr, "detlint: "+format+"\n", args...)
	}
}
