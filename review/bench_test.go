package review

import (
	"os"
	"path/filepath"
	"strings"
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

// BenchmarkPullRequest reviews a change of five rules in a clone with its whole
// history: all checks, those of the repository too, and coverage of both sides.
func BenchmarkPullRequest(b *testing.B) {
	dir := history(b)
	head := fiveRules(b, dir)
	git(b, dir, "checkout", "-q", head)
	cat, err := catalog.Default()
	if err != nil {
		b.Fatal(err)
	}
	run := func(b *testing.B, cache string) {
		r, err := Run(b.Context(), Options{
			Dir: dir, Base: "HEAD~1", Mode: report.Commits, Show: ShowNew, Lint: true, Coverage: true, Meaning: true,
			Catalog: cat, CacheDir: cache, Build: "benchmark",
		})
		if err != nil {
			b.Fatal(err)
		}
		if len(r.Rules) != 5 {
			b.Fatalf("%d rules changed", len(r.Rules))
		}
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			run(b, "")
		}
	})
	b.Run("warm", func(b *testing.B) {
		cache := b.TempDir()
		run(b, cache)
		for b.Loop() {
			run(b, cache)
		}
	})
}

// fiveRules finds the newest commit that touches five rule files.
func fiveRules(b *testing.B, dir string) string {
	for _, commit := range strings.Fields(git(b, dir, "rev-list", "HEAD", "--max-count=300")) {
		if len(touched(b, dir, commit+"~1", commit)) == 5 {
			return commit
		}
	}
	b.Skip("no change of five rules")
	return ""
}
