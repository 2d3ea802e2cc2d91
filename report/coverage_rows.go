package report

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/coverage"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// techniqueRow is one technique in a table of all of them. Lost ones have a
// row, so that they can be seen.
type techniqueRow struct {
	id, name      string
	before, after int
	levels        map[rule.Level]int
	events        []normalize.Event
	// worse and better are set by what the change did to the technique.
	worse, better bool
}

// tacticGroup has the techniques of one tactic, by id.
type tacticGroup struct {
	name   string
	tactic *coverage.Tactic // nil for techniques that belong to none
	rows   []techniqueRow
}

// grouped arranges techniques as ATT&CK's matrices do: a technique of several
// tactics stands under each. Those of no tactic come last. Tactics without
// techniques are left out.
func grouped(c *coverage.Report) []tacticGroup {
	type column struct{ domain, name string }
	groups := make([]tacticGroup, len(c.Tactics)+1)
	place := make(map[column]int, len(c.Tactics))
	for i := range c.Tactics {
		t := &c.Tactics[i]
		groups[i] = tacticGroup{name: tacticName(t), tactic: t}
		place[column{t.Domain, t.ShortName}] = i
	}
	last := len(c.Tactics)
	groups[last].name = "Of no tactic"

	add := func(row techniqueRow, tactics []string) {
		known, _ := c.Tables().Lookup(row.id)
		found := false
		for _, name := range tactics {
			if i, ok := place[column{known.Domain, name}]; ok {
				groups[i].rows = append(groups[i].rows, row)
				found = true
			}
		}
		if !found {
			groups[last].rows = append(groups[last].rows, row)
		}
	}
	before := map[string]int{}
	if c.Before != nil {
		for i := range c.Before.Techniques {
			before[c.Before.Techniques[i].ID] = len(c.Before.Techniques[i].Rules)
		}
	}
	worse, better := map[string]bool{}, map[string]bool{}
	for _, w := range slices.Concat(c.Weakened, c.Unread) {
		worse[w.ID] = true
	}
	for _, s := range c.Strengthened {
		better[s.ID] = true
	}
	for i := range c.After.Techniques {
		t := &c.After.Techniques[i]
		row := techniqueRow{id: t.ID, name: t.Name, before: len(t.Rules), after: len(t.Rules), levels: t.Levels, events: t.Events}
		if c.Before != nil {
			row.before = before[t.ID]
		}
		row.worse, row.better = worse[t.ID], better[t.ID]
		add(row, t.Tactics)
	}
	for i := range c.Lost {
		l := &c.Lost[i]
		add(techniqueRow{id: l.ID, name: l.Name, before: l.Before}, l.Tactics)
	}
	for _, g := range groups {
		slices.SortFunc(g.rows, func(a, b techniqueRow) int { return cmp.Compare(a.id, b.id) })
	}
	return slices.DeleteFunc(groups, func(g tacticGroup) bool { return len(g.rows) == 0 })
}
