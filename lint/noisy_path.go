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

// The bounds of how many public rules on the same events look for what a path
// asks for alone. A rule that wakes people up is worth a warning.
// docs/quality.md has what became of the rules that these bounds pick.
const (
	noisyReach   = 20
	noisyWarning = 25 // of rules of level high and critical that exclude nothing
)

var noisyPathCheck = &Check{
	ID:       "noisy-path",
	Severity: Info,
	Summary:  "The rule can fire on an indicator alone that very many public rules share",
	Rationale: `Each way for a rule to fire is a path through its condition. A path is as narrow as its narrowest indicator: a popular
one beside another is a rarer thing, a popular one alone is not. The check looks for a path that asks for one thing only, which
20 or more public rules look for, in whichever language, that are on the same kind of events; the rule itself does not count.
Four in five of them must look for something else besides: what experts do all the time is no mistake. So should this rule,
unless every single hit is worth a look. The hint names what they add.

It is information. Rules of level high and critical, which wake people up, get a warning from 25 on when they exclude nothing.

Event ids, providers, directions and other selectors narrow nothing. A path that leaves out by who does it, where from, or which
file it is, is left alone: a well-known name that is not where it belongs, or not started by what always starts it, is rare, and
what such a rule is made to find. What is left out of that which is done with the name, by the command line or the address that is
connected to, is a list that never ends; the finding says that it is there. Rules that nobody is alerted by (retired ones,
hunting searches, building blocks, level informational) and rules that no single event makes fire (sequences, thresholds, new terms,
aggregations) are left out.`,
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
		{"reach", noisyReach, 2, 100_000, "public rules on the same events that must look for what a path asks for alone"},
		{"warning-reach", noisyWarning, 2, 100_000, "from how many on a rule of level high or critical that excludes nothing gets a warning"},
	},
	Rule: noisyPath,
}

// Widest returns the widest path of a rule by its reach in the catalog. It
// reports false when nothing narrows the rule, or when something that could
// narrow it could not be looked into.
func (l *Linter) Widest(r *normalize.Rule) (normalize.Path, bool) {
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

// alerts reports whether somebody is told of what the rule finds, each time: not
// of a rule that is retired, that is made for hunting or to build upon, or whose
// level says that a hit by itself is nothing.
func (p *Pass) alerts() bool {
	if normalize.Retired(p.Status.Value, p.Path()) || p.Vendor != rule.Splunk && p.Level == rule.LevelInformational || !p.RaisesAlerts() {
		return false
	}
	return !slices.ContainsFunc(p.Tags, func(tag rule.Text) bool { return strings.EqualFold(tag.Value, "detection.threat-hunting") })
}

func noisyPath(p *Pass) {
	if p.linter.advisor == nil || p.Broken || p.Stateful || !p.alerts() {
		return
	}
	bound := p.param("reach")
	lone, ok := p.linter.advisor.Lone(p.Rule, bound)
	if !ok || lone.Reach < bound || !p.linter.fires(p.Rule) {
		return
	}
	indicator := &p.Predicates[lone.Predicate]
	combined, examples := p.combined(indicator.Key, lone.Users)
	if combined*5 < lone.Reach*4 {
		return // what many experts do is no slip
	}
	where := ""
	switch paths := p.Paths(); {
	case paths == normalize.MaxPaths:
		where = " on one of its paths, which are more than a million"
	case paths > 1 && !p.oneProgram(indicator.Key):
		where = fmt.Sprintf(" on one of its %d paths", paths)
	}
	claim := "this rule fires on " + describe(indicator.Key) + " alone" + where
	if lone.Tuned {
		claim = "but for what it excludes, " + claim
	}
	of := ""
	if vendors := p.linter.advisor.VendorsOf(lone.Users); len(vendors) > 1 {
		of = fmt.Sprintf(" of %d vendors", len(vendors))
	}
	f := p.Report(indicator.Span, keyText(indicator.Key),
		"%s; %d public rules%s look for it on the same events, %d of them together with something else", claim, lone.Reach, of, combined)
	if (p.Level == rule.LevelHigh || p.Level == rule.LevelCritical) && lone.Reach >= p.param("warning-reach") && !lone.Tuned {
		f.Severity = Warning
	}
	f.Evidence = append(f.Evidence, Evidence{
		Text:  fmt.Sprintf("%d of the %d rules ask for more", combined, lone.Reach),
		Rules: examples,
	})
	if added := companions(p.linter.advisor.Companions(p.Rule, indicator.Key), indicator.Key); added != "" {
		f.Hint = "peers add: " + added
	}
}

// oneProgram reports whether all that the rule looks for is one program, by its
// names on the disk and in its header: these are one path in two spellings.
func (p *Pass) oneProgram(k normalize.Key) bool {
	return !slices.ContainsFunc(p.Predicates, func(e normalize.Predicate) bool {
		return e.IsIndicator() && (!sameFile(e.Key.Field, k.Field) || stemOf(e.Key.Value) != stemOf(k.Value))
	})
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

// combined counts those of some public rules that look for something by another
// field than an indicator's, and gives examples of them.
func (p *Pass) combined(k normalize.Key, users []catalog.RuleRef) (n int, examples []EvidenceRule) {
	for _, ref := range users {
		for row := range p.Catalog.IndicatorRows(ref) {
			if !sameFile(row.Key().Field, k.Field) {
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

// sameFile reports whether two fields are about the same file, or the same
// field: its path, its name, the name in its header.
func sameFile(a, b string) bool {
	file := fileOf(a)
	return a == b || file != "" && file == fileOf(b)
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
func companions(used []advise.Used, k normalize.Key) string {
	var parts []string
	for _, u := range used {
		if u.Rules < 2 || len(parts) == 3 {
			break
		}
		if sameFile(u.Field, k.Field) {
			continue // the same said twice
		}
		var values []string
		last := rule.Eq
		for _, v := range u.Values {
			if v.Rules < 2 || len(values) == 3 {
				break
			}
			if stem := stemOf(k.Value); stem != "" && strings.Contains(v.Value, stem) {
				continue // names the same program once more
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

// stemOf is the name of a file without its folder and extension.
func stemOf(value string) string {
	name := value[strings.LastIndexAny(value, `\/`)+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
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
