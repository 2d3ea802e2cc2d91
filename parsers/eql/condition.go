package eql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// Condition returns what the query asks of events, and what of it could not
// be looked into, as kind:name. Each step of a sequence is a branch. The
// condition is nil when no step could be read; it shares nothing with the
// conditions that other calls return.
func (q *Query) Condition() (rule.Condition, []string) {
	c := &converter{aliases: map[string]bool{}}
	for _, step := range q.steps() {
		if step.Alias.Value != "" {
			c.aliases[step.Alias.Value] = true
		}
	}
	var parts []rule.Condition
	read := false
	for i := range q.Steps {
		step := &q.Steps[i]
		if step.Expr == nil {
			continue
		}
		read = true
		if step.Missing {
			c.negated = true
		}
		part := c.cond(step.Expr)
		c.negated = false
		switch {
		case part == nil:
		case q.Kind == Event:
			parts = append(parts, part)
		case step.Missing:
			parts = append(parts, turned(part, step.Span))
		default:
			parts = append(parts, &rule.Branch{Child: part})
		}
	}
	if !read {
		return nil, nil
	}
	if q.Until != nil && q.Until.Expr != nil {
		if part := c.cond(q.Until.Expr); part != nil {
			// The event ends a sequence but is no part of it: a rule does not
			// need it to fire.
			parts = append(parts, &rule.Or{Children: []rule.Condition{&rule.Branch{Child: part}, &rule.And{}}})
		}
	}
	for _, pipe := range q.Pipes {
		switch {
		case pipe.counts():
			c.counted = true
		case strings.EqualFold(pipe.Name.Value, "filter"):
			for _, arg := range pipe.Args {
				if part := c.cond(arg); part != nil {
					parts = append(parts, part)
				}
			}
		}
	}
	slices.Sort(c.unresolved)
	c.unresolved = slices.Compact(c.unresolved)
	if len(parts) == 1 {
		return parts[0], c.unresolved
	}
	return &rule.And{Children: parts}, c.unresolved
}

// steps are all events of the query, until among them.
func (q *Query) steps() []Step {
	if q.Until == nil {
		return q.Steps
	}
	return append(slices.Clip(q.Steps), *q.Until)
}

// turned negates what is asked of another event. That is no exclusion: an
// alternative that never holds keeps it from being one.
func turned(c rule.Condition, sp rule.Span) rule.Condition {
	return &rule.Or{Children: []rule.Condition{&rule.Not{Child: c, Span: sp}, &rule.Or{}}}
}

// converter turns syntax trees into conditions.
type converter struct {
	aliases map[string]bool // the names of other events
	// variables have the arrays whose elements they stand for, the innermost
	// last.
	variables []variable
	// negated is set where an odd number of negations stands above.
	negated bool
	// counted is set behind a pipe that counts.
	counted    bool
	unresolved []string
}

// variable is a name for an element of an array.
type variable struct{ name, array string }

// maxUnresolved is how much of an expression is repeated, in bytes.
const maxUnresolved = 100

func (c *converter) leave(kind, name string) {
	if len(name) > maxUnresolved {
		name = strings.ToValidUTF8(name[:maxUnresolved], "") + "…"
	}
	c.unresolved = append(c.unresolved, kind+":"+name)
}

// cond converts an expression used as a condition. The result is nil where
// there is nothing to ask of events: a comparison of constants, of the time of
// the event, or one that has no operator here.
func (c *converter) cond(e Expr) rule.Condition {
	switch e := e.(type) {
	case *Logical:
		children := make([]rule.Condition, len(e.Operands))
		for i, operand := range e.Operands {
			children[i] = c.cond(operand)
		}
		if e.Or {
			return query.Any(children, c.negated)
		}
		return query.All(children, c.negated)
	case *Not:
		if e.subquery {
			return c.notOther(e.Operand, e.Span)
		}
		return c.not(true, e.Span, func() rule.Condition { return c.cond(e.Operand) })
	case *Comparison:
		return c.compare(e)
	case *Call:
		return c.call(e)
	case *Subquery:
		if child := c.cond(e.Event.Expr); child != nil {
			return &rule.Branch{Child: child}
		}
	case *Boolean:
		if e.Value {
			return &rule.And{}
		}
		return &rule.Or{}
	case *Field, *Arithmetic, *Negative:
		return c.truth(e, "")
	}
	return nil
}

// notOther negates a condition that asks for other events. Of alternatives,
// those about the event itself are exclusions like any other.
func (c *converter) notOther(e Expr, sp rule.Span) rule.Condition {
	if list, ok := e.(*Logical); ok && list.Or {
		all := &rule.And{}
		for _, operand := range list.Operands {
			var part rule.Condition
			if holdsSubquery(operand) {
				part = c.notOther(operand, sp)
			} else {
				part = c.not(true, sp, func() rule.Condition { return c.cond(operand) })
			}
			if part != nil {
				all.Children = append(all.Children, part)
			}
		}
		if len(all.Children) == 0 {
			return nil
		}
		return all
	}
	c.negated = !c.negated
	child := c.cond(e)
	c.negated = !c.negated
	if child != nil {
		return turned(child, sp)
	}
	return nil
}

// not negates what read makes, where there is a negation.
func (c *converter) not(negated bool, sp rule.Span, read func() rule.Condition) rule.Condition {
	if !negated {
		return read()
	}
	c.negated = !c.negated
	child := read()
	c.negated = !c.negated
	return query.Negate(child, sp)
}

// truth is a value used as a condition: it equals true.
func (c *converter) truth(e Expr, operator string) rule.Condition {
	f, ok := c.field(e)
	if !ok {
		return nil
	}
	return f.predicate(rule.Eq, operator, "true", e.Place())
}

// field is the left side of a predicate.
type field struct {
	rule.Text
	derived bool
}

func (f field) predicate(op rule.Operator, source, value string, sp rule.Span) *rule.Predicate {
	return &rule.Predicate{Field: f.Text, Operator: op, SourceOperator: source, Value: value, Derived: f.derived, Span: sp}
}

// timestamp is the field of an event's time, which no predicate is made of.
const timestamp = "@timestamp"

// field names what an expression computes; it is not ok where nothing is to be
// said of it, as of constants and of the time of the event.
func (c *converter) field(e Expr) (field, bool) {
	e = unwrap(e)
	if f, ok := e.(*Field); ok {
		name := c.traced(f)
		return field{Text: rule.Text{Value: name, Span: f.Span}, derived: c.counted && (name == "count" || name == "percent")}, name != timestamp
	}
	if !hasField(e) {
		return field{}, false
	}
	return field{Text: rule.Text{Value: c.write(e), Span: e.Place()}}, true
}

// traced is the stored field a name stands for: an element of an array is the
// array, a field of an earlier event that field.
func (c *converter) traced(f *Field) string {
	for i := len(c.variables) - 1; i >= 0; i-- {
		v := c.variables[i]
		if rest, ok := strings.CutPrefix(f.Name, v.name); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return v.array + rest
		}
	}
	if first, rest, ok := strings.Cut(f.Name, "."); ok && c.aliases[first] {
		return rest
	}
	return f.Name
}

// write spells an expression.
func (c *converter) write(e Expr) string {
	if f, ok := unwrap(e).(*Field); ok {
		return spelled(f)
	}
	w := &writer{}
	w.write(e, bindOr)
	return w.String()
}

// spelled is the name of a field as it is written, but for its "?".
func spelled(f *Field) string {
	if f.Variable {
		return "$" + f.Name
	}
	return f.Name
}
