package elastic

import (
	"strings"

	"github.com/detlint/detlint/parsers/eql"
	"github.com/detlint/detlint/rule"
)

// selectors collects what says which kinds of event the rule looks at, apart
// from its condition: index patterns, EQL's event categories, and the type of
// a rule that has no query.
func (p *ruleParser) selectors() {
	d, r := p.doc, p.rule
	indices := d.Indices
	if d.ESQL != nil {
		for _, source := range d.ESQL.Sources {
			if !source.Lookup {
				indices = append(indices, rule.Text{Value: source.Pattern.Value, Span: d.Place(source.Pattern.Span)})
			}
		}
	}
	for _, index := range indices {
		if name := dataset(index.Value); name != "" {
			r.Selectors = append(r.Selectors, rule.Selector{Key: "dataset", Value: rule.Text{Value: name, Span: index.Span}})
		}
	}
	if d.Shape == Endpoint {
		r.Selectors = append(r.Selectors, rule.Selector{Key: "dataset", Value: rule.Text{Value: "endpoint.events"}})
	}
	if d.Type.Value == "machine_learning" {
		r.Selectors = append(r.Selectors, rule.Selector{Key: "type", Value: d.Type})
	}
	if d.EQL == nil {
		return
	}
	if d.EQL.Kind == eql.Event {
		for _, category := range d.EQL.Categories() {
			r.Selectors = append(r.Selectors, d.category(category))
		}
		return
	}
	steps := d.EQL.Steps
	if d.EQL.Until != nil {
		steps = append(steps[:len(steps):len(steps)], *d.EQL.Until)
	}
	branches := branchesOf(r.Condition)
	if len(branches) == len(steps) {
		for i, branch := range branches {
			if c := steps[i].Category; c.Value != "" {
				branch.Selectors = append(branch.Selectors, d.category(c))
			}
		}
		return
	}
	for _, category := range d.EQL.Categories() {
		r.Selectors = append(r.Selectors, d.category(category))
	}
}

func (d *Document) category(t rule.Text) rule.Selector {
	return rule.Selector{Key: "category", Value: rule.Text{Value: t.Value, Span: d.Place(t.Span)}}
}

// branchesOf returns the branches of a condition in their order, not those
// inside of others.
func branchesOf(c rule.Condition) []*rule.Branch {
	var out []*rule.Branch
	rule.Walk(c, func(c rule.Condition) bool {
		branch, ok := c.(*rule.Branch)
		if ok {
			out = append(out, branch)
		}
		return !ok
	})
	return out
}

// dataset returns the dataset that an index pattern stands for: the pattern
// without its cluster, its type ("logs-") and what a wildcard leaves open. It
// is empty when the pattern stands for everything.
func dataset(index string) string {
	name := index[strings.LastIndexByte(index, ':')+1:]
	name = strings.TrimPrefix(name, "logs-")
	name, _, _ = strings.Cut(name, "*")
	return strings.TrimRight(name, "-.")
}
