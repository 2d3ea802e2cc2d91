package kql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// nameLength is how many tokens the name n tokens on has, 0 when there is
// none: a word, ['a name'], {parameter}.
func (p *parser) nameLength(n int) int {
	t := p.peek(n)
	switch {
	case t.kind == kIdent, t.kind == kKeyword && soft[t.text]:
		return 1
	case t.sign("["):
		i := n + 1
		for p.peek(i).kind == kString {
			i++
		}
		if i > n+1 && p.peek(i).sign("]") {
			return i + 1 - n
		}
	case t.sign("{"):
		return p.bracedLength(n)
	}
	return 0
}

// renameLength is nameLength for names in front of "=", where more keywords
// are names.
func (p *parser) renameLength(n int) int {
	if t := p.peek(n); t.kind == kKeyword && extended[t.text] {
		return 1
	}
	return p.nameLength(n)
}

// bracedLength is the length of {parameter}, or {parameter[1]}, as client
// tools fill in.
func (p *parser) bracedLength(n int) int {
	i := n + 1
	if t := p.peek(i); t.kind != kIdent && t.kind != kKeyword || !t.glued {
		return 0
	}
	i++
	if p.peek(i).sign("[") && p.peek(i).glued {
		i++
		if p.peek(i).sign("-") && p.peek(i).glued {
			i++
		}
		if p.peek(i).kind != kLong || !p.peek(i+1).sign("]") {
			return 0
		}
		i += 2
	}
	if !p.peek(i).sign("}") || !p.peek(i).glued {
		return 0
	}
	return i + 1 - n
}

// readName reads the name of n tokens that is known to stand here.
func (p *parser) readName(n int) rule.Text {
	start := p.tok.start
	var b strings.Builder
	if n == 1 {
		text := p.tok.text
		p.advance()
		return rule.Text{Value: text, Span: p.since(start)}
	}
	braced := p.tok.sign("{")
	for range n {
		if p.tok.kind == kString || braced {
			b.WriteString(p.tok.text)
		}
		p.advance()
	}
	return rule.Text{Value: b.String(), Span: p.since(start)}
}

// declared reads a name that must be there.
func (p *parser) declared(what string) rule.Text {
	n := p.nameLength(0)
	if n == 0 || p.failed {
		if p.tok.kind == kKeyword && reserved[p.tok.text] {
			p.fail(p.tok.span(), "keyword %q is no name here, expected ['%s']", p.tok.text, p.tok.text)
		}
		p.unexpected(what)
		return rule.Text{}
	}
	return p.readName(n)
}

// wildcardLength is how many tokens the pattern of names here has: Device*, *.
func (p *parser) wildcardLength() int {
	i := 0
	if t := p.tok; t.kind == kIdent || t.kind == kKeyword && extended[t.text] {
		if !p.peek(1).sign("*") || !p.peek(1).glued {
			return 0
		}
		i = 2
	} else if !t.sign("*") {
		return 0
	} else {
		i = 1
	}
	for {
		t := p.peek(i)
		if !t.glued || t.kind != kIdent && t.kind != kLong && !t.sign("*") && !(t.kind == kKeyword && extended[t.text]) {
			return i
		}
		i++
	}
}

func (p *parser) wildcard() expr {
	n := p.wildcardLength()
	if n == 0 || p.failed {
		return nil
	}
	start := p.tok.start
	for range n {
		p.advance()
	}
	span := p.since(start)
	return &wildcard{text: p.text[span.Start:span.End], span: span}
}

// primary reads a value without operators, nil when none begins here.
func (p *parser) primary() expr {
	t := p.tok
	switch t.kind {
	case kString, kLong, kReal, kTimespan, kBool, kTyped:
		return p.constant()
	case kKeyword:
		switch t.text {
		case "dynamic":
			return p.dynamic()
		case "datatable":
			return p.datatable()
		case "externaldata", "external_data":
			return p.external()
		case "__contextual_datatable":
			p.advance()
			p.need(p.unnamed(), "an id")
			return &external{columns: p.schema(), span: p.since(t.start)}
		case "toscalar", "totable", "materialize":
			if p.peek(1).sign("(") || p.peek(1).is("kind") {
				return p.tabular()
			}
		case "typeof":
			if p.peek(1).sign("(") {
				return p.typeOf()
			}
		}
	case kSign:
		switch t.text {
		case "(":
			return p.parenthesized()
		case "@":
			p.advance()
			return &name{text: "@", span: t.span()}
		}
	case kGuid, kBad, kEOF:
		return nil
	}
	if n := p.nameLength(0); n > 0 {
		text := p.readName(n)
		if p.tok.sign("(") {
			return p.call(text)
		}
		return p.scoped(&name{text: text.Value, span: text.Span})
	}
	if t.sign("[") {
		return p.bracketed()
	}
	if t.kind == kKeyword && (special[t.text] || p.peek(1).sign("(") && callable[t.text]) {
		p.advance()
		text := rule.Text{Value: t.text, Span: t.span()}
		if p.tok.sign("(") && !special[t.text] {
			return p.call(text)
		}
		return p.scoped(&name{text: t.text, span: t.span()})
	}
	return nil
}

// callable are reserved words that are functions, too.
var callable = words("materialize")

// scoped reads the "datascope=…" after a table.
func (p *parser) scoped(n *name) expr {
	if p.tok.is("datascope") && p.peek(1).sign("=") {
		p.advance()
		p.advance()
		p.advance()
	}
	return n
}

// bracketed reads [pattern*], and ["name"] that is no plain name.
func (p *parser) bracketed() expr {
	open := p.tok
	p.advance()
	if w := p.wildcard(); w != nil {
		p.close(open)
		return w
	}
	index := p.need(p.unnamed(), "a name in quotes")
	p.close(open)
	return &group{item: index, span: p.since(open.start)}
}

// constant reads a literal. Strings that stand next to each other are one.
func (p *parser) constant() expr {
	t := p.tok
	p.advance()
	e := &literal{value: t.text, raw: p.text[t.start:t.end], span: t.span()}
	switch t.kind {
	case kString:
		e.kind = litString
		if p.tok.kind == kString && !p.failed {
			var b strings.Builder
			b.WriteString(t.text)
			for p.tok.kind == kString && !p.failed {
				b.WriteString(p.tok.text)
				p.advance()
			}
			e.value, e.span, e.joined = b.String(), p.since(t.start), true
			e.raw = p.text[e.span.Start:e.span.End]
			p.query.Joined = append(p.query.Joined, e.span)
		}
	case kLong, kReal:
		e.kind, e.value = litNumber, decimal(t.text)
	case kTimespan:
		e.kind = litTimespan
	case kBool:
		e.kind, e.value = litBool, strings.ToLower(t.text)
	case kTyped:
		e.kind = litTyped
		kind, inner, _ := strings.Cut(t.text, "(")
		inner = strings.TrimSpace(strings.TrimSuffix(inner, ")"))
		switch {
		case inner == "null":
			e.kind, e.value = litNull, ""
		case kind == "bool":
			e.kind, e.value = litBool, strings.ToLower(inner)
		case kind == "datetime", kind == "date":
			e.value = inner
		case kind == "time", kind == "timespan":
			e.kind, e.value = litTimespan, strings.Trim(inner, `"'`)
		case kind == "guid":
			e.value = strings.Trim(inner, `"'`)
		default:
			e.kind, e.value = litNumber, decimal(inner)
		}
	}
	return e
}

// parenthesized reads (x), where x may be a pipeline.
func (p *parser) parenthesized() expr {
	open := p.tok
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	p.advance()
	p.level++
	item := p.need(p.expression(), "an expression")
	p.level--
	p.close(open)
	return &group{item: item, span: p.since(open.start)}
}

// tabular reads materialize(T | …), toscalar(T | …) and totable(T | …).
func (p *parser) tabular() expr {
	t := p.tok
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	p.advance()
	if p.tok.is("kind") {
		p.options()
	}
	e := &call{function: strings.ToLower(t.text), named: rule.Text{Value: t.text, Span: t.span()}}
	open := p.tok
	p.require("(")
	p.level++
	e.args = []expr{p.need(p.expression(), "a query")}
	p.level--
	p.close(open)
	e.span = p.since(t.start)
	return e
}

// call reads the arguments of a function.
func (p *parser) call(n rule.Text) expr {
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	open := p.tok
	p.require("(")
	e := &call{function: strings.ToLower(n.Value), named: n}
	p.level++
	e.args = p.list(false, false, p.argument)
	p.level--
	p.close(open)
	e.span = p.since(n.Span.Start)
	p.query.calls = append(p.query.calls, e)
	return e
}

func (p *parser) argument() expr {
	if p.tok.sign("*") && (p.peek(1).sign(")") || p.peek(1).sign(",")) {
		t := p.tok
		p.advance()
		return &wildcard{text: "*", span: t.span()}
	}
	return p.namedExpression()
}

func (p *parser) typeOf() expr {
	t := p.tok
	p.advance()
	open := p.tok
	p.advance()
	for !p.failed && !p.tok.sign(")") && p.tok.kind != kEOF {
		switch {
		case p.tok.sign("*"), p.tok.kind == kIdent, p.tok.kind == kKeyword, p.tok.sign(":"), p.tok.sign(","):
			p.advance()
		default:
			if n := p.nameLength(0); n > 0 {
				p.readName(n)
				continue
			}
			p.unexpected("a type")
		}
	}
	p.close(open)
	return &other{span: p.since(t.start)}
}
