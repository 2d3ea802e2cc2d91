package spl

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parser reads the text of one layer. A command is read between pos and end.
type parser struct {
	query    *Query
	expander *expander
	layer    *layer
	text     string
	nested   int // how many subsearches and quoted searches are around
	problems []query.Problem

	pos, end  int
	subs      []*pipeline // subsearches of the command that are still to come
	macros    []string    // those of the command that are not known
	failed    bool        // the command has a mistake, the rest of it is not read
	depth     int
	operators int   // of the command's expressions
	tok       token // of the expression that is read
	torn      bool  // a quote, a comment, a bracket or a macro call is not closed
	brackets  bool  // the brackets do not come in pairs
	tokens    bool  // in the search of a map command, where $field$ is a field of the row
}

// place returns where a part of the text is in the query.
func (p *parser) place(start, end int) rule.Span { return p.layer.span(start, end) }

// maxProblems is how many mistakes of a search are told.
const maxProblems = 100

// report adds a problem.
func (p *parser) report(start, end int, format string, args ...any) {
	if len(p.problems) > maxProblems {
		return
	}
	sp, macro := p.layer.place(start, end)
	if len(p.problems) == maxProblems {
		format, args = "the search has more than %d mistakes, the others are not listed", []any{maxProblems}
	}
	p.problems = append(p.problems, problemIn(macro, sp, fmt.Sprintf(format, args...)))
}

// fail reports the first mistake of a command and skips the rest of it.
func (p *parser) fail(start, end int, format string, args ...any) {
	if !p.failed {
		p.failed = true
		p.report(start, end, format, args...)
	}
	p.pos = p.end
	p.tok = token{kind: tEnd, start: p.end, end: p.end}
}

// enter counts a level of nesting; leave takes it back.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > maxDepth {
		at := min(p.pos, p.end-1)
		for at > 0 && !utf8.RuneStart(p.text[at]) {
			at--
		}
		_, n := utf8.DecodeRuneInString(p.text[at:p.end])
		p.fail(at, at+n, "nested deeper than %d levels", maxDepth)
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

const blanks = " \t\r\n\f\v"

func isBlank(c byte) bool { return strings.IndexByte(blanks, c) >= 0 }

// blank skips white space, and reports whether something follows.
func (p *parser) blank() bool {
	for p.pos < p.end && isBlank(p.text[p.pos]) {
		p.pos++
	}
	return p.pos < p.end
}

// peek is the next byte of the command, 0 at its end.
func (p *parser) peek() byte {
	if p.pos < p.end {
		return p.text[p.pos]
	}
	return 0
}

func (p *parser) has(prefix string) bool { return strings.HasPrefix(p.text[p.pos:p.end], prefix) }

// quoted skips the string that begins at the position, and returns what is
// between its quotes. Strings are closed, the structure has seen to that.
func (p *parser) quoted() string {
	start := p.pos
	p.pos = min(quoteEnd(p.text, p.pos), p.end)
	if p.pos-start < 2 {
		return ""
	}
	return p.text[start+1 : p.pos-1]
}

// sub takes the next subsearch, whose bracket is at the position.
func (p *parser) sub() *pipeline {
	if len(p.subs) == 0 || p.subs[0].open != p.pos {
		p.fail(p.pos, p.pos+1, `unexpected "["`)
		return nil
	}
	s := p.subs[0]
	p.subs = p.subs[1:]
	p.pos = s.close
	return s
}

// subAt finds the subsearch whose bracket is at an offset, nil when there is
// none. It is taken only with the first one after it.
func (p *parser) subAt(at int) *pipeline {
	for len(p.subs) > 0 && p.subs[0].open < at {
		p.subs = p.subs[1:]
	}
	if len(p.subs) == 0 || p.subs[0].open != at {
		return nil
	}
	return p.subs[0]
}

// run reads up to white space or one of the given bytes. A backslash takes the
// next byte along, unless that is white space.
func (p *parser) run(stops string) string {
	start := p.pos
	for p.pos < p.end {
		c := p.text[p.pos]
		if isBlank(c) || strings.IndexByte(stops, c) >= 0 {
			break
		}
		p.pos++
		if c == '\\' && p.pos < p.end && !isBlank(p.text[p.pos]) {
			p.pos++
		}
	}
	return p.text[start:p.pos]
}

// found says what is at the position, for messages.
func (p *parser) found() string {
	if p.pos >= p.end {
		return "the end of the command"
	}
	if c := p.text[p.pos]; c == '"' {
		return short(p.text[p.pos:min(quoteEnd(p.text, p.pos), p.end)])
	}
	at := p.pos
	word := p.run(`()",[`)
	p.pos = at
	if word == "" {
		_, n := utf8.DecodeRuneInString(p.text[at:p.end])
		word = p.text[at : at+n]
	}
	return short(word)
}

// next is the place of what found speaks of.
func (p *parser) next() (start, end int) {
	at := p.pos
	if at >= p.end {
		return at, at
	}
	if p.text[at] == '"' {
		return at, min(quoteEnd(p.text, at), p.end)
	}
	p.run(`()",[`)
	end = p.pos
	p.pos = at
	if end == at {
		_, n := utf8.DecodeRuneInString(p.text[at:p.end])
		end = at + n
	}
	return at, end
}

// typographic reports a quote of a word processor at an offset: it quotes
// nothing.
func (p *parser) typographic(at int) bool {
	r, n := utf8.DecodeRuneInString(p.text[at:p.end])
	if strings.ContainsRune("“”„‟", r) {
		p.fail(at, at+n, "unexpected typographic quote %c, expected a straight one", r)
		return true
	}
	return false
}

// short quotes a piece of the search. What is in quotes keeps its own.
func short(s string) string {
	if len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	if utf8.RuneCountInString(s) > 40 {
		s = string([]rune(s)[:40]) + "…"
	}
	return `"` + strings.ToValidUTF8(s, "�") + `"`
}

// macro reads an opaque macro call at the position and returns its name.
func (p *parser) macro() string {
	call, end, _ := readCall(p.text[:p.end], p.pos)
	p.pos = end
	if !p.isNeutral(call.Name) {
		p.macros = append(p.macros, call.Name)
	}
	return call.Name
}

// text node of a part of the text.
func (p *parser) textOf(value string, start, end int) rule.Text {
	return rule.Text{Value: value, Span: p.place(start, end)}
}

// isNeutral reports whether a macro leaves the meaning of the search alone.
func (p *parser) isNeutral(macro string) bool { return isNeutral(macro) || p.expander.neutral[macro] }
