package yamldoc

import (
	"fmt"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
	"gopkg.in/yaml.v3"
)

// convert turns a node of yaml.v3 and what it holds into ours, and returns
// where it ends. indent is the column of the block collection around it. Spans
// leave out anchors and tags: those say how a value is to be read and are no
// part of it.
func (v *converter) convert(y *yaml.Node, indent, depth int) (*tree.Node, int) {
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
	case n.Style == tree.Flow:
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
func (v *converter) node(y *yaml.Node, at, depth int) *tree.Node {
	v.count++
	if v.err != nil {
		return nil
	}
	if v.count > MaxNodes {
		v.fail(at, at+1, tooMany)
		return nil
	}
	n := &tree.Node{Kind: tree.Scalar, Span: rule.Span{Start: int32(at), End: int32(at)}}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = tree.Mapping
	case yaml.SequenceNode:
		n.Kind = tree.Sequence
	default:
		n.Value, n.Tag = y.Value, tagOf(y)
	}
	if n.Kind != tree.Scalar && depth >= MaxDepth {
		v.fail(at, at+1, tooDeep)
		return nil
	}
	switch {
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = tree.SingleQuoted
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = tree.DoubleQuoted
	case y.Style&yaml.LiteralStyle != 0:
		n.Style = tree.Literal
	case y.Style&yaml.FoldedStyle != 0:
		n.Style = tree.Folded
	case y.Style&yaml.FlowStyle != 0:
		n.Style = tree.Flow
	}
	return n
}

func tagOf(y *yaml.Node) tree.Tag {
	switch y.ShortTag() {
	case "!!null":
		return tree.Null
	case "!!bool":
		return tree.Bool
	case "!!int":
		return tree.Int
	case "!!float":
		return tree.Float
	case "!!timestamp":
		return tree.Timestamp
	}
	return tree.Str
}

func isMerge(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "<<" && y.ShortTag() == "!!merge"
}

// entries converts the content of a collection and returns where the last of
// it ends.
func (v *converter) entries(n *tree.Node, y *yaml.Node, start, indent, depth int) int {
	end := start
	if n.Kind == tree.Sequence && n.Style != tree.Flow {
		end++ // the dash
	}
	var taken map[string]bool
	for i, child := range y.Content {
		if v.err != nil {
			return end
		}
		if n.Kind == tree.Mapping && i%2 == 1 && isMerge(y.Content[i-1]) {
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
		if n.Kind == tree.Mapping && n.Style == tree.Flow && i%2 == 1 && c.Kind == tree.Scalar && to == int(c.Span.Start) {
			// yaml.v3 finds a missing value where the next token is.
			to = v.afterColon(end)
			c.Span = rule.Span{Start: int32(to), End: int32(to)}
		}
		end = max(end, to)
		if n.Kind == tree.Mapping && i%2 == 0 && isMerge(child) {
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
func (v *converter) merge(n, from *tree.Node, taken map[string]bool) {
	if from == nil {
		return
	}
	sources := []*tree.Node{from}
	if from.Kind == tree.Sequence {
		sources = from.Content
	}
	for _, m := range sources {
		if m.Kind != tree.Mapping {
			v.fail(int(m.Span.Start), int(m.Span.End), `expected a mapping, or a sequence of mappings, after "<<"`)
			return
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			k := m.Content[i]
			if k.Kind == tree.Scalar {
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
func (v *converter) copyOf(y *yaml.Node, at rule.Span, depth int) *tree.Node {
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
