// Package yamldoc reads YAML into nodes that know exactly which bytes of the
// file they came from, which no YAML library for Go tells: yaml.v3 gives a line
// and a column in runes for where a node starts and nothing for where it ends.
//
// Rule files are written in a small, regular part of YAML. That part is read
// by a scanner of our own, in one pass; whatever is outside it (anchors, tags,
// complex keys, …) and whatever is wrong is given to gopkg.in/yaml.v3, so that
// both agree on what a document means.
package yamldoc

import "github.com/detlint/detlint/rule"

// Kind is the shape of a node.
type Kind uint8

// The kinds of nodes. Aliases are resolved and merge keys merged while reading.
const (
	Scalar Kind = iota + 1
	Mapping
	Sequence
)

// Tag is the type that a scalar resolves to under YAML's core schema as
// gopkg.in/yaml.v3 reads it. Quoted and block scalars are always Str.
type Tag uint8

// The scalar types.
const (
	Str Tag = iota
	Null
	Bool
	Int
	Float
	Timestamp
)

// Style is how a node is written.
type Style uint8

// The styles. Flow applies to mappings and sequences, Literal (|) and Folded
// (>) to block scalars.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
	Flow
)

// Node is one YAML node.
type Node struct {
	Kind  Kind
	Tag   Tag
	Style Style
	// Value is the decoded text of a scalar (escapes resolved, lines folded).
	// A plain scalar of any type keeps its text as written.
	Value string
	// Span covers the node in the file: quotes and block scalar indicators
	// included, surrounding white space and comments not. A missing value
	// ("key:" and nothing after it) has an empty span after the colon.
	Span rule.Span
	// Content holds the items of a sequence, and the keys and values of a
	// mapping in turn.
	Content []*Node
}

// Get returns the value of the first entry of a mapping whose key is a scalar
// of that text, and nil when there is none or the node is nil or no mapping.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; k.Kind == Scalar && k.Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// IsNull reports whether the node is absent or a null scalar.
func (n *Node) IsNull() bool { return n == nil || n.Kind == Scalar && n.Tag == Null }

// Text returns the node's value with its place.
func (n *Node) Text() rule.Text {
	if n == nil {
		return rule.Text{}
	}
	return rule.Text{Value: n.Value, Span: n.Span}
}

// Document is one document of a file. Root is nil when the document is empty
// or has an error.
type Document struct {
	Root *Node
	Span rule.Span // from after the document marker to the next one
	Err  *Error
}

// Error says where a document stops being YAML that can be read.
type Error struct {
	Span    rule.Span
	Message string // lower case, says what was expected
}

func (e *Error) Error() string { return e.Message }
