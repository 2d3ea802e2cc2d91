package kql

import "github.com/detlint/detlint/rule"

// expr is a node of an expression. Chains of one operator are one node, so
// that a tree is never deeper than its parentheses and calls.
type expr interface{ place() rule.Span }

type (
	// name is a column, a table, a let-bound value.
	name struct {
		text string
		span rule.Span
	}
	// wildcard is a pattern of names: Device*; "*" alone is all of them.
	wildcard struct {
		text string
		span rule.Span
	}
	// literal is a constant. raw is it as written.
	literal struct {
		kind  litKind
		value string
		raw   string
		span  rule.Span
		// joined is set when it is several strings in a row.
		joined bool
	}
	// list is [1, 2] in dynamic(…), bag is {"a": 1}.
	list struct {
		items []expr
		span  rule.Span
	}
	bag struct {
		keys   []string
		values []expr
		span   rule.Span
	}
	// dynamic is dynamic(…).
	dynamic struct {
		value expr
		span  rule.Span
	}
	// call is f(a, b); also materialize, toscalar and totable.
	call struct {
		function string // in lower case
		named    rule.Text
		args     []expr
		span     rule.Span
	}
	// path is a.b, element is a[b].
	path struct {
		item expr
		part expr // a name, a call, or an index in brackets
		span rule.Span
	}
	element struct {
		item, index expr
		dotted      bool // a.[b]
		span        rule.Span
	}
	// logical is a chain of "and" or of "or".
	logical struct {
		or    bool
		items []expr
		span  rule.Span
	}
	// comparison is a == b, a has b.
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
	// sign is -x or +x.
	sign struct {
		minus bool
		item  expr
		span  rule.Span
	}
	// membership is x in (a, b), x has_any (a, b), x in (T | …).
	membership struct {
		item     expr
		operator string
		list     []expr
		span     rule.Span
	}
	// between is x between (a .. b).
	between struct {
		item      expr
		negated   bool
		low, high expr
		span      rule.Span
	}
	// group is (x), where x may be a pipeline.
	group struct {
		item expr
		span rule.Span
	}
	// named is a = x, or (a, b) = x.
	named struct {
		names []rule.Text
		value expr
		span  rule.Span
	}
	// datatable is datatable(a:string) [ … ]; external is externaldata(…) [ … ].
	datatable struct {
		columns []column
		values  []expr
		span    rule.Span
	}
	external struct {
		columns []column
		span    rule.Span
	}
	// lambda is (a:string) { … }.
	lambda struct {
		params []parameter
		body   *block
		span   rule.Span
	}
	// other is what has no meaning for the events: typeof(…), entity groups.
	other struct{ span rule.Span }
)

// column is a column of a schema, parameter one of a function.
type column struct {
	name rule.Text
	kind string // the type
}

type parameter struct {
	column
	tabular bool
	value   expr // the default
}

type litKind byte

const (
	litNull litKind = iota
	litString
	litNumber
	litBool
	litTimespan
	litTyped // datetime(…), guid(…)
)

func (e *name) place() rule.Span       { return e.span }
func (e *wildcard) place() rule.Span   { return e.span }
func (e *literal) place() rule.Span    { return e.span }
func (e *list) place() rule.Span       { return e.span }
func (e *bag) place() rule.Span        { return e.span }
func (e *dynamic) place() rule.Span    { return e.span }
func (e *call) place() rule.Span       { return e.span }
func (e *path) place() rule.Span       { return e.span }
func (e *element) place() rule.Span    { return e.span }
func (e *logical) place() rule.Span    { return e.span }
func (e *comparison) place() rule.Span { return e.span }
func (e *arithmetic) place() rule.Span { return e.span }
func (e *sign) place() rule.Span       { return e.span }
func (e *membership) place() rule.Span { return e.span }
func (e *between) place() rule.Span    { return e.span }
func (e *group) place() rule.Span      { return e.span }
func (e *named) place() rule.Span      { return e.span }
func (e *datatable) place() rule.Span  { return e.span }
func (e *external) place() rule.Span   { return e.span }
func (e *lambda) place() rule.Span     { return e.span }
func (e *other) place() rule.Span      { return e.span }
func (e *pipeline) place() rule.Span   { return e.span }

// nothing stands where an expression could not be read.
var nothing = &literal{kind: litNull}

// block is a list of statements: a query, or the body of a function.
type block struct{ statements []*statement }

// statement is one statement of a block. A let has a name and a value; what
// is returned has a value alone.
type statement struct {
	keyword string // let, declare, set, alias, restrict, pattern, or empty
	name    rule.Text
	value   expr
	params  []parameter // of declare query_parameters
	span    rule.Span
}

// pipeline is a source and the operators after it. Without a source the first
// operator is one.
type pipeline struct {
	source    expr
	operators []*operator
	span      rule.Span
}

// operator is one operator of a pipeline; which parts it has depends on its
// name.
type operator struct {
	name string // as the reference writes it: mv-expand, not mvexpand
	span rule.Span

	options   map[string]rule.Text // kind=inner
	condition expr                 // where, search, find; the conditions of scan's steps are joined
	exprs     []expr               // extend, project, summarize, distinct, print, union's tables, …
	by        []expr               // summarize, make-series, sort, top
	on        []expr               // join, lookup; the axis of make-series
	right     expr                 // join, lookup
	nested    []*pipeline          // mv-apply, partition, fork, facet: they go on from the rows in front
	columns   []column             // parse-kv, evaluate with a schema
	patterns  []expr               // parse: names, literals and "*"
	subject   expr                 // parse
	call      *call                // invoke, evaluate
	tables    []expr               // search in (…), find in (…)
	label     rule.Text            // as
	broken    bool                 // could not be read to its end
	loose     bool                 // looks into rows that need not be there
}
