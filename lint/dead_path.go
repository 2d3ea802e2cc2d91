package lint

import "github.com/detlint/detlint/proof"

var deadPathCheck = &Check{
	ID:       "dead-path",
	Severity: Error,
	Summary:  "An alternative of the condition, or all of it, can never match",
	Rationale: `What must hold together contradicts itself: a field is asked to have two values at once, to equal something that does not
contain what it is also asked to contain, or to be what a negation rules out. Where that is so for the whole rule it never
fires; where it is so for one alternative, the rule looks for less than it seems to.

The usual causes are a wildcard that was forgotten (` + "`\"/\"` for `\"*/\"`" + `, a name without ` + "`endswith`" + `), an "and" between selections that
were meant as alternatives, and two selections of different events: that one event follows another is a matter for a
correlation, a sequence or a join.

Only what is certain is reported. Fields that may hold several values at once, such as the arguments of a process, are not
taken to contradict themselves, and neither are filters before and after an aggregation.`,
	Bad: `title: Private Key Searched For
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a021
status: test
logsource:
    category: process_creation
    product: linux
detection:
    selection_key:
        Image|endswith: '/a-finder'
        CommandLine|contains: 'id_rsa'
    selection_folder:
        CommandLine:
            - '*/home/*'
            - '/'
    condition: all of selection_*
level: high
`,
	Good: `title: Private Key Searched For
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a021
status: test
logsource:
    category: process_creation
    product: linux
detection:
    selection_key:
        Image|endswith: '/a-finder'
        CommandLine|contains: 'id_rsa'
    selection_folder:
        CommandLine:
            - '*/home/*'
            - '* /'
    condition: all of selection_*
level: high
`,
	More: func() []Example {
		return []Example{
			inEQL("Two Tools", `process where process.name : "a-tool.exe" and process.name : "b-tool.exe"`, `process where process.name : ("a-tool.exe", "b-tool.exe")`),
			inKuery("Two Tools", `process.name : "a-tool.exe" and process.name : "b-tool.exe"`, `process.name : ("a-tool.exe" or "b-tool.exe")`),
			inESQL("Two Tools", `| where to_lower(process.name) == "a-tool.exe" and to_lower(process.name) == "b-tool.exe"`, `| where to_lower(process.name) in ("a-tool.exe", "b-tool.exe")`),
			inSPL("Two Tools", `Processes.process_name="a-tool.exe" Processes.process_name="b-tool.exe"`, `Processes.process_name IN ("a-tool.exe", "b-tool.exe")`),
			inKQL("Two Tools", "| where FileName =~ \"a-tool.exe\"\n  | where FileName =~ \"b-tool.exe\"", `| where FileName in~ ("a-tool.exe", "b-tool.exe")`),
		}
	},
	Rule: deadPath,
}

func deadPath(p *Pass) {
	for _, group := range p.proved(proof.Never, proof.Dead) {
		f := group[0]
		at, by := f.At[0], f.By[0]
		claim := "this alternative never matches"
		switch {
		case f.Whole:
			claim = "the rule never fires"
		case f.Kind == proof.Never:
			claim = "this part of the condition never matches"
		}
		because := "no event has both " + anyOf(f.At[:1]) + " and " + anyOf(f.By)
		switch {
		case at.Negated:
			because = written(by) + " is asked for, and whatever has it has " + written(at) + ", which is ruled out"
		case by.Negated:
			because = "whatever has " + written(at) + " has " + written(by) + ", which is ruled out"
		}
		found := p.Report(at.Span, literalText(at), "%s%s: %s", claim, more(len(group)-1), because)
		p.refer(found, by, "contradicts it")
	}
}
