package lint

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/rule"
)

// Page is the documentation of a check in Markdown: what "detlint explain"
// prints and docs/checks is made of. The catalog is the one that the example
// is judged by; without one, checks that rest on it show no output.
func Page(c *Check, cat *catalog.Catalog) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n", c.ID, c.Summary)
	b.WriteString("| severity | looks at |\n| --- | --- |\n")
	fmt.Fprintf(&b, "| %s | %s |\n\n", c.Severity, scope(c))
	b.WriteString(strings.TrimSpace(c.Rationale) + "\n")
	if c.Bad != "" {
		b.WriteString("\n## Reported\n\n")
		example(&b, c.Bad)
		if out := output(exampleFindings(c, cat, c.Bad), c.Bad); out != "" {
			b.WriteString("\ndetlint prints:\n\n")
			fence(&b, "text", out)
		}
	}
	if c.Good != "" {
		b.WriteString("\n## Not reported\n\n")
		example(&b, c.Good)
	}
	if len(c.Params) > 0 {
		b.WriteString("\n## Thresholds\n\n")
		b.WriteString("Set in [`.detlint.yml`](../configuration.md), for all paths or for some.\n\n")
		b.WriteString("| threshold | default | what it is |\n| --- | ---: | --- |\n")
		for _, p := range c.Params {
			fmt.Fprintf(&b, "| `%s` | %d | %s |\n", p.Name, p.Default, p.Summary)
		}
	}
	b.WriteString("\n## Turn it off\n\n")
	fence(&b, "sh", "detlint lint --skip "+c.ID)
	if c.fixed() {
		return b.String()
	}
	b.WriteString("\nor in [`.detlint.yml`](../configuration.md), for all paths or for some:\n\n")
	fence(&b, "yaml", "checks:\n  "+c.ID+": off")
	return b.String()
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

// example writes the files of an example, each with its path where that
// matters.
func example(b *strings.Builder, text string) {
	for i, file := range ExampleFiles(text) {
		if strings.HasPrefix(text, exampleHead) {
			if i > 0 {
				b.WriteByte('\n')
			}
			name := "`" + file.Path + "`"
			if file.Path == exampleBefore {
				name = "Before the change"
			}
			fmt.Fprintf(b, "%s\n\n", name)
		}
		language := strings.TrimPrefix(path.Ext(file.Path), ".")
		if language == "yml" || file.Path == exampleBefore {
			language = "yaml"
		}
		fence(b, language, file.Text)
	}
}

func fence(b *strings.Builder, language, text string) {
	fmt.Fprintf(b, "```%s\n%s\n```\n", language, strings.TrimRight(text, "\n"))
}

// output writes findings the way a terminal shows them.
func output(findings []Finding, text string) string {
	paths := strings.HasPrefix(text, exampleHead)
	var b strings.Builder
	for _, f := range findings {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		name := "rule" + path.Ext(f.Path)
		if paths {
			name = f.Path
		}
		fmt.Fprintf(&b, "%s:%d:%d: %s: %s [%s]\n", name, f.Range.Start.Line, f.Range.Start.Column, f.Severity, f.Message, f.Check)
		if f.Snippet != "" {
			end := f.Range.End.Column
			if f.Range.End.Line != f.Range.Start.Line {
				end = utf8.RuneCountInString(f.Snippet) + 1
			}
			fmt.Fprintf(&b, "%5d | %s\n", f.Range.Start.Line, f.Snippet)
			fmt.Fprintf(&b, "      | %s^%s\n", strings.Repeat(" ", f.Range.Start.Column-1), strings.Repeat("~", max(end-f.Range.Start.Column-1, 0)))
		}
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "      = %s\n", e.Text)
		}
		if f.Hint != "" {
			fmt.Fprintf(&b, "      = %s\n", strings.ReplaceAll(f.Hint, "\n", "\n        "))
		}
		if f.Fix != nil {
			fmt.Fprintf(&b, "      = fix available: %s\n", f.Fix.Title)
		}
	}
	if !paths {
		// The path of an example that has none of its own says nothing, but
		// messages about a second place name it.
		whole := ExampleFiles(text)[0].Path
		return strings.ReplaceAll(b.String(), whole, "rule"+path.Ext(whole))
	}
	return b.String()
}
