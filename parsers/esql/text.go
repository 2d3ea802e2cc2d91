package esql

import "strings"

// text writes an expression as a field is written: without blanks, names of
// functions in lower case, casts and the like left out, backticks removed.
// Parentheses stay where they say what arithmetic means.
func text(e expr) string {
	var b strings.Builder
	write(&b, e, false)
	return b.String()
}

func write(b *strings.Builder, e expr, inner bool) {
	switch e := e.(type) {
	case *name:
		b.WriteString(e.text)
	case *literal:
		if e.kind == litNull {
			b.WriteString("null")
			return
		}
		b.WriteString(e.raw)
	case *group:
		if _, sum := e.item.(*arithmetic); sum && inner {
			b.WriteByte('(')
			write(b, e.item, false)
			b.WriteByte(')')
			return
		}
		write(b, e.item, inner)
	case *cast:
		write(b, e.item, inner)
	case *minus:
		b.WriteByte('-')
		write(b, e.item, true)
	case *array:
		b.WriteByte('[')
		list(b, e.items)
		b.WriteByte(']')
	case *mapping:
		b.WriteByte('{')
		for i, key := range e.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + key + `":`)
			if i < len(e.values) {
				write(b, e.values[i], false)
			}
		}
		b.WriteByte('}')
	case *call:
		if transparent[e.function] && len(e.args) > 0 {
			write(b, e.args[0], inner)
			return
		}
		b.WriteString(e.function + "(")
		if e.star {
			b.WriteByte('*')
		}
		list(b, e.args)
		if e.by != nil {
			b.WriteString(" by ")
			write(b, e.by, false)
		}
		b.WriteByte(')')
	case *arithmetic:
		for i, item := range e.items {
			if i > 0 && i <= len(e.operators) {
				b.WriteString(e.operators[i-1])
			}
			write(b, item, true)
		}
	default:
		writeCondition(b, e)
	}
}

// writeCondition writes a condition that stands inside a call.
func writeCondition(b *strings.Builder, e expr) {
	switch e := e.(type) {
	case *comparison:
		write(b, e.left, false)
		b.WriteString(e.operator)
		write(b, e.right, false)
	case *logical:
		word := " and "
		if e.or {
			word = " or "
		}
		for i, item := range e.items {
			if i > 0 {
				b.WriteString(word)
			}
			_, nested := bare(item).(*logical)
			if nested {
				b.WriteByte('(')
			}
			write(b, item, false)
			if nested {
				b.WriteByte(')')
			}
		}
	case *negation:
		b.WriteString("not ")
		write(b, e.item, false)
	case *presence:
		write(b, e.item, false)
		b.WriteString(map[bool]string{false: " is null", true: " is not null"}[e.negated])
	case *membership:
		write(b, e.item, false)
		b.WriteString(" " + e.operator + "(")
		if e.subquery != nil {
			b.WriteString("…")
		}
		list(b, e.list)
		b.WriteByte(')')
	case *matching:
		write(b, e.item, false)
		b.WriteString(" " + e.operator() + "(")
		list(b, e.patterns)
		b.WriteByte(')')
	}
}

func list(b *strings.Builder, items []expr) {
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		write(b, item, false)
	}
}

// operator is LIKE or RLIKE as a predicate names it.
func (e *matching) operator() string {
	word := "like"
	if e.regex {
		word = "rlike"
	}
	if e.negated {
		word = "not " + word
	}
	return word
}
