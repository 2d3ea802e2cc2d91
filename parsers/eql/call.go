package eql

import (
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// call converts a function used as a condition. Those that compare become
// their operator; any other is a field that equals true.
func (c *converter) call(e *Call) rule.Condition {
	source := e.Name.Value
	if e.Insensitive {
		source += "~"
	}
	if len(e.Args) < 2 {
		return c.truthOf(e, source)
	}
	switch strings.ToLower(e.Name.Value) {
	case "startswith":
		return c.part(e, rule.StartsWith, source)
	case "endswith":
		return c.part(e, rule.EndsWith, source)
	case "stringcontains":
		return c.part(e, rule.Contains, source)
	case "wildcard":
		return c.each(e, "like", source)
	case "match", "matchlite":
		return c.each(e, "regex", source)
	case "arraycontains":
		return c.each(e, "==", source)
	case "cidrmatch":
		return c.networks(e, source)
	case "arraysearch", "_arraysearch":
		return c.search(e, source)
	}
	return c.truthOf(e, source)
}

// truthOf is a call whose value is the condition.
func (c *converter) truthOf(e *Call, source string) rule.Condition {
	if inner := unwrap(e); inner != Expr(e) {
		return c.cond(inner)
	}
	return c.truth(e, source)
}

// part converts a function that looks for one text in another.
func (c *converter) part(e *Call, op rule.Operator, source string) rule.Condition {
	if v, ok := fold(e.Args[1]); ok && v.kind != nullConstant && len(e.Args) == 2 {
		if _, fixed := fold(e.Args[0]); fixed {
			return nil
		}
		if f, ok := c.field(e.Args[0]); ok {
			return f.predicate(op, source, v.text, e.Args[1].Place())
		}
		return nil
	}
	return c.truth(e, source)
}

// each compares the first argument with every other one.
func (c *converter) each(e *Call, operator, source string) rule.Condition {
	if !hasField(e.Args[0]) {
		return c.truth(e, source)
	}
	return c.match(e.Args[0], operator, source, e.Span).anyOf(e.Args[1:])
}

// networks converts cidrMatch(address, network, …).
func (c *converter) networks(e *Call, source string) rule.Condition {
	f, ok := c.field(e.Args[0])
	if !ok {
		return c.truth(e, source)
	}
	var all []rule.Condition
	for _, arg := range e.Args[1:] {
		if v, ok := fold(arg); ok && v.kind == textConstant {
			all = append(all, f.predicate(rule.CIDR, source, v.text, arg.Place()))
		} else if !ok {
			c.leave("pattern", c.write(arg))
			all = append(all, nil)
		}
	}
	return query.Any(all, c.negated)
}

// maxArray bounds the name of an array, which every predicate about its
// elements repeats.
const maxArray = 1000

// search converts arraySearch(array, name, condition): the condition holds of
// one of the elements, which are stored under the name of the array. What no
// element must be is no exclusion, since another element may be it.
func (c *converter) search(e *Call, source string) rule.Condition {
	array, isField := unwrap(e.Args[0]).(*Field)
	name, isName := e.Args[1].(*Field)
	if len(e.Args) != 3 || !isField || !isName {
		return c.truth(e, source)
	}
	path := c.traced(array)
	if len(path) > maxArray {
		c.leave("array", path)
		return nil
	}
	if b, ok := e.Args[2].(*Boolean); ok && b.Value { // any element will do
		return field{Text: rule.Text{Value: path, Span: array.Span}}.predicate(rule.Exists, source, "", e.Span)
	}
	c.variables = append(c.variables, variable{name.Name, path})
	child := c.cond(e.Args[2])
	c.variables = c.variables[:len(c.variables)-1]
	if child == nil || !negates(child) {
		return child
	}
	return &rule.Or{Children: []rule.Condition{child, &rule.Or{}}}
}

// negates reports whether a negation is a conjunct of a condition.
func negates(c rule.Condition) bool {
	switch c := c.(type) {
	case *rule.Not:
		return true
	case *rule.And:
		for _, child := range c.Children {
			if negates(child) {
				return true
			}
		}
	}
	return false
}
