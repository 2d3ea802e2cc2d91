package lint

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// minSameIndicators is how many indicators a rule must have for it to be worth a
// word that a public rule has the same: one alone is shared by chance.
const minSameIndicators = 2

// publicTwin is a public rule with the same indicators.
type publicTwin struct {
	ref        catalog.RuleRef
	exclusions bool // has the same exclusions too
}

// samePublicRules reports the rules of which a public one that the repository
// does not have has the same indicators.
func (p *RepositoryPass) samePublicRules() {
	if p.catalog == nil || p.Load == nil {
		return
	}
	known := sync.OnceValue(func() map[string]bool {
		ids := make(map[string]bool, len(p.Rules))
		for i := range p.Rules {
			ids[strings.ToLower(p.Rules[i].ID.Value)] = true
		}
		return ids
	})
	var about []*normalize.Summary
	for i := range p.Rules {
		s := &p.Rules[i]
		if !s.Retired && s.Kind == rule.Detection && s.Sketch != "" && (p.Changed == nil || p.Changed(s)) {
			about = append(about, s)
		}
	}
	rules := make([]*normalize.Rule, len(about))
	for i, s := range about {
		rules[i] = p.Load(s)
	}
	twins := make([]*publicTwin, len(about))
	inParallel(len(about), func() func(int) {
		return func(i int) {
			if rules[i] != nil {
				twins[i] = twinOf(p.catalog, rules[i], known)
			}
		}
	})
	for i, t := range twins {
		if t != nil {
			p.samePublicRule(about[i], t)
		}
	}
}

func (p *RepositoryPass) samePublicRule(s *normalize.Summary, t *publicTwin) {
	what := "the same indicators as"
	if t.exclusions {
		what = "the same indicators and exclusions as"
	}
	c := p.catalog
	f := p.Report(s, s.Title.Range, "public "+strings.ToLower(c.ID(t.ref)), "has %s the public rule %s of %s", what, quote(c.Title(t.ref)), vendorNames[c.Vendor(t.ref)])
	f.Severity = Info
	f.Evidence = []Evidence{{
		Text:  "whether both find the same events depends on how the indicators are put together",
		Rules: []EvidenceRule{evidenceRule(c, t.ref)},
	}}
	f.Hint = "where it was made from that rule, look at what has become of it since"
}

// twinOf looks for a public rule with the same indicators that is none of the
// known ones. Of rules that count or join events the indicators say too little,
// and who has written a public rule needs no word about others.
func twinOf(c *catalog.Catalog, r *normalize.Rule, known func() map[string]bool) *publicTwin {
	if r.Broken || r.Stateful || r.Loose || len(r.Unresolved) > 0 {
		return nil
	}
	if c.ByID(r.ID.Value).Len() > 0 || c.ByContent(r.ContentHash()).Len() > 0 {
		return nil
	}
	keys := r.IndicatorKeys()
	if len(keys) < minSameIndicators {
		return nil
	}
	isKnown := func(ref catalog.RuleRef) bool { return known()[strings.ToLower(c.ID(ref))] }
	var rarest catalog.Postings
	for i, k := range keys {
		users := c.Indicator(k)
		if i == 0 || users.Len() < rarest.Len() {
			rarest = users
		}
		if rarest.Len() <= 1 {
			break // no other rule has it, or one at most
		}
	}
	var best *publicTwin
	var own map[normalize.Key]bool
	for ref := range rarest.All() {
		if isKnown(ref) {
			continue
		}
		if own == nil {
			own = rowsOf(keys)
		}
		if t := compareTwin(c, ref, r, own); t != nil && (best == nil || t.rank(c, r.Vendor, best) < 0) {
			best = t
		}
	}
	return best
}

// rank orders twins: what says most comes first.
func (t *publicTwin) rank(c *catalog.Catalog, v rule.Vendor, other *publicTwin) int {
	of := func(t *publicTwin) int {
		out := 0
		if !t.exclusions {
			out++
		}
		if c.Vendor(t.ref) != v {
			out += 2
		}
		return out
	}
	return cmp.Or(of(t)-of(other), cmp.Compare(c.ID(t.ref), c.ID(other.ref)))
}

// rowsOf are the rows of the catalog that some comparisons are filed under.
func rowsOf(keys []normalize.Key) map[normalize.Key]bool {
	out := make(map[normalize.Key]bool, len(keys))
	for _, k := range keys {
		out[normalize.Row(k)] = true
	}
	return out
}

// compareTwin compares a rule, which has the given rows, with a public one; nil
// where the indicators are others, or those of other events.
func compareTwin(c *catalog.Catalog, ref catalog.RuleRef, r *normalize.Rule, own map[normalize.Key]bool) *publicTwin {
	n := 0
	for row := range c.IndicatorRows(ref) {
		if n++; n > len(own) || !own[row.Key()] {
			return nil
		}
	}
	shares := false
	for e := range c.RuleEvents(ref) {
		shares = shares || slices.Contains(r.Events, e)
	}
	if n != len(own) || !shares {
		return nil
	}
	excluded := map[normalize.Key]bool{}
	for _, clause := range r.ExclusionKeys() {
		for k := range rowsOf(clause) {
			excluded[k] = true
		}
	}
	theirs := map[normalize.Key]bool{}
	for _, row := range c.ExclusionRows(ref) {
		theirs[row.Key()] = true
		if !excluded[row.Key()] {
			return &publicTwin{ref: ref}
		}
	}
	return &publicTwin{ref, len(theirs) == len(excluded)}
}
