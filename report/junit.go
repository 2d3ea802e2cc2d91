package report

import (
	"bufio"
	"io"
	"strconv"

	"github.com/detlint/detlint/lint"
)

// JUnit writes the findings as the results of tests. A new error or warning is
// a test that failed; information and what was there before are skipped, with
// their message; a rule that was looked at and has no finding has passed.
func JUnit(w io.Writer, r *Report, _ Options) error {
	findings := ranked(r)
	gates := failedGates(r)
	failures, skipped := len(gates), 0
	found := map[string]bool{}
	for _, f := range findings {
		found[f.Path+"\x00"+f.RuleTitle] = true
		if junitFails(f) {
			failures++
		} else {
			skipped++
		}
	}
	var clean []*Rule
	for i := range r.Rules {
		if rl := &r.Rules[i]; rl.State != "removed" && !found[rl.Path+"\x00"+rl.Title] && !found[rl.Path+"\x00"] {
			clean = append(clean, rl)
		}
	}
	out := bufio.NewWriter(w)
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	totals := []string{
		"name", "detlint", "tests", strconv.Itoa(len(findings) + len(gates) + len(clean)),
		"failures", strconv.Itoa(failures), "errors", "0", "skipped", strconv.Itoa(skipped),
	}
	for _, element := range []string{"<testsuites", "  <testsuite"} {
		out.WriteString(element)
		if element == "<testsuites" {
			xmlAttributes(out, totals[:8]...)
		} else {
			xmlAttributes(out, totals...)
		}
		out.WriteString(">\n")
	}
	for _, gate := range gates {
		junitCase(out, "coverage", "coverage", gate, "failure", []string{"message", gate, "type", "error"}, nil)
	}
	for _, f := range findings {
		path := visible(f.Path)
		name := visible(f.Check)
		if !f.Range.IsZero() {
			name += " at " + strconv.Itoa(f.Range.Start.Line) + ":" + strconv.Itoa(f.Range.Start.Column)
		}
		message := visible(shorten(f.Message)) + stateMark(f.State) + visible(suppressedMark(f.Suppressed))
		if junitFails(f) {
			junitCase(out, path, path, name, "failure", []string{"message", message, "type", f.Severity.String()},
				append([]string{plainFinding(f)}, whole(f)[1:]...))
		} else {
			junitCase(out, path, path, name, "skipped", []string{"message", f.Severity.String() + ": " + message}, nil)
		}
	}
	for _, rl := range clean {
		title := visible(rl.Title)
		if title == "" {
			title = visible(rl.Path)
		}
		junitCase(out, visible(rl.Path), visible(rl.Path), title+" at "+strconv.Itoa(max(rl.Line, 1)), "", nil, nil)
	}
	out.WriteString("  </testsuite>\n</testsuites>\n")
	return out.Flush()
}

// junitFails reports whether a finding is a test that failed.
func junitFails(f *lint.Finding) bool {
	return f.State != lint.Existing && f.Suppressed == nil && f.Severity >= lint.Warning
}

// junitCase writes one test with its outcome, an element of its own unless it
// has passed.
func junitCase(out *bufio.Writer, class, file, name, outcome string, attributes, body []string) {
	out.WriteString("    <testcase")
	xmlAttributes(out, "classname", class, "name", name, "file", file)
	if outcome == "" {
		out.WriteString("/>\n")
		return
	}
	out.WriteString(">\n      <" + outcome)
	xmlAttributes(out, attributes...)
	if len(body) == 0 {
		out.WriteString("/>\n    </testcase>\n")
		return
	}
	out.WriteByte('>')
	xmlLines(out, body)
	out.WriteString("</" + outcome + ">\n    </testcase>\n")
}
