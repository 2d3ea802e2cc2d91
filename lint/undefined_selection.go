package lint

import (
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/sigma"
)

var undefinedSelectionCheck = &Check{
	ID:       "undefined-selection",
	Severity: Error,
	Vendors:  onlySigma,
	Summary:  "The condition uses a selection that the rule does not define",
	Rationale: `A name in the condition must be that of a selection, letter by letter, and a pattern after ` + "`1 of`" + ` or ` + "`all of`" + ` must
match at least one. Converters refuse the rule otherwise; some read an unmatched pattern as nothing at all, so that a
filter that was renamed on one side only is silently gone.`,
	Bad: `title: Log cleared by a tool
id: 2d3e4f5a-6b7c-4d8e-9f0a-1b2c3d4e5f06
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\logtool.exe'
    filter_main_service:
        ParentImage: 'C:\Windows\System32\services.exe'
    condition: selction and not 1 of filter_main_*
level: high
`,
	Good: `title: Log cleared by a tool
id: 2d3e4f5a-6b7c-4d8e-9f0a-1b2c3d4e5f06
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\logtool.exe'
    filter_main_service:
        ParentImage: 'C:\Windows\System32\services.exe'
    condition: selection and not 1 of filter_main_*
level: high
`,
	Rule: undefinedSelection,
}

func undefinedSelection(p *Pass) {
	doc := document(p)
	if doc == nil || len(doc.Selections) == 0 || !allConditionsRead(p.Condition, len(doc.Conditions)) {
		return // what follows from a mistake in the syntax is no second one
	}
	for _, expr := range doc.Conditions {
		for _, ref := range expr.References {
			if len(ref.Selections) == 0 {
				p.undefined(doc, ref)
			}
		}
	}
}

func (p *Pass) undefined(doc *sigma.Document, ref sigma.Reference) {
	name := ref.Name.Value
	meant := meantSelection(doc, ref)
	switch {
	case ref.Quantifier == "" && strings.Contains(name, "*"):
		p.Report(ref.Name.Span, name, `pattern %q needs "1 of" or "all of" before it`, name)
	case meant != "":
		f := p.Report(ref.Name.Span, name, "the condition uses %q, which is not defined, did you mean %q?", name, meant)
		p.fixIn(f, ref.Name.Span, name, meant)
	case ref.Quantifier != "":
		p.Report(ref.Name.Span, name, `the condition uses "%s of %s", and no selection matches it; defined: %s`, ref.Quantifier, name, selectionNames(doc))
	default:
		p.Report(ref.Name.Span, name, "the condition uses %q, which is not defined; defined: %s", name, selectionNames(doc))
	}
}

// meantSelection is the selection or pattern that a reference without any was
// most likely meant to be.
func meantSelection(doc *sigma.Document, ref sigma.Reference) string {
	name := ref.Name.Value
	if ref.Quantifier != "" {
		if strings.Contains(name, "*") || name == "them" {
			return ""
		}
		for _, sel := range doc.Selections {
			if strings.HasPrefix(sel.Name.Value, name) {
				return name + "*"
			}
		}
	}
	names := make([]string, len(doc.Selections))
	for i, sel := range doc.Selections {
		names[i] = sel.Name.Value
	}
	return near.Word(name, names)
}

// maxNames is how many selections a message lists.
const maxNames = 6

func selectionNames(doc *sigma.Document) string {
	var names []string
	for i, sel := range doc.Selections {
		if i == maxNames {
			names = append(names, "…")
			break
		}
		names = append(names, quote(sel.Name.Value))
	}
	return strings.Join(names, ", ")
}
