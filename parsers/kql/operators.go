package kql

import (
	"fmt"

	"github.com/detlint/detlint/rule"
)

// canonicalNames are the names the reference has for operators with several.
var canonicalNames = map[string]string{
	"mvexpand": "mv-expand", "mvapply": "mv-apply", "filter": "where", "order": "sort", "limit": "take",
}

// operator reads one operator, nil when none begins here.
func (p *parser) operator() *operator {
	t := p.tok
	if p.failed || t.kind != kKeyword || !pipedOperators[t.text] {
		return nil
	}
	if t.text == "count" && p.peek(1).sign("(") || t.text == "range" && p.peek(1).sign("(") {
		return nil
	}
	o := &operator{name: t.text}
	if n := canonicalNames[t.text]; n != "" {
		o.name = n
	}
	p.query.operators = append(p.query.operators, o)
	p.advance()
	p.operands(o)
	o.span = p.since(t.start)
	if p.failed {
		o.broken = true
	}
	return o
}

// operands reads what an operator works on.
func (p *parser) operands(o *operator) {
	switch o.name {
	case "where":
		o.options = p.options()
		o.condition = p.need(p.namedExpression(), "a condition")
	case "extend", "print", "project-by-names":
		o.exprs = p.list(true, false, p.namedExpression)
	case "project", "project-rename":
		o.exprs = p.list(false, false, p.namedExpression)
	case "serialize":
		o.options = p.options()
		o.exprs = p.list(false, false, p.namedExpression)
	case "project-away", "project-keep":
		o.exprs = p.list(false, false, p.columnPattern)
	case "project-reorder":
		o.exprs = p.list(false, false, func() expr {
			e := p.columnPattern()
			if e != nil && !p.failed {
				p.order()
			}
			return e
		})
	case "distinct":
		o.options = p.options()
		o.exprs = p.list(true, false, func() expr {
			if p.tok.sign("*") {
				return p.star()
			}
			return p.namedExpression()
		})
	case "summarize":
		p.summarize(o)
	case "join", "lookup":
		p.join(o)
	case "union":
		o.options = p.options()
		o.exprs = p.list(true, false, p.table)
	case "sort":
		o.options = p.options()
		p.requireWord("by")
		o.by = p.list(true, false, p.ordered)
	case "top":
		o.options = p.options()
		p.need(p.namedExpression(), "a number of rows")
		p.requireWord("by")
		o.by = []expr{p.need(p.ordered(), "a column")}
	case "take", "sample":
		o.options = p.options()
		p.need(p.namedExpression(), "a number of rows")
	case "sample-distinct":
		o.options = p.options()
		p.need(p.namedExpression(), "a number of values")
		p.requireWord("of")
		o.exprs = []expr{p.need(p.namedExpression(), "a column")}
	case "count":
		if p.word("as") {
			o.label = p.declared("a name")
		}
	case "as":
		o.options = p.options()
		o.label = p.declared("a name")
	case "mv-expand", "mv-apply":
		p.expand(o)
	case "parse", "parse-where":
		p.parse(o)
	case "parse-kv":
		p.parseKV(o)
	case "evaluate":
		o.options = p.options()
		p.plugin(o)
	case "invoke":
		p.invoke(o)
	case "search", "find":
		p.searchOrFind(o)
	case "getschema", "consume", "graph-mark-components":
		o.options = p.options()
	case "__executeAndCache":
	default:
		p.rareOperands(o)
	}
}

// options reads the name=value pairs in front of the operands.
func (p *parser) options() map[string]rule.Text {
	var out map[string]rule.Text
	for !p.failed && (p.tok.kind == kIdent || p.tok.kind == kKeyword) {
		n := 1
		if p.tok.text == "hint" { // hint.pass_filters
			for t := p.peek(n); t.glued && (t.sign(".") || t.kind == kIdent); t = p.peek(n) {
				n++
			}
		} else if !parameters[p.tok.text] {
			break
		}
		if !p.peek(n).sign("=") {
			break
		}
		key := p.text[p.tok.start:p.peek(n-1).end]
		for range n + 1 {
			p.advance()
		}
		if out == nil {
			out = map[string]rule.Text{}
		}
		out[key] = p.optionValue(key)
	}
	return out
}

// optionValue reads the value of an option: a word, a constant, columns.
func (p *parser) optionValue(key string) rule.Text {
	t := p.tok
	if e := p.literal(); e != nil {
		v := rule.Text{Span: e.place()}
		if l, ok := e.(*literal); ok {
			v.Value = l.value
		}
		return v
	}
	if t.kind == kKeyword && (charts[t.text] || t.text == "relaxed" || t.text == "simple" || t.text == "missing") {
		p.advance()
		return rule.Text{Value: t.text, Span: t.span()}
	}
	n := p.nameLength(0)
	if n == 0 {
		if t.kind == kKeyword && !pipedOperators[t.text] {
			p.advance()
			return rule.Text{Value: t.text, Span: t.span()}
		}
		p.unexpected(fmt.Sprintf("a value of %q", key))
		return rule.Text{}
	}
	v := p.readName(n)
	for !p.failed && (key == "hint.shufflekey" || key == "hint.pass_filters_column") && p.tok.sign(",") {
		n := p.nameLength(1)
		if n == 0 || p.peek(1+n).sign("=") {
			break
		}
		p.advance()
		p.readName(n)
	}
	return v
}

// columnPattern reads the name of a column, or a pattern of names.
func (p *parser) columnPattern() expr {
	if w := p.wildcard(); w != nil {
		return w
	}
	return p.simplePath()
}

// simplePath reads a column and the path into it, without calls.
func (p *parser) simplePath() expr {
	if p.failed {
		return nil
	}
	e := p.selector()
	if e == nil {
		return nil
	}
	start := e.place().Start
	for steps := 0; steps < maxDepth && !p.failed; steps++ {
		switch {
		case p.take("."):
			e = &path{item: e, part: p.need(p.selector(), "a name after the dot"), span: p.since(start)}
		case p.tok.sign("["):
			e = &element{item: e, index: p.need(p.selector(), "an index"), span: p.since(start)}
		default:
			return e
		}
	}
	return e
}

// selector reads one part of a simple path.
func (p *parser) selector() expr {
	if n := p.nameLength(0); n > 0 {
		text := p.readName(n)
		return &name{text: text.Value, span: text.Span}
	}
	switch t := p.tok; {
	case t.kind == kKeyword && special[t.text], t.sign("@"):
		p.advance()
		return &name{text: t.text, span: t.span()}
	case t.sign("["):
		return p.bracketed()
	}
	return nil
}

// ordered reads a column and its order.
func (p *parser) ordered() expr {
	e := p.namedExpression()
	if e != nil && !p.failed {
		p.order()
	}
	return e
}

func (p *parser) order() {
	if p.tok.is("asc") || p.tok.is("desc") || p.tok.is("granny-asc") || p.tok.is("granny-desc") {
		p.advance()
	}
	if p.word("nulls") && !p.word("first") && !p.word("last") {
		p.unexpected(`"first" or "last"`)
	}
}

func (p *parser) summarize(o *operator) {
	o.options = p.options()
	if !p.tok.is("by") {
		o.exprs = p.list(false, false, func() expr {
			if p.tok.is("by") && !p.peek(1).sign("=") {
				return nil
			}
			return p.namedExpression()
		})
	}
	if p.word("by") {
		o.by = p.list(true, false, p.namedExpression)
	}
}

func (p *parser) join(o *operator) {
	o.options = p.options()
	o.right = p.need(p.unnamed(), "a table")
	switch {
	case p.word("on"):
		o.on = p.list(true, false, p.unnamed)
	case o.name == "join" && p.word("where"):
		o.condition = p.need(p.unnamed(), "a condition")
	case o.name == "lookup" && !p.failed:
		p.missing(`"on" and the columns to look up by`)
	}
}

// table reads a table of a union: a name, a pattern of names, a pipeline in
// parentheses, a call.
func (p *parser) table() expr {
	if p.tok.sign("(") {
		return p.parenthesized()
	}
	if w := p.wildcard(); w != nil {
		return w
	}
	e := p.primary()
	for e != nil && !p.failed {
		switch {
		case p.take("."):
			if w := p.wildcard(); w != nil {
				return &path{item: e, part: w, span: p.since(e.place().Start)}
			}
			part, dotted := p.part()
			if dotted {
				e = &element{item: e, index: part, dotted: true, span: p.since(e.place().Start)}
			} else {
				e = &path{item: e, part: part, span: p.since(e.place().Start)}
			}
			continue
		}
		break
	}
	return e
}

// expand reads the columns of mv-expand and mv-apply.
func (p *parser) expand(o *operator) {
	o.options = p.options()
	o.exprs = p.list(true, false, func() expr {
		if p.tok.is("to") && p.peek(1).is("typeof") {
			p.advance()
			return p.typeOf()
		}
		if (p.tok.is("on") || p.tok.is("limit") || p.tok.is("id")) && !p.peek(1).sign(",") && !p.peek(1).sign("=") && !p.peek(1).is("to") {
			return nil
		}
		e := p.namedExpression()
		if e != nil && p.word("to") {
			if !p.tok.is("typeof") {
				p.unexpected("typeof(…)")
			}
			p.typeOf()
		}
		return e
	})
	if p.word("limit") {
		p.need(p.unnamed(), "a number of rows")
	}
	if o.name == "mv-expand" {
		return
	}
	if p.word("id") {
		p.need(p.unnamed(), "an id")
	}
	p.requireWord("on")
	o.nested = []*pipeline{p.contextual()}
}

// contextual reads operators in parentheses, which go on from the rows in
// front of them.
func (p *parser) contextual() *pipeline {
	open := p.tok
	p.require("(")
	pipe := &pipeline{}
	if p.failed {
		return pipe
	}
	if !p.enter() {
		return pipe
	}
	defer p.leave()
	p.level++
	start := p.tok.start
	if p.tok.is("__contextual_datatable") {
		pipe.source = p.primary()
	} else if o := p.operator(); o != nil {
		pipe.operators = append(pipe.operators, o)
	} else if !p.failed {
		p.badOperator(open)
	}
	p.operators(pipe)
	pipe.span = p.since(start)
	p.level--
	p.close(open)
	return pipe
}
