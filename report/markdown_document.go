package report

import (
	"cmp"
	"math"
	"strings"
)

// block is a part of a Markdown document that can be cut between its rows.
type block struct {
	head string   // before the rows; left out when there are none
	rows []string // each ends with a line break
	tail string
	// what the rows are, for the line that says how many were left out.
	what string
	// more counts rows that were not made, since they cannot fit.
	more int
	// most limits the rows of a block that is never read to its end, share its
	// bytes, so that others have room; 0 stands for no limit.
	most, share int
	// where says where rows are that were left out; empty for the JSON report.
	where string
}

// document is a Markdown document of limited size. What matters most comes
// first and is cut last.
type document struct {
	title  string
	blocks []block
	foot   string
}

func (d *document) add(b block) {
	if len(b.rows) > 0 {
		d.blocks = append(d.blocks, b)
	}
}

// paragraph adds text that is kept or left out as a whole.
func (d *document) paragraph(text string) {
	d.blocks = append(d.blocks, block{rows: []string{text + "\n\n"}})
}

// details adds a block that is folded under a summary.
func (d *document) details(summary string, b block) {
	d.unfolding(summary, false, b)
}

// unfolding is details that may be unfolded from the beginning.
func (d *document) unfolding(summary string, open bool, b block) {
	tag := "<details>"
	if open {
		tag = "<details open>"
	}
	b.head = tag + "<summary>" + summary + "</summary>\n\n" + b.head
	b.tail = "\n</details>\n\n"
	d.add(b)
}

// left says how many rows of a block are not there.
func (b *block) left(n int) string {
	if n == 0 || b.what == "" {
		return ""
	}
	return "\n… and " + thousands(n) + " more " + plural(n, b.what) + ", see " + cmp.Or(b.where, "--format json") + "\n"
}

// size is that of the whole block.
func (b *block) size() int {
	n := len(b.head) + len(b.tail)
	for _, r := range b.rows {
		n += len(r)
	}
	return n
}

// String renders the document in at most limit bytes, provided that the title
// fits; 0 stands for GitHub's limit, a negative number for none.
func (d *document) String(limit int) string {
	limit = limitOf(limit)
	var out strings.Builder
	out.WriteString(d.title)
	room := limit - len(d.title) - len(d.foot)
	foot := d.foot
	if room < 0 {
		room, foot = room+len(foot), ""
	}
	// Each block leaves room for the lines in which the later ones say that
	// they were left out.
	reserved := 0
	for i := range d.blocks {
		reserved += len(d.blocks[i].none())
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		reserved -= len(b.none())
		if text := b.render(room - reserved); len(text) <= room {
			room -= len(text)
			out.WriteString(text)
		}
	}
	out.WriteString(foot)
	return out.String()
}

// limitOf is the size that Options.MaxBytes stands for.
func limitOf(bytes int) int {
	switch {
	case bytes == 0:
		return MaxSummary
	case bytes < 0:
		return math.MaxInt
	}
	return bytes
}

// fitting is how many rows are worth making, when none is shorter than
// shortest bytes.
func fitting(rows, shortest, limit int) int { return min(rows, limitOf(limit)/shortest+1) }

// none is what stands for a block that does not fit.
func (b *block) none() string {
	if b.what == "" {
		return ""
	}
	return strings.TrimPrefix(b.left(len(b.rows)+b.more), "\n") + "\n"
}

// render gives as many rows as fit. What it returns is larger than room only
// when not even a line does.
func (b *block) render(room int) string {
	if b.share > 0 {
		room = min(room, b.share)
	}
	n := len(b.rows)
	if b.most > 0 {
		n = min(n, b.most)
	}
	if n < len(b.rows) || b.more > 0 || b.size() > room {
		used := len(b.head) + len(b.tail) + len(b.left(len(b.rows)+b.more))
		fitting := 0
		for fitting < n && used+len(b.rows[fitting]) <= room {
			used += len(b.rows[fitting])
			fitting++
		}
		n = fitting
	}
	if n == 0 {
		return b.none()
	}
	return b.head + strings.Join(b.rows[:n], "") + b.left(len(b.rows)-n+b.more) + b.tail
}
