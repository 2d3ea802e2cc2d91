package report

import (
	"io"
	"strings"
)

// markdown writes a sheet as GitHub Markdown.
func (s *sheet) markdown(w io.Writer, _ Options) error {
	var d document
	for i := range s.parts {
		p := &s.parts[i]
		title := mdText(p.title)
		d.paragraph(strings.Repeat("#", p.level+1) + " " + mdLink(title, webAddress(p.url)))
		for _, n := range p.notes {
			d.paragraph(mdText(n))
		}
		if len(p.code) > 0 {
			d.paragraph(mdPre(strings.Join(p.code, "\n")))
		}
		t := mdTable{header: p.table.header, right: p.table.right}
		for _, row := range p.table.rows {
			cells := make([]string, len(row))
			for i, c := range row {
				text := mdText(c.text)
				if c.code {
					text = mdCode(c.text)
				}
				cells[i] = mdLink(text, webAddress(c.url))
			}
			t.add(cells...)
		}
		b := t.block(p.table.what)
		if left := p.table.total - len(p.table.rows); left > 0 {
			b.tail = b.left(left) + "\n"
		}
		d.add(b)
	}
	// Nothing limits what is read in a file or a wiki; --limit does.
	_, err := io.WriteString(w, d.String(-1))
	return err
}
