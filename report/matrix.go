package report

import (
	"cmp"
	"slices"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
)

// matrix is one of ATT&CK's, with what a set of rules covers of it.
type matrix struct {
	Name    string
	Columns []matrixColumn
}

type matrixColumn struct {
	Name string
	// Covered counts the techniques with rules, All those of the column;
	// sub-techniques count as techniques of their own.
	Covered, All int
	Cells        []matrixCell
}

// matrixCell is a technique, or one of its sub-techniques.
type matrixCell struct {
	ID, Name string
	URL      string
	Rules    int // after the change, without those of sub-techniques
	All      int // the same with them, each rule once
	Public   int // rules of the catalog where the repository has none
	// Change is gained, lost, weakened or strengthened, or empty.
	Change string
	Subs   []matrixCell
	// SubsCovered counts the sub-techniques with rules.
	SubsCovered int

	rules []coverage.Rule
}

// Heat grades how many rules a technique has, its sub-techniques included,
// from 0 for none to 4.
func (c matrixCell) Heat() int {
	for heat, most := range heats {
		if c.All <= most {
			return heat
		}
	}
	return len(heats)
}

// heats are the largest numbers of rules of each grade but the last.
var heats = [...]int{0, 1, 4, 15}

// PublicOnly reports whether public rules have what these have not.
func (c matrixCell) PublicOnly() bool { return c.All == 0 && c.public() > 0 }

// SubsChanged reports whether a change is among the sub-techniques.
func (c matrixCell) SubsChanged() bool {
	return slices.ContainsFunc(c.Subs, func(s matrixCell) bool { return s.Change != "" })
}

// count sets All, of the cell and of those below it.
func (c *matrixCell) count() {
	type place struct {
		path string
		line int
	}
	seen := map[place]bool{}
	for _, r := range c.rules {
		seen[place{r.Path, r.Line}] = true
	}
	for i := range c.Subs {
		c.Subs[i].All = c.Subs[i].Rules
		for _, r := range c.Subs[i].rules {
			seen[place{r.Path, r.Line}] = true
		}
	}
	c.All = len(seen)
}

var domainNames = map[string]string{attack.Enterprise: "Enterprise", attack.Mobile: "Mobile", attack.ICS: "ICS"}

// matrices arranges all active techniques as ATT&CK does, whether covered or
// not. Of the matrices that nothing covers there is none.
func matrices(c *coverage.Report) []matrix {
	cells := map[string]matrixCell{}
	for i := range c.After.Techniques {
		t := &c.After.Techniques[i]
		cells[t.ID] = matrixCell{Rules: len(t.Rules), rules: t.Rules}
	}
	for i := range c.Gaps {
		cells[c.Gaps[i].ID] = matrixCell{Public: c.Gaps[i].Rules}
	}
	for _, kind := range []struct {
		name    string
		changes []coverage.Change
	}{{"gained", c.Gained}, {"lost", c.Lost}, {"lost", c.Unread}, {"weakened", c.Weakened}, {"strengthened", c.Strengthened}} {
		for i := range kind.changes {
			cell := cells[kind.changes[i].ID]
			cell.Change = kind.name
			cells[kind.changes[i].ID] = cell
		}
	}
	var out []matrix
	for _, domain := range []string{attack.Enterprise, attack.Mobile, attack.ICS} {
		m, covered := domainMatrix(domain, c, cells)
		if covered || domain == attack.Enterprise {
			out = append(out, m)
		}
	}
	return out
}

func domainMatrix(domain string, c *coverage.Report, cells map[string]matrixCell) (m matrix, covered bool) {
	m.Name = domainNames[domain]
	place := map[string]int{}
	for i := range c.Tactics {
		if t := &c.Tactics[i]; t.Domain == domain {
			place[t.ShortName] = len(m.Columns)
			m.Columns = append(m.Columns, matrixColumn{Name: t.Name})
		}
	}
	type spot struct {
		column int
		parent string
	}
	at := map[spot]int{} // where a technique stands in its column
	var subs []attack.Technique
	put := func(t attack.Technique, to func(column int, cell matrixCell)) {
		cell := cells[t.ID]
		cell.ID, cell.Name, cell.URL = t.ID, t.Name, t.URL()
		for _, tactic := range t.Tactics {
			column, ok := place[tactic]
			if !ok {
				continue
			}
			m.Columns[column].All++
			if cell.Rules > 0 {
				m.Columns[column].Covered++
				covered = true
			}
			to(column, cell)
		}
	}
	for t := range c.Tables().Techniques(domain) {
		switch {
		case t.Status != attack.Active:
		case attack.Parent(t.ID) != "":
			subs = append(subs, t)
		default:
			put(t, func(column int, cell matrixCell) {
				at[spot{column, t.ID}] = len(m.Columns[column].Cells)
				m.Columns[column].Cells = append(m.Columns[column].Cells, cell)
			})
		}
	}
	for _, t := range subs {
		put(t, func(column int, cell matrixCell) {
			i, ok := at[spot{column, attack.Parent(t.ID)}]
			if !ok {
				m.Columns[column].Cells = append(m.Columns[column].Cells, cell)
				return
			}
			parent := &m.Columns[column].Cells[i]
			parent.Subs = append(parent.Subs, cell)
			if cell.Rules > 0 {
				parent.SubsCovered++
			}
		})
	}
	for i := range m.Columns {
		for k := range m.Columns[i].Cells {
			m.Columns[i].Cells[k].count()
		}
		slices.SortStableFunc(m.Columns[i].Cells, func(a, b matrixCell) int { return cmp.Compare(a.Name, b.Name) })
	}
	return m, covered
}
