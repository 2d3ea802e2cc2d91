package normalize

import (
	"slices"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// ConditionSpan is where the condition of a rule stands in its file, the whole
// rule where that is not known.
func (r *Rule) ConditionSpan() rule.Span {
	var nodes []*tree.Node
	switch doc := r.Syntax.(type) {
	case *sigma.Document:
		nodes = []*tree.Node{doc.Root.Get("detection"), doc.Root.Get("filter"), doc.Root.Get("correlation")}
	case *elastic.Document:
		nodes = []*tree.Node{doc.Query}
	case *kusto.Document:
		nodes = []*tree.Node{doc.Query}
	case *splunk.Document:
		nodes = []*tree.Node{doc.Search}
		if doc.Stanza != nil {
			if search := doc.Stanza.Get("search"); search != nil {
				return search.Value.Span
			}
		}
	}
	if i := slices.IndexFunc(nodes, func(n *tree.Node) bool { return n != nil && !n.Span.IsZero() }); i >= 0 {
		return nodes[i].Span
	}
	return r.Span
}
