package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var newTermsCheck = &Check{
	ID:       "new-terms",
	Severity: Warning,
	Vendors:  onlyElastic,
	Summary:  "A rule about new terms cannot tell what is new",
	Rationale: `A new terms rule alerts on values that were not seen since ` + "`history_window_start`" + `. Where that is not before what the
rule looks at, there is no history, and every value is new. Kibana takes one to three fields, whose values it combines;
a field that is named twice adds nothing.`,
	Bad: exampleElastic("First Use of a Remote Tool", "type = \"eql\"", "type = \"new_terms\"",
		"language = \"eql\"", "language = \"kuery\"", "process where process.name : \"example-tool.exe\"", "process.name:example-tool.exe") + `
[rule.new_terms]
field = "new_terms_fields"
value = ["host.id", "host.id"]

[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
`,
	Good: exampleElastic("First Use of a Remote Tool", "type = \"eql\"", "type = \"new_terms\"",
		"language = \"eql\"", "language = \"kuery\"", "process where process.name : \"example-tool.exe\"", "process.name:example-tool.exe") + `
[rule.new_terms]
field = "new_terms_fields"
value = ["host.id", "process.executable"]

[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
`,
	Rule: newTerms,
}

// maxNewTerms is how many fields Kibana takes.
const maxNewTerms = 3

func newTerms(p *Pass) {
	doc := detectionEngine(p)
	if doc == nil || doc.Type.Value != "new_terms" {
		return
	}
	fields, window := newTermsOf(doc)
	seen := map[string]bool{}
	for i, f := range fields {
		switch {
		case seen[f.Value]:
			p.Report(f.Span, "field:"+f.Value, "field %q stands twice among the new terms", f.Value)
		case i == maxNewTerms:
			p.Report(f.Span, "fields", "the rule combines %d fields, Kibana takes %d", len(fields), maxNewTerms)
		}
		seen[f.Value] = true
	}
	start, ok := ago(window.Value)
	back, _, ok2 := p.lookback(doc.Rule)
	if ok && ok2 && start <= back {
		p.Report(window.Span, "history_window_start:"+window.Value, "the history begins %s ago and the rule looks at the last %s itself, so every value is new", timeText(start), timeText(back))
	}
}

// newTermsOf returns the fields of a new terms rule and the start of its
// history. The repository's layout has both in a table, exports beside the
// other attributes.
func newTermsOf(doc *elastic.Document) (fields []rule.Text, window rule.Text) {
	list, start := doc.Rule.Get("new_terms_fields"), doc.Rule.Get("history_window_start")
	if table := doc.Rule.Get("new_terms"); table != nil && table.Kind == tree.Mapping {
		list = table.Get("value")
		for _, item := range nodeContent(table, "history_window_start") {
			start = item.Get("value")
		}
	}
	if list != nil && list.Kind == tree.Sequence {
		for _, item := range list.Content {
			if item.Kind == tree.Scalar && strings.TrimSpace(item.Value) != "" {
				fields = append(fields, item.Text())
			}
		}
	}
	if start != nil && start.Kind == tree.Scalar {
		window = start.Text()
	}
	return fields, window
}

// nodeContent returns the items of a list attribute.
func nodeContent(n *tree.Node, key string) []*tree.Node {
	if list := n.Get(key); list != nil && list.Kind == tree.Sequence {
		return list.Content
	}
	return nil
}
