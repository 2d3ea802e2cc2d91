package coverage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
)

// Gates are what coverage must be for a run to succeed. The zero value asks
// for nothing.
type Gates struct {
	NoLoss        bool     // no technique may lose its last rule
	MinTechniques int      // how many techniques must be covered
	Targets       []string // ids of techniques that must be covered; nil for none
}

// A technique whose rules cannot be read whole is covered for no gate: what
// was not looked at must not end green.

// Gate is one of them with its outcome.
type Gate struct {
	Name    string `json:"name"` // coverage-loss, min-techniques or targets
	Passed  bool   `json:"passed"`
	Message string `json:"message"` // what was asked for and what is
	// Techniques are those that are missing or lost, by id.
	Techniques []GateTechnique `json:"techniques"`
}

// GateTechnique is a technique that a gate failed for.
type GateTechnique struct {
	ID   string `json:"id"`
	Name string `json:"name"` // empty when ATT&CK does not know the id
	// Asked is the id that was asked for, when ATT&CK has another one for it
	// now.
	Asked string `json:"asked,omitempty"`
	// Unread is set when there are rules, none of which can be read whole.
	Unread bool `json:"unread,omitempty"`
	// Near are the technique's parent or sub-techniques that are covered. They
	// do not count for it.
	Near []string `json:"near"`
}

// String names the technique, with what is nearly as good.
func (t *GateTechnique) String() string {
	text := strings.TrimSpace(t.ID + " " + t.Name)
	if t.Asked != "" {
		text += " (asked for as " + t.Asked + ")"
	}
	if t.Unread {
		text += "; none of its rules can be read whole"
	}
	if len(t.Near) > 0 {
		text += "; covered nearby, which does not count: " + strings.Join(t.Near, ", ")
	}
	return text
}

// Check adds the outcome of the gates to the report.
func (g Gates) Check(r *Report) {
	r.Gates = []Gate{}
	if g.NoLoss {
		r.Gates = append(r.Gates, r.lossGate())
	}
	if g.MinTechniques > 0 {
		r.Gates = append(r.Gates, r.minGate(g.MinTechniques))
	}
	if g.Targets != nil {
		r.Gates = append(r.Gates, r.targetGate(g.Targets))
	}
}

func (r *Report) lossGate() Gate {
	g := Gate{Name: "coverage-loss", Passed: len(r.Lost)+len(r.Unread) == 0, Techniques: []GateTechnique{}}
	for _, c := range r.Lost {
		g.Techniques = append(g.Techniques, GateTechnique{ID: c.ID, Name: c.Name, Near: r.After.near(c.ID)})
	}
	for _, c := range r.Unread {
		g.Techniques = append(g.Techniques, GateTechnique{ID: c.ID, Name: c.Name, Unread: true, Near: r.After.near(c.ID)})
	}
	slices.SortFunc(g.Techniques, func(a, b GateTechnique) int { return strings.Compare(a.ID, b.ID) })
	switch {
	case r.Before == nil:
		g.Message = "nothing is compared, so nothing can be lost"
	case g.Passed:
		g.Message = "no technique lost its last rule"
	default:
		var parts []string
		if n := len(r.Lost); n > 0 {
			parts = append(parts, fmt.Sprintf("%d of %d techniques lost their last rule", n, len(r.Before.Techniques)))
		}
		if n := len(r.Unread); n > 0 {
			parts = append(parts, fmt.Sprintf("%d of %d techniques have no rule left that can be read", n, len(r.Before.Techniques)))
		}
		g.Message = strings.Join(parts, "; ")
	}
	return g
}

func (r *Report) minGate(least int) Gate {
	g := Gate{Name: "min-techniques", Techniques: []GateTechnique{}}
	n := 0
	for i := range r.After.Techniques {
		t := &r.After.Techniques[i]
		if t.Sound() > 0 {
			n++
		} else {
			g.Techniques = append(g.Techniques, GateTechnique{ID: t.ID, Name: t.Name, Unread: true, Near: []string{}})
		}
	}
	g.Passed = n >= least
	g.Message = fmt.Sprintf("%d techniques are covered, at least %d must be; sub-techniques count by themselves", n, least)
	if g.Passed {
		g.Techniques = []GateTechnique{}
	}
	return g
}

func (r *Report) targetGate(targets []string) Gate {
	g := Gate{Name: "targets", Techniques: []GateTechnique{}}
	seen := map[string]bool{}
	for _, asked := range targets {
		id := r.After.Tables.CurrentID(asked)
		if seen[id] {
			continue
		}
		seen[id] = true
		have := r.After.technique(id)
		if have != nil && have.Sound() > 0 {
			continue
		}
		t := GateTechnique{ID: id, Unread: have != nil, Near: r.After.near(id)}
		if known, ok := r.After.Tables.Lookup(id); ok {
			t.Name = known.Name
		}
		if !strings.EqualFold(asked, id) {
			t.Asked = strings.ToUpper(asked)
		}
		g.Techniques = append(g.Techniques, t)
	}
	slices.SortFunc(g.Techniques, func(a, b GateTechnique) int { return strings.Compare(a.ID, b.ID) })
	g.Passed = len(g.Techniques) == 0
	g.Message = fmt.Sprintf("%d of %d targets are covered; a sub-technique does not count for its technique, nor the other way round",
		len(seen)-len(g.Techniques), len(seen))
	return g
}

func (s *Snapshot) technique(id string) *Technique {
	i, ok := slices.BinarySearchFunc(s.Techniques, id, func(t Technique, id string) int { return strings.Compare(t.ID, id) })
	if !ok {
		return nil
	}
	return &s.Techniques[i]
}

// near lists the covered parent and sub-techniques of a technique.
func (s *Snapshot) near(id string) []string {
	out := []string{}
	if parent := attack.Parent(id); parent != "" && s.technique(parent) != nil {
		out = append(out, parent)
	}
	for i := range s.Techniques {
		if attack.Parent(s.Techniques[i].ID) == id {
			out = append(out, s.Techniques[i].ID)
		}
	}
	return out
}

var targetForm = regexp.MustCompile(`^[Tt]\d{4}(\.\d{3})?$`)

// ReadTargets reads a list of techniques: ids one a line, with comments after
// #, or a layer of the ATT&CK Navigator, of which the enabled techniques count.
// The error names the place of what is no id of ATT&CK.
func ReadTargets(tables *attack.Tables, data []byte) ([]string, error) {
	data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	if text := bytes.TrimSpace(data); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return readLayer(tables, text)
	}
	out := []string{}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		word, _, _ := strings.Cut(line, "#")
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		// A name after the id is welcome.
		id, _, _ := strings.Cut(strings.ReplaceAll(word, "\t", " "), " ")
		if err := checkTarget(tables, strings.Trim(id, ",;")); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, strings.Trim(id, ",;"))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("expected ids of techniques, one a line, or a Navigator layer; found none")
	}
	return out, nil
}

func checkTarget(tables *attack.Tables, id string) error {
	if !targetForm.MatchString(id) {
		return fmt.Errorf("expected the id of a technique such as T1059.001, found %q", id)
	}
	if _, ok := tables.Lookup(id); !ok {
		return fmt.Errorf("ATT&CK %s has no technique %q", tables.Version, id)
	}
	return nil
}

func readLayer(tables *attack.Tables, data []byte) ([]string, error) {
	var layer struct {
		Techniques []struct {
			ID      string `json:"techniqueID"`
			Enabled *bool  `json:"enabled"`
		} `json:"techniques"`
	}
	if err := json.Unmarshal(data, &layer); err != nil {
		return nil, fmt.Errorf("expected a layer of the ATT&CK Navigator: %w", err)
	}
	out := []string{}
	for i, t := range layer.Techniques {
		if t.Enabled != nil && !*t.Enabled {
			continue
		}
		if err := checkTarget(tables, t.ID); err != nil {
			return nil, fmt.Errorf("technique %d of the layer: %w", i+1, err)
		}
		out = append(out, t.ID)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the layer has no enabled technique")
	}
	return out, nil
}
