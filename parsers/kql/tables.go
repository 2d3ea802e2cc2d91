package kql

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// list reads what stands between commas. item returns nil when none begins
// where it stands. some demands at least one; trailing allows a comma at the
// end.
func (p *parser) list(some, trailing bool, item func() expr) []expr {
	var items []expr
	if p.atEnd() && !some {
		return nil
	}
	for !p.failed {
		e := item()
		if e == nil || p.failed {
			if p.failed {
				break
			}
			switch {
			case len(items) == 0 && !some && !p.tok.sign(","):
			case trailing && len(items) > 0 && p.atEnd():
			case len(items) > 0 && p.last().sign(","):
				p.fail(p.last().span(), `unexpected "," before %s, expected another value`, p.found())
			default:
				p.need(nil, "a value")
			}
			break
		}
		items = append(items, e)
		if !p.comma() {
			break
		}
	}
	return items
}

// comma reads a comma between two values and reports whether there was one.
func (p *parser) comma() bool {
	if p.take(",") {
		return true
	}
	if p.failed || p.atEnd() || !p.startsValue() {
		return false
	}
	switch {
	case p.tok.kind == kIdent && slips[strings.ToLower(p.tok.text)] != "":
		p.unexpected(`","`)
	default:
		p.fail(p.here(), `unexpected %s, expected "," before it%s`, p.found(), p.meant(p.tok.text))
	}
	return false
}

// startsValue reports whether a value may begin with the current token.
func (p *parser) startsValue() bool {
	switch p.tok.kind {
	case kIdent, kString, kLong, kReal, kTimespan, kBool, kTyped, kGuid, kBad:
		return true
	case kKeyword:
		return soft[p.tok.text] && !clauses[p.tok.text] && !(p.scanning && scanClauses[p.tok.text]) || p.tok.text == "dynamic" || p.tok.text == "datatable" || p.tok.text == "toscalar"
	}
	return p.tok.sign("(") || p.tok.sign("[")
}

// clauses are soft keywords that begin a part of an operator.
var clauses = words("on with from step limit id default nulls asc desc")

// scanClauses are soft keywords that begin a part of scan.
var scanClauses = words("partition declare")

// dynamic reads dynamic(…), whose value is JSON with the literals of Kusto.
func (p *parser) dynamic() expr {
	t := p.tok
	if !p.peek(1).sign("(") {
		return nil
	}
	p.advance()
	open := p.tok
	p.advance()
	e := &dynamic{value: p.need(p.json(), "a JSON value")}
	p.close(open)
	e.span = p.since(t.start)
	return e
}

// json reads a value within dynamic(…), nil when none begins here.
func (p *parser) json() expr {
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	t := p.tok
	switch {
	case t.kind == kString, t.kind == kLong, t.kind == kReal, t.kind == kTimespan, t.kind == kBool, t.kind == kTyped:
		return p.constant()
	case t.is("null"):
		p.advance()
		return &literal{kind: litNull, raw: "null", span: t.span()}
	case t.is("dynamic"):
		return p.dynamic()
	case t.sign("-") && (p.peek(1).kind == kLong || p.peek(1).kind == kReal):
		p.advance()
		e := p.constant().(*literal)
		e.value, e.raw, e.span = "-"+e.value, "-"+e.raw, p.since(t.start)
		return e
	case t.sign("["):
		p.advance()
		e := &list{items: p.list(false, false, p.json)}
		p.close(t)
		e.span = p.since(t.start)
		return e
	case t.sign("{"):
		if n := p.bracedLength(0); n > 0 {
			text := p.readName(n)
			return &name{text: text.Value, span: text.Span}
		}
		p.advance()
		e := &bag{}
		p.list(false, false, func() expr {
			if p.tok.kind != kString {
				return nil
			}
			e.keys = append(e.keys, p.tok.text)
			p.advance()
			p.require(":")
			value := p.need(p.json(), "a JSON value")
			e.values = append(e.values, value)
			return value
		})
		p.close(t)
		e.span = p.since(t.start)
		return e
	}
	return nil
}

// columnDeclaration reads name:type. Tables have a schema in parentheses for a
// type.
func (p *parser) columnDeclaration() (c parameter, ok bool) {
	n := p.renameLength(0)
	if n == 0 || p.failed {
		return c, false
	}
	c.name = p.readName(n)
	p.require(":")
	if p.tok.sign("(") {
		c.tabular = true
		p.schema()
		return c, true
	}
	if t := p.tok; t.kind == kKeyword && types[t.text] {
		c.kind = t.text
		p.advance()
	} else if t.kind == kIdent || t.kind == kKeyword {
		p.fail(t.span(), "unknown type %q, expected one such as string, long, datetime or dynamic", t.text)
	} else {
		p.unexpected("a type such as string")
	}
	return c, true
}

// schema reads the columns of a table in parentheses.
func (p *parser) schema() []column {
	open := p.tok
	p.require("(")
	var columns []column
	p.take(",")
	if p.tok.sign("*") {
		p.advance()
		p.take(",")
	}
	p.list(false, true, func() expr {
		c, ok := p.columnDeclaration()
		if !ok {
			return nil
		}
		columns = append(columns, c.column)
		return nothing
	})
	p.close(open)
	return columns
}

// datatable reads datatable(a:string, …) [ … ].
func (p *parser) datatable() expr {
	t := p.tok
	p.advance()
	p.options()
	e := &datatable{columns: p.schema()}
	open := p.tok
	p.require("[")
	p.take(",")
	e.values = p.list(false, true, p.literal)
	p.close(open)
	e.span = p.since(t.start)
	if n := len(e.columns); n > 0 && !p.failed && len(e.values)%n != 0 {
		p.query.Uneven = append(p.query.Uneven, e.span)
	}
	return e
}

// external reads externaldata(a:string, …) [ … ] with (…).
func (p *parser) external() expr {
	t := p.tok
	p.advance()
	p.options()
	e := &external{columns: p.schema()}
	open := p.tok
	p.require("[")
	p.list(false, true, p.expression)
	p.close(open)
	if p.word("with") {
		open := p.tok
		p.require("(")
		p.list(false, false, p.property)
		p.close(open)
	}
	e.span = p.since(t.start)
	return e
}

// property reads name=value of externaldata and the like.
func (p *parser) property() expr {
	n := p.renameLength(0)
	if n == 0 {
		return nil
	}
	p.readName(n)
	p.require("=")
	if e := p.literal(); e != nil {
		return e
	}
	if n := p.renameLength(0); n > 0 {
		text := p.readName(n)
		return &name{text: text.Value, span: text.Span}
	}
	return p.need(nil, "a value")
}

// literal reads a constant with its sign, nil when none begins here.
func (p *parser) literal() expr {
	t := p.tok
	switch t.kind {
	case kString, kLong, kReal, kTimespan, kBool, kTyped:
		return p.constant()
	}
	switch {
	case t.is("dynamic"):
		return p.dynamic()
	case t.is("typeof") && p.peek(1).sign("("):
		return p.typeOf()
	case t.sign("+"), t.sign("-"):
		after := p.peek(1)
		if after.glued && (after.kind == kLong || after.kind == kReal || after.kind == kTimespan) {
			p.advance()
			return p.signed(t, p.constant())
		}
	case t.sign("{"):
		if n := p.bracedLength(0); n > 0 {
			text := p.readName(n)
			return &name{text: text.Value, span: text.Span}
		}
	}
	return nil
}

// signed puts a sign in front of a value.
func (p *parser) signed(t *token, item expr) expr {
	span := p.since(t.start)
	if n, ok := item.(*literal); ok && (n.kind == litNumber || n.kind == litTimespan) {
		if t.text == "-" {
			n.value, n.raw = "-"+n.value, "-"+n.raw
		}
		n.span = span
		return n
	}
	return &sign{minus: t.text == "-", item: item, span: span}
}

// decimal writes a number without an exponent and without hexadecimal digits.
func decimal(text string) string {
	if len(text) > 2 && text[1]|0x20 == 'x' {
		if n, err := strconv.ParseUint(text[2:], 16, 64); err == nil {
			return strconv.FormatUint(n, 10)
		}
		return text
	}
	if strings.ContainsAny(text, "eE") {
		if f, err := strconv.ParseFloat(text, 64); err == nil && f < 1e300 {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return text
}

// across is the place of several tokens.
func (p *parser) across(from, to *token) rule.Span { return rule.Span{Start: from.start, End: to.end} }
