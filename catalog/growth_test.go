package catalog

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/detlint/detlint/normalize"
)

// TestVendorsMeet: of the comparisons that five or more rules of the built-in
// catalog look for, two thirds are used by rules of more than one vendor. As the
// rules write them hardly one in a thousand is. docs/catalog.md has the figures.
func TestVendorsMeet(t *testing.T) {
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var wide int
	vendors := map[int]int{}
	for row := range c.Rows() {
		if reach := c.Reach(row.Key()); reach.Rules >= 5 {
			wide++
			vendors[len(reach.Vendors)]++
		}
	}
	several := wide - vendors[1]
	t.Logf("%d rows of reach 5 and more; by the number of vendors: %v", wide, vendors)
	if several*100 < 65*wide {
		t.Errorf("%d of %d rows are used by two or more vendors, expected 65 %%", several, wide)
	}
}

// BenchmarkGrowth builds catalogs of several times the built-in one, in which
// every copy of a rule has an id and values of its own. Only a tenth of the rules
// keep their values, so that rows grow wide as well.
func BenchmarkGrowth(b *testing.B) {
	c, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	for _, times := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("%dx", times), func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if _, err := multiplied(c, times).WriteTo(&out); err != nil {
					b.Fatal(err)
				}
			}
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(memory.Sys)/(1<<20), "MiB")
			big, err := Open(out.String())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(big.Len()), "rules")
			b.ReportMetric(float64(out.Len()), "file-bytes")
			const lookups = 100_000
			start := time.Now()
			for range lookups {
				big.Row(normalize.Key{Field: "process.name", Operator: "eq", Value: "powershell.exe"})
			}
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/lookups, "ns/look-up")
		})
	}
}

func multiplied(c *Catalog, times int) *Builder {
	b := NewBuilder("2026-08")
	for _, s := range c.Info().Sources {
		b.AddSource(s)
	}
	for copied := range times {
		for ref := range c.Rules() {
			r := c.Rule(ref)
			if copied > 0 {
				r.ID = fmt.Sprintf("%s-%d", r.ID, copied)
				r.Content = fmt.Sprintf("%x%d", copied, ref)
				if ref%10 != 0 {
					r.Indicators = changed(r.Indicators, copied)
					for i := range r.Exclusions {
						r.Exclusions[i] = changed(r.Exclusions[i], copied)
					}
				}
			}
			b.Add(r)
		}
	}
	return b
}

func changed(keys []normalize.Key, copied int) []normalize.Key {
	out := make([]normalize.Key, len(keys))
	for i, k := range keys {
		k.Value = fmt.Sprintf("%s %d", k.Value, copied)
		out[i] = k
	}
	return out
}
