package lint

import (
	"strings"

	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

// doubtPlace is a doubt about a search with its place in the file.
type doubtPlace struct {
	spl.Doubt
	span rule.Span
}

// doubts calls report with each doubt of a kind about the rule's search. What
// could not be read has problems, and no doubts beside them.
func (p *Pass) doubts(kind spl.DoubtKind, report func(doubtPlace)) {
	doc := splunkDocument(p)
	if doc == nil || doc.Query == nil || p.Broken {
		return
	}
	for _, d := range doc.Query.Doubts() {
		if d.Kind == kind {
			report(doubtPlace{d, doc.Place(d.Span)})
		}
	}
}

// once is a piece of a search in one pair of quotes: its own, or new ones.
func once(text string) string {
	if strings.HasPrefix(text, `"`) {
		return text
	}
	return quote(text)
}
