package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/advise"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers"
	"github.com/detlint/detlint/rule"
)

// ExampleFile is one file of a check's example.
type ExampleFile struct {
	Path, Text string
}

// exampleBefore is the path of an example that is a version of the next file
// from before a change.
const exampleBefore = "before"

// exampleHead begins a file of an example that has several, or whose name
// matters: "-- windows/rule.yml --" on a line of its own.
const exampleHead, exampleTail = "-- ", " --"

// ExampleFiles takes an example apart. Most are one file; its path then says
// nothing.
func ExampleFiles(example string) []ExampleFile {
	if !strings.HasPrefix(example, exampleHead) {
		return []ExampleFile{{Path: "rules/example_rule" + extensionOf(example), Text: example}}
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

// extensionOf tells the extension of a file without a name.
func extensionOf(text string) string {
	if strings.HasPrefix(text, "[") {
		return ".toml"
	}
	return ".yml"
}

// Example returns what a linter has to say about an example.
func (l *Linter) Example(example string) []Finding {
	var out []Finding
	var all []normalize.Summary
	long := map[string][]*normalize.Rule{}
	var read []*rule.File
	var before []*normalize.Rule
	files := ExampleFiles(example)
	library := exampleLibrary(files)
	for _, file := range files {
		if file.Path == exampleBefore {
			before = normalize.Normalized(parsers.Parse("rules/example_rule"+extensionOf(file.Text), []byte(file.Text), nil).Rules)
			continue
		}
		f := parsers.Parse(file.Path, []byte(file.Text), library)
		rules := normalize.Normalized(f.Rules)
		out = append(out, l.File(f, rules)...)
		read = append(read, f)
		long[file.Path] = rules
		for i := range min(len(before), len(rules)) {
			out = append(out, l.Change(before[i], rules[i])...)
		}
		for _, r := range rules {
			all = append(all, r.Summary())
		}
	}
	out = append(out, l.Repository(Repository{
		Rules: all, Library: library,
		Load: func(s *normalize.Summary) *normalize.Rule { return long[s.Path][s.Index] },
	})...)
	for _, f := range read {
		s := ReadSuppressions(f)
		s.Apply(about(out, f.Source.Path), "")
		out = append(out, l.Findings(s, "", nil)...)
	}
	out = slices.DeleteFunc(out, func(f Finding) bool { return f.Suppressed != nil })
	Sort(out)
	return out
}

// about are the findings about a file.
func about(findings []Finding, path string) []*Finding {
	var out []*Finding
	for i := range findings {
		if findings[i].Path == path {
			out = append(out, &findings[i])
		}
	}
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
	if cat != nil {
		l.advisor = advise.New(cat)
	}
	return l.Example(example)
}
