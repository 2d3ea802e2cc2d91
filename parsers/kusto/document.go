package kusto

import (
	"github.com/detlint/detlint/parsers/kql"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Shape is how a file holds a rule.
type Shape uint8

// The shapes.
const (
	// Analytics is a scheduled or near-real-time rule of Microsoft Sentinel,
	// as the YAML files of its public repository have it.
	Analytics Shape = iota
	// Hunting is a hunting query of Microsoft Sentinel in the same form.
	Hunting
	// Custom is a custom detection rule of Microsoft Defender XDR, as Microsoft
	// Graph has it, in JSON or YAML.
	Custom
	// Template is a resource of an ARM template: an alert rule, a template of
	// one, or a saved search.
	Template
	// Script is a query in a .kql or .csl file.
	Script
	// Markdown is a fenced block of a Markdown file.
	Markdown
)

// Document is the syntax tree of one rule, for the checks that look at how a
// rule is written.
type Document struct {
	Shape Shape
	// Root is the whole rule, Rule the mapping with its attributes:
	// "properties" of an ARM template, else Root. Both are nil for scripts
	// and Markdown.
	Root, Rule *tree.Node

	Type     rule.Text // Scheduled, NRT, …: the "kind"
	Severity rule.Text // as written
	Version  rule.Text
	// Frequency and Period are spans of time as written: 1h, PT1H.
	Frequency, Period                   rule.Text
	TriggerOperator, TriggerThreshold   rule.Text
	Tactics, Techniques                 []rule.Text // as written
	EntityMappings                      *tree.Node  // a list, nil when there is none
	CustomDetails, AlertDetailsOverride *tree.Node
	Connectors                          *tree.Node // requiredDataConnectors

	// Query is the node of the query's text, nil for scripts and Markdown;
	// Text is its value, and KQL the tree of it. Places in KQL are those in
	// Text.
	Query *tree.Node
	Text  string
	KQL   *kql.Query

	offsets tree.Offsets
}

// Place returns where a part of the query's text is in the file.
func (d *Document) Place(sp rule.Span) rule.Span { return d.offsets.Span(sp) }

// Attributes is the mapping of all that the rule says, nil where it is written
// in another way.
func (d *Document) Attributes() *tree.Node { return d.Rule }
