package kusto

import (
	"strconv"
	"strings"
)

// several reports whether the rule only raises an alert when the query returns
// more than one row.
func (d *Document) several() bool {
	n, err := strconv.ParseFloat(strings.TrimSpace(d.TriggerThreshold.Value), 64)
	above := strings.EqualFold(d.TriggerOperator.Value, "gt") || strings.EqualFold(d.TriggerOperator.Value, "GreaterThan")
	return above && err == nil && n >= 1
}

// frame is what the rule asks of the rows that the query returns, and over what
// time.
func (d *Document) frame() []string {
	frame := []string{}
	for _, e := range []struct{ key, value string }{
		{"queryPeriod", d.Period.Value},
		{"triggerOperator", d.TriggerOperator.Value},
		{"triggerThreshold", d.TriggerThreshold.Value},
	} {
		if e.value != "" {
			frame = append(frame, e.key+" "+strings.ToLower(strings.TrimSpace(e.value)))
		}
	}
	return frame
}
