package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/config"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
	"github.com/detlint/detlint/rule"
)

func (a *app) initCommand() *cobra.Command {
	var force, hook, workflow bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration that fits the repository, a hook or a workflow",
		Long: `init looks at the rules of the repository and writes a .detlint.yml to its root, with
every key explained. What fits the repository is set, all else is a comment: detlint
works without a configuration.

With --hook it writes the hook that git runs before a commit instead, and with
--workflow a workflow of GitHub Actions for pull requests. What is there already is
not written over.`,
		Example: `  detlint init                     write .detlint.yml
  detlint init --hook --workflow   check commits and pull requests`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !hook && !workflow {
				return a.writeConfig(cmd.Context(), force)
			}
			var errs []error
			if hook {
				errs = append(errs, a.writeHook(force))
			}
			if workflow {
				errs = append(errs, a.writeWorkflow(force))
			}
			return errors.Join(errs...)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&force, "force", false, "write over what is there")
	flags.BoolVar(&hook, "hook", false, "write a pre-commit hook of git")
	flags.BoolVar(&workflow, "workflow", false, "write a workflow of GitHub Actions")
	return cmd
}

// writeConfig writes a configuration that fits the repository.
func (a *app) writeConfig(ctx context.Context, force bool) error {
	survey, err := review.Look(ctx, review.Options{Dir: a.dir, Getenv: a.getenv})
	if err != nil {
		return err
	}
	text := config.Initial(found(survey))
	if _, err := config.Parse([]byte(text), config.Name, survey.Root); err != nil {
		return fmt.Errorf("the configuration would be wrong: %w", err)
	}
	file, err := saveConfig(survey.Root, text, force)
	if err != nil {
		return err
	}
	for _, line := range summary(survey) {
		fmt.Fprintln(a.stdout, report.Plain(line))
	}
	_, err = fmt.Fprintf(a.stdout, "wrote %s\nto check commits and pull requests:  detlint init --hook --workflow\n", report.Plain(displayed(a.dir, file)))
	return err
}

// saveConfig writes a configuration to a folder; one that is there stays,
// unless force says otherwise.
func saveConfig(dir, text string, force bool) (string, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	there := ""
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if config.IsName(e.Name()) {
			there = filepath.Join(dir, e.Name())
		}
	}
	if there == "" {
		there = filepath.Join(dir, config.Name)
		f, err := os.OpenFile(there, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return "", err
		}
		_, err = f.WriteString(text)
		return there, errors.Join(err, f.Close())
	}
	if !force {
		return "", usagef("there is a configuration already: %s; --force writes over it", filepath.Base(there))
	}
	return there, writeFile(there, []byte(text), fs.FileMode(0o644))
}

// found turns a survey into what a configuration is made of.
func found(s *review.Survey) config.Found {
	f := config.Found{Macros: s.Macros, Older: s.Older > 0 && s.Newer == 0, Summary: summary(s)}
	for _, folder := range s.Folders {
		if folder.Path == "." || strings.ContainsAny(folder.Path, `*?[]{}\`) {
			f.Folders = nil // rules are everywhere, or where no pattern says it well
			break
		}
		f.Folders = append(f.Folders, folder.Path)
	}
	for i := range f.Summary {
		f.Summary[i] = report.Plain(f.Summary[i])
	}
	return f
}

// summary says what was found, a line for each folder.
func summary(s *review.Survey) []string {
	var out []string
	for _, f := range s.Folders {
		where := f.Path + "/"
		if f.Path == "." {
			where = "at the top"
		}
		vendors := slices.SortedFunc(maps.Keys(f.Vendors), func(a, b rule.Vendor) int {
			return cmp.Or(cmp.Compare(f.Vendors[b], f.Vendors[a]), cmp.Compare(a, b))
		})
		var parts []string
		for _, v := range vendors {
			parts = append(parts, string(v)+" "+report.Number(f.Vendors[v]))
		}
		line := fmt.Sprintf("%s: %s (%s)", where, report.Count(f.Rules, "rule"), strings.Join(parts, ", "))
		if f.Retired > 0 {
			line += ", " + report.Number(f.Retired) + " no longer in use"
		}
		out = append(out, line)
	}
	if s.Older > 0 && s.Newer == 0 {
		out = append(out, report.Count(s.Older, "rule")+" of ATT&CK v18: their tactic Defense Evasion is no more in v19")
	}
	if len(s.Macros) > 0 {
		out = append(out, report.Count(len(s.Macros), "macro")+" without a definition")
	}
	return out
}
