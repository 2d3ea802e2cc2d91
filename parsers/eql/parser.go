package eql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parser is a recursive-descent parser of a query.
type parser struct {
	text     string
	toks     []token
	i        int   // index of tok
	tok      token // the current token
	end      int32 // where the token before it ends
	depth    int
	q        *Query
	problems []query.Problem
	// failed is set by the first mistake that reading cannot go on behind;
	// failure is what was said of it. The parser is then at the end.
	failed  bool
	failure query.Problem
	// subqueries counts those that have been read.
	subqueries int
}

// next goes to the next token.
func (p *parser) next() {
	if p.i+1 < len(p.toks) {
		p.end = p.tok.end
		p.i++
		p.tok = p.toks[p.i]
	}
}

// peek is the token n places after the current one.
func (p *parser) peek(n int) token { return p.toks[min(p.i+n, len(p.toks)-1)] }

func (p *parser) slice(t token) string { return p.text[t.start:t.end] }

// is reports whether the current token is the sign.
func (p *parser) is(s string) bool { return p.isSign(p.tok, s) }

func (p *parser) isSign(t token, s string) bool { return t.kind == sign && p.slice(t) == s }

// means reports whether a token is the keyword, in any letter case.
func (p *parser) means(t token, keyword string) bool {
	return (t.kind == word || t.kind == insensitive) && strings.EqualFold(p.slice(t), keyword)
}

// take goes behind the current token if it is the keyword. Keywords are in
// lower case (Elasticsearch's grammar, which has no other ones); in another
// case they are understood and reported.
func (p *parser) take(keyword string) bool {
	if !p.means(p.tok, keyword) {
		return false
	}
	if s := p.slice(p.tok); s != keyword {
		p.report(p.tok.span(), "unexpected %s, keywords are in lower case: expected %s", quote(s), quote(keyword))
	}
	p.next()
	return true
}

// report says something of a query that is still understood.
func (p *parser) report(sp rule.Span, format string, args ...any) {
	p.say(query.Problem{Span: sp, Message: fmt.Sprintf(format, args...)})
}

// warn says something of a query that one of the dialects accepts.
func (p *parser) warn(sp rule.Span, format string, args ...any) {
	p.say(query.Problem{Span: sp, Message: fmt.Sprintf(format, args...), Warning: true})
}

func (p *parser) say(problem query.Problem) {
	if !p.failed && len(p.problems) < 10*maxProblems {
		p.problems = append(p.problems, problem)
	}
}

// fail reports a mistake that reading cannot go on behind, and goes to the
// end. A token that is itself the mistake is reported as such.
func (p *parser) fail(sp rule.Span, format string, args ...any) {
	if p.failed {
		return
	}
	message := fmt.Sprintf(format, args...)
	switch t := p.tok; t.kind {
	case openText:
		sp, message = t.span(), p.unclosed(t)
	case openName:
		sp, message = t.span(), fmt.Sprintf("name %s is not closed, expected a backtick at its end", short(p.slice(t)))
	case openComment:
		sp, message = rule.Span{Start: t.start, End: t.start + 2}, `comment "/*" is not closed, expected "*/"`
	case unknown:
		sp = t.span()
		message = fmt.Sprintf("unexpected character %s", quote(p.slice(t)))
	}
	p.failure = query.Problem{Span: sp, Message: message}
	p.problems = append(p.problems[:min(len(p.problems), 10*maxProblems)], p.failure)
	p.failed = true
	p.i = len(p.toks) - 1
	p.tok = p.toks[p.i]
}

// unclosed says what a text lacks that does not end on its line.
func (p *parser) unclosed(t token) string {
	s := p.slice(t)
	closing := `"`
	switch {
	case strings.HasPrefix(s, `"""`):
		closing = `"""`
	case s[0] == '\'' || strings.HasPrefix(s, "?'"):
		closing = "'"
	case s[0] == '"' && strings.ContainsAny(s, "“”"):
		return fmt.Sprintf(`string %s is not closed: it ends in a typographic quote, expected a plain "`, short(s))
	case s[0] == '"' && strings.Contains(s, `\"`):
		return fmt.Sprintf(`string %s is not closed: a backslash escapes the quote after it, expected "\\" for a backslash`, short(s))
	}
	return fmt.Sprintf("string %s is not closed, expected %s on the same line", short(s), closing)
}

// deeper counts a level of nesting; the caller must leave it.
func (p *parser) deeper() bool {
	p.depth++
	if p.depth > query.MaxDepth {
		p.fail(p.here(), "query is nested deeper than %d levels", query.MaxDepth)
	}
	return !p.failed
}

func (p *parser) leave() { p.depth-- }

// here is the place of the current token; at the end, of the last one.
func (p *parser) here() rule.Span {
	if p.tok.kind != end || p.i == 0 {
		return p.tok.span()
	}
	return p.toks[p.i-1].span()
}

// since is the place from start to the end of what has been read.
func (p *parser) since(start int32) rule.Span { return rule.Span{Start: start, End: max(start, p.end)} }

// found names the current token.
func (p *parser) found() string {
	if p.tok.kind == end {
		return "the end of the query"
	}
	return short(p.slice(p.tok))
}

// quote puts a text between double quotes, and makes visible what is not.
func quote(s string) string {
	s = cut(s)
	if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) >= 0 {
		return strconv.Quote(s)
	}
	return `"` + s + `"`
}

// maxQuoted is how many characters of the query a message repeats.
const maxQuoted = 40

// short quotes a piece of the query as quote does; a text keeps the quotes it
// has.
func short(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	if len(s) > 1 && (strings.ContainsRune(`"'?`, r) || isSmartQuote(r)) {
		return strings.ToValidUTF8(cut(s), "�")
	}
	return quote(s)
}

// cut ends a text after its first line or its first maxQuoted characters.
func cut(s string) string {
	line := s
	if n := strings.IndexAny(s, "\r\n"); n >= 0 {
		line = s[:n]
	}
	count := 0
	for i := range line {
		if count == maxQuoted {
			return line[:i] + "…"
		}
		count++
	}
	if len(line) < len(s) {
		line += "…"
	}
	return line
}
