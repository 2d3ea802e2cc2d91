package eql

import "strings"

// writer writes an expression as one line of text: without blanks, the names
// of functions in lower case, conversions left out, and no parentheses but
// those that change what is computed.
type writer struct {
	strings.Builder
}

// Binding strengths, from the loosest.
const (
	bindOr = iota
	bindAnd
	bindNot
	bindComparison
	bindSum
	bindProduct
	bindSign
)

func (w *writer) write(e Expr, outer int) {
	e = unwrap(e)
	strength := binding(e)
	if strength < outer {
		w.WriteByte('(')
		defer w.WriteByte(')')
	}
	switch e := e.(type) {
	case *Field:
		w.WriteString(spelled(e))
	case *String:
		w.WriteString(`"` + e.Raw + `"`)
	case *Number:
		w.WriteString(e.Value)
	case *Boolean:
		if e.Value {
			w.WriteString("true")
		} else {
			w.WriteString("false")
		}
	case *Null:
		w.WriteString("null")
	case *Call:
		w.WriteString(strings.ToLower(e.Name.Value))
		w.list(e.Args)
	case *Negative:
		w.WriteByte('-')
		w.write(e.Operand, bindSign)
	case *Arithmetic:
		for i, operand := range e.Operands {
			inner := strength
			if i > 0 {
				w.WriteByte(e.Operators[i-1])
				inner++ // a-(b+c) is not a-b+c
			}
			w.write(operand, inner)
		}
	case *Logical:
		word := " and "
		if e.Or {
			word = " or "
		}
		for i, operand := range e.Operands {
			if i > 0 {
				w.WriteString(word)
			}
			w.write(operand, strength+1)
		}
	case *Not:
		w.WriteString("not ")
		w.write(e.Operand, bindNot)
	case *Comparison:
		w.comparison(e)
	case *Subquery:
		w.WriteString(strings.ToLower(e.Relation.Value) + " of […]")
	}
}

func (w *writer) comparison(e *Comparison) {
	w.write(e.Left, bindSum)
	op := e.Operator.Value
	letters := op != "" && 'a' <= op[0] && op[0] <= 'z'
	if e.Negated && op != "!=" {
		w.WriteString(" not")
		letters = true
	}
	if letters {
		op = " " + op + " "
	}
	w.WriteString(op)
	if e.List {
		w.list(e.Right)
		return
	}
	for _, v := range e.Right {
		w.write(v, bindSum)
	}
}

func (w *writer) list(all []Expr) {
	w.WriteByte('(')
	for i, e := range all {
		if i > 0 {
			w.WriteByte(',')
		}
		w.write(e, bindOr)
	}
	w.WriteByte(')')
}

func binding(e Expr) int {
	switch e := e.(type) {
	case *Logical:
		if e.Or {
			return bindOr
		}
		return bindAnd
	case *Not:
		return bindNot
	case *Comparison:
		return bindComparison
	case *Arithmetic:
		if strings.IndexByte("+-", e.Operators[0]) >= 0 {
			return bindSum
		}
		return bindProduct
	}
	return bindSign
}
