package coverage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
)

// covering is a snapshot in which each technique has one rule.
func covering(ids ...string) *Snapshot {
	var rules []normalize.Summary
	for i, id := range ids {
		rules = append(rules, normalize.Summary{Path: "a.yml", Index: i, Techniques: []string{id}})
	}
	return Take(attack.Default(), rules)
}

// lines are the outcomes of gates with what they miss.
func lines(r *Report) []string {
	var out []string
	for i := range r.Gates {
		g := &r.Gates[i]
		word := "failed"
		if g.Passed {
			word = "passed"
		}
		out = append(out, word+" "+g.Name+": "+g.Message)
		for j := range g.Techniques {
			out = append(out, "  "+g.Techniques[j].String())
		}
	}
	return out
}

func TestGates(t *testing.T) {
	before := covering("T1059", "T1059.001", "T1020", "T1105")
	after := covering("T1059", "T1059.003", "T1105")
	for _, c := range []struct {
		name  string
		gates Gates
		want  []string
	}{
		{"none", Gates{}, nil},
		{"loss", Gates{NoLoss: true}, []string{
			"failed coverage-loss: 2 of 4 techniques lost their last rule",
			"  T1020 Automated Exfiltration", "  T1059.001 PowerShell; covered nearby, which does not count: T1059",
		}},
		{"enough", Gates{MinTechniques: 3}, []string{"passed min-techniques: 3 techniques are covered, at least 3 must be; sub-techniques count by themselves"}},
		{"too few", Gates{MinTechniques: 4}, []string{"failed min-techniques: 3 techniques are covered, at least 4 must be; sub-techniques count by themselves"}},
		{"targets", Gates{Targets: []string{"t1105", "T1562.001", "T1059.001", "T1685", "T1059"}}, []string{
			"failed targets: 2 of 4 targets are covered; a sub-technique does not count for its technique, nor the other way round",
			"  T1059.001 PowerShell; covered nearby, which does not count: T1059",
			"  T1685 Disable or Modify Tools (asked for as T1562.001)",
		}},
		{"targets of the other kind", Gates{Targets: []string{"T1059.003", "T1105"}}, []string{
			"passed targets: 2 of 2 targets are covered; a sub-technique does not count for its technique, nor the other way round",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Compare(before, after, nil)
			c.gates.Check(r)
			if diff := cmp.Diff(c.want, lines(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			failed := strings.Contains(strings.Join(c.want, "\n"), "failed")
			if r.Failed() != failed {
				t.Errorf("failed: %v", r.Failed())
			}
		})
	}
	r := Compare(after, after, nil)
	Gates{NoLoss: true}.Check(r)
	if diff := cmp.Diff([]string{"passed coverage-loss: nothing is compared, so nothing can be lost"}, lines(r)); diff != "" {
		t.Error(diff)
	}
}

// What cannot be read is covered for no gate.
func TestGatesOfUnreadRules(t *testing.T) {
	rules := []normalize.Summary{
		{Path: "a.yml", ID: normalize.Located{Value: "1"}, Techniques: []string{"T1020"}},
		{Path: "b.yml", ID: normalize.Located{Value: "2"}, Techniques: []string{"T1105"}},
	}
	before := Take(attack.Default(), rules)
	broken := append([]normalize.Summary{}, rules...)
	broken[0].Broken = true
	r := Compare(before, Take(attack.Default(), broken), nil)
	Gates{NoLoss: true, MinTechniques: 2, Targets: []string{"T1020", "T1105"}}.Check(r)
	want := []string{
		"failed coverage-loss: 1 of 2 techniques have no rule left that can be read",
		"  T1020 Automated Exfiltration; none of its rules can be read whole",
		"failed min-techniques: 1 techniques are covered, at least 2 must be; sub-techniques count by themselves",
		"  T1020 Automated Exfiltration; none of its rules can be read whole",
		"failed targets: 1 of 2 targets are covered; a sub-technique does not count for its technique, nor the other way round",
		"  T1020 Automated Exfiltration; none of its rules can be read whole",
	}
	if diff := cmp.Diff(want, lines(r)); diff != "" {
		t.Error(diff)
	}
}

func TestReadTargets(t *testing.T) {
	for _, c := range []struct {
		text, err string
		want      []string
	}{
		{text: "\xEF\xBB\xBF# ours\r\nT1059.001 PowerShell\r\n\r\nt1020,\tx # y\r\n", want: []string{"T1059.001", "t1020"}},
		{text: `{"techniques":[{"techniqueID":"T1059"},{"techniqueID":"T1020","enabled":false},{"techniqueID":"T1105","enabled":true}]}`, want: []string{"T1059", "T1105"}},
		{text: "T1059\nPowerShell\n", err: `line 2: expected the id of a technique such as T1059.001, found "PowerShell"`},
		{text: "T9999\n", err: `line 1: ATT&CK v19 has no technique "T9999"`},
		{text: "# nothing\n", err: "expected ids of techniques, one a line, or a Navigator layer; found none"},
		{text: "", err: "expected ids of techniques, one a line, or a Navigator layer; found none"},
		{text: `{"techniques":[]}`, err: "the layer has no enabled technique"},
		{text: `{"techniques":[{"techniqueID":"TA0001"}]}`, err: `technique 1 of the layer: expected the id of a technique such as T1059.001, found "TA0001"`},
		{text: `{"techniques":`, err: "expected a layer of the ATT&CK Navigator: unexpected end of JSON input"},
	} {
		got, err := ReadTargets(attack.Default(), []byte(c.text))
		if c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%q: %v, want %s", c.text, err, c.err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", c.text, err, diff)
		}
	}
}

func TestTelemetry(t *testing.T) {
	sysmon1 := normalize.Event{Provider: "Sysmon", Event: "1"}
	r := Compare(nil, Take(attack.Default(), []normalize.Summary{
		{Path: "a.yml", Techniques: []string{"T1059.001"}, Events: []normalize.Event{sysmon1}},
		{Path: "b.yml", Techniques: []string{"T1562.001"}, Events: []normalize.Event{{Provider: "Sysmon", Event: "*"}}},
		{Path: "c.yml", Title: normalize.Located{Value: "C"}},
	}), nil)
	if len(r.Telemetry) != 2 || r.Telemetry[0].ID != "T1059.001" || r.Telemetry[1].ID != "T1685" {
		t.Fatalf("telemetry: %+v", r.Telemetry)
	}
	one := &r.Telemetry[0]
	if !one.RestsOnOne() || len(one.ATTACK) == 0 {
		t.Errorf("T1059.001: %+v", one)
	}
	var names []string
	for _, e := range one.ATTACKEvents {
		names = append(names, e.String())
	}
	text := strings.Join(names, ", ")
	if !strings.Contains(text, "PowerShell 4104") || strings.Contains(text, "Sysmon 1,") || strings.Contains(text, "Security-Auditing 4104") {
		t.Errorf("events that ATT&CK names: %s", text)
	}
	// Every event of a provider is not one event, and covers all of them.
	every := &r.Telemetry[1]
	if every.RestsOnOne() {
		t.Errorf("T1685: %+v", every)
	}
	for _, e := range every.ATTACKEvents {
		if e.Provider == "Sysmon" {
			t.Errorf("%s is covered", e)
		}
	}
	if u := r.After.UntaggedRules; len(u) != 1 || u[0].Path != "c.yml" || u[0].Title != "C" {
		t.Errorf("rules without technique: %+v", u)
	}
}
