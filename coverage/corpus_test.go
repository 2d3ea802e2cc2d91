package coverage

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// corpora has the public rules that this project is measured with. It is no
// part of the repository.
const corpora = "../../shared/corpora"

var (
	documentBreak = regexp.MustCompile(`(?m)^---.*$`)
	techniqueTag  = regexp.MustCompile(`(?mi)^[ \t]*-[ \t]*['"]?attack\.(t[0-9]{4}(?:\.[0-9]{3})?)['"]?[ \t]*\r?$`)
	techniqueID   = regexp.MustCompile(`(?m)^[ \t]*id = "(T[0-9]{4}(?:\.[0-9]{3})?)"\r?$`)
	retiredStatus = regexp.MustCompile(`(?mi)^(status:[ \t]*(deprecated|unsupported)|maturity = "deprecated")`)
)

// TestCorpora counts the rules of each technique once more, with nothing but a
// search for ids.
func TestCorpora(t *testing.T) {
	t.Run("sigma", func(t *testing.T) { countAgain(t, "sigma/rules", techniqueTag) })
	t.Run("elastic", func(t *testing.T) { countAgain(t, "elastic", techniqueID) })
}

func countAgain(t *testing.T, folder string, technique *regexp.Regexp) {
	root := filepath.Join(filepath.FromSlash(corpora), folder)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("needs the rules in %s", root)
	}
	var rules []normalize.Summary
	want := map[string]int{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !parsers.Match(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, r := range normalize.Normalized(parsers.Parse(filepath.ToSlash(path), data, nil).Rules) {
			rules = append(rules, r.Summary())
		}
		documents := []string{string(data)}
		if technique == techniqueTag {
			documents = documentBreak.Split(string(data), -1)
		}
		for _, document := range documents {
			if retiredStatus.MatchString(document) {
				continue
			}
			ids := map[string]bool{}
			for _, tag := range technique.FindAllStringSubmatch(document, -1) {
				id := strings.ToUpper(tag[1])
				if now, ok := attack.Default().Current(id); ok {
					id = now.ID
				}
				ids[id] = true
			}
			for id := range ids {
				want[id]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	snapshot := Take(attack.Default(), rules)
	got := map[string]int{}
	for i := range snapshot.Techniques {
		got[snapshot.Techniques[i].ID] = len(snapshot.Techniques[i].Rules)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules by technique (-tags +coverage):\n%s", diff)
	}
	t.Logf("%d rules, %d without technique, %d techniques", snapshot.Rules, snapshot.Untagged, len(snapshot.Techniques))
}
