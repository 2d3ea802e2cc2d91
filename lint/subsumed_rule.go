package lint

import (
	"fmt"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var subsumedRuleCheck = &Check{
	ID:       "subsumed-rule",
	Severity: Info,
	Summary:  "All that a rule finds is found by another one",
	Rationale: `Where a rule is within another one, each of its alerts comes with one of the other. That is worth having when it says
more: when it is more severe, or of one severity has a higher risk score, or names what it is. Otherwise it costs a second
alert and a second place to tune; remove it, or take what it finds out of the wider rule.

It is reported only where it is proved that each event which satisfies the one condition satisfies the other, in any of the
languages, as the page of ` + "`duplicate-rule`" + ` says. The narrower rule is the one that is reported. In a review, where
only the wider one is changed, that one is, once for all rules that are within it; where some were before the change, for
those that are since. Left out are rules that are more severe
than the wider one, what raises no alerts (hunting queries, building blocks), retired rules, and rules that name each other
as ` + "`related`" + `.

It is a warning where one rule says that it has replaced the other (` + "`obsolete`, `merged`, `renamed`" + `) and both are in
use: then the old one only doubles the alerts of its successor.`,
	Bad: `-- rules/windows/tunnel_tool.yml --
title: Tunnel tool
id: b4c5d6e7-f809-4a1b-8c2d-456789012340
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tunnel.exe'
    condition: selection
level: medium
-- rules/windows/tunnel_listener.yml --
title: Listener of a tunnel
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c40
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\bin\tunnel.exe'
        CommandLine|contains: '--listen'
    filter:
        ParentImage|endswith: '\supervisor.exe'
    condition: selection and not filter
level: medium
`,
	Good: `-- rules/windows/tunnel_tool.yml --
title: Tunnel tool
id: b4c5d6e7-f809-4a1b-8c2d-456789012340
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tunnel.exe'
    condition: selection
level: low
-- rules/windows/tunnel_listener.yml --
title: Listener of a tunnel
id: 0d6b1f6c-5a35-4bb4-9a0e-1f9f3d2f7c40
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\bin\tunnel.exe'
        CommandLine|contains: '--listen'
    filter:
        ParentImage|endswith: '\supervisor.exe'
    condition: selection and not filter
level: high
`,
	More: func() []Example {
		return []Example{
			{
				Bad: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Tool Listens", soundEQL, `process where process.name : "example-tool.exe" and process.args : "--listen"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
				Good: two("rules/tool.toml", exampleElastic("Tool Started"),
					"rules/tool_2.toml", exampleElastic("Another Tool Started", soundEQL, `process where process.name : "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae01", secondID)),
			},
			{
				Bad: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Tool Listens", soundSPL, `Processes.process_name="example-tool.exe" Processes.process="*--listen*"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
				Good: two("rules/tool.yml", exampleSplunk("Tool Started"),
					"rules/tool_2.yml", exampleSplunk("Another Tool Started", soundSPL, `Processes.process_name="another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9ae11", secondID)),
			},
			{
				Bad: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Tool Listens", soundKQL, "| where FileName =~ \"example-tool.exe\" and ProcessCommandLine has \"--listen\"", "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
				Good: two("rules/tool.yaml", exampleKusto("Tool Started"),
					"rules/tool_2.yaml", exampleKusto("Another Tool Started", soundKQL, `| where FileName =~ "another-tool.exe"`, "6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9af01", secondID)),
			},
		}
	},
	Repository: func(p *RepositoryPass) {
		within := map[*normalize.Summary][]overlap{}
		for _, o := range p.overlapping() {
			switch {
			case o.isEqual():
			case p.Changed == nil || p.Changed(o.narrow):
				reportNarrow(p, &o)
			case replaced(o.narrow, o.wide):
				reportReplaced(p, &o)
			default:
				within[o.wide] = append(within[o.wide], o)
			}
		}
		for i := range p.Rules {
			if all := within[&p.Rules[i]]; len(all) > 0 {
				reportWide(p, all)
			}
		}
	},
}

// reportNarrow tells of a rule that is within another one.
func reportNarrow(p *RepositoryPass, o *overlap) {
	about, wide := o.narrow, o.wide
	f := p.Report(about, about.Title.Range, o.pair(), "finds nothing that is not found by %s", nameOf(about, wide))
	o.complete(f, about, wide)
	switch {
	case replaced(about, wide):
		warnOfReplaced(f)
	case about.Vendor == rule.Sigma && wide.Vendor == rule.Sigma:
		f.Hint = "remove it, make it more severe, or say with an entry in related that both are meant"
	case about.Vendor != wide.Vendor:
	case about.Vendor == rule.Splunk && o.counts():
		f.Hint = "remove it, or give it a higher risk score than the wider rule has"
	default:
		f.Hint = "remove it, or make it more severe than the wider rule"
	}
}

// counts reports whether both rules have a risk score.
func (o *overlap) counts() bool {
	_, a := riskScore(o.a)
	_, b := riskScore(o.b)
	return a && b
}

// reportReplaced tells, at the wider one, of two rules in use of which one has
// replaced the other.
func reportReplaced(p *RepositoryPass, o *overlap) {
	f := p.Report(o.wide, o.wide.Title.Range, o.pair(), "finds all that is found by %s", nameOf(o.wide, o.narrow))
	o.complete(f, o.wide, o.narrow)
	warnOfReplaced(f)
}

func warnOfReplaced(f *Finding) {
	f.Severity = Warning
	f.Hint = "one of them has replaced the other: deprecate or remove the old one"
}

// reportWide tells once of all rules that are within one. The value of the
// finding names none of them, so that one entry of a baseline or of the
// configuration is enough; whether it is new is told rule by rule.
func reportWide(p *RepositoryPass, all []overlap) {
	p.Report(all[0].wide, all[0].wide.Title.Range, "wider", "").tellWithin(all)
}

// tellWithin makes a finding about the wider rule be about these others.
func (f *Finding) tellWithin(all []overlap) {
	f.within = all
	about, first := all[0].wide, all[0].narrow
	message := "finds all that is found by " + nameOf(about, first)
	hint := "the narrower rule may not be needed any more"
	if n := len(all) - 1; n > 0 {
		message += ", and all that is found by " + others(n)
		hint = "the narrower rules may not be needed any more; where they are meant to differ from this one, make it narrower"
		if len(all) > maxPlaces {
			message += fmt.Sprintf(", %d of them listed here", maxPlaces-1)
		}
	}
	f.Message = message
	all[0].complete(f, about, first)
	if len(all) > 1 {
		f.Evidence[0].Text = "of the first: " + f.Evidence[0].Text
	}
	for _, o := range all[1:min(len(all), maxPlaces)] {
		f.Related = append(f.Related, Location{Path: o.narrow.Path, Range: o.narrow.Title.Range, Message: o.narrow.Title.Value})
	}
	f.Hint = hint
}

// tellNew keeps of a finding about the wider of several rules those that were
// not within it in the base. It reports whether any are left; where none are, the
// finding stays as it is.
func (f *Finding) tellNew(before []overlap) bool {
	known := make(map[string]bool, len(before))
	for i := range before {
		known[keyOf(before[i].narrow)] = true
	}
	var come []overlap
	for i := range f.within {
		if !known[keyOf(f.within[i].narrow)] {
			come = append(come, f.within[i])
		}
	}
	if len(come) > 0 && len(come) < len(f.within) {
		f.tellWithin(come)
	}
	return len(come) > 0
}

// pair names the two rules in the value of a finding.
func (o *overlap) pair() string { return keyOf(o.narrow) + " in " + keyOf(o.wide) }

func others(n int) string {
	if n == 1 {
		return "1 other rule"
	}
	return fmt.Sprintf("%d other rules", n)
}
