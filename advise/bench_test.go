package advise

import (
	"testing"

	"github.com/detlint/detlint/catalog"
)

// BenchmarkIndex reads what advice rests on from the built-in catalog.
func BenchmarkIndex(b *testing.B) {
	c, err := catalog.Default()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if newIndex(c).rules != c.Len() {
			b.Fatal("rules are missing")
		}
	}
}
