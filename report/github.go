package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/lint"
)

// GitHub shows this many annotations of each kind for a step, in the order
// they are written, and drops the others without a word.
// https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md
const maxAnnotations = 10

// maxTitle is how many characters the title of an annotation can have.
const maxTitle = 255

// maxLogged limits the findings that are written out in a log, where nobody
// reads more.
const maxLogged = 1000

// githubCommands are the kinds of annotations by severity.
var githubCommands = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "notice"}

// GitHub writes workflow commands, which GitHub Actions shows as annotations
// beside the lines of a pull request. What is beyond the limit of annotations
// is listed in the log, and a last notice says so.
func GitHub(w io.Writer, r *Report, _ Options) error {
	out := bufio.NewWriter(w)
	used := map[string]int{}
	for _, gate := range failedGates(r) {
		if used["error"]++; used["error"] <= maxAnnotations {
			fmt.Fprintf(out, "::error title=detlint coverage::%s\n", githubText(gate))
		} else {
			fmt.Fprintf(out, "error: %s\n", gate)
		}
	}
	findings := ranked(r)
	counts := map[string]int{}
	for _, f := range findings {
		counts[githubCommands[f.Severity]]++
	}
	most := map[string]int{"error": maxAnnotations, "warning": maxAnnotations, "notice": maxAnnotations}
	if used["error"]+counts["error"] > maxAnnotations || counts["warning"] > maxAnnotations || counts["notice"] > maxAnnotations {
		most["notice"]-- // for the one that tells of the rest
	}
	var rest []*lint.Finding
	for _, f := range findings {
		command := githubCommands[f.Severity]
		if used[command] >= most[command] {
			rest = append(rest, f)
			continue
		}
		used[command]++
		fmt.Fprintf(out, "::%s %s::%s\n", command, githubPlace(f), githubText(strings.Join(whole(f), "\n")))
	}
	if len(rest) > 0 {
		title := thousands(len(rest)) + " more " + plural(len(rest), "finding")
		fmt.Fprintf(out, "::group::%s\n", title)
		for i, f := range rest {
			if i == maxLogged {
				fmt.Fprintf(out, "… and %s more, which the json report has\n", thousands(len(rest)-i))
				break
			}
			fmt.Fprintln(out, plainFinding(f))
		}
		listed := "all of them"
		if len(rest) > maxLogged {
			listed = thousands(maxLogged) + " of them"
		}
		fmt.Fprintf(out, "::endgroup::\n::notice title=detlint::%s than GitHub shows, which is %d annotations of each kind; the log of this step lists %s\n",
			title, maxAnnotations, listed)
	}
	out.WriteString(closing(r))
	return out.Flush()
}

// githubPlace is where an annotation is shown. Columns are only allowed within
// one line.
func githubPlace(f *lint.Finding) string {
	var b strings.Builder
	b.WriteString("file=" + githubProperty(visible(f.Path)))
	if !f.Range.IsZero() {
		start, end := f.Range.Start, f.Range.End
		fmt.Fprintf(&b, ",line=%d", max(start.Line, 1))
		switch {
		case end.Line > start.Line:
			fmt.Fprintf(&b, ",endLine=%d", end.Line)
		case start.Column > 0 && end.Column > start.Column:
			fmt.Fprintf(&b, ",col=%d,endLine=%d,endColumn=%d", start.Column, max(start.Line, 1), end.Column)
		case start.Column > 0:
			fmt.Fprintf(&b, ",col=%d", start.Column)
		}
	}
	title := visible(f.Check)
	if f.RuleTitle != "" {
		title += ": " + visible(shorten(f.RuleTitle))
	}
	b.WriteString(",title=" + githubProperty(cut(title, maxTitle)))
	return b.String()
}

// Escapes of workflow commands, as @actions/core makes them.
var (
	githubTextEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubText(s string) string     { return githubTextEscapes.Replace(s) }
func githubProperty(s string) string { return githubPropertyEscapes.Replace(s) }
