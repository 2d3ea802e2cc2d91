package config

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Found is what an initial configuration is made of.
type Found struct {
	Summary []string // lines about the rules of the repository, for a comment
	Folders []string // that hold rules; empty when they are everywhere
	Macros  []string // that rules use and nobody defines
	Older   bool     // the rules are mapped to ATT&CK v18
}

// maxInitialMacros is how many macros an initial configuration names.
const maxInitialMacros = 100

// Initial is a configuration to start with: what fits the repository is set,
// and every other key is there as a comment. So are the folders that hold rules:
// rules in a new one would be passed over.
func Initial(f Found) string {
	var b strings.Builder
	b.WriteString("# Configuration of detlint. Everything here may be left out.\n")
	b.WriteString("# https://github.com/detlint/detlint/blob/main/docs/configuration.md\n")
	b.WriteString("# yaml-language-server: $schema=https://raw.githubusercontent.com/detlint/detlint/main/docs/detlint.schema.json\n")
	if len(f.Summary) > 0 {
		b.WriteString("#\n")
		for _, line := range f.Summary {
			b.WriteString("# " + line + "\n")
		}
	}
	for i := range Keys {
		k := &Keys[i]
		b.WriteByte('\n')
		comment(&b, plain(k.Doc))
		switch {
		case k.Name == keyPaths && len(f.Folders) > 0:
			b.WriteString("# paths: " + list(f.Folders) + "\n")
		case k.Name == "known_macros" && len(f.Macros) > 0:
			b.WriteString("# Rules use these, and nothing here defines them:\n# known_macros:\n")
			for i, m := range f.Macros {
				if i == maxInitialMacros {
					fmt.Fprintf(&b, "#   and %d more\n", len(f.Macros)-i)
					break
				}
				b.WriteString("#   - " + quoted(m) + "\n")
			}
		case k.Name == "attack_version" && f.Older:
			b.WriteString("attack_version: v18\n")
		default:
			for line := range strings.Lines(k.Example) {
				b.WriteString("# " + strings.TrimRight(line, "\n") + "\n")
			}
		}
	}
	return b.String()
}

// comment writes a text as a comment of lines that are easy to read.
func comment(b *strings.Builder, text string) {
	const width = 96
	line := "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}

// plain leaves the words of a Markdown text.
func plain(text string) string { return strings.ReplaceAll(plainLinks(text), "`", "") }

// quoted is a text in double quotes, as YAML and JSON have them.
func quoted(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err) // a text can always be written
	}
	return string(out)
}

func list(texts []string) string {
	parts := make([]string, len(texts))
	for i, t := range texts {
		parts[i] = quoted(t)
	}
	return fmt.Sprintf("[%s]", strings.Join(parts, ", "))
}
