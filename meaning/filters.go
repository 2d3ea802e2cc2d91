package meaning

import (
	"fmt"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Filter is a Sigma filter that applies to a rule.
type Filter struct {
	// Key tells filters apart, before and after a change alike.
	Key  string
	Name string // for people
	// Logic is equal for filters that mean the same, as normalize.Summary has it.
	Logic string
	Rule  *normalize.Rule // nil where it could not be read
}

// filters sets the verdict on the rule together with its filters, and returns
// what became of these.
func (c *Change) filters(before, after *normalize.Rule, old, now []Filter) (through []string) {
	if len(old)+len(now) == 0 {
		return nil
	}
	through = c.filterAttributes(old, now)
	if len(through) == 0 && c.Verdict == Same {
		return nil
	}
	for _, f := range slices.Concat(old, now) {
		if !f.Readable() {
			c.Verdict, c.Reason = Unknown, fmt.Sprintf("the filter %q, which applies to it, cannot be read whole", f.Name)
			return through
		}
	}
	c.Reason, c.gained, c.lost = "", nil, nil
	c.decide(Narrowed(before, old), Narrowed(after, now))
	if c.Verdict == Same && len(through) > 0 {
		through[len(through)-1] += ", which makes no difference"
	}
	return through
}

// filterAttributes notes which filters have changed.
func (c *Change) filterAttributes(old, now []Filter) (through []string) {
	find := func(list []Filter, key string) *Filter {
		if i := slices.IndexFunc(list, func(f Filter) bool { return f.Key == key }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	var come, gone []string
	for i := range now {
		f := &now[i]
		switch was := find(old, f.Key); {
		case was == nil:
			come = append(come, f.Name)
			through = append(through, fmt.Sprintf("filter %q added", f.Name))
		case was.Logic != f.Logic:
			c.Attributes = append(c.Attributes, Attribute{Name: fmt.Sprintf("filter %q", f.Name)})
			through = append(through, fmt.Sprintf("filter %q changed", f.Name))
		}
	}
	for i := range old {
		if f := &old[i]; find(now, f.Key) == nil {
			gone = append(gone, f.Name)
			through = append(through, fmt.Sprintf("filter %q no longer applied", f.Name))
		}
	}
	if len(come)+len(gone) > 0 {
		c.Attributes = append(c.Attributes, Attribute{Name: "filters", Added: come, Removed: gone})
	}
	return through
}

// Readable reports whether it is known what the filter leaves out.
func (f *Filter) Readable() bool { return f.Rule != nil && !f.Rule.Broken && f.Rule.Condition != nil }

// Narrowed is a rule that finds what all of the filters leave of it: its
// condition and theirs must hold, over the fields of its logsource. All of them
// must be readable.
func Narrowed(r *normalize.Rule, filters []Filter) *normalize.Rule {
	if len(filters) == 0 || r.Condition == nil {
		return r
	}
	whole := *r.Rule
	all := &rule.And{Children: []rule.Condition{r.Condition}}
	whole.Unresolved = slices.Clone(whole.Unresolved)
	for _, f := range filters {
		all.Children = append(all.Children, f.Rule.Condition)
		whole.Unresolved = append(whole.Unresolved, f.Rule.Rule.Unresolved...)
	}
	whole.Condition = all
	return normalize.Normalize(&whole)
}

// about adds to the verdict on a filter's condition that it is about more rules
// than before, or about fewer.
func (c *Change) about(old, now []string) {
	if c.Verdict == Unknown {
		return
	}
	come, gone := len(difference(now, old)) > 0, len(difference(old, now)) > 0
	if slices.Contains(now, everyRule) {
		gone = false
	}
	if slices.Contains(old, everyRule) {
		come = false
	}
	c.Verdict = both(c.Verdict == Wider || c.Verdict == Both || gone, c.Verdict == Narrower || c.Verdict == Both || come)
}

// both is the verdict on what finds more, less, or both.
func both(gains, loses bool) Verdict {
	switch {
	case gains && loses:
		return Both
	case gains:
		return Wider
	case loses:
		return Narrower
	}
	return Same
}

// Correlated is a rule whose hits a correlation counts, and what became of it.
type Correlated struct {
	Name    string
	Verdict Verdict
	Reason  string // why the verdict is unknown
}

// mostCorrelated is how many rules a summary names.
const mostCorrelated = 3

// Correlates adds to the change of a correlation what became of the rules whose
// hits it counts. As with everything that counts, the verdict is about the
// events that are counted.
func (c *Change) Correlates(rules []Correlated) {
	var said []string
	gains, loses := c.Verdict == Wider || c.Verdict == Both, c.Verdict == Narrower || c.Verdict == Both
	reason := ""
	for _, r := range rules {
		switch r.Verdict {
		case Same:
			continue
		case Unknown:
			said = append(said, fmt.Sprintf("rule %q changed", r.Name))
			if reason == "" {
				reason = fmt.Sprintf("it counts the hits of %q: %s", r.Name, r.Reason)
			}
		case Both:
			said = append(said, fmt.Sprintf("rule %q became wider and narrower", r.Name))
		default:
			said = append(said, fmt.Sprintf("rule %q became %s", r.Name, r.Verdict))
		}
		gains = gains || r.Verdict == Wider || r.Verdict == Both
		loses = loses || r.Verdict == Narrower || r.Verdict == Both
	}
	if len(said) == 0 {
		return
	}
	switch {
	case c.Verdict == Unknown:
	case reason != "":
		c.Verdict, c.Reason = Unknown, reason
	default:
		c.Verdict = both(gains, loses)
	}
	text := strings.Join(said[:min(len(said), mostCorrelated)], ", ")
	if more := len(said) - mostCorrelated; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if c.MetadataOnly || c.RenamedOnly || len(c.Added)+len(c.Removed)+len(c.Moved)+len(c.Attributes) == 0 {
		c.Summary = text
	} else if c.Summary != "" {
		c.Summary += ", " + text
	}
	c.MetadataOnly, c.RenamedOnly = false, false
}
