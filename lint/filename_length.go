package lint

import (
	"path"

	"github.com/detlint/detlint/rule"
)

var filenameLengthCheck = &Check{
	ID:       "filename-length",
	Severity: Info,
	Vendors:  onlySigma,
	Summary:  "The name of a Sigma rule's file is very short or very long",
	Rationale: `A name below 10 characters says nothing in a list of a thousand rules, and one above 90 does not fit where tools use it
as the name of a saved search or of a file in a deep folder. These are the limits of pySigma.`,
	Bad: `-- windows/dns.yml --
title: Lookup of a rare top-level domain
id: 091a2b3c-4d5e-4f60-8172-901234567825
status: test
logsource:
    category: dns_query
    product: windows
detection:
    selection:
        QueryName|endswith: '.zip'
    condition: selection
level: low
`,
	Good: `-- windows/dns_query_rare_tld.yml --
title: Lookup of a rare top-level domain
id: 091a2b3c-4d5e-4f60-8172-901234567825
status: test
logsource:
    category: dns_query
    product: windows
detection:
    selection:
        QueryName|endswith: '.zip'
    condition: selection
level: low
`,
	Params: []Param{
		{"min", 10, 1, 255, "characters that a file name has at least"},
		{"max", 90, 1, 255, "characters that a file name has at most"},
	},
	Rule: func(p *Pass) {
		base := path.Base(p.Path())
		if n := len([]rune(base)); p.Index == 0 && (n < p.param("min") || n > p.param("max")) {
			at := rule.Span{Start: p.Span.Start, End: p.Span.Start}
			if !p.Title.Span.IsZero() {
				at = p.Title.Span
			}
			p.Report(at, base, "file name %q has %d characters, expected %d to %d", base, n, p.param("min"), p.param("max")).Index = -1 // about the file
		}
	},
}
