package tree

import "github.com/detlint/detlint/rule"

// maxList is how many entries of a list of texts are read.
const maxList = 1000

// TextAt reads the entry of a mapping that is a text, or another scalar. A
// missing one is empty. What it is instead is told to report.
func (n *Node) TextAt(key string, report func(at rule.Span, format string, args ...any)) rule.Text {
	v := n.Get(key)
	switch {
	case v.IsNull():
		return rule.Text{}
	case v.Kind != Scalar:
		report(v.Span, "%s must be a text, found a %s", key, v.Word())
		return rule.Text{Span: v.Span}
	}
	return v.Text()
}

// TextsAt reads the entry of a mapping that is a list of texts; a single text
// counts as a list of one. What is something else is told to report, and the
// other entries are read. Entries without a value are passed over where blanks
// are allowed.
func (n *Node) TextsAt(key string, blanks bool, report func(at rule.Span, format string, args ...any)) []rule.Text {
	v := n.Get(key)
	switch {
	case v.IsNull():
		return nil
	case v.Kind == Scalar:
		return []rule.Text{v.Text()}
	case v.Kind != Sequence:
		report(v.Span, "%s must be a list of texts, found a %s", key, v.Word())
		return nil
	}
	items := v.Content
	if len(items) > maxList {
		report(items[maxList].Span, "%s has %d entries, the first %d of them are read", key, len(items), maxList)
		items = items[:maxList]
	}
	out := make([]rule.Text, 0, len(items))
	for _, item := range items {
		if blanks && item.IsNull() {
			continue
		}
		if item.Kind != Scalar || item.IsNull() {
			report(item.Span, "%s must be a list of texts, found a %s in it", key, item.Word())
			continue
		}
		out = append(out, item.Text())
	}
	return out
}

// Word says what a node is, for messages.
func (n *Node) Word() string {
	switch {
	case n.Kind == Mapping:
		return "mapping"
	case n.Kind == Sequence:
		return "list"
	case n.IsNull():
		return "null"
	}
	return "text"
}
