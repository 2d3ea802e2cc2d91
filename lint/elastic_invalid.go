package lint

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// The vocabularies of Kibana's detection engine and of the detection-rules
// repository.
var (
	elasticSeverities = []string{"low", "medium", "high", "critical"}
	elasticTypes      = []string{"eql", "esql", "machine_learning", "new_terms", "query", "saved_query", "threat_match", "threshold"}
	elasticLanguages  = []string{"eql", "esql", "kuery", "lucene"}
	maturities        = []string{"development", "experimental", "beta", "production", "deprecated"}
)

// elasticDateForm is the form that the repository's layout has for dates.
const elasticDateForm = "2006/01/02"

func invalidElastic(p *Pass, doc *elastic.Document) {
	if id := p.ID.Value; id != "" && !isUUID(id) {
		p.Report(p.ID.Span, "id:"+id, "id %q is no UUID, expected the form 01234567-89ab-cdef-0123-456789abcdef", id).Severity = Warning
	}
	if doc.Shape == elastic.Endpoint {
		return
	}
	p.word("severity", p.LevelText, elasticSeverities)
	p.word("type", doc.Type, elasticTypes)
	p.word("language", doc.Language, elasticLanguages)
	p.languageOfType(doc)
	p.numberIn(doc.Rule, "risk_score", 0, 100)
	p.numberIn(doc.Rule, "anomaly_threshold", 0, 100)
	p.numberIn(doc.Rule, "max_signals", 1, math.MaxInt32)
	p.numberIn(doc.Rule.Get("threshold"), "value", 1, math.MaxInt32)
	for _, attribute := range []string{"from", "to"} {
		p.dateMath(attribute, doc.Rule.Get(attribute))
	}
	if _, window := newTermsOf(doc); window.Value != "" {
		if !isDateMath(window.Value) {
			p.notDateMath("history_window_start", window)
		}
	}
	if t := doc.Rule.Get("interval").Text(); t.Value != "" {
		if _, ok := every(t.Value); !ok {
			p.Report(t.Span, "interval:"+t.Value, "interval %q cannot be read, expected a number of s, m, h or d such as %q", t.Value, "5m")
		}
	}
	if n := doc.Rule.Get("building_block_type"); n != nil && n.Kind == tree.Scalar && n.Tag == tree.Str && n.Value != "default" {
		p.Report(n.Span, "building_block_type:"+n.Value, "building block type %q is unknown, expected %q", n.Value, "default")
	}
	p.timeline(doc.Rule)
	if doc.Shape == elastic.Repository {
		p.word("maturity", p.Status, maturities)
		for _, attribute := range []string{"creation_date", "updated_date", "deprecation_date"} {
			p.elasticDate(attribute, doc.Metadata.Get(attribute).Text())
		}
	}
}

// languageOfType reports a language that a type of rule cannot have.
func (p *Pass) languageOfType(doc *elastic.Document) {
	language, kind := doc.Language.Value, doc.Type.Value
	own := kind == "eql" || kind == "esql"
	if language == "" || kind == "" || kind == "machine_learning" || contains(elasticLanguages, language) != contains(elasticTypes, kind) {
		return
	}
	switch {
	case own && language != kind:
		f := p.Report(doc.Language.Span, "language:"+language, "language %q does not go with type %q, expected %q", language, kind, kind)
		p.fixIn(f, doc.Language.Span, language, kind)
	case !own && (language == "eql" || language == "esql") && contains(elasticTypes, kind):
		p.Report(doc.Language.Span, "language:"+language, "language %q does not go with type %q, expected type %q", language, kind, language)
	}
}

// numberIn reports an attribute that is no whole number in a range.
func (p *Pass) numberIn(table *tree.Node, attribute string, least, most int) {
	n := table.Get(attribute)
	if n == nil || n.Tag == tree.Null {
		return
	}
	value := attribute + ":" + n.Value
	got, err := strconv.Atoi(n.Value)
	span := strconv.Itoa(least) + " to " + strconv.Itoa(most)
	if most == math.MaxInt32 {
		span = strconv.Itoa(least) + " or more"
	}
	switch {
	case n.Kind != tree.Scalar:
		p.Report(n.Span, attribute, "%s is no number, expected %s", attribute, span)
	case n.Tag == tree.Str && err == nil:
		f := p.Report(n.Span, value, "%s %q is a text, expected the number %d", attribute, n.Value, got)
		f.Fix = &Fix{Title: "write the number", Edits: []Edit{p.Edit(n.Span, n.Value)}}
	case n.Tag == tree.Float && err != nil && p.wholeFloat(n):
	case err != nil:
		p.Report(n.Span, value, "%s %s is no whole number, expected %s", attribute, n.Value, span)
	case got < least || got > most:
		p.Report(n.Span, value, "%s %d is out of range, expected %s", attribute, got, span)
	}
}

// wholeFloat reports whether a number is whole although it has a point.
func (p *Pass) wholeFloat(n *tree.Node) bool {
	f, err := strconv.ParseFloat(n.Value, 64)
	return err == nil && f == math.Trunc(f)
}

func (p *Pass) dateMath(attribute string, n *tree.Node) {
	t := n.Text()
	if t.Value == "" || n.Kind != tree.Scalar {
		return
	}
	if !isDateMath(t.Value) {
		p.notDateMath(attribute, t)
	}
}

func (p *Pass) notDateMath(attribute string, t rule.Text) {
	p.Report(t.Span, attribute+":"+t.Value, "%s %q cannot be read, expected a time such as %q", attribute, t.Value, "now-9m")
}

// timeline reports a timeline template of which only the half is named.
func (p *Pass) timeline(table *tree.Node) {
	id, idValue := entry(table, "timeline_id")
	title, titleValue := entry(table, "timeline_title")
	switch {
	case !isBlank(idValue) && isBlank(titleValue):
		p.Report(id.Span, "timeline_title", "the rule has a %q and no %q", "timeline_id", "timeline_title").Severity = Warning
	case !isBlank(titleValue) && isBlank(idValue):
		p.Report(title.Span, "timeline_id", "the rule has a %q and no %q", "timeline_title", "timeline_id").Severity = Warning
	}
}

// elasticDate reports what is no date, and one in another form than YYYY/MM/DD.
func (p *Pass) elasticDate(attribute string, t rule.Text) {
	if t.Value == "" {
		return
	}
	value := attribute + ":" + t.Value
	if _, err := time.Parse(elasticDateForm, t.Value); err == nil {
		return
	}
	d, ok := readDate(t.Value)
	switch {
	case ok:
		canonical := d.Format(elasticDateForm)
		f := p.Report(t.Span, value, "%s %q is not written as the other tools of the repository read it, expected %q", attribute, t.Value, canonical)
		f.Severity = Warning
		p.fixIn(f, t.Span, t.Value, canonical)
	case isDigits(strings.ReplaceAll(t.Value, "-", "/"), "0000/00/00"):
		p.Report(t.Span, value, "%s %q is no day of the calendar", attribute, t.Value)
	default:
		p.Report(t.Span, value, "%s %q is no date, expected the form YYYY/MM/DD", attribute, t.Value)
	}
}
