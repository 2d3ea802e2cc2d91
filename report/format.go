package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/detlint/detlint/internal/near"
)

// Format is one form that a report can be written in.
type Format struct {
	Name        string
	Description string // one sentence, without a final stop
	Write       func(io.Writer, *Report, Options) error
}

// Formats are the forms of a report with findings.
var Formats = []Format{
	{"text", "findings with their source lines, for a terminal", Text},
	{"json", "one object with everything, for other programs", JSON},
	{"markdown", "a summary for a pull request or a job, details folded", Markdown},
	{"html", "one page with everything, for a browser; it asks nothing of the network", HTML},
	{"github", "workflow commands: annotations of GitHub Actions", GitHub},
	{"sarif", "SARIF 2.1.0, for code scanning and editors", SARIF},
	{"gitlab", "a Code Quality report of GitLab", GitLab},
	{"gitlab-note", "the Markdown summary, for a note at a GitLab merge request", GitLabNote},
	{"azure", "logging commands: issues of Azure Pipelines", Azure},
	{"junit", "JUnit XML: findings as tests that failed", JUnit},
	{"checkstyle", "Checkstyle XML", Checkstyle},
	{"csv", "a row for each finding", CSV},
	{"github-comment", "the summary as comments of a pull request, a JSON list of texts", GitHubComment},
	{"github-output", "the numbers of it as name=value, for the outputs of a step", GitHubOutput},
	{"github-review", "fixes as a review of a pull request, for GitHub's API", GitHubReview},
}

// CoverageFormats are the forms of coverage on its own.
var CoverageFormats = []Format{
	{"text", "techniques by tactic, for a terminal", CoverageText},
	{"json", "one object, for other programs", CoverageJSON},
	{"markdown", "for a pull request, or to publish", CoverageMarkdown},
	{"html", "one page with the matrix, for a browser; it asks nothing of the network", CoverageHTML},
	{"csv", "a row for each technique", CoverageCSV},
	{"navigator", "a layer of the ATT&CK Navigator: techniques by number of rules", Navigator},
	{"navigator-delta", "a layer: what the change does to coverage", NavigatorDelta},
	{"navigator-gap", "a layer: what public rules cover and these do not", NavigatorGap},
	{"svg", "a drawing of the Enterprise matrix", SVG},
	{"badge", "a small sign with the number of techniques", Badge},
}

// CIFormats are the forms of a report with findings and coverage: those of
// either, with the names of coverage's own where both have the same.
var CIFormats = slices.Concat(Formats, renamed(CoverageFormats, "coverage-"))

// renamed puts a prefix before the names that Formats have, too.
func renamed(formats []Format, prefix string) []Format {
	var out []Format
	for _, f := range formats {
		if slices.ContainsFunc(Formats, func(other Format) bool { return other.Name == f.Name }) {
			f.Name, f.Description = prefix+f.Name, "coverage alone: "+f.Description
		}
		out = append(out, f)
	}
	return out
}

// DiffFormats are the forms of the change in meaning on its own.
var DiffFormats = []Format{
	{"text", "what became of each rule, for a terminal", DiffText},
	{"json", "one object, for other programs", DiffJSON},
	{"markdown", "for a pull request", DiffMarkdown},
	{"csv", "a row for each rule", DiffCSV},
}

// Lookup finds one of a command's forms by its name. The error says what was
// probably meant.
func Lookup(formats []Format, name string) (Format, error) {
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
var formatAliases = map[string]string{
	"md": "markdown", "txt": "text", "terminal": "text", "console": "text", "gfm": "markdown",
	"codequality": "gitlab", "code-quality": "gitlab", "codeclimate": "gitlab", "azure-pipelines": "azure", "vso": "azure",
	"github-actions": "github", "annotations": "github", "layer": "navigator", "attack-navigator": "navigator", "matrix": "svg", "xunit": "junit",
}

// meant is the name that someone who wrote an unknown one had in mind, empty
// when there is no telling.
func meant(names []string, name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if alias, ok := formatAliases[name]; ok && slices.Contains(names, alias) {
		return alias
	}
	return near.Word(name, names)
}
