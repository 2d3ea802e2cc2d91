package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var duplicateRuleCheck = &Check{
	ID:       "duplicate-rule",
	Severity: Warning,
	Summary:  "Two rules find the same events",
	Rationale: `Two rules that find the same events raise every alert twice, are tuned twice, and drift apart: the exclusion that one
of them gets is missing in the other. Keep one of them. Most often a rule was written without knowing of the other, or
was copied and never changed, which also means that what its title promises is found by nothing.

The conditions are compared, not their texts: order, nesting, spelling and the way a rule is split into selections do not
count, and neither does the language; what EQL asks for before its ` + "`where`" + ` is a condition as any other. It is reported
only where it is proved that each event which satisfies one condition satisfies the other; a Sigma rule is compared as its
filters leave it. Rules that count, order or compute something, or return a number of rows, have to agree about that as well,
and both have to look at the same kind of events. Rules of different vendors are compared on the events that both look at and
without regard to letter case, about which the languages disagree; that is information, since a port is often meant.

What raises no alerts (hunting queries, building blocks), retired rules, and rules that name each other as ` + "`related`" + `
are left out, unless the one has replaced the other (` + "`obsolete`, `merged`, `renamed`" + `) and both are in use.

A rule is compared with up to 128 others that look alike, copies first, and all rules together for some seconds. Public
repositories do not come near to that; where one does, a finding says how many rules were not compared with all.

A rule that is not public itself is also held against the public rules of the catalog, those of its own repository left
out. Of them only the comparisons are known, not how they are put together, so that all that is said is that both have the
same indicators. That is information.`,
	Bad: `-- rules/windows/tunnel_tool.yml --
title: Tunnel tool on a workstation
id: b4c5d6e7-f809-4a1b-8c2d-456789012330
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection_img:
        Image|endswith: '\tunnel.exe'
    selection_cli:
        CommandLine|contains:
            - '--expose'
            - '--listen'
    condition: all of selection_*
level: medium
-- rules/windows/tunnel_listener.yml --
title: Listener of a tunnel
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c30
status: test
logsource:
    category: process_creation
    product: windows
detection:
    listen:
        Image: '*\tunnel.exe'
        CommandLine: '*--listen*'
    expose:
        CommandLine|contains: '--EXPOSE'
        Image|endswith: '\tunnel.exe'
    condition: 1 of them
level: high
`,
	Good: `-- rules/windows/tunnel_tool.yml --
title: Tunnel tool on a workstation
id: b4c5d6e7-f809-4a1b-8c2d-456789012330
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection_img:
        Image|endswith: '\tunnel.exe'
    selection_cli:
        CommandLine|contains: '--expose'
    condition: all of selection_*
level: medium
-- rules/windows/tunnel_listener.yml --
title: Listener of a tunnel
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c30
status: test
logsource:
    category: process_creation
    product: windows
detection:
    listen:
        Image|endswith: '\tunnel.exe'
        CommandLine|contains: '--listen'
    condition: listen
level: high
`,
	More: func() []Example {
		return []Example{
			{
				Bad: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Tool Seen", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
				Good: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Another Tool Started", soundEQL, `process where process.name : "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
			},
			{
				Bad: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Tool Seen", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
				Good: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Another Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
			},
			{
				Bad: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Tool Seen", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
				Good: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Another Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
			},
		}
	},
	Repository: func(p *RepositoryPass) {
		p.samePublicRules()
		for _, o := range p.overlapping() {
			if !o.isEqual() {
				continue
			}
			keys := []string{keyOf(o.narrow), keyOf(o.wide)}
			slices.Sort(keys)
			f := p.Report(o.narrow, o.narrow.Title.Range, strings.Join(keys, " = "), "finds the same events as %s", nameOf(o.narrow, o.wide))
			o.complete(f, o.narrow, o.wide)
			switch {
			case o.narrow.Vendor != o.wide.Vendor:
				f.Severity = Info
				f.Hint = "where one is a port of the other, change them together"
			case replaced(o.narrow, o.wide):
				f.Hint = "one of them has replaced the other: deprecate or remove the old one"
			case o.narrow.Vendor == rule.Sigma:
				f.Hint = "keep one of them; where both are meant, say so with an entry in related"
			default:
				f.Hint = "keep one of them, or change what the later one looks for"
			}
		}
	},
}

// keyOf names a rule in the value of a finding.
func keyOf(s *normalize.Summary) string {
	return strings.ToLower(ruleKey(s.ID.Value, s.Path, s.Index))
}

// nameOf names a rule in a message about another one.
func nameOf(about, s *normalize.Summary) string {
	out := quote(s.Title.Value) + " in " + s.Path
	if s.Vendor != about.Vendor {
		out += ", a rule of " + vendorNames[s.Vendor]
	}
	return out
}

// complete adds to a finding what both checks of overlaps say.
func (o *overlap) complete(f *Finding, about, other *normalize.Summary) {
	f.Evidence = []Evidence{{Text: o.proof()}}
	f.Related = []Location{{Path: other.Path, Range: other.Title.Range, Message: other.Title.Value}}
}
