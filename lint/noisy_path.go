package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// noisyReach is how many public rules must share the narrowest indicator of a
// path for it to be called noisy. Of the rules that public repositories had
// at the start of 2024, those above it were later made quieter about four
// times as often as others; docs/quality.md has the figures.
const noisyReach = 20

var noisyPathCheck = &Check{
	ID:       "noisy-path",
	Severity: Info,
	Summary:  "The rule can fire on an indicator alone that very many public rules share",
	Rationale: `Each way for a rule to fire is a path through its condition. A path is as narrow as its narrowest indicator: a popular
one beside a rare one is fine, a popular one alone is not. The reach of an indicator is the number of public rules that
use it, in whichever language; the rule itself does not count.

The check names the narrowest indicator of the widest path when 20 or more public rules share it. Most of them combine it
with something else; so should this rule, unless every single hit is worth a look.

Event ids, providers and other selectors narrow nothing, and neither do exclusions. Rules that no single event makes fire
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
	Params: []Param{{"reach", noisyReach, 2, 100_000, "public rules that must share the narrowest indicator of a path for it to be noisy"}},
	Rule:   noisyPath,
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
	if l.catalog == nil || r.Kind != rule.Detection || len(r.Unresolved) > 0 {
		return normalize.Path{}, false
	}
	self := l.selfIn(r)
	path := r.WidestPath(func(p *normalize.Predicate) int { return reach(l.catalog, p.Key, self) })
	return path, path.Reach != normalize.Unbounded && path.Evidence >= 0
}

// selfIn finds the rule itself among the public ones: by its id, and by its
// text where it stands there under another.
func (l *Linter) selfIn(r *normalize.Rule) []catalog.RuleRef {
	if known, ok := l.selves.Load(r); ok {
		return known.([]catalog.RuleRef)
	}
	var self []catalog.RuleRef
	for _, same := range []catalog.Postings{l.catalog.ByID(r.ID.Value), l.catalog.ByContent(r.ContentHash())} {
		for ref := range same.All() {
			if !slices.Contains(self, ref) {
				self = append(self, ref)
			}
		}
	}
	l.selves.Store(r, self)
	return self
}

// reach counts the public rules, other than the rule itself, that use an
// indicator.
func reach(c *catalog.Catalog, k normalize.Key, self []catalog.RuleRef) int {
	users := c.Indicator(k)
	n := users.Len()
	for _, ref := range self {
		if users.Contains(ref) {
			n--
		}
	}
	return n
}

func noisyPath(p *Pass) {
	path, ok := p.linter.Widest(p.Rule)
	if !ok || path.Reach < p.param("reach") || p.Broken || p.Stateful || !p.linter.fires(p.Rule) {
		return
	}
	indicator := &p.Predicates[path.Evidence]
	where := ""
	switch paths := p.Paths(); {
	case paths == normalize.MaxPaths:
		where = " on one of its paths, which are more than a million"
	case paths > 1:
		where = fmt.Sprintf(" on one of its %d paths", paths)
	}
	vendors := p.Catalog.Reach(indicator.Key, p.linter.selfIn(p.Rule)...).Vendors
	of := ""
	if len(vendors) > 1 {
		of = fmt.Sprintf(" of %d vendors", len(vendors))
	}
	combined, examples := p.combined(indicator.Key)
	claim := "this rule fires on " + describe(indicator.Key) + " alone" + where
	if path.Indicators > 1 {
		claim = "nothing that this rule asks for" + where + " is rarer than " + describe(indicator.Key)
	}
	f := p.Report(indicator.Span, keyText(indicator.Key),
		"%s; %d public rules%s use it, %d of them with another field", claim, path.Reach, of, combined)
	f.Evidence = append(f.Evidence, Evidence{
		Text:  fmt.Sprintf("%d of the %d rules ask for more", combined, path.Reach),
		Rules: examples,
	})
	if fields := p.companions(indicator.Key); fields != "" {
		f.Hint = "others on the same events add a condition on " + fields
	}
}

// combined counts the public rules that use an indicator together with one on
// another field, and gives examples of them.
func (p *Pass) combined(k normalize.Key) (n int, examples []EvidenceRule) {
	self := p.linter.selfIn(p.Rule)
	for ref := range p.Catalog.Indicator(k).All() {
		if slices.Contains(self, ref) {
			continue
		}
		for row := range p.Catalog.IndicatorRows(ref) {
			if row.Key().Field != k.Field {
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

// companions names the fields that public rules on the same events most often
// ask for beside an indicator, with the number of rules.
func (p *Pass) companions(k normalize.Key) string {
	counts := map[string]int{}
	for _, ref := range p.linter.peers(p.Catalog.Indicator(k), "indicator "+keyText(k), p.Events).members {
		last := ""
		for row := range p.Catalog.IndicatorRows(ref) {
			// Rows are sorted by field, so a field is counted once a rule.
			if field := row.Key().Field; field != last && field != k.Field {
				counts[field]++
				last = field
			}
		}
	}
	var parts []string
	for _, field := range mostCounted(counts, 3) {
		if counts[field] > 1 {
			parts = append(parts, fmt.Sprintf("%s (%d rules)", field, counts[field]))
		}
	}
	return strings.Join(parts, ", ")
}

func evidenceRule(c *catalog.Catalog, ref catalog.RuleRef) EvidenceRule {
	return EvidenceRule{ID: c.ID(ref), Title: c.Title(ref), Vendor: c.Vendor(ref), URL: c.URL(ref)}
}

// keyText writes a row for a fingerprint.
func keyText(k normalize.Key) string { return k.Field + " " + string(k.Operator) + " " + k.Value }

// describe writes a row for a message: process.name "x.exe", or with another
// operator than eq, process.command_line contains "x".
func describe(k normalize.Key) string {
	switch k.Operator {
	case rule.Eq:
		return k.Field + " " + quote(k.Value)
	case rule.Match:
		return "the keyword " + quote(k.Value)
	case rule.Exists:
		return "the presence of " + k.Field
	}
	return k.Field + " " + string(k.Operator) + " " + quote(k.Value)
}
