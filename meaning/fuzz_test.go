package meaning

import (
	"math/rand"
	"testing"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
)

// FuzzCompare compares any two rules, in both directions, and holds the verdict
// against events.
func FuzzCompare(f *testing.F) {
	frame := "title: T\nid: 6a0e2ad1-2f0f-4a3c-8d8e-5d4cf9b9a005\nlogsource: {product: windows, category: process_creation}\ndetection:\n"
	f.Add("  s: {Image: a}\n  condition: s\n", "  s: {Image: [a, b]}\n  condition: not s\n")
	f.Add("  s: [a, {b|re: 'x(y|z)+', c|cidr: 10.0.0.0/8}]\n  t: {d|windash|contains: ' -e', d|endswith: x}\n  condition: 1 of them", "  s: {d: 'a?*b', e: null}\n  condition: s | count() > 5")
	f.Add("  s: {Image|endswith: '\\a.exe', TargetFilename|endswith: '.x'}\n  condition: s", "  s: {Image: 'C:\\a.exe', n|gt: 5}\n  condition: s or not s")
	f.Fuzz(func(t *testing.T, before, after string) {
		read := func(detection string) *normalize.Rule {
			file := parsers.Parse("r.yml", []byte(frame+detection), nil)
			if len(file.Rules) == 0 || len(detection) > 2000 {
				return nil
			}
			return normalize.Normalize(file.Rules[0])
		}
		a, b := read(before), read(after)
		if a == nil || b == nil {
			return
		}
		c, back := Compare(a, b), Compare(b, a)
		if (c.Verdict == Unknown) != (c.Reason != "") {
			t.Errorf("%s for the reason %q", c.Verdict, c.Reason)
		}
		mirrored := map[Verdict]Verdict{Wider: Narrower, Narrower: Wider, Same: Same, Both: Both}
		if want, ok := mirrored[c.Verdict]; ok && back.Verdict != want && back.Verdict != Unknown {
			t.Errorf("%s there, %s back", c.Verdict, back.Verdict)
		}
		if same := Compare(a, a); same.Verdict != Same && same.Reason == "" || len(same.Added)+len(same.Removed)+len(same.Moved)+len(same.Attributes) > 0 {
			t.Errorf("a rule is not itself: %+v", same)
		}
		if a.Root() == nil || b.Root() == nil {
			return
		}
		if problem := disproved(rand.New(rand.NewSource(1)), a, b, c, 20); problem != "" && sources(a).equal(sources(b)) {
			t.Errorf("%s: %s", c.Verdict, problem)
		}
	})
}
