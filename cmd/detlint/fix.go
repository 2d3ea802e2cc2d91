package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/lint"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
)

func (a *app) fixCommand() *cobra.Command {
	var checks []string
	var dry, show bool
	cmd := &cobra.Command{
		Use:   "fix [PATH…] --check CHECK",
		Short: "Apply the fixes that checks propose to the files on disk",
		Long: `fix rewrites what the findings of the chosen checks say, and nothing else: layout,
comments and line ends stay. Each file is read again with the fix, and is only
written when it can still be read and the finding is gone. Suppressed findings
are left alone, and no link is followed.

Without a PATH all rules of the repository are rewritten, not only those that you
have changed. Look first at what would be, with --dry-run, or name the files.`,
		Example: `  detlint fix --check revoked-technique --dry-run
  detlint fix --check revoked-technique,retired-tactic rules/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(checks) == 0 {
				return usagef("name the checks whose findings are to be fixed, with --check; see the list with: detlint checks")
			}
			c, err := a.loadConfig(args)
			if err != nil {
				return err
			}
			o := review.Options{
				Config: c, Today: a.today, Dir: a.dir, Paths: args, Only: checks, Getenv: a.getenv,
				Build: buildID(), CacheDir: a.cachePath(a.dir), Version: versionName(),
			}
			catalogs := a.catalogs
			if len(catalogs) == 0 && c != nil {
				catalogs = c.Catalogs
			}
			if o.Catalog, err = a.openCatalogs(catalogs); err != nil {
				return err
			}
			if o.Tables, err = a.openTables(c); err != nil {
				return err
			}
			return a.fix(cmd.Context(), o, dry, dry || show)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&checks, "check", nil, "fix the findings of these `CHECKS` (repeatable)")
	flags.BoolVar(&dry, "dry-run", false, "write nothing, print what would change as a unified diff")
	flags.BoolVar(&show, "diff", false, "print what is changed as a unified diff")
	_ = cmd.RegisterFlagCompletionFunc("check", completeChecks)
	return cmd
}

// mostByHand is how many findings without a fix are listed beside those that
// have one.
const mostByHand = 20

// fix does the work and says what was done, or would be.
func (a *app) fix(ctx context.Context, o review.Options, dry, show bool) error {
	fixes, err := review.Fix(ctx, o, dry)
	if err != nil {
		return err
	}
	fixed, files, open := 0, 0, 0
	var left, byHand []string
	without := map[string]int{}
	for _, r := range fixes.Results {
		open += len(r.Open)
		for i := range r.Open {
			f := &r.Open[i]
			without[f.Check]++
			text := fmt.Sprintf("%s: %s [%s]", at(f), f.Message, f.Check)
			if f.Hint != "" {
				text += "\n    " + f.Hint
			}
			byHand = append(byHand, report.PlainLines(text))
		}
		if r.Changed() {
			files++
		}
		fixed += len(r.Fixed)
		if show && r.Changed() {
			a.printDiff(string(diff.Diff(gitName("a/"+r.Path), r.Before, gitName("b/"+r.Path), r.After)))
		}
		if !show {
			for i := range r.Fixed {
				f := &r.Fixed[i]
				fmt.Fprintln(a.stdout, report.Plain(fmt.Sprintf("%s: %s [%s]", at(f), f.Fix.Title, f.Check)))
			}
		}
		for i := range r.Left {
			l := &r.Left[i]
			left = append(left, report.Plain(fmt.Sprintf("%s: %s: %v [%s]", at(&l.Finding), l.Finding.Fix.Title, l.Err, l.Finding.Check)))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(fixes.Failed)) {
		left = append(left, report.Plain(fmt.Sprintf("%s: %v", path, fixes.Failed[path])))
	}
	done := "fixed"
	if dry {
		done = "would fix"
	}
	a.notef("%s %s in %s, looked at %s", done, report.Count(fixed, "finding"), report.Count(files, "file"), report.Count(fixes.Rules, "rule"))
	switch {
	case open == 0:
	case fixed+len(left) == 0 && !a.verbose:
		for _, check := range slices.Sorted(maps.Keys(without)) {
			a.notef("%s: %s, none with a fix; --verbose lists them", check, report.Count(without[check], "finding"))
		}
	default:
		more := ""
		if n := len(byHand) - mostByHand; n > 0 && !a.verbose {
			byHand = byHand[:mostByHand]
			more = fmt.Sprintf("\n  and %d more; --verbose lists all", n)
		}
		a.notef("%s of these checks have no fix:\n  %s%s", report.Count(open, "finding"), strings.Join(byHand, "\n  "), more)
	}
	if len(left) > 0 {
		a.tell("detlint: not fixed:\n  " + strings.Join(left, "\n  "))
		return errFindings
	}
	return nil
}

func at(f *lint.Finding) string {
	return fmt.Sprintf("%s:%d:%d", f.Path, f.Range.Start.Line, f.Range.Start.Column)
}

// gitName writes a path of a diff as git does: in quotes, with octal escapes,
// where it has characters that would end its line or act on what shows it.
func gitName(path string) string {
	if report.Plain(path) == path && !strings.ContainsAny(path, `"\\`) {
		return path
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(path) {
		if c := path[i]; c < ' ' || c >= 0x7F || strings.IndexByte(`"\#`, c) >= 0 {
			fmt.Fprintf(&b, "\\%03o", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// printDiff prints a diff as it is, so that it can be applied; what controls a
// terminal is spelled out on one.
func (a *app) printDiff(text string) {
	if f, ok := a.stdout.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		text = report.PlainLines(text) + "\n"
	}
	fmt.Fprint(a.stdout, text)
}
