package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

var quotedMacroCheck = &Check{
	ID:       "quoted-macro",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "A macro is called inside of quotes, where Splunk does not expand it",
	Rationale: `Between double quotes a backtick is a character like any other: the search compares with the name of the macro instead
of with what it stands for. Put the quotes into the definition of the macro. Only names that the repository defines are
reported.`,
	Bad: "-- macros/tool_window.yml --\nname: tool_window\ndefinition: '-70m@m'\ndescription: How far back to look.\n-- detections/admin_tool.yml --\n" +
		exampleSplunk("Admin Tool", " | `admin", " | where count > relative_time(now(), \"`tool_window`\") | `admin"),
	Good: "-- macros/tool_window.yml --\nname: tool_window\ndefinition: '\"-70m@m\"'\ndescription: How far back to look.\n-- detections/admin_tool.yml --\n" +
		exampleSplunk("Admin Tool", " | `admin", " | where count > relative_time(now(), `tool_window`) | `admin"),
	Rule: func(p *Pass) {
		p.doubts(spl.QuotedMacro, func(at doubtPlace) {
			for _, name := range p.Library.Names(rule.Macro) {
				if base, _, _ := strings.Cut(name, "("); base == at.Text {
					p.Report(at.span, at.Text, "macro %q is called inside of quotes, where Splunk does not expand it", at.Text)
					return
				}
			}
		})
	},
}
