package kql

func (p *parser) makeSeries(o *operator) {
	o.options = p.options()
	o.exprs = p.list(true, false, func() expr {
		if p.tok.is("on") {
			return nil
		}
		e := p.namedExpression()
		if e != nil && p.tok.is("default") && p.peek(1).sign("=") {
			p.advance()
			p.advance()
			p.need(p.namedExpression(), "a value")
		}
		return e
	})
	p.requireWord("on")
	o.on = []expr{p.need(p.namedExpression(), "a column")}
	switch {
	case p.tok.is("from") || p.tok.is("to") || p.tok.is("step"):
		if p.word("from") {
			p.need(p.unnamed(), "a value")
		}
		if p.word("to") {
			p.need(p.unnamed(), "a value")
		}
		p.requireWord("step")
		p.need(p.unnamed(), "a value")
	case p.word("in"):
		p.requireWord("range")
		open := p.tok
		p.require("(")
		p.list(false, false, p.namedExpression)
		p.close(open)
	default:
		p.unexpected(`"from", "step" or "in range(…)"`)
	}
	if p.word("by") {
		o.by = p.list(true, false, p.namedExpression)
	}
}

// scan reads scan, whose steps are conditions.
func (p *parser) scan(o *operator) {
	o.options = p.options()
	if p.word("order") {
		p.scanning = true
		p.requireWord("by")
		p.list(true, false, p.ordered)
		p.scanning = false
	}
	if p.word("partition") {
		p.requireWord("by")
		o.by = p.list(true, false, p.unnamed)
	}
	if p.word("declare") {
		for _, c := range p.parameters(false) {
			o.columns = append(o.columns, c.column)
		}
	}
	p.requireWord("with")
	open := p.tok
	p.require("(")
	for !p.failed && p.word("step") {
		n := p.renameLength(0)
		if n == 0 {
			p.unexpected("the name of a step")
			break
		}
		p.readName(n)
		p.word("optional")
		if p.word("output") {
			p.require("=")
			p.advance()
		}
		p.require(":")
		o.exprs = append(o.exprs, p.need(p.unnamed(), "a condition"))
		if p.take("=>") {
			p.list(true, false, p.assignment)
		}
		p.require(";")
	}
	p.close(open)
}

func (p *parser) assignment() expr {
	n := p.renameLength(0)
	if n == 0 {
		return nil
	}
	text := p.readName(n)
	p.require("=")
	p.need(p.unnamed(), "a value")
	return &name{text: text.Value, span: text.Span}
}

func (p *parser) render() {
	if t := p.tok; t.kind != kIdent && !(t.kind == kKeyword && charts[t.text]) {
		p.unexpected("a kind of chart such as timechart")
		return
	}
	p.advance()
	for !p.failed {
		t := p.tok
		if t.is("with") && p.peek(1).sign("(") {
			p.advance()
			open := p.tok
			p.advance()
			p.take(",")
			p.list(false, false, p.chartProperty)
			p.close(open)
			return
		}
		if (t.is("with") || t.is("by")) && !p.peek(1).sign("=") {
			p.advance()
			p.list(true, false, p.simplePath)
			continue
		}
		if t.kind != kIdent && t.kind != kKeyword || !p.peek(1).sign("=") {
			return
		}
		p.chartProperty()
	}
}

// chartProperty reads name=value of render, where columns may be lists.
func (p *parser) chartProperty() expr {
	t := p.tok
	if t.kind != kIdent && t.kind != kKeyword {
		return nil
	}
	p.advance()
	p.require("=")
	value := p.literal()
	if value == nil && (p.tok.kind == kIdent || p.tok.kind == kKeyword || p.tok.sign("[")) {
		if value = p.selected(); value == nil {
			value = &other{span: p.tok.span()}
			p.advance()
		}
	}
	p.need(value, "a value")
	for !p.failed && p.tok.sign(",") && p.nameLength(1) > 0 && !p.peek(1+p.nameLength(1)).sign("=") {
		p.advance()
		p.readName(p.nameLength(0))
	}
	return nothing
}

func (p *parser) topNested(o *operator) {
	clause := func() expr {
		if !p.tok.is("of") {
			p.namedExpression()
		}
		p.requireWord("of")
		of := p.need(p.namedExpression(), "a column")
		o.exprs = append(o.exprs, of)
		if p.word("with") {
			p.requireWord("others")
			p.require("=")
			p.need(p.unnamed(), "a value")
		}
		p.requireWord("by")
		by := p.need(p.ordered(), "an aggregate")
		o.by = append(o.by, by)
		return by
	}
	clause()
	for p.take(",") {
		p.requireWord("top-nested")
		clause()
	}
}
