package lint

import "github.com/detlint/detlint/proof"

var idleExclusionCheck = &Check{
	ID:       "idle-exclusion",
	Severity: Warning,
	Summary:  "An exclusion can never apply, because the rule does not select what it excludes",
	Rationale: `The rule asks for something that what is excluded does not have: the exclusion takes nothing away. Whoever wrote it meant to
silence something, and that something still makes noise, or the selection is narrower than was thought: a value without
the wildcard it needs shows first in an exclusion that makes no sense.

See which of the two is wrong. An exclusion that was copied from another rule and has no use here is best taken out, so
that nobody believes in it.`,
	Bad: `title: Side-Loaded Library
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a023
status: test
logsource:
    category: image_load
    product: windows
detection:
    selection:
        ImageLoaded|endswith: '\a-library-that-nobody-uses.dll'
        Image: '\loader.exe'
    filter_main_own_folder:
        Image|startswith: 'C:\Windows\Loader\'
    condition: selection and not 1 of filter_main_*
level: high
`,
	Good: `title: Side-Loaded Library
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a023
status: test
logsource:
    category: image_load
    product: windows
detection:
    selection:
        ImageLoaded|endswith: '\a-library-that-nobody-uses.dll'
        Image|endswith: '\loader.exe'
    filter_main_own_folder:
        Image|startswith: 'C:\Windows\Loader\'
    condition: selection and not 1 of filter_main_*
level: high
`,
	More: func() []Example {
		return []Example{
			inEQL("Tool Started", `process where process.name : "example-tool.exe" and not process.name : "updater.exe"`,
				`process where process.name : "example-tool.exe" and not process.parent.name : "updater.exe"`),
			inKuery("Tool Started", `process.name : "example-tool.exe" and not process.name : "updater.exe"`,
				`process.name : "example-tool.exe" and not process.parent.name : "updater.exe"`),
			inESQL("Tool Started", `| where to_lower(process.name) == "example-tool.exe" and to_lower(process.name) != "updater.exe"`,
				`| where to_lower(process.name) == "example-tool.exe" and process.parent.name != "updater.exe"`),
			inSPL("Tool Started", `Processes.process_name="example-tool.exe" NOT Processes.process_name="updater.exe"`,
				`Processes.process_name="example-tool.exe" NOT Processes.parent_process_name="updater.exe"`),
			inKQL("Tool Started", "| where FileName =~ \"example-tool.exe\"\n  | where FileName !~ \"updater.exe\"",
				"| where FileName =~ \"example-tool.exe\"\n  | where InitiatingProcessFileName !~ \"updater.exe\""),
		}
	},
	Rule: idleExclusion,
}

func idleExclusion(p *Pass) {
	for _, group := range p.proved(proof.Idle) {
		f := group[0]
		at := f.At[0]
		because := "the rule asks for " + anyOf(f.By) + ", and nothing that has it has " + written(at)
		if f.By[0].Negated {
			because = "no event has both " + written(f.By[0]) + " and " + written(at)
		}
		found := p.Report(at.Span, literalText(at), "this exclusion never applies%s: %s", more(len(group)-1), because)
		p.refer(found, f.By[0], "rules it out")
	}
}
