package eql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// primary reads a constant, a field, a call, a subquery or a condition in
// parentheses.
func (p *parser) primary() Expr {
	t := p.tok
	switch {
	case p.isText(t):
		return p.literal()
	case t.kind == number:
		return p.number(false, t.start)
	case p.is("("):
		return p.parentheses()
	case p.isConstant(t):
		return p.constant()
	case t.kind == word && p.isSign(p.peek(1), "("), t.kind == insensitive && p.isSign(p.peek(1), "("):
		if p.means(t, "not") || p.means(t, "in") || p.isReserved(t) {
			break
		}
		return p.call(nil, t.start)
	case t.kind == word && p.means(p.peek(1), "of") && p.isSign(p.peek(2), "["):
		return p.subquery()
	case p.isReserved(t) && !p.isSign(p.peek(1), "."):
		if p.isComparison(p.peek(1)) {
			p.report(t.span(), "unexpected %s, a field with the name of a keyword must be in backticks: `%s`", quote(p.slice(t)), p.slice(t))
			return p.field()
		}
	case t.kind == word, t.kind == quotedName, p.is("?"), p.is("$"):
		return p.field()
	case t.kind == insensitive:
		p.fail(t.span(), `unexpected %s, "~" stands after a function or after "in", "like" and "regex"`, quote(p.slice(t)))
		return nil
	}
	p.fail(p.here(), "expected a field, a value or a function, found %s", p.found())
	return nil
}

// reserved are the keywords of Elasticsearch's grammar that no field can have
// as its name outside of backticks. The constants are no part of it.
var reserved = []string{"and", "any", "by", "in", "join", "like", "maxspan", "not", "of", "or", "regex", "sample", "sequence", "until", "where", "with"}

func (p *parser) isReserved(t token) bool {
	if t.kind != word {
		return false
	}
	for _, keyword := range reserved {
		if p.slice(t) == keyword {
			return true
		}
	}
	return false
}

// isConstant reports whether a word is true, false or null, and not the
// beginning of a field's path.
func (p *parser) isConstant(t token) bool {
	if t.kind != word || p.isSign(p.peek(1), ".") || p.isSign(p.peek(1), "(") {
		return false
	}
	return p.means(t, "true") || p.means(t, "false") || p.means(t, "null")
}

func (p *parser) constant() Expr {
	sp := p.tok.span()
	switch {
	case p.take("true"):
		return &Boolean{Value: true, Span: sp}
	case p.take("false"):
		return &Boolean{Span: sp}
	}
	p.take("null")
	return &Null{Span: sp}
}

func (p *parser) parentheses() Expr {
	if !p.deeper() {
		return nil
	}
	defer p.leave()
	open := p.tok
	p.next()
	if p.is(")") {
		p.fail(rule.Span{Start: open.start, End: p.tok.end}, `expected a condition between "(" and ")"`)
		return nil
	}
	e := p.or()
	p.closing(open, ")")
	return e
}

// closing goes behind the bracket that closes another one.
func (p *parser) closing(open token, bracket string) {
	switch {
	case p.failed:
	case p.is(bracket):
		p.next()
	default:
		p.notClosed(open, bracket, `"and", "or" or `+quote(bracket))
	}
}

// call reads a function call, or a method that is called on receiver.
func (p *parser) call(receiver Expr, start int32) Expr {
	if !p.deeper() {
		return nil
	}
	defer p.leave()
	name := p.tok
	c := &Call{Name: rule.Text{Value: strings.TrimSuffix(p.slice(name), "~"), Span: name.span()}, Insensitive: name.kind == insensitive}
	if receiver != nil {
		c.Args = append(c.Args, receiver)
	}
	p.next()
	open := p.tok
	p.next()
	if p.is(")") {
		p.next()
	} else {
		c.Args = append(c.Args, p.items(open, p.or, "call")...)
	}
	c.Span = p.since(start)
	if !p.failed {
		p.checkCall(c)
	}
	return c
}

// relations are the words before "of" in "Event relationships" of python-eql.
var relations = map[string]bool{"child": true, "descendant": true, "event": true}

func (p *parser) subquery() Expr {
	if !p.deeper() {
		return nil
	}
	defer p.leave()
	p.subqueries++
	t := p.tok
	s := &Subquery{Relation: rule.Text{Value: p.slice(t), Span: t.span()}}
	if !relations[s.Relation.Value] {
		p.report(t.span(), `unknown relationship "%s of", expected "child of", "descendant of" or "event of"`, p.slice(t))
	}
	p.next()
	p.next()
	open := p.tok
	p.next()
	s.Event = p.event()
	p.closing(open, "]")
	s.Span = p.since(t.start)
	return s
}

// field reads a path. Its parts may be in backticks, and have an index.
func (p *parser) field() Expr {
	f := &Field{Span: rule.Span{Start: p.tok.start}}
	for p.is("?") || p.is("$") {
		f.Optional = f.Optional || p.is("?")
		f.Variable = f.Variable || p.is("$")
		p.next()
	}
	var b strings.Builder
	if !p.part(&b) {
		return nil
	}
	for !p.failed {
		if p.is(".") {
			p.next()
			b.WriteByte('.')
			p.part(&b)
		} else if index := p.peek(1); p.is("[") && index.kind == number && p.isSign(p.peek(2), "]") {
			b.WriteString("[" + p.slice(index) + "]")
			p.next()
			p.next()
			p.next()
		} else {
			break
		}
	}
	f.Name = b.String()
	f.Span = p.since(f.Span.Start)
	return f
}

// part reads one name of a path.
func (p *parser) part(b *strings.Builder) bool {
	t := p.tok
	s := p.slice(t)
	switch t.kind {
	case word:
		if b.Len() > 0 && (p.isReserved(t) || s == "true" || s == "false" || s == "null") {
			p.report(t.span(), "unexpected keyword %s in the name of a field, expected it in backticks: `%s`", quote(s), s)
		}
		b.WriteString(s)
	case quotedName:
		name := strings.ReplaceAll(s[1:len(s)-1], "``", "`")
		if name == "" {
			p.report(t.span(), "unexpected %s, expected the name of a field between the backticks", quote(s))
			name = s
		}
		b.WriteString(name)
	case digits:
		p.report(t.span(), "unexpected %s, a name that begins with a digit must be in backticks: `%s`", quote(s), cut(s))
		b.WriteString(s)
	default:
		p.fail(p.here(), "expected the name of a field, found %s", p.found())
		return false
	}
	p.next()
	return true
}
