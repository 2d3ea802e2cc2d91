package eql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
)

// Frame is what the query means beyond its condition: the keys and the order
// of its steps, which of them must be missing, until, the pipes, and the times that
// conditions look at. It is empty for a query of one event without pipes and times.
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
	for i := range q.Steps {
		for _, window := range windows(nil, q.Steps[i].Expr, false, false) {
			if q.Kind != Event {
				window += fmt.Sprintf(" in step %d", i+1)
			}
			frame = append(frame, window)
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
		} else {
			for _, arg := range pipe.Args {
				frame = windows(frame, arg, false, false)
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

// windows adds the comparisons of the time of an event, which no predicate is made
// of.
func windows(frame []string, e Expr, negated, alternative bool) []string {
	switch e := e.(type) {
	case *Logical:
		for _, operand := range e.Operands {
			frame = windows(frame, operand, negated, alternative || e.Or != negated)
		}
	case *Not:
		return windows(frame, e.Operand, !negated, alternative)
	case *Subquery:
		return windows(frame, e.Event.Expr, negated, alternative)
	case *Comparison:
		if isTime(e.Left) || slices.ContainsFunc(e.Right, isTime) {
			return append(frame, query.Window(written(e), negated, alternative))
		}
	case *Call:
		if slices.ContainsFunc(e.Args, isTime) {
			return append(frame, query.Window(written(e), negated, alternative))
		}
	}
	return frame
}

func isTime(e Expr) bool {
	f, ok := unwrap(e).(*Field)
	return ok && f.Name == timestamp
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
