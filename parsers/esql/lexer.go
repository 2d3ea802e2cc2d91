package esql

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/detlint/detlint/rule"
)

// kind is what a token is.
type kind byte

const (
	kEOF    kind = iota
	kIdent       // name, or keyword: the parser tells them apart
	kQuoted      // `name`
	kString
	kInteger
	kDecimal
	kParam  // ?, ?name, ?1, ??, ??name
	kSign   // an operator or a bracket
	kSource // an index pattern, in the mode of FROM
	kPattern
	kBad // what no token begins with; message says why
)

// token is one word of a query. text is what it stands for: a string without
// its quotes and escapes, a quoted name without its backticks.
type token struct {
	kind       kind
	text       string
	start, end int
	message    string // of kBad
	resume     int    // of kBad: where the next token is looked for, when not at end
}

func (t token) span() rule.Span { return rule.Span{Start: int32(t.start), End: int32(t.end)} }

// is reports whether the token is the keyword, in any letter case.
func (t token) is(word string) bool {
	return t.kind == kIdent && len(t.text) == len(word) && strings.EqualFold(t.text, word)
}

func (t token) sign(s string) bool { return t.kind == kSign && t.text == s }

// lexer cuts a query into tokens. It has no position of its own: as in
// Elasticsearch's lexer, which tokens there are depends on the command, so the
// parser says from where and how the next one is read.
type lexer struct {
	text string
	// flat is set when a comment within a comment was never closed; later
	// ones are then read as plain comments, which keeps the time linear.
	flat bool
	// open is set when a comment is never closed: then no later one is.
	open bool
}

// skip returns the place after white space and comments. The message is set,
// and the place is where the comment begins, when one is not closed.
func (l *lexer) skip(pos int) (int, string) {
	for pos < len(l.text) {
		switch c := l.text[pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			pos++
		case strings.HasPrefix(l.text[pos:], "//"):
			n := strings.IndexAny(l.text[pos:], "\r\n")
			if n < 0 {
				return len(l.text), ""
			}
			pos += n
		case strings.HasPrefix(l.text[pos:], "/*"):
			end := l.comment(pos)
			if end < 0 {
				return pos, `comment "/*" is never closed, expected "*/"`
			}
			pos = end
		default:
			return pos, ""
		}
	}
	return pos, ""
}

// comment returns the end of the comment at pos, -1 when it has none. Comments
// nest; one whose inner comment is not closed ends at its first "*/", as the
// rule MULTILINE_COMMENT of EsqlBaseLexer.g4 has it.
func (l *lexer) comment(pos int) int {
	if l.open {
		return -1
	}
	first := strings.Index(l.text[pos+2:], "*/")
	if first < 0 {
		l.open = true
		return -1
	}
	first += pos + 4
	if l.flat || !strings.Contains(l.text[pos+2:first], "/*") {
		return first
	}
	depth := 0
	for i := pos; i+1 < len(l.text); {
		switch l.text[i : i+2] {
		case "/*":
			depth++
			i += 2
		case "*/":
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	l.flat = true
	return first
}

// signs has the operators and brackets, longer ones before their beginnings.
var signs = []string{"==", "!=", "=~", "<=", ">=", "::", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|", ";"}

// next reads the token at or after pos in the mode of expressions.
func (l *lexer) next(pos int) token {
	pos, message := l.skip(pos)
	if message != "" {
		return token{kind: kBad, start: pos, end: pos + 2, message: message}
	}
	if pos == len(l.text) {
		return token{kind: kEOF, start: pos, end: pos}
	}
	c := l.text[pos]
	switch {
	case isLetter(c), (c == '_' || c == '@') && pos+1 < len(l.text) && isWord(l.text[pos+1]):
		return l.word(pos, isWord)
	case isDigit(c), c == '.' && pos+1 < len(l.text) && isDigit(l.text[pos+1]):
		return l.number(pos)
	case c == '"':
		return l.str(pos)
	case c == '`':
		return l.quoted(pos)
	case c == '?':
		end := pos + 1
		if end < len(l.text) && l.text[end] == '?' {
			end++
		}
		for end < len(l.text) && isWord(l.text[end]) {
			end++
		}
		return token{kind: kParam, text: l.text[pos:end], start: pos, end: end}
	}
	for _, s := range signs {
		if strings.HasPrefix(l.text[pos:], s) {
			return token{kind: kSign, text: s, start: pos, end: pos + len(s)}
		}
	}
	return l.bad(pos)
}

// word reads a run of characters that belong together.
func (l *lexer) word(pos int, part func(byte) bool) token {
	end := pos + 1
	for end < len(l.text) && part(l.text[end]) {
		end++
	}
	return token{kind: kIdent, text: l.text[pos:end], start: pos, end: end}
}

// number reads INTEGER_LITERAL and DECIMAL_LITERAL.
func (l *lexer) number(pos int) token {
	end, k := pos, kInteger
	digits := func() {
		for end < len(l.text) && isDigit(l.text[end]) {
			end++
		}
	}
	digits()
	if end < len(l.text) && l.text[end] == '.' {
		k = kDecimal
		end++
		digits()
	}
	if exp := end; exp < len(l.text) && l.text[exp]|0x20 == 'e' {
		exp++
		if exp < len(l.text) && (l.text[exp] == '+' || l.text[exp] == '-') {
			exp++
		}
		if exp < len(l.text) && isDigit(l.text[exp]) {
			k, end = kDecimal, exp
			digits()
		}
	}
	return token{kind: k, text: l.text[pos:end], start: pos, end: end}
}

// bad says what is wrong with a character that no token begins with.
func (l *lexer) bad(pos int) token {
	r, n := utf8.DecodeRuneInString(l.text[pos:])
	t := token{kind: kBad, start: pos, end: pos + n}
	switch {
	case strings.ContainsRune("“”„‟″", r):
		t.message = `unexpected typographic quote "` + string(r) + `", expected a straight one: "`
	case strings.ContainsRune("‘’‚′'", r):
		t.message = `unexpected "` + string(r) + `", strings stand in double quotes: "…"`
	case strings.HasPrefix(l.text[pos:], "&&"):
		t.end = pos + 2
		t.message = `unexpected "&&", expected "and"`
	case r == '!':
		t.message = `unexpected "!", expected "not", or "!=" to compare`
	case r == '~':
		t.message = `unexpected "~", expected "like" or "rlike" to compare with a pattern`
	case r == utf8.RuneError && n <= 1:
		t.message = "query is not valid UTF-8"
	case r == '#':
		t.message = `unexpected "#", comments begin with "//"`
	case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
		t.message = fmt.Sprintf("unexpected special blank %U, expected a plain one", r)
	case r >= utf8.RuneSelf:
		t.message = `unexpected "` + string(r) + "\"; a name with such a character stands in backticks: `…`"
	default:
		t.message = `unexpected "` + string(r) + `"`
	}
	return t
}

// source reads the token at or after pos in the mode of FROM, where index
// patterns need no quotes.
func (l *lexer) source(pos int) token {
	return l.loose(pos, kSource, func(i int) bool {
		switch l.text[i] {
		case ':', '"', '=', '|', ',', '[', ']', '(', ')', ' ', '\t', '\r', '\n':
			return false
		case '/':
			return i+1 < len(l.text) && l.text[i+1] != '/' && l.text[i+1] != '*'
		}
		return true
	})
}

// policy reads the name of an enrich policy.
func (l *lexer) policy(pos int) token {
	return l.loose(pos, kSource, func(i int) bool {
		return strings.IndexByte("\\/?\"<>| ,#\t\r\n:()[]", l.text[i]) < 0
	})
}

// pattern reads a part of a column name in the mode of KEEP, DROP and RENAME,
// where no word is a keyword and "*" is part of the name.
func (l *lexer) pattern(pos int) token {
	start, message := l.skip(pos)
	if message != "" || start == len(l.text) {
		return l.next(pos)
	}
	end := start
	var text strings.Builder
	for end < len(l.text) {
		c := l.text[end]
		if c == '`' {
			q := l.quoted(end)
			if q.kind == kBad {
				return q
			}
			text.WriteString(q.text)
			end = q.end
			continue
		}
		if !isWord(c) && c != '*' && (c != '@' || end > start) {
			break
		}
		text.WriteByte(c)
		end++
	}
	if end == start {
		return l.next(pos)
	}
	return token{kind: kPattern, text: text.String(), start: start, end: end}
}

func (l *lexer) loose(pos int, k kind, part func(int) bool) token {
	start, message := l.skip(pos)
	if message != "" || start == len(l.text) || !part(start) {
		return l.next(pos)
	}
	end := start + 1
	for end < len(l.text) && part(end) {
		end++
	}
	return token{kind: k, text: l.text[start:end], start: start, end: end}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }
