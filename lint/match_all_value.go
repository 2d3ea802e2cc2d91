package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
)

var matchAllValueCheck = &Check{
	ID:       "match-all-value",
	Severity: Warning,
	Vendors:  onlySigma,
	Summary:  "A value matches whatever the field holds, so the comparison says nothing",
	Rationale: `Every text contains the empty text and begins and ends with it, and ` + "`*`" + ` beside other values of a list makes them
pointless. Such a value is nearly always a slip: a list entry that was not filled in, a variable that was empty when the
rule was generated. What remains is a rule that fires on every event that has the field.

A lone ` + "`*`" + ` asks for the presence of the field and is not reported.

Give the value that was meant, or take it out. To ask whether a field is there at all, write ` + "`field|exists: true`" + `.`,
	Bad: `title: Marker On A Command Line
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a004
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool-that-nobody-uses.exe'
        CommandLine|contains:
            - '--a-marker'
            - ''
    condition: selection
level: high
`,
	Good: `title: Marker On A Command Line
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a004
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool-that-nobody-uses.exe'
        CommandLine|contains: '--a-marker'
    condition: selection
level: high
`,
	Rule: matchAllValue,
}

func matchAllValue(p *Pass) {
	doc := document(p)
	if doc == nil {
		return
	}
	for _, sel := range doc.Selections {
		for _, it := range sel.Items {
			p.matchAll(it)
		}
	}
}

func (p *Pass) matchAll(it *sigma.Item) {
	partial := it.Has("contains") || it.Has("startswith") || it.Has("endswith")
	if it.Field.Value == "*" || it.Has("fieldref") || it.Has("re") {
		return
	}
	values := it.Values()
	for _, v := range values {
		if v.Kind != tree.Scalar || v.Tag != tree.Str {
			continue
		}
		value := func() string { return it.Key.Value + ":" + v.Value }
		switch {
		case partial && v.Value == "":
			p.Report(v.Span, value(), "every value of %q matches %q, expected the text that was meant", it.Key.Value, v.Value)
		case v.Value != "" && strings.Trim(v.Value, "*") == "" && len(values) > 1 && !it.Has("all"):
			p.Report(v.Span, value(), "every value of %q matches %q, so the other values of the list are pointless", it.Key.Value, v.Value)
		}
	}
}
