// Package tree is what structured files (YAML, TOML, JSON) are read into:
// mappings, sequences and scalars that know exactly which bytes of the file
// they came from.
package tree

import (
	"slices"
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// Kind is the shape of a node.
type Kind uint8

// The kinds of nodes. YAML aliases are resolved and merge keys merged while
// reading.
const (
	Scalar Kind = iota + 1
	Mapping
	Sequence
)

// Tag is the type that a scalar resolves to: under YAML's core schema as
// gopkg.in/yaml.v3 reads it, and as the file says in TOML and JSON. Quoted and
// block scalars are always Str.
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
// (>) to block scalars. TOML's literal strings are SingleQuoted, its basic ones
// DoubleQuoted, whether they have one line or many.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
	Flow
)

// Node is one node of a file.
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

// Error says where a document stops being what can be read.
type Error struct {
	Span    rule.Span
	Message string // lower case, says what was expected
}

func (e *Error) Error() string { return e.Message }

// Sum is a number that is the same for two nodes that say the same, whatever
// their layout and the order of the entries of their mappings.
func (n *Node) Sum() uint64 { return n.sum(0) }

func (n *Node) sum(depth int) uint64 {
	if n == nil || depth > maxFlat {
		return 0
	}
	h := uint64(fnvOffset)
	switch n.Kind {
	case Scalar:
		if n.Tag == Str {
			h = mix(h ^ 1)
		}
		for i := 0; i < len(n.Value); i++ {
			h = (h ^ uint64(n.Value[i])) * fnvPrime
		}
	case Sequence:
		for _, item := range n.Content {
			h = mix(h ^ item.sum(depth+1))
		}
		h ^= 2
	default:
		for i := 0; i+1 < len(n.Content); i += 2 {
			// Entries are added up, so that their order does not matter.
			h += mix(mix(n.Content[i].sum(depth+1)) ^ n.Content[i+1].sum(depth+1))
		}
		h ^= 3
	}
	return mix(h)
}

// The constants of the hash FNV-1a.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// mix spreads every bit of a number over all of it.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// Flat writes the node in one line, with the entries of mappings in the order
// of their keys, so that two nodes that say the same read the same.
func (n *Node) Flat() string {
	var b strings.Builder
	n.flat(&b, 0)
	return b.String()
}

// maxFlat is how deep Flat goes into a node.
const maxFlat = 200

func (n *Node) flat(b *strings.Builder, depth int) {
	switch {
	case n == nil || depth > maxFlat:
	case n.Kind == Scalar && n.Tag == Str:
		b.WriteString(strconv.Quote(n.Value))
	case n.Kind == Scalar:
		b.WriteString(n.Value)
	case n.Kind == Sequence:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(' ')
			}
			item.flat(b, depth+1)
		}
		b.WriteByte(']')
	default:
		entries := make([]string, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			var entry strings.Builder
			n.Content[i].flat(&entry, depth+1)
			entry.WriteByte(':')
			n.Content[i+1].flat(&entry, depth+1)
			entries = append(entries, entry.String())
		}
		slices.Sort(entries)
		b.WriteString("{" + strings.Join(entries, " ") + "}")
	}
}
