package lint

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
)

func TestOlderATTACK(t *testing.T) {
	tagged := func(tags string) string { return with("logsource", "tags:\n"+tags+"logsource") }
	for _, c := range []struct {
		name, text string
		want       []string
		fixed      string
	}{
		{"as v18 has it", tagged("    - attack.defense-evasion\n    - attack.t1562.001\n"), nil, ""},
		{"revoked before", tagged("    - attack.defense-evasion\n    - attack.t1089\n"), []string{
			"revoked-technique: technique T1089 (Disabling Security Tools) was revoked; in ATT&CK v18 it is T1562.001 (Disable or Modify Tools)",
		}, tagged("    - attack.defense-evasion\n    - attack.t1562.001\n")},
		{"too new", tagged("    - attack.defense-impairment\n"), []string{
			`unknown-tactic: the tactic "defense-impairment" came with ATT&CK v19, the rules here are mapped to v18; expected "defense-evasion"`,
		}, tagged("    - attack.defense-evasion\n")},
		{"a new technique", tagged("    - attack.defense-evasion\n    - attack.t1685.001\n"), []string{
			"unknown-technique: technique T1685.001 (Disable or Modify Windows Event Log) came with ATT&CK v19, the rules here are mapped to v18; there it is T1562.002",
		}, tagged("    - attack.defense-evasion\n    - attack.t1562.002\n")},
		{"a tactic to add", tagged("    - attack.execution\n    - attack.t1562.001\n"), []string{
			"tactic-technique: technique T1562.001 (Disable or Modify Tools) belongs to Defense Evasion, which the rule is not tagged with",
		}, tagged("    - attack.execution\n    - attack.t1562.001\n    - attack.defense-evasion\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := NewLinter(nil, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			l.Configure(&Settings{ATTACK: attack.Older})
			var got []string
			fixed := ""
			for _, f := range l.Example(c.text) {
				got = append(got, fmt.Sprintf("%s: %s", f.Check, f.Message))
				if f.Fix != nil {
					fixed = apply(t, c.text, f.Fix.Edits)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if fixed != c.fixed {
				t.Errorf("fixed:\n%s", fixed)
			}
		})
	}
}
