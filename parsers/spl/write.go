package spl

import "strings"

// write spells an expression without blanks, functions in lower case.
func write(e expr) string {
	var b strings.Builder
	spell(&b, e)
	return b.String()
}

func spell(b *strings.Builder, e expr) {
	switch e := e.(type) {
	case *number:
		b.WriteString(e.text)
	case *str:
		b.WriteString(`"` + e.text + `"`)
	case *name:
		b.WriteString(e.text)
	case *call:
		b.WriteString(e.function + "(")
		spellList(b, e.args)
	case *binary:
		spell(b, e.left)
		if e.op[0] >= 'a' && e.op[0] <= 'z' {
			b.WriteString(" " + e.op + " ")
		} else {
			b.WriteString(e.op)
		}
		spell(b, e.right)
	case *in:
		spell(b, e.left)
		b.WriteString(" in(")
		spellList(b, e.items)
	case *not:
		b.WriteString("not ")
		spell(b, e.item)
	case *minus:
		b.WriteByte('-')
		spell(b, e.item)
	case *group:
		b.WriteByte('(')
		spell(b, e.item)
		b.WriteByte(')')
	case *subquery:
		b.WriteString("[]")
	case *unknown:
		b.WriteString("`" + e.macro + "`")
	}
}

func spellList(b *strings.Builder, list []expr) {
	for i, e := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		spell(b, e)
	}
	b.WriteByte(')')
}
