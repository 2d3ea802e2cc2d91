package esql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// unframed are the commands that the condition has in full, or that only
// choose columns and their order.
var unframed = map[string]bool{"FROM": true, "TS": true, "WHERE": true, "KEEP": true, "DROP": true, "SORT": true}

// Frame is what the query means beyond its condition: what it counts, computes
// and looks up, in order, where between filters stand, and the times that they look
// at. The order of rows counts where only some of them are let through.
func (q *Query) Frame() []string {
	var frame []string
	filters := false
	for i, c := range q.Commands {
		if c.Name == "SORT" && slices.ContainsFunc(q.Commands[i+1:], func(c Command) bool { return c.Name == "LIMIT" }) {
			frame = append(frame, q.flat(c.Name, c.Span))
			continue
		}
		if unframed[c.Name] {
			filters = filters || c.Name == "WHERE"
			continue
		}
		if filters && strings.Contains(c.Name, "STATS") {
			frame = append(frame, "WHERE") // what is filtered before is not counted
		}
		filters = false
		frame = append(frame, q.flat(c.Name, c.Span))
	}
	if q.root != nil {
		b := &builder{query: q, seen: map[string]bool{}}
		b.pipeline(q.root, over(nil))
		frame = append(frame, b.windows...)
	}
	return frame
}

// flat is a command without layout, its name in upper case.
func (q *Query) flat(name string, span rule.Span) string {
	text := q.text[span.Start:span.End]
	if n := len(name); len(text) >= n && strings.EqualFold(text[:n], name) {
		text = name + text[n:]
	}
	return folded(query.Flat(text))
}

// keywords are the words within commands that may be in any case.
var keywords = words(`by as with on asc desc nulls first last and or not in like rlike is null true false where`)

// folded writes functions in lower case, and reserved words in upper case. What is
// in quotes stays as it is.
func folded(text string) string {
	out := []byte(text)
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"' || c == '`':
			end := i + 1
			for end < len(text) && text[end] != c {
				if text[end] == '\\' && c == '"' {
					end++
				}
				end++
			}
			i = end + 1
		case (isWord(c) || c == '@'):
			end := i
			for end < len(text) && (isWord(text[end]) || text[end] == '.' || text[end] == '@') {
				end++
			}
			switch word := strings.ToLower(text[i:end]); {
			case end < len(text) && text[end] == '(' && !keywords[word]:
				copy(out[i:], word)
			case keywords[word]:
				copy(out[i:], strings.ToUpper(word))
			}
			i = end
		default:
			i++
		}
	}
	return string(out)
}
