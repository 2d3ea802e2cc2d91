package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/coverage"
)

// Measures of the drawing, in pixels.
const (
	boxWidth, boxHeight = 116, 28
	columnStep, rowStep = boxWidth + 4, boxHeight + 3
	matrixTop           = 96 // of the first row of cells
	matrixMargin        = 12
)

// matrixStyle has the colours for a light and a dark page. GitHub shows the
// drawing as an image, where both work.
const matrixStyle = `
text{font:10px -apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}
.h{font-size:18px;font-weight:600}.s{fill:#59636e;font-size:12px}.t{font-weight:600}.n{font-weight:600}
rect{fill:#f6f8fa;stroke:#d1d9e0}.a rect{fill:#dafbe1;stroke:#aceebb}.b rect{fill:#aceebb;stroke:#6fdd8b}.c rect{fill:#6fdd8b;stroke:#4ac26b}.d rect{fill:#1a7f37;stroke:#116329}
.d text{fill:#fff}.p rect{stroke:#bc4c00;stroke-dasharray:3 2}.g rect{stroke:#0969da;stroke-width:2}.l rect{stroke:#cf222e;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.s{fill:#9198a1}
rect{fill:#151b23;stroke:#3d444d}.a rect{fill:#0b3d1d;stroke:#196c2e}.b rect{fill:#196c2e;stroke:#238636}.c rect{fill:#238636;stroke:#2ea043}.d rect{fill:#3fb950;stroke:#56d364}
.d text{fill:#04260f}.p rect{stroke:#f0883e}.g rect{stroke:#58a6ff}.l rect{stroke:#f85149}}
`

// matrixCell is one technique under one tactic.
type matrixCell struct {
	id, name     string
	rules        int // that name it or one of its sub-techniques
	subs, have   int // sub-techniques, and those that have rules
	public       int // public rules, where these have none
	gained, lost bool
}

// SVG draws the enterprise matrix: tactics as columns, techniques as cells
// that are the stronger the more rules they have.
func SVG(w io.Writer, r *Report, _ Options) error {
	out := bufio.NewWriter(w)
	tactics := attack.Tactics(attack.Enterprise)
	columns, rows := matrixColumns(r.Coverage, tactics)
	width := 2*matrixMargin + len(tactics)*columnStep - (columnStep - boxWidth)
	height := matrixTop + rows*rowStep + 44
	title, description := matrixTitle(r)
	title, description = visible(title), visible(description)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title description">`+"\n",
		width, height, width, height)
	out.WriteString("<title id=\"title\">")
	xmlText(out, title)
	out.WriteString("</title>\n<desc id=\"description\">")
	xmlText(out, description)
	out.WriteString("</desc>\n<style>" + matrixStyle + "</style>\n")
	svgText(out, matrixMargin, 30, "h", title)
	svgText(out, matrixMargin, 50, "s", description)
	for i, t := range tactics {
		x := matrixMargin + i*columnStep
		svgText(out, x, 76, "t", cut(t.Name, 20))
		svgText(out, x, 89, "s", fmt.Sprintf("%d of %d", coveredCells(columns[i]), len(columns[i])))
		for k := range columns[i] {
			columns[i][k].draw(out, x, matrixTop+k*rowStep)
		}
	}
	matrixLegend(out, matrixTop+rows*rowStep+20, r.Coverage != nil && r.Coverage.Before != nil)
	out.WriteString("</svg>\n")
	return out.Flush()
}

// matrixTitle says in two lines what the drawing shows.
func matrixTitle(r *Report) (title, description string) {
	title = "ATT&CK coverage"
	if r.Coverage == nil {
		return title, "Coverage was not looked at."
	}
	others := 0
	for i := range r.Coverage.After.Techniques {
		if t, ok := attack.Lookup(r.Coverage.After.Techniques[i].ID); !ok || t.Domain != attack.Enterprise || t.Status != attack.Active {
			others++
		}
	}
	title += ": " + count(len(r.Coverage.After.Techniques), "technique")
	description = covered(r.Coverage.After) + " Tactics are columns, techniques are cells with their number of rules, those of sub-techniques included."
	if others > 0 {
		description += " " + count(others, "technique") + " outside of the Enterprise matrix " + verb(others, "is", "are") + " not drawn."
	}
	return title, description + " " + r.Tool.attackVersion() + "."
}

// matrixColumns has the cells of each tactic by name, and the height of the
// highest column.
func matrixColumns(c *coverage.Report, tactics []attack.Tactic) (columns [][]matrixCell, rows int) {
	have := map[string][]coverage.Rule{}
	states, public := techniqueStates{}, map[string]int{}
	if c != nil {
		for i := range c.After.Techniques {
			have[c.After.Techniques[i].ID] = c.After.Techniques[i].Rules
		}
		states = newTechniqueStates(c)
		for i := range c.Gaps {
			public[c.Gaps[i].ID] = c.Gaps[i].Rules
		}
	}
	cells := map[string]*matrixCell{}
	rules := map[string]map[string]bool{}
	at := map[string]int{}
	for i, t := range tactics {
		at[t.ShortName] = i
	}
	columns = make([][]matrixCell, len(tactics))
	for t := range attack.Techniques(attack.Enterprise) {
		if t.Status != attack.Active {
			continue
		}
		id := cmp.Or(attack.Parent(t.ID), t.ID)
		cell := cells[id]
		if cell == nil {
			cell = &matrixCell{id: id}
			cells[id], rules[id] = cell, map[string]bool{}
		}
		if id == t.ID {
			cell.name = t.Name
		} else {
			cell.subs++
			if len(have[t.ID]) > 0 {
				cell.have++
			}
		}
		for _, rl := range have[t.ID] {
			rules[id][fmt.Sprintf("%s\x00%d", rl.Path, rl.Line)] = true
		}
		cell.rules = len(rules[id])
		cell.public += public[t.ID]
		cell.gained = cell.gained || states[t.ID] == "gained"
		cell.lost = cell.lost || states[t.ID] == "lost"
	}
	for t := range attack.Techniques(attack.Enterprise) {
		if t.Status != attack.Active || attack.Parent(t.ID) != "" {
			continue
		}
		for _, name := range t.Tactics {
			if i, ok := at[name]; ok {
				columns[i] = append(columns[i], *cells[t.ID])
			}
		}
	}
	for i := range columns {
		slices.SortStableFunc(columns[i], func(a, b matrixCell) int { return cmp.Compare(a.name, b.name) })
		rows = max(rows, len(columns[i]))
	}
	return columns, rows
}

func coveredCells(cells []matrixCell) int {
	n := 0
	for i := range cells {
		if cells[i].rules > 0 {
			n++
		}
	}
	return n
}

// class is how a cell is drawn.
func (c *matrixCell) class() string {
	var names []string
	switch {
	case c.rules >= 10:
		names = append(names, "d")
	case c.rules >= 5:
		names = append(names, "c")
	case c.rules >= 2:
		names = append(names, "b")
	case c.rules == 1:
		names = append(names, "a")
	case c.public > 0:
		names = append(names, "p")
	}
	if c.lost {
		names = append(names, "l")
	} else if c.gained {
		names = append(names, "g")
	}
	return strings.Join(names, " ")
}

// label says in words what the cell shows.
func (c *matrixCell) label() string {
	text := c.id + " " + c.name + ": " + count(c.rules, "rule")
	if c.rules == 0 {
		text = c.id + " " + c.name + ": no rule"
		if c.public > 0 {
			text += ", " + count(c.public, "public rule")
		}
	}
	if c.subs > 0 {
		text += fmt.Sprintf(", %d of %s covered", c.have, count(c.subs, "sub-technique"))
	}
	if c.gained {
		text += ", newly covered"
	}
	if c.lost {
		text += ", coverage lost"
	}
	return text
}

func (c *matrixCell) draw(out *bufio.Writer, x, y int) {
	out.WriteString("<g")
	if class := c.class(); class != "" {
		xmlAttributes(out, "class", class)
	}
	out.WriteString("><title>")
	xmlText(out, visible(c.label()))
	fmt.Fprintf(out, `</title><rect x="%d" y="%d" width="%d" height="%d" rx="3"/>`, x, y, boxWidth, boxHeight)
	head := c.id
	if c.rules > 0 {
		head += " · " + thousands(c.rules)
	}
	svgText(out, x+5, y+12, "n", head)
	svgText(out, x+5, y+23, "", cut(c.name, 20))
	out.WriteString("</g>\n")
}

func matrixLegend(out *bufio.Writer, y int, compared bool) {
	items := [][2]string{{"", "no rule"}, {"p", "public rules only"}, {"a", "1 rule"}, {"b", "2 to 4"}, {"c", "5 to 9"}, {"d", "10 or more"}}
	if compared {
		items = append(items, [2]string{"g", "newly covered"}, [2]string{"l", "coverage lost"})
	}
	for i, item := range items {
		x := matrixMargin + i*columnStep
		fmt.Fprintf(out, `<g class="%s"><rect x="%d" y="%d" width="14" height="14" rx="2"/></g>`, item[0], x, y-11)
		svgText(out, x+20, y, "s", item[1])
		out.WriteByte('\n')
	}
}

func svgText(out *bufio.Writer, x, y int, class, s string) {
	fmt.Fprintf(out, `<text x="%d" y="%d"`, x, y)
	if class != "" {
		xmlAttributes(out, "class", class)
	}
	out.WriteByte('>')
	xmlText(out, visible(s))
	out.WriteString("</text>")
}
