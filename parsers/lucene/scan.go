package lucene

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// kind is the kind of a token, as in QueryParser.jj.
type kind int

const (
	end kind = iota
	and
	or
	not
	plus
	minus
	lparen
	rparen
	colon
	star
	boost // ^ and its number, one token here
	quoted
	term
	wild // PREFIXTERM and WILDTERM
	fuzzy
	regexpTerm
	rangeStart // [ and {: the scanner leaves the rest of a range to the parser
	invalid    // no token of the language; reported already
)

type token struct {
	kind       kind
	start, end int
}

// scanner splits a query into tokens.
type scanner struct {
	text     string
	pos      int
	failed   bool
	problems []query.Problem
}

// maxProblems bounds what is reported besides the mistake that ends reading.
const maxProblems = 50

// fail reports the first mistake; what follows from it is not worth a second
// report.
func (s *scanner) fail(sp rule.Span, format string, args ...any) {
	if !s.failed {
		s.problems = append(s.problems, query.Problem{Span: sp, Message: fmt.Sprintf(format, args...)})
	}
	s.failed = true
}

// warn reports something Lucene reads differently than it looks.
func (s *scanner) warn(sp rule.Span, format string, args ...any) {
	if len(s.problems) < maxProblems {
		s.problems = append(s.problems, query.Problem{Span: sp, Message: fmt.Sprintf(format, args...), Warning: true})
	}
}

func span(start, end int) rule.Span { return rule.Span{Start: int32(start), End: int32(end)} }

func (s *scanner) raw(sp rule.Span) string { return s.text[sp.Start:sp.End] }

func (s *scanner) byteAt(i int) byte {
	if i >= 0 && i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// afterSpace is the place of the first byte at or after i that is no blank.
func (s *scanner) afterSpace(i int) int {
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
		case c == 0xE3 && strings.HasPrefix(s.text[i:], "\u3000"):
			i += len("\u3000")
		default:
			return i
		}
	}
	return i
}

func (s *scanner) isSpace(i int) bool { return s.afterSpace(i) > i }

// special are the characters that a term does not begin with. A term goes on
// over + and -.
const special = `+-!():^[]"{}~*?\/`

var single = map[byte]kind{'(': lparen, ')': rparen, ':': colon, '[': rangeStart, '{': rangeStart}

// scan returns the next token.
func (s *scanner) scan() token {
	start := s.afterSpace(s.pos)
	s.pos = start
	if start == len(s.text) {
		return token{end, start, start}
	}
	c := s.text[start]
	if k, ok := single[c]; ok {
		s.pos++
		return token{k, start, s.pos}
	}
	switch c {
	case '+', '-', '!':
		s.pos++
		if s.isSpace(s.pos) { // BAREOPER: a term of its own
			return token{term, start, s.pos}
		}
		return token{map[byte]kind{'+': plus, '-': minus, '!': not}[c], start, s.pos}
	case '"':
		return s.quoted(start)
	case '/':
		return s.regexp(start)
	case '^':
		return s.boost(start)
	case '~':
		s.pos++
		s.word()
		return token{fuzzy, start, s.pos}
	case ']', '}':
		s.pos++
		s.fail(span(start, s.pos), `unexpected %q, no range is open; in a value it is written "\%s"`, string(c), string(c))
		return token{invalid, start, s.pos}
	}
	k := term
	if s.wildcards() {
		k = wild
	}
	switch t := s.text[start:s.pos]; t {
	case "":
		return s.trailingBackslash(start)
	case "AND", "&&":
		k = and
	case "OR", "||":
		k = or
	case "NOT":
		k = not
	case "*":
		k = star
	}
	return token{k, start, s.pos}
}

// trailingBackslash reports the only thing that can be no token after all
// others: a backslash with nothing behind it.
func (s *scanner) trailingBackslash(start int) token {
	s.pos = len(s.text)
	s.fail(span(start, start+1), `unexpected "\" at the end, a backslash is written "\\"`)
	return token{invalid, start, s.pos}
}

// word reads characters that a term goes on with; wildcards reads them and
// wildcards, and reports whether there were any.
func (s *scanner) word() { s.chars("") }

func (s *scanner) wildcards() bool { return s.chars("*?") }

func (s *scanner) chars(also string) (found bool) {
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == '\\' && s.pos+1 < len(s.text):
			_, n := utf8.DecodeRuneInString(s.text[s.pos+1:])
			s.pos += 1 + n
		case strings.IndexByte(also, c) >= 0:
			found = true
			s.pos++
		case c != '+' && c != '-' && strings.IndexByte(special, c) >= 0 || s.isSpace(s.pos):
			return found
		default:
			_, n := utf8.DecodeRuneInString(s.text[s.pos:])
			s.pos += n
		}
	}
	return found
}

func (s *scanner) quoted(start int) token {
	for i := start + 1; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '"':
			s.pos = i + 1
			return token{quoted, start, s.pos}
		}
	}
	s.unclosedQuote(start)
	return token{invalid, start, s.pos}
}

func (s *scanner) unclosedQuote(start int) {
	s.pos = len(s.text)
	line, _, _ := strings.Cut(s.text[start+1:], "\n")
	if i := strings.LastIndex(line, `\"`); i >= 0 && (i+2 == len(line) || strings.IndexByte(" )\r", line[i+2]) >= 0) {
		at := start + 1 + i
		s.fail(span(at, at+2), `quote is not closed: "\"" does not end the text, a backslash at its end is written "\\"`)
		return
	}
	s.fail(span(start, start+1), `quote is not closed, expected another "\"" before the end`)
}

// regexp reads /…/. The longest match decides: an escaped slash ends the
// expression only when no other does.
func (s *scanner) regexp(start int) token {
	escaped := -1
	for i := start + 1; i < len(s.text); i++ {
		if s.text[i] != '/' {
			continue
		}
		if s.text[i-1] == '\\' {
			escaped = i
			continue
		}
		s.pos = i + 1
		return token{regexpTerm, start, s.pos}
	}
	if escaped >= 0 {
		s.pos = escaped + 1
		return token{regexpTerm, start, s.pos}
	}
	s.pos = len(s.text)
	s.fail(span(start, start+1), `unexpected "/", it starts a regular expression that no other "/" ends; in a value it is written "\/", or the value in quotes`)
	return token{invalid, start, s.pos}
}

// boost reads ^ and the number that must touch it.
func (s *scanner) boost(start int) token {
	digits := func() bool {
		from := s.pos
		for s.byteAt(s.pos)-'0' <= 9 && s.pos < len(s.text) {
			s.pos++
		}
		return s.pos > from
	}
	s.pos++
	if !digits() {
		s.fail(span(start, start+1), `expected a number after "^"; in a value it is written "\^"`)
		return token{invalid, start, s.pos}
	}
	if whole := s.pos; s.byteAt(whole) == '.' {
		s.pos++
		if !digits() {
			s.pos = whole
		}
	}
	return token{boost, start, s.pos}
}

// decode resolves the escapes of a term; where wildcards are wanted, the
// unescaped ones become pieces of their own. sp is the place in the query.
func (s *scanner) decode(sp rule.Span, wildcards bool) []piece {
	var pieces []piece
	var b strings.Builder
	text := s.raw(sp)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text) && text[i+1] == 'u':
			if i+6 <= len(text) {
				if code, err := strconv.ParseUint(text[i+2:i+6], 16, 16); err == nil {
					_, _ = b.WriteRune(rune(code))
					i += 5
					continue
				}
			}
			at := int(sp.Start) + i
			s.fail(span(at, at+2), `"\u" must have four hexadecimal digits behind it; a backslash is written "\\"`)
			i++
		case c == '\\' && i+1 < len(text):
			i++
			_ = b.WriteByte(text[i])
		case wildcards && (c == '*' || c == '?'):
			if b.Len() > 0 {
				pieces = append(pieces, piece{text: b.String()})
				b.Reset()
			}
			pieces = append(pieces, piece{text: string(c), wild: c})
		default:
			_ = b.WriteByte(c)
		}
	}
	if b.Len() > 0 || len(pieces) == 0 {
		pieces = append(pieces, piece{text: b.String()})
	}
	return pieces
}

func join(pieces []piece) string {
	if len(pieces) == 1 {
		return pieces[0].text
	}
	var b strings.Builder
	for _, part := range pieces {
		_, _ = b.WriteString(part.text)
	}
	return b.String()
}
