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
		got, ok := CurrentIn(c.version, c.id)
		if got.ID != c.want || ok != (c.want != "") {
			t.Errorf("CurrentIn(%q, %q) = %q, %v, want %q", c.version, c.id, got.ID, ok, c.want)
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
