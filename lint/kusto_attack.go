package lint

import (
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/rule"
)

// preAttack is what Sentinel called the tactics before the attack, which
// ATT&CK has had as two of its own since v8.
const preAttack = "PreAttack"

// sentinelTactic writes the short name of a tactic as Sentinel has it:
// command-and-control is CommandAndControl.
func sentinelTactic(short string) string {
	var b strings.Builder
	for _, word := range strings.Split(short, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// defenderLabels are what Defender's hunting queries are sorted by besides the
// tactics of ATT&CK; some are categories of its alerts, too.
var defenderLabels = set(
	"Malware", "Malware,component", "Ransomware", "Exploit", "Vulnerability", "Misconfiguration", "SuspiciousActivity",
	"UnwantedSoftware", "General",
)

// unknownKustoTactic reports tactics that ATT&CK does not have. Sentinel
// refuses a rule for one; in a hunting query it only leads nowhere.
func unknownKustoTactic(p *Pass, doc *kusto.Document) {
	for _, t := range doc.Tactics {
		word := strings.ReplaceAll(t.Value, " ", "")
		if word == "" || computed(t.Value) || word == preAttack || p.shortTactic(word) != "" || doc.Shape == kusto.Custom && defenderLabels[word] {
			continue
		}
		severity := Warning
		if sentinelRule(p, doc) {
			severity = Error
		}
		if defenderLabels[word] && severity < Error {
			p.Report(t.Span, t.Value, "%q is a label of Defender's hunting queries and no tactic of ATT&CK", t.Value).Severity = Info
			continue
		}
		meant := near.Word(word, tacticNames(p.tables()))
		if meant == "" {
			p.Report(t.Span, t.Value, "%q is no tactic of ATT&CK", t.Value).Severity = severity
			continue
		}
		right := sentinelTactic(meant)
		f := p.Report(t.Span, t.Value, "%q is no tactic of ATT&CK, did you mean %q?", t.Value, right)
		f.Severity = severity
		p.fixIn(f, t.Span, t.Value, right)
	}
}

// retiredKustoTactic reports the tactic that Sentinel itself no longer has.
// That a rule is still mapped to v18 is for the check attack-version.
func retiredKustoTactic(p *Pass, doc *kusto.Document) {
	for _, t := range doc.Tactics {
		if t.Value != preAttack {
			continue
		}
		successors := []string{"reconnaissance", "resource-development"}
		meant := successorsOf(p.tables(), successors, p.Techniques)
		if len(meant) != 1 {
			p.Report(t.Span, t.Value, "Sentinel has no tactic %q any more, it is now %s", t.Value, quotedOr([]string{sentinelTactic(successors[0]), sentinelTactic(successors[1])}))
			continue
		}
		right := sentinelTactic(meant[0])
		f := p.Report(t.Span, t.Value, "Sentinel has no tactic %q any more, by the rule's techniques it is %q", t.Value, right)
		p.fixIn(f, t.Span, t.Value, right)
	}
}

// addKustoTactic gives a finding about a technique the fix that adds the
// tactic it belongs to.
func (p *Pass) addKustoTactic(f *Finding, doc *kusto.Document, tactic string) {
	if doc.Shape != kusto.Analytics && doc.Shape != kusto.Hunting || len(doc.Tactics) == 0 {
		return
	}
	name := sentinelTactic(tactic)
	if edit, ok := p.insertItem(doc.Tactics[len(doc.Tactics)-1].Span, name); ok {
		f.Fix = &Fix{Title: "add " + quote(name), Edits: []Edit{edit}}
	}
}

// writtenTechniques are the techniques of a rule, with what stands for one and
// has not the form of an id.
func (p *Pass) writtenTechniques() []rule.Text {
	doc := kustoDocument(p)
	if doc == nil {
		return p.Techniques
	}
	out := make([]rule.Text, 0, len(doc.Techniques))
	for _, t := range doc.Techniques {
		value := strings.TrimSpace(t.Value)
		if value == "" || computed(value) {
			continue
		}
		if upper := strings.ToUpper(value); isTechniqueID(upper) {
			value = upper
		}
		out = append(out, rule.Text{Value: value, Span: t.Span})
	}
	return out
}
