package yamldoc

import (
	"strings"
	"sync"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// scanner reads the block-style part of YAML in one pass. It holds on to no
// token: the functions in block.go, flow.go and scalar.go call each other the
// way the nodes are nested. All of them return nil once something failed; the
// first failure is kept here.
type scanner struct {
	file string // the whole file
	s    string // the file up to the end of the document
	pos  int    // the next byte to look at
	line int    // where the line of pos begins
	col  int    // column of pos when it is at a token, -1 at the end

	left   int // column of the collection that ended last
	leftAt int // and where

	depth   int
	count   int
	lenient bool            // steps over anchors and tags, to find what is wrong behind them
	anchors map[string]bool // seen so far, when lenient

	failed  bool
	wrong   bool // the failure is an error, not something left to yaml.v3
	fatal   bool // the failure is a limit
	span    rule.Span
	message string

	nodes []tree.Node  // slab that nodes are cut from
	ptrs  []*tree.Node // slab that Content is cut from
	text  strings.Builder
	*scratch
}

// scratch is memory that is of no use after parsing.
type scratch struct {
	stack []*tree.Node // children of the collections being read
	high  int          // the most there were on the stack
	tmp   []byte       // value being decoded
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func newScanner(file string) *scanner {
	return &scanner{file: file, scratch: scratches.Get().(*scratch)}
}

func (p *scanner) release() {
	clear(p.stack[:p.high]) // or the pool would keep files alive
	p.stack, p.high = p.stack[:0], 0
	if cap(p.tmp) < 1<<20 {
		scratches.Put(p.scratch)
	}
	p.scratch = nil
}

// scan reads the document of a chunk. It reports false when it could not.
func (p *scanner) scan(c *chunk, lenient bool) (*tree.Node, bool) {
	p.s = p.file[:c.end]
	p.pos, p.line = c.start, c.mark
	p.depth, p.count, p.lenient = 0, 0, lenient
	p.failed, p.wrong, p.fatal = false, false, false
	p.stack = p.stack[:0]
	blockOK := true
	if c.explicit {
		// The rest of the marker's line, where no mapping may begin.
		p.pos = p.blanks(p.pos)
		p.col = p.pos - p.line
		blockOK = p.pos >= len(p.s) || p.s[p.pos] == '#' || breakLen(p.s, p.pos) > 0
	}
	if blockOK {
		if c.explicit && !p.endLine() {
			return nil, false
		}
		if p.next(); p.failed {
			return nil, false
		}
		if p.col < 0 {
			return nil, true
		}
	}
	root := p.node(-1, blockOK)
	if root == nil || p.failed {
		return nil, false
	}
	if p.col >= 0 {
		p.badIndent(-1)
		return nil, false
	}
	return root, true
}

// giveUp leaves the document to yaml.v3.
func (p *scanner) giveUp() *tree.Node {
	p.failed = true
	return nil
}

// fail records what is wrong with the bytes from start to end.
func (p *scanner) fail(start, end int, message string) *tree.Node {
	if !p.failed {
		p.failed, p.wrong, p.message = true, true, message
		p.span = widen(p.file, start, end)
	}
	return nil
}

func (p *scanner) newNode(kind tree.Kind, style tree.Style, start, end int) *tree.Node {
	p.count++
	if len(p.nodes) == cap(p.nodes) {
		if p.count > MaxNodes {
			p.limit(start, tooMany)
		}
		p.nodes = make([]tree.Node, 0, slabSize(len(p.s)-start))
	}
	p.nodes = p.nodes[:len(p.nodes)+1]
	n := &p.nodes[len(p.nodes)-1]
	n.Kind, n.Style = kind, style
	n.Span = rule.Span{Start: int32(start), End: int32(end)}
	return n
}

func (p *scanner) limit(at int, message string) {
	if !p.failed {
		p.fail(at, at+1, message)
		p.fatal = true
	}
}

// slabSize guesses how many nodes some bytes hold, so that small files waste
// little and large ones allocate seldom.
func slabSize(bytes int) int {
	return min(max(bytes/22, 8), 512)
}

// content moves the children above mark from the stack into a slice of their
// own.
func (p *scanner) content(mark int) []*tree.Node {
	kids := p.stack[mark:]
	p.high = max(p.high, len(p.stack))
	if len(kids) == 0 {
		return nil
	}
	if cap(p.ptrs)-len(p.ptrs) < len(kids) {
		p.ptrs = make([]*tree.Node, 0, max(slabSize(len(p.s)-p.pos), len(kids)))
	}
	at := len(p.ptrs)
	p.ptrs = append(p.ptrs, kids...)
	p.stack = p.stack[:mark]
	return p.ptrs[at:len(p.ptrs):len(p.ptrs)]
}

// keep copies decoded text into the shared text memory.
func (p *scanner) keep(b []byte) string {
	if p.text.Cap()-p.text.Len() < len(b) {
		// The builder hands out strings without copying; a new one
		// leaves those alone.
		p.text = strings.Builder{}
		p.text.Grow(max(len(b), min(len(p.s)-p.pos, 4096)))
	}
	at := p.text.Len()
	p.text.Write(b)
	return p.text.String()[at:]
}

// deeper enters a collection; the caller leaves it with p.depth--.
func (p *scanner) deeper(at int) bool {
	p.depth++
	if p.depth > MaxDepth {
		p.limit(at, tooDeep)
		return false
	}
	return true
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isBlankOrBreak(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// breakLen returns the length of the line break at i, 0 when there is none.
func breakLen(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	switch s[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(s) && s[i+1] == '\n' {
			return 2
		}
		return 1
	}
	return 0
}

// blanks returns where the spaces and tabs from i on end.
func (p *scanner) blanks(i int) int {
	for i < len(p.s) && isBlank(p.s[i]) {
		i++
	}
	return i
}

// endsWord reports whether there is white space or nothing at i.
func (p *scanner) endsWord(i int) bool {
	return i >= len(p.s) || isBlankOrBreak(p.s[i])
}

// endLine moves from the end of a token over white space and a comment to the
// start of the next line.
func (p *scanner) endLine() bool {
	i := p.blanks(p.pos)
	if i < len(p.s) && p.s[i] == '#' {
		if i > 0 && i == p.pos && !isBlankOrBreak(p.s[i-1]) {
			p.giveUp()
			return false
		}
		i = lineEnd(p.s, i)
	}
	if i < len(p.s) {
		n := breakLen(p.s, i)
		if n == 0 {
			p.trailing(i)
			return false
		}
		i += n
	}
	p.pos, p.line = i, i
	return true
}

// next moves from the start of a line over blank lines and comments to the next
// token.
func (p *scanner) next() {
	s, i, line := p.s, p.pos, p.pos
	for {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		if i >= len(s) {
			p.pos, p.line, p.col = i, line, -1
			return
		}
		switch s[i] {
		case '\n':
			i++
		case '\r':
			i += breakLen(s, i)
		case '#':
			i = lineEnd(s, i)
			i += breakLen(s, i)
		case '\t':
			p.fail(i, i+1, "tab used for indentation; use spaces")
			p.pos, p.line, p.col = i, line, -1
			return
		default:
			p.pos, p.line, p.col = i, line, i-line
			return
		}
		line = i
	}
}

// lineEnd returns where the line of i ends, before its break.
func lineEnd(s string, i int) int {
	n := strings.IndexByte(s[i:], '\n')
	if n < 0 {
		return len(s)
	}
	if n > 0 && s[i+n-1] == '\r' {
		n--
	}
	return i + n
}
