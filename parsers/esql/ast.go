package esql

import "github.com/detlint/detlint/rule"

// expr is a node of an expression. Chains of one operator are one node, so
// that a tree is never deeper than its parentheses and calls.
type expr interface{ place() rule.Span }

type (
	// name is a column, dots included, backticks removed.
	name struct {
		text string
		span rule.Span
	}
	// literal is a constant. raw is it as written.
	literal struct {
		kind  litKind
		value string
		raw   string
		span  rule.Span
	}
	// array is [1, 2].
	array struct {
		items []expr
		span  rule.Span
	}
	// mapping is {"a": 1}.
	mapping struct {
		keys   []string
		values []expr
		span   rule.Span
	}
	// call is f(a, b). by is the second part of FIRST(a BY b).
	call struct {
		function string // in lower case
		named    rule.Text
		star     bool
		args     []expr
		by       expr
		span     rule.Span
	}
	// logical is a chain of AND or of OR.
	logical struct {
		or    bool
		items []expr
		span  rule.Span
	}
	// negation is NOT x.
	negation struct {
		item expr
		span rule.Span
	}
	// comparison is a == b; also a : b.
	comparison struct {
		operator    string
		left, right expr
		span        rule.Span
	}
	// arithmetic is a chain a + b - c, or a * b / c.
	arithmetic struct {
		items     []expr
		operators []string // one less than items
		span      rule.Span
	}
	// minus is -x.
	minus struct {
		item expr
		span rule.Span
	}
	// cast is x::type.
	cast struct {
		item  expr
		types []string
		span  rule.Span
	}
	// membership is x IN (a, b), or x IN (FROM …).
	membership struct {
		item     expr
		negated  bool
		list     []expr
		subquery *pipeline
		operator string
		span     rule.Span
	}
	// presence is x IS NULL; negated is IS NOT NULL.
	presence struct {
		item    expr
		negated bool
		span    rule.Span
	}
	// matching is x LIKE "p", x RLIKE ("p", "q").
	matching struct {
		item     expr
		negated  bool
		regex    bool
		patterns []expr
		span     rule.Span
	}
	// group is (x).
	group struct {
		item expr
		span rule.Span
	}
)

type litKind byte

const (
	litNull litKind = iota
	litString
	litNumber
	litBool
	litSpan // 5 minutes
	litParam
)

func (e *name) place() rule.Span       { return e.span }
func (e *literal) place() rule.Span    { return e.span }
func (e *array) place() rule.Span      { return e.span }
func (e *mapping) place() rule.Span    { return e.span }
func (e *call) place() rule.Span       { return e.span }
func (e *logical) place() rule.Span    { return e.span }
func (e *negation) place() rule.Span   { return e.span }
func (e *comparison) place() rule.Span { return e.span }
func (e *arithmetic) place() rule.Span { return e.span }
func (e *minus) place() rule.Span      { return e.span }
func (e *cast) place() rule.Span       { return e.span }
func (e *membership) place() rule.Span { return e.span }
func (e *presence) place() rule.Span   { return e.span }
func (e *matching) place() rule.Span   { return e.span }
func (e *group) place() rule.Span      { return e.span }

// pipeline is a source command and what follows it, or a branch of FORK.
type pipeline struct {
	commands []*command
}

// command is one command of a pipeline; which parts it has depends on its
// name.
type command struct {
	name string // upper case, as the reference writes it: INLINE STATS
	span rule.Span

	sources    []Source
	subqueries []*pipeline // of FROM and EXPLAIN
	metadata   []rule.Text
	condition  expr     // WHERE
	fields     []field  // EVAL, ROW; the aggregates of STATS
	by         []field  // STATS
	names      []name   // KEEP, DROP, MV_EXPAND
	renames    []rename // RENAME
	outputs    []string // columns that are calculated
	prefix     string   // calculates all columns that begin so
	on         []expr   // JOIN
	branches   []*pipeline
	broken     bool // could not be read to its end
}

// field is "column = value", of which the column may be missing.
type field struct {
	column rule.Text // as written when the query names it, else the source of value
	value  expr
	filter expr // of an aggregate
}

// rename is "from AS to".
type rename struct{ from, to string }
