package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// TestNoRuleIsItsOwnPeer: a rule that stands in the catalog, under its id or
// as a copy of its text, does not make itself noisy; evidence links to rules.
func TestNoRuleIsItsOwnPeer(t *testing.T) {
	const text = `title: Tool
id: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a0%02d
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\tool.exe'
    condition: selection
level: high
`
	read := func(text string) *normalize.Rule {
		return normalize.Normalized(parsers.Parse("r.yml", []byte(text), nil).Rules)[0]
	}
	own := fmt.Sprintf(text, 99)
	for _, tt := range []struct {
		name    string
		others  int
		self    string
		changed func(*catalog.Rule)
		want    int
	}{
		{"enough others", noisyReach, "", nil, 1},
		{"with itself it would be enough", noisyReach - 1, own, nil, 0},
		{"an earlier text of its own id", noisyReach - 1, strings.Replace(own, "level: high", "level: low", 1), nil, 0},
		{"its text under another id", noisyReach - 1, own, func(r *catalog.Rule) { r.ID = "other" }, 0},
		{"another rule, content with it alone", noisyReach - 1, own, func(r *catalog.Rule) { r.ID, r.Content = "other", "0123" }, 1},
	} {
		b := catalog.NewBuilder("")
		n := b.AddSource(catalog.Source{Name: "a", URL: "https://example.org/rules"})
		for i := range tt.others {
			asksForMore := strings.Replace(fmt.Sprintf(text, i), "    condition", "        CommandLine|contains: 'x'\n    condition", 1)
			r, _ := catalog.Entry(read(asksForMore), n)
			b.Add(r)
		}
		if tt.self != "" {
			r, _ := catalog.Entry(read(tt.self), n)
			if tt.changed != nil {
				tt.changed(&r)
			}
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
		if got := exampleFindings(noisyPathCheck, c, own); len(got) != tt.want {
			t.Errorf("%s: %d findings, want %d", tt.name, len(got), tt.want)
		}
		if got := evidenceRule(c, 0).URL; got != "https://example.org/rules/r.yml" {
			t.Errorf("evidence is at %q", got)
		}
	}
}
