package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// expr is an expression of where and eval. Places are those of the query.
type expr interface{ place() rule.Span }

type (
	number struct {
		text string
		span rule.Span
	}
	// str is a string; text is as between the quotes.
	str struct {
		text string
		span rule.Span
	}
	// name is a field.
	name struct {
		text   string
		quoted bool
		span   rule.Span
	}
	call struct {
		function string // in lower case
		args     []expr
		terms    node // of searchmatch
		span     rule.Span
	}
	// binary is an operator over two expressions; op is in lower case: or, and,
	// xor, like, and the signs.
	binary struct {
		op          string
		left, right expr
		span        rule.Span
	}
	// in is left IN (items).
	in struct {
		left  expr
		items []expr
		span  rule.Span
	}
	not struct {
		item expr
		span rule.Span
	}
	minus struct {
		item expr
		span rule.Span
	}
	group struct {
		item expr
		span rule.Span
	}
	// subquery is a subsearch, whose rows are put in its place as a text.
	subquery struct {
		pipeline *pipeline
		span     rule.Span
	}
	// unknown is a macro that is not known.
	unknown struct {
		macro   string
		neutral bool
		span    rule.Span
	}
)

func (e *number) place() rule.Span   { return e.span }
func (e *str) place() rule.Span      { return e.span }
func (e *name) place() rule.Span     { return e.span }
func (e *call) place() rule.Span     { return e.span }
func (e *binary) place() rule.Span   { return e.span }
func (e *in) place() rule.Span       { return e.span }
func (e *not) place() rule.Span      { return e.span }
func (e *minus) place() rule.Span    { return e.span }
func (e *group) place() rule.Span    { return e.span }
func (e *unknown) place() rule.Span  { return e.span }
func (e *subquery) place() rule.Span { return e.span }

// maxOperators bounds the expressions of one command. Chains of operators are as
// deep as they are long.
const maxOperators = 10_000

// expression reads an expression from the position on. The token after it is
// in p.tok. NOT binds before AND, AND before OR, OR before XOR (search
// reference, "where").
func (p *parser) expression() expr {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	start := p.tok.start
	left := p.disjunction()
	for p.tok.word("XOR") {
		left = p.infix("xor", start, left, p.disjunction)
	}
	return left
}

func (p *parser) disjunction() expr {
	start := p.tok.start
	left := p.conjunction()
	for p.tok.word("OR") {
		left = p.infix("or", start, left, p.conjunction)
	}
	return left
}

func (p *parser) conjunction() expr {
	start := p.tok.start
	left := p.negation()
	for p.tok.word("AND") {
		left = p.infix("and", start, left, p.negation)
	}
	return left
}

// infix reads the right side of an operator, which is the token at hand.
func (p *parser) infix(op string, start int, left expr, right func() expr) expr {
	operator := p.tok
	if p.operators++; p.operators > maxOperators {
		p.fail(operator.start, operator.end, "the expression has more than %d operators", maxOperators)
		return left
	}
	p.advance()
	if p.tok.kind == tEnd || p.tok.is(")") || p.tok.is(",") {
		p.fail(operator.start, operator.end, "nothing stands after %s, expected a value", short(p.text[operator.start:operator.end]))
		return left
	}
	r := right()
	return &binary{op: op, left: left, right: r, span: p.place(start, p.last(start))}
}

// last is the end of what was read, before the token at hand.
func (p *parser) last(start int) int {
	end := p.tok.start
	for end > start && isBlank(p.text[end-1]) {
		end--
	}
	return end
}

func (p *parser) negation() expr {
	if !p.tok.word("NOT") || p.called() {
		return p.compared()
	}
	if !p.enter() {
		return nil
	}
	defer p.leave()
	operator := p.tok
	p.advance()
	if p.tok.kind == tEnd || p.tok.is(")") || p.tok.is(",") {
		p.fail(operator.start, operator.end, `nothing stands after %s, expected a condition`, short(operator.text))
		return nil
	}
	item := p.negation()
	return &not{item: item, span: p.place(operator.start, p.last(operator.start))}
}

// called reports whether the word at hand is compared or assigned, so that it
// is a field, whatever it is called.
func (p *parser) called() bool {
	at := p.pos
	defer func() { p.pos = at }()
	return p.blank() && strings.IndexByte("=<>", p.peek()) >= 0
}

func (p *parser) compared() expr {
	start := p.tok.start
	left := p.sum()
	negated := false
	operator := p.tok
	if p.tok.word("NOT") {
		at, tok := p.pos, p.tok
		p.advance()
		if negated = p.tok.word("IN") || p.tok.word("LIKE"); !negated {
			p.pos, p.tok = at, tok
			return left
		}
	}
	var out expr
	switch t := p.tok; {
	case t.word("LIKE"):
		out = p.infix("like", start, left, p.sum)
	case t.word("IN"):
		out = p.inList(start, left)
	case t.kind != tOperator:
		return left
	case t.is("=") || t.is("==") || t.is("!=") || t.is("<") || t.is("<=") || t.is(">") || t.is(">="):
		out = p.infix(t.text, start, left, p.sum)
		if t := p.tok; t.is("=") || t.is("==") || t.is("!=") || t.is("<") || t.is("<=") || t.is(">") || t.is(">=") {
			p.fail(t.start, t.end, "unexpected %s after a comparison, expected AND or OR between two", short(t.text))
		}
	default:
		return left
	}
	if negated {
		out = &not{item: out, span: p.place(operator.start, p.last(operator.start))}
	}
	return out
}

func (p *parser) inList(start int, left expr) expr {
	p.advance()
	open := p.tok
	if !open.is("(") {
		p.unexpected(`"(" after IN`)
		return left
	}
	p.advance()
	items := p.list(open)
	if !p.failed && len(items) == 0 {
		p.fail(open.start, p.tok.start, "the list of values is empty")
	}
	return &in{left: left, items: items, span: p.place(start, p.last(start))}
}

// list reads expressions up to the closing parenthesis, and that.
func (p *parser) list(open token) []expr {
	var items []expr
	for !p.failed && !p.tok.is(")") {
		if p.tok.kind == tEnd {
			p.fail(open.start, open.end, `"(" is never closed, expected ")"`)
			return items
		}
		items = append(items, p.expression())
		switch {
		case p.tok.is(","):
			comma := p.tok
			p.advance()
			if p.tok.is(")") {
				p.fail(comma.start, comma.end, `nothing stands after ",", expected a value`)
			}
		case p.tok.is(")") || p.tok.kind == tEnd:
		default:
			p.unexpected(`"," or ")"`)
		}
	}
	p.advance()
	return items
}

func (p *parser) sum() expr {
	start := p.tok.start
	left := p.product()
	for p.tok.is("+") || p.tok.is("-") || p.tok.is(".") {
		left = p.infix(p.tok.text, start, left, p.product)
	}
	return left
}

func (p *parser) product() expr {
	start := p.tok.start
	left := p.unary()
	for p.tok.is("*") || p.tok.is("/") || p.tok.is("%") {
		left = p.infix(p.tok.text, start, left, p.unary)
	}
	return left
}

func (p *parser) unary() expr {
	if !p.tok.is("-") && !p.tok.is("+") {
		return p.primary()
	}
	if !p.enter() {
		return nil
	}
	defer p.leave()
	operator := p.tok
	p.advance()
	item := p.unary()
	if operator.text == "+" {
		return item
	}
	return &minus{item: item, span: p.place(operator.start, p.last(operator.start))}
}

func (p *parser) primary() expr {
	t := p.tok
	span := p.place(t.start, t.end)
	switch t.kind {
	case tNumber:
		p.advance()
		return &number{t.text, span}
	case tString:
		p.advance()
		return &str{t.text, span}
	case tField:
		if t.quoteless {
			p.fail(t.start, t.start+1, "single quote is never closed, expected ' after the name of a field")
			return nil
		}
		p.advance()
		return &name{t.text, true, span}
	case tMacro:
		p.advance()
		if p.tok.is("(") { // the macro is the name of a function
			open := p.tok
			p.advance()
			p.list(open)
			span = p.place(t.start, p.last(t.start))
		}
		return &unknown{t.text, p.isNeutral(t.text), span}
	case tSub:
		p.advance()
		return &subquery{t.sub, span}
	case tName:
		if (t.word("AND") || t.word("OR") || t.word("XOR")) && !p.called() {
			p.unexpected("a value")
			return nil
		}
		p.advance()
		if p.tok.is("(") {
			open := p.tok
			p.advance()
			args := p.list(open)
			c := &call{function: strings.ToLower(t.text), args: args, span: p.place(t.start, p.last(t.start))}
			if c.function == "searchmatch" && len(args) == 1 && open.end < p.end && !p.failed {
				p.searchmatch(c, open.end)
			}
			return c
		}
		return &name{t.text, false, span}
	case tOperator:
		if t.is("(") {
			return p.parenthesized()
		}
	}
	if t.is("!") {
		p.fail(t.start, t.end, `unexpected "!", expected NOT`)
		return nil
	}
	p.unexpected("a value")
	return nil
}

func (p *parser) parenthesized() expr {
	open := p.tok
	p.advance()
	if p.tok.is(")") {
		p.fail(open.start, p.tok.end, "nothing stands in the parentheses, expected a condition")
		return nil
	}
	item := p.expression()
	if p.failed {
		return item
	}
	if !p.tok.is(")") {
		if p.tok.kind == tEnd {
			p.fail(open.start, open.end, `"(" is never closed, expected ")"`)
		} else {
			p.unexpected(`an operator or ")"`)
		}
		return item
	}
	end := p.tok.end
	p.advance()
	return &group{item, p.place(open.start, end)}
}

// unexpected fails at the token at hand.
func (p *parser) unexpected(expected string) {
	switch t := p.tok; {
	case t.kind == tEnd:
		p.fail(t.start, t.end, "the command ends here, expected %s", expected)
	case t.quoteless:
		p.fail(t.start, t.start+1, "single quote is never closed, expected ' after the name of a field")
	case t.is("&&") || t.is("&"):
		p.fail(t.start, t.end, `unexpected %s, expected AND`, short(t.text))
	case t.is("<>"):
		p.fail(t.start, t.end, `unexpected "<>", expected "!="`)
	default:
		p.fail(t.start, t.end, "unexpected %s, expected %s", short(p.text[t.start:t.end]), expected)
	}
}

// condition reads the expression of a where command, up to its end.
func (p *parser) condition() expr {
	p.advance()
	e := p.expression()
	switch {
	case p.failed || p.tok.kind == tEnd:
	case p.tok.is(")"):
		p.fail(p.tok.start, p.tok.end, `unexpected ")", no "(" stands before it`)
	default:
		p.unexpected("an operator or the end of the command")
	}
	return e
}
