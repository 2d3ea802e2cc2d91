package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var attackVersionCheck = &Check{
	ID:       "attack-version",
	Severity: Info,
	Vendors:  []rule.Vendor{rule.Elastic, rule.Splunk, rule.Kusto},
	Summary:  "Rules are mapped to an ATT&CK version that has changed since",
	Rationale: `ATT&CK v19 divided Defense Evasion into Stealth and Defense Impairment, and revoked the techniques below T1562. A
mapping of Elastic names a tactic with its id, name and address, and Sentinel has the tactics of one version, so a
repository moves from one to the other as a whole. detlint understands both, and counts techniques of v18 under their
successors; this is one finding for all rules of a vendor, so that the move is not forgotten. A rule that names a revoked technique and no tactic of v18 is reported by
itself, by ` + "`revoked-technique`" + `, and so is, in any rule, a technique that an earlier version had revoked.

The rules of Splunk name techniques alone, and contentctl looks up their tactics in the version of ATT&CK it has. Those
that v19 revoked are said once for the repository, with their number. What a change adds to them, revoked-technique
reports by itself.`,
	Bad: exampleElastic("History File Emptied") + `
[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "T1562"
name = "Impair Defenses"
reference = "https://attack.mitre.org/techniques/T1562/"

[rule.threat.tactic]
id = "TA0005"
name = "Defense Evasion"
reference = "https://attack.mitre.org/tactics/TA0005/"
`,
	Good: exampleElastic("History File Emptied") + `
[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "T1685"
name = "Disable or Modify Tools"
reference = "https://attack.mitre.org/techniques/T1685/"

[rule.threat.tactic]
id = "TA0112"
name = "Defense Impairment"
reference = "https://attack.mitre.org/tactics/TA0112/"
`,
	More: func() []Example {
		return []Example{
			contrast(exampleSplunk, "History File Emptied", "T1059.001", "T1562.001", "T1685"),
			{
				Bad:  exampleKusto("History File Emptied", "- Execution", "- DefenseEvasion", "T1059.003", "T1070.003"),
				Good: exampleKusto("History File Emptied"),
			},
		}
	},
	Repository: attackVersion,
}

// outdated are the rules of a vendor that are mapped to an older version.
type outdated struct {
	first   *normalize.Summary // by path
	rules   int
	revoked int    // those with a technique that is revoked now
	example string // the first of these techniques
}

func attackVersion(p *RepositoryPass) {
	if p.older {
		return // the repository stays with that version on purpose
	}
	found := map[rule.Vendor]*outdated{rule.Elastic: {}, rule.Splunk: {}, rule.Kusto: {}}
	for i := range p.Rules {
		s := &p.Rules[i]
		o := found[s.Vendor]
		if o == nil || s.Retired || s.Vendor != rule.Splunk && !olderTactic(p.tables, s.Tactics) {
			continue
		}
		gone := false
		for _, id := range s.Techniques {
			if old, ok := p.tables.Lookup(id); ok && p.tables.RevokedByVersion(old) {
				gone = true
				if o.example == "" || id < o.example {
					o.example = id
				}
			}
		}
		if s.Vendor == rule.Splunk && !gone {
			continue // only the ids tell the version
		}
		if o.first == nil || s.Path < o.first.Path {
			o.first = s
		}
		if o.rules++; gone {
			o.revoked++
		}
	}
	p.olderTactics(found[rule.Elastic], "v18")
	p.olderTactics(found[rule.Kusto], "v18 kusto")
	if o := found[rule.Splunk]; o.first != nil {
		now, _ := p.tables.Current(o.example)
		p.ofRepository(o.first, "v18 splunk", fmt.Sprintf("%s to techniques that ATT&CK %s revoked, such as %s, now %s", mapped(o.rules), p.tables.Version, o.example, now.ID))
	}
}

// olderTactics reports the rules of a vendor that are mapped to a version with
// Defense Evasion.
func (p *RepositoryPass) olderTactics(o *outdated, value string) {
	if o.first == nil {
		return
	}
	text := fmt.Sprintf("%s to the tactic Defense Evasion, which ATT&CK %s divided into Stealth and Defense Impairment", mapped(o.rules), p.tables.Version)
	if o.revoked > 0 {
		now, _ := p.tables.Current(o.example)
		text += fmt.Sprintf("; %d of them to techniques that it revoked, such as %s, now %s", o.revoked, o.example, now.ID)
	}
	p.ofRepository(o.first, value, text)
}

// ofRepository reports something about the repository, whichever rule comes
// first.
func (p *RepositoryPass) ofRepository(first *normalize.Summary, value, text string) {
	f := p.Report(first, first.Title.Range, value, "%s", text)
	f.RuleID, f.RuleTitle = "", ""
	f.Fingerprint = fingerprint("repository", p.check.ID, value)
}

func mapped(rules int) string {
	if rules == 1 {
		return "one rule is mapped"
	}
	return fmt.Sprintf("%d rules are mapped", rules)
}

// TellsVersion reports whether one of the findings about a change is that rules
// are newly mapped to an older version.
func TellsVersion(ofChange []Finding) bool {
	return slices.ContainsFunc(ofChange, func(f Finding) bool { return f.Check == revokedTechniqueCheck.ID })
}

// IsOfVersion reports whether a finding is the one about all rules that are
// mapped to an older version.
func IsOfVersion(f *Finding) bool { return f.Check == attackVersionCheck.ID }

// olderTactic reports whether one of the tactics is of an older version.
func olderTactic(tables *attack.Tables, tactics []string) bool {
	for _, t := range tactics {
		if len(tables.TacticSuccessors(t)) > 0 {
			return true
		}
	}
	return false
}

// ofOlderVersion reports whether a rule may be mapped to the version of ATT&CK
// before, and its repository moves from one to the other as a whole. Sentinel
// itself has not moved.
func (p *Pass) ofOlderVersion() bool { return p.linter.ofOlderVersion(p.Rule) }

func (l *Linter) ofOlderVersion(r *normalize.Rule) bool {
	if l.moves && r.Vendor != rule.Kusto {
		return false
	}
	if r.Vendor == rule.Splunk {
		return true
	}
	if r.Vendor != rule.Elastic && r.Vendor != rule.Kusto {
		return false
	}
	for _, t := range r.Tactics {
		if len(l.settings.tables().TacticSuccessors(strings.ToLower(t.Value))) > 0 {
			return true
		}
	}
	return false
}
