package kql

import "strings"

// text writes an expression as a field is written: without blanks, names of
// functions in lower case, casts and the like left out. Parentheses stay where
// they say what arithmetic means.
func text(e expr) string {
	var b strings.Builder
	write(&b, e, false)
	return b.String()
}

func write(b *strings.Builder, e expr, inner bool) {
	switch e := e.(type) {
	case *name:
		b.WriteString(e.text)
	case *wildcard:
		b.WriteString(e.text)
	case *literal:
		b.WriteString(e.raw)
	case *group:
		if _, sum := e.item.(*arithmetic); sum && inner {
			b.WriteByte('(')
			write(b, e.item, false)
			b.WriteByte(')')
			return
		}
		write(b, e.item, inner)
	case *dynamic:
		write(b, e.value, inner)
	case *named:
		write(b, e.value, inner)
	case *sign:
		if e.minus {
			b.WriteByte('-')
		}
		write(b, e.item, true)
	case *list:
		b.WriteByte('[')
		writeList(b, e.items)
		b.WriteByte(']')
	case *bag:
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
		if transparent[e.function] && len(e.args) == 1 {
			write(b, e.args[0], inner)
			return
		}
		b.WriteString(e.function + "(")
		writeList(b, e.args)
		b.WriteByte(')')
	case *path:
		writeRoot(b, e.item)
		b.WriteByte('.')
		write(b, e.part, false)
	case *element:
		writeRoot(b, e.item)
		if e.dotted {
			b.WriteByte('.')
		}
		b.WriteByte('[')
		write(b, e.index, false)
		b.WriteByte(']')
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

// writeRoot writes what a path begins with; there parse_json stays.
func writeRoot(b *strings.Builder, e expr) {
	if c, ok := e.(*call); ok && parsing[c.function] {
		b.WriteString(c.function + "(")
		writeList(b, c.args)
		b.WriteByte(')')
		return
	}
	write(b, e, true)
}

// writeCondition writes a condition that stands inside a call.
func writeCondition(b *strings.Builder, e expr) {
	switch e := e.(type) {
	case *comparison:
		write(b, e.left, false)
		word := e.operator[0] != '!' && e.operator[0] >= 'a' || len(e.operator) > 2
		if word {
			b.WriteByte(' ')
		}
		b.WriteString(e.operator)
		if word {
			b.WriteByte(' ')
		}
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
	case *membership:
		write(b, e.item, false)
		b.WriteString(" " + e.operator + "(")
		writeList(b, e.list)
		b.WriteByte(')')
	case *between:
		write(b, e.item, false)
		if e.negated {
			b.WriteString(" !between(")
		} else {
			b.WriteString(" between(")
		}
		write(b, e.low, false)
		b.WriteString("..")
		write(b, e.high, false)
		b.WriteByte(')')
	case *pipeline, *datatable, *external, *lambda:
		b.WriteString("…")
	}
}

func writeList(b *strings.Builder, items []expr) {
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		write(b, item, false)
	}
}
