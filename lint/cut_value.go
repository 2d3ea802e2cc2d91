package lint

import (
	"github.com/detlint/detlint/parsers/spl"
)

var cutValueCheck = &Check{
	ID:       "cut-value",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "A value without quotes ends at a blank although a backslash stands before it",
	Rationale: `A backslash does not make a blank part of a value in SPL: ` + "`file_path=*Program\\ Files*`" + ` asks for paths that end in
` + "`Program\\`" + `, and for the word ` + "`Files*`" + ` anywhere in the event. Put the value in quotes.`,
	Bad:  exampleSplunk("Admin Tool", `process_name="example-tool.exe"`, `process_path=*Example\ Tool* Processes.process_name="example-tool.exe"`),
	Good: exampleSplunk("Admin Tool", `process_name="example-tool.exe"`, `process_path="*Example Tool*" Processes.process_name="example-tool.exe"`),
	Rule: func(p *Pass) {
		p.doubts(spl.CutValue, func(at doubtPlace) {
			p.Report(at.span, at.Text, "the value ends here, at %s: a backslash does not keep a blank, expected the value in quotes", once(at.Text))
		})
	},
}
