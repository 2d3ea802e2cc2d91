package elastic

import (
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// threats reads the ATT&CK mapping: [[rule.threat]], the threat of an export,
// or the [[threat]] beside an endpoint rule.
func (p *ruleParser) threats(root *tree.Node) {
	list := p.doc.Rule.Get("threat")
	if list == nil && p.doc.Shape == Endpoint {
		list = root.Get("threat")
	}
	for _, item := range p.tables(list, "threat") {
		t := Threat{Span: item.Span, Framework: p.text(item, "framework")}
		if tactic := item.Get("tactic"); !tactic.IsNull() {
			if tactic.Kind != tree.Mapping {
				p.errorf(tactic.Span, "tactic must be a table with id, name and reference, found a %s", kindName(tactic))
			} else {
				t.Tactic = p.named(tactic)
			}
		}
		for _, entry := range p.tables(item.Get("technique"), "technique") {
			technique := Technique{Named: p.named(entry)}
			for _, sub := range p.tables(entry.Get("subtechnique"), "subtechnique") {
				technique.Subtechniques = append(technique.Subtechniques, p.named(sub))
			}
			t.Techniques = append(t.Techniques, technique)
		}
		p.doc.Threats = append(p.doc.Threats, t)
		if t.IsATTACK() {
			p.attack(&t)
		}
	}
}

// tables reads a list of tables.
func (p *ruleParser) tables(n *tree.Node, key string) []*tree.Node {
	if n.IsNull() {
		return nil
	}
	if n.Kind != tree.Sequence {
		p.errorf(n.Span, "%s must be a list of tables, found a %s", key, kindName(n))
		return nil
	}
	var out []*tree.Node
	for i, item := range n.Content {
		if i == maxList {
			p.errorf(item.Span, "%s has %d entries, the first %d of them are read", key, len(n.Content), maxList)
			break
		}
		if item.Kind != tree.Mapping {
			p.errorf(item.Span, "%s must be a list of tables, found a %s in it", key, kindName(item))
			continue
		}
		out = append(out, item)
	}
	return out
}

func (p *ruleParser) named(n *tree.Node) Named {
	return Named{Span: n.Span, ID: p.text(n, "id"), Name: p.text(n, "name"), Reference: p.text(n, "reference")}
}

// attack adds what an entry maps to. A technique that is listed only for the
// sake of its sub-techniques counts as well: the rule says so.
func (p *ruleParser) attack(t *Threat) {
	r := p.rule
	if name := t.Tactic.Name; name.Value != "" {
		short := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name.Value)), " ", "-")
		r.Tactics = append(r.Tactics, rule.Text{Value: short, Span: name.Span})
	}
	add := func(id rule.Text) {
		if id.Value != "" {
			r.Techniques = append(r.Techniques, rule.Text{Value: strings.ToUpper(strings.TrimSpace(id.Value)), Span: id.Span})
		}
	}
	for i := range t.Techniques {
		technique := &t.Techniques[i]
		add(technique.ID)
		for _, sub := range technique.Subtechniques {
			add(sub.ID)
		}
	}
}
