package splunk

import (
	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Shape is how a file holds a rule.
type Shape uint8

// The shapes.
const (
	// Content is the YAML of Splunk's security_content and of those who build
	// theirs with contentctl: one search in each file.
	Content Shape = iota
	// SavedSearch is a stanza of savedsearches.conf.
	SavedSearch
)

// Document is the syntax tree of one rule, for the checks that look at how a
// rule is written.
type Document struct {
	Shape Shape
	// Root is the mapping of a Content rule, Stanza that of a SavedSearch;
	// the other one is nil.
	Root   *tree.Node
	Stanza *Stanza

	Type rule.Text // TTP, Anomaly, Hunting, Correlation, Baseline
	// DataSources are the names of the feeds the rule says it needs.
	DataSources []rule.Text
	// Tags is the mapping that has the rule's tags: that of the key "tags", or
	// the rule itself, as Splunk's content has it since 2026. It is nil when the
	// key says nothing.
	Tags *tree.Node
	// Score is the risk score of a rule of contentctl 4, with its node, nil
	// when there is none; RBA is the section of contentctl 5, Findings are
	// those that Splunk's content has in its place since 2026.
	Score, RBA *tree.Node
	Findings   []*tree.Node
	// Message is what a hit says; $field$ in it are columns of the search.
	Message rule.Text
	// Objects are the risk and threat objects, in the order of the file.
	Objects []Object
	Tests   *tree.Node

	// Search is the node of the search in a Content rule. Query is what was
	// read of the search; its places are those in the search's text.
	Search *tree.Node
	Query  *spl.Query

	offsets tree.Offsets
}

// Place returns where a part of the search's text is in the file.
func (d *Document) Place(sp rule.Span) rule.Span { return d.offsets.Span(sp) }

// Attributes is the mapping of all that the rule says.
func (d *Document) Attributes() *tree.Node {
	if d.Stanza == nil {
		return d.Root
	}
	n := &tree.Node{Kind: tree.Mapping, Span: d.Stanza.Name.Span}
	for _, set := range d.Stanza.Settings {
		n.Content = append(n.Content,
			&tree.Node{Kind: tree.Scalar, Value: set.Key.Value, Span: set.Key.Span},
			&tree.Node{Kind: tree.Scalar, Value: set.Value.Value, Span: set.Value.Span})
	}
	return n
}

// Object is what a hit puts a risk on, or what points at the threat: a column
// of the search.
type Object struct {
	Node  *tree.Node
	Field rule.Text
	Type  rule.Text // user, system, …
	// Score is the risk score of the object, where it has one of its own.
	Score *tree.Node
	// Threat is set for what points at the threat; other objects get a risk.
	Threat bool
}
