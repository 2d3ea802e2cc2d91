package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/rule"
)

func TestIn(t *testing.T) {
	b := NewBuilder("2026-08")
	source := b.AddSource(Source{Name: "test", Vendor: rule.Sigma})
	for i, techniques := range [][]string{{"T1562.001", "T1059"}, {"T1562"}, {"T1685", "T1562.002"}, {"T1020"}} {
		b.Add(Rule{Source: source, Vendor: rule.Sigma, ID: string(rune('a' + i)), Path: "r", Index: i, Techniques: techniques})
	}
	var file strings.Builder
	if _, err := b.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	c, err := Open(file.String())
	if err != nil {
		t.Fatal(err)
	}
	if c.In(attack.Default()) != c || c.Tables() != attack.Default() {
		t.Error("the tables that it was built with are others")
	}
	older, err := attack.Default().In(attack.Older)
	if err != nil {
		t.Fatal(err)
	}
	then := c.In(older)
	if want := []string{"T1020", "T1059", "T1562.001", "T1562.002"}; !slices.Equal(want, then.Techniques()) || then.Tables() != older {
		t.Errorf("techniques: %q", then.Techniques())
	}
	if info := then.Info(); info.Attack != "v18" || info.Techniques != 4 || info.Rules != 4 {
		t.Errorf("info: %+v", info)
	}
	for id, want := range map[string]int{"T1562.001": 3, "T1685": 3, "T1562.002": 1, "T1562": 0, "T1020": 1, "T9999": 0} {
		if got := then.Technique(id); got.Len() != want || len(slices.Collect(got.All())) != want {
			t.Errorf("%s: %d rules, want %d", id, got.Len(), want)
		}
	}
	for ref := range then.Technique("T1562.002").All() {
		if got := slices.Collect(then.RuleTechniques(ref)); !slices.Equal(got, []string{"T1562.001", "T1562.002"}) {
			t.Errorf("techniques of the rule: %q", got)
		}
	}
	var none *Catalog
	if none.In(older) != nil {
		t.Error("no catalog is one")
	}
}
