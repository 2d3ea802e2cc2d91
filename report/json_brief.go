package report

import (
	"maps"
	"slices"

	"github.com/detlint/detlint/coverage"
)

// briefReport is a whole report as JSON has it.
type briefReport struct {
	Report
	Coverage *coverageBrief `json:"coverage,omitempty"`
}

// coverageBrief is the coverage in a whole report: the keys of coverage.Report,
// without what is known of every technique.
type coverageBrief struct {
	ATTACK string `json:"attack"`
	// Before is null where nothing is compared.
	Before *snapshotBrief `json:"before"`
	After  *snapshotBrief `json:"after"`
	// Techniques are those of either side, by id.
	Techniques   []techniqueBrief  `json:"techniques"`
	Gained       []coverage.Change `json:"gained"`
	Lost         []coverage.Change `json:"lost"`
	Unread       []coverage.Change `json:"unread"`
	Weakened     []coverage.Change `json:"weakened"`
	Strengthened []coverage.Change `json:"strengthened"`
	Tactics      []coverage.Tactic `json:"tactics"`
	// Gaps and OneEvent count the techniques that only the catalog covers, and
	// those that rest on one event.
	Gaps     int             `json:"gaps_count"`
	OneEvent int             `json:"one_event_count"`
	Gates    []coverage.Gate `json:"gates"`
	Notes    []string        `json:"notes"`
}

type snapshotBrief struct {
	Rules      int `json:"rules"`
	Untagged   int `json:"untagged"`
	Techniques int `json:"techniques_count"`
}

type techniqueBrief struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Before int    `json:"before"` // number of rules
	After  int    `json:"after"`
}

// maxBriefRules is how many rules of a technique that changed are listed.
const maxBriefRules = 20

func brief(c *coverage.Report) *coverageBrief {
	out := &coverageBrief{
		ATTACK: c.ATTACK, After: snapshotOf(c.After), Tactics: c.Tactics, Gates: c.Gates, Notes: c.Notes,
		Gained: few(c.Gained), Lost: few(c.Lost), Unread: few(c.Unread), Weakened: few(c.Weakened), Strengthened: few(c.Strengthened),
		Gaps: len(c.Gaps), OneEvent: len(restingOnOne(c)),
	}
	number := map[string]*techniqueBrief{}
	count := func(s *coverage.Snapshot, set func(*techniqueBrief, int)) {
		for i := range s.Techniques {
			t := &s.Techniques[i]
			if number[t.ID] == nil {
				number[t.ID] = &techniqueBrief{ID: t.ID, Name: t.Name}
			}
			set(number[t.ID], len(t.Rules))
		}
	}
	count(c.After, func(t *techniqueBrief, n int) { t.Before, t.After = n, n })
	if c.Before != nil {
		out.Before = snapshotOf(c.Before)
		for _, t := range number {
			t.Before = 0
		}
		count(c.Before, func(t *techniqueBrief, n int) { t.Before = n })
	}
	for _, id := range slices.Sorted(maps.Keys(number)) {
		out.Techniques = append(out.Techniques, *number[id])
	}
	return out
}

func snapshotOf(s *coverage.Snapshot) *snapshotBrief {
	return &snapshotBrief{Rules: s.Rules, Untagged: s.Untagged, Techniques: len(s.Techniques)}
}

// few cuts the rules of techniques that many rules have: before and after say
// how many there are.
func few(changes []coverage.Change) []coverage.Change {
	out := slices.Clone(changes)
	for i := range out {
		out[i].Rules = out[i].Rules[:min(len(out[i].Rules), maxBriefRules)]
	}
	return out
}
