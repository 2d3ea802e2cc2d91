package lint

import "strings"

var duplicateTagCheck = &Check{
	ID:       "duplicate-tag",
	Severity: Warning,
	Vendors:  written,
	Summary:  "A tag stands twice in the rule",
	Rationale: `The second one adds nothing, makes counts wrong in tools that do not expect it, and the JSON schema of the
specification rejects it. It is often what is left of a tag that was meant to be changed.

In a rule of contentctl 5 and later (one with ` + "`rba` or `finding`" + `) a technique beside one of its own sub-techniques counts as well: contentctl
refuses it.`,
	Bad: `title: Kernel module loaded from a home folder
id: 4d5e6f70-8192-43a4-b5c6-d7e8f9012313
status: test
tags:
    - attack.persistence
    - attack.privilege-escalation
    - attack.t1547.006
    - attack.persistence
logsource:
    product: linux
    category: process_creation
detection:
    selection:
        Image|endswith: '/insmod'
        CommandLine|contains: '/home/'
    condition: selection
level: high
`,
	Good: `title: Kernel module loaded from a home folder
id: 4d5e6f70-8192-43a4-b5c6-d7e8f9012313
status: test
tags:
    - attack.persistence
    - attack.privilege-escalation
    - attack.t1547.006
logsource:
    product: linux
    category: process_creation
detection:
    selection:
        Image|endswith: '/insmod'
        CommandLine|contains: '/home/'
    condition: selection
level: high
`,
	Rule: duplicateTag,
}

func duplicateTag(p *Pass) {
	for i, tag := range p.Tags {
		for _, before := range p.Tags[:i] {
			if strings.EqualFold(tag.Value, before.Value) {
				f := p.Report(tag.Span, strings.ToLower(tag.Value), "tag %q stands twice", tag.Value)
				f.Related = []Location{{Path: p.Path(), Range: p.Source.Range(before.Span), Message: "the first one"}}
				if edit, ok := p.removeItem(tag.Span); ok {
					f.Fix = &Fix{Title: "remove the second", Edits: []Edit{edit}}
				}
				break
			}
		}
	}
	if doc := contentDocument(p); doc != nil && sinceVersion5(doc) {
		p.parents()
	}
}

// parents reports techniques that stand beside one of their own
// sub-techniques, which contentctl refuses from version 5 on.
func (p *Pass) parents() {
	for _, t := range p.Techniques {
		for _, sub := range p.Techniques {
			if !strings.HasPrefix(sub.Value, t.Value+".") {
				continue
			}
			f := p.Report(t.Span, "parent:"+strings.ToLower(t.Value), "technique %s stands beside its own sub-technique %s, which says more", t.Value, sub.Value)
			f.Related = []Location{{Path: p.Path(), Range: p.Source.Range(sub.Span), Message: "the sub-technique"}}
			if edit, ok := p.removeItem(t.Span); ok {
				f.Fix = &Fix{Title: "remove " + t.Value, Edits: []Edit{edit}}
			}
			break
		}
	}
}
