package attack

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCurrentIn(t *testing.T) {
	for _, c := range []struct{ version, id, want string }{
		{Older, "T1562.001", "T1562.001"}, // in force until v19
		{Version, "T1562.001", "T1685"},
		{"", "T1562.001", "T1685"},
		{Older, "T1089", "T1562.001"}, // revoked long before
		{Version, "T1089", "T1685"},
		{Older, "T1086", "T1059.001"},
		{Older, "t1059.001", "T1059.001"},
		{Older, "T1685", "T1685"},
		{Older, "T9999", ""},
	} {
		got, ok := Default().CurrentIn(c.version, c.id)
		if got.ID != c.want || ok != (c.want != "") {
			t.Errorf("Default().CurrentIn(%q, %q) = %q, %v, want %q", c.version, c.id, got.ID, ok, c.want)
		}
		if c.version == Older && ok && got.Status != Active {
			t.Errorf("%s is %s in %s", got.ID, got.Status, Older)
		}
	}
}

func TestTacticsIn(t *testing.T) {
	names := []string{"persistence", "stealth", "defense-impairment"}
	if diff := cmp.Diff([]string{"persistence", "defense-evasion"}, TacticsIn(Older, names)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(names, TacticsIn(Version, names)); diff != "" {
		t.Error(diff)
	}
}

func TestIn(t *testing.T) {
	older, err := Default().In(Older)
	if err != nil || older.Version != Older {
		t.Fatal(older, err)
	}
	for _, c := range []struct {
		id, want string
		status   Status
		tactics  []string
	}{
		{"T1562.001", "T1562.001", Active, []string{defenseEvasion}},
		{"T1562", "T1562", Active, []string{defenseEvasion}},
		{"T1089", "T1562.001", Active, []string{defenseEvasion}},
		{"T1685", "T1562.001", Active, []string{defenseEvasion}}, // of three the one of its name
		{"T1685.001", "T1562.002", Active, []string{defenseEvasion}},
		{"T1686.003", "T1686.003", Newer, []string{defenseEvasion}}, // replaced nothing
		{"T1059.001", "T1059.001", Active, []string{"execution"}},
		{"T1610", "T1610", Active, []string{"execution", defenseEvasion}},
	} {
		got, ok := older.Current(c.id)
		if !ok || got.ID != c.want || got.Status != c.status || !cmp.Equal(c.tactics, got.Tactics) {
			t.Errorf("%s: %s %s %v, want %s %s %v", c.id, got.ID, got.Status, got.Tactics, c.want, c.status, c.tactics)
		}
	}
	// Each version is at home with its own ids, and the other one meets it.
	for technique := range Default().Techniques(Enterprise) {
		then, _ := older.Current(technique.ID)
		if now, _ := Default().Current(then.ID); now.ID != Default().CurrentID(technique.ID) {
			t.Errorf("%s is %s in %s, which is %s today", technique.ID, then.ID, Older, now.ID)
		}
	}
	var names []string
	for _, tactic := range older.Tactics(Enterprise) {
		names = append(names, tactic.ID+" "+tactic.ShortName)
	}
	if len(names) != 14 || names[6] != "TA0005 defense-evasion" {
		t.Errorf("tactics of %s: %q", Older, names)
	}
	if older.HasTactic(stealth) || len(older.TacticSuccessors(defenseEvasion)) > 0 {
		t.Error("v18 has tactics of v19")
	}
	if same, err := Default().In(Version); err != nil || same != Default() {
		t.Error("v19 is another one")
	}
	if _, err := older.In(Version); err == nil {
		t.Error("v18 knows v19")
	}
	if _, err := Default().In("v7"); err == nil {
		t.Error("v7 is known")
	}
}
