package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

var unknownDataSourceCheck = &Check{
	ID:       "unknown-data-source",
	Severity: Info,
	Vendors:  onlySplunk,
	Summary:  "The rule needs a data source that the repository does not describe",
	Rationale: `By its data sources a rule is found by those who have the feed, and what an environment can detect is worked out from
them. A name that no file below ` + "`data_sources/`" + ` has is on none of these lists. contentctl takes ` + "`A AND B`" + ` for two names;
other lists of several in one name are none to it.

A repository that describes no data source at all is not looked at.`,
	Bad: "-- data_sources/sysmon_1.yml --\n" + exampleDataSource + "-- detections/admin_tool.yml --\n" +
		exampleSplunk("Admin Tool", "- Sysmon EventID 1\n", "- Sysmon 1\n"),
	Good: "-- data_sources/sysmon_1.yml --\n" + exampleDataSource + "-- detections/admin_tool.yml --\n" + exampleSplunk("Admin Tool"),
	Rule: unknownDataSource,
}

const exampleDataSource = `name: Sysmon EventID 1
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae22
version: 1
date: '2026-01-02'
author: Blue Team
description: The creation of a process.
source: XmlWinEventLog:Microsoft-Windows-Sysmon/Operational
sourcetype: XmlWinEventLog
separator: EventID
supported_TA: []
`

func unknownDataSource(p *Pass) {
	doc := contentDocument(p)
	if doc == nil || !p.Library.Has(rule.DataSource) {
		return
	}
	for _, entry := range doc.DataSources {
		for _, name := range splunk.DataSourceNames(entry.Value) {
			if _, ok := p.Library.Lookup(rule.DataSource, name); ok || name == "" {
				continue
			}
			if meant := fuller(name, p.Library.Names(rule.DataSource)); meant != "" {
				f := p.Report(entry.Span, name, "data source %q is not described in the repository, did you mean %q?", name, meant)
				p.fixIn(f, entry.Span, name, meant)
				continue
			}
			p.Report(entry.Span, name, "data source %q is not described in the repository", name)
		}
	}
}

// fuller is the only one of some names that has all words of a name, or is a
// slip of the keyboard away from it; empty when there is none.
func fuller(name string, names []string) string {
	words := strings.Fields(strings.ToLower(name))
	found := ""
	for _, candidate := range names {
		have := strings.Fields(strings.ToLower(candidate))
		if slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(have, w) }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = candidate
	}
	if found == "" && !strings.ContainsAny(name, "0123456789") { // numbers are events, all near each other
		return slip(name, names)
	}
	return found
}
