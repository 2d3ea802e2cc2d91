package lint

import (
	"strings"
	"sync"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/rule"
)

var tacticTechniqueCheck = &Check{
	ID:       "tactic-technique",
	Severity: Warning,
	Vendors:  []rule.Vendor{rule.Sigma, rule.Elastic, rule.Kusto},
	Summary:  "The rule is tagged with tactics, and with a technique that belongs to none of them",
	Rationale: `Either the technique or the tactic is wrong, or the technique's tactic was forgotten; on a matrix the rule then stands
in a column where the technique is not. The other way round, a tactic without a technique of its own, is common and
often meant, and not reported.

In a mapping of Elastic each entry lists the techniques of one tactic, so a technique that stands under another one is
reported.

Sentinel takes a technique only together with its tactic, and refuses the rule otherwise.

Tactics of ATT&CK v18 and v19 are both understood: a technique of Stealth or Defense Impairment belongs to Defense
Evasion too. A rule without any tactic is not reported.`,
	Bad: `title: Credential file read by a script host
id: 8192a3b4-c5d6-47e8-b90a-123456789017
status: test
tags:
    - attack.discovery
    - attack.t1552.001
logsource:
    category: file_access
    product: windows
detection:
    selection:
        Image|endswith: '\cscript.exe'
        FileName|endswith: '\passwords.kdbx'
    condition: selection
level: medium
`,
	Good: `title: Credential file read by a script host
id: 8192a3b4-c5d6-47e8-b90a-123456789017
status: test
tags:
    - attack.credential-access
    - attack.t1552.001
logsource:
    category: file_access
    product: windows
detection:
    selection:
        Image|endswith: '\cscript.exe'
        FileName|endswith: '\passwords.kdbx'
    condition: selection
level: medium
`,
	More: func() []Example {
		return []Example{
			{
				Bad:  exampleElastic("Script Started") + elasticThreat("T1059", "Command and Scripting Interpreter", "TA0003", "Persistence"),
				Good: exampleElastic("Script Started") + elasticThreat("T1059", "Command and Scripting Interpreter", "TA0002", "Execution"),
			},
			contrast(exampleKusto, "Script Started", "- Execution", "- Persistence", "- Execution"),
		}
	},
	Rule: tacticTechnique,
}

func tacticTechnique(p *Pass) {
	if doc := elasticDocument(p); doc != nil {
		p.tacticOfEntries(doc)
		return
	}
	if len(p.Tactics) == 0 {
		return
	}
	for _, t := range p.Techniques {
		if p.hasTactic(t.Value) {
			continue
		}
		technique, ok := p.current(t.Value)
		if !ok || technique.Status != attack.Active || len(technique.Tactics) == 0 {
			continue
		}
		if doc := kustoDocument(p); doc != nil {
			// Sentinel has the tactics of the version before.
			tactics := attack.TacticsIn(attack.Older, technique.Tactics)
			f := p.Report(t.Span, t.Value, "technique %s (%s) belongs to %s, which the rule does not name", t.Value, technique.Name, p.either(tactics))
			if len(tactics) == 1 {
				p.addKustoTactic(f, doc, tactics[0])
			}
			continue
		}
		tactics := attack.TacticsIn(p.attack(), technique.Tactics)
		f := p.Report(t.Span, t.Value, "technique %s (%s) belongs to %s, which the rule is not tagged with", t.Value, technique.Name, p.either(tactics))
		if len(tactics) != 1 {
			continue
		}
		if edit, ok := p.insertItem(t.Span, "attack."+tactics[0]); ok {
			f.Fix = &Fix{Title: `add "attack.` + tactics[0] + `"`, Edits: []Edit{edit}}
		}
	}
}

// tacticOfEntries looks at the entries of Elastic's mapping, each of which
// lists the techniques of one tactic.
func (p *Pass) tacticOfEntries(doc *elastic.Document) {
	for i := range doc.Threats {
		t := &doc.Threats[i]
		tactic := p.shortTactic(t.Tactic.Name.Value)
		// What v18 had in Defense Evasion is not wholly known.
		if tactic == "" || !t.IsATTACK() || len(p.tables().TacticSuccessors(tactic)) > 0 {
			continue
		}
		for _, technique := range t.Techniques {
			for _, n := range append([]elastic.Named{technique.Named}, technique.Subtechniques...) {
				now, ok := p.current(n.ID.Value)
				if !ok || now.Status != attack.Active || len(now.Tactics) == 0 || p.mayBelong(n.ID.Value, tactic) {
					continue
				}
				own, _ := p.tables().Lookup(n.ID.Value)
				p.Report(n.ID.Span, n.ID.Value+" "+tactic, "technique %s (%s) belongs to %s, and stands under %s", n.ID.Value, own.Name, p.either(attack.TacticsIn(p.attack(), now.Tactics)), t.Tactic.Name.Value)
			}
		}
	}
}

// hasTactic reports whether the technique belongs to one of the rule's tactics, or
// may do so for all that is known.
func (p *Pass) hasTactic(technique string) bool {
	for _, tactic := range p.Tactics {
		if p.mayBelong(technique, tactic.Value) {
			return true
		}
	}
	return false
}

// membership says of a technique and a tactic whether they may go together.
// Rules ask about the same few pairs over and over; only pairs of ATT&CK's own
// are kept, so their number has a bound.
var membership sync.Map

type pair struct {
	tables            *attack.Tables
	technique, tactic string
}

func (p *Pass) mayBelong(technique, tactic string) bool {
	key := pair{p.tables(), technique, tactic}
	if have, ok := membership.Load(key); ok {
		return have.(bool)
	}
	belongs, known := p.tables().BelongsTo(technique, tactic)
	if known && p.tables().HasTactic(tactic) && isTechniqueID(technique) {
		membership.Store(key, belongs)
	}
	return belongs || !known
}

// either lists tactics by their names.
func (p *Pass) either(tactics []string) string {
	names := make([]string, len(tactics))
	for i, short := range tactics {
		names[i] = short
		if named := p.tables().LookupTactic(short); len(named) > 0 {
			names[i] = named[0].Name
		}
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return names[0]
}
