package lint

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// The vocabularies of Sentinel's rules.
var (
	sentinelSeverities = []string{"Informational", "Low", "Medium", "High"}
	sentinelKinds      = []string{"Scheduled", "NRT", "Fusion", "MLBehaviorAnalytics", "MicrosoftSecurityIncidentCreation", "ThreatIntelligence"}
	triggerOperators   = []string{"gt", "lt", "eq", "ne", "GreaterThan", "LessThan", "Equal", "NotEqual"}
	aggregationKinds   = []string{"SingleAlert", "AlertPerResult"}
	// defenderSeverities are those of custom detections in Microsoft Graph.
	defenderSeverities = []string{"informational", "low", "medium", "high"}
)

// The limits of Sentinel's schema for templates, in characters but for the
// threshold.
const (
	maxKustoName        = 256
	maxKustoDescription = 5000
	maxKustoQuery       = 10_000
	maxThreshold        = 10_000
)

// versionForm is what the version of a template looks like.
var versionForm = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

func invalidKusto(p *Pass, doc *kusto.Document) {
	if doc.Shape == kusto.Custom {
		p.choice("severity", doc.Severity, defenderSeverities)
		return
	}
	p.choice("severity", doc.Severity, sentinelSeverities)
	p.choice("kind", doc.Type, sentinelKinds)
	p.choice("aggregationKind", doc.Rule.Get("eventGroupingSettings").Get("aggregationKind").Text(), aggregationKinds)
	if id := p.ID.Value; id != "" && doc.Shape != kusto.Template && !isUUID(id) {
		p.Report(p.ID.Span, "id:"+id, "id %q is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef", id)
	}
	// The version of a saved search is a number of its own.
	if v := doc.Version; v.Value != "" && doc.Shape != kusto.Template && !versionForm.MatchString(v.Value) {
		p.Report(v.Span, "version:"+v.Value, "version %q is not of the form 1.2.3", v.Value)
	}
	if !sentinelRule(p, doc) {
		return
	}
	p.tacticForms(doc)
	p.lengthIn("name", p.Title, maxKustoName)
	p.lengthIn("description", p.Description, maxKustoDescription)
	if n := utf8.RuneCountInString(doc.Text); n > maxKustoQuery {
		p.Report(p.keyOf(doc.Rule, "query"), "query", "the query has %d characters, Sentinel takes at most %d", n, maxKustoQuery)
	}
	p.choice("triggerOperator", doc.TriggerOperator, triggerOperators)
	if t := doc.TriggerThreshold; t.Value != "" && !computed(t.Value) {
		if n, err := strconv.Atoi(t.Value); err != nil || n < 0 || n > maxThreshold {
			p.Report(t.Span, "triggerThreshold:"+t.Value, "triggerThreshold %q is out of range, expected a whole number from 0 to %d", t.Value, maxThreshold)
		}
	}
	p.spanForm(doc, "queryFrequency", doc.Frequency)
	p.spanForm(doc, "queryPeriod", doc.Period)
	p.spanForm(doc, "suppressionDuration", doc.Rule.Get("suppressionDuration").Text())
	if doc.Shape == kusto.Template {
		p.subTechniques(doc)
	}
}

// choice reports a value that is not in a vocabulary.
func (p *Pass) choice(attribute string, t rule.Text, vocabulary []string) {
	if strings.TrimSpace(t.Value) == "" || computed(t.Value) || contains(vocabulary, t.Value) {
		return
	}
	value := attribute + ":" + t.Value
	meant := near.Word(strings.TrimSpace(t.Value), vocabulary)
	switch {
	case meant == "":
		p.Report(t.Span, value, "%s %q is unknown, expected one of %s", attribute, t.Value, strings.Join(vocabulary, ", "))
		return
	case strings.EqualFold(meant, t.Value):
		f := p.Report(t.Span, value, "%s %q is spelled %q", attribute, t.Value, meant)
		f.Severity = Warning
		p.fixIn(f, t.Span, t.Value, meant)
	default:
		f := p.Report(t.Span, value, "%s %q is unknown, did you mean %q?", attribute, t.Value, meant)
		p.fixIn(f, t.Span, t.Value, meant)
	}
}

// lengthIn reports a text that is too long.
func (p *Pass) lengthIn(attribute string, t rule.Text, most int) {
	if n := utf8.RuneCountInString(t.Value); n > most {
		p.Report(t.Span, attribute, "%s has %d characters, Sentinel takes at most %d", attribute, n, most)
	}
}

// spanForm reports what is no span of time. Templates are sent to the API as
// they are, which reads ISO 8601 alone.
func (p *Pass) spanForm(doc *kusto.Document, attribute string, t rule.Text) {
	if t.Value == "" || computed(t.Value) {
		return
	}
	d, ok := kustoSpan(t.Value)
	switch value := attribute + ":" + t.Value; {
	case doc.Shape == kusto.Template && ok && !strings.HasPrefix(t.Value, "P"):
		canonical := isoText(t.Value)
		f := p.Report(t.Span, value, "%s %q is not in the form of ISO 8601, which templates need, such as %q", attribute, t.Value, "PT1H")
		if canonical != "" {
			p.fixIn(f, t.Span, t.Value, canonical)
		}
	case !ok && doc.Shape == kusto.Template:
		p.Report(t.Span, value, "%s %q cannot be read, expected a time such as %q", attribute, t.Value, "PT1H")
	case !ok || d == 0:
		p.Report(t.Span, value, "%s %q cannot be read, expected a time such as %q", attribute, t.Value, "1h")
	}
}

// isoText writes 5m, 1h or 14d in the form of ISO 8601; empty for other forms.
func isoText(s string) string {
	switch n, unit := s[:len(s)-1], s[len(s)-1]; {
	case strings.Contains(s, ":"):
		return ""
	case unit == 'd':
		return "P" + n + "D"
	default:
		return "PT" + n + strings.ToUpper(string(unit))
	}
}

// tacticForms reports tactics that are not written as Sentinel has them.
func (p *Pass) tacticForms(doc *kusto.Document) {
	for _, t := range doc.Tactics {
		short := p.shortTactic(strings.ReplaceAll(t.Value, " ", ""))
		if short == "" || computed(t.Value) {
			continue // the check unknown-tactic says so
		}
		if right := sentinelTactic(short); right != t.Value {
			f := p.Report(t.Span, "tactic:"+t.Value, "tactic %q is spelled %q", t.Value, right)
			p.fixIn(f, t.Span, t.Value, right)
		}
	}
}

// subTechniques reports sub-techniques among the techniques of a rule in a
// template: the API refuses all that is not of the form T1234 there.
func (p *Pass) subTechniques(doc *kusto.Document) {
	for _, item := range items(doc.Rule.Get("techniques")) {
		parent := attack.Parent(item.Value)
		if item.Kind != tree.Scalar || parent == "" || !isTechniqueID(item.Value) {
			continue
		}
		f := p.Report(item.Span, "technique:"+item.Value, "%s is a sub-technique, which belongs in %q; Sentinel takes the form %q here", item.Value, "subTechniques", "T1234")
		p.fixIn(f, item.Span, item.Value, parent)
	}
}
