// Package kusto reads the rules of Microsoft Sentinel and Microsoft Defender
// XDR: analytics rules and hunting queries in YAML, custom detections, ARM
// templates, and queries in .kql files and in Markdown.
package kusto

import (
	"bytes"
	"strings"

	"github.com/detlint/detlint/parsers/jsondoc"
	"github.com/detlint/detlint/parsers/kql"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// Mentions reports whether the text of a YAML file may have rules of this
// package in it. It spares other files a parse.
func Mentions(data []byte) bool {
	for _, key := range []string{"query", "detectionAction", "relevantTechniques", "requiredDataConnectors", "FunctionQuery", movedNote} {
		if bytes.Contains(data, []byte(key)) {
			return true
		}
	}
	return false
}

// LooksLikeRule judges a text that is no YAML by its lines: two attributes that
// only rules of Sentinel or Defender have are enough, or a query and one.
func LooksLikeRule(data []byte) bool {
	keys := map[string]bool{}
	indent := -1
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))) {
		text := bytes.TrimLeft(line, " ")
		key, _, ok := bytes.Cut(text, []byte(":"))
		if !ok || text[0] == '#' || indent >= 0 && len(line)-len(text) != indent {
			continue
		}
		indent = len(line) - len(text) // that of the first attribute
		keys[strings.Trim(string(key), `"' `)] = true
	}
	own := 0
	for _, key := range ownKeys {
		if keys[key] {
			own++
		}
	}
	return own >= 2 || own == 1 && keys["query"]
}

// ownKeys are attributes that, at the top of a file, only rules of Sentinel
// and Defender have.
var ownKeys = []string{
	"queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold", "relevantTechniques",
	"requiredDataConnectors", "entityMappings", "queryCondition", "detectionAction", "eventGroupingSettings",
	"suppressionDuration", "alertDetailsOverride", "customDetails", "tactics",
}

// movedNote is what a file of the public repository says once its rule has
// moved elsewhere and nothing else is left of it.
const movedNote = "this file is moved to new location"

// ParseYAML adds the rules of a file's YAML documents to it. A file of another
// kind is not Recognized.
func ParseYAML(f *rule.File, docs []yamldoc.Document, _ *rule.Library) {
	for _, doc := range docs {
		if doc.Err != nil {
			if LooksLikeRule(f.Source.Data[doc.Span.Start:doc.Span.End]) {
				f.Recognized = true
				f.Problems = append(f.Problems, rule.Problem{Span: doc.Err.Span, Message: doc.Err.Message, RuleIndex: -1})
			}
			continue
		}
		if function(f, doc.Root) {
			continue
		}
		shape, ok := recognize(doc.Root)
		if !ok {
			listed(f, doc.Root)
			continue
		}
		p := newRule(f, doc.Span, shape)
		p.offsets = yamldoc.Offsets
		p.duplicateKeys(doc.Root)
		p.attributes(doc.Root)
	}
}

// listed reports the rules that are entries of a list, as which neither
// Sentinel nor Defender take them.
func listed(f *rule.File, root *tree.Node) {
	if root == nil || root.Kind != tree.Sequence {
		return
	}
	for _, item := range root.Content {
		if _, ok := recognize(item); ok {
			f.Recognized = true
			f.Problems = append(f.Problems, rule.Problem{
				Span: rule.Span{Start: item.Span.Start, End: min(item.Span.Start+1, item.Span.End)}, RuleIndex: -1,
				Message: "rule stands in a list and was not read, expected it to be a document of its own",
			})
			return
		}
	}
}

// recognize tells rules from other mappings. What looks like a rule and lacks
// its query is recognized, so that the query can be asked for.
func recognize(root *tree.Node) (Shape, bool) {
	if root == nil || root.Kind != tree.Mapping {
		return 0, false
	}
	if root.Get("queryCondition") != nil || root.Get("detectionAction") != nil {
		return Custom, true
	}
	own := 0
	for _, key := range ownKeys {
		if root.Get(key) != nil {
			own++
		}
	}
	scheduled := false
	for _, key := range []string{"queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold"} {
		scheduled = scheduled || root.Get(key) != nil
	}
	kind := root.Get("kind")
	named := kind != nil && kind.Kind == tree.Scalar && (strings.EqualFold(kind.Value, "Scheduled") || strings.EqualFold(kind.Value, "NRT"))
	query := root.Get("query") != nil && root.Get("name") != nil
	description := root.Get("description")
	switch {
	case own >= 2 && (root.Get("query") != nil || scheduled || named), query && (own >= 1 || named), named && scheduled:
		if scheduled || named {
			return Analytics, true
		}
		return Hunting, true
	case query && root.Get("id") != nil && isGUID(root.Get("id").Value):
		return Hunting, true
	case own >= 3 && root.Get("name") != nil:
		return Hunting, true
	case description != nil && strings.Contains(description.Value, movedNote) && root.Get("id") != nil && root.Get("name") != nil:
		return Analytics, true
	}
	return 0, false
}

// isGUID reports whether a text is 01234567-89ab-cdef-0123-456789abcdef.
func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}

// attributes reads a rule of Sentinel or Defender.
func (p *ruleParser) attributes(root *tree.Node) {
	p.doc.Root = root
	switch p.doc.Shape {
	case Custom:
		p.custom(root)
	case Template:
		p.resource(root)
	default:
		p.sentinel(root)
	}
}

// sentinel reads the attributes of an analytics rule or a hunting query.
func (p *ruleParser) sentinel(root *tree.Node) {
	d, r := p.doc, p.rule
	d.Rule = root
	r.ID = p.text(root, "id")
	r.Title = p.text(root, "name")
	r.Description = p.text(root, "description")
	r.Status = p.text(root, "status")
	if author := root.Get("metadata").Get("author"); author != nil {
		r.Author = p.text(author, "name")
	}
	p.common(root, "relevantTechniques")
	if root.Get("query").IsNull() && strings.Contains(r.Description.Value, movedNote) {
		r.Status = rule.Text{Value: "deprecated", Span: r.Description.Span}
		return
	}
	p.query(root.Get("query"), "query")
}

// common reads the attributes that a rule has in YAML and in ARM templates.
func (p *ruleParser) common(n *tree.Node, techniques string) {
	d, r := p.doc, p.rule
	d.Severity = p.text(n, "severity")
	r.LevelText, r.Level = d.Severity, level(d.Severity.Value)
	d.Version = p.text(n, "version")
	p.rule.Version = d.Version
	d.Frequency, d.Period = p.text(n, "queryFrequency"), p.text(n, "queryPeriod")
	d.TriggerOperator, d.TriggerThreshold = p.text(n, "triggerOperator"), p.text(n, "triggerThreshold")
	d.Tactics = p.list(n, "tactics")
	d.Techniques = append(p.list(n, techniques), p.list(n, "subTechniques")...)
	r.Tags = p.tags(n)
	d.EntityMappings, d.CustomDetails = n.Get("entityMappings"), n.Get("customDetails")
	d.AlertDetailsOverride, d.Connectors = n.Get("alertDetailsOverride"), n.Get("requiredDataConnectors")
	if d.Type.Value == "" {
		d.Type = p.text(n, "kind")
	}
	p.attck()
}

// tags reads the tags, some of which are mappings of one entry.
func (p *ruleParser) tags(n *tree.Node) []rule.Text {
	var out []rule.Text
	tags := n.Get("tags")
	if tags == nil || tags.Kind != tree.Sequence {
		return nil
	}
	for _, item := range tags.Content[:min(len(tags.Content), maxList)] {
		switch {
		case item.Kind == tree.Scalar && !item.IsNull():
			out = append(out, item.Text())
		case item.Kind == tree.Mapping && len(item.Content) == 2 && item.Content[1].Kind == tree.Scalar:
			out = append(out, rule.Text{Value: item.Content[0].Value + ": " + item.Content[1].Value, Span: item.Span})
		}
	}
	return out
}

// query reads the query from its node.
func (p *ruleParser) query(n *tree.Node, key string) {
	p.doc.Query = n
	switch {
	case n == nil:
		p.errorf(p.name(), "%s is missing, expected the text of a Kusto query", key)
	case n.IsNull():
		p.errorf(n.Span, "%s is empty, expected the text of a Kusto query", key)
	case n.Kind != tree.Scalar:
		p.errorf(n.Span, "%s must be a text, found a %s", key, n.Word())
	default:
		p.parse(n.Value, p.offsets(n, p.src.Data))
	}
}

// name is where a rule that lacks something is pointed at.
func (p *ruleParser) name() rule.Span {
	if p.rule.Title.Value != "" {
		return p.rule.Title.Span
	}
	return rule.Span{Start: p.rule.Span.Start, End: min(p.rule.Span.Start+1, p.rule.Span.End)}
}

// custom reads a custom detection of Defender XDR.
func (p *ruleParser) custom(root *tree.Node) {
	d, r := p.doc, p.rule
	d.Rule = root
	alert := root.Get("detectionAction").Get("alertTemplate")
	r.ID = p.text(root, "detectorId")
	if r.ID.Value == "" {
		r.ID = p.text(root, "id")
	}
	r.Title = p.text(root, "displayName")
	if r.Title.Value == "" {
		r.Title = p.text(alert, "title")
	}
	r.Description = p.text(alert, "description")
	d.Severity = p.text(alert, "severity")
	r.LevelText, r.Level = d.Severity, level(d.Severity.Value)
	d.Frequency = p.text(root.Get("schedule"), "period")
	d.Tactics = p.list(alert, "category")
	d.Techniques = p.list(alert, "mitreTechniques")
	d.EntityMappings = alert.Get("impactedAssets")
	r.Author = p.text(root, "createdBy")
	r.Date, r.Modified = p.text(root, "createdDateTime"), p.text(root, "lastModifiedDateTime")
	p.attck()
	p.query(root.Get("queryCondition").Get("queryText"), "queryCondition.queryText")
}

// function reads a saved function, which rules call by its alias.
func function(f *rule.File, root *tree.Node) bool {
	text := root.Get("FunctionQuery")
	name := root.Get("FunctionAlias")
	if name.IsNull() {
		name = root.Get("FunctionName")
	}
	if text == nil || text.Kind != tree.Scalar || name == nil || name.Kind != tree.Scalar {
		return false
	}
	f.Recognized = true
	q, _ := kql.Parse(text.Value)
	f.Definitions = append(f.Definitions, rule.Definition{
		Use: rule.Use{Kind: rule.Function, Name: name.Value}, Text: text.Value,
		Path: f.Source.Path, Line: f.Source.Position(name.Span.Start).Line, Uses: uses(q),
	})
	return true
}

// MentionsRule reports whether the text of a JSON file may have rules of this
// package in it. It spares other files a parse.
func MentionsRule(data []byte) bool {
	lower := bytes.ToLower(data)
	mentions := func(what string) bool { return bytes.Contains(lower, []byte(what)) }
	return mentions(`alertrule`) && (mentions(`"query"`) || mentions(`"scheduled"`) || mentions(`"nrt"`)) ||
		mentions(`"queryfrequency"`) || mentions(`"detectionaction"`) || mentions(`"querycondition"`) && mentions(`"querytext"`) ||
		mentions(`"watchlistalias"`) || mentions(`savedsearches`) && mentions(`hunting queries`)
}

// ParseJSON adds the rules of a JSON file to it: ARM templates, and custom
// detections of Defender XDR. A file of another kind is not Recognized.
func ParseJSON(f *rule.File, _ *rule.Library) {
	data := f.Source.Data
	if text, ok := tree.UTF16(data); ok {
		if MentionsRule([]byte(text)) {
			f.Recognized = true
			f.Problems = []rule.Problem{{Message: tree.NotUTF8, RuleIndex: -1}}
		}
		return
	}
	if !MentionsRule(data) {
		return
	}
	end := int32(len(data))
	for start := int32(0); start < end; {
		root, rest, err := jsondoc.First(data, rule.Span{Start: start, End: end})
		if err != nil {
			f.Recognized = true
			f.Problems = append(f.Problems, rule.Problem{Span: err.Span, Message: err.Message, RuleIndex: -1})
			return
		}
		collect(f, root, 0)
		start = rest
	}
}
