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
	Rule: func(p *Pass) {
		for _, t := range p.Techniques {
			if old, ok := p.tables().Lookup(t.Value); ok && old.Status == attack.Deprecated {
				p.Report(t.Span, t.Value, "technique %s (%s) was dropped from ATT&CK without a successor", t.Value, old.Name)
			}
		}
	},
}
