package lint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// correlationCondition looks at the condition of a correlation: a comparison
// of a count, or for temporal correlations also an expression over the rules.
func (p *Pass) correlationCondition(c *sigma.Correlation) {
	n := c.Condition
	if isBlank(n) {
		return
	}
	switch n.Kind {
	case tree.Mapping:
		p.countCondition(c, n)
	case tree.Scalar:
		if !isTemporal(c) {
			p.Report(n.Span, "condition", "the condition of type %q must be a mapping such as gte: 10, found a text", c.Type.Value)
			return
		}
		p.ruleCondition(c, n)
	default:
		p.Report(n.Span, "condition", "the condition of a correlation must be a mapping such as gte: 10, found a list")
	}
}

func (p *Pass) countCondition(c *sigma.Correlation, n *tree.Node) {
	operators := 0
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Value == "field":
		case k.Value == "percentile":
			if percent, err := strconv.Atoi(v.Value); err != nil || percent < 0 || percent > 100 {
				p.Report(v.Span, "percentile:"+v.Value, "percentile must be a whole number from 0 to 100, found %q", v.Value)
			}
		case slices.Contains(correlationOperators, k.Value):
			operators++
			p.threshold(k, v)
		default:
			operators++ // one complaint is enough
			p.correlationOperator(k)
		}
	}
	if operators == 0 {
		p.Report(n.Span, "condition", "the condition compares with nothing, expected one of %s", strings.Join(correlationOperators, ", "))
	}
	field, _ := entry(n, "field")
	switch value := strings.HasPrefix(c.Type.Value, "value_"); {
	case value && field == nil:
		p.Report(p.correlationKey("condition"), "condition.field", `type %q needs a "field" in its condition`, c.Type.Value)
	case field != nil && !value && slices.Contains(correlationTypes, c.Type.Value):
		f := p.Report(field.Span, "condition.field", `"field" means nothing to type %q, was "value_count" meant?`, c.Type.Value)
		f.Severity = Warning
	}
}

// correlationKey is the place of a key of the correlation section.
func (p *Pass) correlationKey(name string) rule.Span {
	k, _ := entry(document(p).Correlation.Node, name)
	return k.Span
}

// threshold reports a value that a count cannot be compared with.
func (p *Pass) threshold(k, v *tree.Node) {
	value := k.Value + ":" + v.Value
	if v.Kind == tree.Scalar && (v.Tag == tree.Int || v.Tag == tree.Float) {
		return
	}
	if _, err := strconv.ParseFloat(v.Value, 64); err == nil && v.Tag == tree.Str && v.Kind == tree.Scalar {
		f := p.Report(v.Span, value, "%s needs a number, found the text %q", k.Value, v.Value)
		f.Severity = Warning
		f.Fix = &Fix{Title: "remove the quotes", Edits: []Edit{p.Edit(v.Span, strings.TrimSpace(v.Value))}}
		return
	}
	at := v.Span
	if at.Start == at.End {
		at = k.Span
	}
	p.Report(at, value, "%s needs a number, found %q", k.Value, v.Value)
}

// symbols are how other languages write the operators.
var symbols = map[string]string{">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "=": "eq", "==": "eq", "!=": "neq", "ge": "gte", "le": "lte", "ne": "neq"}

func (p *Pass) correlationOperator(k *tree.Node) {
	meant := symbols[strings.ToLower(k.Value)]
	if meant == "" && containsFold(correlationOperators, k.Value) {
		meant = strings.ToLower(k.Value)
	}
	if meant == "" {
		p.Report(k.Span, "condition:"+k.Value, "condition operator %q is unknown, expected one of %s", k.Value, strings.Join(correlationOperators, ", "))
		return
	}
	f := p.Report(k.Span, "condition:"+k.Value, "condition operator %q is unknown, did you mean %q?", k.Value, meant)
	p.fixIn(f, k.Span, k.Value, meant)
}

// ruleCondition compares the rules that an expression combines with those that
// the correlation lists; they must be the same.
func (p *Pass) ruleCondition(c *sigma.Correlation, n *tree.Node) {
	if len(c.Rules) == 0 {
		return
	}
	names := make([]string, len(c.Rules))
	for i, r := range c.Rules {
		names[i] = r.Value
	}
	offsets := yamldoc.Offsets(n, p.Source.Data)
	used := map[string]bool{}
	for at := 0; at < len(n.Value); {
		length := strings.IndexAny(n.Value[at:], " \t\r\n()")
		if length < 0 {
			length = len(n.Value) - at
		}
		word := n.Value[at : at+length]
		switch strings.ToLower(word) {
		case "", "and", "or", "not":
		default:
			used[strings.ToLower(word)] = true
			if !containsFold(names, word) {
				sp := rule.Span{Start: offsets.At(at), End: offsets.At(at+length-1) + 1}
				f := p.Report(sp, "condition:"+word, "the condition uses the rule %q, which the correlation does not have", word)
				if meant := near.Word(word, names); meant != "" {
					f.Message += ", did you mean " + quote(meant) + "?"
					p.fixIn(f, sp, word, meant)
				}
			}
		}
		at += max(length, 1)
	}
	for _, r := range c.Rules {
		if !used[strings.ToLower(r.Value)] {
			p.Report(r.Span, "rules:"+r.Value, "rule %q is correlated and the condition does not use it", r.Value)
		}
	}
}
