package lint

import (
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/rule"
)

var unknownTacticCheck = &Check{
	ID:       "unknown-tactic",
	Severity: Error,
	Vendors:  []rule.Vendor{rule.Sigma, rule.Kusto},
	Summary:  "An ATT&CK tag that is neither a tactic nor an id",
	Rationale: `After ` + "`attack.`" + ` stands an id (a technique, group, software, …) or a tactic's name with hyphens. Anything else is on no
map, and tools that check tags refuse the rule. The tactics of a rule of Sentinel are names such as ` + "`InitialAccess`" + `;
what Defender's hunting queries are sorted by besides, such as Ransomware, is none.`,
	Bad: `title: Run key set by an installer script
id: 92a3b4c5-d6e7-48f9-8a0b-234567890118
status: test
tags:
    - attack.persistance
    - attack.t1547.001
logsource:
    category: registry_set
    product: windows
detection:
    selection:
        TargetObject|contains: '\CurrentVersion\Run\'
        Image|endswith: '\setup.tmp'
    condition: selection
level: medium
`,
	Good: `title: Run key set by an installer script
id: 92a3b4c5-d6e7-48f9-8a0b-234567890118
status: test
tags:
    - attack.persistence
    - attack.t1547.001
logsource:
    category: registry_set
    product: windows
detection:
    selection:
        TargetObject|contains: '\CurrentVersion\Run\'
        Image|endswith: '\setup.tmp'
    condition: selection
level: medium
`,
	More: func() []Example {
		return []Example{
			contrast(exampleKusto, "Script Started", "- Execution", "- Executoin", "- Execution"),
		}
	},
	Rule: unknownTactic,
}

func unknownTactic(p *Pass) {
	if doc := kustoDocument(p); doc != nil {
		unknownKustoTactic(p, doc)
		return
	}
	for _, t := range p.Tactics {
		if older := attack.OlderTactic(t.Value); older != "" && p.attack() == attack.Older {
			f := p.Report(t.Span, t.Value, "the tactic %q came with ATT&CK %s, the rules here are mapped to %s; expected %q", t.Value, p.tables().Version, attack.Older, older)
			p.fixTactic(f, t, older)
			continue
		}
		if t.Value == "" || p.tables().HasTactic(t.Value) || len(p.tables().LookupTactic(t.Value)) > 0 {
			continue
		}
		meant := near.Word(t.Value, tacticNames(p.tables()))
		if meant == "" {
			p.Report(t.Span, t.Value, "%q is no tactic of ATT&CK; the tactics are %s", t.Value, strings.Join(enterpriseTactics(p.tables()), ", "))
			continue
		}
		f := p.Report(t.Span, t.Value, "%q is no tactic of ATT&CK, did you mean %q?", t.Value, meant)
		p.fixTactic(f, t, meant)
	}
}

// fixTactic gives a finding about a tactic's tag the fix that puts another
// tactic in its place.
func (p *Pass) fixTactic(f *Finding, t rule.Text, tactic string) {
	for _, tag := range p.Tags {
		if tag.Span == t.Span {
			_, name, _ := strings.Cut(tag.Value, ".")
			p.replaceTag(f, t.Span, name, tactic)
		}
	}
}

// tacticNames are the short names of all tactics, the one that v19 divided
// included.
func tacticNames(tables *attack.Tables) []string {
	var names []string
	for _, t := range tables.Tactics("") {
		if !contains(names, t.ShortName) {
			names = append(names, t.ShortName)
		}
	}
	return append(names, "defense-evasion")
}

func enterpriseTactics(tables *attack.Tables) []string {
	var names []string
	for _, t := range tables.Tactics(attack.Enterprise) {
		names = append(names, t.ShortName)
	}
	return names
}

var retiredTacticCheck = &Check{
	ID:       "retired-tactic",
	Severity: Info,
	Vendors:  []rule.Vendor{rule.Sigma, rule.Elastic, rule.Kusto},
	Summary:  "A tactic that ATT&CK no longer has",
	Rationale: `ATT&CK v19 divided Defense Evasion into Stealth and Defense Impairment. Rules tagged with the old name are counted by
detlint all the same, for both sides of a comparison, and by tools that are pinned to v18. Current tools do not know it.

Where the rule's techniques say which of the two is meant, the fix puts it in place. A repository that stays with v18
for now says so in its [configuration](../attack.md).

Of rules of Elastic it is the check attack-version that says so, once for all; ` + "`detlint fix`" + ` moves each entry of their
mapping. Sentinel has the tactics of v18, so a rule of it is only reported for ` + "`PreAttack`" + `, which is Reconnaissance and
ResourceDevelopment today.`,
	Bad: `title: Hidden folder in a web root
id: a3b4c5d6-e7f8-490a-9b1c-345678901219
status: test
tags:
    - attack.defense-evasion
    - attack.t1564.001
logsource:
    category: process_creation
    product: linux
detection:
    selection:
        Image|endswith: '/mkdir'
        CommandLine|contains: '/var/www/.'
    condition: selection
level: high
`,
	Good: `title: Hidden folder in a web root
id: a3b4c5d6-e7f8-490a-9b1c-345678901219
status: test
tags:
    - attack.stealth
    - attack.t1564.001
logsource:
    category: process_creation
    product: linux
detection:
    selection:
        Image|endswith: '/mkdir'
        CommandLine|contains: '/var/www/.'
    condition: selection
level: high
`,
	More: func() []Example {
		return []Example{
			{
				Bad:  exampleKusto("Scan From Outside", "- Execution", "- PreAttack", "T1059.003", "T1595"),
				Good: exampleKusto("Scan From Outside", "- Execution", "- Reconnaissance", "T1059.003", "T1595"),
			},
		}
	},
	Without: map[rule.Language]string{"eql": "`attack-version` says it once for all rules of Elastic"},
	Rule:    retiredTactic,
}

func retiredTactic(p *Pass) {
	if doc := kustoDocument(p); doc != nil {
		retiredKustoTactic(p, doc)
		return
	}
	if doc := elasticDocument(p); doc != nil {
		p.retiredEntries(doc)
		return
	}
	for _, t := range p.Tactics {
		if p.tables().HasTactic(t.Value) || !retiredFor(p.tables(), t.Value, p.Techniques) {
			continue
		}
		successors := p.tables().TacticSuccessors(t.Value)
		if len(successors) > 0 && p.attack() == attack.Older {
			continue
		}
		if len(successors) == 0 {
			p.Report(t.Span, t.Value, "ATT&CK %s has no tactic %q any more", p.tables().Version, t.Value)
			continue
		}
		meant := successorsOf(p.tables(), successors, p.Techniques)
		if len(meant) == 0 {
			p.Report(t.Span, t.Value, "ATT&CK %s has no tactic %q any more, it is now %s", p.tables().Version, t.Value, quotedOr(successors))
			continue
		}
		f := p.Report(t.Span, t.Value, "ATT&CK %s has no tactic %q any more, by the rule's techniques it is %s", p.tables().Version, t.Value, quotedOr(meant))
		if len(meant) == 1 {
			p.fixTactic(f, t, meant[0])
		}
	}
}

// retiredFor reports whether a tactic is retired in the matrices that the
// techniques are from; those of enterprise when there are none.
func retiredFor(tables *attack.Tables, tactic string, techniques []rule.Text) bool {
	domains := map[string]bool{}
	for _, t := range techniques {
		if technique, ok := tables.Lookup(t.Value); ok {
			domains[technique.Domain] = true
		}
	}
	retired := false
	for _, named := range tables.LookupTactic(tactic) {
		if !named.Retired && (domains[named.Domain] || named.Domain == attack.Enterprise) {
			return false
		}
		retired = retired || named.Retired
	}
	return retired
}

// successorsOf are the tactics that the techniques belong to, among those that
// took the place of another one.
func successorsOf(tables *attack.Tables, successors []string, techniques []rule.Text) []string {
	var meant []string
	for _, s := range successors {
		for _, t := range techniques {
			if now, ok := tables.Current(t.Value); ok && contains(now.Tactics, s) {
				meant = append(meant, s)
				break
			}
		}
	}
	return meant
}

func quotedOr(words []string) string {
	return `"` + strings.Join(words, `" or "`) + `"`
}
