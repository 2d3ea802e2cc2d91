// Package yamldoc reads YAML into nodes that know exactly which bytes of the
// file they came from, which no YAML library for Go tells: yaml.v3 gives a line
// and a column in runes for where a node starts and nothing for where it ends.
//
// Rule files are written in a small, regular part of YAML. That part is read
// by a scanner of our own, in one pass; whatever is outside it (anchors, tags,
// complex keys, …) and whatever is wrong is given to gopkg.in/yaml.v3, so that
// both agree on what a document means.
package yamldoc

import (
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// Document is one document of a file. Root is nil when the document is empty
// or has an error.
type Document struct {
	Root *tree.Node
	Span rule.Span // from after the document marker to the next one
	Err  *tree.Error
}
