package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/meaning"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// sigmaFilters are the filters of a repository, by what they say they narrow.
type sigmaFilters struct {
	every []*normalize.Summary
	named map[string][]*normalize.Summary // by id or name, in lower case
}

func (r *Repository) filters() *sigmaFilters {
	out := &sigmaFilters{named: map[string][]*normalize.Summary{}}
	for i := range r.Rules {
		s := &r.Rules[i]
		if s.Vendor != rule.Sigma || s.Kind != rule.Filter {
			continue
		}
		if s.EveryRule {
			out.every = append(out.every, s)
		}
		for _, ref := range s.RuleReferences {
			name := strings.ToLower(ref.Value)
			out.named[name] = append(out.named[name], s)
		}
	}
	return out
}

// of lists the filters that apply to a rule, each once.
func (f *sigmaFilters) of(s *normalize.Summary) (out []*normalize.Summary) {
	if s.Vendor != rule.Sigma || s.Kind != rule.Detection {
		return nil
	}
	about := slices.Concat(f.every, f.named[strings.ToLower(s.ID.Value)], f.named[strings.ToLower(s.Name)])
	for _, filter := range about {
		if filter.Logsource.Fits(s.Logsource) && !slices.Contains(out, filter) {
			out = append(out, filter)
		}
	}
	return out
}

// loadFiltered returns what some filters leave of a rule, nil when the rule or
// one of them cannot be read: nobody knows then what it finds.
func (r *Repository) loadFiltered(s *normalize.Summary, by []*normalize.Summary) *normalize.Rule {
	long := r.Load(s)
	if long == nil || len(by) == 0 {
		return long
	}
	filters := make([]meaning.Filter, len(by))
	for i, f := range by {
		filters[i].Rule = r.Load(f)
		if !filters[i].Readable() {
			return nil
		}
	}
	return meaning.Narrowed(long, filters)
}
