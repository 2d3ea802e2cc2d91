package lint

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

var duplicateTagCheck = &Check{
	ID:       "duplicate-tag",
	Severity: Warning,
	Summary:  "A tag stands twice in the rule",
	Rationale: `The second one adds nothing, makes counts wrong in tools that do not expect it, and the JSON schema of the
specification rejects it. It is often what is left of a tag that was meant to be changed. The tactics
and techniques of a rule of Sentinel are looked at as well.

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
	More: func() []Example {
		return []Example{
			contrast(exampleElastic, "Tool Started", `type = "eql"`, "tags = [\"OS: Windows\", \"Data Source: Elastic Defend\", \"OS: Windows\"]\ntype = \"eql\"", "tags = [\"OS: Windows\", \"Data Source: Elastic Defend\"]\ntype = \"eql\""),
			contrast(exampleSplunk, "Tool Started", "- T1059.001", "- T1059\n  - T1059.001", "- T1059.001"),
			contrast(exampleKusto, "Tool Started", "- T1059.003", "- T1059.003\n  - T1059.003", "- T1059.003"),
		}
	},
	Rule: duplicateTag,
}

func duplicateTag(p *Pass) {
	if p.Vendor != rule.Kusto { // whose tags may be lists of names and values
		p.repeated("tag", p.Tags)
	}
	if doc := kustoDocument(p); doc != nil {
		p.repeated("tactic", doc.Tactics)
		p.repeated("technique", doc.Techniques)
	}
}

// repeated reports what stands twice in a list.
func (p *Pass) repeated(what string, list []rule.Text) {
	for i, tag := range list {
		for _, before := range list[:i] {
			if strings.EqualFold(tag.Value, before.Value) {
				f := p.Report(tag.Span, strings.ToLower(tag.Value), "%s %q stands twice", what, tag.Value)
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
