package lint

import (
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/rule"
)

var threatMappingCheck = &Check{
	ID:       "threat-mapping",
	Severity: Warning,
	Vendors:  onlyElastic,
	Summary:  "An entry of a rule's ATT&CK mapping contradicts itself",
	Rationale: `Each entry names a tactic and its techniques three times: by id, by name and by address. Dashboards show one of them,
exports and coverage maps another. Where they disagree, most often because an entry was copied and changed in part, the
rule counts for one technique here and for another one there.

Names and tactics of ATT&CK v18 and v19 are both understood: TA0005 is Defense Evasion in one and Stealth in the other.
A name that is nobody else's is let pass, since ATT&CK renames techniques. A tactic belongs in one entry with all of its
techniques, and a sub-technique under its own technique.`,
	Bad: exampleElastic("Scheduled Task Made by a Browser") + `
[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "T1053"
name = "Scheduled Task/Job"
reference = "https://attack.mitre.org/techniques/T1059/"

[[rule.threat.technique.subtechnique]]
id = "T1053.005"
name = "Scheduled Task"
reference = "https://attack.mitre.org/techniques/T1053/005/"

[rule.threat.tactic]
id = "TA0003"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"
`,
	Good: exampleElastic("Scheduled Task Made by a Browser") + `
[[rule.threat]]
framework = "MITRE ATT&CK"

[[rule.threat.technique]]
id = "T1053"
name = "Scheduled Task/Job"
reference = "https://attack.mitre.org/techniques/T1053/"

[[rule.threat.technique.subtechnique]]
id = "T1053.005"
name = "Scheduled Task"
reference = "https://attack.mitre.org/techniques/T1053/005/"

[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"
`,
	Rule: threatMapping,
}

func threatMapping(p *Pass) {
	doc := elasticDocument(p)
	if doc == nil {
		return
	}
	tactics := map[string]rule.Text{}
	for i := range doc.Threats {
		t := &doc.Threats[i]
		if !t.IsATTACK() {
			continue
		}
		p.tacticEntry(t)
		if short := p.shortTactic(t.Tactic.Name.Value); short != "" {
			if first, twice := tactics[short]; twice {
				f := p.Report(t.Tactic.Name.Span, "tactic:"+short, "tactic %q has two entries, expected one with all of its techniques", t.Tactic.Name.Value)
				f.Severity = Info
				f.Related = []Location{{Path: p.Path(), Range: p.Source.Range(first.Span), Message: "the first one"}}
			} else {
				tactics[short] = t.Tactic.Name
			}
		}
		p.techniqueEntries(t)
	}
}

// shortTactic is the short name of a tactic that a rule names, empty when
// ATT&CK never had it.
func (p *Pass) shortTactic(name string) string {
	if named := p.tables().LookupTactic(name); name != "" && len(named) > 0 {
		return named[0].ShortName
	}
	return ""
}

func (p *Pass) tacticEntry(t *elastic.Threat) {
	id, name := t.Tactic.ID, t.Tactic.Name
	if id.Value == "" && name.Value == "" {
		p.Report(p.firstLine(t.Span), "tactic", "an entry of the mapping has no tactic")
		return
	}
	named := p.tables().LookupTactic(name.Value)
	if name.Value != "" && len(named) == 0 {
		meant := near.Word(name.Value, tacticTitles(p.tables()))
		if meant == "" {
			p.Report(name.Span, "tactic:"+name.Value, "%q is no tactic of ATT&CK", name.Value)
		} else {
			f := p.Report(name.Span, "tactic:"+name.Value, "%q is no tactic of ATT&CK, did you mean %q?", name.Value, meant)
			p.fixIn(f, name.Span, name.Value, meant)
		}
		return
	}
	if id.Value != "" && len(named) > 0 {
		fits := false
		for _, n := range named {
			fits = fits || n.ID == id.Value
		}
		if !fits {
			// A name that enterprise had once is another matrix's today.
			expected := named[0].ID
			for _, n := range named {
				if n.Domain == attack.Enterprise {
					expected = n.ID
					break
				}
			}
			f := p.Report(id.Span, "tactic:"+id.Value, "tactic id %q is not that of %q, expected %q", id.Value, name.Value, expected)
			p.fixIn(f, id.Span, id.Value, expected)
			return
		}
	}
	p.reference(t.Tactic, "tactics")
}

// tacticTitles are the names of all tactics of enterprise, old ones included.
func tacticTitles(tables *attack.Tables) []string {
	names := []string{"Defense Evasion"}
	for _, t := range tables.Tactics(attack.Enterprise) {
		names = append(names, t.Name)
	}
	return names
}

func (p *Pass) techniqueEntries(t *elastic.Threat) {
	seen := map[string]bool{}
	for i := range t.Techniques {
		technique := &t.Techniques[i]
		id := technique.ID
		if seen[id.Value] && id.Value != "" {
			p.Report(id.Span, "technique:"+id.Value, "technique %s stands twice in one entry", id.Value).Severity = Info
		}
		seen[id.Value] = true
		if parent := attack.Parent(id.Value); parent != "" && isTechniqueID(id.Value) {
			p.Report(id.Span, "technique:"+id.Value, "%s is a sub-technique, expected it as %q under %s", id.Value, "subtechnique", parent)
		}
		p.namedEntry(technique.Named)
		for _, sub := range technique.Subtechniques {
			switch parent := attack.Parent(sub.ID.Value); {
			case !isTechniqueID(sub.ID.Value):
			case parent == "":
				p.Report(sub.ID.Span, "subtechnique:"+sub.ID.Value, "%s is no sub-technique, expected it as %q", sub.ID.Value, "technique")
			case isTechniqueID(id.Value) && parent != id.Value:
				p.Report(sub.ID.Span, "subtechnique:"+sub.ID.Value, "sub-technique %s stands under %s, expected it under %s", sub.ID.Value, id.Value, parent)
			}
			p.namedEntry(sub)
		}
	}
}

// namedEntry compares the name and the address of a technique with its id.
func (p *Pass) namedEntry(n elastic.Named) {
	technique, ok := p.tables().Lookup(n.ID.Value)
	if !ok {
		return // the check unknown-technique says so
	}
	if name := strings.TrimSpace(n.Name.Value); name != "" && !strings.EqualFold(name, technique.Name) {
		other := idNamed(p.tables(), name)
		switch {
		case other != "" && other != n.ID.Value:
			f := p.Report(n.Name.Span, "name:"+n.ID.Value, "%s is %q, not %q", n.ID.Value, technique.Name, name)
			p.fixIn(f, n.Name.Span, n.Name.Value, technique.Name)
		case other == "" && near.Distance(strings.ToLower(name), strings.ToLower(technique.Name)) <= 2:
			f := p.Report(n.Name.Span, "name:"+n.ID.Value, "%s is %q, the name here is spelled %q", n.ID.Value, technique.Name, name)
			p.fixIn(f, n.Name.Span, n.Name.Value, technique.Name)
		}
	}
	p.reference(n, "techniques")
}

// idNamed is the id of a technique of that name, empty when none has it.
func idNamed(tables *attack.Tables, name string) string {
	for t := range tables.Techniques("") {
		if strings.EqualFold(t.Name, name) {
			return t.ID
		}
	}
	return ""
}

// reference compares the address of a page of ATT&CK's site with the id that
// it should be about. Folder is where pages of its kind are.
func (p *Pass) reference(n elastic.Named, folder string) {
	_, rest, ok := strings.Cut(n.Reference.Value, "attack.mitre.org/")
	if !ok || n.ID.Value == "" {
		return
	}
	parts := strings.Split(strings.Trim(rest, "/"), "/")
	if parts[0] != "techniques" && parts[0] != "tactics" {
		return
	}
	got, right := strings.Join(parts[1:], "."), folder+"/"+strings.ReplaceAll(n.ID.Value, ".", "/")+"/"
	var f *Finding
	switch {
	case got != n.ID.Value:
		f = p.Report(n.Reference.Span, "reference:"+n.ID.Value, "the address is that of %q, expected that of %s", got, n.ID.Value)
	case parts[0] != folder:
		f = p.Report(n.Reference.Span, "reference:"+n.ID.Value, "the address has %s below %q, expected %q", n.ID.Value, parts[0], folder)
	default:
		return
	}
	p.fixIn(f, n.Reference.Span, rest, right)
}

// firstLine is the part of a span on its first line.
func (p *Pass) firstLine(sp rule.Span) rule.Span {
	_, end, _ := p.line(rule.Span{Start: sp.Start, End: sp.Start})
	return rule.Span{Start: sp.Start, End: min(max(end, sp.Start), sp.End)}
}
