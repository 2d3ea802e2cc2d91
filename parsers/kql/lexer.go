package kql

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
	kEOF kind = iota
	kIdent
	kKeyword // fixed text made of letters; some of them may be names, too
	kString
	kLong
	kReal
	kTimespan
	kBool
	kTyped // datetime(…), guid(…), long(…) and the like
	kGuid  // without guid(), which no query may have
	kSign  // an operator or a bracket
	kBad   // what no token begins with; message says why
)

// token is one word of a query. text is what it stands for: a string without
// its quotes and escapes.
type token struct {
	kind       kind
	glued      bool // nothing stands between it and the token in front
	pipes      bool // of "(": a pipe stands directly within its parentheses
	start, end int32
	text       string
	message    string // of kBad
	resume     int32  // of kBad: where the next token begins, when not at end
}

func (t *token) span() rule.Span { return rule.Span{Start: t.start, End: t.end} }

// is reports whether the token is that keyword.
func (t *token) is(word string) bool { return t.kind == kKeyword && t.text == word }

func (t *token) sign(s string) bool { return t.kind == kSign && t.text == s }

// lex cuts a query into tokens; the last one is the end.
func lex(text string) []token {
	l := lexer{text: text}
	out := make([]token, 0, len(text)/5+8)
	for {
		start := l.skip()
		t := l.next()
		t.glued = int32(start) == t.start && start > 0
		out = append(out, t)
		if t.kind == kEOF {
			break
		}
		l.pos = int(max(t.end, t.resume))
	}
	markPipes(out)
	return out
}

// markPipes notes of every parenthesis whether what stands in it is a
// pipeline, so that nobody has to look for the answer twice.
func markPipes(tokens []token) {
	type open struct {
		at      int
		decided bool
	}
	var stack []open
	for i := range tokens {
		t := &tokens[i]
		if t.kind != kSign {
			continue
		}
		top := len(stack) - 1
		switch t.text {
		case "(":
			stack = append(stack, open{at: i})
		case ")":
			if top >= 0 {
				stack = stack[:top]
			}
		case ";":
			stack = stack[:0]
		case ",", "|":
			if top >= 0 && !stack[top].decided {
				stack[top].decided = true
				tokens[stack[top].at].pipes = t.text == "|"
			}
		}
	}
}

type lexer struct {
	text string
	pos  int
}

// skip goes over white space and comments, and returns where it began.
func (l *lexer) skip() int {
	before := l.pos
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == ' ' || c >= '\t' && c <= '\r':
			l.pos++
		case c == '/' && strings.HasPrefix(l.text[l.pos:], "//"):
			n := strings.IndexAny(l.text[l.pos:], "\r\n")
			if n < 0 {
				n = len(l.text) - l.pos
			}
			l.pos += n
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(l.text[l.pos:])
			if !unicode.IsSpace(r) && r != '\ufeff' && r != '\u200b' {
				return before
			}
			l.pos += n
		default:
			return before
		}
	}
	return before
}

// signs has the operators and brackets, longer ones before their beginnings.
var signs = []string{
	"..", "<=", "<|", "<>", ">=", "==", "=>", "=~", "!=", "!~",
	"(", ")", "[", "]", "{", "}", "|", ".", "+", "-", "*", "/", "%", "<", ">", "=", ":", ";", ",", "?", "@",
}

func (l *lexer) token(k kind, n int) token {
	return token{kind: k, text: l.text[l.pos : l.pos+n], start: int32(l.pos), end: int32(l.pos + n)}
}

func (l *lexer) at(i int) byte {
	if i < len(l.text) {
		return l.text[i]
	}
	return 0
}

// next reads the token at the place the lexer is at.
func (l *lexer) next() token {
	if l.pos >= len(l.text) {
		return l.token(kEOF, 0)
	}
	c := l.text[l.pos]
	switch {
	case c == '"' || c == '\'':
		return l.str(l.pos)
	case c == '@' && (l.at(l.pos+1) == '"' || l.at(l.pos+1) == '\''):
		return l.str(l.pos)
	case c == '`' || c == '~':
		if strings.HasPrefix(l.text[l.pos:], "```") || strings.HasPrefix(l.text[l.pos:], "~~~") {
			return l.str(l.pos)
		}
	case isDigit(c):
		if t, ok := l.number(); ok {
			return t
		}
	case c == '!':
		if n := l.keyword("!"); n > 0 {
			return l.token(kKeyword, n)
		}
	}
	if n := l.identifier(); n > 0 {
		if l.at(l.pos+n) >= utf8.RuneSelf {
			if r, _ := utf8.DecodeRuneInString(l.text[l.pos+n:]); unicode.IsLetter(r) {
				return l.foreign()
			}
		}
		return l.word(n)
	}
	if isSlip(l.text[l.pos:]) {
		return l.bad()
	}
	for _, s := range signs {
		if strings.HasPrefix(l.text[l.pos:], s) {
			return l.token(kSign, len(s))
		}
	}
	return l.bad()
}

// identifier is the length of the name at the place: letters, digits and
// underscores, of which the first may be a "$" and not all be digits.
func (l *lexer) identifier() int {
	i, letters := l.pos, false
	for ; ; i++ {
		c := l.at(i)
		if isLetter(c) || c == '_' || c == '$' && i == l.pos {
			letters = true
		} else if !isDigit(c) {
			break
		}
	}
	if !letters {
		return 0
	}
	return i - l.pos
}

// word reads a name, a keyword, or a literal that begins with a word.
func (l *lexer) word(n int) token {
	text := l.text[l.pos : l.pos+n]
	end := l.pos + n
	if n == 1 && (text == "h" || text == "H") {
		if c := l.at(end); c == '"' || c == '\'' || c == '@' && (l.at(end+1) == '"' || l.at(end+1) == '\'') {
			return l.str(l.pos)
		}
		if rest := l.text[end:]; strings.HasPrefix(rest, "```") || strings.HasPrefix(rest, "~~~") {
			return l.str(l.pos)
		}
	}
	if l.at(end) == '(' && typedLiterals[text] {
		return l.typed(end)
	}
	if n >= 8 && isGUID(l.text[l.pos:]) {
		return l.token(kGuid, 36)
	}
	switch text {
	case "true", "false", "True", "False", "TRUE", "FALSE":
		return l.token(kBool, n)
	}
	if long := l.keyword(text); long > 0 {
		return l.token(kKeyword, long)
	}
	return l.token(kIdent, n)
}

// keyword is the length of the keyword that begins with the word at the
// place, or 0: "in~", "project-away" and "matches regex" are one keyword each.
func (l *lexer) keyword(word string) int {
	for _, k := range compound[word] {
		if strings.HasPrefix(l.text[l.pos:], k) && !l.isPart(l.pos+len(k)) {
			return len(k)
		}
	}
	if isKeyword[word] {
		return len(word)
	}
	return 0
}

// isPart reports whether the character there may go on a name.
func (l *lexer) isPart(i int) bool {
	c := l.at(i)
	return isLetter(c) || isDigit(c) || c == '_'
}

// typed reads a literal such as datetime(2024-01-01), from its parenthesis on.
func (l *lexer) typed(open int) token {
	n := strings.IndexAny(l.text[open:], ")\r\n")
	if n < 0 {
		n = len(l.text) - open
	} else if l.text[open+n] == ')' {
		return l.token(kTyped, open+n+1-l.pos)
	}
	t := l.token(kBad, open+n-l.pos)
	t.end = int32(l.pos + len(strings.TrimRight(t.text, " \t")))
	t.message = fmt.Sprintf("%q is never closed, expected \")\" on its line", l.text[l.pos:open+1])
	return t
}

// isSlip reports whether a text begins with a sign of another language that
// happens to begin with one of this.
func isSlip(s string) bool {
	return strings.HasPrefix(s, "/*")
}

// bad says what is wrong with a character that no token begins with.
func (l *lexer) bad() token {
	rest := l.text[l.pos:]
	r, n := utf8.DecodeRuneInString(rest)
	t := l.token(kBad, n)
	switch {
	case strings.HasPrefix(rest, "/*"):
		t.end++
		t.message = `unexpected "/*", comments begin with "//" and end with their line`
		if end := strings.Index(rest, "*/"); end > 0 {
			t.end = int32(l.pos + end + 2)
		}
	case strings.HasPrefix(rest, "&&"):
		t.end++
		t.message = `unexpected "&&", expected "and"`
	case strings.ContainsRune("“”„‟″", r):
		t.message = `unexpected typographic quote "` + string(r) + `", expected a straight one: "`
		if end := strings.IndexAny(rest[n:], "“”„‟″\"\r\n"); end >= 0 && rest[n+end] != '\r' && rest[n+end] != '\n' {
			_, closing := utf8.DecodeRuneInString(rest[n+end:])
			t.end = int32(l.pos + n + end + closing)
		}
	case strings.ContainsRune("‘’‚′", r):
		t.message = `unexpected typographic quote "` + string(r) + `", expected a straight one: '`
		if end := strings.IndexAny(rest[n:], "‘’‚′'\r\n"); end >= 0 && rest[n+end] != '\r' && rest[n+end] != '\n' {
			_, closing := utf8.DecodeRuneInString(rest[n+end:])
			t.end = int32(l.pos + n + end + closing)
		}
	case r == '~' && strings.HasPrefix(rest, "~="):
		t.end++
		t.message = `unexpected "~=", expected "=~" to compare in any letter case`
	case r == '!':
		t.message = `unexpected "!", expected not(…), or an operator such as "!=" or "!in"`
	case r == '#':
		t.message = `unexpected "#", comments begin with "//"`
	case r == '`':
		t.message = "unexpected \"`\", a name with special characters stands in brackets: ['name']"
	case r == utf8.RuneError && n <= 1:
		t.message = "query is not valid UTF-8"
	case unicode.IsLetter(r):
		return l.foreign()
	default:
		t.message = fmt.Sprintf("unexpected %q", string(r))
	}
	return t
}

// foreign is a name with letters that are not of the alphabet of Kusto's names.
func (l *lexer) foreign() token {
	end := strings.IndexFunc(l.text[l.pos:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' })
	if end < 0 {
		end = len(l.text) - l.pos
	}
	t := l.token(kBad, end)
	t.message = fmt.Sprintf("unexpected %q, a name with such characters stands in brackets: ['name']", t.text)
	return t
}
