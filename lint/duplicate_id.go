package lint

import (
	"strings"

	"github.com/detlint/detlint/normalize"
)

var duplicateIDCheck = &Check{
	ID:       "duplicate-id",
	Severity: Error,
	Summary:  "Two rules have the same id",
	Rationale: `The id is how everything else knows a rule: suppressions, alerts, related rules, deployments. Of two rules with one id
a deployment keeps the one it sees last, and the other is gone without a word. It happens when a rule is copied; give
the copy an id of its own, and a ` + "`related`" + ` entry where it derives from the other.

A rule of Elastic in the layout of a repository, and the same one in exports of Kibana that are kept beside it, is one
rule in several forms and not reported; two rules within one export are.

Rules that share the id of a global document of their file (` + "`action: global`" + `) have it by construction and are not
reported.`,
	Bad: `title: Tunnel tool on a workstation
id: b4c5d6e7-f809-4a1b-8c2d-456789012320
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tunnel.exe'
    condition: selection
level: medium
---
title: Tunnel tool on a server
id: b4c5d6e7-f809-4a1b-8c2d-456789012320
status: test
logsource:
    category: process_creation
    product: linux
detection:
    selection:
        Image|endswith: '/tunnel'
    condition: selection
level: medium
`,
	Good: `title: Tunnel tool on a workstation
id: b4c5d6e7-f809-4a1b-8c2d-456789012320
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tunnel.exe'
    condition: selection
level: medium
---
title: Tunnel tool on a server
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c20
related:
    - id: b4c5d6e7-f809-4a1b-8c2d-456789012320
      type: derived
status: test
logsource:
    category: process_creation
    product: linux
detection:
    selection:
        Image|endswith: '/tunnel'
    condition: selection
level: medium
`,
	More: func() []Example {
		return []Example{
			{
				Bad: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Another Tool Started", soundEQL, `process where process.name : "another-tool.exe"`)),
				Good: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Another Tool Started", soundEQL, `process where process.name : "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
			},
			{
				Bad: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Another Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`)),
				Good: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Another Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
			},
			{
				Bad: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Another Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`)),
				Good: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Another Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
			},
		}
	},
	Repository: func(p *RepositoryPass) {
		key := func(s *normalize.Summary) string {
			if s.ID.Value == "" || isStanza(s) {
				return ""
			}
			return strings.ToLower(s.ID.Value) + formOf(s)
		}
		p.shared(key, summaryID, func(s *normalize.Summary, others twins) {
			other := others.some[0]
			f := p.Report(s, s.ID.Range, strings.ToLower(s.ID.Value), "id %q is also that of %q in %s%s", s.ID.Value, other.Title.Value, other.Path, others.more())
			f.Related = others.places(summaryID)
		})
	},
}
