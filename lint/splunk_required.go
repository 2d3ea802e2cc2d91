package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// The attributes that contentctl builds no app without. A search that is
// missing is for the check syntax.
var (
	contentRequired = set(
		"name", "id", "version", "date", "author", "status", "type", "description", "search", "how_to_implement",
		"known_false_positives", "tags",
	)
	contentRequiredTags = set("analytic_story", "asset_type", "product", "security_domain")
	contentAsked        = union(contentRequired, contentRequiredTags)
)

func requiredSplunk(p *Pass, doc *splunk.Document) {
	if doc.Shape != splunk.Content {
		return // the name of a stanza and its search are all there has to be
	}
	// A rule without "tags" has them as attributes of its own, or has none.
	flat := doc.Tags == doc.Root && slices.ContainsFunc(sorted(contentRequiredTags), func(tag string) bool { return doc.Root.Get(tag) != nil })
	for _, attribute := range sorted(contentRequired) {
		// Baselines had no status before contentctl 5.
		switch {
		case attribute == "search", attribute == "status" && p.Kind == rule.Baseline, attribute == "tags" && flat,
			attribute == "date" && doc.Root.Get("creation_date") != nil:
			continue
		}
		if attribute == "date" && flat {
			attribute = "creation_date"
		}
		if f := p.require(doc.Root, rootAttributes(doc), attribute, ""); f != nil && attribute != "name" {
			f.Severity = Warning
		}
	}
	p.requireTests(doc)
	tags, section := doc.Tags, "tags"
	if tags == nil || len(tags.Content) == 0 || tags == doc.Root && !flat || p.Kind == rule.Baseline {
		return
	}
	if flat {
		section = ""
	}
	for _, attribute := range sorted(contentRequiredTags) {
		// A rule may belong to no story.
		if k, v := entry(tags, attribute); k != nil && !v.IsNull() {
			continue
		}
		if f := p.require(tags, flatAttributes, attribute, section); f != nil {
			f.Severity = Warning
		}
	}
}

// requireTests reports a rule in production that nothing tests. Correlations
// look at the hits of others, and some rules say why they are tested by hand.
func (p *Pass) requireTests(doc *splunk.Document) {
	if p.Status.Value != "production" || p.Kind == rule.Baseline || strings.EqualFold(doc.Type.Value, "Correlation") ||
		doc.Tags.Get("manual_test") != nil || doc.Tests != nil && len(doc.Tests.Content) > 0 {
		return
	}
	p.Report(p.keyOf(doc.Root, "status"), "tests", "the rule is in production and has no %q", "tests").Severity = Info
}
