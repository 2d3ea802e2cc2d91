package paste

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

var update = flag.Bool("update", false, "rewrite what is expected of the rules in testdata")

// readCase reads a rule and the exclusions that are to be put into it.
func readCase(t testing.TB, path string) (a *txtar.Archive, r *normalize.Rule, keys []normalize.Key) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil || len(a.Files) < 2 {
		t.Fatalf("%s: %v", path, err)
	}
	f := parsers.Parse(a.Files[0].Name, a.Files[0].Data, nil)
	for _, p := range f.Problems {
		if !p.Warning {
			t.Errorf("%s: %s", path, p.Message)
		}
	}
	if len(f.Rules) == 0 {
		t.Fatalf("%s: has no rule", path)
	}
	return a, normalize.Normalize(f.Rules[0]), readKeys(a.Files[1].Data)
}

func readKeys(data []byte) (keys []normalize.Key) {
	for l := range strings.Lines(string(data)) {
		part := strings.SplitN(strings.TrimSuffix(l, "\n"), " ", 3)
		keys = append(keys, normalize.Key{Field: part[0], Operator: rule.Operator(part[1]), Value: part[2]})
	}
	return keys
}

// written is a catalog of a rule that writes values with regard to case.
func written(t *testing.T, keys []normalize.Key) *catalog.Catalog {
	t.Helper()
	b := catalog.NewBuilder("")
	r := catalog.Rule{Source: b.AddSource(catalog.Source{Name: "a"})}
	for _, k := range keys {
		text := k.Value
		k.Value = strings.ToLower(text)
		r.Exclusions = append(r.Exclusions, []normalize.Key{k})
		r.Spellings = append(r.Spellings, catalog.Spelling{Key: k, Text: text, Cased: true})
	}
	b.Add(r)
	var data strings.Builder
	_, err := b.WriteTo(&data)
	c, err2 := catalog.Open(data.String())
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEdits puts exclusions into the rules in testdata. What comes of it, or why
// nothing does, stands there. A file "written" has how a catalog spells values.
func TestEdits(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no rules in testdata")
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, r, keys := readCase(t, path)
			given := a.Files[:2]
			var c *catalog.Catalog
			if len(a.Files) > 2 && a.Files[2].Name == "written" {
				given, c = a.Files[:3], written(t, readKeys(a.Files[2].Data))
			}
			p := Exclusions(r, keys, c)
			text := p.Text + "\n"
			for _, k := range keys {
				if !slices.Contains(p.Written, k) {
					text += fmt.Sprintf("not written: %s %s %s\n", k.Field, k.Operator, k.Value)
				}
			}
			result := txtar.File{Name: "refused"}
			edits, err := p.Edits(nil)
			if err != nil {
				result.Data = []byte(err.Error() + "\n")
			} else {
				if err := onlyAdds(r, edits, p.Written, nil); err != nil {
					t.Error(err)
				}
				after, err := rule.Apply(r.Source.Data, edits)
				if err != nil {
					t.Fatal(err)
				}
				if err := withCRLF(r, keys, c, after, nil); err != nil {
					t.Error(err)
				}
				result = txtar.File{Name: "after", Data: after}
				if !bytes.HasSuffix(after, []byte("\n")) {
					result.Data = append(slices.Clone(after), '\n')
				}
			}
			got := txtar.Format(&txtar.Archive{Files: append(slices.Clone(given), txtar.File{Name: "text", Data: []byte(text)}, result)})
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(a)), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
