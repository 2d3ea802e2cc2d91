package report

import (
	"io"
	"testing"
)

// BenchmarkFormats writes a report of 10,000 findings in every format.
func BenchmarkFormats(b *testing.B) {
	r := sample()
	kinds := r.Findings
	r.Findings = nil
	for len(r.Findings) < 10_000 {
		r.Findings = append(r.Findings, kinds...)
	}
	r.Findings = r.Findings[:10_000]
	for _, f := range CIFormats {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, r, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
