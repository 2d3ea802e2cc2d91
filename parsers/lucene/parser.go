package lucene

import (
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// parser is a recursive-descent parser over the tokens.
type parser struct {
	scanner
	tok   token
	prev  token // the token before tok
	depth int
}

func (p *parser) next() {
	p.prev, p.tok = p.tok, p.scan()
}

func (p *parser) span() rule.Span { return span(p.tok.start, p.tok.end) }

func (p *parser) word() string { return p.text[p.tok.start:p.tok.end] }

// take returns the current token as text and goes on.
func (p *parser) take() rule.Text {
	t := rule.Text{Value: p.word(), Span: p.span()}
	p.next()
	return t
}

// group reads clauses up to the end or a ")".
func (p *parser) group() *Group {
	g := &Group{}
	for !p.failed {
		c := &Clause{}
		if p.tok.kind == and || p.tok.kind == or {
			if len(g.Clauses) == 0 {
				p.fail(p.span(), "unexpected %q, expected a clause before it", p.word())
				return nil
			}
			c.Conjunction = p.take()
		}
		p.clause(c)
		if p.failed {
			return nil
		}
		g.add(c)
		switch p.tok.kind {
		case end, rparen:
			g.Span = rule.Span{Start: g.Clauses[0].Span.Start, End: c.Span.End}
			return g
		case colon, boost, fuzzy:
			p.unexpected()
			return nil
		}
	}
	return nil
}

// add appends a clause by the rules of QueryParserBase.addClause with OR as
// the default operator: AND makes the clauses on both of its sides required, +
// requires and NOT and - prohibit the clause they stand before, and any other
// clause is optional. No operator binds tighter than another.
func (g *Group) add(c *Clause) {
	joined := c.Conjunction.Value == "AND" || c.Conjunction.Value == "&&"
	if n := len(g.Clauses); n > 0 && joined && g.Clauses[n-1].Occur != MustNot {
		g.Clauses[n-1].Occur = Must
	}
	switch {
	case c.Modifier.Value == "+":
		c.Occur = Must
	case c.Modifier.Value != "":
		c.Occur = MustNot
	case joined:
		c.Occur = Must
	}
	g.Clauses = append(g.Clauses, c)
}

// clause reads [modifier] [field:] and a term, range or group.
func (p *parser) clause(c *Clause) {
	start := p.tok.start
	if k := p.tok.kind; k == plus || k == minus || k == not {
		c.Modifier = p.take()
	}
	switch t := p.tok; t.kind {
	case term, star, wild:
		p.next()
		if p.tok.kind != colon {
			c.Node = p.term(t)
			break
		}
		c.Field = p.field(t)
		p.next()
		if p.failed || p.missingValue(c.Field) {
			return
		}
		c.Node = p.operand()
	default:
		c.Node = p.operand()
	}
	if p.failed {
		return
	}
	c.Span = span(start, p.prev.end)
}

// field makes the field of a term that has a colon behind it.
func (p *parser) field(t token) *Field {
	sp := span(t.start, t.end)
	if t.kind == wild {
		at := strings.IndexAny(p.raw(sp), "*?")
		p.fail(sp, `unexpected wildcard in the field %q, expected "\%s"`, p.raw(sp), p.raw(sp)[at:at+1])
		return nil
	}
	return &Field{Text: join(p.decode(sp, false)), Span: sp}
}

// operand reads what a clause asks for.
func (p *parser) operand() Node {
	t := p.tok
	switch t.kind {
	case term, star, wild, quoted, regexpTerm:
		p.next()
		return p.term(t)
	case rangeStart:
		return p.bounds(t)
	case lparen:
		p.depth++
		if p.depth > query.MaxDepth {
			p.fail(p.span(), "query is nested deeper than %d levels", query.MaxDepth)
			return nil
		}
		p.next()
		switch p.tok.kind {
		case end:
			p.unclosed(t)
			return nil
		case rparen:
			p.fail(p.span(), `unexpected ")", expected a clause in the parentheses`)
			return nil
		}
		g := p.group()
		if p.failed {
			return nil
		}
		if p.tok.kind != rparen {
			p.unclosed(t)
			return nil
		}
		p.next()
		p.depth--
		if p.tok.kind == boost {
			p.next()
		}
		g.Span = span(t.start, p.prev.end)
		return g
	}
	p.unexpected()
	return nil
}

// term makes a term of a token and reads the ~ and ^ behind it.
func (p *parser) term(t token) Node {
	sp := span(t.start, t.end)
	out := &Term{Span: sp}
	switch t.kind {
	case quoted:
		out.Kind = Phrase
		out.pieces = p.decode(span(t.start+1, t.end-1), false)
	case regexpTerm:
		out.Kind = Regexp
		out.pieces = []piece{{text: p.text[t.start+1 : t.end-1]}}
	default:
		out.pieces = p.decode(sp, true)
	}
	out.Text = join(out.pieces)
	for range 2 {
		switch {
		case p.tok.kind == boost:
			p.next()
		case p.tok.kind == fuzzy && out.Fuzzy == "":
			out.Fuzzy = p.word()
			p.next()
		}
	}
	return out
}

// bounds reads a range; the scanner stands behind its opening sign.
func (p *parser) bounds(open token) Node {
	r := &Range{}
	r.From = Bound{Inclusive: p.word() == "[", Bracket: p.word()}
	if !p.bound(open, &r.From) {
		return nil
	}
	to, ok := p.goop(open)
	if !ok {
		return nil
	}
	if p.raw(to) != "TO" {
		p.fail(to, `expected "TO" in the range, found %q`, p.raw(to))
		return nil
	}
	if !p.bound(open, &r.To) {
		return nil
	}
	at := p.afterSpace(p.pos)
	switch c := p.byteAt(at); {
	case at == len(p.text):
		p.unclosedRange(open)
		return nil
	case c != ']' && c != '}' && strings.HasSuffix(p.raw(r.To.Span), ")"):
		p.unclosedRange(open)
		return nil
	case c != ']' && c != '}':
		rest, _ := p.goop(open)
		p.fail(rest, `expected "]" or "}" to end the range, found %q; put quotes around a bound with blanks`, p.raw(rest))
		return nil
	default:
		r.To.Inclusive, r.To.Bracket = c == ']', string(c)
	}
	p.pos = at + 1
	p.tok.end = p.pos
	p.next()
	if p.tok.kind == boost {
		p.next()
	}
	r.Span = span(open.start, p.prev.end)
	return r
}

// bound reads one end of a range.
func (p *parser) bound(open token, b *Bound) bool {
	sp, ok := p.goop(open)
	if !ok {
		return false
	}
	b.Span = sp
	raw := p.raw(sp)
	if raw == "*" {
		b.Open = true
		return true
	}
	if len(raw) > 1 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		sp = span(int(sp.Start)+1, int(sp.End)-1)
	}
	b.Text = join(p.decode(sp, false))
	return !p.failed
}

// goop reads a word of a range, up to a blank or a closing sign, or a text in
// quotes.
func (p *parser) goop(open token) (rule.Span, bool) {
	start := p.afterSpace(p.pos)
	i := start
	if p.byteAt(i) == '"' {
		for i++; i < len(p.text) && (p.text[i] != '"' || p.text[i-1] == '\\'); i++ {
		}
		if i == len(p.text) {
			p.unclosedQuote(start)
			return rule.Span{}, false
		}
		i++
	} else {
		for i < len(p.text) && p.text[i] != ']' && p.text[i] != '}' && !p.isSpace(i) {
			i++
		}
	}
	p.pos = i
	if i > start {
		return span(start, i), true
	}
	if i == len(p.text) {
		p.unclosedRange(open)
		return rule.Span{}, false
	}
	p.fail(span(i, i+1), `unexpected %q in the range, expected "[from TO to]", with * for an open end`, p.text[i:i+1])
	return rule.Span{}, false
}
