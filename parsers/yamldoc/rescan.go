package yamldoc

import (
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/detlint/detlint/parsers/tree"
)

// This file finds in the source what yaml.v3 does not tell: where a node begins
// behind its anchor and its tag, and where it ends.

// skipProperties returns where a node begins that has an anchor or a tag.
func (v *converter) skipProperties(y *yaml.Node, i int) int {
	most := 2
	if y.Kind == yaml.MappingNode && y.Style&yaml.FlowStyle == 0 {
		// Those that belong to the first key are not the mapping's.
		most = 0
		if y.Anchor != "" {
			most++
		}
		if y.Style&yaml.TaggedStyle != 0 {
			most++
		}
	}
	for range most {
		if i >= v.end || v.s[i] != '&' && v.s[i] != '!' {
			break
		}
		j := i + 1
		// Anchors are words; tags go on to the next white space.
		for j < v.end && (v.s[i] == '!' && isYAMLSpace(v.s[j:]) == 0 || v.s[i] == '&' && isAnchor(v.s[j:j+1])) {
			j++
		}
		if k := v.space(j); y.Kind != yaml.ScalarNode || y.Value != "" || k < v.end && (v.s[k] == '\'' || v.s[k] == '"' || v.s[k] == '|' || v.s[k] == '>' || v.s[k] == '&' || v.s[k] == '!') && v.sameNode(y, k) {
			j = k
		}
		i = j
	}
	return i
}

// sameNode reports whether what is at i can belong to an empty scalar whose
// properties end before it.
func (v *converter) sameNode(y *yaml.Node, i int) bool {
	if c := v.s[i]; c == '&' || c == '!' {
		return y.Anchor != "" && y.Style&yaml.TaggedStyle != 0
	}
	return y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// space skips white space and comments.
func (v *converter) space(i int) int {
	for i < v.end {
		switch {
		case isBlankOrBreak(v.s[i]):
			i++
		case v.s[i] == '#' && i > v.base && isBlankOrBreak(v.s[i-1]):
			i = v.commentEnd(i)
		default:
			return i
		}
	}
	return v.end
}

// commentEnd returns where the comment at i ends, which is at any break that
// yaml.v3 knows.
func (v *converter) commentEnd(i int) int {
	line := sort.SearchInts(v.lines, i+1)
	if line == len(v.lines) {
		return v.end
	}
	return max(v.lines[line]-1, i+1)
}

// afterColon returns where a missing value is after a key that ends at i.
func (v *converter) afterColon(i int) int {
	if j := v.space(i); j < v.end && v.s[j] == ':' {
		return j + 1
	}
	return i
}

// closing returns where the bracket is closed that is open at i, after the last
// of what it holds.
func (v *converter) closing(i int) int {
	for i < v.end {
		switch c := v.s[i]; {
		case c == ']' || c == '}':
			return i + 1
		case c == '#':
			i = v.commentEnd(i)
		default:
			i++
		}
	}
	return v.end
}

// columnOf returns the column of a block collection.
func (v *converter) columnOf(y *yaml.Node, start int) int {
	if y.Kind == yaml.MappingNode && start < v.end && v.s[start] != '?' && len(y.Content) > 0 {
		return y.Content[0].Column - 1
	}
	line := max(sort.SearchInts(v.lines, start+1)-1, 0)
	return start - v.lines[line]
}

// scalarEnd returns where a scalar that begins at i ends.
func (v *converter) scalarEnd(n *tree.Node, i, indent int) int {
	s := v.s[:v.end]
	if i >= len(s) {
		return i
	}
	switch n.Style {
	case tree.SingleQuoted, tree.DoubleQuoted:
		q := byte('\'')
		if n.Style == tree.DoubleQuoted {
			q = '"'
		}
		for j := i + 1; j < len(s); j++ {
			switch {
			case s[j] == '\\' && q == '"':
				j++
			case s[j] == q && q == '\'' && j+1 < len(s) && s[j+1] == q:
				j++
			case s[j] == q:
				return j + 1
			}
		}
		return len(s)
	case tree.Literal, tree.Folded:
		b, bad := blockHeader(s, i)
		if bad >= 0 {
			return b.header
		}
		if b.indent > 0 && indent > 0 {
			b.indent += indent
		}
		end, _, _ := b.read(s, indent, &sink{s: s, track: true})
		return end
	}
	return plainEnd(s, i, n.Value)
}

// plainEnd follows the words of a plain scalar through the source: only the
// white space between them may differ.
func plainEnd(s string, i int, value string) int {
	for j := 0; j < len(value) && i < len(s); {
		if isYAMLSpace(value[j:]) > 0 {
			for j < len(value) && isYAMLSpace(value[j:]) > 0 {
				j += isYAMLSpace(value[j:])
			}
			for i < len(s) && isYAMLSpace(s[i:]) > 0 {
				i += isYAMLSpace(s[i:])
			}
			continue
		}
		if s[i] != value[j] {
			break
		}
		i++
		j++
	}
	return i
}

// isYAMLSpace returns the length of the white space character that s begins
// with, 0 when it begins with another one.
func isYAMLSpace(s string) int {
	switch {
	case isBlankOrBreak(s[0]):
		return 1
	case strings.HasPrefix(s, "\u0085"):
		return 2
	case strings.HasPrefix(s, "\u2028"), strings.HasPrefix(s, "\u2029"):
		return 3
	}
	return 0
}
