package normalize_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// BenchmarkCorpusSigma parses and normalizes every Sigma rule of the corpus on
// one core.
func BenchmarkCorpusSigma(b *testing.B) {
	root := filepath.Join(shared, "corpora", "sigma")
	if _, err := os.Stat(root); err != nil {
		b.Skipf("no corpus at %s", root)
	}
	files := map[string][]byte{}
	size := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !parsers.Match(path) {
			return err
		}
		files[path], err = os.ReadFile(path)
		size += len(files[path])
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for path, data := range files {
			for _, r := range normalize.Normalized(parsers.Parse(path, data, nil).Rules) {
				_ = r.Summary()
			}
		}
	}
}
