package lint

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var attackVersionCheck = &Check{
	ID:       "attack-version",
	Severity: Info,
	Vendors:  []rule.Vendor{rule.Elastic, rule.Kusto},
	Summary:  "Rules are mapped to an ATT&CK version whose tactics have changed since",
	Rationale: `ATT&CK v19 divided Defense Evasion into Stealth and Defense Impairment, and revoked the techniques below T1562. A
mapping of Elastic names a tactic with its id, name and address, and Sentinel has the tactics of one version, so a
repository moves from one to the other as a whole. detlint understands both, and counts techniques of v18 under their successors; this is one finding for all
rules, so that the move is not forgotten. A rule that names a revoked technique and no tactic of v18 is reported by
itself, by ` + "`revoked-technique`" + `, and so is, in any rule, a technique that an earlier version had revoked.`,
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
	found := map[rule.Vendor]*outdated{rule.Elastic: {}, rule.Kusto: {}}
	for i := range p.Rules {
		s := &p.Rules[i]
		o := found[s.Vendor]
		if o == nil || s.Retired || !olderTactic(s.Tactics) {
			continue
		}
		if o.first == nil || s.Path < o.first.Path {
			o.first = s
		}
		o.rules++
		gone := false
		for _, id := range s.Techniques {
			if old, ok := attack.Lookup(id); ok && old.RevokedByVersion() {
				gone = true
				if o.example == "" || id < o.example {
					o.example = id
				}
			}
		}
		if gone {
			o.revoked++
		}
	}
	p.olderVersion(found[rule.Elastic], "v18")
	p.olderVersion(found[rule.Kusto], "v18 kusto")
}

// olderVersion reports the rules of a vendor that are mapped to a version with
// Defense Evasion.
func (p *RepositoryPass) olderVersion(o *outdated, value string) {
	if o.first == nil {
		return
	}
	text := fmt.Sprintf("%s to the tactic Defense Evasion, which ATT&CK %s divided into Stealth and Defense Impairment", mapped(o.rules), attack.Version)
	if o.revoked > 0 {
		now, _ := attack.Current(o.example)
		text += fmt.Sprintf("; %d of them to techniques that it revoked, such as %s, now %s", o.revoked, o.example, now.ID)
	}
	f := p.Report(o.first, o.first.Title.Range, value, "%s", text)
	// The finding is about the repository, whichever rule comes first.
	f.RuleID, f.RuleTitle = "", ""
	f.Fingerprint = fingerprint("repository", p.check.ID, value)
}

func mapped(rules int) string {
	if rules == 1 {
		return "one rule is mapped"
	}
	return fmt.Sprintf("%d rules are mapped", rules)
}

// olderTactic reports whether one of the tactics is of an older version.
func olderTactic(tactics []string) bool {
	for _, t := range tactics {
		if len(attack.TacticSuccessors(t)) > 0 {
			return true
		}
	}
	return false
}

// ofOlderVersion reports whether a rule is mapped to the version of ATT&CK
// before, and its repository moves from one to the other as a whole.
func (p *Pass) ofOlderVersion() bool {
	if p.Vendor != rule.Elastic && p.Vendor != rule.Kusto {
		return false
	}
	for _, t := range p.Tactics {
		if len(attack.TacticSuccessors(strings.ToLower(t.Value))) > 0 {
			return true
		}
	}
	return false
}
