package parsers

import (
	"github.com/detlint/detlint/parsers/kusto"
	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// yamlFormat is a format of rules that is written in YAML.
type yamlFormat struct {
	// mentions is a cheap test that spares other files a parse, and looksLike
	// judges a text that is no YAML by its lines.
	mentions  func(*rule.Source) bool
	looksLike func([]byte) bool
	// waits reports whether what is in a file can only be read with the
	// definitions of others at hand. It is never true of a file that defines
	// something itself. nil stands for never.
	waits func([]byte) bool
	// parse adds what is in the documents to the file, and leaves the file
	// alone when they are of another format.
	parse func(*rule.File, []yamldoc.Document, *rule.Library)
}

// byText is a test that looks at nothing but the text of a file.
func byText(mentions func([]byte) bool) func(*rule.Source) bool {
	return func(src *rule.Source) bool { return mentions(src.Data) }
}

// yamlFormats are asked in this order; the first that recognizes a file has it.
var yamlFormats = []yamlFormat{
	{
		mentions: byText(sigma.Mentions), looksLike: sigma.LooksLikeRule,
		parse: func(f *rule.File, docs []yamldoc.Document, _ *rule.Library) { sigma.ParseYAML(f, docs) },
	},
	{mentions: splunk.Mentions, looksLike: splunk.LooksLikeRule, waits: splunk.Waits, parse: splunk.ParseYAML},
	{mentions: byText(kusto.Mentions), looksLike: kusto.LooksLikeRule, parse: kusto.ParseYAML},
}

// parseYAML parses the file once and has the formats look at it.
func parseYAML(src *rule.Source, library *rule.Library) *rule.File {
	f := &rule.File{Source: src}
	text, utf16 := tree.UTF16(src.Data)
	var docs []yamldoc.Document
	for _, format := range yamlFormats {
		switch {
		case utf16 && format.looksLike([]byte(text)):
			f.Recognized = true
			f.Problems = []rule.Problem{{Message: tree.NotUTF8, RuleIndex: -1}}
		case !utf16 && format.mentions(src):
			if docs == nil {
				docs = yamldoc.Parse(src.Data)
			}
			format.parse(f, docs, library)
		}
		if f.Recognized {
			break
		}
	}
	return f
}

// Waits reports whether the rules of a file can only be read with the
// definitions of other files at hand. What defines something never waits.
func Waits(p string, data []byte) bool {
	if splunk.IsConf(p) {
		return splunk.ConfWaits(p)
	}
	switch extension(p) {
	case ".yml", ".yaml":
		for _, format := range yamlFormats {
			if format.waits != nil && format.waits(data) {
				return true
			}
		}
	}
	return false
}
