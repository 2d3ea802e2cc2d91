package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
	"github.com/spf13/cobra"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
	"github.com/detlint/detlint/rule"
	"github.com/detlint/detlint/scan"
)

func (a *app) normalizeCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "normalize PATH…",
		Short: "Show the vendor-neutral predicates of rules",
		Long: `normalize prints what detlint reads in a rule: its predicates with canonical
fields, which of them are exclusions, and the events it covers. With --format json
it writes the interchange form, one object for each rule and line. Folders are
searched for rules.`,
		Example: `  detlint normalize rules/windows/my_rule.yml
  detlint normalize --format json rules/ > rules.jsonl`,
		Args: someArguments("name a file or a folder of rules"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "table" && format != "json" {
				return usagef("unknown format %q, expected table or json", format)
			}
			return a.normalize(cmd.Context(), args, format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) normalize(ctx context.Context, paths []string, format string) error {
	w := bufio.NewWriter(a.stdout)
	return a.eachRule(ctx, paths, w, func(r *normalize.Rule) error { return writeNormalized(w, r, format) })
}

// eachRule writes something about every rule of some files and folders. What could
// not be read whole is told on stderr and ends the run as findings do.
func (a *app) eachRule(ctx context.Context, paths []string, w *bufio.Writer, write func(*normalize.Rule) error) error {
	count, broken := 0, 0
	for _, arg := range paths {
		parsed, err := a.readAll(ctx, arg)
		if err != nil {
			return err
		}
		for _, p := range parsed {
			p.File.Source.Path = shownPath(arg, p.File.Source.Path)
			broken += a.problems(p)
			for _, r := range p.Rules {
				count++
				if err := write(r); err != nil {
					return err
				}
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if count == 0 && broken == 0 {
		return &review.NoRulesError{Where: strings.Join(paths, ", "), File: true}
	}
	if broken > 0 {
		return errFindings
	}
	return nil
}

// problems prints what kept a file from being read whole, and counts the errors.
func (a *app) problems(p *scan.Parsed) (errors int) {
	for _, problem := range p.File.Problems {
		at := p.File.Source.Position(problem.Span.Start)
		fmt.Fprintf(a.stderr, "%s:%d:%d: %s: %s\n", report.PlainPath(p.File.Source.Path), at.Line, at.Column, problemWord(problem), report.Plain(problem.Message))
		if !problem.Warning {
			errors++
		}
	}
	return errors
}

// shownPath is the path of a file as the user would write it: the argument
// itself, or what was found below it.
func shownPath(argument, found string) string {
	argument = filepath.ToSlash(filepath.Clean(argument))
	switch {
	case argument == ".":
		return found
	case path.Base(argument) == found:
		return argument
	}
	return path.Join(argument, found)
}

func problemWord(p rule.Problem) string {
	if p.Warning {
		return "warning"
	}
	return "error"
}

// readAll parses a file, or all rule files below a folder, in order.
func (a *app) readAll(ctx context.Context, arg string) ([]*scan.Parsed, error) {
	c, err := a.loadConfig([]string{arg})
	if err != nil {
		return nil, err
	}
	full, err := absolute(a.dir, arg)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(full)
	if errors.Is(err, os.ErrNotExist) {
		return nil, usagef("no such file or folder: %s", arg)
	}
	if err != nil {
		return nil, err
	}
	var tree changes.Tree
	if info.IsDir() {
		tree, err = changes.Dir(full, parsers.List)
	} else {
		tree, err = changes.Files(filepath.Dir(full), []string{filepath.Base(full)})
	}
	if err != nil {
		return nil, err
	}
	all := func(string) bool { return true }
	out, library, err := a.parseTree(ctx, tree, nil, all)
	if err != nil || !refersElsewhere(out, library) {
		return out, err
	}
	known := c.For(full).Macros()
	root, within := repository(full)
	if root == "" {
		out, _, err = a.parseTree(ctx, tree, known, all)
		return out, err
	}
	// What the rules refer to may be anywhere in the repository.
	if tree, err = changes.Dir(root, parsers.List); err != nil {
		return nil, err
	}
	out, _, err = a.parseTree(ctx, tree, known, func(p string) bool { return p == within || strings.HasPrefix(p, within+"/") })
	for _, p := range out {
		if rest, ok := strings.CutPrefix(p.File.Source.Path, within+"/"); ok {
			p.File.Source.Path = rest
		} else {
			p.File.Source.Path = path.Base(within)
		}
	}
	return out, err
}

// parseTree parses the wanted files of a tree, in order, with the definitions
// of all of it, and after those the known ones.
func (a *app) parseTree(ctx context.Context, tree changes.Tree, known []rule.Definition, want func(string) bool) ([]*scan.Parsed, *rule.Library, error) {
	byPath := map[string]*scan.Parsed{}
	var mu sync.Mutex
	bar := a.progress()
	defer bar.done()
	scanner := scan.Scanner{Progress: bar.update, Known: known}
	snapshot, err := scanner.Visit(ctx, tree, want, func(p *scan.Parsed) {
		mu.Lock()
		defer mu.Unlock()
		byPath[p.File.Source.Path] = p
	})
	if err != nil {
		return nil, nil, err
	}
	var out []*scan.Parsed
	for i := range snapshot.Files {
		f := &snapshot.Files[i]
		if f.Unreadable != "" && want(f.Path) {
			return nil, nil, fmt.Errorf("%s: %s", f.Path, f.Unreadable)
		}
		if p := byPath[f.Path]; p != nil {
			out = append(out, p)
		}
	}
	return out, snapshot.Library, nil
}

// refersElsewhere reports whether rules name something that the library does
// not define.
func refersElsewhere(parsed []*scan.Parsed, library *rule.Library) bool {
	for _, p := range parsed {
		for _, r := range p.Rules {
			for _, use := range r.Uses {
				if _, ok := library.Lookup(use.Kind, use.Name); !ok {
					return true
				}
			}
		}
	}
	return false
}

// absolute is where a path of the user's is, seen from where the program runs.
// Its parents can be walked through, which those of "../rules" cannot.
func absolute(dir, p string) (string, error) {
	if filepath.IsAbs(p) {
		return filepath.Clean(p), nil
	}
	return filepath.Abs(filepath.Join(dir, p))
}

// repository finds the git repository that a path is inside of, and the path
// from its root. It is empty when there is none, or when the path is the root.
func repository(full string) (root, within string) {
	for dir := filepath.Dir(full); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			rel, err := filepath.Rel(dir, full)
			if err != nil {
				return "", ""
			}
			return dir, filepath.ToSlash(rel)
		}
		if dir == filepath.Dir(dir) {
			return "", ""
		}
	}
}

func writeNormalized(w io.Writer, r *normalize.Rule, format string) error {
	if format == "json" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(r.Interchange())
	}
	language := string(r.Language)
	if language == "" {
		language = "no query"
	}
	fmt.Fprintf(w, "%s · %s", report.Plain(r.Title.Value), language)
	for _, id := range r.Interchange().Techniques {
		fmt.Fprintf(w, " · %s", report.Plain(id))
	}
	fmt.Fprintf(w, "\n%s", report.PlainPath(r.Path()))
	if len(r.Events) > 0 {
		names := make([]string, len(r.Events))
		for i, e := range r.Events {
			names[i] = e.String()
			if title := e.Title(); title != "" && e.Event != "*" {
				names[i] += " (" + title + ")"
			}
		}
		fmt.Fprintf(w, " · covers %s", report.Plain(strings.Join(names, ", ")))
	}
	fmt.Fprint(w, "\n\n")
	table := tablewriter.NewTable(w, tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
		Borders:  tw.BorderNone,
		Settings: tw.Settings{Separators: tw.Separators{BetweenColumns: tw.Off}, Lines: tw.Lines{ShowHeaderLine: tw.Off}},
	})), tablewriter.WithHeaderAlignment(tw.AlignLeft), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoFormat(tw.Off))
	table.Header("line", "", "field", "operator", "value", "as")
	clause := map[int]int{}
	for n, c := range r.Exclusions {
		for _, i := range c {
			clause[i] = n + 1
		}
	}
	for i := range r.Predicates {
		p := &r.Predicates[i]
		if err := table.Append(tableRow(r, p, clause[i])); err != nil {
			return err
		}
	}
	if len(r.Predicates) > 0 {
		if err := table.Render(); err != nil {
			return err
		}
	}
	for _, u := range r.Unresolved {
		fmt.Fprintf(w, "  not looked into: %s\n", report.Plain(u))
	}
	_, err := fmt.Fprintln(w)
	return err
}

// tableRow writes a predicate for people: the row of the catalog it belongs
// to, and how the rule writes it.
func tableRow(r *normalize.Rule, p *normalize.Predicate, clause int) []string {
	sign := ""
	switch {
	case clause > 0:
		sign = fmt.Sprintf("excludes %d", clause)
	case p.Negated:
		sign = "not"
	case p.Selector:
		sign = "selects"
	}
	written := p.SourceField
	if p.SourceOperator != "" {
		written += "|" + p.SourceOperator
	}
	value := normalize.Shown(p.Key.Operator, p.Key.Value)
	if p.Key.Operator == rule.Eq && value == "" {
		value = `""`
	}
	return []string{
		fmt.Sprint(r.Source.Position(p.Span.Start).Line), sign,
		report.Plain(p.Key.Field), string(p.Key.Operator), report.Plain(value), report.Plain(written),
	}
}
