package lint

import "github.com/detlint/detlint/proof"

var swallowingExclusionCheck = &Check{
	ID:       "swallowing-exclusion",
	Severity: Error,
	Summary:  "An exclusion takes away everything the rule selects, or all of one alternative",
	Rationale: `Whatever a selection matches, or one of its alternatives, the exclusion matches too. Nothing is left of it: the rule never
fires, or no longer for what the alternative was written for. Most often an exclusion was added for one noisy program
and is wider than it had to be, or names what the selection names.

Either the alternative is meant to be out, then take it out of the selection, where everybody sees it; or the exclusion is
to be narrower: a whole path instead of a name, a parent, an account beside it.

It is proved by implication: a value that begins with a text also contains it. What may depend on letter case, on several
values of a field or on something the query computes is not reported.`,
	Bad: `title: Shell Writes A Process Id
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a022
status: test
logsource:
    category: file_event
    product: linux
detection:
    selection:
        TargetFilename|startswith: '/run/a-marker-that-nobody-uses'
        Image|endswith:
            - '/fish'
            - '/zsh'
    filter_main_service:
        Image|endswith: 'sh'
    condition: selection and not 1 of filter_main_*
level: medium
`,
	Good: `title: Shell Writes A Process Id
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a022
status: test
logsource:
    category: file_event
    product: linux
detection:
    selection:
        TargetFilename|startswith: '/run/a-marker-that-nobody-uses'
        Image|endswith:
            - '/fish'
            - '/zsh'
    filter_main_service:
        Image: '/opt/service/zsh'
    condition: selection and not 1 of filter_main_*
level: medium
`,
	More: func() []Example {
		return []Example{
			inEQL("Shell Started By A Service", `process where process.name : ("fish", "zsh") and process.parent.name : "a-service" and not process.name : "*sh"`,
				`process where process.name : ("fish", "zsh") and process.parent.name : "a-service" and not process.executable : "/opt/service/zsh"`),
			inKuery("Shell Started By A Service", `process.name : ("fish" or "zsh") and process.parent.name : "a-service" and not process.name : *sh`,
				`process.name : ("fish" or "zsh") and process.parent.name : "a-service" and not process.executable : "/opt/service/zsh"`),
			inESQL("Shell Started By A Service", `| where process.name in ("fish", "zsh") and process.parent.name == "a-service" and not ends_with(process.name, "sh")`,
				`| where process.name in ("fish", "zsh") and process.parent.name == "a-service" and process.executable != "/opt/service/zsh"`),
			inSPL("Shell Started By A Service", `Processes.process_name IN ("fish", "zsh") Processes.parent_process_name="a-service" NOT Processes.process_name="*sh"`,
				`Processes.process_name IN ("fish", "zsh") Processes.parent_process_name="a-service" NOT Processes.process_path="C:\\service\\zsh"`),
			inKQL("Shell Started By A Service", "| where FileName in~ (\"fish\", \"zsh\") and InitiatingProcessFileName =~ \"a-service\"\n  | where FileName !endswith \"sh\"",
				"| where FileName in~ (\"fish\", \"zsh\") and InitiatingProcessFileName =~ \"a-service\"\n  | where FolderPath !~ \"/opt/service/zsh\""),
		}
	},
	Rule: swallowingExclusion,
}

func swallowingExclusion(p *Pass) {
	for _, group := range p.proved(proof.Swallowed) {
		f := group[0]
		selected, excluded := f.At[0], f.By[0]
		claim := "this exclusion takes away all that " + written(selected) + " would find" + more(len(group)-1)
		if f.Whole {
			claim = "this exclusion takes away all that the rule selects"
		}
		because := "whatever has " + written(selected) + " has " + written(excluded)
		if written(selected) == written(excluded) {
			because = written(selected) + " is both selected and excluded"
		}
		found := p.Report(excluded.Span, literalText(excluded), "%s: %s", claim, because)
		p.refer(found, selected, "what is selected and excluded")
	}
}
