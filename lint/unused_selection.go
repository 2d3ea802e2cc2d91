package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/rule"
)

var unusedSelectionCheck = &Check{
	ID:       "unused-selection",
	Severity: Warning,
	Vendors:  onlySigma,
	Summary:  "The rule defines a selection that no condition uses",
	Rationale: `What a selection says counts only where the condition uses it. An unused filter is the usual case: it was added
against false positives, the condition was not changed, and the rule is as noisy as before. Use it in the condition or
remove it. A selection whose name begins with an underscore is taken to be parked on purpose.`,
	Bad: `title: Backup catalog deleted
id: 4a5b6c7d-8e9f-4a0b-8c1d-2e3f4a5b6c07
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\wbadmin.exe'
        CommandLine|contains: 'delete'
    filter_main_agent:
        ParentImage|endswith: '\BackupAgent.exe'
    condition: selection
level: high
`,
	Good: `title: Backup catalog deleted
id: 4a5b6c7d-8e9f-4a0b-8c1d-2e3f4a5b6c07
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\wbadmin.exe'
        CommandLine|contains: 'delete'
    filter_main_agent:
        ParentImage|endswith: '\BackupAgent.exe'
    condition: selection and not 1 of filter_main_*
level: high
`,
	Rule: unusedSelection,
}

func unusedSelection(p *Pass) {
	doc := document(p)
	if doc == nil || !allConditionsRead(p.Condition, len(doc.Conditions)) {
		return
	}
	for _, expr := range doc.Conditions {
		for _, ref := range expr.References {
			if len(ref.Selections) == 0 {
				return // undefined-selection says what is wrong; the rest follows from it
			}
		}
	}
	for _, sel := range doc.Selections {
		name := sel.Name.Value
		if sel.Referenced || strings.HasPrefix(name, "_") || meantBySome(doc, name) || len(doc.Conditions) == 0 {
			continue
		}
		p.Report(sel.Name.Span, name, "selection %q is defined and not used by the condition", name)
	}
}

// allConditionsRead reports whether every condition of a rule was read to its
// end; what a broken one would have used is not known.
func allConditionsRead(c rule.Condition, conditions int) bool {
	if conditions < 2 {
		return c != nil
	}
	branches, ok := c.(*rule.Or)
	if !ok || len(branches.Children) != conditions {
		return false
	}
	_, ok = branches.Children[0].(*rule.Branch)
	return ok
}

// meantBySome reports whether a condition uses the selection in a way that is
// not a reference: in an old "| near" aggregation.
func meantBySome(doc *sigma.Document, name string) bool {
	for _, expr := range doc.Conditions {
		for _, word := range strings.FieldsFunc(expr.Tail.Value, func(r rune) bool { return strings.ContainsRune(" \t\n()|,", r) }) {
			if word == name {
				return true
			}
		}
	}
	return false
}
