package lint

import (
	"slices"

	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/tree"
)

// What Sentinel's schema for templates asks for, in YAML and, where a rule has
// another name for its title, in ARM templates. The query is what the check
// syntax looks at. Hunting queries do without most of it.
var (
	analyticsRequired = []string{"id", "name", "kind", "description", "severity"}
	huntingRequired   = []string{"id", "name", "description"}
	templateRequired  = []string{"displayName", "severity"}
)

func requiredKusto(p *Pass, doc *kusto.Document) {
	known := sentinelAttributes
	if doc.Shape == kusto.Template {
		known = templateAttributes
	}
	require := func(attributes ...string) {
		for _, attribute := range attributes {
			p.requireOne(doc.Rule, known, "the rule", attribute)
		}
	}
	switch {
	case doc.Shape == kusto.Custom:
		return // Graph names what it misses, and most of it is made by the portal
	case !sentinelRule(p, doc) && doc.Shape == kusto.Template:
		require("displayName")
	case !sentinelRule(p, doc):
		require(huntingRequired...)
	case doc.Shape == kusto.Template:
		require(templateRequired...)
	default:
		require(analyticsRequired...)
	}
	if sentinelRule(p, doc) {
		p.requireSchedule(doc, require)
		p.requireTactics(doc)
	}
	for _, connector := range items(doc.Connectors) {
		if connector.Kind == tree.Mapping {
			for _, attribute := range []string{"connectorId", "dataTypes"} {
				p.requireOne(connector, connectorAttributes, `an entry of "requiredDataConnectors"`, attribute)
			}
		}
	}
}

// requireSchedule asks for when a rule runs. Where all of it is missing, it is
// said once.
func (p *Pass) requireSchedule(doc *kusto.Document, require func(...string)) {
	if isNRT(doc) {
		return
	}
	for _, attribute := range schedule {
		if doc.Rule.Get(attribute) != nil || misspelled(doc.Rule, attribute, sentinelAttributes) != nil {
			require(schedule...)
			return
		}
	}
	at := p.header(doc.Rule)
	if doc.Type.Value != "" {
		at = doc.Type.Span
	}
	p.Report(at, "schedule", "a scheduled rule needs %q, %q, %q and %q, and this one has none of them",
		schedule[0], schedule[1], schedule[2], schedule[3])
}

// requireTactics asks for tactics: Sentinel takes a technique only together
// with its tactic, and without either a rule counts for no coverage.
func (p *Pass) requireTactics(doc *kusto.Document) {
	k, v := entry(doc.Rule, "tactics")
	if len(doc.Tactics) > 0 || v != nil && v.Kind == tree.Scalar && computed(v.Value) {
		return
	}
	at := p.header(doc.Rule)
	if k != nil {
		at = k.Span
	}
	if len(doc.Techniques) > 0 {
		p.Report(at, "tactics", "the rule has techniques and no tactic, and Sentinel takes a technique only with its tactic")
		return
	}
	p.Report(at, "tactics", "the rule has no tactic").Severity = Info
}

// unknownKustoKeys reports keys that were meant to be an attribute of a rule.
func unknownKustoKeys(p *Pass, doc *kusto.Document) {
	switch {
	case doc.Shape == kusto.Custom:
		return
	case doc.Shape == kusto.Template:
		p.unknownKeys(doc.Rule, "properties.", templateAttributes, set(slices.Concat(schedule, templateRequired)...))
		return
	case sentinelRule(p, doc):
		p.unknownKeys(doc.Rule, "", sentinelAttributes, set(slices.Concat(schedule, analyticsRequired)...))
	default:
		p.unknownKeys(doc.Rule, "", sentinelAttributes, set(huntingRequired...))
	}
}
