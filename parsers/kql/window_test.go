package kql

import (
	"fmt"
	"testing"
	"time"
)

func TestWindows(t *testing.T) {
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"T | where TimeGenerated > ago(1d)", []string{"gt 24h0m0s ago(1d)"}},
		{"T | where ago(90m) <= TimeGenerated", []string{"gte 1h30m0s ago(90m)"}},
		{"let back = 14d;\nlet start = ago(back);\nT | where TimeGenerated between (start .. ago(1h))", []string{"gte 336h0m0s start", "lte 1h0m0s ago(1h)"}},
		{"let f = (back: timespan) { T | where TimeGenerated > ago(back) };\nf(2d)", []string{"gt 48h0m0s ago(back)"}},
		{"T | where TimeGenerated > ago(time(7.12:30:00))", []string{"gt 180h30m0s ago(time(7.12:30:00))"}},
		{"T | where TimeGenerated > ago(1.5h)", []string{"gt 1h30m0s ago(1.5h)"}},
		{"T | where TimeGenerated > now() - 1d", nil},
		{"T | where TimeGenerated > ago(back)", nil},
		{"T | where Created > ago(1d)", nil},
		{"T | extend TimeGenerated = todatetime(x) | where TimeGenerated > ago(1d)", nil},
		{"", nil},
	} {
		q, _ := Parse(c.query)
		var got []string
		for _, w := range q.Windows() {
			got = append(got, fmt.Sprintf("%s %s %s", w.Operator, w.Ago, c.query[w.Span.Start:w.Span.End]))
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.query, got, c.want)
		}
	}
}

func TestTimespan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"14d": 14 * 24 * time.Hour, "2hours": 2 * time.Hour, "0.5d": 12 * time.Hour, "30s": 30 * time.Second,
		"00:05:00": 5 * time.Minute, "1.02:00:00": 26 * time.Hour, "10ms": -1, "x": -1, "": -1, "99999d": -1, "1.25:00:00": -1, "d": -1,
	} {
		got, ok := timespan(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("timespan(%q) = %v, want %v", text, got, want)
		}
	}
}
