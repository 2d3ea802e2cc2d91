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

// format says how a vendor's rules name techniques, to someone who searches a
// text and knows nothing of YAML or TOML.
type format struct {
	folder string
	// list finds the lists of techniques, id an id in them.
	list, id *regexp.Regexp
	// split finds what divides a file into rules; nil for one rule a file.
	split *regexp.Regexp
	// unused finds what says that a rule is not in use, or raises no alert;
	// used, where it is not nil, what says that it does.
	unused, used *regexp.Regexp
}

var formats = map[string]format{
	"sigma": {
		folder: "sigma/rules",
		list:   regexp.MustCompile(`(?s)^.*$`),
		id:     regexp.MustCompile(`(?mi)^[ \t]*-[ \t]*['"]?attack\.(t[0-9]{4}(?:\.[0-9]{3})?)['"]?[ \t]*\r?$`),
		split:  regexp.MustCompile(`(?m)^---.*$`),
		unused: regexp.MustCompile(`(?mi)^status:[ \t]*(deprecated|unsupported)`),
	},
	"elastic": {
		folder: "elastic",
		list:   regexp.MustCompile(`(?s)^.*$`),
		id:     regexp.MustCompile(`(?m)^[ \t]*id = "(T[0-9]{4}(?:\.[0-9]{3})?)"\r?$`),
		unused: regexp.MustCompile(`(?mi)^maturity = "deprecated"`),
	},
	"splunk": {
		folder: "splunk/detections",
		list:   regexp.MustCompile(`(?m)^  mitre_attack_id:[ \t]*\r?\n(?:[ ]*- .*\n)+`),
		id:     regexp.MustCompile(`(?m)^[ ]*- ['"]?(T[0-9]{4}(?:\.[0-9]{3})?)['"]?[ \t]*\r?$`),
		unused: regexp.MustCompile(`(?mi)^(status: deprecated|type: baseline)`),
	},
	"kusto": {
		folder: "kusto",
		list:   regexp.MustCompile(`(?m)^[ \t]*relevantTechniques:.*\r?\n(?:[ \t]*- .*\n)*`),
		id:     regexp.MustCompile(`\b(T[0-9]{4}(?:\.[0-9]{3})?)\b`),
		unused: regexp.MustCompile(`$^`),
		// Hunting queries have no schedule.
		used: regexp.MustCompile(`(?m)^(kind: *(Scheduled|NRT)|queryFrequency:|queryPeriod:|triggerOperator:)`),
	},
}

// TestCorpora counts the rules of each technique once more, with nothing but a
// search for ids, in the format of each vendor and by the ids of two versions.
func TestCorpora(t *testing.T) {
	older, err := attack.Default().In(attack.Older)
	if err != nil {
		t.Fatal(err)
	}
	for vendor, f := range formats {
		t.Run(vendor, func(t *testing.T) { countAgain(t, &f, attack.Default(), older) })
	}
}

func countAgain(t *testing.T, f *format, versions ...*attack.Tables) {
	root := filepath.Join(filepath.FromSlash(corpora), f.folder)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("needs the rules in %s", root)
	}
	var rules []normalize.Summary
	want := make([]map[string]int, len(versions))
	for i := range want {
		want[i] = map[string]int{}
	}
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
		if strings.Contains(filepath.ToSlash(path), "/deprecated/") || strings.Contains(filepath.ToSlash(path), "/_deprecated/") {
			return nil
		}
		for _, tags := range f.tags(string(data)) {
			for i, tables := range versions {
				ids := map[string]bool{}
				for _, id := range tags {
					if now, ok := tables.Current(id); ok {
						id = now.ID
					}
					ids[id] = true
				}
				for id := range ids {
					want[i][id]++
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, tables := range versions {
		snapshot := Take(tables, rules)
		got := map[string]int{}
		for i := range snapshot.Techniques {
			got[snapshot.Techniques[i].ID] = len(snapshot.Techniques[i].Rules)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("rules by technique of %s (-tags +coverage):\n%s", tables.Version, diff)
		}
		t.Logf("%s: %d rules, %d without technique, %d techniques", tables.Version, snapshot.Rules, snapshot.Untagged, len(snapshot.Techniques))
	}
}

// tags lists the techniques of each rule of a file that is in use, as written.
func (f *format) tags(text string) [][]string {
	documents := []string{text}
	if f.split != nil {
		documents = f.split.Split(text, -1)
	}
	var out [][]string
	for _, document := range documents {
		if f.unused.MatchString(document) || f.used != nil && !f.used.MatchString(document) {
			continue
		}
		var ids []string
		for _, list := range f.list.FindAllString(document, -1) {
			for _, id := range f.id.FindAllStringSubmatch(list, -1) {
				ids = append(ids, strings.ToUpper(id[1]))
			}
		}
		out = append(out, ids)
	}
	return out
}
