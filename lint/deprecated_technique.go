package lint

import "github.com/detlint/detlint/attack"

var deprecatedTechniqueCheck = &Check{
	ID:       "deprecated-technique",
	Severity: Warning,
	Summary:  "A technique that ATT&CK dropped without a successor",
	Rationale: `ATT&CK deprecates what turned out to be no technique of its own. Nothing takes its place, so somebody has to decide
which technique the rule is about today, or that it is about none.`,
	Bad: `title: Legal notice changed
id: 708192a3-b4c5-46d7-a8f9-012345678916
status: test
tags:
    - attack.t1043
logsource:
    category: registry_set
    product: windows
detection:
    selection:
        TargetObject|endswith: '\Policies\System\legalnoticetext'
    condition: selection
level: low
`,
	Good: `title: Legal notice changed
id: 708192a3-b4c5-46d7-a8f9-012345678916
status: test
tags:
    - attack.t1491.001
logsource:
    category: registry_set
    product: windows
detection:
    selection:
        TargetObject|endswith: '\Policies\System\legalnoticetext'
    condition: selection
level: low
`,
	More: func() []Example {
		return []Example{
			{
				Bad:  exampleElastic("Uncommon Port") + elasticThreat("T1043", "Commonly Used Port", "TA0011", "Command and Control"),
				Good: exampleElastic("Uncommon Port") + elasticThreat("T1571", "Non-Standard Port", "TA0011", "Command and Control"),
			},
			contrast(exampleSplunk, "Uncommon Port", "T1059.001", "T1043", "T1571"),
			{
				Bad:  exampleKusto("Uncommon Port", "- Execution", "- CommandAndControl", "T1059.003", "T1043"),
				Good: exampleKusto("Uncommon Port", "- Execution", "- CommandAndControl", "T1059.003", "T1571"),
			},
		}
	},
	Rule: func(p *Pass) {
		for _, t := range p.Techniques {
			if old, ok := p.tables().Lookup(t.Value); ok && old.Status == attack.Deprecated {
				p.Report(t.Span, t.Value, "technique %s (%s) was dropped from ATT&CK without a successor", t.Value, old.Name)
			}
		}
	},
}
