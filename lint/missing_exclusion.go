package lint

import (
	"fmt"
	"math"
	"slices"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// The bounds of what is worth saying unasked. Of the rules that public
// repositories had at the start of 2024, those whose best exclusion scores as
// high gained one within the year many times as often as others; docs/quality.md
// has the figures. That says that the rule will exclude more, not that it will
// exclude what is named, so nothing here is a warning.
const (
	enoughScore    = 2.7 // above what the exclusions of its vendor's rules make for
	minSupport     = 3   // rules that have the exclusion
	minBound       = 0.2 // the lower confidence bound of the share of rules that have it
	maxSuggestions = 5
	// minOwn spares the work for rules whose score cannot get there.
	minOwn = 5
)

// enough is the score that the best exclusion must have. Both parts of a score
// grow with how much the rules of a vendor exclude.
func (p *Pass) enough() float64 {
	return enoughScore + 2*math.Log1p(p.linter.advisor.Usual(p.Vendor))
}

var missingExclusionCheck = &Check{
	ID:       "missing-exclusion",
	Severity: Info,
	Summary:  "Public rules that exclude what this one does exclude more",
	Rationale: `Public rules have been running for years, and their exclusions are what their users learned. A rule's own exclusions say
most about those to come: rules that exclude much come to exclude more, by the fields they exclude by already, and often
what goes with it in other rules. The check names the field first, then what the public rules most like this one exclude
by it and by others: ranked by how alike these rules are, by what is excluded together, and with the counts that speak for
it ("67 of 84 rules that exclude A also exclude B").

It is a hint, never a verdict: nothing is missing before it makes noise where you are. The check speaks up where the
evidence is as strong as it was for the rules that did gain an exclusion within a year; ask for the rest with
detlint advise. What the rule excludes already, by something wider too, what it asks for and what it can never meet are
not named, and neither is what whoever the rule is after could use to stay unseen: parts of command lines, names without a
path, folders that users may write to, programs that do for anybody what they are called with. Nor is what goes against the
way the rule excludes: all of a folder where it lists single programs or says where certain names belong, what it excludes
together with a second condition only, other names than those it asks for, private networks where it leaves them in, and networks
that belong to somebody or see no traffic. Retired rules are left alone.

That many rules of a technique exclude something says next to nothing about a rule that does not. Teams that want to hear
of it all the same set technique-rules.`,
	Bad: `title: Program Connects To An Uncommon Port
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a003
status: test
logsource:
    category: network_connection
    product: windows
detection:
    selection:
        DestinationPort: 47999
    filter_main_local_ranges:
        DestinationIp|cidr:
            - '127.0.0.0/8'
            - '10.0.0.0/8'
            - '172.16.0.0/12'
            - '192.168.0.0/16'
            - '169.254.0.0/16'
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
	More: missingExclusionExamples,
	Params: []Param{
		{"min-rules", minSupport, 2, 1000, "public rules that must have an exclusion for it to be named"},
		{"max-suggestions", maxSuggestions, 1, 50, "exclusions that are named at most"},
		{"technique-rules", 0, 0, 1000, "rules of the same technique and events from which what they exclude is named whatever else speaks for it; 0 for never"},
	},
	Rule: missingExclusion,
}

func missingExclusion(p *Pass) {
	if p.Catalog == nil || p.Kind != rule.Detection || len(p.Unresolved) > 0 || p.Broken || len(p.Events) == 0 || !p.HasIndicator() ||
		normalize.Retired(p.Status.Value, p.Path()) {
		return
	}
	own := 0
	for _, clause := range p.ExclusionKeys() {
		own += len(clause)
	}
	if own >= minOwn {
		if advice := p.linter.advisor.Exclude(p.Rule, p.linter.selfIn(p.Rule), p.enough()); advice != nil {
			all := slices.DeleteFunc(p.suggestions(advice.Exclusions, p.param("min-rules")), func(e advise.Exclusion) bool {
				return strength(&e) < minBound
			})
			if p.suggest(all, advice.Fields) {
				return
			}
		}
	}
	if n := p.param("technique-rules"); n > 0 {
		p.suggest(p.suggestions(p.linter.advisor.Counted(p.Rule, n), n), nil)
	}
}

// suggestions are the exclusions that so many rules have and that go with the way
// the rule excludes.
func (p *Pass) suggestions(all []advise.Exclusion, rules int) []advise.Exclusion {
	all = slices.DeleteFunc(slices.Clone(all), func(e advise.Exclusion) bool { return !advise.Fits(p.Rule, e.Key) })
	return advise.Suggested(all, rules)
}

// suggest reports exclusions as one finding, at the condition. fields are those
// to exclude by, likeliest first.
func (p *Pass) suggest(all []advise.Exclusion, fields []advise.Field) bool {
	if len(all) == 0 {
		return false
	}
	all = all[:min(len(all), p.param("max-suggestions"))]
	first := &all[0]
	field := pathOf(first.Field)
	for _, f := range fields {
		if i := indexBy(all, f.Name); i >= 0 {
			first, field = &all[i], f.Name
			break
		}
	}
	more := ""
	if n := len(all) - 1; n > 0 {
		more = fmt.Sprintf("; %d more below", n)
	}
	// What peers exclude changes with the catalog; the finding stays the same.
	f := p.Report(p.conditionSpan(), "exclusions of peers", "rules like this one exclude more, first by %s: %s%s",
		field, because(first), more)
	var keys []normalize.Key
	for i := range all {
		e := Evidence{Text: because(&all[i])}
		for _, r := range all[i].Examples {
			e.Rules = append(e.Rules, EvidenceRule(r))
		}
		f.Evidence = append(f.Evidence, e)
		keys = append(keys, all[i].Key)
	}
	p.offer(f, keys)
	return true
}

// indexBy finds the first exclusion by a field or its last part.
func indexBy(all []advise.Exclusion, field string) int {
	for i := range all {
		if pathOf(all[i].Field) == field {
			return i
		}
	}
	return -1
}

// because says how many rules have an exclusion: those of the share that says
// most.
func because(e *advise.Exclusion) string {
	_, text := said(e)
	return text
}

// strength is the lower confidence bound of the share that says most.
func strength(e *advise.Exclusion) float64 {
	bound, _ := said(e)
	return bound
}

// said are both.
func said(e *advise.Exclusion) (bound float64, text string) {
	text, counts := fmt.Sprintf("%d public rules exclude %s", e.Rules, describe(e.Key)), e.Counts
	say := func(s *advise.Share, of, by string) {
		// The networks of a kind go together, whether most have noticed or not.
		if s.Rules < minSupport || s.Rules*2 < s.Of && normalize.Kind(e.Field) != "ip" {
			return
		}
		if b := advise.Wilson(s.Rules, s.Of); b > bound {
			bound, text, counts = b, fmt.Sprintf("%d of %d public rules %s exclude %s", s.Rules, s.Of, of, describe(e.Key)), by
		}
	}
	if t := e.Support.Together; t != nil && !advise.Tool(t.With) {
		say(&t.Share, "that exclude "+describe(t.With)+" also", advise.CountsOfBoth(t.Counts, e.Counts))
	}
	if a := e.Support.Alike; a != nil {
		say(a, "of the same technique on the same events", e.Counts)
	}
	if counts != "" {
		text += ", " + counts
	}
	return bound, text
}

// conditionSpan is where the rule's condition stands, or its title where it
// has none.
func (p *Pass) conditionSpan() rule.Span {
	if doc := document(p); doc != nil && len(doc.Conditions) > 0 {
		return doc.Conditions[0].Text.Span
	}
	return p.Title.Span
}
