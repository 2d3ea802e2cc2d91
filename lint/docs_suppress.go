package lint

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/rule"
)

// What the snippets of a page say of a suppression.
const (
	snippetReason = "known, three hosts"
	snippetUntil  = "2027-01-31"
)

// snippet is a suppression as it stands in files of a format.
type snippet struct {
	where    string // what a page says before it
	language string // as fences name it
	text     string
}

// snippets are the ways to pass over what a check reports in files of the
// vendors it looks at.
func (c *Check) snippets() []snippet {
	says := c.ID + " until=" + snippetUntil + " -- " + snippetReason
	comment := directiveWord + " " + says
	var out []snippet
	formats := []string{"YAML"}
	if c.applies(rule.Elastic) {
		formats = append(formats, "TOML")
		if len(c.Vendors) == 1 {
			formats = formats[1:]
		}
	}
	where := "In " + strings.Join(formats, " and ")
	out = append(out, snippet{where + ", above the line, at its end, or above the whole rule for all of it", "yaml", hash + " " + comment})
	switch {
	case c.applies(rule.Elastic) && c.applies(rule.Kusto):
		out = append(out, snippet{"In a query in EQL, ES|QL or KQL, as its first line for the whole rule", "text", slashes + " " + comment})
	case c.applies(rule.Elastic):
		out = append(out, snippet{"In a query in EQL or ES|QL, as its first line for the whole rule", "text", slashes + " " + comment})
	case c.applies(rule.Kusto):
		out = append(out, snippet{"In a query in KQL, as its first line for the whole rule", "text", slashes + " " + comment})
	}
	if c.applies(rule.Splunk) {
		// A comment at the end of a line is a part of its value there.
		out = append(out, snippet{"In a .conf file of Splunk, on a line of its own above the stanza or the line", "ini", hash + " " + comment})
		out = append(out, snippet{"In a search of SPL", "text", ticks + comment + ticks})
	}
	key := fmt.Sprintf(`"%s": {"%s": [%q]}`, directiveKey, ignoreKey, says)
	if c.applies(rule.Elastic) {
		out = append(out, snippet{"In JSON that Kibana exports, for the whole rule", "json", `"meta": {` + key + `}`})
	}
	if c.applies(rule.Kusto) {
		out = append(out, snippet{"In the resource of an ARM template, for the whole rule", "json", key})
	}
	return out
}

// ignoreSnippet is an entry of the configuration that passes over what a check
// reports.
func (c *Check) ignoreSnippet() string {
	return fmt.Sprintf("ignore:\n  - check: %s\n    path: rules/legacy/\n    until: %s\n    reason: %s", c.ID, snippetUntil, snippetReason)
}

// suppressions writes how to pass over one finding of a check.
func (p *page) suppressions() {
	c := p.check
	p.WriteString("\n## Suppress it\n\n")
	switch c {
	case unreadableCheck:
		p.WriteString("It cannot be suppressed: nobody knows what the file hides.\n")
		return
	case suppressionCheck:
		p.WriteString("A comment cannot suppress it. Take the suppression out, or mend it ([suppressions](../suppressions.md)).\n")
		return
	case syntaxCheck:
		p.WriteString("An error cannot be suppressed: nobody knows what it hides. A warning can.\n\n")
	}
	p.WriteString("A finding that is right and yet not to be acted on is passed over where it stands; the date and the reason may be left out\n" +
		"([suppressions](../suppressions.md)).\n")
	for _, s := range c.snippets() {
		fmt.Fprintf(p, "\n%s:\n\n", s.where)
		fence(p, s.language, s.text)
	}
	p.WriteString("\nOr by path, by id of the rule and by value in [`.detlint.yml`](../configuration.md#ignore):\n\n")
	fence(p, "yaml", c.ignoreSnippet())
}
