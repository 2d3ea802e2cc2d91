package esql

import (
	"strings"

	"github.com/detlint/detlint/parsers/query"
)

// unframed are the commands that the condition has in full, or that only
// choose columns and their order.
var unframed = map[string]bool{"FROM": true, "TS": true, "WHERE": true, "KEEP": true, "DROP": true, "SORT": true}

// Frame is what the query means beyond its condition: what it counts, computes
// and looks up, in order, and where between filters stand.
func (q *Query) Frame() []string {
	var frame []string
	filters := false
	for _, c := range q.Commands {
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
