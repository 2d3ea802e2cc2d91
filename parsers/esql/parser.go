package esql

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parser is a recursive-descent parser with one token of lookahead. What goes
// wrong in a command fails the command: nothing more of it is read, and the
// next one begins with a clean slate.
type parser struct {
	lex   lexer
	query *Query
	tok   token
	end   int // of the last token that was read
	depth int
	level int // subqueries and branches around the command
	// square is set in a query in square brackets.
	square bool

	failed   bool
	problems []query.Problem
	listed   bool            // a list stood where one value in parentheses may
	checked  map[string]bool // functions that were looked up
	guesses  int             // how often it was guessed what a word means
}

// advance reads the next token.
func (p *parser) advance() {
	if p.failed {
		return
	}
	p.end = p.tok.end
	p.tok = p.lex.next(max(p.tok.end, p.tok.resume))
}

// again reads the current token in another mode of the lexer.
func (p *parser) again(mode func(int) token) {
	if !p.failed && p.tok.kind != kEOF {
		p.tok = mode(p.tok.start)
	}
}

// then reads the next token in another mode.
func (p *parser) then(mode func(int) token) {
	if !p.failed {
		p.end = p.tok.end
		p.tok = mode(p.tok.end)
	}
}

// since is the place from start to the last token that was read.
func (p *parser) since(start int32) rule.Span {
	return rule.Span{Start: start, End: max(start, int32(p.end))}
}

// atEnd reports whether the command has no more tokens.
func (p *parser) atEnd() bool {
	return p.tok.kind == kEOF || p.tok.sign("|") || p.tok.sign(")") || p.tok.sign(";") || p.tok.sign("]") && p.square
}

// fail reports the first mistake of a command. A token that is none says for
// itself what is wrong with it.
func (p *parser) fail(span rule.Span, format string, args ...any) {
	if p.failed {
		return
	}
	p.failed = true
	message := fmt.Sprintf(format, args...)
	if p.tok.kind == kBad {
		span, message = p.tok.span(), p.tok.message
	}
	p.problems = append(p.problems, query.Problem{Span: span, Message: message})
}

// rephrase says better what was just reported.
func (p *parser) rephrase(span rule.Span, format string, args ...any) {
	p.problems[len(p.problems)-1] = query.Problem{Span: span, Message: fmt.Sprintf(format, args...)}
}

func (p *parser) warn(span rule.Span, format string, args ...any) {
	if !p.failed {
		p.problems = append(p.problems, query.Problem{Span: span, Message: fmt.Sprintf(format, args...), Warning: true})
	}
}

// here is the place of the current token; at the end of the query it is the
// last one.
func (p *parser) here() rule.Span {
	if p.tok.kind != kEOF {
		return p.tok.span()
	}
	end := len(strings.TrimRight(p.lex.text[:p.end], " \t\r\n"))
	return rule.Span{Start: int32(max(end-1, 0)), End: int32(end)}
}

// found quotes the current token for a message.
func (p *parser) found() string {
	if p.tok.kind == kEOF {
		return "end"
	}
	text := p.lex.text[p.tok.start:p.tok.end]
	if len(text) > 40 {
		text = strings.ToValidUTF8(text[:40], "") + "…"
	}
	if strings.HasPrefix(text, `"`) {
		return text
	}
	return fmt.Sprintf("%q", text)
}

// slips are words of other languages, with what ES|QL has instead.
var slips = map[string]string{
	"=":           `expected "==" to compare`,
	"as":          `a name stands in front: name = value`,
	"between":     `expected two comparisons joined by "and"`,
	"group":       `expected "by" alone`,
	"contains":    `"contains" is a function: contains(field, "text")`,
	"startswith":  `expected the function starts_with(field, "text")`,
	"starts_with": `"starts_with" is a function: starts_with(field, "text")`,
	"endswith":    `expected the function ends_with(field, "text")`,
	"ends_with":   `"ends_with" is a function: ends_with(field, "text")`,
	"matches":     `expected "rlike" or the function match(field, "text")`,
	"regex":       `expected "rlike"`,
	"exists":      `expected "is not null"`,
	"ilike":       `expected "like" with to_lower(field)`,
	"descending":  `expected "desc"`,
	"ascending":   `expected "asc"`,
}

// unexpected reports the current token where something else was wanted.
func (p *parser) unexpected(wanted string) {
	if p.failed {
		return
	}
	t := p.tok
	lower := strings.ToLower(t.text)
	switch {
	case t.kind == kEOF:
		p.fail(p.here(), "unexpected end, expected %s", wanted)
	case t.sign("|") && p.lex.next(t.end).sign("|"):
		p.fail(rule.Span{Start: int32(t.start), End: int32(t.end + 1)}, `unexpected "||", expected "or"`)
	case t.sign(")") && p.level == 0 && p.depth == 0:
		p.fail(t.span(), `unexpected ")", no "(" is open`)
	case (t.kind == kIdent || t.kind == kSign) && slips[lower] != "":
		p.fail(t.span(), "unexpected %q, %s", t.text, slips[lower])
	case p.command(t):
		p.fail(t.span(), `unexpected %q, expected "|" before a command`, t.text)
	case t.sign(";"):
		p.fail(t.span(), `unexpected ";", a query has no end mark; expected %s`, wanted)
	default:
		p.fail(t.span(), "unexpected %s, expected %s", p.found(), wanted)
	}
}

// checkFunction warns of a function that ES|QL does not have, once.
func (p *parser) checkFunction(c *call) {
	if functions[c.function] || p.checked[c.function] || strings.HasPrefix(c.function, "?") || p.failed {
		return
	}
	p.checked[c.function] = true
	if guess := p.guess(c.function, functionNames); guess != "" {
		p.warn(c.named.Span, "unknown function %q, did you mean %q?", c.named.Value, guess)
		return
	}
	p.warn(c.named.Span, "unknown function %q", c.named.Value)
}

// maxGuesses bounds how often it is guessed what a word means, which takes a
// look at every word there is.
const maxGuesses = 100

func (p *parser) guess(word string, candidates []string) string {
	if p.guesses++; p.guesses > maxGuesses {
		return ""
	}
	return near.Word(word, candidates)
}

// resync goes to the next pipe of the same nesting, or to the parenthesis that
// closes it, after a command that could not be read.
func (p *parser) resync() {
	p.failed = false
	for open := 0; p.tok.kind != kEOF; p.advance() {
		switch {
		case p.tok.sign("(") || p.tok.sign("[") || p.tok.sign("{"):
			open++
		case p.tok.sign(")") && open == 0 && p.level > 0:
			return
		case p.tok.sign(")") || p.tok.sign("]") || p.tok.sign("}"):
			open = max(open-1, 0)
		case p.tok.sign("|") && open == 0:
			return
		}
	}
}
