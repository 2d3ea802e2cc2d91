package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// TestNoisyPathOfHabits: what more than one in five of the rules that look for a
// name do as well is no finding.
func TestNoisyPathOfHabits(t *testing.T) {
	rules := func(alone int) *catalog.Catalog {
		b := catalog.NewBuilder("")
		source := b.AddSource(catalog.Source{Name: "a"})
		for i := range 30 {
			selection := `        Image|endswith: '\tool.exe'`
			if i >= alone {
				selection += "\n        CommandLine|contains: 'x'"
			}
			text := strings.Replace(toolRule("high", selection, "selection"), "9a071", fmt.Sprintf("9a1%02d", i), 1)
			r, _ := catalog.Entry(normalize.Normalized(parsers.Parse("r.yml", []byte(text), nil).Rules)[0], source)
			b.Add(r)
		}
		var data strings.Builder
		if _, err := b.WriteTo(&data); err != nil {
			t.Fatal(err)
		}
		c, err := catalog.Open(data.String())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	own := toolRule("high", `        Image|endswith: '\tool.exe'`, "selection")
	for alone, want := range map[int]int{0: 1, 6: 1, 7: 0, 30: 0} {
		if got := adviceOn(t, rules(alone), own, nil, "noisy-path"); len(got) != want {
			t.Errorf("%d of 30 rules ask for nothing else: %d findings, expected %d", alone, len(got), want)
		}
	}
	hunting := strings.Replace(own, "    - attack.t1059.001\n", "    - attack.t1059.001\n    - detection.threat-hunting\n", 1)
	retired := strings.Replace(own, "status: test", "status: deprecated", 1)
	for _, text := range []string{hunting, retired} {
		if got := adviceOn(t, rules(0), text, nil, "noisy-path"); len(got) > 0 {
			t.Errorf("of a rule that nobody is alerted by: %s", got[0].Message)
		}
	}
}
