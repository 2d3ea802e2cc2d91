package kql

import (
	"github.com/detlint/detlint/rule"
)

// The grammar of expressions is that of Microsoft's parser: string operators
// bind tightest, then * / %, + -, < and >, == and the lists, "and", "or". None
// but arithmetic, "and" and "or" chains.

// namedExpression reads a value that may have a name: a = x, (a, b) = x. It is
// nil when none begins here.
func (p *parser) namedExpression() expr {
	if p.failed {
		return nil
	}
	if n := p.renameLength(0); n > 0 && p.peek(n).sign("=") {
		start := p.tok.start
		text := p.readName(n)
		p.advance()
		value := p.need(p.unnamed(), "a value")
		return &named{names: []rule.Text{text}, value: value, span: p.since(start)}
	}
	if n := p.dashedLength(); n > 0 && p.peek(n).sign("=") {
		span := p.across(p.tok, p.peek(n-1))
		text := p.text[span.Start:span.End]
		p.fail(span, "%q is no name, expected ['%s']", text, text)
		return nothing
	}
	if p.tok.sign("(") {
		if names, n := p.renames(); n > 0 {
			start := p.tok.start
			for range n + 1 {
				p.advance()
			}
			value := p.need(p.unnamed(), "a value")
			return &named{names: names, value: value, span: p.since(start)}
		}
	}
	return p.unnamed()
}

// dashedLength is the length of a name with dashes in it, which must be in
// brackets.
func (p *parser) dashedLength() int {
	if k := p.tok.kind; k != kIdent && k != kKeyword {
		return 0
	}
	n, dash := 1, p.tok.kind == kKeyword && !extended[p.tok.text]
	for t := p.peek(n); t.glued && (t.kind == kIdent || t.kind == kKeyword || t.sign("-")); t = p.peek(n) {
		dash = dash || t.sign("-")
		n++
	}
	if !dash {
		return 0
	}
	return n
}

// maxNames bounds how many names stand in front of one "=".
const maxNames = 1000

// renames reads ahead whether "(a, b) =" stands here, and returns the names
// and the number of tokens in front of "=".
func (p *parser) renames() ([]rule.Text, int) {
	var names []rule.Text
	n := 1
	for len(names) < maxNames {
		length := p.renameLength(n)
		if length == 0 {
			return nil, 0
		}
		from := p.peek(n)
		text := from.text
		if length > 1 {
			text = p.peek(n + 1).text
		}
		names = append(names, rule.Text{Value: text, Span: p.across(from, p.peek(n+length-1))})
		n += length
		if p.peek(n).sign(")") && p.peek(n+1).sign("=") {
			return names, n + 1
		}
		if !p.peek(n).sign(",") {
			return nil, 0
		}
		n++
	}
	return nil, 0
}

// unnamed reads a value or a condition, nil when none begins here.
func (p *parser) unnamed() expr {
	if p.failed {
		return nil
	}
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	return p.chain(true)
}

// chain reads what "or", or "and", joins.
func (p *parser) chain(or bool) expr {
	word, operand := "and", p.equality
	if or {
		word, operand = "or", func() expr { return p.chain(false) }
	}
	first := operand()
	if first == nil || p.failed || !p.tok.is(word) {
		return first
	}
	all := &logical{or: or, items: []expr{first}}
	for p.word(word) {
		all.items = append(all.items, p.need(operand(), "a condition"))
	}
	all.span = p.since(first.place().Start)
	return all
}

// equality reads ==, the lists, and "between".
func (p *parser) equality() expr {
	if p.tok.sign("*") && p.peek(1).sign("==") {
		return p.compare(p.star(), p.relational)
	}
	left := p.relational()
	if left == nil || p.failed {
		return left
	}
	t := p.tok
	if t.kind == kSign {
		switch t.text {
		case "==", "!=", "<>":
			return p.compare(left, p.relational)
		}
		return left
	}
	if t.kind != kKeyword {
		return left
	}
	switch t.text {
	case "in":
		if p.peek(1).is("range") {
			return left
		}
		return p.membership(left)
	case "in~", "!in", "!in~", "has_any", "has_all":
		return p.membership(left)
	case "between", "!between":
		p.advance()
		e := &between{item: left, negated: t.text == "!between"}
		open := p.tok
		p.require("(")
		e.low = p.need(p.unnamed(), "the lower bound")
		p.require("..")
		e.high = p.need(p.unnamed(), "the upper bound")
		p.close(open)
		e.span = p.since(left.place().Start)
		return e
	}
	return left
}

func (p *parser) star() expr {
	t := p.tok
	p.advance()
	return &wildcard{text: "*", span: t.span()}
}

// compare reads an operator and its right side.
func (p *parser) compare(left expr, operand func() expr) expr {
	operator := p.tok.text
	p.advance()
	right := p.need(operand(), "a value to compare with")
	return &comparison{operator: operator, left: left, right: right, span: p.since(left.place().Start)}
}

// membership reads a list operator and its values, or the query in their
// place.
func (p *parser) membership(left expr) expr {
	e := &membership{item: left, operator: p.tok.text}
	p.advance()
	open := p.tok
	p.require("(")
	if p.failed {
		return left
	}
	p.level++
	if open.pipes || p.startsPipeline() {
		e.list = []expr{p.need(p.expression(), "a query")}
	} else {
		e.list = p.list(true, false, p.unnamed)
	}
	p.level--
	p.close(open)
	e.span = p.since(left.place().Start)
	return e
}

func (p *parser) relational() expr {
	left := p.terms(true)
	if left == nil || p.failed || p.tok.kind != kSign {
		return left
	}
	switch p.tok.text {
	case "<", "<=", ">", ">=":
		return p.compare(left, func() expr { return p.terms(true) })
	}
	return left
}

// terms reads a chain of sums, or of products.
func (p *parser) terms(sum bool) expr {
	operand, some, other, third := p.stringOperation, "*", "/", "%"
	if sum {
		operand, some, other, third = func() expr { return p.terms(false) }, "+", "-", ""
	}
	first := operand()
	if first == nil || p.failed {
		return first
	}
	var all *arithmetic
	for !p.failed && p.tok.kind == kSign && (p.tok.text == some || p.tok.text == other || p.tok.text == third) {
		if all == nil {
			all = &arithmetic{items: []expr{first}}
		}
		all.operators = append(all.operators, p.tok.text)
		p.advance()
		all.items = append(all.items, p.need(operand(), "a value"))
	}
	if all == nil {
		return first
	}
	all.span = p.since(first.place().Start)
	return all
}

func (p *parser) isStringOperator(t *token) bool {
	switch t.kind {
	case kKeyword:
		return stringOperators[t.text] || t.text == "matches regex"
	case kSign:
		return t.text == "=~" || t.text == "!~" || t.text == ":"
	}
	return false
}

// stringOperation reads a comparison of two texts.
func (p *parser) stringOperation() expr {
	if p.tok.sign("*") && p.isStringOperator(p.peek(1)) {
		return p.compare(p.star(), p.signedValue)
	}
	left := p.signedValue()
	if left == nil || p.failed || !p.isStringOperator(p.tok) || p.tok.sign(":") && p.peek(1).sign("=") {
		return left
	}
	return p.compare(left, p.signedValue)
}

// signedValue reads a value with its sign.
func (p *parser) signedValue() expr {
	if t := p.tok; t.sign("-") || t.sign("+") {
		p.advance()
		return p.signed(t, p.need(p.selected(), "a value"))
	}
	return p.selected()
}

// selected reads a value and the path into it.
func (p *parser) selected() expr {
	e := p.primary()
	if e == nil || p.failed {
		return e
	}
	start := e.place().Start
	steps := 0
	for !p.failed {
		if l, ok := e.(*literal); ok && l.kind == litNumber && p.tok.sign(".") && p.peek(1).kind == kLong {
			break // 1 . 2 is meant to be 1 .. 2
		}
		if p.tok.sign(".") || p.tok.sign("[") {
			if steps++; steps > maxDepth {
				p.fail(p.tok.span(), "path has more than %d parts", maxDepth)
				break
			}
		}
		switch {
		case p.take("."):
			part, dotted := p.part()
			if dotted {
				e = &element{item: e, index: part, dotted: true, span: p.since(start)}
			} else {
				e = &path{item: e, part: part, span: p.since(start)}
			}
			continue
		case p.tok.sign("["):
			open := p.tok
			p.advance()
			index := p.need(p.unnamed(), "an index")
			p.close(open)
			e = &element{item: e, index: index, span: p.since(start)}
			continue
		}
		break
	}
	return e
}

// part reads what follows a dot: a name, a call, an index in brackets.
func (p *parser) part() (e expr, indexed bool) {
	n := p.nameLength(0)
	switch {
	case n > 1 && p.tok.sign("[") && !p.peek(n).sign("("):
		open := p.tok
		p.advance()
		index := p.constant()
		p.close(open)
		return index, true
	case n > 0:
		text := p.readName(n)
		if p.tok.sign("(") {
			return p.call(text), false
		}
		return &name{text: text.Value, span: text.Span}, false
	case p.tok.kind == kKeyword && special[p.tok.text]:
		t := p.tok
		p.advance()
		return &name{text: t.text, span: t.span()}, false
	case p.tok.sign("["):
		open := p.tok
		p.advance()
		if w := p.wildcard(); w != nil {
			p.close(open)
			return w, true
		}
		index := p.need(p.unnamed(), "an index")
		p.close(open)
		return index, true
	}
	return p.need(nil, "a name after the dot"), false
}
