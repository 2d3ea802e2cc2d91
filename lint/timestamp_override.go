package lint

import "github.com/detlint/detlint/parsers/eql"

var timestampOverrideCheck = &Check{
	ID:       "timestamp-override",
	Severity: Info,
	Vendors:  onlyElastic,
	Summary:  "A rule looks at when events happened, and misses those that arrive late",
	Rationale: `A run looks at the events whose ` + "`@timestamp`" + ` is in its window. What a laptop sends hours later is in no window any more.
With ` + "`timestamp_override = \"event.ingested\"`" + ` the rule goes by when events arrive. Elastic's own rules in EQL and Kuery all
have it, except for sequences, which need the order in which things happened.`,
	Bad:  exampleElastic("Login Item Added", "timestamp_override = \"event.ingested\"\n", ""),
	Good: exampleElastic("Login Item Added"),
	Rule: func(p *Pass) {
		doc := detectionEngine(p)
		if doc == nil || doc.Rule.Get("timestamp_override") != nil {
			return
		}
		switch doc.Type.Value {
		case "query", "eql", "threshold", "new_terms":
		default:
			return
		}
		if doc.Kuery == nil && (doc.EQL == nil || doc.EQL.Kind != eql.Event) {
			return
		}
		p.Report(p.keyOf(doc.Rule, "type"), "timestamp_override", `the rule has no "timestamp_override" and misses events that arrive after its window, expected "event.ingested"`)
	},
}
