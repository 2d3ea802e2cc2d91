package eql

import "github.com/detlint/detlint/rule"

// Expr is a node of the syntax tree of a condition: *Logical, *Not,
// *Comparison, *Arithmetic, *Negative, *Call, *Subquery, *Field, *String,
// *Number, *Boolean or *Null.
type Expr interface {
	// Place is where the node stands in the query.
	Place() rule.Span
}

// Logical joins two or more conditions by and, or by or.
type Logical struct {
	Or       bool
	Operands []Expr
	Span     rule.Span
}

// Not negates a condition.
type Not struct {
	Operand Expr
	Span    rule.Span
	// subquery is set when a subquery stands below.
	subquery bool
}

// Comparison compares a value with another one or with a list.
type Comparison struct {
	Left Expr
	// Operator is written in lower case, without the "not" of "not in": "==",
	// "!=", "<", "<=", ">", ">=", ":", "in", "in~", "like", "like~", "regex",
	// "regex~".
	Operator rule.Text
	// Negated is set for != and for "not in".
	Negated bool
	Right   []Expr
	// List is set when the right side is a list in parentheses.
	List bool
	Span rule.Span
}

// Arithmetic is a chain of + and -, or of *, / and %, read from left to right.
type Arithmetic struct {
	Operands  []Expr
	Operators []byte // one between each two operands
	Span      rule.Span
}

// Negative is a minus sign before something that is no number.
type Negative struct {
	Operand Expr
	Span    rule.Span
}

// Call calls a function. The value a method of python-eql is called on, as
// in name:length(), is the first argument.
type Call struct {
	Name rule.Text // as written, without "~"
	// Insensitive is set for name~(…).
	Insensitive bool
	Args        []Expr
	Span        rule.Span
}

// Subquery relates the process of an event to another event: python-eql's
// "child of", "descendant of" and "event of".
type Subquery struct {
	Relation rule.Text
	Event    Step
	Span     rule.Span
}

// Field is a field of the event.
type Field struct {
	// Name is the path without blanks, "?", "$" and quoting backticks.
	Name     string
	Optional bool // ?name
	Variable bool // Endpoint's $name
	Span     rule.Span
}

// String is a text constant.
type String struct {
	Value string // with its escapes decoded
	Raw   string // what stands between the quotes
	Span  rule.Span
}

// Number is a number, with its sign.
type Number struct {
	Value string // in decimal
	Span  rule.Span
}

// Boolean is true or false.
type Boolean struct {
	Value bool
	Span  rule.Span
}

// Null is null.
type Null struct{ Span rule.Span }

// Place implements Expr.
func (e *Logical) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Not) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Comparison) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Arithmetic) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Negative) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Call) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Subquery) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Field) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *String) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Number) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Boolean) Place() rule.Span { return e.Span }

// Place implements Expr.
func (e *Null) Place() rule.Span { return e.Span }
