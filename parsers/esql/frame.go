package esql

import (
	"regexp"
	"strings"

	"github.com/detlint/detlint/parsers/query"
)

// unframed are the commands that the condition has in full, or that only
// choose columns and their order.
var unframed = map[string]bool{"FROM": true, "TS": true, "WHERE": true, "KEEP": true, "DROP": true, "SORT": true}

// windows are comparisons of the time of an event, which no predicate is made of.
var windows = regexp.MustCompile(`(?i)@timestamp\s*(?:[<>]=?|==)\s*(?:now\(\)(?:\s*[-+]\s*\d+\s*\w+)?|"[^"]*"|[^\s|)]+)`)

// Frame is what the query means beyond its condition: what it counts, computes
// and looks up, in order, and where between filters stand.
func (q *Query) Frame() []string {
	var frame []string
	filters := false
	for _, c := range q.Commands {
		if c.Name == "WHERE" {
			for _, w := range windows.FindAllString(q.text[c.Span.Start:c.Span.End], -1) {
				frame = append(frame, strings.ToLower(query.Flat(w)))
			}
		}
		if unframed[c.Name] {
			filters = filters || c.Name == "WHERE"
			continue
		}
		if filters && strings.Contains(c.Name, "STATS") {
			frame = append(frame, "WHERE") // what is filtered before is not counted
		}
		filters = false
		frame = append(frame, query.Flat(q.text[c.Span.Start:c.Span.End]))
	}
	return frame
}
