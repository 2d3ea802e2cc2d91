package lint

import "github.com/detlint/detlint/rule"

var subsumedRuleCheck = &Check{
	ID:       "subsumed-rule",
	Severity: Info,
	Summary:  "All that a rule finds is found by another one",
	Rationale: `Where a rule is within another one, each of its alerts comes with one of the other. That is worth having when it says
more: when it is more severe, or names what it is. Otherwise it costs a second alert and a second place to tune; remove it,
or take what it finds out of the wider rule.

It is reported only where it is proved that each event which satisfies the one condition satisfies the other, in any of the
languages, as the page of ` + "`duplicate-rule`" + ` says. The narrower rule is the one that is reported; in a review, the
one that the change is about. Left out are rules that are more severe than the wider one, what raises no alerts (hunting
queries, building blocks), retired rules, and rules that name each other as ` + "`related`" + `.

It is a warning where one rule says that it has replaced the other (` + "`obsolete`, `merged`, `renamed`" + `) and both are in
use: then the old one only doubles the alerts of its successor.`,
	Bad: `-- rules/windows/tunnel_tool.yml --
title: Tunnel tool
id: b4c5d6e7-f809-4a1b-8c2d-456789012340
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tunnel.exe'
    condition: selection
level: medium
-- rules/windows/tunnel_listener.yml --
title: Listener of a tunnel
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c40
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\bin\tunnel.exe'
        CommandLine|contains: '--listen'
    filter:
        ParentImage|endswith: '\supervisor.exe'
    condition: selection and not filter
level: medium
`,
	Good: `-- rules/windows/tunnel_tool.yml --
title: Tunnel tool
id: b4c5d6e7-f809-4a1b-8c2d-456789012340
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tunnel.exe'
    condition: selection
level: low
-- rules/windows/tunnel_listener.yml --
title: Listener of a tunnel
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c40
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\bin\tunnel.exe'
        CommandLine|contains: '--listen'
    filter:
        ParentImage|endswith: '\supervisor.exe'
    condition: selection and not filter
level: high
`,
	More: func() []Example {
		return []Example{
			{
				Bad: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Tool Listens", soundEQL, `process where process.name : "example-tool.exe" and process.args : "--listen"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
				Good: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Another Tool Started", soundEQL, `process where process.name : "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
			},
			{
				Bad: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Tool Listens", soundSPL, `Processes.process_name="example-tool.exe" Processes.process="*--listen*"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
				Good: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Another Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
			},
			{
				Bad: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Tool Listens", soundKQL, "| where FileName =~ \"example-tool.exe\" and ProcessCommandLine has \"--listen\"", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
				Good: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Another Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
			},
		}
	},
	Repository: func(p *RepositoryPass) {
		for _, o := range p.overlaps() {
			if o.isEqual() {
				continue
			}
			value := keyOf(o.narrow) + " in " + keyOf(o.wide)
			about, other := o.narrow, o.wide
			var f *Finding
			if p.Changed != nil && !p.Changed(o.narrow) {
				about, other = o.wide, o.narrow
				f = p.Report(about, about.Title.Range, value, "finds all that is found by %s", nameOf(about, other))
			} else {
				f = p.Report(about, about.Title.Range, value, "finds nothing that is not found by %s", nameOf(about, other))
			}
			o.complete(f, about, other)
			switch {
			case replaced(about, other):
				f.Severity = Warning
				f.Hint = "one of them has replaced the other: deprecate or remove the old one"
			case about == o.wide:
				f.Hint = "the narrower rule may not be needed any more"
			case about.Vendor == rule.Sigma && other.Vendor == rule.Sigma:
				f.Hint = "remove it, make it more severe, or say with an entry in related that both are meant"
			case about.Vendor == other.Vendor:
				f.Hint = "remove it, or make it more severe than the wider rule"
			}
		}
	},
}
