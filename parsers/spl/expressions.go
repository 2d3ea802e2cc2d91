package spl

import "github.com/detlint/detlint/rule"

// Expression is a regular expression that a search takes values apart with, or
// computes something with: that of rex, and those of match, replace and mvfind
// in eval. Those that select events are in the condition.
type Expression struct {
	// Written is what stands between the quotes, Pattern what the engine gets of it.
	Written, Pattern string
	Span             rule.Span
}

// Expressions finds them all, in the order of the commands.
func (q *Query) Expressions() []Expression {
	if q.root == nil {
		return nil
	}
	return expressions(q.root, nil)
}

// expressive are the functions that have an expression for an argument.
var expressive = map[string]int{"match": 1, "replace": 1, "mvfind": 1}

func expressions(p *pipeline, out []Expression) []Expression {
	add := func(text string, span rule.Span) {
		if span != (rule.Span{}) {
			out = append(out, Expression{text, unescapePattern.Replace(text), span})
		}
	}
	for _, s := range p.stages {
		switch cmd := s.command.(type) {
		case *making:
			if cmd.pattern.Value != "" {
				add(cmd.pattern.Value, cmd.pattern.Span)
			}
		case *assignments:
			for _, a := range cmd.items {
				if a.value == nil {
					continue
				}
				walk(a.value, func(e expr) {
					c, ok := e.(*call)
					if !ok {
						return
					}
					if at, ok := expressive[c.function]; ok && at < len(c.args) {
						if text, ok := bare(c.args[at]).(*str); ok {
							add(text.text, text.span)
						}
					}
				})
			}
		}
		for _, sub := range s.subs {
			out = expressions(sub, out)
		}
	}
	return out
}
