package lint

import (
	"strings"
	"time"

	"github.com/detlint/detlint/rule"
)

// dateForm is the form that Sigma 2 has for dates.
const dateForm = "2006-01-02"

// looseForms are read all the same: those of Sigma 1, and numbers without
// leading zeros.
var looseForms = []string{"2006-1-2", "2006/1/2"}

// readDate reads a date in any accepted form.
func readDate(s string) (d time.Time, ok bool) {
	if d, err := time.Parse(dateForm, s); err == nil {
		return d, true
	}
	for _, form := range looseForms {
		if d, err := time.Parse(form, s); err == nil {
			return d, true
		}
	}
	return time.Time{}, false
}

// date reports what is no date, and one in another form than YYYY-MM-DD.
func (p *Pass) date(attribute string, t rule.Text) {
	if t.Value == "" {
		return
	}
	d, ok := readDate(t.Value)
	value := attribute + ":" + t.Value
	switch canonical := d.Format(dateForm); {
	case !ok && isDigits(t.Value, "0000-00-00"):
		p.Report(t.Span, value, "%s %q is no day of the calendar", attribute, t.Value)
	case !ok:
		p.Report(t.Span, value, "%s %q is no date, expected the form YYYY-MM-DD", attribute, t.Value)
	case canonical != t.Value:
		who := "Sigma 2 has"
		if p.Vendor == rule.Splunk {
			who = "contentctl reads"
		}
		f := p.Report(t.Span, value, "%s %q is not written as %s dates, expected %q", attribute, t.Value, who, canonical)
		f.Severity = Warning
		p.fixIn(f, t.Span, t.Value, canonical)
	}
}

// isDigits reports whether s has digits where form has zeros, and is the same
// elsewhere.
func isDigits(s, form string) bool {
	if len(s) != len(form) {
		return false
	}
	for i := range len(s) {
		if digit := s[i] >= '0' && s[i] <= '9'; form[i] == '0' && !digit || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	return true
}

var modifiedBeforeDateCheck = &Check{
	ID:       "modified-before-date",
	Severity: Warning,
	Vendors:  []rule.Vendor{rule.Sigma, rule.Elastic, rule.Splunk},
	Summary:  "The rule says it was modified before it was written",
	Rationale: `One of ` + "`date`" + ` and ` + "`modified`" + ` (` + "`creation_date`" + ` and ` + "`updated_date`" + ` of an Elastic rule,
` + "`modification_date`" + ` of one of Splunk) is wrong, most often because a rule was begun as a copy of another one and only
one of the two was changed. Tools that deploy what changed since their last run pass such a rule over.`,
	Bad: `title: Screen saver set from a script
id: 8e2b1c4d-7a6f-4b3e-9c1d-0f9e8d7c6b03
status: experimental
date: 2025-06-10
modified: 2024-06-12
logsource:
    category: registry_set
    product: windows
detection:
    selection:
        TargetObject|endswith: '\Control Panel\Desktop\SCRNSAVE.EXE'
    condition: selection
level: low
`,
	Good: `title: Screen saver set from a script
id: 8e2b1c4d-7a6f-4b3e-9c1d-0f9e8d7c6b03
status: experimental
date: 2025-06-10
modified: 2025-06-12
logsource:
    category: registry_set
    product: windows
detection:
    selection:
        TargetObject|endswith: '\Control Panel\Desktop\SCRNSAVE.EXE'
    condition: selection
level: low
`,
	More: func() []Example {
		return []Example{
			contrast(exampleElastic, "Tool Started", `updated_date = "2026/01/02"`, `updated_date = "2025/01/02"`, `updated_date = "2026/02/03"`),
			{
				Bad:  exampleSplunk("Tool Started", "date: '2026-01-02'", "creation_date: '2026-01-02'\nmodification_date: '2025-01-02'"),
				Good: exampleSplunk("Tool Started", "date: '2026-01-02'", "creation_date: '2026-01-02'\nmodification_date: '2026-02-03'"),
			},
		}
	},
	Rule: func(p *Pass) {
		name := "modified"
		date, modified := p.Date.Value, p.Modified.Value
		if p.Vendor == rule.Elastic {
			// Exports have times.
			date, _, _ = strings.Cut(date, "T")
			modified, _, _ = strings.Cut(modified, "T")
			name = "updated"
		}
		if p.Vendor == rule.Splunk {
			name = "modification_date"
		}
		from, ok := readDate(date)
		to, ok2 := readDate(modified)
		if ok && ok2 && to.Before(from) {
			p.Report(p.Modified.Span, p.Modified.Value, "%s %q is before the date of the rule, %q", name, p.Modified.Value, p.Date.Value)
		}
	},
}
