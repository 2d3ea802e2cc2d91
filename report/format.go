package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/detlint/detlint/internal/near"
)

// Format is one form that a report can be written in.
type Format struct {
	Name        string
	Description string // one sentence, without a final stop
	Write       func(io.Writer, *Report, Options) error
}

// Formats are the forms of a whole report.
var Formats = []Format{
	{"text", "findings with their source lines, for a terminal", Text},
	{"json", "one object with everything, for other programs", JSON},
	{"markdown", "a summary for a pull request or a job, details folded", Markdown},
	{"github-comment", "the summary as comments of a pull request, a JSON list of texts", GitHubComment},
	{"github-output", "the numbers of it as name=value, for the outputs of a step", GitHubOutput},
	{"github-review", "fixes as a review of a pull request, for GitHub's API", GitHubReview},
}

// CoverageFormats are the forms of coverage on its own.
var CoverageFormats = []Format{
	{"text", "techniques by tactic, for a terminal", CoverageText},
	{"json", "one object, for other programs", CoverageJSON},
	{"markdown", "for a pull request, or to publish", CoverageMarkdown},
}

// DiffFormats are the forms of the change in meaning on its own.
var DiffFormats = []Format{
	{"text", "what became of each rule, for a terminal", DiffText},
	{"json", "one object, for other programs", DiffJSON},
	{"markdown", "for a pull request", DiffMarkdown},
}

// Lookup finds a form of whole reports by its name. The error says what was
// probably meant.
func Lookup(name string) (Format, error) { return lookup(Formats, name) }

// LookupCoverage is Lookup for the forms of coverage on its own.
func LookupCoverage(name string) (Format, error) { return lookup(CoverageFormats, name) }

// LookupDiff is Lookup for the forms of the change in meaning on its own.
func LookupDiff(name string) (Format, error) { return lookup(DiffFormats, name) }

func lookup(formats []Format, name string) (Format, error) {
	var names []string
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	if guess := meant(names, name); guess != "" {
		return Format{}, fmt.Errorf("unknown format %q, did you mean %q?", name, guess)
	}
	last := len(names) - 1
	return Format{}, fmt.Errorf("unknown format %q, expected %s or %s", name, strings.Join(names[:last], ", "), names[last])
}

// formatAliases are what other tools call the same.
var formatAliases = map[string]string{"md": "markdown", "txt": "text", "terminal": "text", "console": "text", "gfm": "markdown"}

// meant is the name that someone who wrote an unknown one had in mind, empty
// when there is no telling.
func meant(names []string, name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if alias, ok := formatAliases[name]; ok {
		return alias
	}
	return near.Word(name, names)
}
