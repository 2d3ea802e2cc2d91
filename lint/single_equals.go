package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/kusto"
)

var singleEqualsCheck = &Check{
	ID:       "single-equals",
	Severity: Error,
	Vendors:  onlyKusto,
	Summary:  "A filter names a value instead of comparing with it",
	Rationale: `In Kusto ` + "`=`" + ` gives a value a name and ` + "`==`" + ` compares. ` + "`where A = \"x\"`" + ` is read without complaint until the query runs, and then
fails, since a text is no condition.`,
	Bad:  exampleKusto("Archive Tool", `FileName =~ "example-tool.exe"`, `FileName = "example-tool.exe"`),
	Good: exampleKusto("Archive Tool", `FileName =~ "example-tool.exe"`, `FileName =~ "example-tool.exe"`),
	Rule: func(p *Pass) {
		doc, _ := p.Syntax.(*kusto.Document)
		if doc == nil || doc.KQL == nil {
			return
		}
		for _, sp := range doc.KQL.Unequal {
			name, _, _ := strings.Cut(doc.Text[sp.Start:sp.End], "=")
			f := p.Report(doc.Place(sp), doc.Text[sp.Start:sp.End], "%q gives the value a name, expected %q to compare it with %q", "=", "==", strings.TrimSpace(name))
			p.fixIn(f, doc.Place(sp), "=", "==")
		}
	},
}
