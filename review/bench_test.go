package review

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/report"
)

// BenchmarkLintSigma lints all Sigma rules of the corpus with every check.
func BenchmarkLintSigma(b *testing.B) {
	dir := filepath.Join("..", "..", "shared", "corpora", "sigma")
	if _, err := os.Stat(dir); err != nil {
		b.Skipf("no corpus at %s", dir)
	}
	cat, err := catalog.Default()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, err := Run(b.Context(), Options{Dir: dir, Mode: report.All, Show: ShowAll, Lint: true, Catalog: cat})
		if err != nil {
			b.Fatal(err)
		}
	}
}
