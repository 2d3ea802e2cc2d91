package lint

import (
	"sort"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var unknownAttributeCheck = &Check{
	ID:       "unknown-attribute",
	Severity: Info,
	Summary:  "A key looks like a misspelled attribute",
	Rationale: `Sigma lets everyone add attributes of their own, so a misspelled one is no mistake to any converter: it is not read,
and nobody says so. detlint points at keys that are a slip of the keyboard, a plural or another spelling away from an
attribute that the rule does not have. Keys that resemble nothing are yours and left alone.

In the logsource it is a warning. A converter that does not read ` + "`catagory`" + ` applies the rule to more logs than
the one that was meant. Other keys there, such as an index, have no effect either, and are reported as information.`,
	Bad: `title: Scheduled task runs from a share
id: 3f7a9b2c-1d4e-4f5a-8b6c-7d8e9f0a1b04
status: test
falsepositive:
    - Software deployment
logsource:
    product: windows
    catagory: process_creation
detection:
    selection:
        Image|endswith: '\schtasks.exe'
        CommandLine|contains: ' \\'
    condition: selection
level: medium
`,
	Good: `title: Scheduled task runs from a share
id: 3f7a9b2c-1d4e-4f5a-8b6c-7d8e9f0a1b04
status: test
falsepositives:
    - Software deployment
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\schtasks.exe'
        CommandLine|contains: ' \\'
    condition: selection
level: medium
x-owner: blue team
`,
	More: func() []Example {
		return []Example{
			contrast(exampleElastic, "Tool Started", "from = ", "false_positive = [\"An update of the tool.\"]\nfrom = ", "false_positives = [\"An update of the tool.\"]\nfrom = "),
			contrast(exampleSplunk, "Tool Started", "  asset_type:", "  atomic_guids:\n  - 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c51\n  asset_type:", "  atomic_guid:\n  - 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c51\n  asset_type:"),
			contrast(exampleKusto, "Tool Started", "version: 1.0.0", "customDetail:\n  Command: ProcessCommandLine\nversion: 1.0.0", "customDetails:\n  Command: ProcessCommandLine\nversion: 1.0.0"),
		}
	},
	Rule: unknownAttribute,
}

func unknownAttribute(p *Pass) {
	if doc := elasticDocument(p); doc != nil {
		section := map[bool]string{true: "", false: "rule."}[doc.Shape == elastic.Export]
		p.unknownKeys(doc.Rule, section, elasticAttributes, set(elasticRequired...))
		p.unknownKeys(doc.Metadata, "metadata.", elasticMetadata, nil)
		return
	}
	if doc := splunkDocument(p); doc != nil {
		if p.unknownKeys(doc.Root, "", rootAttributes(doc), contentAsked); doc.Tags != doc.Root {
			p.unknownKeys(doc.Tags, "tags.", contentTags, contentRequiredTags)
		}
		p.unknownKeys(doc.RBA, "rba.", contentRisk, nil)
		return
	}
	if doc := kustoDocument(p); doc != nil {
		unknownKustoKeys(p, doc)
		return
	}
	doc := document(p)
	if doc == nil {
		return
	}
	p.unknownKeys(doc.Root, "", ruleAttributes[p.Kind], requiredAttributes[p.Kind])
	if _, n := entry(doc.Root, "logsource"); n != nil {
		p.logsourceKeys(n)
	}
	if p.Kind == rule.Correlation {
		p.unknownKeys(doc.Root.Get("correlation"), "correlation.", correlationAttributes, set("type", "rules", "timespan", "group-by", "condition"))
	}
}

// unknownKeys reports keys of a mapping that were meant to be one of the known
// attributes. Those in required are reported as missing already.
func (p *Pass) unknownKeys(n *tree.Node, section string, known, required map[string]bool) {
	if n == nil || n.Kind != tree.Mapping {
		return
	}
	attributes := sorted(known)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != tree.Scalar || known[k.Value] {
			continue
		}
		meant := ""
		for _, attribute := range attributes {
			if meansKey(k.Value, attribute) {
				meant = attribute
				break
			}
		}
		if meant == "" || n.Get(meant) != nil || required[meant] {
			continue
		}
		f := p.Report(k.Span, section+k.Value, "%q is no attribute of %s, did you mean %q?", section+k.Value, vendorNames[p.Vendor], section+meant)
		p.fixIn(f, k.Span, k.Value, meant)
	}
}

// logsourceKeys reports every key that converters do not read: what is written
// there and has no effect makes the rule wider than it looks.
func (p *Pass) logsourceKeys(n *tree.Node) {
	from := len(p.findings)
	p.unknownKeys(n, "logsource.", logsourceAttributes, nil)
	near := map[rule.Position]bool{}
	for i := range p.findings[from:] {
		p.findings[from+i].Severity = Warning
		near[p.findings[from+i].Range.Start] = true
	}
	for i := 0; i+1 < len(n.Content) && n.Kind == tree.Mapping; i += 2 {
		k := n.Content[i]
		if k.Kind == tree.Scalar && !logsourceAttributes[k.Value] && !near[p.Source.Position(k.Span.Start)] {
			p.Report(k.Span, "logsource."+k.Value, "%q is no attribute of Sigma and not read by converters", "logsource."+k.Value)
		}
	}
}

func sorted(words map[string]bool) []string {
	out := make([]string, 0, len(words))
	for w := range words {
		out = append(out, w)
	}
	sort.Strings(out)
	return out
}
