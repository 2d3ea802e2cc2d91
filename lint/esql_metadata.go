package lint

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/rule"
)

var esqlMetadataCheck = &Check{
	ID:       "esql-metadata",
	Severity: Warning,
	Vendors:  onlyElastic,
	Summary:  "An ES|QL rule that does not aggregate has no event ids to tell its alerts apart",
	Rationale: `The runs of a rule overlap, so the same event comes up in several. Kibana drops it the second time by the id of the event,
which ES|QL only has where the query asks for it: ` + "`FROM … METADATA _id, _index, _version`" + `. The ids must also be among the
columns that the query keeps in the end. Rules that aggregate have no single event, and are told apart by their columns.
From 9.4 on Kibana asks for the ids itself, so a rule whose ` + "`min_stack_version`" + ` is that or later need not, but must still
keep them.`,
	Bad: exampleElastic("Shell Started by a Printer Service", "type = \"eql\"", "type = \"esql\"", "language = \"eql\"", "language = \"esql\"",
		"index = [\"logs-endpoint.events.process-*\"]\n", "", "timestamp_override = \"event.ingested\"\n", "",
		"process where process.name : \"example-tool.exe\"", "FROM logs-endpoint.events.process-*\n| WHERE process.parent.name == \"cupsd\" AND process.name == \"bash\""),
	Good: exampleElastic("Shell Started by a Printer Service", "type = \"eql\"", "type = \"esql\"", "language = \"eql\"", "language = \"esql\"",
		"index = [\"logs-endpoint.events.process-*\"]\n", "", "timestamp_override = \"event.ingested\"\n", "",
		"process where process.name : \"example-tool.exe\"", "FROM logs-endpoint.events.process-* METADATA _id, _index, _version\n| WHERE process.parent.name == \"cupsd\" AND process.name == \"bash\""),
	Rule: esqlMetadata,
}

func esqlMetadata(p *Pass) {
	doc := detectionEngine(p)
	if doc == nil || doc.ESQL == nil || p.Broken || doc.ESQL.Aggregates || len(doc.ESQL.Sources) == 0 || !doc.ESQL.Plain() {
		return
	}
	asked := false
	for _, m := range doc.ESQL.Metadata {
		asked = asked || m.Value == "_id"
	}
	if !asked && !addsMetadata(doc) {
		p.Report(doc.Place(doc.ESQL.Sources[0].Pattern.Span), "_id", `the query does not aggregate and has no "_id", so the same event gives an alert in every run that sees it; expected "METADATA _id, _index, _version" after the sources`)
		return
	}
	if keep := doc.ESQL.Keep; len(keep) > 0 && !keeps(keep, "_id") {
		sp := rule.Span{Start: keep[0].Span.Start, End: keep[len(keep)-1].Span.End}
		p.Report(doc.Place(sp), "keep", `the columns that are kept leave "_id" out, so the same event gives an alert in every run that sees it`)
	}
}

// addsMetadata reports whether a rule is only for versions of Kibana that ask
// for the ids themselves: 9.4 and later.
func addsMetadata(doc *elastic.Document) bool {
	least := doc.Metadata.Get("min_stack_version").Text().Value
	first, rest, _ := strings.Cut(least, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err := strconv.Atoi(first)
	minor, err2 := strconv.Atoi(second)
	return err == nil && (major > 9 || major == 9 && err2 == nil && minor >= 4)
}

// keeps reports whether one of the patterns of KEEP has a column.
func keeps(patterns []rule.Text, column string) bool {
	for _, pattern := range patterns {
		before, after, star := strings.Cut(pattern.Value, "*")
		if pattern.Value == column || star && strings.HasPrefix(column, before) && (strings.Contains(after, "*") || strings.HasSuffix(column, after)) {
			return true
		}
	}
	return false
}
