package main

import (
	"bufio"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/paste"
	"github.com/detlint/detlint/report"
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
	first := true
	return a.eachRule(ctx, paths, w, func(r *normalize.Rule) error {
		if !first && f.format != "json" {
			fmt.Fprintln(w)
		}
		first = false
		return report.WriteAdvice(w, f.format, ruleAdvice(advisor, c, r), f.limit, a.options(a.stdout))
	})
}

// pasted is how many exclusions are written to be pasted.
const pasted = 3

// ruleAdvice gives advice on a rule, with its first exclusions ready to be
// pasted.
func ruleAdvice(advisor *advise.Advisor, c *catalog.Catalog, r *normalize.Rule) *report.RuleAdvice {
	advice := advisor.Of(r)
	var keys []normalize.Key
	suggested := advice.Suggested()
	for _, e := range suggested[:min(len(suggested), pasted)] {
		keys = append(keys, e.Key)
	}
	return &report.RuleAdvice{Advice: advice, Paste: paste.Exclusions(r, keys, c).Text}
}
