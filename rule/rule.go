// Package rule has the words everyone else uses: a detection rule as it was
// read from a file, its condition, and the places all of it was read from.
// It knows no query language, no git and no catalog.
package rule

import "strings"

// Vendor is whose rule format a rule is written in.
type Vendor string

// The vendors whose formats detlint reads.
const (
	Sigma   Vendor = "sigma"
	Elastic Vendor = "elastic"
	Splunk  Vendor = "splunk"
	Kusto   Vendor = "kusto"
)

// Language is the query language of a rule, by the names of the interchange
// form: sigma, eql, kuery, lucene, esql, spl, kusto.
type Language string

// Kind tells what a rule is for.
type Kind string

// Detection rules, hunting queries and baselines look at events; the others look
// at rules.
const (
	Detection   Kind = "detection"
	Hunting     Kind = "hunting"     // a query that people run: it raises no alerts
	Correlation Kind = "correlation" // correlates the hits of other rules
	Filter      Kind = "filter"      // narrows other rules
	Baseline    Kind = "baseline"    // collects what is usual for other rules; raises no alerts
)

// Level is how much a hit of the rule matters.
type Level string

// Levels from least to most severe. Vendors' words are mapped to these.
const (
	LevelUnknown       Level = ""
	LevelInformational Level = "informational"
	LevelLow           Level = "low"
	LevelMedium        Level = "medium"
	LevelHigh          Level = "high"
	LevelCritical      Level = "critical"
)

// Levels lists the known levels from least to most severe.
var Levels = []Level{LevelInformational, LevelLow, LevelMedium, LevelHigh, LevelCritical}

// Logsource says which kind of event a rule looks at, in Sigma's terms.
type Logsource struct {
	Category, Product, Service Text
	Definition                 Text
	Span                       Span
}

// String returns product/category/service, empty parts kept, in lower case.
func (l Logsource) String() string {
	return strings.ToLower(l.Product.Value + "/" + l.Category.Value + "/" + l.Service.Value)
}

// Related is a link from one rule to another.
type Related struct {
	ID, Type Text
}

// Rule is one rule as a parser read it. Every Text knows where it stands in
// Source. Fields that the rule leaves out are zero.
type Rule struct {
	Source *Source
	// Index counts the rules of a file from 0.
	Index int
	Span  Span // the whole rule
	// Parts are all parts of the file that make up the rule, white space
	// around it included: its own document, and what it shares with others,
	// such as Sigma's global documents. A change in any of them is a change
	// of the rule.
	Parts    []Span
	Vendor   Vendor
	Language Language
	Kind     Kind

	ID, Title, Name, Description Text
	Status, Author               Text
	Date, Modified               Text
	Version                      Text // of the rule, where its format counts them
	Level                        Level
	LevelText                    Text // as written
	// Tags holds every tag as written. Techniques (T1059.001, upper case)
	// and Tactics (their ATT&CK short names: defense-evasion) are the ATT&CK
	// ones among them, whatever ATT&CK version they are from.
	Tags           []Text
	Techniques     []Text
	Tactics        []Text
	References     []Text
	FalsePositives []Text
	Related        []Related
	Logsource      Logsource
	// Selectors say which kinds of event the whole rule looks at, where that
	// stands outside of its condition.
	Selectors []Selector

	// Condition is nil when the rule has no query that could be read.
	Condition Condition
	// Unresolved names what the rule's query uses and detlint could not look
	// into, as kind:name ("macro:foo").
	Unresolved []string
	// Narrowing is set when what is unresolved can only narrow the condition, and
	// every event that the rule fires on satisfies the condition without it.
	Narrowing bool
	// Uses are the names by which the rule refers to what other files define,
	// in the order of first use, each once; also those that nothing defines.
	Uses []Use
	// Stateful is set when no single event makes the rule fire: it counts
	// events, asks for several in order, or for values never seen before.
	Stateful bool
	// Loose is set when whether the rule fires may rest on events that its
	// condition does not ask for: those that an outer or anti join, or "not in"
	// of a subquery, looks for and that need not be there.
	Loose bool
	// Frame is what of the query's meaning its condition does not have, each
	// part as a text without layout: the keys and the order of a sequence,
	// thresholds, aggregations, columns that are computed. Of two rules with
	// equal frames the conditions say all that is different. It is nil where
	// the parser does not tell.
	Frame []string
	// Broken is set when a part of the rule could not be read: what the rule
	// means is then not known for certain.
	Broken bool
	// Syntax is the parser's own tree (*sigma.Document, …), for the checks of
	// that format alone.
	Syntax any
}

// Path is the path of the file the rule stands in.
func (r *Rule) Path() string { return r.Source.Path }

// Retired reports whether the rule says of itself that it is no longer in use
// (status deprecated or unsupported). Retired rules count neither for coverage
// nor in the catalog.
func (r *Rule) Retired() bool {
	return strings.EqualFold(r.Status.Value, "deprecated") || strings.EqualFold(r.Status.Value, "unsupported")
}

// Problem is something that kept a parser from reading a file or a rule
// completely. What is lower than an error was read, with a doubt.
type Problem struct {
	Span    Span
	Message string // lower case, quotes the value, says what was expected
	Warning bool   // the rule was read all the same
	// RuleIndex is the index of the rule the problem belongs to, -1 when it
	// is the file's.
	RuleIndex int
	// Macro is the macro of another file, MacroFile, that has the problem; it
	// stands at the call then. Both are empty for what the rule itself has.
	Macro, MacroFile string
}

// File is what a parser made of one file.
type File struct {
	Source   *Source
	Rules    []*Rule
	Problems []Problem
	// Definitions are what the file defines for rules elsewhere.
	Definitions []Definition
	// Library has what the rules were read with: the definitions of the whole
	// repository. It is nil where these are not known.
	Library *Library
	// NeedsLibrary is set when what the rules mean depends on the definitions
	// of other files. Parsed without a library, they are not yet what they are.
	NeedsLibrary bool
	// Recognized is set when the file is a rule file, or one that defines
	// something for rules, even when nothing could be read from it.
	Recognized bool
}
