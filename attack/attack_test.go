package attack

import (
	"slices"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	for _, id := range []string{"T1059.001", "t1059.001", " t1059.001 "} {
		got, ok := Default().Lookup(id)
		if !ok || got.ID != "T1059.001" || got.Name != "PowerShell" || got.Domain != Enterprise ||
			got.Status != Active || !slices.Equal(got.Tactics, []string{"execution"}) || !slices.Contains(got.Platforms, "Windows") {
			t.Errorf("Default().Lookup(%q) = %+v, %v", id, got, ok)
		}
	}
	for _, id := range []string{"", "T", "T9999", "T1059.999", "TA0001", strings.Repeat("T1", 1e5), "\x00", "é"} {
		if got, ok := Default().Lookup(id); ok {
			t.Errorf("Default().Lookup(%.20q) = %+v, want none", id, got)
		}
	}
	sub, _ := Default().Lookup("T1059.001")
	if got, want := sub.URL(), "https://attack.mitre.org/techniques/T1059/001/"; got != want {
		t.Errorf("URL = %q, want %q", got, want)
	}
	if got, _ := Default().Lookup("T0855"); got.Platforms != nil {
		t.Errorf("platforms of T0855 = %q, want none", got.Platforms)
	}
}

func TestCurrent(t *testing.T) {
	for _, tt := range []struct {
		id, want string
		status   Status
	}{
		{"T1059.001", "T1059.001", Active},
		{"T1089", "T1685", Active}, // through T1562.001
		{"T1562.001", "T1685", Active},
		{"t1562", "T1685", Active},
		{"T1086", "T1059.001", Active},     // a technique that became a sub-technique
		{"T1574.002", "T1574.001", Active}, // a sub-technique merged into its sibling
		{"T1064", "T1064", Deprecated},     // dropped without a successor
		{"T1434", "T1476", Deprecated},     // the successor was dropped
		{"T0855", "T0855", Revoked},        // the successor is not known
	} {
		got, ok := Default().Current(tt.id)
		if !ok || got.ID != tt.want || got.Status != tt.status {
			t.Errorf("Default().Current(%q) = %s %s %v, want %s %s", tt.id, got.ID, got.Status, ok, tt.want, tt.status)
		}
	}
	if _, ok := Default().Current("T9999"); ok {
		t.Error("Default().Current(T9999) found something")
	}
}

func TestRevokedByVersion(t *testing.T) {
	for id, want := range map[string]bool{
		"T1562.001": true, "T1070.001": true, // by v19
		"T1089": false, "T1086": false, // before it, T1089 for what v19 revoked
		"T1059": false, "T1685": false, // in force
	} {
		if technique, ok := Default().Lookup(id); !ok || Default().RevokedByVersion(technique) != want {
			t.Errorf("%s: %t", id, !want)
		}
	}
}

func TestCurrentWithCycle(t *testing.T) {
	table := newTechniques(readTechniques("header\n" +
		"enterprise\tT1\ta\t\t\trevoked\tT2\n" +
		"enterprise\tT2\tb\t\t\trevoked\tT3\n" +
		"enterprise\tT3\tc\t\t\trevoked\tT2\n" +
		"enterprise\tT4\td\t\t\trevoked\tT4\n" +
		"enterprise\tT5\tbroken line\n"))
	if len(table.all) != 4 {
		t.Fatalf("%d rows, want 4", len(table.all))
	}
	for i := range table.all {
		table.last(int32(i)) // must end
		table.before(int32(i))
		table.accepted(int32(i))
	}
	if got := table.all[table.last(3)].ID; got != "T4" {
		t.Errorf("a technique that replaces itself leads to %s", got)
	}
}

func TestPredecessors(t *testing.T) {
	got := Default().Predecessors("T1685")
	for _, want := range []string{"T1089", "T1562", "T1562.001"} {
		if !slices.Contains(got, want) {
			t.Errorf("Default().Predecessors(T1685) = %q lacks %s", got, want)
		}
	}
	if !slices.IsSorted(got) {
		t.Errorf("not sorted: %q", got)
	}
	if got := Default().Predecessors("nothing"); got != nil {
		t.Errorf("Default().Predecessors(nothing) = %q", got)
	}
}

func TestTechniques(t *testing.T) {
	counts := map[string]int{}
	last := ""
	for tech := range Default().Techniques("") {
		counts[tech.Domain]++
		if tech.ID <= last {
			t.Errorf("%s stands after %s", tech.ID, last)
		}
		last = tech.ID
	}
	for _, domain := range []string{Enterprise, Mobile, ICS} {
		n := 0
		for tech := range Default().Techniques(domain) {
			if tech.Domain != domain {
				t.Errorf("%s is of %s", tech.ID, tech.Domain)
			}
			n++
		}
		if n == 0 || n != counts[domain] {
			t.Errorf("%s has %d techniques, counted %d", domain, n, counts[domain])
		}
	}
	for range Default().Techniques("") {
		break // stopping early must be possible
	}
}

// TestTables checks that the tables say nothing that contradicts them.
func TestTables(t *testing.T) {
	for name, tt := range map[string]struct {
		tsv     string
		columns int
	}{
		"techniques": {techniquesTSV, 7}, "tactics": {tacticsTSV, 4}, "telemetry": {telemetryTSV, 5},
	} {
		n := 0
		for range rows(tt.tsv, tt.columns) {
			n++
		}
		if want := strings.Count(tt.tsv, "\n") - 1; n != want {
			t.Errorf("%s: %d of %d lines have %d columns", name, n, want, tt.columns)
		}
	}
	seen := map[string]bool{}
	for tech := range Default().Techniques("") {
		if seen[tech.ID] {
			t.Errorf("%s stands twice in the table", tech.ID)
		}
		seen[tech.ID] = true
		if parent := Parent(tech.ID); parent != "" {
			if p, ok := Default().Lookup(parent); !ok || p.Domain != tech.Domain {
				t.Errorf("%s has no parent", tech.ID)
			}
		}
		for _, name := range tech.Tactics {
			ok := slices.ContainsFunc(Default().LookupTactic(name), func(tac Tactic) bool {
				return tac.Domain == tech.Domain && tac.ShortName == name && (!tac.Retired || tech.Status != Active)
			})
			if !ok {
				t.Errorf("%s names the tactic %q, which %s does not have", tech.ID, name, tech.Domain)
			}
		}
		switch tech.Status {
		case Active, Deprecated:
			if tech.ReplacedBy != "" {
				t.Errorf("%s is %s and has a successor", tech.ID, tech.Status)
			}
		case Revoked:
		default:
			t.Errorf("%s has the status %q", tech.ID, tech.Status)
		}
		if tech.ReplacedBy != "" {
			next, ok := Default().Lookup(tech.ReplacedBy)
			if !ok || next.Domain != tech.Domain {
				t.Errorf("%s is replaced by %q, which %s does not have", tech.ID, tech.ReplacedBy, tech.Domain)
			}
			if end, _ := Default().Current(tech.ID); end.ReplacedBy != "" {
				t.Errorf("the chain of %s ends at %s, which has a successor", tech.ID, end.ID)
			}
		}
	}
	for id := range telemetryIndex() {
		if _, ok := Default().Lookup(id); !ok && id != "" {
			t.Errorf("telemetry names the unknown technique %q", id)
		}
	}
}

func TestTactics(t *testing.T) {
	var names []string
	for _, tac := range Default().Tactics(Enterprise) {
		names = append(names, tac.ShortName)
	}
	want := "reconnaissance resource-development initial-access execution persistence privilege-escalation stealth " +
		"defense-impairment credential-access discovery lateral-movement collection command-and-control exfiltration impact"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("enterprise tactics = %s\nwant %s", got, want)
	}
	if got := len(Default().Tactics("")); got != 15+12+12 {
		t.Errorf("%d tactics, want 39", got)
	}
	for _, tt := range []struct{ name, want string }{
		{"execution", "enterprise/TA0002 mobile/TA0041 ics/TA0104"},
		{"Command_And_Control", "enterprise/TA0011 mobile/TA0037 ics/TA0101"},
		{"CommandAndControl", "enterprise/TA0011 mobile/TA0037 ics/TA0101"},
		{"defense_evasion", "mobile/TA0030 enterprise/TA0005!"},
		{"Defense Evasion", "mobile/TA0030 enterprise/TA0005!"},
		{"stealth", "enterprise/TA0005"},
		{"ta0005", "enterprise/TA0005"},
		{"TA0038", "mobile/TA0038!"},
		{"evasion", "ics/TA0103"},
		{"", ""},
		{"cooking", ""},
	} {
		var got []string
		for _, tac := range Default().LookupTactic(tt.name) {
			s := tac.Domain + "/" + tac.ID
			if tac.Retired {
				s += "!"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Default().LookupTactic(%q) = %q, want %q", tt.name, s, tt.want)
		}
	}
	if got := Default().TacticSuccessors("defense_evasion"); !slices.Equal(got, []string{"stealth", "defense-impairment"}) {
		t.Errorf("Default().TacticSuccessors(defense_evasion) = %q", got)
	}
	if got := Default().TacticSuccessors("execution"); got != nil {
		t.Errorf("Default().TacticSuccessors(execution) = %q", got)
	}
}

func TestBelongsTo(t *testing.T) {
	for _, tt := range []struct {
		technique, tactic string
		belongs, known    bool
	}{
		{"T1059.001", "execution", true, true},
		{"T1059.001", "impact", false, true},
		{"T1059.001", "evasion", false, true}, // a tactic of ICS only
		{"t1036", "stealth", true, true},
		{"T1036", "defense_evasion", true, true},      // v18
		{"T1036", "defense-impairment", false, false}, // v19 may have it there
		{"T1059", "defense-impairment", false, true},
		{"T1685", "defense-impairment", true, true},
		{"T1685", "defense-evasion", true, true},
		{"T1685", "execution", false, true},
		{"T1562.001", "defense-evasion", true, true}, // as it was
		{"T1562.001", "defense-impairment", true, true},
		{"T1089", "defense-impairment", true, true}, // two steps away
		{"T1562.001", "discovery", false, true},
		{"T1059", "defense-evasion", false, true}, // mobile's tactic of the name must not count
		{"T1548.002", "defense-evasion", true, true},
		{"T1548", "defense-evasion", true, true},        // through T1088, which became T1548.002
		{"T1574.001", "persistence", true, true},        // T1574.002 became it
		{"T1574.006", "persistence", true, true},        // as its siblings were in v18
		{"T0843.001", "lateral-movement", true, true},   // the parent's
		{"T1691.001", "lateral-movement", false, false}, // ICS, no tactic known
		{"T9999", "execution", false, false},
		{"T1059", "cooking", false, false},
		{"", "", false, false},
	} {
		belongs, known := Default().BelongsTo(tt.technique, tt.tactic)
		if belongs != tt.belongs || known != tt.known {
			t.Errorf("Default().BelongsTo(%q, %q) = %v, %v, want %v, %v", tt.technique, tt.tactic, belongs, known, tt.belongs, tt.known)
		}
	}
	for tech := range Default().Techniques("") {
		for _, tac := range tech.Tactics {
			if ok, _ := Default().BelongsTo(tech.ID, tac); !ok {
				t.Errorf("%s does not belong to its own tactic %s", tech.ID, tac)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	for _, tt := range []struct{ id, want string }{
		{"T1059.099", "T1059"},
		{"T1059.1", "T1059.001"},
		{"T1059/001", "T1059.001"},
		{"T1059001", "T1059.001"},
		{"1059", "T1059"},
		{"T1O59", "T1059"},
		{"T1509.001", "T1509"}, // a parent that exists comes before swapped digits
		{"T1059.01O", "T1059.010"},
		{"T0159", "T1059"}, // swapped
		{"T9999", ""},
		{"T1059", ""}, // exists
		{"", ""},
		{"PowerShell", ""},
		{strings.Repeat("1", 40), ""},
	} {
		got, ok := Default().Nearest(tt.id)
		if got.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("Default().Nearest(%q) = %q, want %q", tt.id, got.ID, tt.want)
		}
	}
	for _, tt := range []struct {
		a, b          string
		swapped, edit bool
	}{
		{"T1059", "T1095", true, false},
		{"T1059", "T1059", false, false},
		{"T1059", "T1058", false, true},
		{"T105", "T1059", false, true},
		{"T10599", "T1059", false, true},
		{"T1", "T1059", false, false},
		{"", "", false, false},
	} {
		if got := swapped(tt.a, tt.b); got != tt.swapped {
			t.Errorf("swapped(%q, %q) = %v", tt.a, tt.b, got)
		}
		if got := oneEdit(tt.a, tt.b); got != tt.edit {
			t.Errorf("oneEdit(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestTelemetryOf(t *testing.T) {
	want := Telemetry{"Windows", "WinEventLog:Sysmon", "EventCode=1", "Process Creation"}
	if got := Default().TelemetryOf("t1001.002"); !slices.Contains(got, want) {
		t.Errorf("Default().TelemetryOf(T1001.002) = %v lacks %v", got, want)
	}
	now, before := Default().TelemetryOf("T1685"), Default().TelemetryOf("T1562.001")
	if len(now) == 0 || !slices.Equal(now, before) {
		t.Errorf("T1685 has %d lines, T1562.001, which became it, %d", len(now), len(before))
	}
	seen := map[Telemetry]bool{}
	for _, line := range now {
		if seen[line] {
			t.Errorf("%v stands twice", line)
		}
		seen[line] = true
	}
	if got := Default().TelemetryOf("T9999"); got != nil {
		t.Errorf("Default().TelemetryOf(T9999) = %v", got)
	}
	total := 0
	for id := range telemetryIndex() {
		total += len(telemetryLines(id))
	}
	if want := strings.Count(telemetryTSV, "\n") - 1; total != want {
		t.Errorf("the index holds %d lines, the table %d", total, want)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		newTechniques(readTechniques(techniquesTSV))
	}
}

func BenchmarkLookup(b *testing.B) {
	Default().techniques()
	for b.Loop() {
		Default().Lookup("T1059.001")
	}
}

func BenchmarkCurrent(b *testing.B) {
	Default().techniques()
	for b.Loop() {
		Default().Current("T1089")
	}
}

func BenchmarkBelongsTo(b *testing.B) {
	Default().techniques()
	for b.Loop() {
		Default().BelongsTo("T1059", "defense_evasion")
	}
}

func FuzzIDs(f *testing.F) {
	for _, id := range []string{"T1059.001", "t1562", "TA0005", "defense_evasion", "T1059/1"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		Default().Nearest(id)
		Default().LookupTactic(id)
		Default().TelemetryOf(id)
		Default().BelongsTo(id, id)
		if got, ok := Default().Current(id); ok {
			if again, _ := Default().Current(got.ID); again.ID != got.ID {
				t.Errorf("Default().Current(%q) = %q, whose current one is %q", id, got.ID, again.ID)
			}
		}
	})
}
