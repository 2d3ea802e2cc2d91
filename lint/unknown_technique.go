package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var unknownTechniqueCheck = &Check{
	ID:       "unknown-technique",
	Severity: Error,
	Summary:  "A technique id that ATT&CK never had",
	Rationale: `A technique that does not exist counts for no coverage and appears on no map. detlint knows every technique of the
enterprise, mobile and ICS matrices with everything that was ever revoked, so an id it does not know is a slip: digits
exchanged, or a sub-technique that the technique does not have.`,
	Bad: `title: Archive sent by mail
id: 5e6f7081-92a3-44b5-86d7-e8f901234514
status: test
tags:
    - attack.exfiltration
    - attack.t1048.903
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\blat.exe'
        CommandLine|contains: '-attach'
    condition: selection
level: medium
`,
	Good: `title: Archive sent by mail
id: 5e6f7081-92a3-44b5-86d7-e8f901234514
status: test
tags:
    - attack.exfiltration
    - attack.t1048.003
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\blat.exe'
        CommandLine|contains: '-attach'
    condition: selection
level: medium
`,
	More: func() []Example {
		return []Example{
			{
				Bad:  exampleElastic("Script Started") + elasticThreat("T1959", "Command and Scripting Interpreter", "TA0002", "Execution"),
				Good: exampleElastic("Script Started") + elasticThreat("T1059", "Command and Scripting Interpreter", "TA0002", "Execution"),
			},
			contrast(exampleSplunk, "Script Started", "T1059.001", "T1059.901", "T1059.001"),
			contrast(exampleKusto, "Script Started", "T1059.003", "T1059.903", "T1059.003"),
		}
	},
	Rule: unknownTechnique,
}

func unknownTechnique(p *Pass) {
	for _, t := range p.writtenTechniques() {
		if known, ok := p.tables().Lookup(t.Value); ok {
			if known.IsNew() && p.attack() == attack.Older {
				p.tooNew(t, known)
			}
			continue
		}
		near, ok := p.tables().Nearest(t.Value)
		if !ok {
			p.Report(t.Span, t.Value, "technique %q is not in ATT&CK, in no version up to %s", t.Value, p.tables().Version)
			continue
		}
		f := p.Report(t.Span, t.Value, "technique %q is not in ATT&CK, did you mean %s (%s)?", t.Value, near.ID, near.Name)
		if digits(near.ID) == digits(t.Value) {
			p.fixTechnique(f, t, near.ID)
		}
	}
}

// tooNew reports a technique that came after the version that rules are mapped
// to, and offers the one that it was before where there is just one.
func (p *Pass) tooNew(t rule.Text, known attack.Technique) {
	var before []string
	for _, id := range p.tables().Predecessors(known.ID) {
		if now, ok := p.tables().CurrentIn(attack.Older, id); ok && now.ID == id {
			before = append(before, id)
		}
	}
	was := ""
	if len(before) > 0 {
		was = "; there it is " + strings.Join(before, " or ")
	}
	f := p.Report(t.Span, t.Value, "technique %s (%s) came with ATT&CK %s, the rules here are mapped to %s%s", t.Value, known.Name, p.tables().Version, attack.Older, was)
	if len(before) == 1 {
		p.fixTechnique(f, t, before[0])
	}
}

// digits are the digits of an id, which say what is meant however the rest is
// spelled.
func digits(id string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, id)
}

// fixTechnique gives a finding about a tag the fix that puts another technique
// in its place, in the tag's own case. Where an id stands together with a name
// and an address, as in rules of Elastic, replacing it alone would not do.
func (p *Pass) fixTechnique(f *Finding, t rule.Text, id string) {
	switch p.Vendor {
	case rule.Sigma:
	case rule.Elastic:
		return // one by one, they would contradict each other
	default:
		p.fixID(f, t, id)
		return
	}
	old := t.Value
	if !strings.Contains(p.source(t.Span), old) {
		old, id = strings.ToLower(old), strings.ToLower(id)
	}
	p.replaceTag(f, t.Span, old, id)
}

// fixID gives a finding about a technique in a list of ids the fix that puts
// another one in its place, or that removes it when that one is there already.
func (p *Pass) fixID(f *Finding, t rule.Text, id string) {
	if strings.Trim(p.source(t.Span), `'"`) != t.Value {
		return // it does not stand for itself
	}
	if doc := kustoDocument(p); doc != nil && attack.Parent(id) != "" {
		if list := doc.Rule.Get("techniques"); slices.ContainsFunc(items(list), func(n *tree.Node) bool { return n.Span == t.Span }) {
			p.fixTemplate(f, t, id, list, doc.Rule.Get("subTechniques"))
			return
		}
	}
	for _, other := range p.Techniques {
		if other.Span != t.Span && strings.EqualFold(other.Value, id) {
			if remove, ok := p.removeItem(p.quoted(t.Span)); ok {
				f.Fix = &Fix{Title: "remove " + quote(t.Value) + ", " + quote(id) + " is there", Edits: []Edit{remove}}
			}
			return
		}
	}
	p.fixIn(f, t.Span, t.Value, id)
}

// fixTemplate gives a finding about a technique of an ARM template the fix that
// puts a sub-technique in its place: the technique it belongs to into the same
// list, and itself into the list that templates have for these.
func (p *Pass) fixTemplate(f *Finding, t rule.Text, id string, list, subs *tree.Node) {
	parent := attack.Parent(id)
	has := func(list *tree.Node, id string) bool {
		return slices.ContainsFunc(items(list), func(n *tree.Node) bool { return strings.EqualFold(n.Value, id) })
	}
	edit, ok := p.replaceIn(t.Span, t.Value, parent)
	if has(list, parent) {
		edit, ok = p.removeItem(t.Span)
	}
	if !ok || subs != nil && (subs.Kind != tree.Sequence || len(subs.Content) == 0) {
		return
	}
	edits := []Edit{edit}
	insert := func(after rule.Span, text string) {
		edits = append(edits, p.Edit(rule.Span{Start: after.End, End: after.End}, text))
	}
	switch {
	case subs == nil:
		insert(list.Span, `, "subTechniques": [`+quote(id)+`]`)
	case !has(subs, id):
		insert(subs.Content[len(subs.Content)-1].Span, ", "+quote(id))
	}
	f.Fix = &Fix{Title: "replace " + quote(t.Value) + " with " + quote(parent) + " and " + quote(id), Edits: edits}
}

// quoted is a span with the quotes around it, which a place within a text of
// JSON leaves out.
func (p *Pass) quoted(at rule.Span) rule.Span {
	data := p.Source.Data
	if at.Start > 0 && int(at.End) < len(data) && data[at.Start-1] == data[at.End] && strings.IndexByte(`'"`, data[at.End]) >= 0 {
		at.Start, at.End = at.Start-1, at.End+1
	}
	return at
}
