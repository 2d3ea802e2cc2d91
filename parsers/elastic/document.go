package elastic

import (
	"github.com/detlint/detlint/parsers/eql"
	"github.com/detlint/detlint/parsers/esql"
	"github.com/detlint/detlint/parsers/kuery"
	"github.com/detlint/detlint/parsers/lucene"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Shape is how a file holds a rule.
type Shape uint8

// The shapes.
const (
	// Repository is the TOML of Elastic's detection-rules repository and of
	// those that work like it: [metadata], [rule], [[rule.threat]].
	Repository Shape = iota
	// Endpoint is the TOML of behaviour rules of Elastic Endpoint: [rule]
	// with an EQL query, [[threat]] and [[optional_actions]] beside it.
	Endpoint
	// Export is the JSON object that Kibana exports and its API takes.
	Export
)

// Document is the syntax tree of one rule, for the checks that look at how a
// rule is written.
type Document struct {
	Shape Shape
	// Rule has name, type, query and the like; Metadata has the dates and the
	// maturity of a Repository rule and is nil otherwise.
	Rule, Metadata *tree.Node

	Type     rule.Text // eql, query, threshold, …; empty for Endpoint
	Language rule.Text // as written; empty when left out
	Indices  []rule.Text
	Threats  []Threat

	// Query is the node of the query's text; one of the trees after it is
	// set when it could be read. Their places are those in the text.
	Query  *tree.Node
	EQL    *eql.Query
	Kuery  *kuery.Query
	Lucene *lucene.Query
	ESQL   *esql.Query

	windows []string // the times that filters look at, as rule.Rule.Frame has them

	offsets tree.Offsets
}

// Attributes is the table of all that the rule says.
func (d *Document) Attributes() *tree.Node { return d.Rule }

// Place returns where a part of the query's text is in the file.
func (d *Document) Place(sp rule.Span) rule.Span { return d.offsets.Span(sp) }

// Threat is one entry of a rule's ATT&CK mapping.
type Threat struct {
	Span       rule.Span
	Framework  rule.Text
	Tactic     Named
	Techniques []Technique
}

// IsATTACK reports whether the entry is about ATT&CK, as it is when it names
// no framework.
func (t *Threat) IsATTACK() bool {
	return t.Framework.Value == "" || t.Framework.Value == "MITRE ATT&CK"
}

// Named is how a rule refers to something of ATT&CK. Span is that of the whole
// entry.
type Named struct {
	Span                rule.Span
	ID, Name, Reference rule.Text
}

// Technique is a technique with the sub-techniques listed under it.
type Technique struct {
	Named
	Subtechniques []Named
}
