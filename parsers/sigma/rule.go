package sigma

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// ruleParser reads one document into one rule.
type ruleParser struct {
	src  *rule.Source
	file *rule.File
	rule *rule.Rule
	doc  *Document
	// selection is the one being read.
	selection *Selection
}

func (p *ruleParser) errorf(sp rule.Span, format string, args ...any) {
	p.rule.Broken = true
	p.problem(sp, false, fmt.Sprintf(format, args...))
}

func (p *ruleParser) warnf(sp rule.Span, format string, args ...any) {
	p.problem(sp, true, fmt.Sprintf(format, args...))
}

func (p *ruleParser) problem(sp rule.Span, warning bool, message string) {
	p.file.Problems = append(p.file.Problems, rule.Problem{
		Span: sp, Message: message, Warning: warning, RuleIndex: p.rule.Index,
	})
}

func (p *ruleParser) parse() {
	p.rule.Syntax = p.doc
	p.attributes()
	p.duplicateKeys(p.doc.Root)
	switch p.rule.Kind {
	case rule.Detection:
		p.detection(p.doc.Root.Get("detection"))
	case rule.Correlation:
		p.correlation(p.doc.Root.Get("correlation"))
	case rule.Filter:
		p.filter(p.doc.Root.Get("filter"))
	}
	p.rule.Frame = p.doc.frame()
}

// frame is what of the rule's meaning stands outside of its condition.
func (d *Document) frame() []string {
	frame := []string{}
	for _, c := range d.Conditions {
		if c.Tail.Value != "" {
			frame = append(frame, strings.Join(strings.Fields(c.Tail.Value), " "))
		}
	}
	if d.Timeframe.Value != "" {
		frame = append(frame, "timeframe "+d.Timeframe.Value)
	}
	if d.Correlation != nil {
		frame = append(frame, "correlation "+unordered(d.Correlation.Node).Flat())
	}
	return frame
}

// unordered is a correlation with its lists sorted that have no order.
func unordered(n *tree.Node) *tree.Node {
	if n == nil || n.Kind != tree.Mapping {
		return n
	}
	out := *n
	out.Content = slices.Clone(n.Content)
	for i := 0; i+1 < len(out.Content); i += 2 {
		list := out.Content[i+1]
		switch {
		case list.Kind != tree.Sequence:
			continue
		case out.Content[i].Value == "group-by":
		case out.Content[i].Value == "rules" && !strings.Contains(n.Get("type").Flat(), "ordered"):
		default:
			continue
		}
		sorted := *list
		sorted.Content = slices.Clone(list.Content)
		slices.SortFunc(sorted.Content, func(a, b *tree.Node) int { return strings.Compare(a.Flat(), b.Flat()) })
		out.Content[i+1] = &sorted
	}
	return &out
}

// duplicateKeys reports entries that a YAML reader silently drops.
func (p *ruleParser) duplicateKeys(n *tree.Node) {
	for _, key := range n.AllDuplicates() {
		p.errorf(key.Span, "key %q stands twice in one mapping; only one of its values can count", key.Value)
	}
}

// maxList bounds lists of attributes; real rules have a few dozen entries.
const maxList = 1000

// maxDepth bounds every recursion over a rule; what is deeper is an error.
const maxDepth = 100

func (p *ruleParser) attributes() {
	r := p.rule
	for i := 0; i+1 < len(p.doc.Root.Content); i += 2 {
		key, value := p.doc.Root.Content[i], p.doc.Root.Content[i+1]
		switch key.Value {
		case "title":
			r.Title = p.scalar(key, value)
		case "id":
			r.ID = p.scalar(key, value)
		case "name":
			r.Name = p.scalar(key, value)
		case "description":
			r.Description = p.scalar(key, value)
		case "status":
			r.Status = p.scalar(key, value)
		case "author":
			r.Author = p.scalar(key, value)
		case "date":
			r.Date = p.scalar(key, value)
		case "modified":
			r.Modified = p.scalar(key, value)
		case "level":
			r.LevelText = p.scalar(key, value)
			r.Level = level(r.LevelText.Value)
		case "tags":
			r.Tags = p.list(key, value)
			p.attack()
		case "references":
			r.References = p.list(key, value)
		case "falsepositives":
			r.FalsePositives = p.list(key, value)
		case "related":
			p.related(value)
		case "logsource":
			p.logsource(key, value)
		}
	}
}

// scalar reads an attribute that has one value.
func (p *ruleParser) scalar(key, value *tree.Node) rule.Text {
	if value.Kind != tree.Scalar {
		p.errorf(value.Span, "%s must be a text, found a %s", key.Value, kindName(value))
		return rule.Text{}
	}
	if value.Tag == tree.Null {
		return rule.Text{Span: key.Span}
	}
	return value.Text()
}

// list reads an attribute that has a list of texts. A single text is read as a
// list of one, but other Sigma readers refuse the rule.
func (p *ruleParser) list(key, value *tree.Node) []rule.Text {
	switch {
	case value.IsNull():
		return nil
	case value.Kind == tree.Scalar:
		p.errorf(value.Span, "%s must be a list, found a %s", key.Value, kindName(value))
		return []rule.Text{value.Text()}
	case value.Kind == tree.Mapping:
		p.errorf(value.Span, "%s must be a list, found a mapping", key.Value)
		return nil
	}
	items := value.Content
	if len(items) > maxList {
		p.errorf(items[maxList].Span, "%s has %d entries, the first %d of them are read", key.Value, len(items), maxList)
		items = items[:maxList]
	}
	out := make([]rule.Text, 0, len(items))
	for _, item := range items {
		if item.Kind != tree.Scalar {
			p.errorf(item.Span, "%s must be a list of texts, found a %s in it", key.Value, kindName(item))
			continue
		}
		if item.Tag != tree.Null {
			out = append(out, item.Text())
		}
	}
	return out
}

func (p *ruleParser) logsource(key, value *tree.Node) {
	if value.Kind != tree.Mapping {
		p.errorf(orKey(value.Span, key), "logsource must be a mapping with category, product or service")
		return
	}
	ls := &p.rule.Logsource
	ls.Span = value.Span
	for i := 0; i+1 < len(value.Content); i += 2 {
		k, v := value.Content[i], value.Content[i+1]
		switch k.Value {
		case "category":
			ls.Category = p.scalar(k, v)
		case "product":
			ls.Product = p.scalar(k, v)
		case "service":
			ls.Service = p.scalar(k, v)
		case "definition":
			ls.Definition = p.scalar(k, v)
		}
	}
}

func (p *ruleParser) related(value *tree.Node) {
	if value.IsNull() {
		return
	}
	if value.Kind != tree.Sequence {
		p.errorf(value.Span, "related must be a list of mappings with id and type, found a %s", kindName(value))
		return
	}
	for _, item := range value.Content {
		if item.Kind != tree.Mapping {
			p.errorf(item.Span, "an entry of related must be a mapping with id and type, found a %s", kindName(item))
			continue
		}
		rel := rule.Related{ID: item.Get("id").Text(), Type: item.Get("type").Text()}
		if rel.ID.Span.IsZero() {
			rel.ID.Span = item.Span
		}
		if rel.Type.Span.IsZero() {
			rel.Type.Span = item.Span
		}
		p.rule.Related = append(p.rule.Related, rel)
	}
}

// attack finds the techniques and tactics among the tags.
func (p *ruleParser) attack() {
	for _, tag := range p.rule.Tags {
		name, ok := cutPrefixFold(tag.Value, "attack.")
		if !ok {
			continue
		}
		switch classify(name) {
		case techniqueTag:
			p.rule.Techniques = append(p.rule.Techniques, rule.Text{Value: strings.ToUpper(name), Span: tag.Span})
		case tacticTag:
			name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
			p.rule.Tactics = append(p.rule.Tactics, rule.Text{Value: name, Span: tag.Span})
		}
	}
}

type tagClass uint8

const (
	otherTag     tagClass = iota // groups, software, campaigns, data sources
	techniqueTag                 // t1059, t1059.001
	tacticTag                    // everything that is no id
)

// classify tells what an attack tag names. An id is one letter (two for
// tactics, data sources and data components) and digits.
func classify(name string) tagClass {
	lower := strings.ToLower(name)
	letters := 0
	for letters < len(lower) && lower[letters] >= 'a' && lower[letters] <= 'z' {
		letters++
	}
	if letters == 0 || letters > 2 || letters == len(lower) || lower[letters] < '0' || lower[letters] > '9' {
		return tacticTag
	}
	if lower[:letters] == "t" {
		return techniqueTag
	}
	return otherTag
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func level(word string) rule.Level {
	for _, l := range rule.Levels {
		if strings.EqualFold(word, string(l)) {
			return l
		}
	}
	return rule.LevelUnknown
}

// kindName says what a node is, for messages.
func kindName(n *tree.Node) string {
	switch {
	case n.Kind == tree.Mapping:
		return "mapping"
	case n.Kind == tree.Sequence:
		return "list"
	case n.Tag == tree.Null:
		return "null"
	case n.Tag == tree.Int, n.Tag == tree.Float:
		return "number"
	}
	return "text"
}

// orKey is the span of a value, or of its key when the value is empty.
func orKey(sp rule.Span, key *tree.Node) rule.Span {
	if sp.End > sp.Start {
		return sp
	}
	return key.Span
}
