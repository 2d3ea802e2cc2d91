package report

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/detlint/detlint/attack"
)

func readLayer(t *testing.T, write func(io.Writer, *Report, Options) error, r *Report) navigatorLayer {
	t.Helper()
	var l navigatorLayer
	if err := json.Unmarshal([]byte(render(t, write, r, Options{})), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLayers checks what the schema of layers cannot: that the Navigator knows
// every technique in its matrix, that scores are what they say, and that a
// scale has two ends.
func TestLayers(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *Report, Options) error{
		"coverage": Navigator, "delta": NavigatorDelta, "gap": NavigatorGap,
	} {
		for _, r := range []*Report{sample(), withoutBase(), {}} {
			l := readLayer(t, write, r)
			if l.Gradient.Max <= l.Gradient.Min {
				t.Errorf("%s: a scale from %d to %d", name, l.Gradient.Min, l.Gradient.Max)
			}
			if "v"+l.Versions.ATTACK != attack.Version {
				t.Errorf("%s: ATT&CK %s", name, l.Versions.ATTACK)
			}
			for i, q := range l.Techniques {
				known, ok := attack.Default().Lookup(q.ID)
				if !ok || known.Domain != attack.Enterprise || known.Status != attack.Active {
					t.Errorf("%s: %s is not in the matrix", name, q.ID)
				}
				if i > 0 && l.Techniques[i-1].ID >= q.ID {
					t.Errorf("%s: %s stands after %s", name, q.ID, l.Techniques[i-1].ID)
				}
			}
		}
	}
	r := sample()
	scores := map[string]int{}
	for _, q := range readLayer(t, Navigator, r).Techniques {
		scores[q.ID] = q.Score
	}
	without := 0
	for _, q := range r.Coverage.After.Techniques {
		if _, ok := attack.Default().Lookup(q.ID); !ok {
			without++
			continue
		}
		if scores[q.ID] != len(q.Rules) {
			t.Errorf("%s has the score %d and %d rules", q.ID, scores[q.ID], len(q.Rules))
		}
	}
	if without == 0 {
		t.Fatal("the sample has no technique that ATT&CK does not know")
	}
	if !slices.ContainsFunc(readLayer(t, Navigator, r).Metadata, func(m navigatorMetadata) bool {
		return m.Name == "not in this matrix" && strings.Contains(m.Value, "T9999")
	}) {
		t.Error("the layer does not say what it leaves out")
	}
	delta := readLayer(t, NavigatorDelta, r)
	for _, q := range delta.Techniques {
		color := map[bool]string{true: "#2da44e", false: "#cf222e"}
		if strings.HasPrefix(q.Comment, "gained") && (q.Score <= 0 || q.Color != color[true]) || strings.HasPrefix(q.Comment, "lost") && (q.Score >= 0 || q.Color != color[false]) {
			t.Errorf("%s is %q with the score %d in %s", q.ID, q.Comment, q.Score, q.Color)
		}
	}
}

// TestMatrix: every technique of the matrix has a cell under each of its
// tactics.
func TestDrawing(t *testing.T) {
	out := render(t, SVG, sample(), Options{})
	cells := 0
	for q := range attack.Default().Techniques(attack.Enterprise) {
		if q.Status != attack.Active || attack.Parent(q.ID) != "" {
			continue
		}
		cells += len(q.Tactics)
		if n := strings.Count(out, "<title>"+q.ID+" "); n != len(q.Tactics) {
			t.Errorf("%s has %d cells and %d tactics", q.ID, n, len(q.Tactics))
		}
	}
	if len(out) > 100_000 || cells < 200 {
		t.Errorf("%d bytes for %d cells", len(out), cells)
	}
}
