package kuery

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parser reads a query from left to right. After the first mistake it is
// failed and what it returns means nothing.
type parser struct {
	text     string
	pos      int
	end      int      // where the last piece of the query ends, without blanks
	last     *Literal // the literal that ends at end, nil after ")" and "}"
	depth    int
	failed   bool
	problems []query.Problem
}

func (p *parser) fail(sp rule.Span, format string, args ...any) {
	if !p.failed {
		p.problems = p.problems[:min(len(p.problems), maxProblems-1)]
		p.mistake(sp, format, args...)
	}
	p.failed = true
}

// maxProblems bounds what is reported besides the mistake that ends reading.
const maxProblems = 50

// mistake reports something Kibana refuses, but which leaves no doubt what was
// meant: the rest is read.
func (p *parser) mistake(sp rule.Span, format string, args ...any) { p.report(sp, false, format, args) }

// warn reports something Kibana reads differently than it looks.
func (p *parser) warn(sp rule.Span, format string, args ...any) { p.report(sp, true, format, args) }

func (p *parser) report(sp rule.Span, warning bool, format string, args []any) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, query.Problem{Span: sp, Message: fmt.Sprintf(format, args...), Warning: warning})
	}
}

func span(start, end int) rule.Span { return rule.Span{Start: int32(start), End: int32(end)} }

func (p *parser) raw(sp rule.Span) string { return p.text[sp.Start:sp.End] }

// peek is the next byte, 0 at the end.
func (p *parser) peek() byte { return p.byteAt(p.pos) }

func (p *parser) byteAt(i int) byte {
	if i < len(p.text) {
		return p.text[i]
	}
	return 0
}

// ended skips blanks and reports whether nothing else is left.
func (p *parser) ended() bool {
	p.space()
	return p.pos == len(p.text)
}

// space skips blanks.
func (p *parser) space() { p.pos = p.afterSpace(p.pos) }

// afterSpace is the place of the first byte at or after i that is no blank. A
// no-break space is one of the grammar's blanks.
func (p *parser) afterSpace(i int) int {
	for i < len(p.text) {
		switch c := p.text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
		case c == 0xC2 && strings.HasPrefix(p.text[i:], "\u00a0"):
			i += len("\u00a0")
		default:
			return i
		}
	}
	return i
}

func (p *parser) isSpace(i int) bool { return p.afterSpace(i) > i }

// isSpecial reports whether a byte must be escaped in an unquoted literal. The
// star is a wildcard there.
func isSpecial(b byte) bool { return strings.IndexByte(`\():<>"{}`, b) >= 0 }

// word reports whether the keyword stands at i. The grammar wants blanks behind
// it; a keyword that touches a sign is recognized here too, so that it can be
// told from a word of a value. A trailing "not" may be a value (state:not).
func (p *parser) word(i int, keyword string) bool {
	end := i + len(keyword)
	if end > len(p.text) || !strings.EqualFold(p.text[i:end], keyword) {
		return false
	}
	switch p.byteAt(end) {
	case '(', '"':
		return true
	case ')', '{', '}':
		return keyword != "not"
	}
	return p.isSpace(end) || end == len(p.text) && keyword != "not"
}

// keyword returns the keyword at i, as written.
func (p *parser) keyword(i int) string {
	for _, k := range []string{"and", "or", "not"} {
		if p.word(i, k) {
			return p.text[i : i+len(k)]
		}
	}
	return ""
}

// plain are the bytes that stand for themselves in an unquoted literal,
// whatever stands around them. A blank may be the byte 0xC2 and another.
var plain = func() (t [256]bool) {
	for i := range t {
		t[i] = strings.IndexByte("\\():<>\"{}* \t\r\nnN\xC2", byte(i)) < 0
	}
	return t
}()

// literal reads a quoted or unquoted literal. It returns nil when there is
// none.
func (p *parser) literal() *Literal {
	var l *Literal
	if p.peek() == '"' {
		l = p.quoted()
	} else {
		l = p.unquoted()
	}
	if l != nil {
		p.pos, p.end, p.last = int(l.Span.End), int(l.Span.End), l
	}
	return l
}

func (p *parser) quoted() *Literal {
	start := p.pos
	l := &Literal{Quoted: true}
	var b strings.Builder
	for i := start + 1; i < len(p.text); {
		switch {
		case p.text[i] == '"':
			l.Text = b.String()
			l.pieces, l.Span = []piece{{text: l.Text}}, span(start, i+1)
			return l
		case p.text[i] == '\\':
			text, n := p.escape(i, `\"`)
			if n == 0 { // any other backslash stands for itself
				text, n = `\`, 1
			}
			_, _ = b.WriteString(text)
			i += n
		default:
			_ = b.WriteByte(p.text[i])
			i++
		}
	}
	p.unclosedQuote(start)
	return nil
}

func (p *parser) unquoted() *Literal {
	l := &Literal{}
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			l.pieces = append(l.pieces, piece{text: b.String()})
			b.Reset()
		}
	}
	i := p.pos
scan:
	for i < len(p.text) {
		c := p.text[i]
		switch {
		case c == '\\':
			text, n := p.escape(i, `\():<>"*{}`)
			if n == 0 {
				break scan
			}
			_, _ = b.WriteString(text)
			i += n
		case c == '*':
			flush()
			l.pieces = append(l.pieces, piece{text: "*", star: true})
			l.Wild = true
			i++
		case isSpecial(c):
			break scan
		case p.isSpace(i):
			next := p.afterSpace(i)
			if next == len(p.text) || isSpecial(p.text[next]) && p.text[next] != '\\' || p.keyword(next) != "" {
				break scan
			}
			_, _ = b.WriteString(p.text[i:next])
			i = next
		case (c == 'n' || c == 'N') && p.word(i, "not") && !p.isSpace(i-1) && p.isSpace(i+3) && i > p.pos:
			p.hiddenNot(i)
			_, _ = b.WriteString(p.text[i : i+3])
			i += 3
		default:
			next := i + 1
			for next < len(p.text) && plain[p.text[next]] {
				next++
			}
			_, _ = b.WriteString(p.text[i:next])
			i = next
		}
	}
	if i == p.pos {
		return nil
	}
	flush()
	l.trim()
	l.Span = span(p.pos, i)
	return l
}

// trim drops the blanks that stand around the decoded text, as the grammar
// does, and sets the text.
func (l *Literal) trim() {
	n := len(l.pieces)
	if first := &l.pieces[0]; !first.star {
		first.text = strings.TrimLeft(first.text, " \t\r\n\u00a0")
	}
	if last := &l.pieces[n-1]; !last.star {
		last.text = strings.TrimRight(last.text, " \t\r\n\u00a0")
	}
	if n == 1 {
		l.Text = l.pieces[0].text
		return
	}
	var b strings.Builder
	for _, part := range l.pieces {
		_, _ = b.WriteString(part.text)
	}
	l.Text = b.String()
}

// escape decodes the escape at i, of which specials are the characters that
// stand for themselves, and returns its length, 0 when it is none.
func (p *parser) escape(i int, specials string) (text string, length int) {
	c := p.byteAt(i + 1)
	switch {
	case c == 0:
		return "", 0
	case c == 't':
		return "\t", 2
	case c == 'r':
		return "\r", 2
	case c == 'n' && (specials == `\"` || !p.word(i+1, "not")):
		return "\n", 2
	case strings.IndexByte(specials, c) >= 0:
		return string(c), 2
	case c == 'u' && i+6 <= len(p.text):
		if code, err := strconv.ParseUint(p.text[i+2:i+6], 16, 16); err == nil {
			return string(rune(code)), 6
		}
	}
	if specials == `\"` {
		return "", 0
	}
	for _, k := range []string{"and", "or", "not"} {
		if p.spells(i+1, k) {
			return p.text[i+1 : i+1+len(k)], 1 + len(k)
		}
	}
	return "", 0
}

// spells reports whether the keyword's letters stand at i.
func (p *parser) spells(i int, keyword string) bool {
	return i+len(keyword) <= len(p.text) && strings.EqualFold(p.text[i:i+len(keyword)], keyword)
}
