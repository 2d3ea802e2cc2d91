package sigma

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Document is the syntax tree of one Sigma rule, for checks that look at how
// the rule is written. What the rule means stands in rule.Rule.
type Document struct {
	// Root is the rule's mapping; where the file has global documents, their
	// entries are merged in.
	Root *tree.Node
	// Selections are the named parts of detection (or of filter), in the
	// order of the file.
	Selections []*Selection
	// Conditions has one entry for each condition; Sigma allows a list.
	Conditions  []*Expression
	Timeframe   rule.Text
	Correlation *Correlation // set in correlation rules
	Filter      *FilterSpec  // set in filters
}

// Attributes is the mapping of all that the rule says.
func (d *Document) Attributes() *tree.Node { return d.Root }

// Selection is one named search identifier of a rule.
type Selection struct {
	Name rule.Text
	Node *tree.Node
	// Items are all comparisons of the selection, however deeply listed.
	Items []*Item
	// Condition is what the selection matches.
	Condition rule.Condition
	// Referenced is set when a condition uses the selection.
	Referenced bool
}

// Item is one line of a selection: a field with modifiers and values. Keywords
// have an item without a field.
type Item struct {
	Key       rule.Text
	Field     rule.Text
	Modifiers []rule.Text
	// Value is the node behind the colon: a scalar or a list of them.
	Value *tree.Node
}

// Has reports whether the item has the modifier.
func (it *Item) Has(modifier string) bool {
	for _, m := range it.Modifiers {
		if m.Value == modifier {
			return true
		}
	}
	return false
}

// Values returns the scalars the item compares with.
func (it *Item) Values() []*tree.Node {
	if it.Value == nil {
		return nil
	}
	if it.Value.Kind == tree.Sequence {
		return it.Value.Content
	}
	return []*tree.Node{it.Value}
}

// Expression is one condition.
type Expression struct {
	Text rule.Text
	// References are the selections the condition names, in its order.
	References []Reference
	// Tail is an aggregation after a pipe ("| count() by User > 5"), which
	// Sigma 2 has replaced by correlation rules.
	Tail rule.Text
}

// Reference is one mention of selections in a condition.
type Reference struct {
	// Name is the selection's name or pattern, or "them".
	Name rule.Text
	// Quantifier is empty for a plain name, else "1", "any" or "all".
	Quantifier string
	Span       rule.Span // quantifier included
	// Selections are the ones meant; empty when there are none.
	Selections []*Selection
}

// Correlation is the correlation section of a rule.
type Correlation struct {
	Node      *tree.Node
	Type      rule.Text
	Rules     []rule.Text
	GroupBy   []rule.Text
	Timespan  rule.Text
	Condition *tree.Node
}

// FilterSpec is the filter section of a filter.
type FilterSpec struct {
	Node  *tree.Node
	Rules []rule.Text
}

// EveryRule reports whether the filter is about all rules that its logsource
// fits, and not about those that it names: it says "any" or "all", or has an
// empty list. One that says nothing is about none.
func (f *FilterSpec) EveryRule() bool {
	for _, r := range f.Rules {
		if !strings.EqualFold(r.Value, "any") && !strings.EqualFold(r.Value, "all") {
			return false
		}
	}
	rules := f.Node.Get("rules")
	return len(f.Rules) > 0 || rules != nil && rules.Kind == tree.Sequence && len(rules.Content) == 0
}

// Logic is a hash of what the rule finds, or what a filter leaves of any rule,
// as far as that stands in the rule. Layout, comments, the order of entries and
// what only describes the rule do not change it.
func (d *Document) Logic() string {
	if d.Filter != nil {
		var sum uint64
		for i := 0; d.Filter.Node != nil && i+1 < len(d.Filter.Node.Content); i += 2 {
			if key := d.Filter.Node.Content[i]; key.Value != "rules" {
				sum += key.Sum() * (d.Filter.Node.Content[i+1].Sum() | 1)
			}
		}
		return strconv.FormatUint(sum, 36)
	}
	var out []byte
	for _, section := range []string{"logsource", "detection", "correlation"} {
		out = append(strconv.AppendUint(out, d.Root.Get(section).Sum(), 36), ' ')
	}
	return string(out)
}
