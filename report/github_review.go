package report

import (
	"fmt"
	"io"
	"strings"
)

// maxSuggestions is how many suggestions one review makes. GitHub takes a long
// review for abuse, and so does who has to read it.
const maxSuggestions = 20

// reviewObject is the body of a request to create a review:
// POST /repos/{owner}/{repo}/pulls/{number}/reviews.
type reviewObject struct {
	Event    string          `json:"event"`
	Body     string          `json:"body"`
	Comments []reviewComment `json:"comments"`
}

type reviewComment struct {
	Path      string `json:"path"`
	StartLine int    `json:"start_line,omitempty"`
	StartSide string `json:"start_side,omitempty"`
	Line      int    `json:"line"`
	Side      string `json:"side"`
	Body      string `json:"body"`
}

// GitHubReview writes the suggestions of the report as the body of a request
// that creates a review of a pull request. Every comment ends in an unseen mark
// with the fingerprint of its finding, so that one that was made before is not
// made again. Without suggestions the list of comments is empty.
func GitHubReview(w io.Writer, r *Report, o Options) error {
	out := reviewObject{Event: "COMMENT", Comments: []reviewComment{}}
	m := &markdown{Report: r, o: o}
	taken := map[string]int{} // by path, the last line that has a suggestion
	left := 0
	for i := range r.Suggestions {
		s := &r.Suggestions[i]
		if !fitToSuggest(s) {
			continue
		}
		// Of two that replace the same line only one could be applied.
		if s.Start <= taken[s.Finding.Path] {
			continue
		}
		if len(out.Comments) == maxSuggestions {
			left++
			continue
		}
		taken[s.Finding.Path] = s.End
		out.Comments = append(out.Comments, m.suggestion(s))
	}
	out.Body = CommentMarker + "\ndetlint proposes " + fixes(len(out.Comments)) + "."
	if left > 0 {
		out.Body += " " + thousands(left) + " more: run <code>detlint fix</code>."
	}
	return writeJSON(w, &out)
}

// fitToSuggest reports whether a reader sees what would be committed: a text
// with characters that are not seen is not one to accept with a click.
func fitToSuggest(s *Suggestion) bool {
	for line := range strings.SplitSeq(strings.ReplaceAll(s.Text, "\t", " "), "\n") {
		if !harmless(line) {
			return false
		}
	}
	return true
}

// suggestion is a comment with a block that GitHub can commit.
func (m *markdown) suggestion(s *Suggestion) reviewComment {
	f := s.Finding
	fence := "```"
	for strings.Contains(s.Text, fence) {
		fence += "`"
	}
	text := s.Text + "\n"
	if s.Delete {
		text = ""
	}
	c := reviewComment{
		Path: f.Path, Line: s.End, Side: "RIGHT",
		Body: fmt.Sprintf("**%s** %s · %s\n\n%ssuggestion\n%s%s\n<!-- detlint:suggestion %s -->\n",
			f.Severity, mdText(f.Message), m.check(f), fence, text, fence, hexadecimal(f.Fingerprint)),
	}
	if s.Start < s.End {
		c.StartLine, c.StartSide = s.Start, "RIGHT"
	}
	return c
}

// hexadecimal leaves of a text what a fingerprint is made of, so that nothing else
// gets into an unseen mark.
func hexadecimal(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || 'a' <= r && r <= 'f' {
			return r
		}
		return -1
	}, s)
}

func fixes(n int) string {
	if n == 1 {
		return "1 fix"
	}
	return thousands(n) + " fixes"
}
