package advise

import (
	"cmp"
	"math"
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// The weights of what speaks for an exclusion; docs/quality.md says how they
// were chosen.
const (
	weightNearest     = 4    // of the likeness of the nearest rules that have it, to the power of 1½
	weightTogether    = 0.5  // of the share of rules with an own exclusion that have it too, summed
	weightAssociation = 1    // of the lower bound of the greatest such share
	weightPrior       = 0.05 // of the logarithm of the number of rules that have it
)

// maxOwn bounds the exclusions of a rule that are looked at for what goes with
// them.
const maxOwn = 200

// ranked is an exclusion and its score.
type ranked struct {
	family uint32
	key    normalize.Key // the spelling that fits the rule best
	score  float64
}

// rank orders the exclusions that others have and the rule has not, best first,
// up to a number, leaving out those that are refused. There are none when
// not even the best one has the score.
func (x *index) rank(q *query, s *scratch, near []neighbour, most int, score float64, refused *refusal) []ranked {
	s.touched = s.touched[:0]
	touch := func(f uint32) {
		if s.families[f] == 0 && s.together[f] == 0 {
			s.touched = append(s.touched, f)
		}
	}
	for _, n := range near {
		vote := x.vote(q, n)
		for _, f := range x.excludes.of(n.ref) {
			touch(f)
			s.families[f] += vote
		}
	}
	for _, have := range q.families[:min(len(q.families), maxOwn)] {
		rules := x.together(q, s, have)
		for _, f := range s.touchedCounts {
			n := int(s.counts[f])
			s.counts[f] = 0
			if f == have {
				continue
			}
			touch(f)
			s.together[f] += float32(n) / float32(rules)
			if bound := float32(Wilson(n, rules)); bound > s.associations[f] {
				s.associations[f] = bound
			}
		}
	}
	best := 0.0
	s.scored = s.scored[:0]
	for _, f := range s.touched {
		evidence := weightNearest*float64(s.families[f]) + weightTogether*float64(s.together[f]) + weightAssociation*float64(s.associations[f]) + weightPrior*math.Log1p(float64(len(x.excluders.of(f))))
		s.families[f], s.together[f], s.associations[f] = 0, 0, 0
		if slices.Contains(q.families, f) {
			continue
		}
		evidence *= math.Sqrt(q.fieldFactor(x.families[f]))
		best = max(best, evidence)
		s.scored = append(s.scored, scored{evidence, f})
	}
	// A rule that excludes much comes to exclude more: how much it does tells
	// rules apart, what speaks for one exclusion those of one rule.
	own := math.Log1p(float64(q.own))
	if len(s.scored) == 0 || own+math.Log1p(best) < score {
		return nil
	}
	slices.SortFunc(s.scored, func(a, b scored) int {
		if a.evidence != b.evidence {
			return cmp.Compare(b.evidence, a.evidence)
		}
		return cmp.Or(cmp.Compare(len(x.excluders.of(b.family)), len(x.excluders.of(a.family))), cmp.Compare(a.family, b.family))
	})
	for _, n := range near {
		for _, row := range x.written.of(n.ref) {
			s.rows[row] += n.alike
		}
	}
	var out []ranked
	for _, e := range s.scored {
		if len(out) == most {
			break
		}
		if !x.used(q, x.families[e.family]) {
			continue
		}
		if k, ok := x.spelling(s, e.family, refused); ok {
			out = append(out, ranked{e.family, k, own + math.Log1p(e.evidence)})
		}
	}
	for _, n := range near {
		for _, row := range x.written.of(n.ref) {
			s.rows[row] = 0
		}
	}
	return out
}

// vote is how much a neighbour has to say.
func (x *index) vote(q *query, n neighbour) float32 {
	vote := n.alike * float32(math.Sqrt(float64(n.alike)))
	if x.otherPlatform(q.platforms, n.ref) {
		vote *= elsewhere
	}
	return vote
}

// sameProvider reports whether another rule on events of the same provider, and
// not of another platform, excludes something: what none does may mean nothing
// there, such as the users of another system.
func (x *index) sameProvider(q *query, f uint32) bool {
	if len(q.rule.Events) == 0 {
		return true
	}
	for _, ref := range x.excluders.of(f) {
		if q.isSelf(ref) || x.otherPlatform(q.platforms, ref) {
			continue
		}
		for e := range x.c.RuleEvents(catalog.RuleRef(ref)) {
			if slices.ContainsFunc(q.rule.Events, func(own normalize.Event) bool { return own.Provider == e.Provider }) {
				return true
			}
		}
	}
	return false
}

// maxSpellings bounds how many ways to write an exclusion are tried.
const maxSpellings = 8

// spelling is the way to write an exclusion that the nearest rules use most,
// of those that may be suggested. A whole path says more than a name.
func (x *index) spelling(s *scratch, f uint32, refused *refusal) (normalize.Key, bool) {
	if refused.family(f) {
		return normalize.Key{}, false
	}
	type spelled struct {
		row   uint32
		votes float32
	}
	var all []spelled
	for _, row := range x.rowsOf.of(f) {
		votes := s.rows[row] + 0.001*float32(x.c.RowAt(int(row)).Exclusion().Len())
		if isPlace(x.c.RowAt(int(row)).Key()) {
			votes *= 10
		}
		all = append(all, spelled{row, votes})
	}
	slices.SortFunc(all, func(a, b spelled) int {
		return cmp.Or(cmp.Compare(b.votes, a.votes), cmp.Compare(a.row, b.row))
	})
	// What the rule rules out it does not meet by being asked less exactly.
	whole := false
	for _, one := range all[:min(len(all), maxSpellings)] {
		k := wholePath(anchor(x.c.RowAt(int(one.row)).Key()))
		if catalog.IsHash(k.Value) || whole && k.Operator != rule.Eq {
			continue
		}
		if !refused.key(k) {
			return k, true
		}
		whole = true
	}
	return normalize.Key{}, false
}

// isPlace reports whether a comparison of a path says where a file is.
func isPlace(k normalize.Key) bool {
	if !normalize.IsPath(k.Field) {
		return false
	}
	_, folder := splitPath(k.Operator, k.Value)
	return folder != ""
}

// together counts, into the scratch, what the other rules that have an
// exclusion also exclude, and returns the number of those rules, at least 1.
func (x *index) together(q *query, s *scratch, have uint32) int {
	s.touchedCounts = s.touchedCounts[:0]
	rules := 0
	for _, ref := range x.excluders.of(have) {
		if q.isSelf(ref) {
			continue
		}
		rules++
		for _, f := range x.excludes.of(ref) {
			if s.counts[f] == 0 {
				s.touchedCounts = append(s.touchedCounts, f)
			}
			s.counts[f]++
		}
	}
	return max(rules, 1)
}

// fieldFactor favours the fields that the rule excludes by already, and those
// that rules on the same events exclude by.
func (q *query) fieldFactor(field uint32) float64 {
	factor := 1.0
	if q.own > 0 {
		factor += float64(q.ownFields[field]) / float64(q.own)
	}
	excluded, rules := 0, 0
	for _, e := range q.sources {
		excluded += int(e.excluded[field])
		rules += e.rules
	}
	if rules > 0 {
		factor += float64(excluded) / float64(rules)
	}
	return factor
}

// Wilson is the lower bound of the 95 % confidence interval of a share of k
// among n (Wilson's score): it is high only when there is enough evidence.
func Wilson(k, n int) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.96
	share, total := float64(k)/float64(n), float64(n)
	centre := share + z*z/(2*total)
	spread := z * math.Sqrt(share*(1-share)/total+z*z/(4*total*total))
	return (centre - spread) / (1 + z*z/total)
}

// Suggestible reports whether a rule may be told to exclude a comparison: it
// neither does so already, nor asks for something that rules it out, nor would
// lose all of it, or one of its alternatives, to the exclusion.
func Suggestible(r *normalize.Rule, k normalize.Key) bool {
	switch k.Operator {
	case rule.Exists, rule.Match, rule.FieldEq, rule.FieldGt, rule.FieldGte, rule.FieldLt, rule.FieldLte:
		return false
	}
	return !r.Precludes(k) && !r.Requires(k) && !cancels(r, k)
}

// cancels reports whether excluding a comparison would leave nothing of one of
// the things that the rule looks for.
func cancels(r *normalize.Rule, k normalize.Key) bool {
	row := normalize.Row(k)
	for i := range r.Predicates {
		if p := &r.Predicates[i]; p.IsIndicator() && (normalize.Implies(p.Key, k) || normalize.Row(p.Key) == row) {
			return true
		}
	}
	return false
}
