// Package tomldoc reads TOML into nodes that know exactly which bytes of the
// file they came from. github.com/pelletier/go-toml/v2 does the reading; this
// package puts its expressions together to one tree, as the TOML specification
// 1.0 says tables and dotted keys add up, and tells where strings with escapes
// stand.
package tomldoc

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// The limits of what is read, far above what a rule file holds.
const (
	MaxDepth = 100     // tables and arrays inside each other
	MaxNodes = 200_000 // nodes of a file
)

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// Parse reads a TOML file. The result is a mapping, or the error that says
// where the file stops being TOML.
func Parse(data []byte) (*tree.Node, *tree.Error) {
	b := &builder{data: data, states: map[*tree.Node]state{}, index: map[*tree.Node]map[string]*tree.Node{}}
	text := data
	if bytes.HasPrefix(data, utf8BOM) {
		text = data[len(utf8BOM):]
		b.base = int32(len(utf8BOM))
	}
	// The parser tells places by capacities.
	text = text[:len(text):len(text)]
	b.root = &tree.Node{Kind: tree.Mapping, Span: rule.Span{Start: b.base, End: int32(len(data))}}
	b.table = b.root
	var p unstable.Parser
	p.Reset(text)
	b.parser = &p
	for b.err == nil && p.NextExpression() {
		b.expression(p.Expression())
	}
	if b.err != nil {
		return nil, b.err
	}
	if err := p.Error(); err != nil {
		return nil, b.failure(err)
	}
	return b.root, nil
}

// state is what TOML remembers of a table, because it decides who may add to
// it.
type state uint8

const (
	value    state = iota // an inline table or an array of values: complete
	implicit              // a table that only headers of its parts have named
	explicit              // a table with a header of its own
	dotted                // a table made by dotted keys
	list                  // an array of tables
)

type builder struct {
	parser *unstable.Parser
	data   []byte
	base   int32 // where the parser's text begins in the file
	root   *tree.Node
	table  *tree.Node // that of the last header
	states map[*tree.Node]state
	// index finds the entries of tables that have many.
	index map[*tree.Node]map[string]*tree.Node
	nodes int
	err   *tree.Error
}

// indexed is from how many entries on a table is looked up by an index.
const indexed = 32

// get returns the value of a table's key, nil when it has none.
func (b *builder) get(table *tree.Node, key string) *tree.Node {
	if len(table.Content) < 2*indexed {
		return table.Get(key)
	}
	entries := b.index[table]
	if entries == nil {
		entries = make(map[string]*tree.Node, 2*indexed)
		for i := 0; i+1 < len(table.Content); i += 2 {
			entries[table.Content[i].Value] = table.Content[i+1]
		}
		b.index[table] = entries
	}
	return entries[key]
}

// put adds an entry that the table does not have yet.
func (b *builder) put(table, key, value *tree.Node) {
	table.Content = append(table.Content, key, value)
	if entries := b.index[table]; entries != nil {
		entries[key.Value] = value
	}
}

func (b *builder) failure(err error) *tree.Error {
	var parse *unstable.ParserError
	if !errors.As(err, &parse) {
		return &tree.Error{Span: b.root.Span, Message: err.Error()}
	}
	at := b.parser.Range(parse.Highlight)
	sp := b.span(at)
	return &tree.Error{Span: sp, Message: "not TOML: " + explain(parse.Message)}
}

// explain words the commonest messages of the TOML library for people who
// write rules.
func explain(message string) string {
	switch {
	case strings.Contains(message, "not terminated by"):
		return message + "; the string that begins here or before is never closed"
	case strings.HasPrefix(message, "expected newline but got"):
		return message + "; a value ends with its line, and a quote inside of a string must be escaped or the string put in '''"
	case strings.HasPrefix(message, "invalid escaped character"), strings.HasPrefix(message, "invalid escape character"):
		return message + `; write a backslash as \\, or put the string in ''' where none needs escaping`
	}
	return message
}

func (b *builder) span(r unstable.Range) rule.Span {
	start := b.base + int32(r.Offset)
	return rule.Span{Start: start, End: start + int32(r.Length)}
}

func (b *builder) fail(sp rule.Span, format string, args ...any) {
	if b.err == nil {
		b.err = &tree.Error{Span: sp, Message: "not TOML: " + fmt.Sprintf(format, args...)}
	}
}

func (b *builder) expression(e *unstable.Node) {
	switch e.Kind {
	case unstable.Table:
		b.header(e, false)
	case unstable.ArrayTable:
		b.header(e, true)
	case unstable.KeyValue:
		kv := b.keyValue(b.table, e, 0)
		if b.table != b.root {
			b.table.Span.End = max(b.table.Span.End, kv.End)
		}
	}
}

// keys are the parts of a key with their places.
func (b *builder) keys(e *unstable.Node) []*tree.Node {
	var out []*tree.Node
	for it := e.Key(); it.Next(); {
		k := it.Node()
		out = append(out, b.node(tree.Node{Kind: tree.Scalar, Value: string(k.Data), Span: b.span(k.Raw)}))
	}
	if len(out) > MaxDepth {
		b.fail(out[MaxDepth].Span, "expected at most %d tables inside each other", MaxDepth)
	}
	return out
}

func (b *builder) node(n tree.Node) *tree.Node {
	if b.nodes++; b.nodes > MaxNodes {
		b.fail(n.Span, "expected at most %d values in a file", MaxNodes)
	}
	return &n
}

// header reads [a.b] and [[a.b]].
func (b *builder) header(e *unstable.Node, array bool) {
	keys := b.keys(e)
	if b.err != nil || len(keys) == 0 {
		return
	}
	last := len(keys) - 1
	open := keys[0].Span.Start
	for open > b.base && b.data[open-1] != '[' {
		open--
	}
	open -= map[bool]int32{false: 1, true: 2}[array]
	sp := rule.Span{Start: max(open, b.base), End: keys[last].Span.End}
	if rest := bytes.IndexByte(b.data[sp.End:], ']'); rest >= 0 {
		sp.End += int32(rest) + 1
		if array {
			sp.End++
		}
	}
	sp.End = min(sp.End, int32(len(b.data)))
	at := b.root
	for _, key := range keys[:last] {
		next := b.get(at, key.Value)
		switch {
		case next == nil:
			next = b.node(tree.Node{Kind: tree.Mapping, Span: sp})
			b.states[next] = implicit
			b.put(at, key, next)
		case b.states[next] == list:
			next = next.Content[len(next.Content)-1]
		case next.Kind != tree.Mapping || b.states[next] == value:
			b.fail(key.Span, "%q has a value already and cannot be a table", key.Value)
			return
		}
		at = next
	}
	key := keys[last]
	have := b.get(at, key.Value)
	table := b.node(tree.Node{Kind: tree.Mapping, Span: sp})
	b.states[table] = explicit
	switch {
	case array && have == nil:
		items := b.node(tree.Node{Kind: tree.Sequence, Span: sp, Content: []*tree.Node{table}})
		b.states[items] = list
		b.put(at, key, items)
	case array && b.states[have] == list:
		have.Content = append(have.Content, table)
		have.Span.End = sp.End
	case !array && have == nil:
		b.put(at, key, table)
	case !array && b.states[have] == implicit:
		b.states[have] = explicit
		have.Span = sp
		table = have
	default:
		b.fail(key.Span, "%q is defined twice", key.Value)
		return
	}
	b.table = table
}

// keyValue adds an entry to a table and returns its place.
func (b *builder) keyValue(table *tree.Node, e *unstable.Node, depth int) rule.Span {
	keys := b.keys(e)
	if b.err != nil || len(keys) == 0 {
		return rule.Span{}
	}
	last := len(keys) - 1
	at := table
	for _, key := range keys[:last] {
		next := b.get(at, key.Value)
		switch {
		case next == nil:
			next = b.node(tree.Node{Kind: tree.Mapping, Span: key.Span})
			b.states[next] = dotted
			b.put(at, key, next)
		case next.Kind != tree.Mapping || b.states[next] != dotted:
			b.fail(key.Span, "%q is defined twice", key.Value)
			return rule.Span{}
		}
		at = next
	}
	key := keys[last]
	if b.get(at, key.Value) != nil {
		b.fail(key.Span, "%q is defined twice", key.Value)
		return rule.Span{}
	}
	v := b.value(e.Value(), key.Span.End, depth)
	b.put(at, key, v)
	return rule.Span{Start: keys[0].Span.Start, End: v.Span.End}
}

// value reads a value that begins somewhere after an offset, behind white
// space, comments and punctuation.
func (b *builder) value(e *unstable.Node, after int32, depth int) *tree.Node {
	if depth > MaxDepth {
		b.fail(rule.Span{Start: after, End: after + 1}, "expected at most %d arrays and tables inside each other", MaxDepth)
		return &tree.Node{Kind: tree.Scalar}
	}
	switch e.Kind {
	case unstable.Array, unstable.InlineTable:
		return b.container(e, after, depth)
	}
	n := b.node(tree.Node{Kind: tree.Scalar, Value: string(e.Data), Span: b.span(e.Raw)})
	switch e.Kind {
	case unstable.String:
		n.Style = tree.DoubleQuoted
		if b.data[n.Span.Start] == '\'' {
			n.Style = tree.SingleQuoted
		}
	case unstable.Bool:
		n.Tag = tree.Bool
	case unstable.Integer:
		n.Tag = tree.Int
	case unstable.Float:
		n.Tag = tree.Float
	case unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		n.Tag = tree.Timestamp
	}
	if n.Tag != tree.Str && n.Tag != tree.Bool && !isShortNumber(n.Value) {
		// The parser leaves the ranges of numbers and dates to the decoder.
		var checked struct{ X any }
		if err := toml.Unmarshal([]byte("X = "+n.Value), &checked); err != nil {
			b.fail(n.Span, "%s", strings.TrimPrefix(err.Error(), "toml: "))
		}
	}
	return n
}

// isShortNumber reports whether a number has only digits and surely fits.
func isShortNumber(s string) bool {
	return len(s) < 18 && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

func (b *builder) container(e *unstable.Node, after int32, depth int) *tree.Node {
	open := b.skip(after, "=,")
	n := b.node(tree.Node{Kind: tree.Sequence, Style: tree.Flow, Span: rule.Span{Start: open, End: open + 1}})
	end := open + 1
	if e.Kind == unstable.InlineTable {
		n.Kind = tree.Mapping
		for it := e.Children(); it.Next() && b.err == nil; {
			if kv := it.Node(); kv.Kind == unstable.KeyValue {
				end = b.keyValue(n, kv, depth+1).End
			}
		}
	} else {
		for it := e.Children(); it.Next() && b.err == nil; {
			item := b.value(it.Node(), end, depth+1)
			n.Content = append(n.Content, item)
			end = item.Span.End
		}
	}
	n.Span.End = min(b.skip(end, ",")+1, int32(len(b.data)))
	b.seal(n)
	return n
}

// seal makes a table complete: dotted keys inside of it made tables to which
// nothing can be added from outside.
func (b *builder) seal(n *tree.Node) {
	for _, child := range n.Content {
		if b.states[child] == dotted {
			b.states[child] = value
			b.seal(child)
		}
	}
}

// skip returns the offset of the first byte at or after i that is no white
// space, no comment and none of the given punctuation.
func (b *builder) skip(i int32, punctuation string) int32 {
	for int(i) < len(b.data) {
		c := b.data[i]
		switch {
		case c == '#':
			n := bytes.IndexByte(b.data[i:], '\n')
			if n < 0 {
				return int32(len(b.data))
			}
			i += int32(n)
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || strings.IndexByte(punctuation, c) >= 0:
			i++
		default:
			return i
		}
	}
	return i
}
