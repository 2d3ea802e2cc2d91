package elastic

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// maxDepth bounds every recursion over a rule, maxList its lists; what is
// beyond is an error.
const (
	maxDepth = 100
	maxList  = 1000
)

// ruleParser reads one rule.
type ruleParser struct {
	src     *rule.Source
	file    *rule.File
	rule    *rule.Rule
	doc     *Document
	offsets func(*tree.Node, []byte) tree.Offsets
}

func newRule(f *rule.File, sp rule.Span, offsets func(*tree.Node, []byte) tree.Offsets) *ruleParser {
	r := &rule.Rule{
		Source: f.Source, Index: len(f.Rules), Span: f.Source.Trimmed(sp), Parts: []rule.Span{sp},
		Vendor: rule.Elastic, Kind: rule.Detection,
	}
	f.Rules = append(f.Rules, r)
	return &ruleParser{src: f.Source, file: f, rule: r, offsets: offsets}
}

func (p *ruleParser) errorf(sp rule.Span, format string, args ...any) {
	p.rule.Broken = true
	p.problem(sp, false, fmt.Sprintf(format, args...))
}

func (p *ruleParser) problem(sp rule.Span, warning bool, message string) {
	p.file.Problems = append(p.file.Problems, rule.Problem{
		Span: sp, Message: message, Warning: warning, RuleIndex: p.rule.Index,
	})
}

func (p *ruleParser) parse(root *tree.Node) {
	p.rule.Syntax = p.doc
	p.duplicateKeys(root)
	p.attributes()
	p.metadata()
	p.threats(root)
	p.query()
	p.selectors()
	p.rule.Stateful = p.doc.stateful()
	p.rule.Frame = p.doc.frame()
}

// stateful reports whether no single event makes the rule fire.
func (d *Document) stateful() bool {
	switch d.Type.Value {
	case "threshold", "new_terms", "threat_match", "machine_learning":
		return true
	}
	return d.EQL != nil && d.EQL.Stateful() || d.ESQL != nil && d.ESQL.Stateful
}

// duplicateKeys reports entries of a JSON object that its readers silently
// drop. TOML does not allow them.
func (p *ruleParser) duplicateKeys(n *tree.Node) {
	for _, key := range n.AllDuplicates() {
		p.errorf(key.Span, "key %q stands twice in one object; only one of its values can count", key.Value)
	}
}

func (p *ruleParser) attributes() {
	r, table := p.rule, p.doc.Rule
	id := "rule_id"
	if p.doc.Shape == Endpoint {
		id = "id"
	}
	r.ID = p.text(table, id)
	r.Title = p.text(table, "name")
	r.Description = p.text(table, "description")
	r.LevelText = p.text(table, "severity")
	r.Level = level(r.LevelText.Value)
	r.Author = joined(p.list(table, "author"))
	r.Tags = p.list(table, "tags")
	r.FalsePositives = p.list(table, "false_positives")
	r.References = p.list(table, "references")
	if p.doc.Shape == Endpoint {
		r.References = p.list(table, "reference")
	}
	p.doc.Type = p.text(table, "type")
	p.doc.Language = p.text(table, "language")
	p.doc.Indices = p.list(table, "index")
}

// metadata reads what stands beside a rule about its making. Exports have the
// times in the rule itself.
func (p *ruleParser) metadata() {
	r := p.rule
	if p.doc.Shape == Export {
		r.Date = p.text(p.doc.Rule, "created_at")
		r.Modified = p.text(p.doc.Rule, "updated_at")
		if n := p.doc.Rule.Get("version"); n != nil && n.Kind == tree.Scalar {
			r.Version = n.Text()
		}
		return
	}
	if meta := p.doc.Metadata; meta != nil && meta.Kind != tree.Mapping {
		p.errorf(meta.Span, "metadata must be a table, found a %s", kindName(meta))
		return
	}
	r.Date = p.text(p.doc.Metadata, "creation_date")
	r.Modified = p.text(p.doc.Metadata, "updated_date")
	r.Status = p.text(p.doc.Metadata, "maturity")
}

// text reads an attribute that is a text.
func (p *ruleParser) text(table *tree.Node, key string) rule.Text {
	n := table.Get(key)
	if n.IsNull() {
		return rule.Text{}
	}
	if n.Kind != tree.Scalar || n.Tag != tree.Str {
		p.errorf(n.Span, "%s must be a text in quotes, found a %s", key, kindName(n))
		return rule.Text{Span: n.Span}
	}
	return n.Text()
}

// list reads an attribute that is a list of texts; a single text counts as a
// list of one, as it does for Kibana where that is allowed.
func (p *ruleParser) list(table *tree.Node, key string) []rule.Text {
	n := table.Get(key)
	switch {
	case n.IsNull():
		return nil
	case n.Kind == tree.Scalar && n.Tag == tree.Str:
		return []rule.Text{n.Text()}
	case n.Kind != tree.Sequence:
		p.errorf(n.Span, "%s must be a list of texts, found a %s", key, kindName(n))
		return nil
	}
	items := n.Content
	if len(items) > maxList {
		p.errorf(items[maxList].Span, "%s has %d entries, the first %d of them are read", key, len(items), maxList)
		items = items[:maxList]
	}
	out := make([]rule.Text, 0, len(items))
	for _, item := range items {
		if item.Kind != tree.Scalar || item.Tag != tree.Str {
			p.errorf(item.Span, "%s must be a list of texts, found a %s in it", key, kindName(item))
			continue
		}
		out = append(out, item.Text())
	}
	return out
}

// joined makes one text of several, at the place of the first.
func joined(texts []rule.Text) rule.Text {
	if len(texts) == 0 {
		return rule.Text{}
	}
	values := make([]string, len(texts))
	for i, t := range texts {
		values[i] = t.Value
	}
	return rule.Text{Value: strings.Join(values, ", "), Span: texts[0].Span}
}

// level maps a severity. Elastic has four, which are among ours.
func level(word string) rule.Level {
	if l := rule.Level(word); slices.Contains(rule.Levels, l) {
		return l
	}
	return rule.LevelUnknown
}

// kindName says what a node is, for messages.
func kindName(n *tree.Node) string {
	switch {
	case n.Kind == tree.Mapping:
		return "table"
	case n.Kind == tree.Sequence:
		return "list"
	}
	switch n.Tag {
	case tree.Null:
		return "null"
	case tree.Int, tree.Float:
		return "number"
	case tree.Bool:
		return "boolean"
	case tree.Timestamp:
		return "date"
	}
	return "text"
}
