package coverage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// told says in lines what became of techniques.
func told(r *Report) []string {
	var out []string
	for _, group := range []struct {
		word    string
		changes []Change
	}{{"gained", r.Gained}, {"lost", r.Lost}, {"unread", r.Unread}, {"weakened", r.Weakened}, {"strengthened", r.Strengthened}} {
		for _, c := range group.changes {
			var reasons []string
			for _, reason := range c.Reasons {
				mark := "+"
				if reason.Worse {
					mark = "-"
				}
				reasons = append(reasons, mark+string(reason.Kind)+" "+reason.Message)
			}
			line := strings.TrimSpace(group.word + " " + c.ID + " " + strings.Join(reasons, "; "))
			if c.DownToOne {
				line += " (down to one)"
			}
			out = append(out, line)
		}
	}
	return out
}

func TestReasons(t *testing.T) {
	make := func(path string, change func(*normalize.Summary)) normalize.Summary {
		s := summary(path, rule.LevelHigh, tags("T1047"), sysmon1)
		s.Status, s.Platforms = "stable", []string{"windows"}
		if change != nil {
			change(&s)
		}
		return s
	}
	is := func(rules ...normalize.Summary) []normalize.Summary { return rules }
	a, b := make("a", nil), make("b", nil)
	for _, c := range []struct {
		name          string
		before, after []normalize.Summary
		want          []string
	}{
		{"nothing", is(a, b), is(b, a), nil},
		{"another path", is(a), is(make("a", func(s *normalize.Summary) { s.Path = "moved.yml" })), nil},
		{"first", nil, is(a), []string{"gained T1047"}},
		{"lost", is(a), nil, []string{"lost T1047 -rules “title of a” was removed"}},
		{"retired", is(a), is(make("a", func(s *normalize.Summary) { s.Retired, s.Status = true, "Deprecated" })), []string{
			"lost T1047 -rules “title of a” is no longer in use (deprecated)",
		}},
		{"another kind", is(a, b), is(b, make("a", func(s *normalize.Summary) { s.Kind = rule.Hunting })), []string{
			"weakened T1047 -rules “title of a” no longer raises alerts (down to one)",
		}},
		{"another technique", is(a, b), is(b, make("a", func(s *normalize.Summary) { s.Techniques = nil })), []string{
			"weakened T1047 -rules “title of a” no longer names the technique (down to one)",
		}},
		{"level", is(a), is(make("a", func(s *normalize.Summary) { s.Level = rule.LevelLow })), []string{
			"weakened T1047 -level the level of “title of a” was lowered from high to low",
		}},
		{"level raised", is(a), is(make("a", func(s *normalize.Summary) { s.Level = rule.LevelCritical })), []string{
			"strengthened T1047 +level the level of “title of a” was raised from high to critical",
		}},
		{"status", is(a), is(make("a", func(s *normalize.Summary) { s.Status = "experimental" })), []string{
			"weakened T1047 -status the status of “title of a” went from stable back to experimental",
		}},
		{"status raised", is(make("a", func(s *normalize.Summary) { s.Status = "test" })), is(a), nil},
		{"switched off", is(a), is(make("a", func(s *normalize.Summary) { s.Disabled = true })), []string{
			"weakened T1047 -disabled “title of a” was switched off",
		}},
		{"events", is(a), is(make("a", func(s *normalize.Summary) { s.Events = []normalize.Event{sysmon3} })), []string{
			"weakened T1047 -events no longer sees Sysmon 1; +events now also sees Sysmon 3",
		}},
		{"every event", is(a), is(make("a", func(s *normalize.Summary) { s.Events = []normalize.Event{{Provider: "Sysmon", Event: "*"}} })), []string{
			"strengthened T1047 +events now also sees Sysmon",
		}},
		{"platforms", is(a, b), is(a, make("b", func(s *normalize.Summary) { s.Platforms = []string{"linux"} })), []string{
			"strengthened T1047 +platforms now also on linux",
		}},
		{"platform lost", is(a), is(make("a", func(s *normalize.Summary) { s.Platforms = nil })), []string{
			"weakened T1047 -platforms no longer on windows",
		}},
		{"one for another", is(a, b), is(a, make("c", nil)), nil},
		{"unread", is(a), is(make("a", func(s *normalize.Summary) { s.Broken = true })), []string{
			"unread T1047 -unread “title of a” cannot be read any more",
		}},
		{"one of two unread", is(a, b), is(b, make("a", func(s *normalize.Summary) { s.Broken = true })), []string{
			"weakened T1047 -unread “title of a” cannot be read any more",
		}},
		{
			"unread before too",
			is(make("a", func(s *normalize.Summary) { s.Broken = true })), is(make("a", func(s *normalize.Summary) { s.Broken = true })), nil,
		},
		{"without id", is(make("a", func(s *normalize.Summary) { s.ID.Value = "" })), is(make("a", func(s *normalize.Summary) {
			s.ID.Value, s.Level, s.Range.Start.Line = "", rule.LevelLow, 9
		})), []string{"weakened T1047 -level the level of “title of a” was lowered from high to low"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Compare(Take(attack.Default(), c.before), Take(attack.Default(), c.after), nil)
			if diff := cmp.Diff(c.want, told(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// In v18 T1562 and T1562.001 are two, and what came with v19 is what it
// replaced.
func TestOlderVersion(t *testing.T) {
	older, err := attack.Default().In(attack.Older)
	if err != nil {
		t.Fatal(err)
	}
	before := []normalize.Summary{
		summary("a.yml", "high", tags("T1562.001"), sysmon1), summary("b.yml", "high", tags("T1562"), sysmon1),
	}
	after := []normalize.Summary{
		summary("a.yml", "high", tags("T1685"), sysmon1), summary("b.yml", "high", tags("T1562"), sysmon1),
		summary("c.yml", "high", tags("T1686.003"), sysmon1),
	}
	r := Compare(Take(older, before), Take(older, after), testCatalog(t))
	if diff := cmp.Diff([]string{"gained T1686.003"}, told(r)); diff != "" {
		t.Error(diff)
	}
	var ids []string
	for _, tech := range r.After.Techniques {
		ids = append(ids, tech.ID+" "+strings.Join(tech.Tactics, ","))
	}
	want := []string{"T1562 defense-evasion", "T1562.001 defense-evasion", "T1686.003 defense-evasion"}
	if diff := cmp.Diff(want, ids); diff != "" || r.ATTACK != "v18" {
		t.Errorf("%s: %s", r.ATTACK, diff)
	}
	if n := len(r.Notes); n != 3 || !strings.HasPrefix(r.Notes[2], "T1686.003 (Windows Host Firewall) came after ATT&CK v18") {
		t.Errorf("notes: %q", r.Notes)
	}
	for _, tactic := range r.Tactics {
		if tactic.ShortName == "stealth" || tactic.ShortName == "defense-impairment" {
			t.Errorf("v18 has %s", tactic.Name)
		}
	}
}
