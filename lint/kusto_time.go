package lint

import (
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/rule"
)

// The limits of Sentinel's schedule: of its documentation for scheduled rules
// and of the schema for templates.
const (
	leastFrequency = 5 * time.Minute
	mostPeriod     = 14 * 24 * time.Hour
	// longPeriod is from when on a rule may not run more than once an hour.
	longPeriod    = 48 * time.Hour
	longFrequency = time.Hour
)

// kustoSpan reads a span of time of a rule: 5m, 1h or 14d in YAML, PT5M of ISO
// 8601 in the API and in templates, 1.00:00:00 of .NET in both.
func kustoSpan(s string) (time.Duration, bool) {
	if rest, ok := strings.CutPrefix(s, "P"); ok {
		return isoSpan(rest)
	}
	if strings.Contains(s, ":") {
		days, clock, ok := strings.Cut(s, ".")
		if !ok {
			days, clock = "0", s
		}
		n, err := strconv.Atoi(days)
		at, err2 := time.Parse(time.TimeOnly, clock)
		return time.Duration(n)*24*time.Hour + at.Sub(at.Truncate(24*time.Hour)), err == nil && err2 == nil && n >= 0 && n < 10_000
	}
	if s == "" || !strings.Contains("mhd", s[len(s)-1:]) {
		return 0, false
	}
	return duration(s)
}

// isoSpan reads what follows the P of a span in the form of ISO 8601: weeks,
// days, hours, minutes and seconds.
func isoSpan(s string) (total time.Duration, ok bool) {
	date, clock, timed := strings.Cut(s, "T")
	for _, part := range []struct{ text, units string }{{date, "WD"}, {clock, "HMS"}} {
		for text := part.text; text != ""; {
			i := strings.IndexAny(text, part.units)
			if i < 1 {
				return 0, false
			}
			d, known := duration(text[:i] + strings.ToLower(text[i:i+1]))
			if !known {
				return 0, false
			}
			total, text = total+d, text[i+1:]
		}
	}
	return total, s != "" && (!timed || clock != "")
}

// kustoSchedule looks at when a rule of Sentinel runs and at what its runs see.
func kustoSchedule(p *Pass, doc *kusto.Document) {
	if !sentinelRule(p, doc) {
		return
	}
	if isNRT(doc) {
		for _, attribute := range schedule {
			if k, v := entry(doc.Rule, attribute); !isBlank(v) {
				p.Report(k.Span, attribute, "a near-real-time rule runs every minute and has no %q", attribute)
			}
		}
		return
	}
	every, ok := kustoSpan(doc.Frequency.Value)
	period, ok2 := kustoSpan(doc.Period.Value)
	if ok {
		p.scheduleLimit("queryFrequency", doc.Frequency, every)
	}
	if ok2 {
		p.scheduleLimit("queryPeriod", doc.Period, period)
	}
	if !ok || !ok2 {
		return // the checks required-attribute and invalid-attribute say so
	}
	value := "queryPeriod:" + doc.Period.Value + " queryFrequency:" + doc.Frequency.Value
	switch {
	case period < every:
		p.Report(doc.Period.Span, value, "each run looks at %s and the next one comes after %s, so %s of every %s are never looked at",
			timeText(period), timeText(every), timeText(every-period), timeText(every)).Severity = Error
	case period >= longPeriod && every < longFrequency && every >= leastFrequency:
		p.Report(doc.Frequency.Span, value, "a rule that looks at %s may run once every %s at most, this one runs every %s",
			timeText(period), timeText(longFrequency), timeText(every)).Severity = Error
	}
	p.unseen(doc, period)
}

// scheduleLimit reports a time that Sentinel refuses.
func (p *Pass) scheduleLimit(attribute string, at rule.Text, d time.Duration) {
	if d < leastFrequency || d > mostPeriod {
		p.Report(at.Span, attribute+":"+at.Value, "%s %q is out of range, expected %s to %s",
			attribute, at.Value, timeText(leastFrequency), timeText(mostPeriod)).Severity = Error
	}
}

// unseen reports the longest window of the query that reaches beyond what a
// run is given. What lies beyond is missing without a word.
func (p *Pass) unseen(doc *kusto.Document, period time.Duration) {
	if doc.KQL == nil || p.Broken {
		return
	}
	longest := -1
	windows := doc.KQL.Windows()
	for i, w := range windows {
		before := w.Operator == rule.Lt || w.Operator == rule.Lte
		if (w.Ago > period+lateness || before && w.Ago >= period) && (longest < 0 || w.Ago > windows[longest].Ago) {
			longest = i
		}
	}
	if longest < 0 {
		return
	}
	w := windows[longest]
	at, value := doc.Place(w.Span), "window:"+timeText(w.Ago)+" queryPeriod:"+doc.Period.Value
	if w.Operator == rule.Lt || w.Operator == rule.Lte {
		p.Report(at, value, "the query asks for what is older than %s, but each run is given the last %s only, so there is none", timeText(w.Ago), timeText(period))
		return
	}
	p.Report(at, value, "the query asks for the last %s, but each run is given the last %s only", timeText(w.Ago), timeText(period)).Hint = "queryPeriod bounds everything that the query reads, whatever it asks for"
}
