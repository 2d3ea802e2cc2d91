package kql

import "github.com/detlint/detlint/rule"

// Expression is a regular expression that a function is called with. Those of
// conditions are in these.
type Expression struct {
	// Written is what stands between the quotes, Pattern what the engine gets of it.
	Written, Pattern string
	Span             rule.Span
}

// expressive are the functions that have an expression for an argument, by
// which one it is.
var expressive = map[string]int{
	"extract": 0, "extract_all": 0, "replace": 0, "replace_regex": 1, "indexof_regex": 1, "trim": 0, "trim_start": 0, "trim_end": 0,
}

// Expressions finds them all, in the order of the query.
func (q *Query) Expressions() []Expression {
	var out []Expression
	for _, c := range q.calls {
		at, ok := expressive[c.function]
		if !ok || len(c.args) < 2 || at >= len(c.args) {
			continue
		}
		if l, ok := bare(c.args[at]).(*literal); ok && l.kind == litString {
			out = append(out, Expression{l.rawString(), l.value, l.span})
		}
	}
	return out
}
