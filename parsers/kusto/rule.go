package kusto

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/parsers/kql"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// maxDepth bounds every recursion over a file, maxList its lists.
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

func newRule(f *rule.File, sp rule.Span, shape Shape) *ruleParser {
	r := &rule.Rule{
		Source: f.Source, Index: len(f.Rules), Span: f.Source.Trimmed(sp), Parts: []rule.Span{sp},
		Vendor: rule.Kusto, Language: "kusto", Kind: rule.Detection,
	}
	if shape == Hunting {
		r.Kind = rule.Hunting
	}
	p := &ruleParser{src: f.Source, file: f, rule: r, doc: &Document{Shape: shape}}
	r.Syntax = p.doc
	f.Recognized = true
	f.Rules = append(f.Rules, r)
	return p
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

// duplicateKeys reports entries that readers of the file silently drop.
func (p *ruleParser) duplicateKeys(n *tree.Node) {
	for _, key := range n.AllDuplicates() {
		p.errorf(key.Span, "key %q stands twice in one mapping; only one of its values can count", key.Value)
	}
}

// text reads an attribute that is a text or another scalar.
func (p *ruleParser) text(n *tree.Node, key string) rule.Text { return n.TextAt(key, p.errorf) }

// list reads an attribute that is a list of texts, or one text.
func (p *ruleParser) list(n *tree.Node, key string) []rule.Text {
	return n.TextsAt(key, true, p.errorf)
}

// technique is the form of an ATT&CK technique's id.
var technique = regexp.MustCompile(`(?i)^T\d{4}(\.\d{3})?$`)

// attck sets the techniques and tactics of the rule from those as written. A
// sub-technique may be written as T1059.001.
func (p *ruleParser) attck() {
	for _, t := range p.doc.Techniques {
		if value := strings.TrimSpace(t.Value); technique.MatchString(value) {
			p.rule.Techniques = append(p.rule.Techniques, rule.Text{Value: strings.ToUpper(value), Span: t.Span})
		}
	}
	for _, t := range p.doc.Tactics {
		if short := tactic(t.Value); short != "" {
			p.rule.Tactics = append(p.rule.Tactics, rule.Text{Value: short, Span: t.Span})
		}
	}
}

// tactic maps the names that Microsoft uses (InitialAccess, Command and
// control) to ATT&CK's short names. Words that are no tactic give none.
func tactic(word string) string {
	word = strings.ReplaceAll(word, " ", "")
	if strings.EqualFold(word, "PreAttack") {
		return "reconnaissance" // what Sentinel called it before ATT&CK 8
	}
	if found := attack.Default().LookupTactic(word); len(found) > 0 {
		return found[0].ShortName
	}
	return ""
}

// level maps a severity of Sentinel or Defender.
func level(word string) rule.Level {
	if l := rule.Level(strings.ToLower(strings.TrimSpace(word))); slices.Contains(rule.Levels, l) {
		return l
	}
	return rule.LevelUnknown
}

// parse reads a query and what it says about events.
func (p *ruleParser) parse(text string, offsets tree.Offsets) {
	d, r := p.doc, p.rule
	d.Text, d.offsets = text, offsets
	var problems []query.Problem
	d.KQL, problems = kql.Parse(text)
	for _, problem := range problems {
		if !problem.Warning {
			r.Broken = true
		}
		p.problem(offsets.Span(problem.Span), problem.Warning, problem.Message)
	}
	if len(problems) == 0 && !d.KQL.Returns() {
		p.errorf(p.whole(), "query has no statement that returns anything, expected a table and operators such as \"where\"")
	}
	c, unresolved := d.KQL.Condition()
	query.Move(c, offsets.Span)
	rule.Walk(c, func(c rule.Condition) bool {
		if branch, ok := c.(*rule.Branch); ok {
			for i := range branch.Selectors {
				branch.Selectors[i].Value.Span = offsets.Span(branch.Selectors[i].Value.Span)
			}
		}
		return true
	})
	r.Condition, r.Unresolved, r.Stateful = c, unresolved, d.KQL.Stateful() || d.several()
	r.Loose = d.KQL.Loose()
	r.Frame = append(d.frame(), d.KQL.Frame()...)
	r.Uses = append(r.Uses, uses(d.KQL)...)
}

// uses are the names of what a query refers to: tables, which may be saved
// functions, and watchlists.
func uses(q *kql.Query) []rule.Use {
	var out []rule.Use
	seen := map[rule.Use]bool{}
	use := func(kind rule.DefinitionKind, name string) {
		if u := (rule.Use{Kind: kind, Name: name}); !seen[u] {
			seen[u] = true
			out = append(out, u)
		}
	}
	for _, t := range q.Tables() {
		use(rule.Function, t.Value)
	}
	for _, w := range q.Watchlists() {
		use(rule.Watchlist, w.Value)
	}
	return out
}

// whole is the place of the query as a whole.
func (p *ruleParser) whole() rule.Span {
	if p.doc.Query != nil {
		return p.doc.Query.Span
	}
	return p.rule.Span
}
