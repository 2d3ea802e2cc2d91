package querytest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// corpus has real rules, seen from the folder of a language. It is not part of
// the project.
const corpus = "../../../shared/corpora/elastic"

// Sample is a query of a real rule.
type Sample struct {
	Path, Query string
}

// Corpus returns the queries of a language in the public rules of Elastic, in
// the order of their paths. The test is skipped where the rules are not at
// hand.
func Corpus(t testing.TB, language string) []Sample {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("no public rules at %s: real queries not read", corpus)
	}
	var out []Sample
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".toml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var file struct {
			Rule struct{ Language, Query string }
		}
		if err := toml.Unmarshal(data, &file); err != nil {
			return err
		}
		if file.Rule.Language == language && file.Rule.Query != "" {
			out = append(out, Sample{Path: path, Query: file.Rule.Query})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
