package lint

import (
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// onlyElastic are the vendors of checks that look at how a rule of Elastic is
// written.
var onlyElastic = []rule.Vendor{rule.Elastic}

// sigmaAndElastic are those of checks that look at how a rule of either is.
var sigmaAndElastic = []rule.Vendor{rule.Sigma, rule.Elastic}

// elasticDocument is the syntax tree of a rule of Elastic; nil when it is none.
func elasticDocument(p *Pass) *elastic.Document {
	doc, _ := p.Syntax.(*elastic.Document)
	return doc
}

// detectionEngine is the syntax tree of a rule that Kibana runs on a schedule;
// nil for those of Elastic Endpoint, which have no type and no schedule.
func detectionEngine(p *Pass) *elastic.Document {
	if doc := elasticDocument(p); doc != nil && doc.Shape != elastic.Endpoint {
		return doc
	}
	return nil
}

// The attributes of a rule and of its metadata: those of Kibana's API for
// detection rules, of its exports, and of the schemas of Elastic's
// detection-rules repository.
var (
	elasticAttributes = set(
		"actions", "alert_suppression", "alias_purpose", "alias_target_id", "anomaly_threshold", "author", "building_block_type",
		"concurrent_searches", "created_at", "created_by", "customizations", "data_view_id", "description", "enabled",
		"event_category_override", "exceptions_list", "execution_summary", "false_positives", "filters", "from",
		"history_window_start", "id", "immutable", "index", "interval", "investigation_fields", "items_per_search", "language",
		"license", "machine_learning_job_id", "max_signals", "meta", "min_endpoint_version", "name", "namespace", "new_terms",
		"new_terms_fields", "note", "os_list", "outcome", "output_index", "query", "reference", "references",
		"related_integrations", "required_fields", "response_actions", "revision", "risk_score", "risk_score_mapping",
		"rule_id", "rule_name_override", "rule_source", "saved_id", "setup", "severity", "severity_mapping", "tags", "threat",
		"threat_filters", "threat_index", "threat_indicator_path", "threat_language", "threat_mapping", "threat_query",
		"threshold", "throttle", "tiebreaker_field", "timeline_id", "timeline_title", "timestamp_field", "timestamp_override",
		"timestamp_override_fallback_disabled", "to", "type", "updated_at", "updated_by", "version",
	)
	elasticMetadata = set(
		"bypass_bbr_timing", "comments", "creation_date", "deprecated_reason", "deprecation_date", "extended",
		"integration", "maturity", "min_endgame_version", "min_stack_comments", "min_stack_version", "os_type_list",
		"promotion", "query_schema_validation", "related_endpoint_rules", "updated_date",
	)
)

// header is where something that a table lacks would stand: its first line.
func (p *Pass) header(n *tree.Node) rule.Span {
	if n == nil {
		return rule.Span{Start: p.Span.Start, End: p.Span.Start}
	}
	start, end, _ := p.line(rule.Span{Start: n.Span.Start, End: n.Span.Start})
	return rule.Span{Start: max(n.Span.Start, start), End: max(n.Span.Start, end)}
}

// keyOf is the place of an attribute's key, or of the table when it has none.
func (p *Pass) keyOf(n *tree.Node, attribute string) rule.Span {
	if k, _ := entry(n, attribute); k != nil {
		return k.Span
	}
	return p.header(n)
}
