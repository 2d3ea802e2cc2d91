package kql

import (
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/rule"
)

// Window is a comparison of TimeGenerated, by which Sentinel bounds what a run
// of a rule sees, with a time before now.
type Window struct {
	Operator rule.Operator // gt, gte, lt or lte
	// Ago is how long before now the time is; its Span is where it stands,
	// which for a let is where the let is used.
	Ago  time.Duration
	Span rule.Span
}

// Windows returns the comparisons with ago(…) whose length is known for
// certain, in the order in which they are looked at.
func (q *Query) Windows() []Window {
	b := q.build()
	if b == nil {
		return nil
	}
	return b.windows
}

// windowOf notes that the time of the event is compared with a value.
func (s *subject) windowOf(value expr) {
	if s.from.field != "TimeGenerated" || s.from.derived || s.lists {
		return
	}
	constant, scope := s.constant(value)
	c, ok := constant.(*call)
	if !ok || c.function != "ago" || len(c.args) != 1 {
		return
	}
	before := s.scope
	s.scope = scope
	length, _ := s.constant(c.args[0])
	s.scope = before
	if l, ok := length.(*literal); ok && l.kind == litTimespan {
		if d, ok := timespan(l.value); ok {
			s.windows = append(s.windows, Window{Operator: s.operator, Ago: d, Span: value.place()})
		}
	}
}

// unitLengths are the units of a span of time as the reference has them; those
// below a second bound no window.
var unitLengths = map[string]time.Duration{
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
	"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
}

// timespan reads a positive span of time such as 14d, 1.5h or 7.00:00:00.
func timespan(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	i := strings.LastIndexAny(s, "0123456789") + 1
	unit, ok := unitLengths[strings.ToLower(s[i:])]
	if ok {
		n, err := strconv.ParseFloat(s[:i], 64)
		return time.Duration(n * float64(unit)), err == nil && n >= 0 && n < 10_000
	}
	days, clock, ok := strings.Cut(s, ".")
	if !ok {
		days, clock = "0", s
	}
	at, err := time.Parse(time.TimeOnly, clock)
	n, err2 := strconv.Atoi(days)
	if err != nil || err2 != nil || n < 0 || n > 10_000 {
		return 0, false
	}
	return time.Duration(n)*24*time.Hour + at.Sub(at.Truncate(24*time.Hour)), true
}
