package rule

import "strings"

// Operator is one of the closed set of comparisons that every query language
// is reduced to. Negative forms do not exist: they are the positive operator
// under a Not.
type Operator string

// The operators. See docs/normalization.md for what each is written as in the
// rule languages.
const (
	Eq         Operator = "eq"
	Contains   Operator = "contains"
	StartsWith Operator = "startswith"
	EndsWith   Operator = "endswith"
	Wildcard   Operator = "wildcard" // a glob the four above cannot express
	Regex      Operator = "regex"    // pattern verbatim
	CIDR       Operator = "cidr"     // address in network
	Gt         Operator = "gt"
	Gte        Operator = "gte"
	Lt         Operator = "lt"
	Lte        Operator = "lte"
	Exists     Operator = "exists" // present and not null; no value
	Match      Operator = "match"  // a keyword anywhere in the event; the field is "*"
	FieldEq    Operator = "fieldeq"
	FieldGt    Operator = "fieldgt"
	FieldGte   Operator = "fieldgte"
	FieldLt    Operator = "fieldlt"
	FieldLte   Operator = "fieldlte"
)

// Condition is what an event must satisfy for a rule to fire: a tree of And,
// Or, Not, Branch and Predicate.
type Condition interface{ isCondition() }

// And holds when all of its children hold. An empty And holds always.
type And struct{ Children []Condition }

// Or holds when one of its children holds. An empty Or holds never. A list of
// values of one field stays together in one Or.
type Or struct{ Children []Condition }

// Not holds when its child does not.
type Not struct {
	Child Condition
	Span  Span // the negation and what it negates, as the rule writes it
}

// Branch is a part of a rule with a top level of its own: a step of a
// sequence, a subquery, one of several conditions. A negation that is a direct
// conjunct of a branch is an exclusion although it stands deeper in the tree.
type Branch struct {
	Child Condition
	// Selectors are those of this part alone; see Rule.Selectors.
	Selectors []Selector
}

// Selector says which kind of event is meant in the terms of a vendor: the
// event category of an EQL step, the dataset that an index pattern stands for.
type Selector struct {
	Key   string // category, dataset, …: as in normalize/data/logsources.tsv
	Value Text
}

// Predicate is one comparison of one field with one constant, in the words of
// the rule: the field is not mapped, the value not folded.
type Predicate struct {
	Field Text // "*" when the whole event is searched
	// Stored is the stored field that Field is another name of inside of the
	// query; empty when Field is its name.
	Stored string
	// Operator and Value are reduced (globs become startswith, contains, …);
	// SourceOperator is the operator or modifier chain as written.
	Operator       Operator
	SourceOperator string
	Value          string
	// Pattern is the regular expression as its engine gets it, once the language
	// has read the string it stands in; empty for other operators. Value has it
	// as written.
	Pattern string
	// Source names the tables that the field may belong to, with commas in
	// between and the likeliest first, where fields of the same name mean
	// different things in different tables.
	Source string
	// Derived is set when the field is computed inside the query.
	Derived bool
	// Through has the functions that the query passes the field through before it
	// compares it, of those that leave the text the same but for its case and the
	// white space around it: lower, upper, trim, the last one first, with blanks
	// between. It begins with Sometimes where other rows are not.
	Through string
	// Cased is set where letter case counts although the operator, as written,
	// does not say so.
	Cased bool
	// Expression is set where an expression is compared, in a language that has
	// search terms as well: what is not there is then neither equal nor unequal.
	Expression bool
	// Behind has what stands in front of the comparison in its pipeline and counts
	// or chooses rows, or changes what is in them: there it is not only the event
	// that decides. It has no layout, and is empty for filters of the events.
	Behind string
	// Span is the place of the value, or of the whole comparison when there
	// is no value.
	Span Span
}

// Case is the case of letters that a text is changed to.
type Case uint8

// The cases. AnyCase leaves the text as it is.
const (
	AnyCase Case = iota
	LowerCase
	UpperCase
)

// Has reports whether a text may be one that was changed to the case.
func (c Case) Has(text string) bool {
	switch c {
	case LowerCase:
		return strings.ToLower(text) == text
	case UpperCase:
		return strings.ToUpper(text) == text
	}
	return true
}

// Sometimes is the word that Predicate.Through begins with where some rows are
// passed through functions and others are not.
const Sometimes = "sometimes"

// Folded is the case that a query changes a field to before it compares it, given
// what Predicate.Through has, so that an operator that regards case does not regard
// the field's.
func Folded(through string) Case {
	for function := range strings.FieldsSeq(through) {
		switch function {
		case Sometimes:
			return AnyCase
		case "lower":
			return LowerCase
		case "upper":
			return UpperCase
		}
	}
	return AnyCase
}

func (*And) isCondition()       {}
func (*Or) isCondition()        {}
func (*Not) isCondition()       {}
func (*Branch) isCondition()    {}
func (*Predicate) isCondition() {}

// Walk calls visit with a condition and, where visit returns true, with what it
// is made of, in the order of the rule. What stands in a condition several
// times is visited once.
func Walk(c Condition, visit func(Condition) bool) {
	walk(c, visit, map[Condition]bool{})
}

func walk(c Condition, visit func(Condition) bool, seen map[Condition]bool) {
	if c == nil || seen[c] {
		return
	}
	seen[c] = true
	if !visit(c) {
		return
	}
	switch c := c.(type) {
	case *And:
		for _, child := range c.Children {
			walk(child, visit, seen)
		}
	case *Or:
		for _, child := range c.Children {
			walk(child, visit, seen)
		}
	case *Not:
		walk(c.Child, visit, seen)
	case *Branch:
		walk(c.Child, visit, seen)
	}
}
