package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/paste"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/review"
)

// adviceLimit is how many entries of each list the text and Markdown forms of
// an advice show.
const adviceLimit = 10

func (a *app) adviseCommand() *cobra.Command {
	f := pageFlags{}
	cmd := &cobra.Command{
		Use:   "advise RULE…",
		Short: "What public rules know that a rule might not",
		Long: `advise is for writing a rule. It shows the ways in which the rule fires and how many
public rules look for the same, which fields and values the public rules that are
most like it exclude, best first and with the counts that speak for them, what else
they filter on, and which other events they look at. The exclusions are also written
in the rule's own language, to be pasted.

A rule is a file; folders are searched for rules. With --format json there is one
object for each rule and line. docs/advise.md says what the figures mean.`,
		Example: `  detlint advise rules/windows/my_rule.yml
  detlint advise --format json rules/ > advice.jsonl`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			return a.advise(cmd.Context(), args, &f)
		},
	}
	f.add(cmd)
	cmd.Flags().Lookup("limit").DefValue = fmt.Sprint(adviceLimit)
	f.limit = adviceLimit
	return cmd
}

func (a *app) advise(ctx context.Context, paths []string, f *pageFlags) error {
	c, err := a.openCatalog()
	if err != nil {
		return err
	}
	advisor := advise.New(c)
	w := bufio.NewWriter(a.stdout)
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
				if count++; count > 1 && f.format != "json" {
					fmt.Fprintln(w)
				}
				if err := report.WriteAdvice(w, f.format, ruleAdvice(advisor, r), f.limit, a.options(a.stdout)); err != nil {
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

// pasted is how many exclusions are written to be pasted.
const pasted = 3

// ruleAdvice gives advice on a rule, with its first exclusions ready to be
// pasted.
func ruleAdvice(advisor *advise.Advisor, r *normalize.Rule) *report.RuleAdvice {
	advice := advisor.Of(r)
	var keys []normalize.Key
	suggested := advice.Suggested()
	for _, e := range suggested[:min(len(suggested), pasted)] {
		keys = append(keys, e.Key)
	}
	return &report.RuleAdvice{Advice: advice, Paste: paste.Exclusions(r, keys).Text}
}
