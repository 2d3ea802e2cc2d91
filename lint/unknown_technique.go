package lint

import (
	"strings"

	"github.com/detlint/detlint/attack"
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
		return
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
	for _, other := range p.Techniques {
		if other.Span != t.Span && strings.EqualFold(other.Value, id) {
			if remove, ok := p.removeItem(t.Span); ok {
				f.Fix = &Fix{Title: "remove " + quote(t.Value) + ", " + quote(id) + " is there", Edits: []Edit{remove}}
			}
			return
		}
	}
	p.fixIn(f, t.Span, t.Value, id)
}
