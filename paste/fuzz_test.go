package paste

import (
	"path/filepath"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// FuzzPaste puts an exclusion into whatever can be read as a rule: edits that
// are offered add it and change nothing else.
func FuzzPaste(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		f.Fatal("no rules in testdata")
	}
	for _, path := range paths {
		a, _, keys := readCase(f, path)
		for _, k := range keys {
			f.Add(a.Files[0].Name, a.Files[0].Data, k.Field, string(k.Operator), k.Value)
		}
	}
	f.Fuzz(func(t *testing.T, path string, data []byte, field, operator, value string) {
		file := parsers.Parse(path, data, nil)
		for _, r := range normalize.Normalized(file.Rules) {
			for _, k := range []normalize.Key{{Field: field, Operator: rule.Operator(operator), Value: value}, normalize.Fold(field, rule.Operator(operator), value)} {
				p := Exclusions(r, []normalize.Key{k}, nil)
				edits, err := p.Edits(nil)
				if err != nil {
					continue
				}
				if err := onlyAdds(r, edits, p.Written, nil); err != nil {
					t.Errorf("%s: %v", p.Text, err)
				}
			}
		}
	})
}
