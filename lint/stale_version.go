package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var staleVersionCheck = &Check{
	ID:       "stale-version",
	Severity: Warning,
	Summary:  "The logic of a rule changed, its date and its version did not",
	Rationale: `Who deploys rules learns from their date or version that there is something to deploy: ` + "`modified`" + ` in Sigma,
` + "`updated_date`" + ` in Elastic's rules, ` + "`version`" + ` and ` + "`date`" + ` in Splunk's, ` + "`version`" + ` in Sentinel's. The check compares both versions
of a rule that a change touches. Logic is the normalized condition: another order, spelling or layout is no change of it,
and neither are tags, texts or levels. A rule that has neither a date nor a version, before and after, is left alone, and so
are rules that are no longer in use.`,
	Bad: `-- before --
title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
date: 2025-01-01
modified: 2025-02-02
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
        CommandLine|contains: '/success:disable'
    condition: selection
level: high
-- rules/audit_policy_off.yml --
title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
date: 2025-01-01
modified: 2025-02-02
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
        CommandLine|contains:
            - '/success:disable'
            - '/failure:disable'
    condition: selection
level: high
`,
	Good: `-- before --
title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
date: 2025-01-01
modified: 2025-02-02
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
        CommandLine|contains: '/success:disable'
    condition: selection
level: high
-- rules/audit_policy_off.yml --
title: Audit policy switched off
id: 6f708192-a3b4-45c6-97e8-f90123456715
status: test
date: 2025-01-01
modified: 2025-06-01
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\auditpol.exe'
        CommandLine|contains:
            - '/success:disable'
            - '/failure:disable'
    condition: selection
level: high
`,
	More: func() []Example {
		return []Example{
			{
				Bad: beforeAnd(exampleElastic("Tool Started"), "rules/tool.toml",
					exampleElastic("Tool Started", soundEQL, `process where process.name : "example-tool.exe" and process.args : "--listen"`)),
				Good: beforeAnd(exampleElastic("Tool Started"), "rules/tool.toml",
					exampleElastic("Tool Started", soundEQL, `process where process.name : "example-tool.exe" and process.args : "--listen"`, `updated_date = "2026/01/02"`, `updated_date = "2026/02/03"`)),
			},
			{
				Bad: beforeAnd(exampleSplunk("Tool Started"), "rules/tool.yml",
					exampleSplunk("Tool Started", soundSPL, `Processes.process_name="example-tool.exe" Processes.process="*--listen*"`)),
				Good: beforeAnd(exampleSplunk("Tool Started"), "rules/tool.yml",
					exampleSplunk("Tool Started", soundSPL, `Processes.process_name="example-tool.exe" Processes.process="*--listen*"`, "version: 1\ndate: '2026-01-02'", "version: 2\ndate: '2026-02-03'")),
			},
			{
				Bad: beforeAnd(exampleKusto("Tool Started"), "rules/tool.yaml",
					exampleKusto("Tool Started", soundKQL, "| where FileName =~ \"example-tool.exe\" and ProcessCommandLine has \"--listen\"")),
				Good: beforeAnd(exampleKusto("Tool Started"), "rules/tool.yaml",
					exampleKusto("Tool Started", soundKQL, "| where FileName =~ \"example-tool.exe\" and ProcessCommandLine has \"--listen\"", "version: 1.0.0", "version: 1.0.1")),
			},
		}
	},
	Change: staleVersion,
}

func staleVersion(p *ChangePass) {
	before, after := p.Before, p.After
	if before.Broken || after.Broken || before.Condition == nil || after.Condition == nil || !slices.Equal(before.Unresolved, after.Unresolved) {
		return // not known for certain
	}
	said := func(r *normalize.Rule) string {
		return r.Date.Value + "\x00" + r.Modified.Value + "\x00" + r.Version.Value
	}
	if normalize.Retired(after.Status.Value, after.Path()) || said(before) != said(after) || strings.Trim(said(after), "\x00") == "" {
		return
	}
	rejoined := logic(before) == logic(after)
	if rejoined && !findsOther(before, after) {
		return
	}
	at, name := after.Modified, "date of its last change"
	if at.Value == "" {
		at, name = after.Version, "version"
	}
	if at.Value == "" {
		at, name = after.Date, "date"
	}
	var f *Finding
	if after.Modified.Value == "" && after.Version.Value == "" && after.Vendor == rule.Sigma {
		f = p.Report(at.Span, "modified", `the logic of this rule changed; expected a "modified" date, it has only the date %q`, at.Value)
	} else {
		f = p.Report(at.Span, "modified", "the logic of this rule changed, the %s is %q as before", name, at.Value)
	}
	f.Hint = changedLogic(before, after)
	if rejoined {
		f.Hint = "the same comparisons, put together differently"
	}
}

// findsOther reports whether there is an event that one of two versions of a
// rule finds and the other does not: their comparisons may be the same and
// "and" have become "or".
func findsOther(before, after *normalize.Rule) bool {
	switch meaning.Compare(before, after).Verdict {
	case meaning.Wider, meaning.Narrower, meaning.Both:
		return true
	}
	return false
}

// logic is equal for rules whose conditions mean the same but for order.
func logic(r *normalize.Rule) string {
	var rows []string
	for i := range r.Predicates {
		rows = append(rows, fmt.Sprintf("%s %v", keyText(r.Predicates[i].Key), r.Predicates[i].Negated))
	}
	for _, clause := range r.ExclusionKeys() {
		var keys []string
		for _, k := range clause {
			keys = append(keys, keyText(k))
		}
		slices.Sort(keys)
		rows = append(rows, "not "+strings.Join(keys, "\x00"))
	}
	slices.Sort(rows)
	return fmt.Sprintf("%d %v\x01%s", r.Paths(), r.Stateful, strings.Join(slices.Compact(rows), "\x01"))
}

// changedLogic names up to three predicates that one of two versions has and
// the other has not.
func changedLogic(before, after *normalize.Rule) string {
	rows := func(r *normalize.Rule) []string {
		var out []string
		for i := range r.Predicates {
			text := describe(r.Predicates[i].Key)
			if r.Predicates[i].Negated {
				text = "not " + text
			}
			if !slices.Contains(out, text) {
				out = append(out, text)
			}
			if len(out) == maxCompared {
				break
			}
		}
		return out
	}
	old, now := rows(before), rows(after)
	missing := func(from, in []string) []string {
		return slices.DeleteFunc(slices.Clone(from), func(s string) bool { return slices.Contains(in, s) })
	}
	var parts []string
	for word, list := range map[string][]string{"added": missing(now, old), "dropped": missing(old, now)} {
		if len(list) > 3 {
			list = append(list[:3:3], fmt.Sprintf("%d more", len(list)-3))
		}
		if len(list) > 0 {
			parts = append(parts, word+" "+strings.Join(list, ", "))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// maxCompared is how many predicates of a version are compared for a hint.
const maxCompared = 500
