package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/tree"
)

var eventSourceCheck = &Check{
	ID:       "event-source",
	Severity: Warning,
	Vendors:  onlyElastic,
	Summary:  "It is not clear which events a rule of Elastic looks at",
	Rationale: `A rule takes its events from index patterns or from a data view, not from both. With neither, Kibana uses the
default patterns of the space the rule is imported into, whatever they are (information). ES|QL names its sources in
the query and machine learning has them in its job; an ` + "`index`" + ` beside them is not read.`,
	Bad:  exampleElastic("Key Exported From a Store", "index = [\"logs-endpoint.events.process-*\"]", "index = [\"logs-endpoint.events.process-*\"]\ndata_view_id = \"security-solution-default\""),
	Good: exampleElastic("Key Exported From a Store", "index = [\"logs-endpoint.events.process-*\"]", "data_view_id = \"security-solution-default\""),
	Rule: eventSource,
}

func eventSource(p *Pass) {
	doc := detectionEngine(p)
	if doc == nil {
		return
	}
	index, list := entry(doc.Rule, "index")
	view, id := entry(doc.Rule, "data_view_id")
	if isBlank(id) {
		view = nil
	}
	kind := doc.Type.Value
	switch {
	case kind == "esql" || kind == "machine_learning":
		if len(doc.Indices) > 0 {
			where := "its job"
			if kind == "esql" {
				where = "its query"
			}
			p.Report(index.Span, "index", "%q is not read, a rule of type %q has its sources in %s", "index", kind, where)
		}
		if kind == "machine_learning" && !isBlank(doc.Query) {
			p.Report(p.keyOf(doc.Rule, "query"), "query", "%q is not read, a rule of type %q has none", "query", kind)
		}
	case view != nil && len(doc.Indices) > 0:
		p.Report(view.Span, "data_view_id", "the rule has both %q and %q, expected one of them", "index", "data_view_id")
	case view == nil && index == nil && doc.Type.Value != "":
		p.Report(p.keyOf(doc.Rule, "index"), "index", "the rule has neither %q nor %q and looks at Kibana's default indices, whatever they are", "index", "data_view_id").Severity = Info
	case view == nil && index != nil && list.Kind == tree.Sequence && len(list.Content) == 0:
		p.Report(index.Span, "index", "%q is empty and there is no %q, so it is not clear what the rule looks at", "index", "data_view_id")
	}
	for _, t := range doc.Indices {
		switch trimmed := strings.TrimSpace(t.Value); {
		case trimmed == "":
			p.Report(t.Span, "index:", "an index pattern is empty")
		case strings.ContainsAny(trimmed, " ,") || trimmed != t.Value:
			p.Report(t.Span, "index:"+t.Value, "index pattern %q has a blank or a comma in it, which no index has; expected one pattern in each entry", t.Value)
		}
	}
}
