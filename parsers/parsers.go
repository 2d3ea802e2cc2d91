// Package parsers finds out which rule format a file is written in and has it
// read. Each format has a folder of its own, and so has each query language.
package parsers

import (
	"fmt"
	"path"
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/rule"
)

// MaxFileSize is the largest file that is read, in bytes. Rule files are a
// few kilobytes.
const MaxFileSize = 16 << 20

// extensions are those of files that may hold rules, in lower case.
var extensions = map[string]bool{".yml": true, ".yaml": true}

// Match reports whether a file may hold rules, by its path alone.
func Match(p string) bool { return extensions[strings.ToLower(path.Ext(p))] }

// Parse reads the rules of a file. It never fails: what cannot be read is in
// the result's Problems, and what is no rule file is not Recognized.
func Parse(p string, data []byte) *rule.File {
	if len(data) > MaxFileSize {
		return &rule.File{
			Source:     rule.NewSource(p, nil),
			Recognized: true,
			Problems: []rule.Problem{{
				Message:   fmt.Sprintf("file has %d bytes, more than the %d that are read", len(data), MaxFileSize),
				RuleIndex: -1,
			}},
		}
	}
	return sigma.Parse(rule.NewSource(p, data))
}
