package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/rule"
)

// Page is the documentation of a check in Markdown, which docs/checks is made
// of. The catalog is the one that the examples are judged by; without one,
// checks that rest on it show no output.
func Page(c *Check, cat *catalog.Catalog) string {
	p := page{check: c, catalog: cat}
	p.write()
	return p.String()
}

// Explanation is the page of a check for people who read it on a terminal:
// nothing is folded, and its links can be followed from anywhere.
func Explanation(c *Check, cat *catalog.Catalog) string {
	p := page{check: c, catalog: cat, plain: true}
	p.write()
	fmt.Fprintf(&p, "\nThis page with all examples in full: %s\n", c.Link())
	return absolute(p.String())
}

// page is a page that is being written.
type page struct {
	strings.Builder
	check   *Check
	catalog *catalog.Catalog
	plain   bool // nothing is folded
}

func (p *page) write() {
	c := p.check
	fmt.Fprintf(p, "# %s\n\n%s.\n\n", c.ID, c.Summary)
	p.WriteString("| severity | looks at |\n| --- | --- |\n")
	fmt.Fprintf(p, "| %s | %s |\n\n", c.Severity, scope(c))
	p.WriteString(strings.TrimSpace(c.Rationale) + "\n")
	p.examples()
	if len(c.Params) > 0 {
		p.WriteString("\n## Thresholds\n\n")
		p.WriteString("Set in [`.detlint.yml`](../configuration.md), for all paths or for some.\n\n")
		p.WriteString("| threshold | default | what it is |\n| --- | ---: | --- |\n")
		for _, param := range c.Params {
			fmt.Fprintf(p, "| `%s` | %d | %s |\n", param.Name, param.Default, param.Summary)
		}
	}
	p.suppressions()
	p.WriteString("\n## Turn it off\n\n")
	fence(p, "sh", "detlint lint --skip "+c.ID)
	if c.fixed() {
		return
	}
	p.WriteString("\nor in [`.detlint.yml`](../configuration.md), for all paths or for some:\n\n")
	fence(p, "yaml", "checks:\n  "+c.ID+": off")
}

// docsAddress is where the documentation stands that pages refer to.
const docsAddress = "https://github.com/detlint/detlint/blob/main/docs/"

// link is a link of a page to another one, or to another part of the
// documentation.
var link = regexp.MustCompile(`\[([^\]\n]+)\]\((\.\./)?([\w/-]+\.md(?:#[\w-]+)?)\)`)

// absolute writes out where the links of a page lead.
func absolute(text string) string {
	return link.ReplaceAllStringFunc(text, func(s string) string {
		m := link.FindStringSubmatch(s)
		if m[2] == "" {
			m[3] = "checks/" + m[3]
		}
		return m[1] + " (" + docsAddress + m[3] + ")"
	})
}

// Index is the list of all checks in Markdown, with a link to the page of each.
func Index() string {
	var b strings.Builder
	b.WriteString("# Checks\n\n")
	b.WriteString("`detlint checks` lists them, `detlint explain CHECK` prints a page, `--only` and `--skip` choose among them.\n\n")
	b.WriteString("| check | severity | looks at | what it reports |\n| --- | --- | --- | --- |\n")
	for _, c := range Checks() {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s |\n", c.ID, c.ID, c.Severity, scope(c), c.Summary)
	}
	return b.String()
}

// vendorNames are the vendors by the names people know them by.
var vendorNames = map[rule.Vendor]string{rule.Sigma: "Sigma", rule.Elastic: "Elastic", rule.Splunk: "Splunk", rule.Kusto: "Kusto"}

// scope says what a check looks at.
func scope(c *Check) string {
	switch c {
	case unreadableCheck:
		return "each file"
	case syntaxCheck:
		return "each rule file"
	}
	var names []string
	for _, v := range c.Vendors {
		names = append(names, vendorNames[v])
	}
	whose := strings.Join(names, ", ")
	if whose != "" {
		whose += " "
	}
	if c.Change != nil {
		return "each changed " + whose + "rule"
	}
	if c.Repository != nil && c.Rule == nil {
		return "all " + whose + "rules together"
	}
	return "each " + whose + "rule"
}
