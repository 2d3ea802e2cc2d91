package eql

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/rule"
)

// or reads a condition. From the loosest to the tightest: or, and, not,
// comparison, + and -, * and / and %, sign.
func (p *parser) or() Expr { return p.logical("or", "||", p.and) }

func (p *parser) and() Expr { return p.logical("and", "&&", p.not) }

func (p *parser) logical(keyword, foreign string, operand func() Expr) Expr {
	start := p.tok.start
	first := operand()
	var all *Logical
	for !p.failed {
		at := p.tok.span()
		if p.is(foreign) {
			p.report(at, "unexpected %s, expected %s", quote(foreign), quote(keyword))
			p.next()
		} else if !p.take(keyword) {
			break
		}
		if !p.startsOperand(p.tok) {
			p.noOperand(at, keyword)
			break
		}
		if all == nil {
			all = &Logical{Or: keyword == "or", Operands: []Expr{first}}
		}
		all.Operands = append(all.Operands, operand())
	}
	if all == nil {
		return first
	}
	all.Span = p.since(start)
	return all
}

func (p *parser) not() Expr {
	start := p.tok
	negated := p.means(start, "not") && (p.peek(1).kind != sign || !p.isComparison(p.peek(1))) && !p.isSign(p.peek(1), ".")
	foreign := p.is("!")
	if !negated && !foreign {
		return p.comparison()
	}
	if !p.deeper() {
		return nil
	}
	defer p.leave()
	before := p.subqueries
	if foreign {
		p.report(start.span(), `unexpected "!", expected "not"`)
		p.next()
	} else {
		p.take("not")
	}
	if !p.startsOperand(p.tok) {
		p.noOperand(start.span(), "not")
		return nil
	}
	operand := p.not()
	return &Not{Operand: operand, Span: p.since(start.start), subquery: p.subqueries > before}
}

// comparison reads a value, and what it is compared with if anything.
func (p *parser) comparison() Expr {
	start := p.tok.start
	left := p.sum()
	if p.failed {
		return left
	}
	c := &Comparison{Left: left}
	if !p.operator(c) || p.failed {
		return left
	}
	p.right(c)
	c.Span = p.since(start)
	if !p.failed {
		p.hyphen(c)
		if p.isComparison(p.tok) && !p.means(p.tok, "not") {
			p.fail(p.tok.span(), `unexpected %s, comparisons cannot be chained: expected "and" and the field again`, quote(p.slice(p.tok)))
		}
	}
	return c
}

// wordOperators are the operators that are words, and may have a list.
var wordOperators = []string{"in", "in~", "like", "like~", "regex", "regex~"}

// operator reads an operator, if there is one.
func (p *parser) operator(c *Comparison) bool {
	t := p.tok
	s := p.slice(t)
	switch t.kind {
	case sign:
		switch s {
		case "==", "<", "<=", ">", ">=", ":":
		case "!=":
			c.Negated = true
		default:
			meant, ok := foreignOperators[s]
			if !ok {
				return false
			}
			p.report(t.span(), "unexpected %s, %s", quote(s), meant.say)
			s, c.Negated = meant.read, meant.negated
		}
		p.next()
		c.Operator = rule.Text{Value: s, Span: t.span()}
		return true
	case word, insensitive:
		for _, keyword := range wordOperators {
			if p.take(keyword) {
				c.Operator = rule.Text{Value: keyword, Span: t.span()}
				return true
			}
		}
		if p.means(t, "not") {
			return p.negatedOperator(c)
		}
		return p.foreignWord(c)
	}
	return false
}

// negatedOperator reads "not in"; no other operator is negated this way in
// the grammar.
func (p *parser) negatedOperator(c *Comparison) bool {
	after := p.peek(1)
	if !p.isComparison(after) || p.means(after, "not") {
		return false
	}
	sp := rule.Span{Start: p.tok.start, End: after.end}
	name := strings.ToLower(p.slice(after))
	if !p.means(after, "in") && !p.means(after, "in~") {
		at := c.Left.Place()
		p.report(sp, `unexpected "not %s", expected "not" before the field: not %s %s`, name, p.text[at.Start:min(at.End, at.Start+maxQuoted)], name)
	}
	p.take("not")
	ok := p.operator(c)
	c.Negated = !c.Negated
	c.Operator.Span = sp
	return ok
}

// right reads the right side of a comparison.
func (p *parser) right(c *Comparison) {
	op := c.Operator
	list := op.Value == ":" || slices.Contains(wordOperators, op.Value)
	open := p.tok
	wrong := !list && p.listAhead()
	switch {
	case wrong:
		instead := `"in" or ":"`
		if c.Negated {
			instead = `"not in"`
		}
		p.report(op.Span, "%s takes one value, expected %s for a list", quote(p.text[op.Span.Start:op.Span.End]), instead)
		fallthrough
	case list && p.is("("):
		p.next()
		c.List = true
		c.Right = p.values(open)
	case strings.HasPrefix(op.Value, "in"):
		if !p.startsOperand(p.tok) {
			p.noValue(op)
			return
		}
		p.report(p.tok.span(), `expected a list in parentheses after %s, found %s`, quote(op.Value), p.found())
		c.Right = []Expr{p.sum()}
	case !p.startsOperand(p.tok) && !p.is("-") && !p.is("+"):
		p.noValue(op)
	default:
		c.Right = []Expr{p.sum()}
	}
}

// listAhead reports whether a list of constants begins here.
func (p *parser) listAhead() bool {
	first := p.peek(1)
	return p.is("(") && p.isSign(p.peek(2), ",") && (p.isText(first) || first.kind == number)
}

// values reads a list up to its closing parenthesis.
func (p *parser) values(open token) []Expr {
	if p.is(")") {
		p.report(rule.Span{Start: open.start, End: p.tok.end}, "list is empty, expected one value or more")
		p.next()
		return nil
	}
	return p.items(open, p.sum, "list")
}

// items reads what stands between commas up to the closing parenthesis.
func (p *parser) items(open token, item func() Expr, what string) []Expr {
	var all []Expr
	for !p.failed {
		if p.is(",") {
			p.report(p.tok.span(), `unexpected ",", expected a value before it`)
			p.next()
			continue
		}
		all = append(all, item())
		at := p.tok.span()
		switch {
		case p.failed:
		case p.is(")"):
			p.next()
			return all
		case p.is(","):
			p.next()
			if p.is(")") {
				p.report(at, `unexpected "," before the end of the %s`, what)
				p.next()
				return all
			}
		case p.means(p.tok, "or") || p.means(p.tok, "and"):
			p.report(at, `unexpected %s in a %s, expected ","`, p.found(), what)
			p.next()
		case p.tok.start == p.end && p.tok.kind != end && p.isText(p.toks[p.i-1]):
			p.fail(at, `unexpected %s right after %s, is a quote too much or not escaped as \"?`, p.found(), short(p.slice(p.toks[p.i-1])))
		case p.isText(p.tok) || p.tok.kind == number:
			p.report(at, `expected "," before %s`, p.found())
		default:
			p.notClosed(open, ")", `"," or ")"`)
		}
	}
	return all
}

// hyphen reports a subtraction that was meant as a name: a-b == "x".
func (p *parser) hyphen(c *Comparison) {
	sum, ok := c.Left.(*Arithmetic)
	if !ok || len(c.Right) == 0 {
		return
	}
	if _, ok := c.Right[0].(*String); !ok {
		return
	}
	name := p.text[sum.Span.Start:sum.Span.End]
	for _, e := range sum.Operands {
		if _, ok := e.(*Field); !ok {
			return
		}
	}
	if strings.Trim(string(sum.Operators), "-") == "" && !strings.ContainsAny(name, " \t\r\n") {
		p.report(sum.Span, "%s is read as a subtraction, a name with a hyphen must be in backticks: `%s`", short(name), cut(name))
	}
}

func (p *parser) sum() Expr { return p.chain(p.product, "+-") }

func (p *parser) product() Expr { return p.chain(p.unary, "*/%") }

// chain reads operands with operators of one precedence between them.
func (p *parser) chain(operand func() Expr, operators string) Expr {
	start := p.tok.start
	first := operand()
	var all *Arithmetic
	for !p.failed && p.tok.kind == sign && p.tok.end-p.tok.start == 1 && strings.IndexByte(operators, p.text[p.tok.start]) >= 0 {
		if all == nil {
			all = &Arithmetic{Operands: []Expr{first}}
		}
		all.Operators = append(all.Operators, p.text[p.tok.start])
		p.next()
		all.Operands = append(all.Operands, operand())
	}
	if all == nil {
		return first
	}
	all.Span = p.since(start)
	return all
}

func (p *parser) unary() Expr {
	start := p.tok.start
	negative := p.is("-")
	if !negative && !p.is("+") {
		return p.methods()
	}
	p.next()
	if p.tok.kind == number {
		return p.number(negative, start)
	}
	if !p.deeper() {
		return nil
	}
	defer p.leave()
	operand := p.unary()
	if !negative {
		return operand
	}
	return &Negative{Operand: operand, Span: p.since(start)}
}

// methods reads a value and the methods called on it: name:length(). There is
// no blank in :length( (python-eql's grammar), so that it is no comparison.
func (p *parser) methods() Expr {
	start := p.tok.start
	e := p.primary()
	depth := p.depth
	for !p.failed && p.is(":") && p.tok.end == p.peek(1).start && p.peek(1).kind == word && p.peek(1).end == p.peek(2).start && p.isSign(p.peek(2), "(") {
		if !p.deeper() {
			break
		}
		p.next()
		e = p.call(e, start)
	}
	p.depth = depth
	return e
}

// checkCall looks at the name and the number of arguments of a call.
func (p *parser) checkCall(c *Call) {
	f, ok := known(c.Name.Value)
	if !ok {
		if strings.HasPrefix(c.Name.Value, "_") || len(p.problems) >= maxProblems {
			return
		}
		if meant := near.Word(c.Name.Value, names); meant != "" {
			p.report(c.Name.Span, "unknown function %s, did you mean %s?", short(c.Name.Value), quote(meant))
		} else {
			p.report(c.Name.Span, "unknown function %s", short(c.Name.Value))
		}
		return
	}
	n := len(c.Args)
	switch {
	case n >= f.min && n <= f.max:
	case f.max == unlimited:
		p.report(c.Span, "function %s has %d arguments, expected %d or more", quote(f.name), n, f.min)
	case f.min == f.max:
		p.report(c.Span, "function %s has %d arguments, expected %d", quote(f.name), n, f.min)
	default:
		p.report(c.Span, "function %s has %d arguments, expected %d to %d", quote(f.name), n, f.min, f.max)
	}
}
