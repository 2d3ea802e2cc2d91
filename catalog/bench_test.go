package catalog

import (
	"bytes"
	"testing"

	"github.com/detlint/detlint/normalize"
)

var benchRules = 10_000

func bench(b *testing.B) *Catalog { return open(b, synthetic(b, benchRules)) }

func BenchmarkOpen(b *testing.B) {
	data := synthetic(b, benchRules)
	info := open(b, data).Info()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Open(data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(info.Size), "file-bytes")
	b.ReportMetric(float64(info.Rows), "rows")
	b.ReportMetric(float64(info.Postings), "postings")
}

func BenchmarkVerify(b *testing.B) {
	c := bench(b)
	for b.Loop() {
		if err := c.Verify(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndicator(b *testing.B) {
	c := bench(b)
	var keys []normalize.Key
	for row := range c.Rows() {
		keys = append(keys, row.Key())
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if c.Indicator(keys[i*7919%len(keys)]).Len() < 0 {
			b.Fatal("never")
		}
		i++
	}
}

func BenchmarkReach(b *testing.B) {
	c := bench(b)
	var widest normalize.Key
	most := 0
	for row := range c.Rows() {
		if n := row.Indicator().Len(); n > most {
			most, widest = n, row.Key()
		}
	}
	own := refs(c.ByID(c.ID(100)))
	b.ReportAllocs()
	for b.Loop() {
		c.Reach(widest, own...)
	}
	b.ReportMetric(float64(most), "rules")
}

func BenchmarkTechnique(b *testing.B) {
	c := bench(b)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for ref := range c.Technique("T1059.001").All() {
			n += len(c.Level(ref))
		}
	}
	b.ReportMetric(float64(c.Technique("T1059.001").Len()), "rules")
}

func BenchmarkRule(b *testing.B) {
	c := bench(b)
	i := 0
	for b.Loop() {
		c.Rule(RuleRef(i % c.Len()))
		i++
	}
}

func BenchmarkBuild(b *testing.B) {
	c := bench(b)
	for b.Loop() {
		builder := NewBuilder("")
		builder.AddCatalog(c)
		var buf bytes.Buffer
		if _, err := builder.WriteTo(&buf); err != nil {
			b.Fatal(err)
		}
	}
}
