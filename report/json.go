package report

import (
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"slices"

	"github.com/detlint/detlint/coverage"
)

// JSON writes the report as one object: the interface to other programs. Lists
// are never null. Of the coverage it has what the change does and the number of
// rules of each technique; CoverageJSON has all of it.
func JSON(w io.Writer, r *Report, _ Options) error {
	whole := struct {
		*Report
		Coverage *coverageBrief `json:"coverage,omitempty"`
	}{Report: r}
	if r.Coverage != nil {
		whole.Coverage = brief(r.Coverage)
	}
	return writeJSON(w, &whole)
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

// coverageObject is the JSON form of coverage on its own. Its keys are those
// of the whole report.
type coverageObject struct {
	SchemaVersion string           `json:"schema_version"`
	Tool          Tool             `json:"tool"`
	Repository    Repository       `json:"repository"`
	Coverage      *coverage.Report `json:"coverage"`
}

// CoverageJSON writes the coverage of the report as one object.
func CoverageJSON(w io.Writer, r *Report, _ Options) error {
	return writeJSON(w, &coverageObject{
		SchemaVersion: r.SchemaVersion, Tool: r.Tool, Repository: r.Repository, Coverage: r.Coverage,
	})
}

// diffObject is the JSON form of the change in meaning on its own. Its keys are
// those of the whole report.
type diffObject struct {
	SchemaVersion string     `json:"schema_version"`
	Tool          Tool       `json:"tool"`
	Repository    Repository `json:"repository"`
	Summary       Summary    `json:"summary"`
	Rules         []Rule     `json:"rules"`
}

// DiffJSON writes what the change means as one object. Rules that are as they
// were are left out.
func DiffJSON(w io.Writer, r *Report, _ Options) error {
	return writeJSON(w, &diffObject{
		SchemaVersion: r.SchemaVersion, Tool: r.Tool, Repository: r.Repository, Summary: r.Summary, Rules: changedOf(r),
	})
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(filled(reflect.ValueOf(v)).Interface())
}

// filled returns a copy of a value in which nil slices and maps are empty
// ones, since programs should not have to tell [] from null. What is shared is
// not changed.
func filled(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(filled(v.Elem()))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && holds(v.Field(i).Type()) {
				out.Field(i).Set(filled(v.Field(i)))
			}
		}
		return out
	case reflect.Slice:
		if !v.IsNil() && !holds(v.Type().Elem()) {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return reflect.MakeMap(v.Type())
		}
	}
	return v
}

// holds reports whether values of a type can hold a slice or a map.
func holds(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return holds(t.Elem())
	case reflect.Slice, reflect.Map:
		return true
	case reflect.Struct:
		for i := range t.NumField() {
			if holds(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
