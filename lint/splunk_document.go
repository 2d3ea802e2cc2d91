package lint

import (
	"maps"
	"strings"

	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// onlySplunk are the vendors of checks that look at how a rule of Splunk is
// written.
var onlySplunk = []rule.Vendor{rule.Splunk}

// splunkDocument is the syntax tree of a rule of Splunk; nil when it is none.
func splunkDocument(p *Pass) *splunk.Document {
	doc, _ := p.Syntax.(*splunk.Document)
	return doc
}

// contentDocument is the syntax tree of a rule in the YAML of contentctl; nil
// for stanzas of savedsearches.conf.
func contentDocument(p *Pass) *splunk.Document {
	if doc := splunkDocument(p); doc != nil && doc.Shape == splunk.Content {
		return doc
	}
	return nil
}

// The attributes of a rule in the YAML of contentctl, versions 3 to 5 and as
// Splunk's content has them since 2026, and those of its tags and of its risk.
var (
	contentAttributes = set(
		"name", "id", "version", "date", "author", "status", "type", "description", "search", "data_source", "data_sources", "datamodel",
		"how_to_implement", "known_false_positives", "references", "drilldown_searches", "rba", "tags", "tests", "deployment",
		"enabled_by_default", "explanation", "earliest_time", "latest_time", "creation_date", "modification_date", "file_path",
		"suppression", "check_references", "baselines", "deprecation_info", "finding", "intermediate_findings", "threat_objects",
		"category",
	)
	contentTags = set(
		"analytic_story", "asset_type", "atomic_guid", "automated_detection_testing", "confidence", "confidence_id", "context", "cve",
		"dataset", "detections", "drilldown_search", "group", "impact", "impact_id", "evidence_str", "kill_chain_phases", "manual_test",
		"mappings", "message", "mitre_attack_id", "nist", "cis20", "observable", "product", "required_fields", "research_site_url",
		"event_schema", "risk_score", "risk_severity", "security_domain", "supported_tas", "throttling",
	)
	// flatAttributes are those of a rule that has its tags as attributes.
	flatAttributes = union(contentAttributes, contentTags)
	contentRisk    = set("message", "risk_objects", "threat_objects")
)

func union(a, b map[string]bool) map[string]bool {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// rootAttributes are the attributes that the rule may have, of itself and, where
// it has no mapping of them, as its tags.
func rootAttributes(doc *splunk.Document) map[string]bool {
	if doc.Tags == doc.Root {
		return flatAttributes
	}
	return contentAttributes
}

// sinceVersion5 reports whether a rule is of contentctl 5 or later, whose risk
// is that of the fields it names.
func sinceVersion5(doc *splunk.Document) bool { return !doc.RBA.IsNull() || len(doc.Findings) > 0 }

// filterMacro is the macro that a rule of contentctl calls so that its users
// can narrow it.
func filterMacro(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_", ".", "_", "/", "_").Replace(strings.ToLower(name)) + "_filter"
}

// exampleSplunk is a rule of contentctl for the example of a check: a sound one
// of that name, with some of its text replaced. The arguments after the name
// are what to replace and what to put there, in turn.
func exampleSplunk(name string, replacements ...string) string {
	text := strings.Replace(soundSplunk, "A Name", name, 1)
	text = strings.Replace(text, "a_name_filter", filterMacro(name), 1)
	return substitute(text, replacements)
}

const soundSplunk = `name: A Name
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11
version: 1
date: '2026-01-02'
author: Blue Team
status: production
type: TTP
description: An example of a rule.
data_source:
- Sysmon EventID 1
search: '| tstats count from datamodel=Endpoint.Processes where Processes.process_name="example-tool.exe"
  by Processes.dest Processes.user Processes.process_name | ` + "`drop_dm_object_name(Processes)` | `a_name_filter`" + `'
how_to_implement: Collect the creation of processes.
known_false_positives: Administrators may run the tool.
references: []
rba:
  message: $user$ ran $process_name$ on $dest$.
  risk_objects:
  - field: dest
    type: system
    score: 50
  threat_objects:
  - field: process_name
    type: process_name
tags:
  analytic_story: []
  asset_type: Endpoint
  mitre_attack_id:
  - T1059.001
  product:
  - Splunk Enterprise Security
  security_domain: endpoint
tests:
- name: True Positive Test
  attack_data:
  - data: https://example.com/events.log
    source: XmlWinEventLog:Microsoft-Windows-Sysmon/Operational
    sourcetype: XmlWinEventLog
`
