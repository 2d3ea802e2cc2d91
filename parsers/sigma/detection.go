package sigma

import (
	"net/netip"
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/regex"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// detection reads the detection section: selections first, then the
// conditions that use them.
func (p *ruleParser) detection(section *tree.Node) {
	if section.IsNull() {
		return // the check of required attributes asks for it
	}
	if section.Kind != tree.Mapping {
		p.errorf(section.Span, "detection must be a mapping of selections and a condition, found a %s", kindName(section))
		return
	}
	p.section(section, nil)
}

// section reads the selections and conditions of a detection or filter
// section; the keys in skip are neither.
func (p *ruleParser) section(section *tree.Node, skip map[string]bool) {
	var conditions []*tree.Node
	for i := 0; i+1 < len(section.Content); i += 2 {
		key, value := section.Content[i], section.Content[i+1]
		switch {
		case skip[key.Value]:
		case key.Value == "condition":
			if value.Kind == tree.Sequence {
				conditions = append(conditions, value.Content...)
			} else {
				conditions = append(conditions, value)
			}
		case key.Value == "timeframe":
			p.doc.Timeframe = p.scalar(key, value)
		default:
			sel := &Selection{Name: key.Text(), Node: value}
			p.selection = sel
			sel.Condition = p.definition(value, 0)
			p.doc.Selections = append(p.doc.Selections, sel)
		}
	}
	p.conditions(conditions)
}

// definition reads what stands behind a selection's name: a mapping whose
// entries must all hold, a list of which one must hold, or a keyword.
func (p *ruleParser) definition(n *tree.Node, depth int) rule.Condition {
	if depth > maxDepth {
		p.errorf(n.Span, "selection is nested deeper than %d levels", maxDepth)
		return &rule.Or{}
	}
	switch n.Kind {
	case tree.Mapping:
		all := &rule.And{Children: make([]rule.Condition, 0, len(n.Content)/2)}
		if len(n.Content) == 0 {
			p.errorf(n.Span, "selection %q is empty", p.selection.Name.Value)
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			all.Children = append(all.Children, p.item(n.Content[i], n.Content[i+1]))
		}
		return all
	case tree.Sequence:
		if len(n.Content) == 0 {
			p.errorf(n.Span, "selection %q is an empty list", p.selection.Name.Value)
		}
		if allScalars(n) {
			return p.keywords(n, n, false)
		}
		one := &rule.Or{Children: make([]rule.Condition, 0, len(n.Content))}
		for _, child := range n.Content {
			one.Children = append(one.Children, p.definition(child, depth+1))
		}
		return one
	}
	if n.Tag == tree.Null {
		p.errorf(orKeySpan(n, p.selection.Name.Span), "selection %q is empty", p.selection.Name.Value)
		return &rule.Or{}
	}
	return p.keywords(n, n, false)
}

func orKeySpan(n *tree.Node, key rule.Span) rule.Span {
	if n.Span.End > n.Span.Start {
		return n.Span
	}
	return key
}

func allScalars(n *tree.Node) bool {
	for _, child := range n.Content {
		if child.Kind != tree.Scalar {
			return false
		}
	}
	return true
}

// keywords reads texts searched in the whole event.
func (p *ruleParser) keywords(at, values *tree.Node, all bool) rule.Condition {
	it := &Item{Value: values, Key: rule.Text{Span: at.Span}, Field: rule.Text{Value: "*", Span: at.Span}}
	return p.comparison(it, chain{op: rule.Match, all: all})
}

// item reads "field|modifiers: values".
func (p *ruleParser) item(key, value *tree.Node) rule.Condition {
	it := &Item{Key: key.Text(), Value: value}
	if key.Kind != tree.Scalar {
		p.errorf(key.Span, "a field name must be a text, found a %s", kindName(key))
		return &rule.Or{}
	}
	name, rest, piped := strings.Cut(key.Value, "|")
	base := key.Span.Start
	if key.Style != tree.Plain {
		base++
	}
	it.Field = rule.Text{Value: name, Span: rule.Span{Start: base, End: base + int32(len(name))}}
	offset := base + int32(len(name)) + 1
	for piped {
		var word string
		word, rest, piped = strings.Cut(rest, "|")
		it.Modifiers = append(it.Modifiers, rule.Text{
			Value: word, Span: rule.Span{Start: offset, End: offset + int32(len(word))},
		})
		offset += int32(len(word)) + 1
	}
	c := p.chain(it)
	if name == "" {
		it.Field = rule.Text{Value: "*", Span: key.Span}
		if c.op == rule.Eq {
			c.op = rule.Match
		}
	}
	if value.Kind == tree.Mapping {
		p.errorf(value.Span, "field %q needs a value or a list of values, found a mapping", name)
		return &rule.Or{}
	}
	return p.comparison(it, c)
}

// comparison makes the condition of an item: one predicate for each value.
func (p *ruleParser) comparison(it *Item, c chain) rule.Condition {
	p.selection.Items = append(p.selection.Items, it)
	if it.Value.Kind == tree.Scalar {
		return p.value(it, it.Value, c)
	}
	if c.negate && !c.all {
		// Different from a list is different from each of its values.
		c.negate = false
		p.selection.Items = p.selection.Items[:len(p.selection.Items)-1]
		return &rule.Not{Child: p.comparison(it, c), Span: it.Value.Span}
	}
	values := it.Value.Content
	if len(values) == 0 {
		p.errorf(it.Value.Span, "field %q has an empty list of values", it.Field.Value)
		return &rule.Or{}
	}
	children := make([]rule.Condition, 0, len(values))
	for _, v := range values {
		if v.Kind != tree.Scalar {
			p.errorf(v.Span, "a value of field %q must be a text or a number, found a %s", it.Field.Value, kindName(v))
			continue
		}
		children = append(children, p.value(it, v, c))
	}
	if c.all {
		return &rule.And{Children: children}
	}
	return &rule.Or{Children: children}
}

// value makes the predicate for one value of an item.
func (p *ruleParser) value(it *Item, v *tree.Node, c chain) rule.Condition {
	pred := &rule.Predicate{Field: it.Field, Operator: c.op, SourceOperator: c.text, Span: v.Span}
	if v.Span.End <= v.Span.Start {
		pred.Span = it.Key.Span
	}
	if c.unit != "" {
		pred.Field.Value = c.unit + "(" + it.Field.Value + ")"
		pred.Derived = true
	}
	negate := c.negate
	switch {
	case c.op == rule.Exists:
		want, ok := boolean(v)
		if !ok {
			p.errorf(pred.Span, "modifier exists needs true or false, found %q", v.Value)
		}
		negate = negate != !want
	case v.Tag == tree.Null && c.shape != 0 && c.op != rule.Match:
		p.errorf(pred.Span, "modifier chain %s needs a text, found null", c.text)
		return &rule.Or{}
	case v.Tag == tree.Null && c.op != rule.Match:
		pred.Operator = rule.Exists
		negate = !negate
	case c.op == rule.FieldEq:
		if c.shape != 0 {
			// One field against a part of another has no operator here.
			p.rule.Unresolved = append(p.rule.Unresolved, "fieldref:"+it.Key.Value)
			return &rule.And{}
		}
		pred.Value = v.Value
	case c.op == rule.Regex:
		pred.Value, pred.Pattern = v.Value, v.Value
		if what := regex.Broken(v.Value); what != "" {
			p.errorf(pred.Span, "regular expression cannot be compiled: %s", what)
		}
	case c.op == rule.CIDR:
		pred.Value = v.Value
		p.network(pred)
	case isOrder(c.op):
		pred.Value = number(v)
		if v.Tag != tree.Int && v.Tag != tree.Float && !isNumber(v.Value) && !isPlaceholder(v.Value) {
			p.errorf(pred.Span, "modifier %s needs a number, found %q", c.text, v.Value)
		}
	default:
		p.text(pred, v, c)
	}
	if negate {
		return &rule.Not{Child: pred, Span: pred.Span}
	}
	return pred
}

// network checks the value of the modifier cidr.
func (p *ruleParser) network(pred *rule.Predicate) {
	network, err := netip.ParsePrefix(pred.Value)
	if err != nil {
		if address, mask, ok := strings.Cut(pred.Value, "/"); ok && isAddress(address) && isAddress(mask) {
			return // 10.0.0.0/255.0.0.0
		}
		if _, err := netip.ParseAddr(pred.Value); err != nil && !isPlaceholder(pred.Value) {
			p.errorf(pred.Span, "modifier cidr needs a network such as 10.0.0.0/8, found %q", pred.Value)
		}
		return
	}
	if masked := network.Masked(); masked != network {
		p.errorf(pred.Span, "%q is an address within a network, expected the network %q", pred.Value, masked)
	}
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// text reduces a string value and its open ends to an operator.
func (p *ruleParser) text(pred *rule.Predicate, v *tree.Node, c chain) {
	if c.op != rule.Match && c.shape == 0 && v.Tag != tree.Str {
		pred.Value = number(v)
		if v.Tag == tree.Bool {
			pred.Value = strings.ToLower(v.Value)
		}
		return
	}
	if c.op != rule.Match && v.Value != "" && !strings.ContainsAny(v.Value, "*?") && !strings.Contains(v.Value, `\\`) {
		pred.Operator, pred.Value = glob.Text(v.Value, c.shape&openLeft != 0, c.shape&openRight != 0)
		return
	}
	pat := pattern(v.Value)
	if c.op == rule.Match {
		pred.Value = pat.Keyword()
		return
	}
	if c.shape&openLeft != 0 {
		pat.OpenLeft()
	}
	if c.shape&openRight != 0 {
		pat.OpenRight()
	}
	pred.Operator, pred.Value = pat.Reduce()
}

func isOrder(op rule.Operator) bool {
	return op == rule.Gt || op == rule.Gte || op == rule.Lt || op == rule.Lte
}

// isPlaceholder reports whether a value is filled in by a pipeline.
func isPlaceholder(s string) bool {
	return len(s) > 2 && s[0] == '%' && s[len(s)-1] == '%'
}
