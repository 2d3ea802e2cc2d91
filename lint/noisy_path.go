package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// The bounds of how many public rules share the narrowest indicator of a path.
// So many rules look at the start of processes that names of programs are
// shared more there, and say less. A rule that wakes people up is worth a
// warning. docs/quality.md has what became of the rules that these bounds pick.
const (
	noisyReach   = 20
	noisyProcess = 25
	noisyWarning = 25 // of rules of level high and critical, for one indicator alone
)

var noisyPathCheck = &Check{
	ID:       "noisy-path",
	Severity: Info,
	Summary:  "The rule can fire on an indicator alone that very many public rules share",
	Rationale: `Each way for a rule to fire is a path through its condition. A path is as narrow as its narrowest indicator: a popular
one beside a rare one is fine, a popular one alone is not. The reach of an indicator is the number of public rules that
use it, in whichever language; the rule itself does not count.

The check names the narrowest indicator of the widest path when 20 or more public rules share it, 25 where the rule looks
at the start of processes: so many rules do that names of programs are shared more there. Most of those rules combine it
with something else; so should this rule, unless every single hit is worth a look. The hint names what they add.

It is information. Rules of level high and critical, which wake people up, get a warning from 25 on where the indicator
stands on its path alone and the rule excludes nothing: two popular things together may be rare, and an exclusion may be all
of the rule's idea. Eight of Sigma's rules of those levels had a path shared as
widely at the start of 2024; four of them were made quieter within the year, eight times as many as of all rules.

Event ids, providers and other selectors narrow nothing, and neither do exclusions. A rule that excludes by the file whose name
is the indicator is left alone: a well-known name that is not where it belongs is rare. Rules that no single event makes fire
(sequences, thresholds, new terms, aggregations) are left out: what narrows them is not an indicator.`,
	Bad: `title: Command Interpreter Started
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a002
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection_tool:
        Image|endswith: '\tool-that-nobody-uses.exe'
    selection_shell:
        Image|endswith: '\powershell.exe'
    condition: 1 of selection_*
level: high
`,
	Good: `title: Command Interpreter Started With A Marker
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a002
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection_shell:
        Image|endswith: '\powershell.exe'
        CommandLine|contains: 'a-marker-that-nobody-uses'
    condition: selection_shell
level: high
`,
	More: noisyPathExamples,
	Params: []Param{
		{"reach", noisyReach, 2, 100_000, "public rules that must share the narrowest indicator of a path for it to be noisy"},
		{"process-reach", noisyProcess, 2, 100_000, "the same for rules that look at the start of processes"},
		{"warning-reach", noisyWarning, 2, 100_000, "from how many on a rule of level high or critical gets a warning for an indicator alone"},
	},
	Rule: noisyPath,
}

// widest is a path and whether there is one.
type widest struct {
	path normalize.Path
	ok   bool
}

// Widest returns the widest path of a rule by its reach in the catalog. It
// reports false when nothing narrows the rule, or when something that could
// narrow it could not be looked into.
func (l *Linter) Widest(r *normalize.Rule) (normalize.Path, bool) {
	if known, ok := l.paths.Load(r); ok {
		w := known.(widest)
		return w.path, w.ok
	}
	path, ok := l.widestPath(r)
	l.paths.Store(r, widest{path, ok})
	return path, ok
}

func (l *Linter) widestPath(r *normalize.Rule) (normalize.Path, bool) {
	if l.advisor == nil {
		return normalize.Path{}, false
	}
	return l.advisor.Widest(r, l.selfIn(r))
}

// selfIn finds the rule itself among the public ones.
func (l *Linter) selfIn(r *normalize.Rule) []catalog.RuleRef {
	if known, ok := l.selves.Load(r); ok {
		return known.([]catalog.RuleRef)
	}
	self := l.advisor.Self(r)
	l.selves.Store(r, self)
	return self
}

// startsProcess reports whether a rule looks at the start of processes.
func startsProcess(r *normalize.Rule) bool {
	return slices.ContainsFunc(r.Events, func(e normalize.Event) bool {
		return e == normalize.Event{Provider: "Sysmon", Event: "1"} || e == normalize.Event{Provider: "Security-Auditing", Event: "4688"}
	})
}

func noisyPath(p *Pass) {
	path, ok := p.linter.Widest(p.Rule)
	bound := "reach"
	if startsProcess(p.Rule) {
		bound = "process-reach"
	}
	if !ok || path.Reach < p.param(bound) || p.Broken || p.Stateful || !p.linter.fires(p.Rule) {
		return
	}
	indicator := &p.Predicates[path.Evidence]
	if indicator.Key.Field == "event.outcome" {
		return // that something was done, or denied, is no indicator but of a kind of event
	}
	if p.aboutPlace(indicator.Field) {
		return
	}
	where := ""
	switch paths := p.Paths(); {
	case paths == normalize.MaxPaths:
		where = " on one of its paths, which are more than a million"
	case paths > 1:
		where = fmt.Sprintf(" on one of its %d paths", paths)
	}
	of := ""
	if vendors := p.linter.advisor.Vendors(indicator.Key, p.linter.selfIn(p.Rule)); len(vendors) > 1 {
		of = fmt.Sprintf(" of %d vendors", len(vendors))
	}
	combined, examples := p.combined(indicator.Key)
	claim := "this rule fires on " + describe(indicator.Key) + " alone" + where
	if path.Indicators > 1 {
		claim = "this rule can fire" + where + " with nothing rarer than " + describe(indicator.Key)
	}
	f := p.Report(indicator.Span, keyText(indicator.Key),
		"%s; %d public rules%s use it, %d of them with another field", claim, path.Reach, of, combined)
	// Two popular things together may be rare, and what a rule excludes may be
	// all of its idea: a name without its usual folder.
	alone := path.Indicators == 1 && len(p.Exclusions) == 0
	if (p.Level == rule.LevelHigh || p.Level == rule.LevelCritical) && path.Reach >= p.param("warning-reach") && alone {
		f.Severity = Warning
	}
	f.Evidence = append(f.Evidence, Evidence{
		Text:  fmt.Sprintf("%d of the %d rules ask for more", combined, path.Reach),
		Rules: examples,
	})
	if added := companions(p.linter.advisor.Companions(p.Rule, indicator.Key)); added != "" {
		f.Hint = "peers add: " + added
	}
}

// aboutPlace reports whether the rule excludes by the same file that a field is
// about: a well-known name that is not where it belongs, or not what its header
// says, is what such a rule is made to find, and rare.
func (p *Pass) aboutPlace(field string) bool {
	file := fileOf(field)
	if file == "" {
		return false
	}
	for _, clause := range p.ExclusionKeys() {
		for _, k := range clause {
			if fileOf(k.Field) == file {
				return true
			}
		}
	}
	return false
}

// fileOf is the path field of the file that a field names, empty for other
// fields.
func fileOf(field string) string {
	switch path := normalize.PathField(field); {
	case path != "":
		return path
	case normalize.IsPath(field):
		return field
	}
	if owner, ok := strings.CutSuffix(field, ".pe.original_file_name"); ok {
		return owner + ".executable"
	}
	return ""
}

// combined counts the public rules that use an indicator together with one on
// another field, and gives examples of them.
func (p *Pass) combined(k normalize.Key) (n int, examples []EvidenceRule) {
	self := p.linter.selfIn(p.Rule)
	for _, ref := range p.linter.advisor.Users(k) {
		if slices.Contains(self, ref) {
			continue
		}
		for row := range p.Catalog.IndicatorRows(ref) {
			if pathOf(row.Key().Field) != pathOf(k.Field) {
				n++
				if len(examples) < maxExamples {
					examples = append(examples, evidenceRule(p.Catalog, ref))
				}
				break
			}
		}
	}
	return n, examples
}

// maxExamples is how many public rules are named as examples of a claim.
const maxExamples = 3

// pathOf is the field of the path that a field has the last part of, where
// there is one.
func pathOf(field string) string {
	if path := normalize.PathField(field); path != "" {
		return path
	}
	return field
}

// companions writes what others ask for besides: the fields that most of them
// do, each with the values of several rules.
func companions(used []advise.Used) string {
	var parts []string
	for _, u := range used {
		if u.Rules < 2 || len(parts) == 3 {
			break
		}
		var values []string
		last := rule.Eq
		for _, v := range u.Values {
			if v.Rules < 2 || len(values) == 3 {
				break
			}
			text := fmt.Sprintf("%s (%d)", quote(normalize.Shown(v.Operator, v.Value)), v.Rules)
			if v.Operator != last {
				text = string(v.Operator) + " " + text
			}
			last = v.Operator
			values = append(values, text)
		}
		part := fmt.Sprintf("%s (%d rules)", u.Field, u.Rules)
		if len(values) > 0 {
			part = fmt.Sprintf("%s %s", part, strings.Join(values, ", "))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func evidenceRule(c *catalog.Catalog, ref catalog.RuleRef) EvidenceRule {
	return EvidenceRule{ID: c.ID(ref), Title: c.Title(ref), Vendor: c.Vendor(ref), URL: c.URL(ref)}
}

// keyText writes a row for a fingerprint.
func keyText(k normalize.Key) string { return k.Field + " " + string(k.Operator) + " " + k.Value }

// describe writes a row for a message: process.name "x.exe", or with another
// operator than eq, process.command_line contains "x".
func describe(k normalize.Key) string {
	value := quote(normalize.Shown(k.Operator, k.Value))
	switch k.Operator {
	case rule.Eq:
		return k.Field + " " + value
	case rule.Match:
		return "the keyword " + value
	case rule.Exists:
		return "the presence of " + k.Field
	}
	return k.Field + " " + string(k.Operator) + " " + value
}
