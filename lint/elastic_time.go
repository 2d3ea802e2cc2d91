package lint

import (
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Kibana's schedule of a rule that says nothing of its own: every five minutes
// it looks at the last six.
const (
	defaultInterval = 5 * time.Minute
	defaultLookback = 6 * time.Minute
)

// timeUnits are those of Elasticsearch's date math; a month and a year are
// about as long as they are.
var timeUnits = map[byte]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'H': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
	'M': 30 * 24 * time.Hour, 'y': 365 * 24 * time.Hour,
}

// duration reads a time such as 5m.
func duration(s string) (time.Duration, bool) {
	if len(s) < 2 {
		return 0, false
	}
	unit, ok := timeUnits[s[len(s)-1]]
	n, err := strconv.Atoi(s[:len(s)-1])
	if !ok || err != nil || n < 0 || n > 1_000_000 {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// ago reads date math that looks back from now: "now-9m", "now-1d/d", "now".
func ago(s string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(s, "now")
	if !ok {
		return 0, false
	}
	rest, _, _ = strings.Cut(rest, "/") // rounding
	if rest == "" {
		return 0, true
	}
	if rest[0] != '-' {
		return 0, false
	}
	return duration(rest[1:])
}

// interval is how often the rule runs.
func (p *Pass) interval(table *tree.Node) (every time.Duration, at rule.Text, ok bool) {
	at = table.Get("interval").Text()
	if at.Value == "" {
		return defaultInterval, at, true
	}
	every, ok = duration(at.Value)
	return every, at, ok
}

// lookback is how much time a run of the rule looks at.
func (p *Pass) lookback(table *tree.Node) (back time.Duration, at rule.Text, ok bool) {
	at = table.Get("from").Text()
	back, ok = defaultLookback, true
	if at.Value != "" {
		back, ok = ago(at.Value)
	}
	if to := table.Get("to").Text(); to.Value != "" && ok {
		var until time.Duration
		if until, ok = ago(to.Value); ok {
			back -= until
		}
	}
	return back, at, ok
}

// timeText writes a time the way rules do.
func timeText(d time.Duration) string {
	for _, u := range []struct {
		unit string
		d    time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}} {
		if d >= u.d && d%u.d == 0 {
			return strconv.Itoa(int(d/u.d)) + u.unit
		}
	}
	return strconv.Itoa(int(d/time.Second)) + "s"
}
