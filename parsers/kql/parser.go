package kql

import (
	"fmt"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parser is a recursive-descent parser over the tokens of a query. What goes
// wrong in an operator fails the operator: nothing more of it is read, and the
// next pipe or statement begins with a clean slate.
type parser struct {
	text   string
	tokens []token
	pos    int
	tok    *token
	query  *Query
	depth  int
	level  int // brackets that are open around the pipeline
	// scanning is set in the columns that scan orders by.
	scanning bool

	failed   bool
	unclosed bool // the last mistake is a bracket that is never closed
	problems []query.Problem
	guesses  int // how often it was guessed what a word means
}

// advance goes to the next token.
func (p *parser) advance() {
	if p.failed || p.pos+1 >= len(p.tokens) {
		return
	}
	p.pos++
	p.tok = &p.tokens[p.pos]
}

// peek is the token n places on.
func (p *parser) peek(n int) *token {
	return &p.tokens[min(p.pos+n, len(p.tokens)-1)]
}

// last is the token that was read last.
func (p *parser) last() *token { return &p.tokens[max(p.pos-1, 0)] }

// since is the place from start to the last token that was read.
func (p *parser) since(start int32) rule.Span {
	return rule.Span{Start: start, End: max(start, p.last().end)}
}

// take reads a sign when it is the next token.
func (p *parser) take(s string) bool {
	if p.failed || !p.tok.sign(s) {
		return false
	}
	p.advance()
	return true
}

// word reads a keyword when it is the next token.
func (p *parser) word(w string) bool {
	if p.failed || !p.tok.is(w) {
		return false
	}
	p.advance()
	return true
}

// atEnd reports whether a list or an operator ends here.
func (p *parser) atEnd() bool {
	if p.failed || p.tok.kind == kEOF {
		return true
	}
	if p.tok.kind != kSign {
		return false
	}
	switch p.tok.text {
	case ")", "]", "}", "|", ";":
		return true
	}
	return false
}

// fail reports the first mistake of an operator. A token that is none says
// for itself what is wrong with it.
func (p *parser) fail(span rule.Span, format string, args ...any) {
	if p.failed {
		return
	}
	p.failed, p.unclosed = true, false
	message := fmt.Sprintf(format, args...)
	if p.tok.kind == kBad {
		span, message = p.tok.span(), p.tok.message
	}
	p.problems = append(p.problems, query.Problem{Span: span, Message: message})
}

// here is the place of the current token; at the end of the query it is the
// last one.
func (p *parser) here() rule.Span {
	if p.tok.kind != kEOF || p.pos == 0 {
		return p.tok.span()
	}
	return p.last().span()
}

// found quotes the current token for a message.
func (p *parser) found() string {
	if p.tok.kind == kEOF {
		return "end"
	}
	return quoted(p.text[p.tok.start:p.tok.end])
}

// quoted quotes a part of the query, shortened.
func quoted(text string) string {
	if len(text) > 40 {
		text = strings.ToValidUTF8(text[:40], "") + "…"
	}
	if strings.HasPrefix(text, `"`) {
		return text
	}
	return fmt.Sprintf("%q", text)
}

// slips are words of other languages, and of this one in capitals, with what
// Kusto has instead.
var slips = map[string]string{
	"and": `expected "and" in lower case`, "or": `expected "or" in lower case`, "in": `expected "in" in lower case`,
	"contains": `expected "contains" in lower case`, "has": `expected "has" in lower case`,
	"between": `expected "between" in lower case`, "by": `expected "by" in lower case`, "on": `expected "on" in lower case`,
	"not": `expected "!=", "!in", "!has" or the like, or not(…) around a condition`,
	"is":  `expected isnull(…) or isnotnull(…)`, "like": `expected "contains", "startswith" or "matches regex"`,
	"rlike": `expected "matches regex"`, "matches": `expected "matches regex" with one blank in between`,
	"regex": `expected "matches regex"`, "exists": `expected isnotempty(…)`,
	"starts_with": `expected "startswith"`, "ends_with": `expected "endswith"`,
}

// unexpected reports the current token where something else was wanted.
func (p *parser) unexpected(wanted string) {
	if p.failed {
		return
	}
	t := p.tok
	after := p.peek(1)
	both := rule.Span{Start: t.start, End: after.end}
	switch {
	case t.kind == kEOF:
		p.fail(p.here(), "unexpected end, expected %s", wanted)
	case t.sign("|") && after.sign("|"):
		p.fail(both, `unexpected "||", expected "or"`)
	case t.sign("=") && t.glued && p.last().sign("=="):
		p.fail(t.span(), `unexpected "=" after "==", expected a value`)
	case t.sign(":") && after.sign("=") && after.glued:
		p.fail(both, `unexpected ":=", expected "==" to compare, "=" to name`)
	case t.sign("="):
		p.fail(t.span(), `unexpected "=", expected "==" to compare`)
	case t.kind == kIdent && slips[strings.ToLower(t.text)] != "":
		p.fail(t.span(), "unexpected %q, %s", t.text, slips[strings.ToLower(t.text)])
	case t.kind == kKeyword && pipedOperators[t.text] && t.text != "count" && !p.last().sign("|"):
		p.fail(t.span(), `unexpected %q, expected %s, or "|" before an operator`, t.text, wanted)
	case t.kind == kGuid:
		p.fail(t.span(), "unexpected %s, a GUID stands in quotes or in guid(…)", p.found())
	case t.kind == kIdent || t.kind == kKeyword:
		p.fail(t.span(), "unexpected %s, expected %s%s", p.found(), wanted, p.meant(t.text))
	default:
		p.fail(t.span(), "unexpected %s, expected %s", p.found(), wanted)
	}
}

// binaryOperators are the words between two values, for guesses.
var binaryOperators = append(sorted(stringOperators), "and", "or", "in", "in~", "!in", "!in~", "between", "!between", "has_any", "has_all", "matches regex")

// meant guesses which word was meant.
func (p *parser) meant(word string) string {
	if guess := p.guess(word, binaryOperators); guess != "" {
		return fmt.Sprintf("; did you mean %q?", guess)
	}
	return ""
}

// maxGuesses bounds how often it is guessed what a word means.
const maxGuesses = 100

func (p *parser) guess(word string, candidates []string) string {
	if p.guesses++; p.guesses > maxGuesses || len(word) > 40 {
		return ""
	}
	return near.Word(word, candidates)
}

// require reads a sign that must be there.
func (p *parser) require(s string) {
	if !p.take(s) {
		p.unexpected(fmt.Sprintf("%q", s))
	}
}

// requireWord reads a keyword that must be there.
func (p *parser) requireWord(w string) {
	if p.word(w) || p.failed {
		return
	}
	if p.atEnd() && p.tok.kind != kBad && p.pos > 0 {
		p.missing(fmt.Sprintf("%q", w))
		return
	}
	p.unexpected(fmt.Sprintf("%q", w))
}

var closers = map[string]string{"(": ")", "[": "]", "{": "}"}

// close reads the bracket that closes open.
func (p *parser) close(open *token) {
	if p.failed || p.take(closers[open.text]) {
		return
	}
	sign := closers[open.text]
	switch {
	case p.tok.kind == kEOF || p.tok.sign(";"), p.tok.sign("|") && p.peek(1).text != "|" && pipedOperators[p.peek(1).text],
		p.tok.kind == kKeyword && (p.tok.text == "let" || pipedOperators[p.tok.text] && !soft[p.tok.text]):
		p.fail(open.span(), "%q is never closed, expected %q", open.text, sign)
		p.unclosed = true
	default:
		p.unexpected(fmt.Sprintf("%q", sign))
	}
}

// need demands that an expression was there.
func (p *parser) need(e expr, wanted string) expr {
	if p.failed {
		if e == nil {
			return nothing
		}
		return e
	}
	if e != nil {
		return e
	}
	t := p.tok
	switch {
	case t.kind == kKeyword && reserved[t.text] && !p.last().sign("|") && followsName[p.peek(1).text]:
		p.fail(t.span(), "keyword %q is no name here, expected ['%s']", t.text, t.text)
	case p.atEnd() && p.pos > 0 && p.last().kind != kBad && !(t.sign("|") && p.peek(1).sign("|")):
		p.missing(wanted)
	default:
		p.unexpected(wanted)
	}
	return nothing
}

// missing reports that something ended too early, at its last token.
func (p *parser) missing(wanted string) {
	last := p.last()
	text := p.text[last.start:last.end]
	if p.tok.kind == kEOF {
		p.fail(last.span(), "unexpected end after %s, expected %s", quoted(text), wanted)
		return
	}
	p.fail(last.span(), "unexpected %s after %s, expected %s", p.found(), quoted(text), wanted)
}

// followsName are tokens that follow a name in an expression and nothing else.
var followsName = func() map[string]bool {
	m := words("and or == != =~ !~ > >= < <= * / % ) ] } . , : | in in~ !in !in~ has_any has_all between !between")
	m["matches regex"] = true
	for w := range stringOperators {
		m[w] = true
	}
	return m
}()

// enter counts a level of nesting and reports false when there are too many.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > maxDepth {
		p.fail(p.tok.span(), "query is nested deeper than %d levels", maxDepth)
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

// resync goes to the next pipe of the same nesting, to the bracket that closes
// it, or to the next statement, after something that could not be read. It
// began with the token at start.
func (p *parser) resync(start int) {
	open := 0
	for _, t := range p.tokens[start:p.pos] {
		if t.kind == kSign && !p.unclosed {
			open = max(open+nesting(t.text), 0)
		}
	}
	for p.failed = false; p.tok.kind != kEOF; p.advance() {
		if p.tok.is("let") && p.startsLet() && p.pos > start && p.lineBefore() {
			return
		}
		if p.tok.kind != kSign {
			continue
		}
		n := nesting(p.tok.text)
		switch {
		case n < 0 && open == 0 && p.level > 0:
			return
		case n != 0:
			open = max(open+n, 0)
		case p.tok.text == "|" && (open == 0 || pipedOperators[p.peek(1).text] && p.level == 0 && p.lineBefore()):
			return
		case p.tok.text == ";" && (open == 0 || p.level == 0):
			return
		}
	}
}

// nesting is 1 for a bracket that opens, -1 for one that closes.
func nesting(sign string) int {
	switch sign {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	}
	return 0
}

// startsLet reports whether a let statement begins here.
func (p *parser) startsLet() bool { return p.nameLength(1) > 0 && p.peek(1+p.nameLength(1)).sign("=") }

// lineBefore reports whether the current token is the first of its line.
func (p *parser) lineBefore() bool {
	return strings.ContainsAny(p.text[p.last().end:p.tok.start], "\r\n")
}
