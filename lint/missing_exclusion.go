package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// The bounds of what is worth suggesting. Counts alone say little about what a
// rule lacks: that three rules of the same technique and events exclude
// something is true of a quarter of all rules. An exclusion is therefore named
// only when so many of the rules that are alike have it that it is no chance.
// docs/quality.md has what came of the rules that these bounds pick.
const (
	minSupport     = 3 // rules that have the exclusion
	maxSuggestions = 5
)

// minShare is the lower confidence bound that the share of the rules which have
// an exclusion must reach. Elastic's rules list far more of them than others do
// (a fifth of them gains one within a year, of Sigma's one in thirty), so that
// the same share says less of one that is missing.
func minShare(v rule.Vendor) float64 {
	if v == rule.Elastic {
		return 0.45
	}
	return 0.2
}

var missingExclusionCheck = &Check{
	ID:       "missing-exclusion",
	Severity: Info,
	Summary:  "Public rules like this one exclude something that it does not",
	Rationale: `Public rules have been running for years, and their exclusions are what their users learned. The check looks at two
groups of them: rules of the same technique on the same events, and rules on the same events that have an exclusion in
common with this one. It names what many of a group exclude and this rule does not: neither as such, nor by something
wider, nor because it asks for something that rules it out anyway.

It is a hint, not a verdict. At most five exclusions are named, each with the number of rules that have it, and only
when three rules have it and the lower 95 % confidence bound of their share is at least one fifth; 45 % for rules of
Elastic, which list far more exclusions than others. Where your environment does not make the noise, leave it.`,
	Bad: `title: Program Connects To An Uncommon Port
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a003
status: test
logsource:
    category: network_connection
    product: windows
detection:
    selection:
        DestinationPort: 47999
    filter_main_browser:
        Image: 'C:\Program Files\Google\Chrome\Application\chrome.exe'
    condition: selection and not 1 of filter_main_*
level: low
`,
	Good: `title: Program Connects To An Uncommon Port
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a003
status: test
logsource:
    category: network_connection
    product: windows
detection:
    selection:
        DestinationPort: 47999
        Image|endswith: '\tool-that-nobody-uses.exe'
    condition: selection
level: low
`,
	Params: []Param{
		{"min-rules", minSupport, minSupport, 1000, "rules of a group that must have an exclusion for it to be named"},
		{"max-suggestions", maxSuggestions, 1, 50, "exclusions that are named at most"},
	},
	Rule: missingExclusion,
}

// suggestion is an exclusion that others have.
type suggestion struct {
	row     catalog.Row
	support int // rules of the group that exclude it
	group   int // rules of the group
	score   float64
	because string // names the group
	with    []catalog.RuleRef
}

func missingExclusion(p *Pass) {
	if p.Catalog == nil || p.Kind != rule.Detection || len(p.Unresolved) > 0 || p.Broken || len(p.Events) == 0 || !p.HasIndicator() {
		return
	}
	best := map[catalog.Row]suggestion{}
	for _, t := range p.Techniques {
		id := p.tables().CurrentID(t.Value)
		p.vote(best, p.Catalog.Technique(id), id, "rules of "+id+" on the same events")
	}
	for _, clause := range p.ExclusionKeys() {
		if len(clause) == 1 {
			because := "rules that exclude " + describe(clause[0]) + " as this one does"
			p.vote(best, p.Catalog.Exclusion(clause[0]), keyText(clause[0]), because)
		}
	}
	// An exclusion of one branch of a query does not hold for all of it; its
	// author knows it all the same.
	own := map[normalize.Key]bool{}
	for _, clause := range p.ExclusionKeys() {
		if len(clause) == 1 {
			own[clause[0]] = true
		}
	}
	suggestions := make([]suggestion, 0, len(best))
	for _, s := range best {
		if k := s.row.Key(); !own[k] && !p.Precludes(k) && !p.Requires(k) {
			suggestions = append(suggestions, s)
		}
	}
	if len(suggestions) == 0 {
		return
	}
	slices.SortFunc(suggestions, func(a, b suggestion) int {
		return cmp.Or(
			cmp.Compare(b.score, a.score), cmp.Compare(b.support, a.support),
			cmp.Compare(keyText(a.row.Key()), keyText(b.row.Key())),
		)
	})
	suggestions = suggestions[:min(len(suggestions), p.param("max-suggestions"))]
	p.suggest(suggestions)
}

// peerGroup is a group of public rules on the same events, and what they
// exclude.
type peerGroup struct {
	members    []catalog.RuleRef
	exclusions []groupExclusion // of at least minSupport members, most first
}

// groupExclusion is an exclusion and the members that have it.
type groupExclusion struct {
	row  catalog.Row
	with []catalog.RuleRef
}

// peers returns the rules of a group that cover an event of the given ones.
// Many rules ask for the same group, so it is put together once; name tells
// groups apart.
func (l *Linter) peers(group catalog.Postings, name string, events []normalize.Event) *peerGroup {
	key := name
	for _, e := range events {
		key += "\x00" + e.Provider + "\x00" + e.Event
	}
	if known, ok := l.groups.Load(key); ok {
		return known.(*peerGroup)
	}
	on := make([]catalog.Postings, len(events))
	for i, e := range events {
		on[i] = l.catalog.Event(e)
	}
	g := &peerGroup{}
	with := map[catalog.Row][]catalog.RuleRef{}
	for ref := range group.All() {
		if !slices.ContainsFunc(on, func(p catalog.Postings) bool { return p.Contains(ref) }) {
			continue
		}
		g.members = append(g.members, ref)
		for _, row := range l.singleExclusions(ref) {
			with[row] = append(with[row], ref)
		}
	}
	for row, refs := range with {
		if len(refs) >= minSupport {
			g.exclusions = append(g.exclusions, groupExclusion{row, refs})
		}
	}
	slices.SortFunc(g.exclusions, func(a, b groupExclusion) int { return cmp.Compare(len(b.with), len(a.with)) })
	l.groups.Store(key, g)
	return g
}

// vote keeps what many rules of a group exclude, the rule itself left out. A
// clause of several predicates only excludes where all hold, so it does not
// count for any of them.
func (p *Pass) vote(best map[catalog.Row]suggestion, group catalog.Postings, name, because string) {
	support, share := p.param("min-rules"), minShare(p.Vendor)
	if n := group.Len(); n < support || wilson(n, n) < share {
		return // not even what all of them exclude would do
	}
	g := p.linter.peers(group, name, p.Events)
	if len(g.exclusions) == 0 {
		return
	}
	selves := p.linter.selfIn(p.Rule)
	others := func(refs []catalog.RuleRef) []catalog.RuleRef {
		for _, self := range selves {
			if i := slices.Index(refs, self); i >= 0 {
				refs = slices.Delete(slices.Clone(refs), i, i+1)
			}
		}
		return refs
	}
	size := len(others(g.members))
	for _, e := range g.exclusions {
		if len(e.with) < support || wilson(len(e.with), size) < share {
			break // the others have even fewer
		}
		refs := others(e.with)
		score := wilson(len(refs), size)
		if len(refs) < support || score < share {
			continue
		}
		if have, ok := best[e.row]; ok && (have.score > score || have.score == score && have.because <= because) {
			continue
		}
		best[e.row] = suggestion{e.row, len(refs), size, score, because, refs[:min(len(refs), maxExamples)]}
	}
}

// singleExclusions are the rows that a public rule excludes by themselves,
// each once.
func (l *Linter) singleExclusions(ref catalog.RuleRef) []catalog.Row {
	if known, ok := l.exclusions.Load(ref); ok {
		return known.([]catalog.Row)
	}
	var out []catalog.Row
	last, size := -1, 0
	for clause, row := range l.catalog.ExclusionRows(ref) {
		if clause != last {
			last, size = clause, 0
		}
		if size++; size == 1 {
			out = append(out, row)
		} else if size == 2 {
			out = out[:len(out)-1]
		}
	}
	kept := out[:0]
	for _, row := range out {
		if !slices.Contains(kept, row) {
			kept = append(kept, row)
		}
	}
	l.exclusions.Store(ref, kept)
	return kept
}

// suggest reports all suggestions as one finding, at the condition.
func (p *Pass) suggest(suggestions []suggestion) {
	first := suggestions[0]
	more := ""
	if n := len(suggestions) - 1; n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	// What peers exclude changes with the catalog; the finding stays the same.
	f := p.Report(p.conditionSpan(), "exclusions of peers", "%d of %d public %s also exclude %s%s",
		first.support, first.group, first.because, describe(first.row.Key()), more)
	var keys []normalize.Key
	for _, s := range suggestions {
		e := Evidence{Text: fmt.Sprintf("%s: %d of %d %s", describe(s.row.Key()), s.support, s.group, s.because)}
		for _, ref := range s.with {
			e.Rules = append(e.Rules, evidenceRule(p.Catalog, ref))
		}
		f.Evidence = append(f.Evidence, e)
		keys = append(keys, s.row.Key())
	}
	p.offer(f, keys)
}

// conditionSpan is where the rule's condition stands, or its title where it
// has none.
func (p *Pass) conditionSpan() rule.Span {
	if doc := document(p); doc != nil && len(doc.Conditions) > 0 {
		return doc.Conditions[0].Text.Span
	}
	return p.Title.Span
}
