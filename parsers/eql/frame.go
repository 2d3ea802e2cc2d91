package eql

import (
	"fmt"
	"strings"
)

// Frame is what the query means beyond its condition: the keys and the order
// of its steps, which of them must be missing, until, and the pipes. It is
// empty for a query of one event without pipes.
func (q *Query) Frame() []string {
	var frame []string
	if q.Kind != Event {
		frame = append(frame, string(q.Kind)+by(q.By))
		if q.MaxSpan.Text.Value != "" {
			frame = append(frame, "maxspan "+q.MaxSpan.Duration.String())
		}
		for i := range q.Steps {
			frame = append(frame, q.Steps[i].frame())
		}
	}
	if q.Until != nil {
		text := "until" + q.Until.frame()
		if q.Until.Expr != nil {
			text += " where " + written(q.Until.Expr)
		}
		frame = append(frame, text)
	}
	for _, pipe := range q.Pipes {
		text := "| " + strings.ToLower(pipe.Name.Value)
		if !strings.EqualFold(pipe.Name.Value, "filter") { // its condition counts as such
			for _, arg := range pipe.Args {
				text += " " + written(arg)
			}
		}
		frame = append(frame, text)
	}
	return frame
}

// frame is what a step says beyond its condition.
func (s *Step) frame() string {
	text := "[" + strings.ToLower(s.Category.Value) + "]"
	if s.Missing {
		text = "!" + text
	}
	if s.Expr == nil {
		text += " unread"
	}
	text += by(s.By)
	if s.Runs != 1 {
		text += fmt.Sprintf(" runs %d", s.Runs)
	}
	if s.Fork {
		text += " fork"
	}
	return text
}

func by(keys []Expr) string {
	if len(keys) == 0 {
		return ""
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = written(key)
	}
	return " by " + strings.Join(names, ",")
}

func written(e Expr) string {
	var w writer
	w.write(e, bindOr)
	return w.String()
}
