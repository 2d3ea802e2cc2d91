package lint

import (
	"github.com/detlint/detlint/parsers/spl"
)

var gluedValueCheck = &Check{
	ID:       "glued-value",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "A value ends at a quote, and what follows it without a blank is a value or a word of its own",
	Rationale: `In SPL a quote ends a value. In ` + "`IN (\"\"*text*\"\")`" + ` stand three values, two of them empty, and in ` + "`IN (\"a\". \"b\")`" + ` the dot
is one; after a comparison the rest is a word that has to stand somewhere in the event. Splunk says nothing, and the
search finds more, or less, than it seems to. It is a quote or a comma that was mistyped.`,
	Bad:  exampleSplunk("Admin Tool", `process_name="example-tool.exe"`, `process_name IN ("example-tool.exe". "other-tool.exe")`),
	Good: exampleSplunk("Admin Tool", `process_name="example-tool.exe"`, `process_name IN ("example-tool.exe", "other-tool.exe")`),
	Rule: func(p *Pass) {
		p.doubts(spl.GluedValue, func(at doubtPlace) {
			p.Report(at.span, at.Before+at.Text, "%s follows %s without a comma or a blank, and is a value of its own", once(at.Text), once(at.Before))
		})
	},
}
