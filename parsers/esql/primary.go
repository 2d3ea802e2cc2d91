package esql

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// nothing stands where a value could not be read.
var nothing = &literal{kind: litNull}

// reserved are the keywords of expressions, which are no names unless quoted.
var reserved = words(`and asc by desc false first in is last like not null nulls or rlike true where`)

// startsValue reports whether a value may begin with the token.
func startsValue(t token) bool {
	switch t.kind {
	case kString, kInteger, kDecimal, kParam, kQuoted:
		return true
	case kIdent:
		lower := strings.ToLower(t.text)
		return !reserved[lower] || lower == "true" || lower == "false" || lower == "null" || lower == "not"
	}
	return t.sign("(") || t.sign("[") || t.sign("{")
}

// primary reads a value without operators.
func (p *parser) primary() expr {
	t := p.tok
	switch t.kind {
	case kString:
		p.advance()
		return &literal{kind: litString, value: t.text, raw: p.lex.text[t.start:t.end], span: t.span()}
	case kInteger, kDecimal:
		return p.number()
	case kParam:
		p.advance()
		if p.tok.sign("(") { // ??function(…)
			return p.call(name{text: t.text, span: t.span()})
		}
		if p.tok.sign(".") {
			return p.column(name{text: t.text, span: t.span()})
		}
		return &literal{kind: litParam, value: t.text, raw: t.text, span: t.span()}
	case kQuoted:
		p.advance()
		return p.column(name{text: t.text, span: t.span()})
	case kIdent:
		return p.word()
	case kSign:
		switch t.text {
		case "(":
			return p.parenthesized()
		case "[":
			return p.array()
		case "{":
			return p.mapping()
		}
	}
	p.unexpected("a value")
	return nothing
}

// word reads a value that begins with a word: a constant, a call, a column.
func (p *parser) word() expr {
	t := p.tok
	lower := strings.ToLower(t.text)
	switch lower {
	case "true", "false":
		p.advance()
		return &literal{kind: litBool, value: lower, raw: lower, span: t.span()}
	case "null":
		p.advance()
		return &literal{kind: litNull, raw: lower, span: t.span()}
	}
	after := p.lex.next(t.end)
	if reserved[lower] && !(after.sign("(") && (lower == "first" || lower == "last")) {
		for _, sign := range []string{"=", "==", "!=", "<", "<=", ">", ">="} {
			if after.sign(sign) && !p.failed {
				p.fail(t.span(), "unexpected keyword %q, a column of that name must be in backticks: `%s`", t.text, t.text)
			}
		}
		p.unexpected("a value")
		return nothing
	}
	p.advance()
	n := name{text: t.text, span: t.span()}
	if p.tok.sign("(") {
		return p.call(n)
	}
	return p.column(n)
}

// column reads the parts of a column name after the first.
func (p *parser) column(n name) expr {
	var b strings.Builder
	b.WriteString(n.text)
	for !p.failed && p.tok.sign(".") {
		p.advance()
		if k := p.tok.kind; k != kIdent && k != kQuoted && k != kParam {
			p.fail(p.here(), `unexpected %s after ".", expected the next part of a column name`, p.found())
			break
		}
		b.WriteByte('.')
		b.WriteString(p.tok.text)
		p.advance()
	}
	return &name{text: b.String(), span: p.since(n.span.Start)}
}

// number reads a number, or a span of time such as 5 minutes.
func (p *parser) number() expr {
	t := p.tok
	p.advance()
	e := &literal{kind: litNumber, value: decimal(t), raw: t.text, span: t.span()}
	if t.kind == kInteger && p.tok.kind == kIdent && timeUnits[strings.ToLower(p.tok.text)] {
		e.kind = litSpan
		e.value += " " + p.tok.text
		e.raw = t.text + p.tok.text
		e.span.End = int32(p.tok.end)
		p.advance()
	}
	return e
}

// decimal writes a number without an exponent.
func decimal(t token) string {
	if t.kind == kInteger || !strings.ContainsAny(t.text, "eE") {
		return t.text
	}
	f, err := strconv.ParseFloat(t.text, 64)
	if err != nil || f > 1e300 {
		return t.text
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func (p *parser) parenthesized() expr {
	open := p.tok
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	p.advance()
	p.listed = false
	item := p.boolean()
	if !p.failed && p.tok.sign(",") {
		p.listed = true
	}
	p.close(open, ")")
	return &group{item: item, span: p.since(int32(open.start))}
}

// array reads [1, 2]; Elasticsearch takes constants of one type.
func (p *parser) array() expr {
	open := p.tok
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	p.advance()
	e := &array{}
	for !p.failed && !p.tok.sign("]") {
		e.items = append(e.items, p.value())
		if p.failed || !p.comma(open) {
			break
		}
	}
	p.close(open, "]")
	e.span = p.since(int32(open.start))
	return e
}

// mapping reads {"option": value}; values may be maps and lists.
func (p *parser) mapping() expr {
	open := p.tok
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	p.advance()
	e := &mapping{}
	for !p.failed && !p.tok.sign("}") {
		if p.tok.kind != kString {
			p.fail(p.here(), "unexpected %s, expected the name of an option in double quotes", p.found())
			break
		}
		e.keys = append(e.keys, p.tok.text)
		p.advance()
		if !p.tok.sign(":") {
			p.fail(p.here(), `unexpected %s, expected ":" and the value of the option`, p.found())
			break
		}
		p.advance()
		e.values = append(e.values, p.value())
		if p.failed || !p.comma(open) {
			break
		}
	}
	p.close(open, "}")
	e.span = p.since(int32(open.start))
	return e
}

// call reads the arguments of a function.
func (p *parser) call(n name) expr {
	open := p.tok
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	p.advance()
	e := &call{function: strings.ToLower(n.text), named: rule.Text{Value: n.text, Span: n.span}}
	p.checkFunction(e)
	switch {
	case p.tok.sign(")"):
	case p.tok.sign("*") && p.lex.next(p.tok.end).sign(")"):
		e.star = true
		p.advance()
	default:
		for !p.failed {
			e.args = append(e.args, p.boolean())
			if p.failed || !p.comma(open) {
				break
			}
		}
		if !p.failed && p.tok.is("by") {
			p.advance()
			e.by = p.boolean()
		}
	}
	p.close(open, ")")
	e.span = p.since(n.span.Start)
	p.embed(e)
	return e
}
