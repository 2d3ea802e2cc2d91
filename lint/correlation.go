package lint

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var correlationCheck = &Check{
	ID:       "correlation",
	Severity: Error,
	Vendors:  onlySigma,
	Summary:  "The correlation section says something that correlations do not have",
	Rationale: `A correlation is a small language of its own: a type, a timespan such as ` + "`15m`" + `, and a condition that compares a
count with a number. What is outside it is refused by converters, or, worse, left out of the query, and the rule then
alerts on something else than it says.

| part | expected |
| --- | --- |
| ` + "`type`" + ` | event_count, value_count, value_sum, value_avg, value_median, value_percentile, temporal, temporal_ordered |
| ` + "`timespan`" + ` | a number and one of s, m, h, d, w, M, y |
| ` + "`condition`" + ` | gt, gte, lt, lte, eq or neq with a number; value types also need a ` + "`field`" + `. A temporal correlation may instead combine its rules with and, or and not |
| ` + "`rules`" + ` | at least two for a temporal correlation |
| ` + "`generate`" + ` | true or false |`,
	Bad: `title: Many failed logons of one account
id: 7b6c5d4e-3f2a-4b1c-8d9e-0a1b2c3d4e05
status: test
correlation:
    type: value_count
    rules:
        - failed_logon
    group-by:
        - TargetUserName
    timespan: 15min
    condition:
        at-least: 20
level: medium
---
title: Failed logon
name: failed_logon
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID: 4625
    condition: selection
`,
	Good: `title: Many failed logons of one account
id: 7b6c5d4e-3f2a-4b1c-8d9e-0a1b2c3d4e05
status: test
correlation:
    type: value_count
    rules:
        - failed_logon
    group-by:
        - TargetUserName
    timespan: 15m
    condition:
        field: IpAddress
        gte: 20
level: medium
---
title: Failed logon
name: failed_logon
logsource:
    product: windows
    service: security
detection:
    selection:
        EventID: 4625
    condition: selection
`,
	Rule: correlation,
}

var (
	correlationTypes = []string{
		"event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile", "value_median",
	}
	correlationOperators = []string{"gt", "gte", "lt", "lte", "eq", "neq"}
	windowModes          = []string{"sliding", "tumbling", "session"}
)

func correlation(p *Pass) {
	doc := document(p)
	if doc == nil || doc.Correlation == nil {
		return
	}
	c := doc.Correlation
	p.word("correlation type", c.Type, correlationTypes)
	p.timespan("timespan", c.Timespan)
	p.correlatedRules(c)
	p.correlationCondition(c)
	p.correlationAliases(c)
	p.window(c)
	for _, n := range []*tree.Node{doc.Root.Get("generate"), c.Node.Get("generate")} {
		if n != nil && !isBoolean(n) {
			p.Report(n.Span, "generate:"+n.Value, "generate must be true or false, found %q", n.Value)
		}
	}
}

// isBoolean accepts what YAML 1.1, which most Sigma tools read, takes for a
// boolean.
func isBoolean(n *tree.Node) bool {
	if n.Kind != tree.Scalar || n.Style != tree.Plain {
		return false
	}
	switch strings.ToLower(n.Value) {
	case "true", "false", "yes", "no", "on", "off":
		return true
	}
	return false
}

func isTemporal(c *sigma.Correlation) bool { return strings.HasPrefix(c.Type.Value, "temporal") }

// timespan reports a duration that is not a number and a unit.
func (p *Pass) timespan(attribute string, t rule.Text) {
	if t.Value == "" {
		return
	}
	number := strings.TrimRight(t.Value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	unit := t.Value[len(number):]
	count, err := strconv.Atoi(number)
	value := attribute + ":" + t.Value
	switch {
	case err == nil && count > 0 && len(unit) == 1 && strings.Contains("smhdwMy", unit):
	case err == nil && count == 0 && unit != "":
		p.Report(t.Span, value, "%s %q is no time at all, expected a number above 0", attribute, t.Value)
	default:
		f := p.Report(t.Span, value, "%s %q is no duration, expected a number and one of s, m, h, d, w, M, y, such as 15m", attribute, t.Value)
		if meant := timeUnit(unit); err == nil && count > 0 && meant != "" {
			p.fixIn(f, t.Span, t.Value, number+meant)
		}
	}
}

// timeUnit reads the name of a unit of time; it is empty when there is doubt.
func timeUnit(word string) string {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "s", "sec", "secs", "second", "seconds":
		return "s"
	case "min", "mins", "minute", "minutes":
		return "m"
	case "h", "hr", "hrs", "hour", "hours":
		return "h"
	case "d", "day", "days":
		return "d"
	case "w", "week", "weeks":
		return "w"
	case "month", "months":
		return "M"
	case "y", "year", "years":
		return "y"
	}
	return ""
}

func (p *Pass) correlatedRules(c *sigma.Correlation) {
	seen := map[string]bool{}
	for _, r := range c.Rules {
		if key := strings.ToLower(r.Value); seen[key] {
			f := p.Report(r.Span, "rules:"+key, "rule %q stands twice in the correlation", r.Value)
			f.Severity = Warning
			if edit, ok := p.removeItem(r.Span); ok {
				f.Fix = &Fix{Title: "remove the second", Edits: []Edit{edit}}
			}
		} else {
			seen[key] = true
		}
	}
	extended := c.Condition != nil && c.Condition.Kind == tree.Scalar
	if isTemporal(c) && len(seen) == 1 && len(c.Rules) == 1 && !extended {
		p.Report(c.Rules[0].Span, "rules", "a %s correlation needs at least two rules, found one", c.Type.Value)
	}
}

// correlationAliases reports aliases that do not map rules to fields, and
// those for rules that the correlation does not have.
func (p *Pass) correlationAliases(c *sigma.Correlation) {
	k, aliases := entry(c.Node, "aliases")
	if k == nil || aliases.IsNull() {
		return
	}
	if aliases.Kind != tree.Mapping {
		p.Report(aliases.Span, "aliases", `"aliases" must map names to the field of each rule`)
		return
	}
	names := make([]string, len(c.Rules))
	for i, r := range c.Rules {
		names[i] = r.Value
	}
	for i := 0; i+1 < len(aliases.Content); i += 2 {
		name, fields := aliases.Content[i], aliases.Content[i+1]
		if fields.Kind != tree.Mapping {
			p.Report(fields.Span, "aliases:"+name.Value, "alias %q must map each rule to a field", name.Value)
			continue
		}
		for j := 0; j+1 < len(fields.Content); j += 2 {
			if ref := fields.Content[j]; len(names) > 0 && !containsFold(names, ref.Value) {
				f := p.Report(ref.Span, "aliases:"+name.Value+":"+ref.Value, "alias %q names the rule %q, which the correlation does not have", name.Value, ref.Value)
				f.Severity = Warning
				if meant := near.Word(ref.Value, names); meant != "" {
					f.Message += ", did you mean " + quote(meant) + "?"
					p.fixIn(f, ref.Span, ref.Value, meant)
				}
			}
		}
	}
}

func containsFold(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// window looks at the extension for windows of other kinds than a sliding one.
func (p *Pass) window(c *sigma.Correlation) {
	_, mode := entry(c.Node, "window")
	k, gap := entry(c.Node, "gap")
	if mode != nil && mode.Kind == tree.Scalar {
		p.word("window", mode.Text(), windowModes)
	}
	if gap != nil && gap.Kind == tree.Scalar {
		p.timespan("gap", gap.Text())
	}
	session := mode != nil && mode.Value == "session"
	switch {
	case session && gap == nil:
		p.Report(mode.Span, "gap", `a session window needs a "gap", such as 5m`)
	case !session && gap != nil && (mode == nil || containsFold(windowModes, mode.Value)):
		p.Report(k.Span, "gap", `"gap" is only for session windows`)
	}
}
