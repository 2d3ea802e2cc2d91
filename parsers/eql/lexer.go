package eql

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

type tokenKind uint8

const (
	end         tokenKind = iota
	word                  // process, @timestamp, and
	insensitive           // a word with ~ behind it: like~
	quotedName            // `a-b`
	digits                // part of a field name that begins with a digit
	number
	text        // "…"
	rawText     // """…"""
	singleText  // '…'
	oldRawText  // ?"…" and ?'…'
	smartText   // “…”
	sign        // an operator or a bracket
	openText    // a text without its closing quote
	openName    // a quoted name without its closing backtick
	openComment // a comment that is not closed
	unknown     // a character that EQL does not have
)

// token is a piece of the query text.
type token struct {
	kind       tokenKind
	start, end int32
}

func (t token) span() rule.Span { return rule.Span{Start: t.start, End: t.end} }

// signs are the operators, longer ones before those they begin with. Some
// belong to other languages and are only there to be reported as a whole.
var signs = []string{
	"===", "!==", "==", "!=", "!:", "![", "<=", ">=", "<>", "=<", "=>", "=~", "~=", "!~", "&&", "||",
	"=", "<", ">", "!", ":", "+", "-", "*", "/", "%", ".", ",", "[", "]", "(", ")", "|", "?", "$", "&", ";", "{", "}", "~",
}

type lexer struct {
	text     string
	pos      int
	toks     []token
	problems []query.Problem
}

// lex splits a query into tokens; the last one is the end.
func lex(s string) ([]token, []query.Problem) {
	l := &lexer{text: s, toks: make([]token, 0, len(s)/5+2)}
	for l.blank(); l.pos < len(s); l.blank() {
		start := l.pos
		kind := l.token()
		l.toks = append(l.toks, token{kind, int32(start), int32(l.pos)})
	}
	l.toks = append(l.toks, token{end, int32(len(s)), int32(len(s))})
	return l.toks, l.problems
}

// blank skips white space and comments. A /* comment ends at the first */.
func (l *lexer) blank() {
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.pos++
		case strings.HasPrefix(rest, "//"):
			n := strings.IndexAny(rest, "\r\n")
			if n < 0 {
				n = len(rest)
			}
			l.pos += n
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return
			}
			l.pos += n + 4
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(rest)
			if !unicode.IsSpace(r) && r != 0x200B && r != 0xFEFF {
				return
			}
			if len(l.problems) < maxProblems {
				l.problems = append(l.problems, query.Problem{
					Span:    rule.Span{Start: int32(l.pos), End: int32(l.pos + n)},
					Message: fmt.Sprintf("unexpected character %U between words, expected a plain blank", r),
				})
			}
			l.pos += n
		default:
			return
		}
	}
}

// token reads one token, which begins at pos.
func (l *lexer) token() tokenKind {
	rest := l.text[l.pos:]
	switch c := rest[0]; {
	case l.inPath() && isWordByte(c):
		kind := word
		if isDigit(c) {
			kind = digits
		}
		l.word()
		return kind
	case isWordByte(c) && !isDigit(c) || c == '@':
		l.pos++
		l.word()
		if l.pos < len(l.text) && l.text[l.pos] == '~' && !strings.HasPrefix(l.text[l.pos:], "~=") {
			l.pos++
			return insensitive
		}
		return word
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]) && !l.afterName():
		l.number()
		return number
	case c == '`':
		return l.quotedName()
	case strings.HasPrefix(rest, `"""`):
		return l.rawText()
	case c == '"', c == '\'':
		return l.quoted(c)
	case c == '?' && len(rest) > 1 && (rest[1] == '"' || rest[1] == '\''):
		return l.oldRawText(rest[1])
	case strings.HasPrefix(rest, "/*"):
		l.pos = len(l.text)
		return openComment
	}
	for _, s := range signs {
		if strings.HasPrefix(rest, s) {
			l.pos += len(s)
			return sign
		}
	}
	r, n := utf8.DecodeRuneInString(rest)
	if isSmartQuote(r) {
		return l.smartText(n)
	}
	l.pos += n
	return unknown
}

// afterName reports whether a name ends just before pos, so that a dot there
// goes on with its path: a.1 is no number.
func (l *lexer) afterName() bool {
	if len(l.toks) == 0 || l.toks[len(l.toks)-1].end != int32(l.pos) {
		return false
	}
	switch t := l.toks[len(l.toks)-1]; t.kind {
	case word, quotedName, digits:
		return true
	case sign:
		return l.text[t.start] == ']'
	}
	return false
}

// inPath reports whether pos is just behind a dot that goes on with a path.
func (l *lexer) inPath() bool {
	n := len(l.toks)
	if n < 2 || l.toks[n-1].kind != sign || l.toks[n-1].end != int32(l.pos) || l.text[l.toks[n-1].start] != '.' {
		return false
	}
	before := l.toks[n-2]
	return before.end == l.toks[n-1].start && (before.kind != sign || l.text[before.start] == ']') && before.kind != number
}

func (l *lexer) word() {
	for l.pos < len(l.text) && isWordByte(l.text[l.pos]) {
		l.pos++
	}
}

// number reads digits, a fraction and an exponent. An e without digits behind
// it belongs to the next word.
func (l *lexer) number() {
	l.digits()
	if l.pos < len(l.text) && l.text[l.pos] == '.' {
		l.pos++
		l.digits()
	}
	if l.pos < len(l.text) && l.text[l.pos]|0x20 == 'e' {
		after := l.pos + 1
		if after < len(l.text) && (l.text[after] == '+' || l.text[after] == '-') {
			after++
		}
		if after < len(l.text) && isDigit(l.text[after]) {
			l.pos = after
			l.digits()
		}
	}
}

func (l *lexer) digits() {
	for l.pos < len(l.text) && isDigit(l.text[l.pos]) {
		l.pos++
	}
}

// quotedName reads a name in backticks; two of them stand for one.
func (l *lexer) quotedName() tokenKind {
	for l.pos++; l.pos < len(l.text); l.pos++ {
		switch l.text[l.pos] {
		case '\n', '\r':
			return openName
		case '`':
			l.pos++
			if l.pos == len(l.text) || l.text[l.pos] != '`' {
				return quotedName
			}
		}
	}
	return openName
}

// rawText reads a text in three quotes, whose end may have up to two further
// ones that belong to it.
func (l *lexer) rawText() tokenKind {
	rest := l.text[l.pos+3:]
	n := strings.Index(rest, `"""`)
	if line := rest[:max(n, 0)]; n < 0 || strings.ContainsAny(line, "\r\n") {
		if n < 0 {
			line = rest
		}
		if end := strings.IndexAny(line, "\r\n"); end >= 0 {
			line = line[:end]
		}
		l.pos += 3 + len(line)
		return openText
	}
	l.pos += 3 + n + 3
	for range 2 {
		if l.pos < len(l.text) && l.text[l.pos] == '"' {
			l.pos++
		}
	}
	return rawText
}

// quoted reads a text in single or double quotes. It ends on its line.
func (l *lexer) quoted(quote byte) tokenKind {
	for l.pos++; l.pos < len(l.text); l.pos++ {
		switch c := l.text[l.pos]; {
		case c == quote:
			l.pos++
			if quote == '\'' {
				return singleText
			}
			return text
		case c == '\n' || c == '\r':
			return openText
		case c == '\\' && l.pos+1 < len(l.text) && l.text[l.pos+1] != '\n' && l.text[l.pos+1] != '\r':
			l.pos++
		}
	}
	return openText
}

// oldRawText reads a raw text of python-eql, in which only the quote itself
// can be escaped.
func (l *lexer) oldRawText(quote byte) tokenKind {
	for l.pos += 2; l.pos < len(l.text); l.pos++ {
		switch c := l.text[l.pos]; {
		case c == quote:
			l.pos++
			return oldRawText
		case c == '\n' || c == '\r':
			return openText
		case c == '\\' && l.pos+1 < len(l.text) && l.text[l.pos+1] == quote:
			l.pos++
		}
	}
	return openText
}

// smartText reads a text between the quotes of a word processor; the first
// has n bytes.
func (l *lexer) smartText(n int) tokenKind {
	l.pos += n
	for l.pos < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[l.pos:])
		if r == '\n' || r == '\r' {
			return openText
		}
		l.pos += n
		if isSmartQuote(r) || r == '"' {
			return smartText
		}
	}
	return openText
}

func isSmartQuote(r rune) bool {
	switch r {
	case '“', '”', '„', '‘', '’', '«', '»':
		return true
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordByte(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}
