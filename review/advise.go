package review

import (
	"cmp"
	"context"
	"slices"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/paste"
	"github.com/detlint/detlint/report"
	"github.com/detlint/detlint/rule"
)

// maxAdvised is how many of the changed rules get advice, which takes one to two
// milliseconds for each: all of a change that somebody reads through, and half a
// second of one that changes a whole repository.
const maxAdvised = 500

// advise says of every rule that is new or has changed what public rules know,
// what matters most first.
func (r *run) advise(ctx context.Context) error {
	advisor := r.linter.Advisor()
	if !r.Advice || r.sides.base == nil || advisor == nil {
		return nil
	}
	changed := r.advised()
	most := maxAdvised
	if r.MaxAdvised > 0 {
		most = min(most, r.MaxAdvised)
	}
	r.unadvised = max(len(changed)-most, 0)
	changed = changed[:min(len(changed), most)]
	return r.scanner.Each(ctx, len(changed), func(i int) {
		p := changed[i]
		b := report.NewAdviceBlock(advisor.Of(p.after), func(keys []normalize.Key) string { return paste.Exclusions(p.after, keys, r.Catalog).Text })
		b.Order = i + 1
		if p.before != nil && !p.before.Broken {
			b.CompareWith(advisor.Noise(p.before))
		}
		p.advice = b
	})
}

// advised are the rules that look for events and are new or have changed. First are those that find
// other events than before, then those that are only described differently,
// last those that are no longer in use; among them the most severe, and new
// before changed ones.
func (r *run) advised() []*pair {
	var out []*pair
	for i := range r.pairs {
		p := &r.pairs[i]
		if p.state != changes.Added && p.state != changes.Modified || p.after == nil || p.after.Broken || p.broken || !r.wantedPair(p) {
			continue
		}
		if k := p.head.Kind; k != rule.Correlation && k != rule.Filter {
			out = append(out, p)
		}
	}
	level := func(p *pair) int { return slices.Index(rule.Levels, p.head.Level) }
	slices.SortStableFunc(out, func(a, b *pair) int {
		return cmp.Or(
			cmp.Compare(r.attention(a), r.attention(b)),
			cmp.Compare(level(b), level(a)),
			cmp.Compare(a.state, b.state),
			cmp.Compare(a.head.Path, b.head.Path), cmp.Compare(a.head.Index, b.head.Index),
		)
	})
	return out
}

// attention ranks what became of a rule, what asks for most of it first.
func (r *run) attention(p *pair) int {
	switch {
	case p.head.Retired:
		return 2
	case r.findsSame(p):
		return 1
	}
	return 0
}

// findsSame reports whether a changed rule is known to find the events that it
// found before, and to run as it did.
func (r *run) findsSame(p *pair) bool {
	switch {
	case p.base == nil:
		return false
	case p.change != nil:
		return p.change.Verdict == meaning.Same && p.change.Switched == ""
	}
	return !r.through[p.head.Path] && p.head.Logic != "" && p.head.Logic == p.base.Logic
}
