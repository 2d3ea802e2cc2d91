package report

import (
	"io"
	"strings"
)

// cellWidth is how much of one cell a terminal shows. Markdown and JSON have
// it all.
const cellWidth = 90

// text writes a sheet for a terminal.
func (s *sheet) text(w io.Writer, o Options) error {
	t := &text{painter: painter(o.Color), width: o.Width}
	for i := range s.parts {
		if err := t.part(&s.parts[i], i == 0); err != nil {
			return err
		}
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *text) part(p *sheetPart, first bool) error {
	indent := "  "
	switch p.level {
	case 1, 2:
		if !first {
			t.WriteByte('\n')
		}
		t.WriteString(t.paint(bold, visible(p.title)) + "\n")
	default:
		t.WriteString(indent + t.paint(cyan, visible(p.title)) + "\n")
		indent += "  "
	}
	if p.url != "" {
		t.WriteString(indent + t.paint(faint, visible(p.url)) + "\n")
	}
	for _, n := range p.notes {
		t.WriteString(indent + t.paint(faint, visible(n)) + "\n")
	}
	for _, line := range p.code {
		t.WriteString(strings.TrimRight(indent+visible(line), " ") + "\n")
	}
	if len(p.table.rows) == 0 {
		return nil
	}
	body := make([][]string, len(p.table.rows))
	header := p.table.header
	if p.table.links {
		header = header[:len(header)-1]
	}
	for i, row := range p.table.rows {
		for _, c := range row[:len(header)] {
			body[i] = append(body[i], fit(visible(c.text), cellWidth))
		}
	}
	lines, err := aligned(header, p.table.right, body)
	if err != nil {
		return err
	}
	for i, line := range lines {
		line = fit(indent+line, t.width)
		if i == 0 {
			line = t.paint(faint, line)
			if p.level == 3 { // what the columns are shows
				continue
			}
		}
		t.WriteString(line + "\n")
	}
	if left := p.table.total - len(p.table.rows); left > 0 {
		t.WriteString(indent + t.paint(faint, "and "+thousands(left)+" more; --limit 0 lists all") + "\n")
	}
	return nil
}
