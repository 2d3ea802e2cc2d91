package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/elastic"
)

var deprecatedStateCheck = &Check{
	ID:       "deprecated-state",
	Severity: Warning,
	Vendors:  onlyElastic,
	Summary:  "A rule is half deprecated",
	Rationale: `In the layout of Elastic's repository a rule is taken out of service by three things together: its maturity, the date it
happened, and the folder ` + "`_deprecated`" + `. Where they disagree, one tool ships the rule and the next one does not. detlint counts
a rule as retired by either the maturity or the folder.`,
	Bad:  "-- rules/_deprecated/example_rule.toml --\n" + exampleElastic("Old Browser Plugin Loaded"),
	Good: "-- rules/_deprecated/example_rule.toml --\n" + exampleElastic("Old Browser Plugin Loaded", "maturity = \"production\"", "deprecation_date = \"2026/01/02\"\nmaturity = \"deprecated\""),
	Rule: deprecatedState,
}

func deprecatedState(p *Pass) {
	doc := detectionEngine(p)
	if doc == nil || doc.Shape != elastic.Repository || doc.Metadata == nil {
		return
	}
	maturity := p.Status.Value
	date, _ := entry(doc.Metadata, "deprecation_date")
	deprecated := maturity == "deprecated"
	folder := slices.Contains(strings.Split(p.Path(), "/"), "_deprecated")
	switch {
	case maturity == "":
		return
	case folder && !deprecated:
		p.Report(p.Status.Span, "maturity:"+maturity, "the rule is in the folder %q and its maturity is %q, expected %q", "_deprecated", maturity, "deprecated")
	case deprecated && date == nil:
		p.Report(p.Status.Span, "deprecation_date", "the rule is deprecated and has no %q", "deprecation_date")
	case !deprecated && date != nil:
		p.Report(date.Span, "deprecation_date", "the rule has a %q and its maturity is %q", "deprecation_date", maturity)
	}
}
