package lint

import (
	"github.com/detlint/detlint/parsers/spl"
)

var bareTermCheck = &Check{
	ID:       "bare-term",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "A search for a word stands where no event is left to find it in",
	Rationale: `A word without a field is looked for in the text of the event. After ` + "`stats`, `tstats`" + ` and the like there is no text
any more, only columns, so such a term never holds. It is most often a comparison whose field was forgotten:
` + "`search (process=*one* OR *two*)`" + `, or a function, which search terms do not have: ` + "`search _time > relative_time(…)`" + ` wants to be
` + "`where`" + `.`,
	Bad:  exampleSplunk("Admin Tool", " | `admin", " | search (process_name=*tool* OR *helper*) | `admin"),
	Good: exampleSplunk("Admin Tool", " | `admin", " | search (process_name=*tool* OR process_name=*helper*) | `admin"),
	Rule: func(p *Pass) {
		p.doubts(spl.BareTerm, func(at doubtPlace) {
			p.Report(at.span, at.Text, "%s has no field, and after a command such as stats there is no event to find it in, so it never holds", once(at.Text))
		})
	},
}
