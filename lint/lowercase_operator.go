package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/spl"
)

var lowercaseOperatorCheck = &Check{
	ID:       "lowercase-operator",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "A search has and, or or not in lower case, where it is a word to search for",
	Rationale: `Search terms are joined by ` + "`AND`, `OR` and `NOT`" + ` in capitals. In lower case they are words like any other: ` + "`a=1 or b=2`" + `
asks for events with both values and with the word "or" in them, which finds next to nothing. Expressions of ` + "`where` and\n`eval`" + ` take both.`,
	Bad:  exampleSplunk("Admin Tool", `process_name="example-tool.exe"`, `process_name="example-tool.exe" or Processes.process_name="other-tool.exe"`),
	Good: exampleSplunk("Admin Tool", `process_name="example-tool.exe"`, `process_name="example-tool.exe" OR Processes.process_name="other-tool.exe"`),
	Rule: func(p *Pass) {
		p.doubts(spl.LowerOperator, func(at doubtPlace) {
			upper := strings.ToUpper(at.Text)
			f := p.Report(at.span, at.Text, "%q in lower case is a word to search for, expected %q", at.Text, upper)
			p.fixIn(f, at.span, at.Text, upper)
		})
	},
}
