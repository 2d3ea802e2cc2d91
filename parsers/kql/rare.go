package kql

import "fmt"

// parse reads parse and parse-where.
func (p *parser) parse(o *operator) {
	o.options = p.options()
	o.subject = p.need(p.unnamed(), "a column")
	p.requireWord("with")
	for !p.failed {
		switch {
		case p.tok.sign("*"):
			o.patterns = append(o.patterns, p.star())
			continue
		case p.tok.kind == kString:
			o.patterns = append(o.patterns, p.constant())
			continue
		}
		n := p.renameLength(0)
		if n == 0 {
			return
		}
		text := p.readName(n)
		o.patterns = append(o.patterns, &name{text: text.Value, span: text.Span})
		if p.take(":") {
			if t := p.tok; t.kind == kKeyword && types[t.text] {
				p.advance()
			} else {
				p.unexpected("a type such as string")
			}
		}
	}
}

// parseKV reads parse-kv.
func (p *parser) parseKV(o *operator) {
	o.subject = p.need(p.unnamed(), "a column")
	p.requireWord("as")
	o.columns = p.schema()
	if p.word("with") {
		open := p.tok
		p.require("(")
		p.list(false, false, p.property)
		p.close(open)
	}
}

// plugin reads the call of evaluate and the schema of what it returns.
func (p *parser) plugin(o *operator) {
	n := p.nameLength(0)
	if n == 0 || p.failed {
		p.unexpected("a plugin such as bag_unpack(…)")
		return
	}
	text := p.readName(n)
	if !p.tok.sign("(") {
		p.unexpected(fmt.Sprintf(`"(" after plugin %q`, text.Value))
		return
	}
	o.call, _ = p.call(text).(*call)
	if p.take(":") {
		o.columns = p.schema()
	}
}

func (p *parser) invoke(o *operator) {
	n := p.nameLength(0)
	if n == 0 || !p.peek(n).sign("(") {
		if !p.failed {
			p.unexpected("a function and its arguments")
		}
		return
	}
	o.call, _ = p.call(p.readName(n)).(*call)
	for !p.failed && p.tok.sign(".") && p.nameLength(1) > 0 && p.peek(1+p.nameLength(1)).sign("(") {
		p.advance()
		o.call, _ = p.call(p.readName(p.nameLength(0))).(*call)
	}
}

// searchOrFind reads search and find: options, the tables, a condition, and
// the columns that find returns.
func (p *parser) searchOrFind(o *operator) {
	p.datascope()
	o.options = p.options()
	p.datascope()
	if p.word("in") {
		o.tables = p.tables(func() expr {
			e := p.table()
			if e != nil && p.tok.sign("|") && p.peek(1).is("as") {
				p.advance()
				p.advance()
				p.declared("a name")
			}
			return e
		})
	}
	if o.name == "search" {
		if p.tok.sign("*") && !p.isStringOperator(p.peek(1)) && !p.peek(1).sign("==") {
			first := p.star()
			o.condition = first
			if p.word("and") {
				o.condition = p.need(p.unnamed(), "a condition")
			}
			return
		}
		o.condition = p.need(p.unnamed(), "what to search")
		return
	}
	if len(o.tables) > 0 || len(o.options) > 0 {
		p.requireWord("where")
	} else {
		p.word("where")
	}
	o.condition = p.need(p.unnamed(), "a condition")
	for _, word := range []string{"project", "project-smart", "__projectAway"} {
		if p.word(word) && word != "project-smart" {
			p.list(true, false, p.foundColumn)
		}
	}
}

func (p *parser) datascope() {
	if p.tok.is("datascope") && p.peek(1).sign("=") {
		p.advance()
		p.advance()
		p.advance()
	}
}

// foundColumn reads a column that find returns: a, a:string, *, pack(*).
func (p *parser) foundColumn() expr {
	if p.tok.sign("*") {
		return p.star()
	}
	n := p.nameLength(0)
	if n == 0 {
		return nil
	}
	text := p.readName(n)
	if p.tok.sign("(") {
		return p.call(text)
	}
	if p.take(":") {
		p.advance()
	}
	return &name{text: text.Value, span: text.Span}
}

// rareOperands reads the operands of the operators that rules seldom use.
func (p *parser) rareOperands(o *operator) {
	switch o.name {
	case "make-series":
		p.makeSeries(o)
	case "scan":
		p.scan(o)
	case "range":
		o.label = p.declared("the name of a column")
		for _, word := range []string{"from", "to", "step"} {
			p.requireWord(word)
			p.need(p.unnamed(), "a value")
		}
	case "render":
		p.render()
	case "reduce":
		o.options = p.options()
		p.requireWord("by")
		o.exprs = []expr{p.need(p.namedExpression(), "a column")}
		if p.word("with") {
			p.list(false, false, p.property)
		}
	case "top-hitters":
		p.need(p.namedExpression(), "a number of values")
		p.requireWord("of")
		o.exprs = []expr{p.need(p.namedExpression(), "a column")}
		if p.word("by") {
			p.need(p.namedExpression(), "a column")
		}
	case "top-nested":
		p.topNested(o)
	case "facet":
		p.requireWord("by")
		o.by = p.list(true, false, func() expr {
			if p.tok.is("with") {
				return nil
			}
			return p.simplePath()
		})
		if p.word("with") {
			p.branch(o)
		}
	case "fork":
		for first := true; !p.failed && (first || p.tok.sign("(") || p.nameLength(0) > 0 && p.peek(p.nameLength(0)).sign("=")); first = false {
			if n := p.nameLength(0); n > 0 && p.peek(n).sign("=") {
				p.readName(n)
				p.advance()
			}
			if !p.tok.sign("(") {
				p.unexpected(`"("`)
			}
			p.branch(o)
		}
	case "partition", "__partitionby":
		p.partition(o)
	case "assert-schema":
		o.columns = p.schema()
	case "macro-expand":
		p.macroExpand(o)
	case "inline_external_table":
		p.inlineTable(o)
	default:
		p.graph(o)
	}
}

// branch reads a nested pipeline, in parentheses or a single operator.
func (p *parser) branch(o *operator) {
	if p.tok.sign("(") {
		o.nested = append(o.nested, p.contextual())
		return
	}
	start := p.tok.start
	if inner := p.operator(); inner != nil {
		o.nested = append(o.nested, &pipeline{operators: []*operator{inner}, span: p.since(start)})
	} else if !p.failed {
		p.unexpected("an operator")
	}
}

func (p *parser) partition(o *operator) {
	o.options = p.options()
	if o.name == "partition" {
		p.requireWord("by")
	}
	p.need(p.simplePath(), "a column")
	if p.word("id") || p.word("in") {
		p.need(p.unnamed(), "a value")
	}
	switch {
	case p.tok.sign("{"):
		open := p.tok
		p.advance()
		p.level++
		e := p.need(p.expression(), "a query")
		p.level--
		p.close(open)
		if pipe, ok := e.(*pipeline); ok {
			o.nested = []*pipeline{pipe}
		}
	case p.tok.sign("(") && !p.startsNested():
		e := p.parenthesized()
		if g, ok := e.(*group); ok {
			if pipe, ok := g.item.(*pipeline); ok {
				o.nested = []*pipeline{pipe}
			}
		}
	case p.tok.sign("("):
		o.nested = []*pipeline{p.contextual()}
	default:
		p.unexpected(`"(" and the query of a partition`)
	}
}

// startsNested reports whether an operator stands after the parenthesis.
func (p *parser) startsNested() bool {
	t := p.peek(1)
	return t.kind == kKeyword && pipedOperators[t.text]
}

func (p *parser) macroExpand(o *operator) {
	o.options = p.options()
	if p.tok.is("entity_group") && p.peek(1).sign("[") {
		p.letValue()
	} else {
		p.need(p.selected(), "an entity group")
	}
	if p.word("as") {
		o.label = p.declared("a name")
	}
	open := p.tok
	p.require("(")
	if p.failed {
		return
	}
	p.level++
	for !p.failed && !p.tok.sign(")") && p.tok.kind != kEOF {
		s := p.statement()
		if s == nil {
			p.unexpected("a query")
			break
		}
		if pipe, ok := s.value.(*pipeline); ok && s.keyword == "" {
			o.nested = append(o.nested, pipe)
		}
		if !p.take(";") {
			break
		}
	}
	p.level--
	p.close(open)
}

// inlineTable reads inline_external_table, whose parts say where the data is.
func (p *parser) inlineTable(o *operator) {
	if p.tok.sign("(") {
		o.columns = p.schema()
	}
	for !p.failed && !p.tok.sign("|") && !p.tok.sign(";") && !p.tok.sign(")") && p.tok.kind != kEOF {
		if open := p.tok; p.take("(") {
			depth := 1
			for depth > 0 && p.tok.kind != kEOF && p.tok.kind != kBad {
				if p.tok.sign("(") {
					depth++
				} else if p.tok.sign(")") {
					depth--
				}
				p.advance()
			}
			if depth > 0 {
				p.fail(open.span(), `"(" is never closed, expected ")"`)
			}
			continue
		}
		if p.tok.kind == kBad {
			p.fail(p.tok.span(), "")
		}
		p.advance()
	}
}
