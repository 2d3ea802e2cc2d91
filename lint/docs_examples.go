package lint

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/detlint/detlint/rule"
)

// examples writes the examples of a check: the first one at length, those in
// other languages folded, with what has to change for them not to be reported.
func (p *page) examples() {
	c := p.check
	if why := c.Without[""]; why != "" {
		fmt.Fprintf(p, "\n## Examples\n\nThere is none: %s.\n", why)
		return
	}
	all := c.Examples()
	language := ""
	if len(all) > 1 {
		language = ": " + p.nameOf(all[0])
	}
	fmt.Fprintf(p, "\n## Reported%s\n\n", language)
	p.example(c.Bad)
	p.output(c.Bad)
	fmt.Fprintf(p, "\n## Not reported%s\n\n", language)
	p.example(c.Good)
	if len(all) == 1 && len(c.Without) == 0 {
		return
	}
	p.WriteString("\n## In other languages\n")
	for _, e := range all[1:] {
		p.folded(e)
	}
	for _, l := range slices.Sorted(maps.Keys(c.Without)) {
		fmt.Fprintf(p, "\nThere is no example for %s: %s.\n", p.lacking(l), c.Without[l])
	}
}

// folded writes an example that readers of its language open. On a terminal it
// is what differs that is shown; the page has the rest.
func (p *page) folded(e Example) {
	name := p.nameOf(e)
	if p.plain {
		fmt.Fprintf(p, "\n### %s\n\nReported with the lines after -, not with those after +:\n", name)
		p.changes(e)
		p.output(e.Bad)
		return
	}
	fmt.Fprintf(p, "\n<details>\n<summary>%s</summary>\n\nReported:\n\n", name)
	p.example(e.Bad)
	p.output(e.Bad)
	p.WriteString("\nNot reported with this change:\n")
	p.changes(e)
	p.WriteString("\n</details>\n")
}

// changes writes how the two sides of an example differ.
func (p *page) changes(e Example) {
	bad, good := ExampleFiles(e.Bad), ExampleFiles(e.Good)
	for i := range min(len(bad), len(good)) {
		if bad[i].Text == good[i].Text {
			continue
		}
		if len(bad) > 1 {
			fmt.Fprintf(p, "\n%s\n", titleOf(good[i]))
		}
		p.WriteByte('\n')
		fence(p, "diff", changedLines(bad[i].Text, good[i].Text))
	}
}

// changedLines is a diff without a head.
func changedLines(before, after string) string {
	text := diff.Diff("", []byte(before), "", []byte(after))
	if i := bytes.Index(text, []byte("@@")); i >= 0 {
		text = text[i:]
	}
	return string(text)
}

// nameOf tells whose an example is, and in which language where the check has
// examples in several of this vendor's.
func (p *page) nameOf(e Example) string {
	r := e.Rule()
	if r == nil {
		return ""
	}
	languages := map[rule.Language]bool{}
	for _, other := range p.check.Examples() {
		if o := other.Rule(); o != nil && o.Vendor == r.Vendor {
			languages[o.Language] = true
		}
	}
	if len(languages) > 1 && languageNames[r.Language] != "" {
		return vendorNames[r.Vendor] + ", " + languageNames[r.Language]
	}
	return vendorNames[r.Vendor]
}

// lacking names the language in which a check has no example, or its vendor
// where the check has none of that.
func (p *page) lacking(l rule.Language) string {
	for _, e := range p.check.Examples() {
		if r := e.Rule(); r != nil && r.Vendor == vendorsOf[l] {
			return languageNames[l]
		}
	}
	return vendorNames[vendorsOf[l]]
}

// output writes what the check says of an example.
func (p *page) output(text string) {
	if out := output(exampleFindings(p.check, p.catalog, text), text); out != "" {
		p.WriteString("\ndetlint prints:\n\n")
		fence(p, "text", out)
	}
}

// example writes the files of an example, each with its path where that
// matters.
func (p *page) example(text string) {
	for i, file := range ExampleFiles(text) {
		if strings.HasPrefix(text, exampleHead) {
			if i > 0 {
				p.WriteByte('\n')
			}
			fmt.Fprintf(p, "%s\n\n", titleOf(file))
		}
		fence(p, formatOf(file), file.Text)
	}
}

// titleOf names a file of an example.
func titleOf(file ExampleFile) string {
	if file.Path == exampleBefore {
		return "Before the change"
	}
	return "`" + file.Path + "`"
}

// formatOf is the format of a file, as fences name it.
func formatOf(file ExampleFile) string {
	ext := path.Ext(file.Path)
	if file.Path == exampleBefore {
		ext = extensionOf(file.Text)
	}
	if ext == ".yml" {
		return "yaml"
	}
	return strings.TrimPrefix(ext, ".")
}

// fence writes a block of code, in more ticks than it has itself.
func fence(w io.Writer, language, text string) {
	ticks := "```"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	fmt.Fprintf(w, "%s%s\n%s\n%s\n", ticks, language, strings.TrimRight(text, "\n"), ticks)
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
