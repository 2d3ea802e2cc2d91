package lucene

import "github.com/detlint/detlint/parsers/query"

// timestamp is the field of an event's time, which no predicate is made of.
const timestamp = "@timestamp"

// Frame is what the query means beyond its condition: the times that it looks at.
func (q *Query) Frame() []string {
	var frame []string
	var visit func(g *Group, field *Field, negated, alternative bool)
	visit = func(g *Group, field *Field, negated, alternative bool) {
		must := g.has(Must)
		for _, c := range g.Clauses {
			inner := field
			if c.Field != nil {
				inner = c.Field
			}
			if c.Occur == Should && must {
				continue // it only changes the score
			}
			not := negated != (c.Occur == MustNot)
			or := alternative || len(g.Clauses) > 1 && (c.Occur == Should) != negated
			if group, ok := c.Node.(*Group); ok {
				visit(group, inner, not, or)
			} else if inner != nil && inner.Text == timestamp {
				frame = append(frame, query.Window(timestamp+":"+written(c.Node), not, or))
			}
		}
	}
	if q.Root != nil {
		visit(q.Root, nil, false, false)
	}
	return frame
}

// written is a term or a range without layout.
func written(n Node) string {
	switch n := n.(type) {
	case *Term:
		return n.Text
	case *Range:
		return n.From.Bracket + bound(n.From) + " TO " + bound(n.To) + n.To.Bracket
	}
	return ""
}

func bound(b Bound) string {
	if b.Open {
		return "*"
	}
	return b.Text
}
