package lint

import (
	"github.com/detlint/detlint/proof"
	"github.com/detlint/detlint/rule"
)

var alwaysTrueCheck = &Check{
	ID:       "always-true",
	Severity: Error,
	Summary:  "One of some alternatives always holds, so that together they ask for nothing",
	Rationale: `A value cannot be two things at once, so it is always different from one of them: ` + "`a != \"x\" or a != \"y\"`" + ` holds for every event
that has the field. What was meant is "and": neither of them. A comparison beside its own negation says as little.

The rule then fires, or excludes nothing, where it seemed to ask for something.`,
	Bad: exampleElastic("Renamed Archiver",
		`process.name : "example-tool.exe"`, `process.name : "a-tool-that-nobody-uses.exe" and (process.parent.name != "rar.exe" or process.parent.name != "winrar.exe")`),
	Good: exampleElastic("Renamed Archiver",
		`process.name : "example-tool.exe"`, `process.name : "a-tool-that-nobody-uses.exe" and process.parent.name != "rar.exe" and process.parent.name != "winrar.exe"`),
	More: func() []Example {
		return []Example{
			inSigma("Renamed Archiver", `    selection:
        Image|endswith: '\a-tool-that-nobody-uses.exe'
    filter_rar:
        ParentImage: 'C:\rar.exe'
    filter_winrar:
        ParentImage: 'C:\winrar.exe'
    condition: selection and (not filter_rar or not filter_winrar)
`, `    selection:
        Image|endswith: '\a-tool-that-nobody-uses.exe'
    filter_rar:
        ParentImage: 'C:\rar.exe'
    filter_winrar:
        ParentImage: 'C:\winrar.exe'
    condition: selection and not filter_rar and not filter_winrar
`),
			inKuery("Renamed Archiver", `process.name : "a-tool-that-nobody-uses.exe" and (not process.parent.name : "rar.exe" or not process.parent.name : "winrar.exe")`,
				`process.name : "a-tool-that-nobody-uses.exe" and not process.parent.name : ("rar.exe" or "winrar.exe")`),
			inESQL("Renamed Archiver", "| where to_lower(process.name) == \"a-tool-that-nobody-uses.exe\"\n| where process.parent.name != \"rar.exe\" or process.parent.name != \"winrar.exe\"",
				"| where to_lower(process.name) == \"a-tool-that-nobody-uses.exe\"\n| where process.parent.name != \"rar.exe\" and process.parent.name != \"winrar.exe\""),
			inSPL("Renamed Archiver", `Processes.process_name="a-tool-that-nobody-uses.exe" (Processes.parent_process_name!="rar.exe" OR Processes.parent_process_name!="winrar.exe")`,
				`Processes.process_name="a-tool-that-nobody-uses.exe" Processes.parent_process_name!="rar.exe" Processes.parent_process_name!="winrar.exe"`),
			inKQL("Renamed Archiver", "| where FileName =~ \"a-tool-that-nobody-uses.exe\"\n  | where InitiatingProcessFileName !~ \"rar.exe\" or InitiatingProcessFileName !~ \"winrar.exe\"",
				"| where FileName =~ \"a-tool-that-nobody-uses.exe\"\n  | where InitiatingProcessFileName !~ \"rar.exe\" and InitiatingProcessFileName !~ \"winrar.exe\""),
		}
	},
	Rule: alwaysTrue,
}

func alwaysTrue(p *Pass) {
	for _, group := range p.proved(proof.Always) {
		f := group[0]
		a, b := f.By[0], f.At[0]
		if a.Negated && b.Negated {
			found := p.Report(b.Span, literalText(b), "one of these alternatives always holds: no event has both %s and %s, so each event that has the field lacks one of them", written(a), written(b))
			found.Hint = `to rule out both, put "and" between them`
			p.refer(found, a, "the other alternative")
			continue
		}
		if !a.Negated && !b.Negated {
			found := p.Report(b.Span, literalText(b), "one of these alternatives always holds: each number is %s or %s", bound(a), bound(b))
			p.refer(found, a, "the other alternative")
			continue
		}
		if a.Negated {
			a, b = b, a
		}
		found := p.Report(b.Span, literalText(b), "one of these alternatives always holds: whatever lacks %s also lacks %s", written(a), written(b))
		p.refer(found, a, "the other alternative")
	}
}

// bound writes what a comparison with a bound asks for.
func bound(l proof.Literal) string {
	words := map[rule.Operator]string{rule.Gt: "above ", rule.Gte: "at least ", rule.Lt: "below ", rule.Lte: "at most "}
	return words[l.Operator] + l.Value
}
