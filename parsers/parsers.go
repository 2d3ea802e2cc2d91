// Package parsers finds out which rule format a file is written in and has it
// read. Each format has a folder of its own, and so has each query language.
package parsers

import (
	"fmt"
	"path"
	"strings"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// MaxFileSize is the largest file that is read, in bytes. Rule files are a
// few kilobytes.
const MaxFileSize = 32 << 20

// extensions are those of files that may hold rules or definitions, in lower
// case, with what reads them.
var extensions = map[string]func(*rule.Source, *rule.Library) *rule.File{
	".yml": parseYAML, ".yaml": parseYAML,
	".toml": alone(elastic.ParseTOML),
	".json": parseJSON, ".ndjson": alone(elastic.ParseJSON),
	".kql": into(kusto.ParseText), ".csl": into(kusto.ParseText),
	".md": into(kusto.ParseMarkdown), ".markdown": into(kusto.ParseMarkdown),
}

// into is a reader that adds what it finds to a file.
func into(parse func(*rule.File, *rule.Library)) func(*rule.Source, *rule.Library) *rule.File {
	return func(src *rule.Source, library *rule.Library) *rule.File {
		f := &rule.File{Source: src}
		parse(f, library)
		return f
	}
}

// parseJSON has the formats that are written in JSON look at a file.
func parseJSON(src *rule.Source, library *rule.Library) *rule.File {
	f := elastic.ParseJSON(src)
	if !f.Recognized {
		kusto.ParseJSON(f, library)
	}
	return f
}

// alone is a reader of files that refer to no definitions of others.
func alone(parse func(*rule.Source) *rule.File) func(*rule.Source, *rule.Library) *rule.File {
	return func(src *rule.Source, _ *rule.Library) *rule.File { return parse(src) }
}

// Match reports whether a file may hold rules or definitions, by its path
// alone.
func Match(p string) bool { return reader(p) != nil }

// reader finds what reads a file, nil when nothing does.
func reader(p string) func(*rule.Source, *rule.Library) *rule.File {
	if splunk.IsConf(p) {
		return splunk.ParseConf
	}
	return extensions[extension(p)]
}

// IsData reports whether a file may hold the data of a definition, such as the
// table of a lookup. It is never read; that it changes may matter.
func IsData(p string) bool { return extension(p) == ".csv" }

// List reports whether a tree of files has to list a path.
func List(p string) bool { return Match(p) || IsData(p) }

// Expected reports whether a file is more likely than not to be looked for
// rules by who keeps it among them, by its path alone. JSON and Markdown files
// are rules now and then, and everything else most of the time.
func Expected(p string) bool {
	switch extension(p) {
	case ".json", ".md", ".markdown":
		return false
	}
	return Match(p)
}

func extension(p string) string { return strings.ToLower(path.Ext(p)) }

// Parse reads the rules and definitions of a file. The library has what the
// rules refer to in other files; nil stands for nothing. Parse never fails: what
// cannot be read is in the result's Problems, and what is no rule file is not
// Recognized.
func Parse(p string, data []byte, library *rule.Library) *rule.File {
	if len(data) > MaxFileSize {
		if !Expected(p) && !elastic.MentionsRule(data) && !(extension(p) == ".json" && kusto.MentionsRule(data)) {
			return &rule.File{Source: rule.NewSource(p, nil)}
		}
		return &rule.File{
			Source:     rule.NewSource(p, nil),
			Recognized: true,
			Problems: []rule.Problem{{
				Message:   fmt.Sprintf("file has %d bytes, more than the %d that are read", len(data), MaxFileSize),
				RuleIndex: -1,
			}},
		}
	}
	src := rule.NewSource(p, data)
	if read := reader(p); read != nil {
		f := read(src, library)
		f.Library = library
		return f
	}
	return &rule.File{Source: src}
}
