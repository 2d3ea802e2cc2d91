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

// every reads an interval as Kibana's alerting does (validateDurationSchema): a
// number that does not begin with 0, of seconds, minutes, hours or days.
func every(s string) (time.Duration, bool) {
	if s == "" || s[0] < '1' || s[0] > '9' || !strings.ContainsRune("smhd", rune(s[len(s)-1])) {
		return 0, false
	}
	return duration(s)
}

// ago reads date math that begins at now, and returns how far before now it
// is: "now-9m", "now-1h-5m", "now-1d/d", "now". Rounding is left out. What is
// after now is below zero.
func ago(s string) (back time.Duration, ok bool) {
	rest, ok := strings.CutPrefix(s, "now")
	if !ok {
		return 0, false
	}
	for rest != "" {
		sign := rest[0]
		rest = rest[1:]
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if strings.IndexByte("+-/", sign) < 0 || digits == len(rest) || sign == '/' && digits > 0 {
			return 0, false
		}
		number := rest[:digits]
		if number == "" {
			number = "1"
		}
		d, ok := duration(number + rest[digits:digits+1])
		if !ok {
			return 0, false
		}
		switch sign {
		case '-':
			back += d
		case '+':
			back -= d
		}
		rest = rest[digits+1:]
	}
	return back, true
}

// isDateMath reports whether a text is a point in time: now or a date of its
// own, with math behind it or not.
func isDateMath(s string) bool {
	if _, ok := ago(s); ok {
		return true
	}
	date, math, _ := strings.Cut(s, "||")
	if _, ok := ago("now" + math); !ok {
		return false
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
		if _, err := time.Parse(form, date); err == nil {
			return true
		}
	}
	return false
}

// interval is how often the rule runs.
func (p *Pass) interval(table *tree.Node) (d time.Duration, at rule.Text, ok bool) {
	at = table.Get("interval").Text()
	if at.Value == "" {
		return defaultInterval, at, true
	}
	d, ok = every(at.Value)
	return d, at, ok
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
			back -= max(until, 0) // nothing has happened after now
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
