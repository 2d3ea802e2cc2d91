package lint

import (
	"time"

	"github.com/detlint/detlint/rule"
)

var ruleScheduleCheck = &Check{
	ID:       "rule-schedule",
	Severity: Warning,
	Vendors:  []rule.Vendor{rule.Elastic, rule.Kusto},
	Summary:  "The schedule of a rule leaves events that no run looks at, or is one that cannot be",
	Rationale: `A rule runs every ` + "`interval`" + ` and looks at the time since ` + "`from`" + `. Where that is shorter than the interval, what happens in
between is seen by no run. It should be a little longer, since a run can be late and events arrive late; Kibana's own
defaults are every 5 minutes and the last 6.

A sequence that may take longer than what one run looks at (` + "`with maxspan`" + `) is only found when all of it happens to be in
one window. Ten minutes more than the window are let pass, as Elastic's own tests do.

A rule of Sentinel runs every ` + "`queryFrequency`" + ` and looks at the last ` + "`queryPeriod`" + `, which bounds all that its query reads: a query
that asks for ` + "`ago(14d)`" + ` under a period of one day compares with nothing, and says so to nobody. Sentinel takes 5 minutes to
14 days for both, asks for an hour between runs where a run looks at two days or more, and near-real-time rules have no
schedule of their own.`,
	Bad:  exampleElastic("Archive Made of a Share", "from = \"now-9m\"", "from = \"now-15m\"\ninterval = \"1h\""),
	Good: exampleElastic("Archive Made of a Share", "from = \"now-9m\"", "from = \"now-65m\"\ninterval = \"1h\""),
	More: func() []Example {
		return []Example{
			contrast(exampleKusto, "Archive Made Of A Share", "queryPeriod: 1h", "queryPeriod: 30m", "queryPeriod: 1h"),
		}
	},
	Rule: ruleSchedule,
}

// lateness is how much longer than a rule's window a sequence may be.
const lateness = 10 * time.Minute

func ruleSchedule(p *Pass) {
	if doc := kustoDocument(p); doc != nil {
		kustoSchedule(p, doc)
		return
	}
	doc := detectionEngine(p)
	if doc == nil {
		return
	}
	back, from, ok := p.lookback(doc.Rule)
	every, interval, ok2 := p.interval(doc.Rule)
	if !ok || !ok2 {
		return // the check invalid-attribute says so
	}
	at := from.Span
	if from.Value == "" {
		at = interval.Span
	}
	switch {
	case back < every:
		p.Report(at, "from:"+from.Value+" interval:"+interval.Value, "each run looks at %s and the next one comes after %s, so %s of every %s are never looked at",
			timeText(max(back, 0)), timeText(every), timeText(every-max(back, 0)), timeText(every))
	case doc.EQL != nil && doc.EQL.MaxSpan.Duration > back+lateness:
		span := doc.EQL.MaxSpan.Text
		p.Report(doc.Place(span.Span), "maxspan:"+span.Value, "a sequence may take %s, but each run looks at %s only", span.Value, timeText(back))
	}
}
