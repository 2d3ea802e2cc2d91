package lint

import (
	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/rule"
)

var revokedTechniqueCheck = &Check{
	ID:       "revoked-technique",
	Severity: Error,
	Summary:  "A technique that ATT&CK replaced by another one",
	Rationale: `ATT&CK revokes techniques when it splits, merges or renumbers them, in v19 all of ` + "`T1562`" + ` among others. Maps and
coverage made with a current version leave the old ids out, so the rule seems to cover nothing. detlint follows the
chain of successors to the technique that is in force and offers to put it in place.`,
	Bad: `title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
tags:
    - attack.t1562.002
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
        CommandLine|contains: '/success:disable'
    condition: selection
level: high
`,
	Good: `title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
tags:
    - attack.t1685.001
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
        CommandLine|contains: '/success:disable'
    condition: selection
level: high
`,
	Rule: revokedTechnique,
}

func revokedTechnique(p *Pass) {
	for _, t := range p.Techniques {
		old, ok := p.tables().Lookup(t.Value)
		if !ok || old.Status != attack.Revoked {
			continue
		}
		now, _ := p.current(t.Value)
		if now.ID == old.ID {
			continue // in force in the version that the rules are mapped to
		}
		if p.attack() == p.tables().Version && p.ofOlderVersion() {
			if p.tables().RevokedByVersion(old) {
				continue // the check attack-version says it for all rules
			}
			if before, _ := p.tables().CurrentIn(attack.Older, old.ID); before.ID != now.ID {
				f := p.Report(t.Span, t.Value, "technique %s (%s) was revoked before ATT&CK %s, for %s (%s); since then it is %s (%s)", t.Value, old.Name, p.tables().Version, before.ID, before.Name, now.ID, now.Name)
				f.Hint = before.URL()
				continue
			}
		}
		switch now.Status {
		case attack.Active:
			f := p.Report(t.Span, t.Value, "technique %s (%s) was revoked; in ATT&CK %s it is %s (%s)", t.Value, old.Name, p.attack(), now.ID, now.Name)
			f.Hint = now.URL()
			// Sentinel knows no technique that came with the newest version.
			if p.Vendor != rule.Kusto || !now.IsNew() {
				p.fixTechnique(f, t, now.ID)
			}
		case attack.Deprecated:
			p.Report(t.Span, t.Value, "technique %s (%s) was revoked for %s (%s), which ATT&CK has since dropped", t.Value, old.Name, now.ID, now.Name)
		default:
			p.Report(t.Span, t.Value, "technique %s (%s) was revoked, and ATT&CK names no successor", t.Value, old.Name)
		}
	}
}
