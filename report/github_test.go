package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/detlint/detlint/lint"
)

func comments(t testing.TB, r *Report, o Options) []string {
	t.Helper()
	var out []string
	if err := json.Unmarshal([]byte(render(t, GitHubComment, r, o)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// body is a comment without what stands in it for machines.
func body(t testing.TB, comment string) string {
	t.Helper()
	text, ok := strings.CutPrefix(comment, CommentMarker+"\n")
	if !ok || strings.Contains(text, "<!--") {
		t.Errorf("not marked once, at its beginning: %.80q", comment)
	}
	return text
}

// checkComments finds what must not be in comments, whatever a rule says. Of a
// suggestion the text in its fence is the rule's own; nothing in it may end the
// fence.
func checkComments(t testing.TB, out string) {
	t.Helper()
	var pages []string
	if err := json.Unmarshal([]byte(out), &pages); err == nil {
		for _, p := range pages {
			checkMarkdown(t, body(t, p))
		}
		return
	}
	var review reviewObject
	if err := json.Unmarshal([]byte(out), &review); err != nil {
		t.Errorf("neither comments nor a review: %v", err)
	}
	checkMarkdown(t, body(t, review.Body))
	for _, c := range review.Comments {
		head, rest, _ := strings.Cut(c.Body, "\n\n")
		checkMarkdown(t, head)
		fence, rest, _ := strings.Cut(rest, "suggestion\n")
		text, mark, ok := strings.Cut(rest, fence+"\n<!-- detlint:suggestion ")
		if !ok || len(fence) < 3 || strings.Trim(fence, "`") != "" || strings.Contains(text, fence) || strings.Contains(strings.TrimSuffix(mark, " -->\n"), "\n") {
			t.Errorf("suggestion %q", c.Body)
		}
		checkPrintable(t, strings.ReplaceAll(text, "\t", " "))
	}
}

// A report that fits is one comment, the same as the summary of the job.
func TestCommentIsTheSummary(t *testing.T) {
	got := comments(t, sample(), Options{})
	if len(got) != 1 || body(t, got[0]) != render(t, Markdown, sample(), Options{MaxBytes: MaxComment}) {
		t.Errorf("%d comments: %q", len(got), got)
	}
}

// A long report goes on in further comments; each keeps to the limit and leaves
// nothing open, and nothing is lost or told twice as long as there is room.
func TestCommentPages(t *testing.T) {
	r := sample()
	r.Findings = nil
	for i := range 400 {
		r.Findings = append(r.Findings, lint.Finding{
			Check: "syntax", Severity: lint.Warning, Path: "rules/a.yml", Range: span(i+1, 1, 2), State: lint.New, Link: "https://example.org/",
			Message: fmt.Sprintf("finding number %d. %s", i, strings.Repeat("é", 20)), Hint: fmt.Sprintf("hint number %d.", i),
		})
	}
	for _, limit := range []int{0, 40_000, 26_000} {
		got := comments(t, r, Options{MaxBytes: limit})
		if limit == 0 {
			limit = MaxComment
		}
		all := strings.Join(got, "")
		for i, c := range got {
			if utf8.RuneCountInString(c) > limit {
				t.Errorf("limit %d, comment %d: %d characters", limit, i+1, utf8.RuneCountInString(c))
			}
			text := body(t, c)
			checkMarkdown(t, text)
			if page := fmt.Sprintf("**detlint, page %d**", i+1); i > 0 && !strings.HasPrefix(text, page) {
				t.Errorf("limit %d, comment %d begins %.60q", limit, i+1, text)
			}
			if goes := strings.Contains(text, "continued in the next comment"); goes != (i+1 < len(got)) {
				t.Errorf("limit %d, comment %d of %d says that it goes on: %t", limit, i+1, len(got), goes)
			}
		}
		for i := range 400 {
			for _, text := range []string{fmt.Sprintf("finding number %d.", i), fmt.Sprintf("hint number %d.", i)} {
				if n := strings.Count(all, text); n != 1 {
					t.Fatalf("limit %d: %q is there %d times in %d comments", limit, text, n, len(got))
				}
			}
		}
		if len(got) < 2 || len(got) > maxComments {
			t.Errorf("limit %d: %d comments", limit, len(got))
		}
	}
	// What does not even fit all comments is counted.
	for limit := 1500; limit < 16_000; limit += 613 {
		got := comments(t, r, Options{MaxBytes: limit})
		for i, c := range got {
			if len(c) > limit {
				t.Errorf("limit %d, comment %d: %d bytes", limit, i+1, len(c))
			}
			checkMarkdown(t, body(t, c))
		}
		if len(got) != maxComments || !strings.Contains(got[maxComments-1], " more finding") {
			t.Errorf("limit %d: %d comments, the last: %.200q", limit, len(got), got[len(got)-1])
		}
	}
}

// suggested is a report with suggestions.
func suggested(texts ...string) *Report {
	r := sample()
	for i, text := range texts {
		f := r.Findings[1]
		f.Fingerprint = fmt.Sprintf("%016x", i)
		r.Suggestions = append(r.Suggestions, Suggestion{Finding: &f, Start: 2*i + 1, End: 2*i + 1, Text: text})
	}
	return r
}

func reviewOf(t testing.TB, r *Report) reviewObject {
	t.Helper()
	var out reviewObject
	if err := json.Unmarshal([]byte(render(t, GitHubReview, r, Options{})), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReview(t *testing.T) {
	r := suggested("    - attack.t1685", "a: `b` ```` c", "hid\u202eden", "\tx: y # <script> @octocat", "", "")
	r.Suggestions[4].Delete = true
	r.Suggestions[5].Start -= 2 // overlaps
	r.Suggestions[3].End++
	r.Suggestions[0].Finding.Message = nasty
	got := render(t, GitHubReview, r, Options{})
	golden(t, "github-review.golden", got)
	if strings.Contains(got, "hid") {
		t.Error("proposes a text that a reader does not see")
	}
	review := reviewOf(t, r)
	if len(review.Comments) != 4 {
		t.Errorf("%d comments", len(review.Comments))
	}
	for _, c := range review.Comments {
		head, _, _ := strings.Cut(c.Body, "\n\n")
		checkMarkdown(t, head)
	}
}

// No more is proposed than a reader bears, and the rest is counted.
func TestReviewLimit(t *testing.T) {
	review := reviewOf(t, suggested(make([]string, maxSuggestions+7)...))
	if len(review.Comments) != maxSuggestions || !strings.Contains(review.Body, "proposes 20 fixes. 7 more") {
		t.Errorf("%d comments: %s", len(review.Comments), review.Body)
	}
}

func TestGitHubOutput(t *testing.T) {
	r := sample()
	r.Summary.Coverage = &Coverage{Before: 3, After: 4, Gained: 2, Lost: 1}
	want := "changed-rules=4\nfindings=7\nnew-findings=5\nerrors=2\nwarnings=2\nfixed=1\n"
	coverage := "coverage-before=3\ncoverage-after=4\ncoverage-gained=2\ncoverage-lost=1\n"
	if got := render(t, GitHubOutput, r, Options{}); got != want+coverage {
		t.Errorf("got\n%s", got)
	}
	r.Summary.Coverage = nil
	if got := render(t, GitHubOutput, r, Options{}); got != want {
		t.Errorf("without coverage\n%s", got)
	}
}
