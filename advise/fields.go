package advise

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/catalog"
)

// rankedField is a field that the next exclusion may be by.
type rankedField struct {
	field uint32
	own   int // comparisons of the rule's exclusions that are by it
	share float64
}

// rankFields orders fields by how likely the next exclusion is by them: those
// that the rule excludes by already come first, then those that rules on the
// same events, and the nearest of them, do. A path and its name are one.
func (x *index) rankFields(q *query, near []neighbour) []rankedField {
	shares := map[uint32]float64{}
	for f := range q.ownFields {
		shares[f] = 0
	}
	for f := range q.looksFor {
		shares[f] = weightLooksFor
	}
	total := 0.0
	nearest := map[uint32]float64{}
	for _, n := range near {
		alike := float64(n.alike)
		if len(q.rule.Events) > 0 && !x.shareEvent(q, n.ref) {
			alike *= elsewhere
		}
		for _, f := range x.exclFields.of(n.ref) {
			if x.used(q, f) {
				nearest[f] += alike
				total += alike
			}
		}
	}
	for f, share := range nearest {
		shares[f] += share / total
	}
	total = 0
	for _, s := range q.sources {
		for _, n := range s.excludes {
			total += float64(n)
		}
	}
	for _, s := range q.sources {
		for f, n := range s.used {
			if n >= minUsers {
				shares[uint32(f)] += float64(s.excludes[f]) / max(total, 1)
			}
		}
	}
	out := make([]rankedField, 0, len(shares))
	for f, share := range shares {
		out = append(out, rankedField{field: f, own: q.ownFields[f], share: share})
	}
	slices.SortFunc(out, func(a, b rankedField) int {
		return cmp.Or(cmp.Compare(b.own, a.own), cmp.Compare(b.share, a.share), cmp.Compare(a.field, b.field))
	})
	return out
}

// weightLooksFor is what it counts that a rule looks for something by a field,
// elsewhere what the exclusions of rules on other events do.
const (
	weightLooksFor = 0.02
	elsewhere      = 0.3
)

// minUsers is how many rules must use a field for it to be one that events
// have.
const minUsers = 2

// shareEvent reports whether a public rule covers an event of the rule's.
func (x *index) shareEvent(q *query, ref uint32) bool {
	for _, on := range q.on {
		if on.Contains(catalog.RuleRef(ref)) {
			return true
		}
	}
	return false
}

// used reports whether the rule uses a field, or others on the same events do:
// what no rule uses, the events may not have.
func (x *index) used(q *query, field uint32) bool {
	if len(q.sources) == 0 || q.ownFields[field] > 0 || q.looksFor[field] {
		return true
	}
	for _, s := range q.sources {
		if s.used[field] >= minUsers {
			return true
		}
	}
	return false
}
