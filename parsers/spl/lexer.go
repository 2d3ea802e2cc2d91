package spl

import (
	"strings"
	"unicode/utf8"
)

// tokenKind is a kind of token of an expression.
type tokenKind uint8

const (
	tEnd tokenKind = iota
	tNumber
	tString // text between double quotes
	tName   // a field, a function or a word of the language
	tField  // text between single quotes
	tOperator
	tMacro
	tSub // a subsearch
	tBad
)

// token is a token of where and eval. text is what stands between quotes.
type token struct {
	kind       tokenKind
	start, end int
	text       string
	quoteless  bool // a single quote that nothing closes
	sub        *pipeline
}

// is reports whether the token is an operator or a parenthesis.
func (t token) is(op string) bool { return t.kind == tOperator && t.text == op }

// word reports whether the token is a word of the language, in any case: the
// reference wants capitals, and Splunk takes both in expressions.
func (t token) word(w string) bool { return t.kind == tName && strings.EqualFold(t.text, w) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '{' || c == '@' || c >= utf8.RuneSelf
}

func isNamePart(c byte) bool { return isNameStart(c) || isDigit(c) || c == '}' || c == ':' || c == '#' }

// advance reads the next token of an expression.
func (p *parser) advance() {
	if p.failed || !p.blank() {
		p.tok = token{kind: tEnd, start: p.end, end: p.end}
		return
	}
	start := p.pos
	t := token{start: start}
	if p.typographic(start) {
		return
	}
	switch c := p.text[start]; {
	case c == '"':
		t.kind, t.text = tString, p.quoted()
	case c == '\'':
		t.kind = tField
		end := start + 1
		for end < p.end && p.text[end] != '\'' {
			if p.text[end] == '\\' {
				end++
			}
			end++
		}
		if end >= p.end {
			t.quoteless = true
			p.pos = p.end
		} else {
			t.text = p.text[start+1 : end]
			p.pos = end + 1
		}
	case c == '`':
		t.kind, t.text = tMacro, p.macro()
	case c == '[' && p.subAt(start) != nil:
		t.kind, t.sub = tSub, p.subAt(start)
		p.pos = min(t.sub.close, p.end)
	case isDigit(c) || c == '.' && start+1 < p.end && isDigit(p.text[start+1]):
		p.number(&t)
	case c == '<' && p.has("<<"), c == '$':
		p.placeholder(&t)
	case isNameStart(c):
		p.name()
		t.kind, t.text = tName, p.text[start:p.pos]
	default:
		t.kind = tOperator
		n := 1
		for _, op := range []string{"!=", "<=", ">=", "==", "<>", "&&"} {
			if p.has(op) {
				n = 2
			}
		}
		if strings.IndexByte("=<>!+-*/%.(),&", c) < 0 {
			t.kind = tBad
			_, n = utf8.DecodeRuneInString(p.text[start:p.end])
		}
		p.pos += n
		t.text = p.text[start:p.pos]
	}
	t.end = p.pos
	p.tok = t
}

// name skips the name of a field. A dot without blanks around it is part of the
// name, as rules have it, although the reference wants single quotes there.
func (p *parser) name() {
	for p.pos < p.end {
		c := p.text[p.pos]
		if !isNamePart(c) && (c != '.' || p.pos+1 >= p.end || !isNameStart(p.text[p.pos+1]) && !isDigit(p.text[p.pos+1])) {
			break
		}
		p.pos++
	}
}

func (p *parser) number(t *token) {
	t.kind = tNumber
	for p.pos < p.end && (isDigit(p.text[p.pos]) || p.text[p.pos] == '.' && p.pos+1 < p.end && isDigit(p.text[p.pos+1])) {
		p.pos++
	}
	if p.pos+1 < p.end && (p.text[p.pos] == 'e' || p.text[p.pos] == 'E') && (isDigit(p.text[p.pos+1]) || p.text[p.pos+1] == '-') {
		p.pos += 2
		for p.pos < p.end && isDigit(p.text[p.pos]) {
			p.pos++
		}
	}
	if p.pos < p.end && isNamePart(p.text[p.pos]) {
		p.name() // a field may begin with a digit
		t.kind = tName
	}
	t.text = p.text[t.start:p.pos]
}

// placeholder reads what foreach and map put a field in for: <<FIELD>>, $field$.
func (p *parser) placeholder(t *token) {
	open, closing := "<<", ">>"
	if p.text[p.pos] == '$' {
		open, closing = "$", "$"
	}
	rest := p.text[p.pos+len(open) : p.end]
	end := strings.Index(rest, closing)
	if end < 0 || strings.ContainsAny(rest[:end], blanks+`"`) {
		t.kind = tBad
		p.pos++
		t.text = p.text[t.start:p.pos]
		return
	}
	p.pos += len(open) + end + len(closing)
	p.name()
	t.kind, t.text = tName, p.text[t.start:p.pos]
}
