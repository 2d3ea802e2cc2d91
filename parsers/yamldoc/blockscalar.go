package yamldoc

import (
	"strings"

	"github.com/detlint/detlint/parsers/tree"
)

// blockText is what the header of a block scalar ("|2-") says.
type blockText struct {
	folded bool
	chomp  int // -1 strip, 0 clip, +1 keep
	indent int // columns that its lines are indented by, 0 when still unknown
	begin  int // where the first line begins
	header int // where the indicators end
}

// blockHeader reads the header at i. When it is no header, it returns the place
// that it stumbled over.
func blockHeader(s string, i int) (b blockText, bad int) {
	b.folded = s[i] == '>'
	i++
	for range 2 {
		if i >= len(s) {
			break
		}
		switch c := s[i]; {
		case (c == '+' || c == '-') && b.chomp == 0:
			b.chomp = 1
			if c == '-' {
				b.chomp = -1
			}
			i++
		case c >= '0' && c <= '9' && b.indent == 0:
			if c == '0' {
				return b, i
			}
			b.indent = int(c - '0')
			i++
		}
	}
	b.header = i
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '#' {
		for i < len(s) && breakLen(s, i) == 0 {
			i++
		}
	}
	if i < len(s) && breakLen(s, i) == 0 {
		return b, i
	}
	b.begin = i + breakLen(s, i)
	return b, -1
}

// blockScalar reads a literal or folded scalar in a collection at the column
// indent and moves to the next token.
func (p *scanner) blockScalar(indent int) *tree.Node {
	start := p.pos
	b, bad := blockHeader(p.s, start)
	if bad >= 0 {
		return p.fail(bad, lineEnd(p.s, bad), "expected the end of the line after a block scalar indicator; quote the value")
	}
	if b.indent > 0 && indent > 0 {
		b.indent += indent
	}
	style := tree.Literal
	if b.folded {
		style = tree.Folded
	}
	n := p.newNode(tree.Scalar, style, start, 0)
	k := sink{s: p.s, tmp: p.tmp[:0]}
	end, next, tab := b.read(p.s, indent, &k)
	if tab >= 0 {
		return p.fail(tab, tab+1, "tab used for indentation; use spaces")
	}
	n.Span.End = int32(end)
	p.pos, p.line = next, next
	n.Value = p.take(&k)
	p.next()
	if p.failed {
		return nil
	}
	return n
}

// read writes the text of a block scalar. It returns where its last line with
// text ends and where the line after it begins, or the place of a tab in the
// indentation.
func (b *blockText) read(s string, outer int, k *sink) (end, next, tab int) {
	end = b.header
	// A "leading break" ends a line with text; "empty" lines follow it.
	lead, empty := -1, b.begin
	text, line, tab := b.skipEmpty(s, b.begin, outer)
	blankBefore := false
	for tab < 0 && text < len(s) && text-line == b.indent {
		blank := isBlank(s[text])
		if lead >= 0 {
			if !b.folded || blankBefore || blank {
				k.put("\n", lead)
			} else if empty == line {
				k.put(" ", lead)
			}
		}
		putBreaks(s, empty, line, k)
		blankBefore = blank
		end = text
		if n := strings.IndexByte(s[text:], '\n'); n >= 0 {
			end += n
			if end > text && s[end-1] == '\r' {
				end--
			}
		} else {
			end = len(s)
		}
		if cr := strings.IndexByte(s[text:end], '\r'); cr >= 0 {
			end = text + cr
		}
		k.text(text, end)
		lead = -1
		empty = end
		if n := breakLen(s, end); n > 0 {
			lead = end
			empty += n
		}
		text, line, tab = b.skipEmpty(s, empty, outer)
	}
	if lead >= 0 && b.chomp >= 0 {
		k.put("\n", lead)
	}
	if b.chomp > 0 {
		putBreaks(s, empty, line, k)
	}
	return end, line, tab
}

// skipEmpty skips the empty lines from the line at i on. It returns where the
// text of the line after them begins, and where that line begins. The first
// time it finds out how far the lines are indented.
func (b *blockText) skipEmpty(s string, i, outer int) (text, line, tab int) {
	most := 0
	for {
		j := i
		for j < len(s) && s[j] == ' ' && (b.indent == 0 || j-i < b.indent) {
			j++
		}
		most = max(most, j-i)
		if (b.indent == 0 || j-i < b.indent) && j < len(s) && s[j] == '\t' {
			return j, i, j
		}
		n := breakLen(s, j)
		if n == 0 {
			if b.indent == 0 {
				b.indent = max(most, outer+1, 1)
			}
			return j, i, -1
		}
		i = j + n
	}
}

// putBreaks writes a line break for every empty line from i to end.
func putBreaks(s string, i, end int, k *sink) {
	for i < end {
		n := breakLen(s, i)
		if n > 0 {
			k.put("\n", i)
			i += n
		} else {
			i++
		}
	}
}
