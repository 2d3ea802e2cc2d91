package lint

import (
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// ExampleFile is one file of a check's example.
type ExampleFile struct {
	Path, Text string
}

// exampleHead begins a file of an example that has several, or whose name
// matters: "-- windows/rule.yml --" on a line of its own.
const exampleHead, exampleTail = "-- ", " --"

// ExampleFiles takes an example apart. Most are one file; its path then says
// nothing.
func ExampleFiles(example string) []ExampleFile {
	if !strings.HasPrefix(example, exampleHead) {
		ext := ".yml"
		if strings.HasPrefix(example, "[") {
			ext = ".toml"
		}
		return []ExampleFile{{Path: "rules/example_rule" + ext, Text: example}}
	}
	var files []ExampleFile
	for line := range strings.Lines(example) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), exampleTail); ok && strings.HasPrefix(name, exampleHead) {
			files = append(files, ExampleFile{Path: strings.TrimPrefix(name, exampleHead)})
			continue
		}
		files[len(files)-1].Text += line
	}
	return files
}

// Example returns what a linter has to say about an example.
func (l *Linter) Example(example string) []Finding {
	var out []Finding
	var all []normalize.Summary
	files := ExampleFiles(example)
	library := exampleLibrary(files)
	for _, file := range files {
		f := parsers.Parse(file.Path, []byte(file.Text), library)
		rules := normalize.Normalized(f.Rules)
		out = append(out, l.File(f, rules)...)
		for _, r := range rules {
			all = append(all, r.Summary())
		}
	}
	out = append(out, l.Repository(all, library)...)
	Sort(out)
	return out
}

// exampleLibrary has what the files of an example define.
func exampleLibrary(files []ExampleFile) *rule.Library {
	var all []rule.Definition
	texts := map[string]string{}
	for _, file := range files {
		all = append(all, parsers.Parse(file.Path, []byte(file.Text), nil).Definitions...)
		texts[file.Path] = file.Text
	}
	return rule.NewLibrary(all, func(path string) string { return texts[path] })
}

// exampleFindings is what one check says about an example.
func exampleFindings(c *Check, cat *catalog.Catalog, example string) []Finding {
	l := &Linter{checks: []*Check{c}, catalog: cat}
	return l.Example(example)
}
