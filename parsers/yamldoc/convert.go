package yamldoc

import (
	"fmt"
	"sort"
	"strings"

	"github.com/detlint/detlint/rule"
	"gopkg.in/yaml.v3"
)

// convert turns a node of yaml.v3 and what it holds into ours, and returns
// where it ends. indent is the column of the block collection around it. Spans
// leave out anchors and tags: those say how a value is to be read and are no
// part of it.
func (v *converter) convert(y *yaml.Node, indent, depth int) (*Node, int) {
	start := v.offset(y)
	if y.Kind == yaml.AliasNode {
		end := start + 1
		for end < v.end && isAnchor(v.s[end:end+1]) {
			end++
		}
		end = min(end, v.end)
		return v.copyOf(y.Alias, rule.Span{Start: int32(start), End: int32(end)}, depth), end
	}
	start = v.skipProperties(y, start)
	n := v.node(y, start, depth)
	if n == nil {
		return nil, start
	}
	end := start
	switch {
	case y.Kind == yaml.ScalarNode:
		end = v.scalarEnd(n, start, indent)
	case n.Style == Flow:
		end = v.entries(n, y, start, indent, depth)
		// A pair inside a sequence is a mapping without brackets.
		if y.Kind == yaml.SequenceNode || len(n.Content) == 0 || int(n.Content[0].Span.Start) != start {
			end = v.closing(max(end, start+1))
		}
	default:
		end = v.entries(n, y, start, v.columnOf(y, start), depth)
	}
	n.Span.End = int32(end)
	return n, end
}

// node makes a node without content, and nil when there are too many.
func (v *converter) node(y *yaml.Node, at, depth int) *Node {
	v.count++
	if v.err != nil {
		return nil
	}
	if v.count > MaxNodes {
		v.fail(at, at+1, "expected at most 200000 nodes in a document, aliases expanded")
		return nil
	}
	n := &Node{Kind: Scalar, Span: rule.Span{Start: int32(at), End: int32(at)}}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Mapping
	case yaml.SequenceNode:
		n.Kind = Sequence
	default:
		n.Value, n.Tag = y.Value, tagOf(y)
	}
	if n.Kind != Scalar && depth >= MaxDepth {
		v.fail(at, at+1, "expected at most 100 collections inside each other")
		return nil
	}
	switch {
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = SingleQuoted
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = DoubleQuoted
	case y.Style&yaml.LiteralStyle != 0:
		n.Style = Literal
	case y.Style&yaml.FoldedStyle != 0:
		n.Style = Folded
	case y.Style&yaml.FlowStyle != 0:
		n.Style = Flow
	}
	return n
}

func tagOf(y *yaml.Node) Tag {
	switch y.ShortTag() {
	case "!!null":
		return Null
	case "!!bool":
		return Bool
	case "!!int":
		return Int
	case "!!float":
		return Float
	case "!!timestamp":
		return Timestamp
	}
	return Str
}

func isMerge(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "<<" && y.ShortTag() == "!!merge"
}

// entries converts the content of a collection and returns where the last of
// it ends.
func (v *converter) entries(n *Node, y *yaml.Node, start, indent, depth int) int {
	end := start
	if n.Kind == Sequence && n.Style != Flow {
		end++ // the dash
	}
	var taken map[string]bool
	for i, child := range y.Content {
		if v.err != nil {
			return end
		}
		if n.Kind == Mapping && i%2 == 1 && isMerge(y.Content[i-1]) {
			c, to := v.convert(child, indent, depth+1)
			if taken == nil {
				taken = ownKeys(y)
			}
			v.merge(n, c, taken)
			end = max(end, to)
			continue
		}
		c, to := v.convert(child, indent, depth+1)
		if c == nil {
			return end
		}
		if n.Kind == Mapping && n.Style == Flow && i%2 == 1 && c.Kind == Scalar && to == int(c.Span.Start) {
			// yaml.v3 finds a missing value where the next token is.
			to = v.afterColon(end)
			c.Span = rule.Span{Start: int32(to), End: int32(to)}
		}
		end = max(end, to)
		if n.Kind == Mapping && i%2 == 0 && isMerge(child) {
			continue
		}
		n.Content = append(n.Content, c)
	}
	return end
}

// ownKeys returns the text of the scalar keys of a mapping. Those win over
// merged ones, wherever they are.
func ownKeys(y *yaml.Node) map[string]bool {
	keys := make(map[string]bool, len(y.Content)/2)
	for i := 0; i < len(y.Content); i += 2 {
		if k := y.Content[i]; k.Kind == yaml.ScalarNode && !isMerge(k) {
			keys[k.Value] = true
		}
	}
	return keys
}

// merge adds the entries of the mapping, or the sequence of mappings, after a
// "<<" whose keys are not taken yet.
func (v *converter) merge(n, from *Node, taken map[string]bool) {
	if from == nil {
		return
	}
	sources := []*Node{from}
	if from.Kind == Sequence {
		sources = from.Content
	}
	for _, m := range sources {
		if m.Kind != Mapping {
			v.fail(int(m.Span.Start), int(m.Span.End), `expected a mapping, or a sequence of mappings, after "<<"`)
			return
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			k := m.Content[i]
			if k.Kind == Scalar {
				if taken[k.Value] {
					continue
				}
				taken[k.Value] = true
			}
			n.Content = append(n.Content, k, m.Content[i+1])
		}
	}
}

// copyOf converts what an alias stands for. All of it is found where the alias
// is.
func (v *converter) copyOf(y *yaml.Node, at rule.Span, depth int) *Node {
	if y.Kind == yaml.AliasNode {
		return v.copyOf(y.Alias, at, depth)
	}
	if v.open[y] {
		v.fail(int(at.Start), int(at.End), fmt.Sprintf("the alias %s stands for something that contains it", quote(v.s[at.Start:at.End])))
		return nil
	}
	n := v.node(y, int(at.Start), depth)
	if n == nil {
		return nil
	}
	n.Span = at
	if y.Kind == yaml.ScalarNode {
		return n
	}
	if v.open == nil {
		v.open = map[*yaml.Node]bool{}
	}
	v.open[y] = true
	defer delete(v.open, y)
	var taken map[string]bool
	for i, child := range y.Content {
		if y.Kind == yaml.MappingNode && isMerge(y.Content[i-i%2]) {
			if i%2 == 1 {
				if taken == nil {
					taken = ownKeys(y)
				}
				v.merge(n, v.copyOf(child, at, depth+1), taken)
			}
			continue
		}
		c := v.copyOf(child, at, depth+1)
		if c == nil {
			return nil
		}
		n.Content = append(n.Content, c)
	}
	if v.err != nil {
		return nil
	}
	return n
}

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
		for j < v.end && !isBlankOrBreak(v.s[j]) && (strings.IndexByte(",[]{}", v.s[j]) < 0 || v.s[i] == '!' && v.s[i+1] == '<') {
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
			i = min(lineEnd(v.s, i), v.end)
		default:
			return i
		}
	}
	return v.end
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
			i = min(lineEnd(v.s, i), v.end)
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
func (v *converter) scalarEnd(n *Node, i, indent int) int {
	s := v.s[:v.end]
	if i >= len(s) {
		return i
	}
	switch n.Style {
	case SingleQuoted, DoubleQuoted:
		q := byte('\'')
		if n.Style == DoubleQuoted {
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
	case Literal, Folded:
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
