package yamldoc

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

// quote shortens text that a message quotes.
func quote(s string) string {
	const most = 40
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// widen makes a span of at least one whole character, where there is one.
func widen(s string, start, end int) rule.Span {
	start = min(max(start, 0), len(s))
	end = min(max(end, start), len(s))
	if start == end && start < len(s) {
		_, n := utf8.DecodeRuneInString(s[start:])
		end = start + n
	}
	for start == end && start > 0 {
		// At the end of the file: the last visible character.
		_, n := utf8.DecodeLastRuneInString(s[:start])
		start -= n
		if isBlankOrBreak(s[start]) && start > 0 {
			end = start
		}
	}
	for end < len(s) && !utf8.RuneStart(s[end]) {
		end++
	}
	return rule.Span{Start: int32(start), End: int32(end)}
}

func (p *scanner) badIndent(col int) *tree.Node {
	if col < 0 {
		return p.fail(p.pos, p.pos+len(p.restOfLine(p.pos)), fmt.Sprintf("expected the end of the document, found %s", quote(p.restOfLine(p.pos))))
	}
	want := fmt.Sprint(col)
	if p.leftAt == p.pos && p.left > p.col {
		want += fmt.Sprintf(" or %d", p.left)
	}
	return p.fail(p.pos, p.pos+len(p.restOfLine(p.pos)), fmt.Sprintf("wrong indentation: expected %s spaces, found %d", want, p.col))
}

func (p *scanner) restOfLine(i int) string {
	return p.s[i:trimBlanks(p.s, i, lineEnd(p.s, i))]
}

// badStart tells what is wrong with a value that begins with a character that
// means something else.
func (p *scanner) badStart() *tree.Node {
	switch c := p.s[p.pos]; c {
	case '&', '*', '!':
		if p.lenient && c == '*' {
			return p.alias()
		}
		return p.giveUp()
	case '?', ':':
		return p.giveUp()
	case '%', '@', '`':
		return p.fail(p.pos, p.pos+1, fmt.Sprintf("a plain value cannot begin with %q; quote the value", string(c)))
	case ',', ']', '}':
		return p.fail(p.pos, p.pos+1, fmt.Sprintf("expected a value, found %q", string(c)))
	case '|', '>':
		return p.fail(p.pos, p.pos+1, "expected a key, found a block scalar")
	}
	return p.giveUp()
}

// trailing tells that a line goes on where it should end.
func (p *scanner) trailing(i int) {
	what := "value"
	if i > 0 {
		switch p.s[trimBlanks(p.s, 0, i)-1] {
		case '\'', '"':
			what = "closing quote"
		case ']', '}':
			what = "closing bracket"
		}
	}
	p.fail(i, trimBlanks(p.s, i, lineEnd(p.s, i)), fmt.Sprintf("expected the end of the line after the %s, found %s", what, quote(p.restOfLine(i))))
}

func (p *scanner) unclosed(start int) *tree.Node {
	return p.fail(start, lineEnd(p.s, start), fmt.Sprintf("expected a closing %c", p.s[start]))
}

// noColon tells that the colon after a key is missing at i.
func (p *scanner) noColon(key *tree.Node, i int) *tree.Node {
	if i < len(p.s) && p.s[i] == ':' {
		return p.fail(i, i+1, fmt.Sprintf(`expected a space after the ":" of the key %s`, quote(key.Value)))
	}
	return p.fail(int(key.Span.Start), int(key.Span.End), fmt.Sprintf(`expected ":" after the key %s`, quote(key.Value)))
}

// colonInPlain tells about a colon in a further line of a plain scalar that
// began at start: on a line that begins at i, the colon being at stop.
func (p *scanner) colonInPlain(start, i, stop int, keyOK bool) *tree.Node {
	if keyOK {
		end := trimBlanks(p.s, start, lineEnd(p.s, start))
		return p.fail(start, end, fmt.Sprintf(`expected ":" after the key %s`, quote(p.s[start:end])))
	}
	return p.fail(stop, stop+1, fmt.Sprintf("mapping values are not allowed here; quote the value, or check the indentation of %s", quote(p.s[i:stop])))
}

func (p *scanner) tabInPlain(i, line, indent int) *tree.Node {
	if i-line <= indent {
		return p.fail(i, i+1, "tab used for indentation; use spaces")
	}
	return p.giveUp()
}

// skipProperties steps over anchors and tags. It reports false when nothing
// follows them on the line.
func (p *scanner) skipProperties() bool {
	for p.pos < len(p.s) && (p.s[p.pos] == '&' || p.s[p.pos] == '!') {
		start := p.pos
		i := start + 1
		for i < len(p.s) && !isBlankOrBreak(p.s[i]) && (p.s[start] == '!' || strings.IndexByte(",[]{}", p.s[i]) < 0) {
			i++
		}
		if p.s[start] == '&' {
			name := p.s[start+1 : i]
			if !isAnchor(name) {
				p.fail(start, i, `"&" begins an anchor; quote the value`)
				return false
			}
			if p.anchors == nil {
				p.anchors = map[string]bool{}
			}
			p.anchors[name] = true
		}
		p.pos = i
		i = p.blanks(i)
		if i >= len(p.s) || p.s[i] == '#' || breakLen(p.s, i) > 0 {
			return false
		}
		p.pos = i
	}
	return true
}

func isAnchor(name string) bool {
	for _, c := range []byte(name) {
		if !(c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return name != ""
}

// alias steps over an alias.
func (p *scanner) alias() *tree.Node {
	start := p.pos
	i := start + 1
	for i < len(p.s) && !isBlankOrBreak(p.s[i]) && strings.IndexByte(",]}", p.s[i]) < 0 {
		i++
	}
	name := p.s[start+1 : i]
	if !isAnchor(name) || !p.anchors[name] {
		return p.fail(start, i, fmt.Sprintf("no anchor for the alias %s; quote a value that begins with \"*\"", quote(p.s[start:i])))
	}
	p.pos = i
	return p.newNode(tree.Scalar, tree.Plain, start, i)
}
