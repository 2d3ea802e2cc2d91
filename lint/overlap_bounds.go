package lint

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/detlint/detlint/normalize"
)

// Bounds of the comparisons, which the public repositories, each for itself and
// all together, do not come near to.
const (
	// maxWider is how many rules one is compared with.
	maxWider = 128
	// maxTried is how many rules are looked at to find those.
	maxTried = 4096
	// maxLooked is how many comparisons of rules one rule is held against,
	// maxLookedAll how many all are.
	maxLooked    = 60_000
	maxLookedAll = 4_000_000
)

// copiesFirst puts rules that make the same comparisons as a rule in front of
// the others that it is compared with, wherever among them they were, so that no
// number of rules that are nearly the same hides a copy.
func (r *Repository) copiesFirst(wider [][]int32, long map[int32]*normalize.Rule) {
	groups := map[[sha256.Size]byte][]int32{}
	for i := range wider {
		n := long[int32(i)]
		if n == nil {
			continue
		}
		made := comparisonsOf(n)
		group := groups[made]
		var first []int32
		for _, j := range group {
			if len(first) == maxOverlaps {
				break
			}
			if r.comparable(&r.Rules[i], &r.Rules[j]) {
				first = append(first, j)
			}
		}
		if len(first) > 0 {
			rest := slices.DeleteFunc(wider[i], func(j int32) bool { return slices.Contains(first, j) })
			wider[i] = append(first, rest...)
		}
		if len(group) < maxAlike {
			groups[made] = append(group, int32(i))
		}
	}
}

// comparisonsOf is a hash of the comparisons that a rule makes, each once and in
// any order.
func comparisonsOf(r *normalize.Rule) [sha256.Size]byte {
	made := make([]string, len(r.Predicates))
	for i := range r.Predicates {
		p := &r.Predicates[i]
		e := p.Exact(r.Vendor)
		made[i] = e.Field + "\x00" + string(e.Operator) + "\x00" + e.Value + "\x00" + e.Variant
		if p.Negated {
			made[i] += "\x00not"
		}
	}
	slices.Sort(made)
	hash := sha256.New()
	hash.Write([]byte(r.Vendor))
	for _, text := range slices.Compact(made) {
		hash.Write(binary.AppendUvarint(nil, uint64(len(text))))
		hash.Write([]byte(text))
	}
	return [sha256.Size]byte(hash.Sum(nil))
}

// share is how many comparisons each rule may be held against, so that all
// together stay within bounds.
func share(wider [][]int32, long map[int32]*normalize.Rule) int {
	asked, narrow := 0, 0
	size := func(i int32) int {
		if long[i] == nil {
			return 0
		}
		return len(long[i].Predicates)
	}
	for i, list := range wider {
		own := 0
		for _, j := range list {
			own += size(int32(i)) + size(j)
		}
		asked += min(own, maxLooked)
		if own > 0 {
			narrow++
		}
	}
	if asked <= maxLookedAll {
		return maxLooked
	}
	return maxLookedAll / narrow
}
