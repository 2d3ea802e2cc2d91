package esql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// The grammar of expressions is Elasticsearch's parser/Expression.g4: NOT
// binds tightest of the logical operators, then AND, then OR; IN, LIKE, RLIKE,
// IS NULL and ":" stand between a value and the logical operators;
// comparisons do not chain.

// enter counts a level of nesting and reports false when there are too many.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > maxDepth {
		p.fail(p.tok.span(), "expression is nested deeper than %d levels", maxDepth)
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

// boolean reads a condition.
func (p *parser) boolean() expr { return p.chain(true) }

// chain reads what "or", or "and", joins.
func (p *parser) chain(or bool) expr {
	word := "and"
	operand := p.not
	if or {
		word = "or"
		operand = func() expr { return p.chain(false) }
	}
	first := operand()
	if p.failed || !p.tok.is(word) {
		return first
	}
	all := &logical{or: or, items: []expr{first}}
	for p.tok.is(word) && !p.failed {
		operator := p.tok
		p.advance()
		if p.atEnd() {
			p.fail(operator.span(), "unexpected %q at the end of a condition, expected a condition after it", operator.text)
			break
		}
		all.items = append(all.items, operand())
	}
	all.span = p.since(first.place().Start)
	return all
}

// not reads a condition with the negations in front of it.
func (p *parser) not() expr {
	if !p.tok.is("not") {
		return p.predicate()
	}
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	start := p.tok
	p.advance()
	if p.atEnd() {
		p.fail(start.span(), "unexpected %q at the end of a condition, expected a condition after it", start.text)
		return nothing
	}
	item := p.not()
	return &negation{item: item, span: p.since(int32(start.start))}
}

// comparisons has the operators that compare two values.
var comparisons = map[string]bool{"==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "=~": true}

// predicate reads a value, what it is compared with, and IN, LIKE and the
// like after it.
func (p *parser) predicate() expr {
	left := p.value()
	if p.failed {
		return left
	}
	if p.tok.kind == kSign && comparisons[p.tok.text] {
		left = p.compare(left)
		if !p.failed && p.tok.kind == kSign && comparisons[p.tok.text] {
			p.fail(p.tok.span(), "unexpected %q, comparisons do not chain; expected \"and\" or \"or\"", p.tok.text)
		}
	}
	for !p.failed {
		next, ok := p.suffix(left)
		if !ok {
			break
		}
		left = next
	}
	return left
}

func (p *parser) compare(left expr) expr {
	operator := p.tok
	p.advance()
	if p.atEnd() {
		p.fail(operator.span(), "unexpected end after %q, expected a value to compare with", operator.text)
		return left
	}
	if p.tok.sign("=") {
		p.fail(p.tok.span(), `unexpected "=" after %q`, operator.text)
		return left
	}
	if operator.text == "<" && p.tok.sign(">") {
		p.fail(rule.Span{Start: int32(operator.start), End: int32(p.tok.end)}, `unexpected "<>", expected "!="`)
		return left
	}
	open := p.tok
	right := p.value()
	if p.failed && open.sign("(") && p.listed && (operator.text == "==" || operator.text == "!=") {
		p.rephrase(operator.span(), "%q compares with one value, expected %q before a list", operator.text,
			map[string]string{"==": "in", "!=": "not in"}[operator.text])
	}
	return &comparison{operator: operator.text, left: left, right: right, span: p.since(left.place().Start)}
}

// suffix reads one of the operators that follow a value.
func (p *parser) suffix(left expr) (expr, bool) {
	start := left.place().Start
	t := p.tok
	switch {
	case t.sign(":"):
		p.advance()
		right := p.value()
		return &comparison{operator: ":", left: left, right: right, span: p.since(start)}, true
	case t.is("is"):
		p.advance()
		e := &presence{item: left}
		if p.tok.is("not") {
			e.negated = true
			p.advance()
		}
		if !p.tok.is("null") {
			p.fail(p.here(), `unexpected %s after "is", expected "null" or "not null"`, p.found())
			return left, false
		}
		p.advance()
		e.span = p.since(start)
		return e, true
	case t.is("not"):
		if after := p.lex.next(p.tok.end); !after.is("in") && !after.is("like") && !after.is("rlike") {
			p.fail(t.span(), `unexpected %q, expected "in", "like" or "rlike" after "not" here, or "and" before it`, t.text)
			return left, false
		}
		p.advance()
		return p.listing(left, true), true
	case t.is("in"), t.is("like"), t.is("rlike"):
		return p.listing(left, false), true
	}
	return left, false
}

// listing reads IN, LIKE or RLIKE and what they compare with.
func (p *parser) listing(left expr, negated bool) expr {
	operator, start := p.tok, left.place().Start
	word := strings.ToLower(operator.text)
	p.advance()
	if word != "in" {
		e := &matching{item: left, negated: negated, regex: word == "rlike"}
		open := p.tok
		if !open.sign("(") {
			e.patterns = []expr{p.patternOf(operator)}
			e.span = p.since(start)
			return e
		}
		p.advance()
		e.patterns = p.list(open, func() expr { return p.patternOf(operator) })
		e.span = p.since(start)
		return e
	}
	e := &membership{item: left, negated: negated, operator: "in"}
	if negated {
		e.operator = "not in"
	}
	open := p.tok
	if !open.sign("(") {
		p.fail(p.here(), `unexpected %s after %q, expected "(" before a list of values`, p.found(), operator.text)
		return left
	}
	p.advance()
	if p.startsQuery() {
		e.subquery = p.nested(open)
	} else {
		e.list = p.list(open, p.boolean)
	}
	e.span = p.since(start)
	return e
}

// patternOf reads the pattern of LIKE or RLIKE, which must be a constant.
func (p *parser) patternOf(operator token) expr {
	if p.tok.kind != kString && p.tok.kind != kParam {
		p.fail(p.here(), "unexpected %s after %q, expected a pattern in double quotes", p.found(), operator.text)
		return nothing
	}
	pattern := p.primary()
	if l, ok := pattern.(*literal); ok && l.kind == litString && operator.is("like") {
		p.checkEscapes(l)
	}
	return pattern
}

// checkEscapes says where Elasticsearch refuses a pattern of LIKE: the string is
// read first, and in what it stands for a backslash may only stand before a
// wildcard or another backslash.
func (p *parser) checkEscapes(l *literal) {
	for i := 0; i < len(l.value); i++ {
		if l.value[i] != '\\' {
			continue
		}
		if i++; i < len(l.value) && strings.IndexByte(`*?\`, l.value[i]) >= 0 {
			continue
		}
		four := `\\\\ for each in "…"`
		if strings.HasPrefix(l.raw, `"""`) {
			four = `\\ for each`
		}
		message := fmt.Sprintf(`a backslash in the pattern of "like" stands before %s, expected "*", "?" or another backslash there; write %s`, after(l.value[i:]), four)
		p.problems = append(p.problems, query.Problem{Span: l.span, Message: message})
		return
	}
}

// after names what stands behind a backslash.
func after(rest string) string {
	if rest == "" {
		return "the end"
	}
	_, n := utf8.DecodeRuneInString(rest)
	return strconv.Quote(rest[:n])
}

// list reads what stands between commas up to the parenthesis that closes open.
func (p *parser) list(open token, item func() expr) []expr {
	if p.tok.sign(")") {
		p.fail(rule.Span{Start: int32(open.start), End: int32(p.tok.end)}, `list "()" is empty, expected at least one value`)
		return nil
	}
	var items []expr
	for !p.failed {
		items = append(items, item())
		if p.failed || !p.comma(open) {
			break
		}
	}
	p.close(open, ")")
	return items
}

// comma reads a comma between two values and reports whether there was one.
func (p *parser) comma(open token) bool {
	switch {
	case p.tok.sign(","):
		comma := p.tok
		p.advance()
		if p.tok.sign(")") || p.tok.sign("]") || p.tok.sign("}") {
			p.fail(comma.span(), `unexpected "," before %q, expected another value`, p.tok.text)
			return false
		}
		return true
	case startsValue(p.tok) && !p.command(p.tok) && !p.tok.is("by"):
		p.fail(p.here(), `unexpected %s, expected "," or %q before it`, p.found(), closers[open.text])
	}
	return false
}

var closers = map[string]string{"(": ")", "[": "]", "{": "}"}

// close reads the bracket that closes open.
func (p *parser) close(open token, sign string) {
	if p.failed {
		return
	}
	switch {
	case p.tok.sign(sign):
		p.advance()
	case p.atEnd() || p.tok.kind == kIdent && p.command(p.tok):
		p.fail(open.span(), "%q is never closed, expected %q", open.text, sign)
	default:
		p.fail(p.here(), "unexpected %s, expected %q", p.found(), sign)
	}
}

// value reads an operatorExpression: sums of products of signed values.
func (p *parser) value() expr {
	return p.terms("+", "-", func() expr { return p.terms("*/", "%", p.signed) })
}

// terms reads a chain of arithmetic of one precedence.
func (p *parser) terms(some, other string, operand func() expr) expr {
	first := operand()
	var all *arithmetic
	for !p.failed && p.tok.kind == kSign && len(p.tok.text) == 1 && strings.Contains(some+other, p.tok.text) {
		if all == nil {
			all = &arithmetic{items: []expr{first}}
		}
		operator := p.tok
		p.advance()
		if p.atEnd() {
			p.fail(operator.span(), "unexpected end after %q, expected a value", operator.text)
			break
		}
		all.operators = append(all.operators, operator.text)
		all.items = append(all.items, operand())
	}
	if all == nil {
		return first
	}
	all.span = p.since(first.place().Start)
	return all
}

// signed reads a value with its signs and casts.
func (p *parser) signed() expr {
	if p.tok.sign("-") || p.tok.sign("+") {
		if !p.enter() {
			return nothing
		}
		defer p.leave()
		sign := p.tok
		p.advance()
		item := p.signed()
		if sign.text == "+" || p.failed {
			return item
		}
		if n, ok := item.(*literal); ok && (n.kind == litNumber || n.kind == litSpan) {
			n.value, n.raw, n.span = "-"+n.value, "-"+n.raw, p.since(int32(sign.start))
			return n
		}
		return &minus{item: item, span: p.since(int32(sign.start))}
	}
	return p.casts(p.primary())
}

// casts reads the casts after a value.
func (p *parser) casts(item expr) expr {
	if p.failed || !p.tok.sign("::") {
		return item
	}
	e := &cast{item: item}
	for p.tok.sign("::") {
		p.advance()
		if p.tok.kind != kIdent && p.tok.kind != kQuoted {
			p.fail(p.here(), `unexpected %s after "::", expected a type`, p.found())
			break
		}
		e.types = append(e.types, strings.ToLower(p.tok.text))
		p.advance()
	}
	e.span = p.since(item.place().Start)
	return e
}
