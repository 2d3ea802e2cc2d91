package yamldoc

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/tree"
)

// plainStart says which bytes a plain scalar may begin with; '-', '?' and ':'
// depend on what follows.
var plainStart [256]bool

// plainStop marks the bytes at which to look closer in a plain scalar:
// 1 everywhere, 2 in flow collections.
var plainStop [256]uint8

func init() {
	for c := 0x21; c < 256; c++ {
		plainStart[c] = strings.IndexByte("-?:,[]{}#&*!|>'\"%@`\x7f", byte(c)) < 0
	}
	for _, c := range ":#\n\r" {
		plainStop[c] = 1
	}
	for _, c := range ",?[]{}" {
		plainStop[c] = 2
	}
}

// plainLine returns where the text of a plain scalar on the line of i ends, and
// where what ended it is: a colon, a comment or the end of the line.
func (p *scanner) plainLine(i int) (end, stop int) {
	s, j := p.s, i
	for {
		for j < len(s) && plainStop[s[j]] != 1 {
			j++
		}
		if j >= len(s) || s[j] == '\n' || s[j] == '\r' ||
			s[j] == ':' && p.endsWord(j+1) || s[j] == '#' && j > i && isBlank(s[j-1]) {
			break
		}
		j++
	}
	return trimBlanks(s, i, j), j
}

func trimBlanks(s string, start, end int) int {
	for end > start && isBlank(s[end-1]) {
		end--
	}
	return end
}

// plain reads a plain scalar in a block collection at the column indent and
// leaves p.pos at its end. A key is on one line.
func (p *scanner) plain(indent int, keyOK, key bool) *tree.Node {
	start := p.pos
	end, stop := p.plainLine(start)
	n := p.newNode(tree.Scalar, tree.Plain, start, end)
	p.pos = end
	s := p.s
	if stop >= len(s) || s[stop] == '#' || s[stop] == ':' || key {
		n.Value = s[start:end]
		if n.Tag = resolve(n.Value); n.Value == "<<" && !p.lenient {
			return p.giveUp()
		}
		return n
	}
	// Lines that are indented more belong to it.
	folded := false
	for {
		i := stop
		line := i
		for {
			i += breakLen(s, i)
			line = i
			for i < len(s) && s[i] == ' ' {
				i++
			}
			if breakLen(s, i) == 0 {
				break
			}
		}
		if i >= len(s) || i-line <= indent && s[i] != '\t' {
			break
		}
		if s[i] == '\t' {
			return p.tabInPlain(i, line, indent)
		}
		if s[i] == '#' {
			break
		}
		end, stop = p.plainLine(i)
		if stop < len(s) && s[stop] == ':' {
			return p.colonInPlain(start, i, stop, keyOK)
		}
		folded = true
		p.pos, p.line = end, line
		if stop >= len(s) || s[stop] == '#' {
			break
		}
	}
	n.Span.End = int32(p.pos)
	n.Value = s[start:p.pos]
	if folded {
		k := sink{s: s, tmp: p.tmp[:0]}
		foldPlain(s, start, p.pos, &k)
		n.Value = p.take(&k)
	}
	if n.Tag = resolve(n.Value); n.Value == "<<" && !p.lenient {
		return p.giveUp()
	}
	return n
}

// foldPlain writes the text of a plain scalar of several lines.
func foldPlain(s string, i, end int, k *sink) {
	for {
		j := i
		for j < end && s[j] != '\n' && s[j] != '\r' {
			j++
		}
		k.text(i, trimBlanks(s, i, j))
		if j >= end {
			return
		}
		i = foldBreaks(s, j, end, k)
	}
}

// foldBreaks writes what the line breaks and white space from the break at i on
// mean inside a plain or quoted scalar, and returns where they end.
func foldBreaks(s string, i, end int, k *sink) int {
	first := i
	i += breakLen(s[:end], i)
	more := false
	for i < end {
		if n := breakLen(s[:end], i); n > 0 {
			k.put("\n", i)
			more = true
			i += n
		} else if isBlank(s[i]) {
			i++
		} else {
			break
		}
	}
	if !more {
		k.put(" ", first)
	}
	return i
}

// quoted reads a quoted scalar and leaves p.pos after the closing quote.
func (p *scanner) quoted() *tree.Node {
	s, start := p.s, p.pos
	q := s[start]
	style := tree.SingleQuoted
	i, simple := start+1, true
	if q == '\'' {
		for {
			n := strings.IndexByte(s[i:], '\'')
			if n < 0 {
				return p.unclosed(start)
			}
			i += n
			if i+1 >= len(s) || s[i+1] != '\'' {
				break
			}
			i, simple = i+2, false
		}
	} else {
		style = tree.DoubleQuoted
		for i < len(s) && s[i] != '"' {
			if s[i] == '\\' {
				i, simple = i+1, false
			}
			i++
		}
		if i >= len(s) {
			return p.unclosed(start)
		}
	}
	n := p.newNode(tree.Scalar, style, start, i+1)
	p.pos = i + 1
	n.Value = s[start+1 : i]
	folded := strings.IndexByte(n.Value, '\n') >= 0
	if simple && !folded {
		return n
	}
	if folded {
		p.line = start + 1 + strings.LastIndexByte(n.Value, '\n') + 1
	}
	k := sink{s: s, tmp: p.tmp[:0]}
	if at, message := decodeQuoted(s, start+1, i, style, &k); message != "" {
		return p.fail(at, at+2, message)
	}
	n.Value = p.take(&k)
	return n
}

// decodeQuoted writes the text between the quotes of a scalar. It returns the
// place of an escape that means nothing with what is wrong with it.
func decodeQuoted(s string, i, end int, style tree.Style, k *sink) (int, string) {
	special := byte('\'')
	if style == tree.DoubleQuoted {
		special = '\\'
	}
	for i < end {
		j := i
		for j < end && s[j] != special && s[j] != '\n' && s[j] != '\r' {
			j++
		}
		if j >= end {
			k.text(i, j)
			break
		}
		switch {
		case s[j] != special:
			k.text(i, trimBlanks(s, i, j))
			i = foldBreaks(s, j, end, k)
		case special == '\'':
			k.text(i, j+1)
			i = j + 2
		case breakLen(s[:end], j+1) > 0:
			// An escaped break joins the lines without a space.
			k.text(i, j)
			i = j + 1 + breakLen(s[:end], j+1)
			for i < end && isBlankOrBreak(s[i]) {
				if n := breakLen(s[:end], i); n > 0 {
					k.put("\n", i)
					i += n
				} else {
					i++
				}
			}
		default:
			k.text(i, j)
			text, n := unescape(s[j+1 : end])
			if n == 0 {
				return j, badEscape(s[j+1 : end])
			}
			k.put(text, j)
			i = j + 1 + n
		}
	}
	return 0, ""
}

const escapes = "0\x00a\ab\bt\t\t\tn\nv\vf\fr\re\x1b  \"\"''\\\\"

// unescape decodes the escape that follows a backslash and returns its length
// in the source, 0 when there is no such escape.
func unescape(s string) (string, int) {
	if s == "" {
		return "", 0
	}
	digits := 0
	switch s[0] {
	case 'N':
		return "\u0085", 1
	case '_':
		return "\u00a0", 1
	case 'L':
		return "\u2028", 1
	case 'P':
		return "\u2029", 1
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		for i := 0; i < len(escapes); i += 2 {
			if escapes[i] == s[0] {
				return escapes[i+1 : i+2], 1
			}
		}
		return "", 0
	}
	if len(s) <= digits {
		return "", 0
	}
	var r uint64
	for _, c := range []byte(s[1 : 1+digits]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return "", 0
		}
		r = r<<4 | uint64(c)
	}
	if r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
		return "", 0
	}
	return string(rune(r)), 1 + digits
}

func badEscape(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	switch r {
	case 'x', 'u', 'U':
		return fmt.Sprintf(`expected hexadecimal digits of a character after "\%c"`, r)
	}
	return fmt.Sprintf(`unknown escape "\%c" in double quotes; write "\\%c" or use single quotes`, r, r)
}
