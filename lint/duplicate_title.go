package lint

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var duplicateTitleCheck = &Check{
	ID:       "duplicate-title",
	Severity: Warning,
	Summary:  "Two rules have the same title",
	Rationale: `An analyst sees the title of an alert, not its id. Two rules with one title cannot be told apart in a queue, and many
backends name saved searches by the title, so that one overwrites the other. Say in the title what differs.

Letter case and spaces do not count. Deprecated and unsupported rules are left out, since a rule often takes over the
title of the one it replaces, and rules of different vendors may well have the same title; so may a rule and the hunting
query it came from. A copy with the same id is for ` + "`duplicate-id`" + `.`,
	Bad: `title: Browser started without a window
id: c5d6e7f8-091a-4b2c-8d3e-567890123421
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
---
title: Browser started without a Window
id: d6e7f809-1a2b-4c3d-8e4f-678901234522
status: test
logsource:
    category: process_creation
    product: macos
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
`,
	Good: `title: Browser started without a window
id: c5d6e7f8-091a-4b2c-8d3e-567890123421
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
---
title: Browser started without a window on macOS
id: d6e7f809-1a2b-4c3d-8e4f-678901234522
status: test
logsource:
    category: process_creation
    product: macos
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
`,
	More: func() []Example {
		return []Example{
			{
				Bad: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Tool Started", soundEQL, `process where process.name : "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
				Good: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Another Tool Started", soundEQL, `process where process.name : "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
			},
			{
				Bad: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
				Good: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Another Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
			},
			{
				Bad: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
				Good: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Another Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
			},
		}
	},
	Repository: func(p *RepositoryPass) {
		key := func(s *normalize.Summary) string {
			if s.Retired || s.Title.Value == "" || isStanza(s) {
				return ""
			}
			form := formOf(s)
			if s.Kind == rule.Hunting {
				form += "\x00" + string(s.Kind)
			}
			return string(s.Vendor) + form + "\x00" + strings.ToLower(strings.Join(strings.Fields(s.Title.Value), " "))
		}
		p.shared(key, summaryTitle, func(s *normalize.Summary, others twins) {
			if others.count == 1 && s.ID.Value != "" && strings.EqualFold(others.some[0].ID.Value, s.ID.Value) {
				return // the check duplicate-id says that it is a copy
			}
			f := p.Report(s, s.Title.Range, strings.ToLower(s.Title.Value), "title %q is also that of the rule in %s%s", s.Title.Value, others.some[0].Path, others.more())
			f.Related = others.places(summaryTitle)
		})
	},
}
