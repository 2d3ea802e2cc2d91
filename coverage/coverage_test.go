package coverage

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var (
	sysmon1  = normalize.Event{Provider: "Sysmon", Event: "1"}
	sysmon3  = normalize.Event{Provider: "Sysmon", Event: "3"}
	sysmon22 = normalize.Event{Provider: "Sysmon", Event: "22"}
	sec4688  = normalize.Event{Provider: "Security-Auditing", Event: "4688"}
	script   = normalize.Event{Provider: "PowerShell", Event: "4104"}
)

// summary makes a rule of a file of its own.
func summary(path string, level rule.Level, techniques []string, events ...normalize.Event) normalize.Summary {
	s := normalize.Summary{
		Path: path, Kind: rule.Detection, Level: level, Techniques: techniques, Events: events,
		ID: normalize.Located{Value: "id of " + path}, Title: normalize.Located{Value: "title of " + path},
	}
	s.Range.Start.Line = 1
	return s
}

// plainSnapshots compares snapshots by what they count.
var plainSnapshots = cmp.Options{cmpopts.IgnoreUnexported(Snapshot{}), cmpopts.IgnoreFields(Snapshot{}, "Tables")}

func tags(ids ...string) []string { return ids }

func TestTake(t *testing.T) {
	retired := summary("e.yml", rule.LevelHigh, tags("T1059"))
	retired.Retired = true
	filter := summary("f.yml", "", tags("T1059"))
	filter.Kind = rule.Filter
	hunting := summary("h.yml", rule.LevelHigh, tags("T1059"))
	hunting.Kind = rule.Hunting
	correlation := summary("c.yml", rule.LevelHigh, tags("T1059.001"))
	correlation.Kind = rule.Correlation
	second := summary("b.yml", rule.LevelLow, tags("T1059.001"), sysmon3, sysmon22)
	second.Index, second.Range.Start.Line = 1, 20
	got := Take(attack.Default(), []normalize.Summary{
		second, correlation, retired, filter, hunting,
		// A revoked id and its successor are one technique.
		summary("b.yml", rule.LevelHigh, tags("T1562.001", "T1685", "T1059.001"), sysmon22, sec4688, sysmon3),
		summary("a.yml", "", tags("T1086", "t9999", "T9999"), sysmon1),
		summary("z.yml", rule.LevelMedium, nil),
		summary("d.yml", rule.LevelMedium, tags("T1064")), // deprecated, has no successor
	})
	of := func(path string, line int, level rule.Level) Rule {
		return Rule{Path: path, Line: line, ID: "id of " + path, Title: "title of " + path, Level: level}
	}
	want := &Snapshot{Rules: 6, Untagged: 1, UntaggedRules: []Rule{of("z.yml", 1, rule.LevelMedium)}, Techniques: []Technique{
		{
			ID: "T1059.001", Name: "PowerShell", Tactics: []string{"execution"},
			Rules:  []Rule{of("a.yml", 1, ""), of("b.yml", 1, "high"), of("b.yml", 20, "low"), of("c.yml", 1, "high")},
			Levels: map[rule.Level]int{"": 1, "high": 2, "low": 1},
			Events: []normalize.Event{sec4688, sysmon1, sysmon3, sysmon22}, Platforms: []string{},
		},
		{
			ID: "T1064", Name: "Scripting", Tactics: []string{"execution"}, Rules: []Rule{of("d.yml", 1, "medium")},
			Levels: map[rule.Level]int{"medium": 1}, Events: []normalize.Event{}, Platforms: []string{},
		},
		{
			ID: "T1685", Name: "Disable or Modify Tools", Tactics: []string{"defense-impairment"},
			Rules: []Rule{of("b.yml", 1, "high")}, Levels: map[rule.Level]int{"high": 1},
			Events: []normalize.Event{sec4688, sysmon3, sysmon22}, Platforms: []string{},
		},
		{
			ID: "T9999", Tactics: []string{}, Rules: []Rule{of("a.yml", 1, "")},
			Levels: map[rule.Level]int{"": 1}, Events: []normalize.Event{sysmon1}, Platforms: []string{},
		},
	}}
	want.Tactics = got.Tactics // TestCompare looks at them
	if diff := cmp.Diff(want, got, plainSnapshots); diff != "" {
		t.Errorf("Take (-want +got):\n%s", diff)
	}
	if got := Take(attack.Default(), nil); got.Techniques == nil || got.Rules != 0 {
		t.Errorf("Take(attack.Default(), nil) = %+v", got)
	}
}

// testCatalog has a few rules. Most of those of T1059.001 rest on Sysmon 1.
func testCatalog(t testing.TB) *catalog.Catalog {
	b := catalog.NewBuilder("2026-08")
	source := b.AddSource(catalog.Source{Name: "test", Vendor: rule.Sigma})
	n := 0
	add := func(times int, techniques []string, events ...normalize.Event) {
		for range times {
			n++
			b.Add(catalog.Rule{
				Source: source, Vendor: rule.Sigma, ID: string(rune('a' + n)), Path: "r", Index: n,
				Techniques: techniques, Events: events,
			})
		}
	}
	add(3, tags("T1059.001"), sysmon1)
	add(2, tags("T1059.001"), script)
	add(1, tags("T1059.001"), sec4688, sysmon22)
	add(4, tags("T1059"), sysmon1)
	add(2, tags("T1020"), sysmon3)
	add(2, tags("T1005"))
	add(1, tags("T1562.001", "T1685"), sysmon1)
	add(5, tags("T9999", "T1064"), sysmon1) // unknown and deprecated: no gaps
	add(1, tags("T0807"), sysmon1)
	return build(t, b)
}

func build(t testing.TB, b *catalog.Builder) *catalog.Catalog {
	t.Helper()
	var file bytes.Buffer
	if _, err := b.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Open(file.String())
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

func TestCompare(t *testing.T) {
	before := Take(attack.Default(), []normalize.Summary{
		summary("a.yml", "high", tags("T1059.001", "T1047"), sysmon1),
		summary("b.yml", "high", tags("T1059.001", "T1105")),
		summary("c.yml", "high", tags("T1047"), sysmon1),
		summary("d.yml", "low", tags("T1562.001"), sysmon1),
	})
	after := Take(attack.Default(), []normalize.Summary{
		summary("a.yml", "high", tags("T1059.001", "T1047"), sysmon1),
		summary("c.yml", "high", tags("T1047", "T1020"), sysmon3),
		summary("d.yml", "low", tags("T1685"), sysmon1), // retagged, not changed
		summary("e.yml", "low", tags("T1047", "T9998"), sysmon1),
	})
	got := Compare(before, after, testCatalog(t))
	rules := func(s *Snapshot, id string) []Rule {
		for i := range s.Techniques {
			if s.Techniques[i].ID == id {
				return s.Techniques[i].Rules
			}
		}
		return nil
	}
	none, no := []normalize.Event{}, []string{}
	want := &Report{
		ATTACK: attack.Version, Unread: []Change{}, Notes: no, Before: before, After: after,
		Gained: []Change{{
			ID: "T1020", Name: "Automated Exfiltration", Tactics: []string{"exfiltration"}, After: 1,
			EventsBefore: none, EventsAfter: []normalize.Event{sysmon3}, PlatformsBefore: no, PlatformsAfter: no, Reasons: []Reason{}, Rules: rules(after, "T1020"),
		}, {
			ID: "T9998", Tactics: []string{}, After: 1,
			EventsBefore: none, EventsAfter: []normalize.Event{sysmon1}, PlatformsBefore: no, PlatformsAfter: no, Reasons: []Reason{}, Rules: rules(after, "T9998"),
		}},
		Lost: []Change{{
			ID: "T1105", Name: "Ingress Tool Transfer", Tactics: []string{"command-and-control"}, Before: 1,
			EventsBefore: none, EventsAfter: none, PlatformsBefore: no, PlatformsAfter: no, Rules: rules(before, "T1105"),
			Reasons: []Reason{{Kind: ByRules, Worse: true, Message: "“title of b.yml” was removed", Rules: rules(before, "T1105")}},
		}},
		Weakened: []Change{{
			ID: "T1059.001", Name: "PowerShell", Tactics: []string{"execution"}, Before: 2, After: 1,
			EventsBefore: []normalize.Event{sysmon1}, EventsAfter: []normalize.Event{sysmon1},
			CatalogEvents: []normalize.Event{script, sec4688, sysmon22}, Rules: rules(after, "T1059.001"),
			PlatformsBefore: no, PlatformsAfter: no, DownToOne: true,
			Reasons: []Reason{{Kind: ByRules, Worse: true, Message: "“title of b.yml” was removed", Rules: rules(before, "T1105")}},
		}},
		Strengthened: []Change{{
			ID: "T1047", Name: "Windows Management Instrumentation", Tactics: []string{"execution"}, Before: 2, After: 3,
			EventsBefore: []normalize.Event{sysmon1}, EventsAfter: []normalize.Event{sysmon1, sysmon3}, Rules: rules(after, "T1047"),
			PlatformsBefore: no, PlatformsAfter: no,
			Reasons: []Reason{
				{Kind: ByRules, Message: "one more rule", Rules: rules(after, "T9998")},
				{Kind: ByEvents, Message: "now also sees Sysmon 3", Events: []normalize.Event{sysmon3}},
			},
		}},
		Gaps: []Gap{{
			ID: "T1059", Name: "Command and Scripting Interpreter", Tactics: []string{"execution"}, Rules: 4,
			Events: []normalize.Event{sysmon1}, Near: []string{"T1059.001"},
		}, {
			ID: "T1005", Name: "Data from Local System", Tactics: []string{"collection"}, Rules: 2, Events: none, Near: []string{},
		}, {
			ID: "T0807", Name: "Command-Line Interface", Tactics: []string{"execution"}, Rules: 1,
			Events: []normalize.Event{sysmon1}, Near: []string{},
		}},
	}
	tactics := got.Tactics
	got.Tactics = nil
	got.Telemetry, got.Gates = nil, nil // TestTelemetry and TestGates look at them
	if diff := cmp.Diff(want, got, plainSnapshots); diff != "" {
		t.Errorf("Compare (-want +got):\n%s", diff)
	}
	if n := len(attack.Default().Tactics(attack.Enterprise)); len(tactics) != n+1 {
		t.Errorf("%d tactics, want the %d of enterprise and one of ICS", len(tactics), n)
	}
	for _, want := range []Tactic{
		{attack.Enterprise, "execution", "Execution", 2, 2, 3, 3, 3, 0, 0, 1, 1, 1, 0},
		{attack.Enterprise, "exfiltration", "Exfiltration", 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0},
		{attack.Enterprise, "command-and-control", "Command and Control", 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0},
		{attack.Enterprise, "defense-impairment", "Defense Impairment", 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0},
		{attack.ICS, "execution", "Execution", 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0},
	} {
		if !slices.Contains(tactics, want) {
			t.Errorf("no tactic %+v among %+v", want, tactics)
		}
	}
	if got := tactics[len(tactics)-1].Domain; got != attack.ICS {
		t.Errorf("the last tactic is of %s", got)
	}
}

func TestCompareWithoutBase(t *testing.T) {
	s := Take(attack.Default(), []normalize.Summary{summary("a.yml", "high", tags("T1059.001"), sysmon1)})
	for _, before := range []*Snapshot{nil, s} {
		got := Compare(before, s, nil)
		if got.Before != nil || len(got.Gained)+len(got.Lost)+len(got.Weakened)+len(got.Strengthened) != 0 {
			t.Errorf("a change without a base: %+v", got)
		}
		if len(got.Gaps) != 0 || got.Gaps == nil {
			t.Errorf("gaps without a catalog: %+v", got.Gaps)
		}
		for _, tac := range got.Tactics {
			if tac.TechniquesBefore != tac.TechniquesAfter || tac.RulesBefore != tac.RulesAfter {
				t.Errorf("before differs from after: %+v", tac)
			}
		}
	}
}

func TestTopEvents(t *testing.T) {
	b := catalog.NewBuilder("")
	source := b.AddSource(catalog.Source{})
	used := map[normalize.Event]int{sysmon1: 9, script: 3, sysmon22: 2, sec4688: 2, sysmon3: 2}
	for _, name := range []string{"a", "b", "c", "d"} {
		used[normalize.Event{Provider: "Zeek", Event: name}] = 1
	}
	for e, n := range used {
		for i := range n {
			b.Add(catalog.Rule{Source: source, Path: e.String(), Index: i, Techniques: tags("T1059"), Events: []normalize.Event{e}})
		}
	}
	p := newPublic(attack.Default(), build(t, b))
	for _, tt := range []struct {
		id         string
		have, want []normalize.Event
	}{
		{"T1059", nil, []normalize.Event{sysmon1, script, sec4688, sysmon3, sysmon22}},
		{"T1059", []normalize.Event{{Provider: "Sysmon", Event: "*"}}, []normalize.Event{ // covers each of its events
			script, sec4688, {Provider: "Zeek", Event: "a"}, {Provider: "Zeek", Event: "b"}, {Provider: "Zeek", Event: "c"},
		}},
		{"T1047", nil, nil},
	} {
		for range 2 { // counting leaves nothing behind
			if got := p.topEvents(tt.id, tt.have); !slices.Equal(got, tt.want) {
				t.Errorf("topEvents(%s, %v) = %v, want %v", tt.id, tt.have, got, tt.want)
			}
		}
	}
}

// repository makes up n rules, by path as a scan has them, with the spread of techniques that real ones
// have: a few that many share, many that few have.
func repository(n int, seed uint64) []normalize.Summary {
	var ids []string
	for tech := range attack.Default().Techniques(attack.Enterprise) {
		ids = append(ids, tech.ID)
	}
	random := rand.New(rand.NewPCG(seed, seed))
	events := []normalize.Event{sysmon1, sysmon3, sysmon22, sec4688, script}
	rules := make([]normalize.Summary, n)
	for i := range rules {
		at := int(random.ExpFloat64() * 80)
		rules[i] = summary("rules/"+string(rune('a'+i%26))+"/"+string(rune('0'+i)), rule.Levels[i%5],
			tags(ids[at%len(ids)], ids[random.IntN(len(ids))]), events[i%5], events[random.IntN(5)])
	}
	slices.SortFunc(rules, func(a, b normalize.Summary) int { return strings.Compare(a.Path, b.Path) })
	return rules
}

// The order that rules come in leaves no trace.
func TestDeterministic(t *testing.T) {
	rules := repository(500, 1)
	cat := testCatalog(t)
	want := Compare(Take(attack.Default(), rules[:400]), Take(attack.Default(), rules), cat)
	rand.Shuffle(len(rules), func(i, j int) { rules[i], rules[j] = rules[j], rules[i] })
	got := Take(attack.Default(), rules)
	if diff := cmp.Diff(want.After, got, plainSnapshots); diff != "" {
		t.Errorf("Take of shuffled rules (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, Compare(want.Before, got, cat), plainSnapshots); diff != "" {
		t.Errorf("Compare (-want +got):\n%s", diff)
	}
}

func BenchmarkTake(b *testing.B) {
	rules := repository(4000, 1)
	for b.Loop() {
		Take(attack.Default(), rules)
	}
}

// BenchmarkCoverage is all that a run needs: both sides of 4,000 rules and
// their comparison with a catalog of 9,000.
func BenchmarkCoverage(b *testing.B) {
	builder := catalog.NewBuilder("2026-08")
	source := builder.AddSource(catalog.Source{Name: "test", Vendor: rule.Sigma})
	for i, r := range repository(9000, 2) {
		builder.Add(catalog.Rule{
			Source: source, Vendor: rule.Sigma, ID: r.Path, Path: r.Path, Index: i, Techniques: r.Techniques, Events: r.Events,
		})
	}
	cat := build(b, builder)
	old, now := repository(4000, 1), repository(4000, 1)
	copy(now[100:], repository(5, 4))
	for name, sides := range map[string][2][]normalize.Summary{
		"pull-request": {old, now},
		"all-new":      {old, repository(4000, 3)},
		"all-gaps":     {old[:5], old[:6]},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Compare(Take(attack.Default(), sides[0]), Take(attack.Default(), sides[1]), cat)
			}
		})
	}
}
