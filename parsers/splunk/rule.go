package splunk

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// maxDepth bounds every recursion over a rule, maxList its lists.
const (
	maxDepth = 100
	maxList  = 1000
)

// ruleParser reads one rule.
type ruleParser struct {
	file    *rule.File
	rule    *rule.Rule
	doc     *Document
	library *rule.Library
	uses    map[rule.Use]bool
}

func newRule(f *rule.File, sp rule.Span, library *rule.Library) *ruleParser {
	r := &rule.Rule{
		Source: f.Source, Index: len(f.Rules), Span: f.Source.Trimmed(sp), Parts: []rule.Span{sp},
		Vendor: rule.Splunk, Language: "spl", Kind: rule.Detection,
	}
	f.Rules = append(f.Rules, r)
	f.NeedsLibrary = true
	return &ruleParser{file: f, rule: r, library: library, uses: map[rule.Use]bool{}}
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

// use notes a name of something that other files define.
func (p *ruleParser) use(kind rule.DefinitionKind, name string) {
	u := rule.Use{Kind: kind, Name: name}
	if name != "" && !p.uses[u] {
		p.uses[u] = true
		p.rule.Uses = append(p.rule.Uses, u)
	}
}

// content reads a rule of contentctl.
func (p *ruleParser) content() {
	d, r := p.doc, p.rule
	r.Syntax = d
	p.duplicateKeys(d.Root)
	p.attributes()
	p.risk()
	d.Tests = d.Root.Get("tests")
	d.Search = d.Root.Get("search")
	switch {
	case d.Search == nil || d.Search.IsNull():
		sp, found := r.Span, ""
		if d.Search != nil {
			sp = d.Search.Span
		} else if len(d.Root.Content) > 0 {
			sp = d.Root.Content[0].Span
			for i := 0; i < len(d.Root.Content); i += 2 {
				if key := d.Root.Content[i]; near.Distance(strings.ToLower(key.Value), "search") <= 2 {
					sp, found = key.Span, fmt.Sprintf(" and found %q", key.Value)
					break
				}
			}
		}
		p.errorf(sp, "the rule has no search, expected one under the key %q%s", "search", found)
	case d.Search.Kind != tree.Scalar:
		p.errorf(d.Search.Span, "search must be a text, found a %s", d.Search.Word())
	default:
		d.offsets = yamldoc.Offsets(d.Search, p.file.Source.Data)
		p.search(d.Search.Value)
	}
	p.selectors()
}

// duplicateKeys reports entries that only one of can count.
func (p *ruleParser) duplicateKeys(n *tree.Node) {
	for _, key := range n.AllDuplicates() {
		p.errorf(key.Span, "key %q stands twice in one mapping; only one of its values can count", key.Value)
	}
}

func (p *ruleParser) attributes() {
	r, root := p.rule, p.doc.Root
	r.ID = p.text(root, "id")
	r.Title = p.text(root, "name")
	r.Description = p.text(root, "description")
	r.Author = p.text(root, "author")
	r.Status = p.text(root, "status")
	if r.Date = p.text(root, "date"); root.Get("date") == nil {
		r.Date, r.Modified = p.text(root, "creation_date"), p.text(root, "modification_date")
	}
	r.Version = p.text(root, "version")
	r.References = p.list(root, "references")
	if text := p.text(root, "known_false_positives"); text.Value != "" {
		r.FalsePositives = []rule.Text{text}
	}
	p.doc.Type = p.text(root, "type")
	if kind, ok := types[strings.ToLower(p.doc.Type.Value)]; ok {
		r.Kind = kind
	}
	key := "data_source"
	if root.Get(key) == nil {
		key = "data_sources"
	}
	p.doc.DataSources = p.list(root, key)
	for _, name := range p.doc.DataSources {
		for _, part := range DataSourceNames(name.Value) {
			p.use(rule.DataSource, part)
		}
	}
	tags := root.Get("tags")
	switch {
	case tags == nil: // since 2026 the tags are attributes of the rule itself
		tags = root
	case tags.IsNull():
		return
	case tags.Kind != tree.Mapping:
		p.errorf(tags.Span, "tags must be a mapping, found a %s", tags.Word())
		return
	}
	p.doc.Tags = tags
	r.Tags = p.list(tags, "analytic_story")
	for _, id := range p.list(tags, "mitre_attack_id") {
		r.Tags = append(r.Tags, id)
		r.Techniques = append(r.Techniques, rule.Text{Value: strings.ToUpper(strings.TrimSpace(id.Value)), Span: id.Span})
	}
}

// DataSourceNames are the feeds that an entry of data_source names: contentctl
// takes "A AND B" for two.
func DataSourceNames(entry string) []string {
	parts := strings.Split(entry, " AND ")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// risk reads what a hit is worth: tags.risk_score of contentctl 4, the risk
// objects of rba in contentctl 5, the entities of findings since 2026.
func (p *ruleParser) risk() {
	d, root := p.doc, p.doc.Root
	tags := root.Get("tags")
	d.Score = tags.Get("risk_score")
	d.Message = tags.Get("message").Text()
	level := d.Score
	for _, n := range items(tags.Get("observable")) {
		o := Object{Node: n, Field: n.Get("name").Text(), Type: n.Get("type").Text()}
		for _, role := range items(n.Get("role")) {
			o.Threat = o.Threat || strings.EqualFold(role.Value, "attacker")
		}
		d.Objects = append(d.Objects, o)
	}
	highest := -1
	risks := func(list []*tree.Node) {
		for _, n := range list {
			score := n.Get("score")
			d.Objects = append(d.Objects, Object{Node: n, Field: n.Get("field").Text(), Type: n.Get("type").Text(), Score: score})
			if v, ok := integer(score); ok && v > highest {
				highest, level = v, score
			}
		}
	}
	threats := root.Get("threat_objects")
	if d.RBA = root.Get("rba"); !d.RBA.IsNull() {
		d.Message = d.RBA.Get("message").Text()
		risks(items(d.RBA.Get("risk_objects")))
		threats = d.RBA.Get("threat_objects")
	}
	for _, key := range []string{"finding", "intermediate_findings"} {
		section := root.Get(key)
		if section.IsNull() {
			continue
		}
		d.Findings = append(d.Findings, section)
		for _, n := range oneOrMore(section) {
			if title := n.Get("title").Text(); d.Message.Value == "" {
				d.Message = title
			}
			risks(oneOrMore(n.Get("entity")))
			risks(oneOrMore(n.Get("entities")))
		}
	}
	for _, n := range items(threats) {
		d.Objects = append(d.Objects, Object{Node: n, Field: n.Get("field").Text(), Type: n.Get("type").Text(), Threat: true})
	}
	if score, ok := integer(level); ok {
		p.rule.LevelText = level.Text()
		p.rule.Level = severity(score)
	}
}

// items are the elements of a list, none where there is no list.
func items(n *tree.Node) []*tree.Node {
	if n == nil || n.Kind != tree.Sequence {
		return nil
	}
	return n.Content[:min(len(n.Content), maxList)]
}

// oneOrMore are the elements of a list, or the one mapping in its place.
func oneOrMore(n *tree.Node) []*tree.Node {
	if n != nil && n.Kind == tree.Mapping {
		return []*tree.Node{n}
	}
	return items(n)
}

func integer(n *tree.Node) (int, bool) {
	if n == nil || n.Kind != tree.Scalar {
		return 0, false
	}
	v, err := strconv.ParseFloat(n.Value, 64) // contentctl 4 writes 25.0 now and then
	return int(v), err == nil && v >= 0 && v <= 1000
}

// severity is what contentctl makes of a risk score.
func severity(score int) rule.Level {
	switch {
	case score <= 20:
		return rule.LevelInformational
	case score <= 40:
		return rule.LevelLow
	case score <= 60:
		return rule.LevelMedium
	case score <= 80:
		return rule.LevelHigh
	}
	return rule.LevelCritical
}

// text reads an attribute that is a text or another scalar.
func (p *ruleParser) text(n *tree.Node, key string) rule.Text { return n.TextAt(key, p.errorf) }

// list reads an attribute that is a list of texts, or one text.
func (p *ruleParser) list(n *tree.Node, key string) []rule.Text {
	return n.TextsAt(key, false, p.errorf)
}
