package kql

// block reads statements up to the end of the query, or of a function's body.
func (p *parser) block(body bool) *block {
	b := &block{}
	damaged := false // a mistake between statements was reported, the rest of it may look odd
	for {
		for !body && p.tok.sign(";") && len(b.statements) == 0 && p.pos == 0 {
			p.fail(p.tok.span(), `unexpected ";", expected a statement in front of it`)
			p.failed = false
			p.advance()
		}
		before, known := p.pos, len(p.problems)
		s := p.statement()
		if s != nil {
			b.statements = append(b.statements, s)
		}
		if p.failed {
			p.resync(before)
			if p.tok.sign("|") && s != nil {
				p.operators(s.pipe())
			}
		}
		if p.tok.kind == kEOF || body && p.tok.sign("}") {
			return b
		}
		if p.tok.sign(";") {
			semicolon := p.tok
			p.advance()
			if damaged {
				damaged = false
				continue
			}
			if p.tok.sign(";") {
				p.fail(p.tok.span(), `unexpected ";" after ";", expected a statement`)
				p.failed = false
				for p.tok.sign(";") {
					p.advance()
				}
			} else if s == nil && p.pos == before+1 {
				p.fail(semicolon.span(), `unexpected ";", expected a statement in front of it`)
				p.failed = false
			}
			continue
		}
		if damaged || len(p.problems) > known {
			p.collateral()
		} else {
			damaged = p.separator(s)
		}
		if p.pos == before {
			p.advance()
		}
	}
}

// separator reports what stands where a statement should have ended, and goes
// to where reading can go on. It returns false when it can as if nothing were.
func (p *parser) separator(s *statement) (damaged bool) {
	before := p.pos
	switch t := p.tok; {
	case s == nil && t.sign("|"):
		p.fail(t.span(), `unexpected "|", expected a table in front of it`)
		p.failed = false
		if pipedOperators[p.peek(1).text] {
			p.operators(&pipeline{span: t.span()})
			return true
		}
		p.advance() // what follows is read as if the pipe were not there
		return false
	case t.sign(")"), t.sign("]"), t.sign("}"):
		p.fail(t.span(), "unexpected %q, no %q is open", t.text, map[string]string{")": "(", "]": "[", "}": "{"}[t.text])
	case t.is("let") && p.startsLet():
		p.fail(p.last().span(), `expected ";" after this statement, before "let"`)
		p.failed = false
		return false
	case s != nil && s.keyword == "let" && p.lineBefore() && (t.kind == kIdent || t.kind == kKeyword && sourceOperators[t.text]):
		p.fail(p.last().span(), `expected ";" after this "let"`)
		p.failed = false
		return false
	case t.kind == kKeyword && pipedOperators[t.text] && s != nil:
		p.fail(t.span(), `unexpected %q, expected "|" in front of an operator`, t.text)
		p.failed = false
		if o := p.operator(); o != nil {
			pipe := s.pipe()
			pipe.operators = append(pipe.operators, o)
			p.operators(pipe)
			return true
		}
	case t.kind == kString || t.kind == kLong || t.kind == kReal:
		p.fail(t.span(), "unexpected %s, expected an operator in front of it", p.found())
	default:
		p.unexpected(`an operator, "|" or ";"`)
	}
	p.resync(before)
	if p.tok.sign("|") && s != nil {
		p.operators(s.pipe())
	}
	return true
}

// collateral goes over what is left of a statement that a mistake was reported
// in already.
func (p *parser) collateral() {
	if p.tok.is("let") && p.startsLet() {
		return
	}
	if p.tok.kind == kSign && nesting(p.tok.text) < 0 || p.tok.sign("|") {
		p.advance()
	}
	p.resync(p.pos)
}

// pipe is the pipeline of a statement, to which operators may be added.
func (s *statement) pipe() *pipeline {
	switch v := s.value.(type) {
	case *pipeline:
		return v
	case nil:
		s.value = &pipeline{span: s.span}
	default:
		s.value = &pipeline{source: v, span: s.span}
	}
	return s.value.(*pipeline)
}

// statement reads one statement, nil when none begins here.
func (p *parser) statement() *statement {
	t := p.tok
	s := &statement{}
	switch {
	case t.is("let") && (p.nameLength(1) > 0 || p.peek(1).kind == kKeyword && p.peek(2).sign("=")):
		s.keyword = "let"
		p.advance()
		s.name = p.declared(`a name after "let"`)
		p.requireEqual()
		s.value = p.letValue()
	case t.is("declare") && (p.peek(1).is("query_parameters") || p.peek(1).is("pattern")):
		s.keyword = "declare"
		p.advance()
		if p.word("pattern") {
			s.keyword = "pattern"
			s.name = p.declared("the name of a pattern")
			p.pattern()
			break
		}
		p.advance()
		s.params = p.parameters(true)
	case t.is("set"):
		s.keyword = "set"
		p.advance()
		s.name = p.declared("the name of an option")
		if p.take("=") {
			p.need(p.unnamed(), "a value")
		}
	case t.is("alias") && p.peek(1).is("database"):
		s.keyword = "alias"
		p.advance()
		p.advance()
		s.name = p.declared("a name")
		p.require("=")
		p.need(p.unnamed(), "a database")
	case t.is("restrict") && p.peek(1).is("access"):
		s.keyword = "restrict"
		p.advance()
		p.advance()
		p.requireWord("to")
		p.tables(p.restricted)
		if p.word("with") {
			p.tables(p.property)
		}
	default:
		s.value = p.expression()
		if s.value == nil {
			return nil
		}
	}
	s.span = p.since(t.start)
	return s
}

// requireEqual reads the "=" of a let.
func (p *parser) requireEqual() {
	if p.tok.sign("==") {
		p.fail(p.tok.span(), `unexpected "==", expected "=" after the name of a "let"`)
	}
	p.require("=")
}

func (p *parser) restricted() expr {
	if w := p.wildcard(); w != nil {
		return w
	}
	return p.unnamed()
}

// tables reads a list in parentheses.
func (p *parser) tables(item func() expr) []expr {
	open := p.tok
	p.require("(")
	items := p.list(true, false, item)
	p.close(open)
	return items
}

// letValue reads what a let gives a name to.
func (p *parser) letValue() expr {
	t := p.tok
	switch {
	case t.is("entity_group") && p.peek(1).sign("["):
		p.advance()
		open := p.tok
		p.advance()
		p.list(true, false, p.unnamed)
		p.close(open)
		return &other{span: p.since(t.start)}
	case t.is("view"), t.sign("(") && p.startsFunction():
		return p.lambda()
	}
	return p.need(p.expression(), "a value")
}

// startsFunction reports whether "(" opens the parameters of a function.
func (p *parser) startsFunction() bool {
	if after := p.peek(1); after.sign(")") || after.sign("*") {
		return true
	}
	n := p.renameLength(1)
	return n > 0 && p.peek(1+n).sign(":")
}

// lambda reads a function: view (a:string = "x") { … }.
func (p *parser) lambda() expr {
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	t := p.tok
	p.word("view")
	e := &lambda{params: p.parameters(false)}
	open := p.tok
	p.require("{")
	if p.failed {
		return e
	}
	p.level++
	e.body = p.block(true)
	p.level--
	p.close(open)
	e.span = p.since(t.start)
	return e
}

// parameters reads the parameters of a function, or of the query.
func (p *parser) parameters(some bool) []parameter {
	open := p.tok
	p.require("(")
	var out []parameter
	p.list(some, false, func() expr {
		if p.tok.sign("*") {
			return p.star()
		}
		c, ok := p.columnDeclaration()
		if !ok {
			return nil
		}
		if p.take("=") {
			c.value = p.literal()
			if c.value == nil && (p.tok.kind == kIdent || p.tok.kind == kKeyword && soft[p.tok.text]) {
				c.value = &name{text: p.tok.text, span: p.tok.span()}
				p.advance()
			}
			p.need(c.value, "a constant")
		}
		out = append(out, c)
		return nothing
	})
	p.close(open)
	return out
}

// pattern reads what follows the name in declare pattern.
func (p *parser) pattern() {
	if !p.take("=") {
		return
	}
	p.parameters(false)
	if open := p.tok; p.take("[") {
		p.columnDeclaration()
		p.close(open)
	}
	open := p.tok
	p.require("{")
	p.level++
	for !p.failed && p.tok.sign("(") {
		p.tables(p.unnamed)
		if p.take(".") {
			open := p.tok
			p.require("[")
			p.need(p.literal(), "a text")
			p.close(open)
		}
		p.require("=")
		body := p.tok
		p.require("{")
		if !p.failed {
			p.block(true)
			p.close(body)
		}
		p.require(";")
	}
	p.level--
	p.close(open)
}
