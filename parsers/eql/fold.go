package eql

import (
	"strconv"
	"strings"
)

type constantKind uint8

const (
	textConstant constantKind = iota + 1
	numberConstant
	booleanConstant
	nullConstant
)

// constant is a value that a query gives in full.
type constant struct {
	kind constantKind
	text string // decoded
	raw  string // as it stands between the quotes
}

// fold computes an expression without fields, as far as a query would be
// written with it: constants, arithmetic with them, and the functions that
// convert or join them.
func fold(e Expr) (constant, bool) {
	switch e := unwrap(e).(type) {
	case *String:
		return constant{textConstant, e.Value, e.Raw}, true
	case *Number:
		return constant{numberConstant, e.Value, e.Value}, true
	case *Boolean:
		return constant{booleanConstant, strconv.FormatBool(e.Value), ""}, true
	case *Null:
		return constant{kind: nullConstant}, true
	case *Negative:
		if c, ok := fold(e.Operand); ok && c.kind == numberConstant {
			text, negative := strings.CutPrefix(c.text, "-")
			if !negative && text != "0" {
				text = "-" + text
			}
			return constant{numberConstant, text, text}, true
		}
	case *Arithmetic:
		return foldArithmetic(e)
	case *Call:
		if strings.EqualFold(e.Name.Value, "concat") {
			return foldConcat(e)
		}
	}
	return constant{}, false
}

func foldConcat(e *Call) (constant, bool) {
	var b strings.Builder
	for _, arg := range e.Args {
		c, ok := fold(arg)
		if !ok || c.kind == nullConstant {
			return constant{}, false
		}
		b.WriteString(c.text)
	}
	return constant{textConstant, b.String(), b.String()}, true
}

func foldArithmetic(e *Arithmetic) (constant, bool) {
	whole := true
	var total float64
	for i, operand := range e.Operands {
		c, ok := fold(operand)
		if !ok || c.kind != numberConstant {
			return constant{}, false
		}
		value, err := strconv.ParseFloat(c.text, 64)
		if err != nil {
			return constant{}, false
		}
		whole = whole && !strings.Contains(c.text, ".")
		if i == 0 {
			total = value
			continue
		}
		switch e.Operators[i-1] {
		case '+':
			total += value
		case '-':
			total -= value
		case '*':
			total *= value
		default:
			// Division rounds whole numbers, and a remainder has a sign: what
			// comes of it is best seen as it is written.
			return constant{}, false
		}
	}
	const exact = 1 << 53
	if whole && (total > exact || total < -exact) {
		return constant{}, false
	}
	text := strconv.FormatFloat(total, 'f', -1, 64)
	return constant{numberConstant, text, text}, true
}

// unwrap takes off the functions that only convert: string(x), number(x).
func unwrap(e Expr) Expr {
	for {
		c, ok := e.(*Call)
		if !ok || len(c.Args) != 1 {
			return e
		}
		switch strings.ToLower(c.Name.Value) {
		case "string", "number", "safe":
			e = c.Args[0]
		default:
			return e
		}
	}
}

// hasField reports whether an expression depends on the event.
func hasField(e Expr) bool {
	switch e := e.(type) {
	case *Field, *Subquery:
		return true
	case *Logical:
		return anyField(e.Operands)
	case *Not:
		return hasField(e.Operand)
	case *Comparison:
		return hasField(e.Left) || anyField(e.Right)
	case *Arithmetic:
		return anyField(e.Operands)
	case *Negative:
		return hasField(e.Operand)
	case *Call:
		return anyField(e.Args)
	}
	return false
}

func anyField(all []Expr) bool {
	for _, e := range all {
		if hasField(e) {
			return true
		}
	}
	return false
}

// holdsSubquery reports whether a condition asks for another event.
func holdsSubquery(e Expr) bool {
	switch e := e.(type) {
	case *Subquery:
		return true
	case *Logical:
		for _, operand := range e.Operands {
			if holdsSubquery(operand) {
				return true
			}
		}
	case *Not:
		return e.subquery
	case *Comparison:
		return holdsSubquery(e.Left)
	}
	return false
}
