// Package advise says of one rule what public rules know that it might not: on
// which of its paths it fires on what many look for, what the rules that are
// most like it filter on, and what they exclude, best first, with the counts
// that speak for it. docs/advise.md says what the figures mean, and
// docs/quality.md how far they can be trusted.
package advise

import (
	"slices"
	"sync"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Advisor gives advice from one catalog. It may be used from several
// goroutines. What many rules ask for is worked out once, when it is first
// asked for.
type Advisor struct {
	c     *catalog.Catalog
	index func() *index
	// spellings are only needed for the reach of files, users has the rules
	// of each comparison that was asked for.
	spellings func() map[family][]catalog.Row
	users     sync.Map // normalize.Key to []catalog.RuleRef
}

// New returns an advisor.
func New(c *catalog.Catalog) *Advisor {
	return &Advisor{
		c:         c,
		index:     sync.OnceValue(func() *index { return newIndex(c) }),
		spellings: sync.OnceValue(func() map[family][]catalog.Row { return spellings(c) }),
	}
}

// fewRules is below how many rules of a vendor its habits are those of all.
const fewRules = 100

// Prepare reads from the catalog what advice rests on. It is done by the first
// advice otherwise; whoever knows that there will be some may do it beside other
// work.
func (a *Advisor) Prepare() {
	var spelled sync.WaitGroup
	spelled.Go(func() { a.spellings() })
	a.index()
	spelled.Wait()
}

// Usual is how many comparisons the exclusions of a public rule of a vendor have
// on average, of any vendor where it has few rules.
func (a *Advisor) Usual(v rule.Vendor) float64 {
	x := a.index()
	u := x.usual[v]
	if u.rules < fewRules {
		u = x.usual[""]
	}
	return float64(u.comparisons) / float64(max(u.rules, 1))
}

// Self finds a rule among the public ones: by its id, and by its text where it
// stands there under another.
func (a *Advisor) Self(r *normalize.Rule) []catalog.RuleRef {
	var self []catalog.RuleRef
	for _, same := range []catalog.Postings{a.c.ByID(r.ID.Value), a.c.ByContent(r.ContentHash())} {
		for ref := range same.All() {
			if !slices.Contains(self, ref) {
				self = append(self, ref)
			}
		}
	}
	return self
}
