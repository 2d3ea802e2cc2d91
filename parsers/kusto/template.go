package kusto

import (
	"strings"

	"github.com/detlint/detlint/parsers/jsondoc"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// collect finds the rules in a JSON value, however deep templates are within
// each other.
func collect(f *rule.File, n *tree.Node, depth int) {
	if depth > maxDepth || n.Kind == tree.Scalar {
		return
	}
	if n.Kind == tree.Mapping {
		watchlist(f, n)
		shape, hunting, ok := resource(n)
		if ok {
			p := newRule(f, n.Span, shape)
			if hunting {
				p.rule.Kind = rule.Hunting
			}
			p.offsets = jsondoc.Offsets
			p.duplicateKeys(n)
			p.attributes(n)
			return
		}
	}
	for _, child := range n.Content {
		collect(f, child, depth+1)
	}
}

// watchlist reads a watchlist, which queries read by its alias.
func watchlist(f *rule.File, n *tree.Node) {
	properties := n.Get("properties")
	alias := properties.Get("watchlistAlias")
	if value(alias) == "" || !strings.HasSuffix(strings.ToLower(value(n.Get("type"))), "/watchlists") {
		return
	}
	f.Recognized = true
	f.Definitions = append(f.Definitions, rule.Definition{
		Use: rule.Use{Kind: rule.Watchlist, Name: alias.Value}, Text: properties.Flat(),
		Path: f.Source.Path, Line: f.Source.Position(alias.Span.Start).Line,
	})
}

// resource reports whether an object is a rule. What looks like one and lacks
// its query is one, so that the query can be asked for.
func resource(n *tree.Node) (shape Shape, hunting, ok bool) {
	if n.Get("queryCondition").Get("queryText") != nil || n.Get("detectionAction").Get("alertTemplate") != nil {
		return Custom, false, true
	}
	properties := n.Get("properties")
	// Fusion and other built-in rules have no query.
	scheduled := queryKinds[strings.ToLower(value(n.Get("kind")))] || properties.Get("queryFrequency") != nil
	query := properties.Get("query") != nil
	lower := strings.ToLower(value(n.Get("type")))
	switch {
	case strings.Contains(lower, "alertrule"):
		return Template, false, query || scheduled
	case strings.HasSuffix(lower, "/savedsearches"), lower == "savedsearches":
		return Template, true, strings.EqualFold(value(properties.Get("category")), "Hunting Queries")
	case lower == "":
		return Template, false, query && scheduled
	}
	return 0, false, false
}

// queryKinds are the kinds of alert rules that have a query.
var queryKinds = map[string]bool{"scheduled": true, "nrt": true}

func value(n *tree.Node) string {
	if n == nil || n.Kind != tree.Scalar {
		return ""
	}
	return n.Value
}

// resource reads a resource of an ARM template.
func (p *ruleParser) resource(root *tree.Node) {
	d, r := p.doc, p.rule
	d.Rule = root.Get("properties")
	d.Type = p.text(root, "kind")
	r.ID = guidIn(root.Get("name"), root.Get("id"))
	r.Title = p.text(d.Rule, "displayName")
	r.Description = p.text(d.Rule, "description")
	p.common(d.Rule, "techniques")
	p.savedTags()
	p.query(d.Rule.Get("query"), "query")
}

// guidIn finds the GUID in the name of a resource, which is often an expression
// around it, and else takes the name.
func guidIn(nodes ...*tree.Node) rule.Text {
	for _, n := range nodes {
		text := value(n)
		for i := 0; i+36 <= len(text); i++ {
			if isGUID(text[i : i+36]) {
				return rule.Text{Value: text[i : i+36], Span: n.Span}
			}
		}
	}
	if value(nodes[0]) != "" {
		return nodes[0].Text()
	}
	return rule.Text{}
}

// savedTags reads the tags of a saved search, which have the description, the
// tactics and the techniques as names and values.
func (p *ruleParser) savedTags() {
	tags := p.doc.Rule.Get("tags")
	if tags == nil || tags.Kind != tree.Sequence {
		return
	}
	for _, item := range tags.Content[:min(len(tags.Content), maxList)] {
		v := item.Get("value")
		if v == nil || v.Kind != tree.Scalar {
			continue
		}
		switch value(item.Get("name")) {
		case "description":
			p.rule.Description = v.Text()
		case "tactics":
			p.doc.Tactics = append(p.doc.Tactics, split(v)...)
		case "techniques":
			p.doc.Techniques = append(p.doc.Techniques, split(v)...)
		}
	}
	p.rule.Techniques, p.rule.Tactics = nil, nil
	p.attck()
}

// split reads a list with commas in between.
func split(n *tree.Node) []rule.Text {
	var out []rule.Text
	for _, part := range strings.Split(n.Value, ",") {
		if part = strings.TrimSpace(part); part != "" && len(out) < maxList {
			out = append(out, rule.Text{Value: part, Span: n.Span})
		}
	}
	return out
}
