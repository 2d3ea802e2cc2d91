package report

import (
	"io"
	"strings"
)

// CommentMarker begins every comment, unseen by readers, so that the comments
// of the last run are found and written anew.
const CommentMarker = "<!-- detlint -->"

// maxComments is how many comments one report may take. What does not fit even
// there is counted.
const maxComments = 4

// GitHubComment writes the Markdown report as the comments of a pull request: a
// JSON list of texts, each below GitHub's limit of MaxComment characters and
// beginning with CommentMarker. A report that fits is one comment.
func GitHubComment(w io.Writer, r *Report, o Options) error {
	limit := o.MaxBytes
	if limit <= 0 || limit > MaxComment {
		limit = MaxComment
	}
	m := newMarkdown(r, o, limit)
	j := newJSONWriter(w)
	j.list("", func(yield func(any) bool) {
		for _, page := range m.pages(limit, maxComments) {
			if !yield(page) {
				return
			}
		}
	})
	j.text("\n")
	return j.close()
}

// pages renders the document as at most so many texts of at most limit bytes,
// which are no fewer than characters.
func (d *document) pages(limit, most int) []string {
	mark := CommentMarker + "\n"
	if whole := d.String(-1); len(mark)+len(whole) <= limit {
		return []string{mark + whole}
	}
	number := func(i int) string {
		if i == 0 {
			return d.title
		}
		return "**detlint, page " + thousands(i+1) + "**\n\n"
	}
	// The first pages are filled block by block, the last one takes the rest,
	// and says what is missing.
	var out []string
	rest := d.blocks
	for len(out) < most-1 && len(rest) > 0 {
		var page strings.Builder
		page.WriteString(mark + number(len(out)))
		const next = "<sub>continued in the next comment</sub>\n"
		rest = fill(&page, rest, limit-page.Len()-len(next))
		if len(rest) > 0 {
			page.WriteString(next)
		}
		out = append(out, page.String())
	}
	if len(rest) == 0 {
		if last := len(out) - 1; len(out[last])+len(d.foot) <= limit {
			out[last] += d.foot
		}
		return out
	}
	last := document{title: number(len(out)), blocks: rest, foot: d.foot}
	return append(out, mark+last.String(limit-len(mark)))
}

// fill writes the blocks that fit into the room, and returns those that are
// left. A block is parted between its rows, and begins anew where it goes on. A
// row that fits no page is left for the one that counts what is missing.
func fill(page *strings.Builder, blocks []block, room int) []block {
	for i := range blocks {
		b := blocks[i]
		if b.most > 0 || b.share > 0 || b.size() <= room {
			text := b.render(room)
			if len(text) > room || i > 0 && min(b.size(), b.share) > room {
				return blocks[i:]
			}
			page.WriteString(text)
			room -= len(text)
			continue
		}
		n, used := 0, len(b.head)+len(b.tail)
		for n < len(b.rows) && used+len(b.rows[n]) <= room {
			used += len(b.rows[n])
			n++
		}
		if n > 0 {
			part := b
			part.rows = b.rows[:n]
			page.WriteString(part.head + strings.Join(part.rows, "") + part.tail)
			b.rows = b.rows[n:]
		}
		return append([]block{b}, blocks[i+1:]...)
	}
	return nil
}
