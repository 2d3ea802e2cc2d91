package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// onlyKusto are the vendors of checks that look at how a rule of Sentinel or
// Defender is written.
var onlyKusto = []rule.Vendor{rule.Kusto}

// kustoDocument is the syntax tree of a rule of Sentinel or Defender; nil when
// it is none, when it is a query without attributes, and when only a note is
// left that the rule has moved elsewhere.
func kustoDocument(p *Pass) *kusto.Document {
	doc, _ := p.Syntax.(*kusto.Document)
	if doc == nil || doc.Rule == nil || doc.Query == nil && p.Retired() {
		return nil
	}
	return doc
}

// sentinelRule reports whether a rule is one that Sentinel runs, in contrast to
// hunting queries and to what Defender runs.
func sentinelRule(p *Pass, doc *kusto.Document) bool {
	return p.Kind == rule.Detection && (doc.Shape == kusto.Analytics || doc.Shape == kusto.Template)
}

// isNRT reports whether a rule is near-real-time: it runs every minute and has
// no schedule of its own.
func isNRT(doc *kusto.Document) bool { return strings.EqualFold(doc.Type.Value, "NRT") }

// computed reports whether a value of an ARM template is an expression, whose
// value is only known when it is deployed, or has a placeholder in it.
func computed(s string) bool {
	return strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") || strings.Contains(s, "{{")
}

// items are the entries of a list.
func items(n *tree.Node) []*tree.Node {
	if n == nil || n.Kind != tree.Sequence {
		return nil
	}
	return n.Content
}

// schedule are the attributes that say when a rule runs and when what it finds
// is an alert.
var schedule = []string{"queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold"}

// The attributes of a rule in YAML, those of a rule and of a hunting query in
// an ARM template, and those of the entries of lists: of Microsoft's schema for
// templates, of the API for alert rules, and of the files of its repository.
var (
	sentinelAttributes = set(
		"alertDetailsOverride", "alertRuleTemplateName", "author", "customDetails", "description", "description-detailed", "displayName",
		"enabled", "entityMappings", "eventGroupingSettings", "id", "incidentConfiguration", "kind", "metadata", "name", "query",
		"queryFrequency", "queryPeriod", "references", "relevantTechniques", "requiredDataConnectors", "sentinelEntitiesMappings",
		"severity", "startTimeUtc", "status", "subTechniques", "suppressionDuration", "suppressionEnabled", "tactics", "tags",
		"techniques", "templateVersion", "triggerOperator", "triggerThreshold", "type", "version",
	)
	templateAttributes = set(
		"alertDetailsOverride", "alertRuleTemplateName", "alertRulesCreatedByTemplateCount", "category", "createdDateUTC", "customDetails",
		"description", "displayName", "eTag", "enabled", "entityMappings", "etag", "eventGroupingSettings", "functionAlias", "functionParameters",
		"incidentConfiguration", "lastModifiedUtc", "lastUpdatedDateUTC", "query", "queryFrequency", "queryPeriod",
		"requiredDataConnectors", "sentinelEntitiesMappings", "severity", "startTimeUtc", "status", "subTechniques",
		"suppressionDuration", "suppressionEnabled", "tactics", "tags", "techniques", "templateVersion", "triggerOperator",
		"triggerThreshold", "version",
	)
	connectorAttributes = set("connectorId", "dataTypes")
)

// exampleKusto is a rule of Sentinel for the example of a check: a sound one of
// that name, with some of its text replaced. The arguments after the name are
// what to replace and what to put there, in turn.
func exampleKusto(name string, replacements ...string) string {
	text := strings.Replace(soundKusto, "A Name", name, 1)
	return substitute(text, replacements)
}

const soundKusto = `id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01
name: A Name
description: An example of a rule.
severity: Medium
requiredDataConnectors:
  - connectorId: MicrosoftThreatProtection
    dataTypes:
      - DeviceProcessEvents
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics:
  - Execution
relevantTechniques:
  - T1059.003
query: |
  DeviceProcessEvents
  | where FileName =~ "example-tool.exe"
  | project TimeGenerated, DeviceName, AccountName, ProcessCommandLine
entityMappings:
  - entityType: Host
    fieldMappings:
      - identifier: HostName
        columnName: DeviceName
version: 1.0.0
kind: Scheduled
`
