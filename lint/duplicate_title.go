package lint

import (
	"strings"

	"github.com/detlint/detlint/normalize"
)

var duplicateTitleCheck = &Check{
	ID:       "duplicate-title",
	Severity: Warning,
	Summary:  "Two rules have the same title",
	Rationale: `An analyst sees the title of an alert, not its id. Two rules with one title cannot be told apart in a queue, and many
backends name saved searches by the title, so that one overwrites the other. Say in the title what differs.

Letter case and spaces do not count. Deprecated and unsupported rules are left out, since a rule often takes over the
title of the one it replaces, and rules of different vendors may well have the same title.`,
	Bad: `title: Browser started without a window
id: c5d6e7f8-091a-4b2c-8d3e-567890123421
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
---
title: Browser started without a Window
id: d6e7f809-1a2b-4c3d-8e4f-678901234522
status: test
logsource:
    category: process_creation
    product: macos
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
`,
	Good: `title: Browser started without a window
id: c5d6e7f8-091a-4b2c-8d3e-567890123421
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
---
title: Browser started without a window on macOS
id: d6e7f809-1a2b-4c3d-8e4f-678901234522
status: test
logsource:
    category: process_creation
    product: macos
detection:
    selection:
        CommandLine|contains: '--headless'
    condition: selection
level: low
`,
	Repository: func(p *RepositoryPass) {
		key := func(s *normalize.Summary) string {
			if s.Retired || s.Title.Value == "" || isStanza(s) {
				return ""
			}
			return string(s.Vendor) + formOf(s) + "\x00" + strings.ToLower(strings.Join(strings.Fields(s.Title.Value), " "))
		}
		p.shared(key, summaryTitle, func(s *normalize.Summary, others twins) {
			f := p.Report(s, s.Title.Range, strings.ToLower(s.Title.Value), "title %q is also that of the rule in %s%s", s.Title.Value, others.some[0].Path, others.more())
			f.Related = others.places(summaryTitle)
		})
	},
}
