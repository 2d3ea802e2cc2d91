package kuery

import "github.com/detlint/detlint/parsers/query"

// timestamp is the field of an event's time, which no predicate is made of.
const timestamp = "@timestamp"

// Frame is what the query means beyond its condition: the times that it looks at.
func (q *Query) Frame() []string {
	var frame []string
	var visit func(n Node, path string, negated, alternative bool)
	visit = func(n Node, path string, negated, alternative bool) {
		switch n := n.(type) {
		case *Boolean:
			for _, child := range n.Children {
				visit(child, path, negated, alternative || n.Or != negated)
			}
		case *Negation:
			visit(n.Child, path, !negated, alternative)
		case *Nested:
			visit(n.Child, path+n.Path.Text+".", negated, alternative)
		case *Comparison:
			if n.Field != nil && path+n.Field.Text == timestamp {
				frame = append(frame, query.Window(timestamp+" "+n.Operator.Value+" "+written(n.Value), negated, alternative))
			}
		}
	}
	if q.Root != nil {
		visit(q.Root, "", false, false)
	}
	return frame
}

// written is a value, or a list of them, without layout.
func written(n Node) string {
	switch n := n.(type) {
	case *Boolean:
		out := "("
		for i, child := range n.Children {
			switch {
			case i == 0:
			case n.Or:
				out += " or "
			default:
				out += " and "
			}
			out += written(child)
		}
		return out + ")"
	case *Negation:
		return "not " + written(n.Child)
	case *Literal:
		return n.Text
	}
	return ""
}
