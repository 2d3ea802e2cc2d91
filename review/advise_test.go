package review

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/report"
)

// advisable is a rule for the process whose name is given.
func advisable(id int, title, name, level, status string) string {
	return fmt.Sprintf("title: %s\nid: 11111111-1111-4111-8111-%012d\nstatus: %s\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n    selection:\n        Image|endswith: '\\%s'\n    condition: selection\nlevel: %s\n",
		title, id, status, name, level)
}

// Every rule that is new or has changed gets its advice, what matters most
// first: what is in use, finds something else and is severe, new before
// changed. Where there is a bound, the rest is counted.
func TestAdviseChanged(t *testing.T) {
	c, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(rules map[string]string) {
		for name, text := range rules {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		git(t, dir, "add", ".")
		git(t, dir, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "rules")
	}
	git(t, dir, "init", "-q", "-b", "main")
	write(map[string]string{
		"a_described.yml": advisable(1, "Described", "psexec.exe", "high", "test"), "b_changed.yml": advisable(2, "Changed", "one.exe", "medium", "test"),
		"c_untouched.yml": advisable(3, "Untouched", "one.exe", "high", "test"), "d_severe.yml": advisable(4, "Severe", "one.exe", "high", "test"),
	})
	write(map[string]string{
		"a_described.yml": advisable(1, "Described differently", "psexec.exe", "critical", "test"), "b_changed.yml": advisable(2, "Changed", "psexec.exe", "medium", "test"),
		"d_severe.yml": advisable(4, "Severe", "two.exe", "high", "test"), "z_new.yml": advisable(5, "New", "rclone.exe", "medium", "test"),
		"deprecated/a_old.yml": advisable(6, "Old", "rclone.exe", "critical", "test"), "b_retired.yml": advisable(7, "Retired", "rclone.exe", "high", "deprecated"),
	})
	want := []string{"Severe", "New", "Changed", "Described differently", "Old", "Retired"}
	for _, tt := range []struct {
		most    int
		meaning bool
	}{{0, true}, {0, false}, {4, true}} {
		r, err := Run(t.Context(), Options{
			Dir: dir, Base: "HEAD~1", Mode: report.Commits, Show: ShowNew, Lint: true, Only: []string{"syntax"}, Meaning: tt.meaning,
			Advice: true, MaxAdvised: tt.most, Catalog: c, CacheDir: t.TempDir(),
		})
		if err != nil {
			t.Fatal(err)
		}
		var advised []*report.Rule
		for i := range r.Rules {
			if r.Rules[i].Advice != nil {
				advised = append(advised, &r.Rules[i])
			}
		}
		slices.SortFunc(advised, func(a, b *report.Rule) int { return cmp.Compare(a.Advice.Order, b.Advice.Order) })
		var got []string
		for i, rule := range advised {
			got = append(got, rule.Title)
			if rule.Advice.Order != i+1 {
				t.Errorf("%s is number %d, expected %d", rule.Title, rule.Advice.Order, i+1)
			}
			if n := rule.Advice.Noise; n == nil || *n.Reach != *rule.Reach {
				t.Errorf("%s: the block has another reach than the rule, %v and %d", rule.Title, n, *rule.Reach)
			}
			if before := rule.Advice.NoiseBefore; (before == nil) != (rule.ReachBefore == nil) || before != nil && *before.Reach != *rule.ReachBefore {
				t.Errorf("%s: the block has another reach in the base than the rule", rule.Title)
			}
		}
		shown := len(want)
		if tt.most > 0 {
			shown = tt.most
		}
		if !slices.Equal(got, want[:shown]) || r.Summary.AdviceLeftOut != len(want)-shown {
			t.Errorf("at most %d, meaning %v: advice on %q, %d left out", tt.most, tt.meaning, got, r.Summary.AdviceLeftOut)
		}
	}
}
