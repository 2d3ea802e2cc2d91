package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
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

// SVG draws the enterprise matrix: tactics as columns, techniques as cells
// that are the stronger the more rules they have.
func SVG(w io.Writer, r *Report, _ Options) error {
	out := bufio.NewWriter(w)
	var m matrix
	if r.Coverage != nil {
		m = matrices(r.Coverage)[0]
	}
	rows := 0
	for i := range m.Columns {
		rows = max(rows, len(m.Columns[i].Cells))
	}
	// The legend and the words above are as wide as some columns.
	width := 2*matrixMargin + max(len(m.Columns), 8)*columnStep - (columnStep - boxWidth)
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
	for i := range m.Columns {
		x, cells := matrixMargin+i*columnStep, m.Columns[i].Cells
		svgText(out, x, 76, "t", cut(m.Columns[i].Name, 20))
		svgText(out, x, 89, "s", fmt.Sprintf("%d of %d", m.Columns[i].Covered, m.Columns[i].All))
		for k := range cells {
			cells[k].draw(out, x, matrixTop+k*rowStep)
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
		if t, ok := r.Coverage.Tables().Lookup(r.Coverage.After.Techniques[i].ID); !ok || t.Domain != attack.Enterprise || t.Status != attack.Active {
			others++
		}
	}
	title += ": " + count(len(r.Coverage.After.Techniques), "technique")
	description = covered(r.Coverage.After) + " Tactics are columns, techniques are cells with their number of rules, those of sub-techniques included. Below a tactic stands how many of its techniques and sub-techniques have rules."
	if others > 0 {
		description += " " + count(others, "technique") + " outside of the Enterprise matrix " + verb(others, "is", "are") + " not drawn."
	}
	return title, description + " " + r.Tool.attackVersion() + "."
}

// has reports whether a change of a kind is in the cell or below it.
func (c *matrixCell) has(change string) bool {
	return c.Change == change || slices.ContainsFunc(c.Subs, func(s matrixCell) bool { return s.Change == change })
}

// public counts the public rules where there are none of the repository.
func (c *matrixCell) public() int {
	n := c.Public
	for i := range c.Subs {
		n += c.Subs[i].Public
	}
	return n
}

// class is how a cell is drawn.
func (c *matrixCell) class() string {
	var names []string
	switch heat := c.Heat(); {
	case heat > 0:
		names = append(names, string("abcd"[heat-1]))
	case c.public() > 0:
		names = append(names, "p")
	}
	if c.has("lost") {
		names = append(names, "l")
	} else if c.has("gained") {
		names = append(names, "g")
	}
	return strings.Join(names, " ")
}

// label says in words what the cell shows.
func (c *matrixCell) label() string {
	text := c.ID + " " + c.Name + ": " + count(c.All, "rule")
	if c.All == 0 {
		text = c.ID + " " + c.Name + ": no rule"
		if n := c.public(); n > 0 {
			text += ", " + count(n, "public rule")
		}
	}
	if len(c.Subs) > 0 {
		text += fmt.Sprintf(", %d of %s covered", c.SubsCovered, count(len(c.Subs), "sub-technique"))
	}
	if c.has("gained") {
		text += ", newly covered"
	}
	if c.has("lost") {
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
	head := c.ID
	if c.All > 0 {
		head += " · " + thousands(c.All)
	}
	svgText(out, x+5, y+12, "n", head)
	svgText(out, x+5, y+23, "", cut(c.Name, 20))
	out.WriteString("</g>\n")
}

func matrixLegend(out *bufio.Writer, y int, compared bool) {
	items := [][2]string{{"", "no rule"}, {"p", "public rules only"}, {"a", "1 rule"}, {"b", "2 to 4"}, {"c", "5 to 15"}, {"d", "more"}}
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
