package lint

import (
	"cmp"
	"math"
	"slices"
)

// mostCounted returns the n keys with the highest counts, ties by key.
func mostCounted(counts map[string]int, n int) []string {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return keys[:min(n, len(keys))]
}

// wilson is the lower bound of the 95 % confidence interval of a share of k
// among n (Wilson's score): it is high only when there is enough evidence.
func wilson(k, n int) float64 {
	if n == 0 {
		return 0
	}
	const z = 1.96
	share, total := float64(k)/float64(n), float64(n)
	centre := share + z*z/(2*total)
	spread := z * math.Sqrt(share*(1-share)/total+z*z/(4*total*total))
	return (centre - spread) / (1 + z*z/total)
}
