package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/rule"
)

var changedIDCheck = &Check{
	ID:       "changed-id",
	Severity: Warning,
	Summary:  "A rule that is otherwise the same has another id than before",
	Rationale: `The id is how everything else knows a rule: deployments, alerts, exceptions, suppressions, other rules. With another id
the rule is a new one to all of them, and the old one is left behind. The check compares both versions of a rule that a
change touches; the same rule is what stands at the same place and still has its title or its logic.

Sigma gives a rule that changed beyond recognition a new id on purpose, and names the old one under ` + "`related`" + `; that is
not reported.`,
	Bad: `-- before --
title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
    condition: selection
level: high
-- rules/audit_policy_off.yml --
title: Audit policy switched off
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c20
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
    condition: selection
level: high
`,
	Good: `-- before --
title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
    condition: selection
level: high
-- rules/audit_policy_off.yml --
title: Audit policy switched off
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c20
related:
    - id: 6f708192-a3b4-45c6-97e8-f90123456715
      type: obsolete
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
    condition: selection
level: high
`,
	More: func() []Example {
		return []Example{
			{
				Bad:  beforeAnd(exampleElastic("Tool Started"), "rules/tool.toml", exampleElastic("Tool Started", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
				Good: beforeAnd(exampleElastic("Tool Started"), "rules/tool.toml", exampleElastic("Tool Started", "medium", "high", "risk_score = 47", "risk_score = 73")),
			},
			{
				Bad:  beforeAnd(exampleSplunk("Tool Started"), "rules/tool.yml", exampleSplunk("Tool Started", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
				Good: beforeAnd(exampleSplunk("Tool Started"), "rules/tool.yml", exampleSplunk("Tool Started")),
			},
			{
				Bad:  beforeAnd(exampleKusto("Tool Started"), "rules/tool.yaml", exampleKusto("Tool Started", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
				Good: beforeAnd(exampleKusto("Tool Started"), "rules/tool.yaml", exampleKusto("Tool Started")),
			},
		}
	},
	Change: changedID,
}

func changedID(p *ChangePass) {
	old, now := strings.TrimSpace(p.Before.ID.Value), strings.TrimSpace(p.After.ID.Value)
	if old == "" || strings.EqualFold(old, now) {
		return
	}
	sameTitle := p.Before.Title.Value != "" && strings.EqualFold(p.Before.Title.Value, p.After.Title.Value)
	sameLogic := p.Before.Condition != nil && p.After.Condition != nil && logic(p.Before) == logic(p.After)
	if !sameTitle && !sameLogic {
		return // another rule in its place
	}
	for _, r := range p.After.Related {
		if strings.EqualFold(strings.TrimSpace(r.ID.Value), old) {
			return
		}
	}
	if now == "" {
		p.Report(p.After.Title.Span, old, "this rule had the id %q and has none any more", old)
		return
	}
	f := p.Report(p.After.ID.Span, old, "this rule had the id %q before the change", old)
	if _, ok := p.After.Syntax.(*sigma.Document); ok && p.After.Vendor == rule.Sigma {
		f.Hint = "keep the id, or name the old one:\nrelated:\n    - id: " + old + "\n      type: obsolete"
	}
}
