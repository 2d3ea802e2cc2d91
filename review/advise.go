package review

import (
	"context"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/paste"
	"github.com/detlint/detlint/report"
)

// maxAdvised is how many of the changed rules get advice: nobody reads more.
const maxAdvised = 50

// advise says of every rule that is new or has changed what public rules know.
func (r *run) advise(ctx context.Context) error {
	advisor := r.linter.Advisor()
	if !r.Advice || r.sides.base == nil || advisor == nil {
		return nil
	}
	var changed []*pair
	for i := range r.pairs {
		p := &r.pairs[i]
		if (p.state == changes.Added || p.state == changes.Modified) && p.after != nil && !p.after.Broken && !p.broken && r.wantedPair(p) {
			changed = append(changed, p)
		}
	}
	r.unadvised = max(len(changed)-maxAdvised, 0)
	changed = changed[:min(len(changed), maxAdvised)]
	return r.scanner.Each(ctx, len(changed), func(i int) {
		rule := changed[i].after
		changed[i].advice = report.NewAdviceBlock(advisor.Of(rule), func(keys []normalize.Key) string { return paste.Exclusions(rule, keys, r.Catalog).Text })
	})
}
