package scan

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/detlint/detlint/changes"
)

// TestRulesAreReadWithTheirMacros: whatever the lines of a file look like, its
// rules are read with what the repository defines.
func TestRulesAreReadWithTheirMacros(t *testing.T) {
	const macroText = "name: feed\ndefinition: sourcetype=feed user=root\n"
	const rest = "how_to_implement: Collect the feed.\nknown_false_positives: none\n"
	rules := map[string]string{
		"plain":       "name: R\ntype: TTP\nsearch: '`feed` a=1'\n" + rest,
		"few marks":   "name: R\ntype: TTP\nsearch: '`feed` a=1'\ntags:\n  mitre_attack_id:\n  - T1059\n",
		"quoted key":  "name: R\ntype: TTP\n\"search\" : '`feed` a=1'\n" + rest,
		"indented":    "  name: R\n  type: TTP\n  search: '`feed` a=1'\n  how_to_implement: x\n  known_false_positives: none\n",
		"definition:": "name: R\ntype: TTP\nsearch: '`feed` a=1'\n" + rest + "---\nname: other\ndefinition: b=2\n",
	}
	for name, text := range rules {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "macros/feed.yml", macroText)
			write(t, dir, "rules/r.yml", text)
			tree, err := changes.Dir(dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			cache := filepath.Join(t.TempDir(), "cache.bin")
			for _, run := range []string{"first", "cached"} {
				c := OpenCache(cache, "b")
				var mu sync.Mutex
				var got []string
				snapshot, err := (&Scanner{Cache: c}).Visit(t.Context(), tree, func(string) bool { return run == "first" }, func(p *Parsed) {
					mu.Lock()
					defer mu.Unlock()
					for _, r := range p.Rules {
						got = append(got, r.Unresolved...)
						for i := range r.Predicates {
							got = append(got, r.Predicates[i].SourceField)
						}
						if p.File.Library == nil {
							t.Error("the file has no library")
						}
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				if want := "sourcetype user a"; run == "first" && strings.Join(got, " ") != want {
					t.Errorf("got %q, want %q", got, want)
				}
				rules := snapshot.Rules()
				if len(rules) != 1 || len(rules[0].Uses) == 0 || rules[0].Context != snapshot.Library.Context(rules[0].Uses) {
					t.Errorf("%s run: %+v", run, rules)
				}
				if err := c.Save(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
