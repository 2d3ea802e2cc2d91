package sigma

import (
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// correlation reads the correlation section. The condition of a correlation
// counts hits; it compares no field with a constant and gives no predicate.
func (p *ruleParser) correlation(section *tree.Node) {
	c := &Correlation{Node: section}
	p.doc.Correlation = c
	if section == nil { // under a key in another letter case
		return
	}
	if section.Kind != tree.Mapping && !section.IsNull() {
		p.errorf(section.Span, "correlation must be a mapping with type, rules and timespan, found a %s", kindName(section))
		return
	}
	for i := 0; i+1 < len(section.Content); i += 2 {
		key, value := section.Content[i], section.Content[i+1]
		switch key.Value {
		case "type":
			c.Type = p.scalar(key, value)
		case "rules":
			c.Rules = p.list(key, value)
		case "group-by":
			c.GroupBy = p.list(key, value)
		case "timespan":
			c.Timespan = p.scalar(key, value)
		case "condition":
			c.Condition = value
		}
	}
}

// filtered reads the rules that a filter is about: a list, or one id, name or
// "any" alone.
func (p *ruleParser) filtered(key, value *tree.Node) []rule.Text {
	if value.Kind == tree.Scalar && !value.IsNull() {
		return []rule.Text{value.Text()}
	}
	return p.list(key, value)
}

// filter reads the filter section: selections and a condition like those of a
// rule, and the rules they narrow.
func (p *ruleParser) filter(section *tree.Node) {
	f := &FilterSpec{Node: section}
	p.doc.Filter = f
	if section == nil {
		return
	}
	if section.Kind != tree.Mapping {
		if !section.IsNull() {
			p.errorf(section.Span, "filter must be a mapping of selections, rules and a condition, found a %s", kindName(section))
		}
		return
	}
	for i := 0; i+1 < len(section.Content); i += 2 {
		if key := section.Content[i]; key.Value == "rules" {
			f.Rules = p.filtered(key, section.Content[i+1])
		}
	}
	p.section(section, map[string]bool{"rules": true})
}
