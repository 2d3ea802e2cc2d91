package kql

// startsPipeline reports whether an operator that is a source begins here.
func (p *parser) startsPipeline() bool {
	t := p.tok
	if t.kind != kKeyword || !pipedOperators[t.text] {
		return false
	}
	switch t.text {
	case "evaluate":
		return p.nameLength(1) > 0 || parameters[p.peek(1).text]
	case "facet":
		return p.peek(1).is("by")
	case "partition", "reduce":
		return p.peek(1).is("by") || parameters[p.peek(1).text]
	case "range":
		n := p.nameLength(1)
		return n > 0 && p.peek(1+n).is("from")
	case "inline_external_table":
		return p.peek(1).sign("(") || p.peek(1).is("kind")
	case "render":
		return charts[p.peek(1).text] || p.peek(1).kind == kIdent
	}
	return !soft[t.text]
}

// expression reads a pipeline, or a value, nil when none begins here.
func (p *parser) expression() expr {
	if p.failed {
		return nil
	}
	if !p.enter() {
		return nothing
	}
	defer p.leave()
	start, began := p.tok.start, p.pos
	pipe := &pipeline{}
	var value expr
	if p.startsPipeline() {
		o := p.operator()
		if o == nil {
			return nil
		}
		pipe.operators = []*operator{o}
	} else if value = p.unnamed(); value == nil {
		if p.tok.kind != kKeyword || !pipedOperators[p.tok.text] {
			return nil
		}
		o := p.operator()
		if o == nil {
			return nil
		}
		pipe.operators = []*operator{o}
	} else {
		if p.failed && p.level > 0 {
			p.resync(began) // the mistake stays within these brackets
		}
		if p.failed || !p.tok.sign("|") {
			return value
		}
		pipe.source = value
	}
	p.operators(pipe)
	pipe.span = p.since(start)
	return pipe
}

// operators reads what follows the source of a pipeline.
func (p *parser) operators(pipe *pipeline) {
	for began := p.pos; ; {
		if p.failed {
			if n := len(pipe.operators); n > 0 {
				pipe.operators[n-1].broken = true
			}
			p.resync(began)
		}
		if !p.tok.sign("|") {
			return
		}
		began = p.pos
		bar := p.tok
		p.advance()
		if o := p.operator(); o != nil {
			pipe.operators = append(pipe.operators, o)
			continue
		}
		if !p.failed {
			p.badOperator(bar)
		}
	}
}

// badOperator reports what stands after a pipe and is no operator.
func (p *parser) badOperator(bar *token) {
	t := p.tok
	switch {
	case t.kind == kBad:
		p.fail(t.span(), "")
	case t.sign("|"):
		p.advance()
		if t.glued {
			p.fail(p.across(bar, t), `unexpected "||", expected "|" before an operator, or "or" between conditions`)
		} else {
			p.fail(t.span(), `unexpected "|" after "|", expected an operator`)
		}
	case p.atEnd():
		p.fail(bar.span(), `unexpected "|" at the end, expected an operator after it`)
	case t.kind == kIdent || t.kind == kKeyword:
		if guess := p.guess(t.text, operatorNames); guess != "" {
			p.fail(t.span(), "unknown operator %q, did you mean %q?", t.text, guess)
		} else {
			p.fail(t.span(), "unknown operator %q", t.text)
		}
	default:
		p.fail(t.span(), `unexpected %s after "|", expected an operator such as "where"`, p.found())
	}
}
