package review

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/changes"
	"github.com/detlint/detlint/scan"
)

// linked reads files and links their rules.
func linked(t *testing.T, files map[string]string) (*scan.Snapshot, *links) {
	t.Helper()
	dir := t.TempDir()
	for path, text := range files {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := changes.Dir(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := (&scan.Scanner{}).Snapshot(t.Context(), tree)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot, linkRules(snapshot, nil)
}

func sigmaRule(title, name, logsource, detection string) string {
	return "title: " + title + "\nname: " + name + "\nlogsource: {" + logsource + "}\ndetection:\n  s: {A: " + detection + "}\n  condition: s\n"
}

func sigmaFilter(title, rules, logsource string) string {
	return "title: " + title + "\nlogsource: {" + logsource + "}\nfilter:\n  rules: " + rules + "\n  f: {B: 1}\n  condition: not f\n"
}

func sigmaCorrelation(title, name, rules string) string {
	return "title: " + title + "\nname: " + name + "\ncorrelation:\n  type: event_count\n  rules: " + rules + "\n  timespan: 1h\n  condition: {gte: 2}\n"
}

func TestLinks(t *testing.T) {
	const windows, process = "product: windows", "product: windows, category: process_creation"
	files := map[string]string{
		"a.yml": sigmaRule("A", "a", process, "1"),
		"b.yml": sigmaRule("B", "b", "product: linux", "1"),
		"f.yml": sigmaFilter("named", "[A, b, nothing]", process),
		"g.yml": sigmaFilter("all", "any", windows),
		"h.yml": sigmaFilter("of others", "[x]", windows),
		"i.yml": sigmaFilter("of services", "all", "product: windows, service: sysmon"),
		"c.yml": sigmaCorrelation("C", "c", "[a, missing]"),
		"d.yml": sigmaCorrelation("D", "d", "[c]"),
		"e.yml": sigmaCorrelation("E", "e", "[e, d]"), // itself, too
	}
	snapshot, l := linked(t, files)
	want := map[string]string{
		"a.yml": "filter all, filter named", "c.yml": "rule A, rule missing", "d.yml": "rule C", "e.yml": "rule E, rule D",
	}
	digests := func(s *scan.Snapshot, l *links) map[string]string {
		out := map[string]string{}
		for i := range s.Files {
			for j := range s.Files[i].Rules {
				out[s.Files[i].Path] = l.digest(&s.Files[i].Rules[j])
			}
		}
		return out
	}
	before := digests(snapshot, l)
	for path := range files {
		var names []string
		for _, to := range l.of[place{path, 0}] {
			names = append(names, to.name())
		}
		if got := strings.Join(names, ", "); got != want[path] {
			t.Errorf("%s is linked to %q, want %q", path, got, want[path])
		}
		if (before[path] == "") != (want[path] == "") {
			t.Errorf("%s has the digest %q", path, before[path])
		}
	}
	edits := []struct {
		name, path, old, now string
		changed              []string
	}{
		{"nothing", "a.yml", "", "", nil},
		{"a description", "a.yml", "title: A\n", "title: A\ndescription: other\n", nil},
		{"a rule", "a.yml", "A: 1", "A: 2", []string{"c.yml", "d.yml", "e.yml"}},
		{"a filter", "f.yml", "B: 1", "B: 2", []string{"a.yml", "c.yml", "d.yml", "e.yml"}},
		{"the title of a filter", "g.yml", "title: all", "title: other", nil},
		{"which rules a filter names", "f.yml", "[A, b, nothing]", "[A]", nil},
		{"a filter that applies to no rule", "h.yml", "B: 1", "B: 2", nil},
		{"a correlation", "c.yml", "gte: 2", "gte: 3", []string{"d.yml", "e.yml"}},
		{"a rule that is gone", "a.yml", "name: a\n", "", []string{"a.yml", "c.yml", "d.yml", "e.yml"}},
	}
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			now := map[string]string{}
			for path, text := range files {
				if path == e.path && e.old != "" {
					if !strings.Contains(text, e.old) {
						t.Fatalf("%q is not in %s", e.old, text)
					}
					text = strings.Replace(text, e.old, e.now, 1)
				}
				now[path] = text
			}
			after := digests(linked(t, now))
			var changed []string
			for path := range files {
				if before[path] != after[path] {
					changed = append(changed, path)
				}
			}
			slices.Sort(changed)
			if !slices.Equal(changed, e.changed) {
				t.Errorf("changed %q, want %q", changed, e.changed)
			}
		})
	}
}
