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
chain of successors to the technique that is in force and offers to put it in place.

Where a repository of Elastic's or Splunk's rules is mapped to ATT&CK v18 as a whole, ` + "`attack-version`" + ` says so once. A
rule that is new, or a technique that a change adds, is reported here all the same, as a warning. Rules of Sentinel are
not, since Sentinel has the techniques of v18.`,
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
	More: func() []Example {
		return []Example{
			{
				Bad:  exampleElastic("Script Started") + elasticThreat("T1086", "PowerShell", "TA0002", "Execution"),
				Good: exampleElastic("Script Started") + elasticThreat("T1059", "Command and Scripting Interpreter", "TA0002", "Execution"),
			},
			contrast(exampleSplunk, "Script Started", "T1059.001", "T1086", "T1059.001"),
			contrast(exampleKusto, "Script Started", "T1059.003", "T1086", "T1059.001"),
		}
	},
	Rule:   revokedTechnique,
	Change: newlyRevoked,
	Added:  true,
}

// newlyRevoked reports what a change adds of the techniques that the check
// attack-version else says once of a whole repository: who writes a rule today
// is told, who keeps old ones need not hear of each.
func newlyRevoked(p *ChangePass) {
	r, tables := p.After, p.linter.settings.tables()
	if p.linter.settings.attack() != tables.Version || !p.linter.ofOlderVersion(r) || r.Vendor == rule.Kusto {
		return
	}
	had := map[string]bool{}
	if p.Before != nil {
		for _, t := range p.Before.Techniques {
			had[tables.CurrentID(t.Value)] = true
		}
	}
	for _, t := range r.Techniques {
		old, ok := tables.Lookup(t.Value)
		if !ok || !tables.RevokedByVersion(old) {
			continue
		}
		now, _ := tables.Current(t.Value)
		if had[now.ID] {
			continue
		}
		had[now.ID] = true
		f := p.Report(t.Span, t.Value, "technique %s (%s) is new here, and was revoked; in ATT&CK %s it is %s (%s)", t.Value, old.Name, attack.Version, now.ID, now.Name)
		f.Severity = Warning
		if r.Vendor == rule.Splunk && now.Status == attack.Active {
			(&Pass{Rule: r, linter: p.linter, check: p.check}).fixTechnique(f, t, now.ID)
		}
		f.Hint = now.URL() + "; a repository that stays with " + attack.Older + " says attack_version: " + attack.Older + " in .detlint.yml"
	}
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
			switch {
			case p.Vendor == rule.Elastic:
				p.fixThreat(f, t.Span)
			case p.Vendor == rule.Kusto && now.IsNew():
				// Sentinel knows no technique that came with the newest version.
			default:
				p.fixTechnique(f, t, now.ID)
			}
		case attack.Deprecated:
			p.Report(t.Span, t.Value, "technique %s (%s) was revoked for %s (%s), which ATT&CK has since dropped", t.Value, old.Name, now.ID, now.Name)
		default:
			p.Report(t.Span, t.Value, "technique %s (%s) was revoked, and ATT&CK names no successor", t.Value, old.Name)
		}
	}
}
