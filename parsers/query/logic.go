package query

import "github.com/detlint/detlint/rule"

// Conditions in the making have three values beside those with predicates: nil
// says nothing about the event in either direction (a time window, a pattern
// that is not known), an empty And holds always ("*"), an empty Or never.

// All joins conjuncts. What says nothing is left out, unless a negation stands
// above: "not (a and x)" may hold where a does, so a is then kept for its
// predicates in a conjunction that never holds, which excludes nothing.
func All(conjuncts []rule.Condition, negated bool) rule.Condition {
	children := make([]rule.Condition, 0, len(conjuncts))
	unknown := false
	for _, c := range conjuncts {
		if c == nil {
			unknown = true
		} else if !Always(c) {
			children = append(children, c)
		}
	}
	switch {
	case len(children) == 0 && unknown:
		return nil
	case len(children) > 0 && unknown && negated:
		children = append(children, &rule.Or{})
	}
	if len(children) == 1 {
		return children[0]
	}
	return &rule.And{Children: children}
}

// Any joins alternatives. One that says nothing may hold for any event, so the
// others are kept for their predicates beside one that holds always; below a
// negation it is left out, since the others are excluded all the same.
func Any(alternatives []rule.Condition, negated bool) rule.Condition {
	children := make([]rule.Condition, 0, len(alternatives)+1)
	unknown, always, some := false, false, false
	for _, c := range alternatives {
		switch {
		case c == nil:
			unknown = true
		case Always(c):
			always = true
		case !Never(c):
			children, some = append(children, c), true
		}
	}
	switch {
	case !some && always:
		return &rule.And{}
	case !some && unknown:
		return nil
	case always, unknown && !negated:
		children = append(children, &rule.And{})
	}
	if len(children) == 1 {
		return children[0]
	}
	return &rule.Or{Children: children}
}

// Negate turns a condition around.
func Negate(c rule.Condition, sp rule.Span) rule.Condition {
	switch {
	case c == nil:
		return nil
	case Always(c):
		return &rule.Or{}
	case Never(c):
		return &rule.And{}
	}
	return &rule.Not{Child: c, Span: sp}
}

// Always reports whether a condition holds for every event.
func Always(c rule.Condition) bool {
	and, ok := c.(*rule.And)
	return ok && len(and.Children) == 0
}

// Never reports whether a condition holds for no event.
func Never(c rule.Condition) bool {
	or, ok := c.(*rule.Or)
	return ok && len(or.Children) == 0
}
