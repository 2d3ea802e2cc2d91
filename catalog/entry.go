package catalog

import (
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Entry is what a catalog keeps of a rule from the source with the given
// number. It is false for rules that belong into no catalog: correlations and
// filters, rules that are retired, and those of which a part could not be read.
func Entry(r *normalize.Rule, source int) (Rule, bool) {
	s := r.Summary()
	if s.Kind != rule.Detection || s.Retired || r.Broken {
		return Rule{}, false
	}
	return Rule{
		Source: source, Vendor: s.Vendor, Language: s.Language,
		ID: s.ID.Value, Title: s.Title.Value, Path: s.Path, Index: s.Index, Level: s.Level, Content: s.Content,
		Techniques: s.Techniques, Tactics: s.Tactics, Events: s.Events, Category: r.Logsource.String(),
		Indicators: r.IndicatorKeys(), Exclusions: r.ExclusionKeys(), Spellings: spellings(r),
	}, true
}
