package lint

import "github.com/detlint/detlint/rule"

var syntaxCheck = &Check{
	ID:       "syntax",
	Severity: Error,
	Summary:  "The file or its query cannot be read as its language has it",
	Rationale: `A rule that cannot be read protects nobody. detlint reads the file (YAML, TOML, JSON), the structure of the rule and its
query the way the specification or the reference of the language has them: Sigma's modifiers and conditions, and EQL,
Kuery, Lucene and ES|QL. It points at the first place where they differ. What could be read is still checked, and the
other rules of the file are not affected.

What can be read but means something else than it seems to is a warning.`,
	Bad: `title: Broken condition
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool.exe'
    filter:
        User: 'svc'
    condition: selection adn not filter
level: high
`,
	Good: `title: Readable condition
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a001
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool.exe'
    filter:
        User: 'svc'
    condition: selection and not filter
level: high
`,
	More: func() []Example {
		return []Example{
			inEQL("An Operator That Is None", `process where process.name : "example-tool.exe" adn process.args : "-x"`, `process where process.name : "example-tool.exe" and process.args : "-x"`),
			inKuery("A Parenthesis That Is Not Closed", `process.name : ("a-tool.exe" or "b-tool.exe"`, `process.name : ("a-tool.exe" or "b-tool.exe")`),
			inLucene("A Parenthesis That Is Not Closed", `process.name : ("a-tool.exe" OR "b-tool.exe"`, `process.name : ("a-tool.exe" OR "b-tool.exe")`),
			inESQL("A Command That Is None", `| wher to_lower(process.name) == "example-tool.exe"`, `| where to_lower(process.name) == "example-tool.exe"`),
			inSPL("A Parenthesis That Is Not Closed", `(Processes.process_name="a-tool.exe" OR Processes.process_name="b-tool.exe"`, `(Processes.process_name="a-tool.exe" OR Processes.process_name="b-tool.exe")`),
			inKQL("An Operator That Is None", `| wher FileName =~ "example-tool.exe"`, `| where FileName =~ "example-tool.exe"`),
		}
	},
}

// syntax turns what a parser could not read into findings.
func syntax(f *rule.File) []Finding {
	var out []Finding
	for _, p := range f.Problems {
		r := &rule.Rule{Source: f.Source, Index: -1}
		if p.RuleIndex >= 0 {
			r = f.Rules[p.RuleIndex]
		}
		finding := newFinding(syntaxCheck, r, p.Span, p.Message, p.Message)
		if p.Warning {
			finding.Severity = Warning
		} else if p.MacroFile != "" {
			finding.macro = &macroFault{name: p.Macro, file: p.MacroFile}
		}
		out = append(out, finding)
	}
	return out
}

var unreadableCheck = &Check{
	ID:       "unreadable",
	Severity: Error,
	Summary:  "The file could not be looked at",
	Rationale: `A file that may hold rules could not be read: it is a Git LFS pointer whose content was not fetched, it is larger
than the limit, or the repository does not have it. detlint does not guess what is in it, and does not end green either.`,
	Without: map[rule.Language]string{"": "it is about files whose text is not there"},
}

// Unreadable is the finding about a file that could not be looked at.
func Unreadable(path, reason string) Finding {
	return newFinding(unreadableCheck, &rule.Rule{Source: rule.NewSource(path, nil), Index: -1}, rule.Span{}, reason, reason)
}
