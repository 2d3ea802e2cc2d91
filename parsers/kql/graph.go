package kql

// graph reads the operands of the operators on graphs.
func (p *parser) graph(o *operator) {
	o.options = p.options()
	switch o.name {
	case "make-graph":
		p.declared("the column an edge begins at")
		p.arrow("-->", "--")
		p.declared("the column an edge ends at")
		switch {
		case p.word("with_node_id"):
			p.require("=")
			p.declared("a name")
		case p.word("with"):
			o.exprs = p.list(true, false, func() expr {
				e := p.signedValue()
				if e != nil {
					p.requireWord("on")
					p.declared("a column")
				}
				return e
			})
		}
		if p.word("partitioned-by") {
			p.need(p.simplePath(), "a column")
			o.nested = []*pipeline{p.contextual()}
		}
	case "graph-match", "graph-shortest-paths":
		p.list(true, false, p.edges)
		if p.word("where") {
			o.condition = p.need(p.expression(), "a condition")
		}
		if p.word("project") {
			o.exprs = p.list(true, false, p.namedExpression)
		}
	case "graph-to-table":
		p.list(true, false, func() expr {
			t := p.tok
			if !p.word("nodes") && !p.word("edges") {
				return nil
			}
			if p.word("as") {
				p.declared("a name")
			}
			p.options()
			return &other{span: t.span()}
		})
	case "graph-where-nodes", "graph-where-edges":
		o.condition = p.need(p.unnamed(), "a condition")
	}
}

// arrow reads one of several signs that are made of several tokens, and
// returns it.
func (p *parser) arrow(signs ...string) string {
	for _, s := range signs {
		n, rest := 0, s
		for rest != "" {
			t := p.peek(n)
			if t.kind != kSign || len(t.text) > len(rest) || rest[:len(t.text)] != t.text || n > 0 && !t.glued {
				break
			}
			rest = rest[len(t.text):]
			n++
		}
		if rest == "" && !p.failed {
			for range n {
				p.advance()
			}
			return s
		}
	}
	return ""
}

// edges reads a pattern of graph-match: (a)-[e*1..3]->(b)<--(c).
func (p *parser) edges() expr {
	t := p.tok
	if !t.sign("(") {
		return nil
	}
	for !p.failed {
		open := p.tok
		p.require("(")
		if n := p.nameLength(0); n > 0 {
			p.readName(n)
		}
		p.close(open)
		if p.arrow("-->", "<--", "--") != "" {
			continue
		}
		if p.arrow("<-[", "-[") == "" {
			break
		}
		if n := p.nameLength(0); n > 0 {
			p.readName(n)
		}
		if p.take("*") {
			p.need(p.signedValue(), "the least number of steps")
			p.require("..")
			p.need(p.signedValue(), "the greatest number of steps")
		}
		if p.arrow("]->", "]-") == "" {
			p.unexpected(`"]->" or "]-"`)
		}
	}
	return &other{span: p.since(t.start)}
}
