package lint

import "github.com/detlint/detlint/parsers/kusto"

var missingCommaCheck = &Check{
	ID:       "missing-comma",
	Severity: Warning,
	Vendors:  onlyKusto,
	Summary:  "Two strings in a list have no comma between them and are one",
	Rationale: `Kusto joins strings that stand next to each other. In a list a comma was forgotten: the rule looks for one value that
nobody has ever seen, and for neither of the two that were meant, and nothing says so. In other places the same is a way to
write a long text, and is not reported.`,
	Bad:  exampleKusto("Archive Tool", `| where FileName =~ "example-tool.exe"`, `| where FileName in~ ("example-tool.exe", "example-zip.exe" "example-rar.exe")`),
	Good: exampleKusto("Archive Tool", `| where FileName =~ "example-tool.exe"`, `| where FileName in~ ("example-tool.exe", "example-zip.exe", "example-rar.exe")`),
	Rule: func(p *Pass) {
		doc, _ := p.Syntax.(*kusto.Document)
		if doc == nil || doc.KQL == nil {
			return
		}
		for _, sp := range doc.KQL.Joined {
			text := doc.Text[sp.Start:sp.End]
			p.Report(doc.Place(sp), text, "strings of a list that stand next to each other are one, expected a %q between them", ",")
		}
	},
}
