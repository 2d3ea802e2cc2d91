package kuery

import (
	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/rule"
)

// or reads comparisons joined by "or", which binds loosest. Where list is set,
// the values of that field are read instead.
func (p *parser) or(list *Literal) Node { return p.join(list, "or", p.and) }

func (p *parser) and(list *Literal) Node { return p.join(list, "and", p.not) }

func (p *parser) join(list *Literal, keyword string, operand func(*Literal) Node) Node {
	first := operand(list)
	if p.failed || !p.joined(keyword, list) {
		return first
	}
	all := &Boolean{Or: keyword == "or", Children: []Node{first}}
	for {
		all.Children = append(all.Children, operand(list))
		if p.failed || !p.joined(keyword, list) {
			return all
		}
	}
}

// joined reads the keyword if it comes next. The grammar wants blanks around
// it.
func (p *parser) joined(keyword string, list *Literal) bool {
	at := p.afterSpace(p.pos)
	if !p.word(at, keyword) {
		return false
	}
	sp := span(at, at+len(keyword))
	switch next := p.byteAt(int(sp.End)); {
	case at == p.pos:
		p.mistake(sp, `missing blank before %q`, p.raw(sp))
	case next == '(' || next == '"':
		p.mistake(sp, `missing blank after %q`, p.raw(sp))
	}
	p.pos = int(sp.End)
	if p.ended() || p.peek() == ')' || p.peek() == '}' {
		p.fail(sp, `expected %s after %q, found %s`, wanted(list), p.raw(sp), p.found())
	}
	return true
}

func (p *parser) not(list *Literal) Node {
	p.space()
	start := p.pos
	if !p.word(start, "not") {
		return p.operand(list)
	}
	sp := span(start, start+3)
	if next := p.byteAt(start + 3); next == '(' || next == '"' {
		p.mistake(sp, `missing blank after %q`, p.raw(sp))
	}
	p.pos += 3
	if p.ended() || p.peek() == ')' || p.peek() == '}' {
		p.fail(sp, `expected %s after %q, found %s`, wanted(list), p.raw(sp), p.found())
		return nil
	}
	if p.word(p.pos, "not") {
		p.fail(span(p.pos, p.pos+3), `unexpected second %q, expected a comparison after "not"`, p.raw(span(p.pos, p.pos+3)))
		return nil
	}
	child := p.operand(list)
	return &Negation{Child: child, Span: span(start, p.end)}
}

// operand reads a group, a comparison or, in a list, a value.
func (p *parser) operand(list *Literal) Node {
	p.space()
	if p.peek() == '(' {
		return p.group(list)
	}
	if k := p.keyword(p.pos); k != "" {
		p.fail(span(p.pos, p.pos+len(k)), "unexpected %q, expected %s before it", k, wanted(list))
		return nil
	}
	if list != nil {
		l := p.literal()
		if l == nil {
			p.noLiteral(wanted(list))
			return nil
		}
		p.checkValue(l, true)
		return l
	}
	return p.comparison()
}

func wanted(list *Literal) string {
	if list != nil {
		return "a value"
	}
	return "a comparison"
}

// group reads what stands in parentheses.
func (p *parser) group(list *Literal) Node {
	open := p.pos
	if !p.enter() {
		return nil
	}
	p.pos++
	if p.ended() {
		p.unclosed(open, ")")
		return nil
	}
	inner := p.or(list)
	p.close(open, ')', list)
	return inner
}

// enter and leave count how deep the parser is in groups.
func (p *parser) enter() bool {
	p.depth++
	if p.depth > query.MaxDepth {
		p.fail(span(p.pos, p.pos+1), "query is nested deeper than %d levels", query.MaxDepth)
		return false
	}
	return true
}

// close reads the sign that closes what was opened at open.
func (p *parser) close(open int, sign byte, list *Literal) {
	if p.failed {
		return
	}
	if p.ended() {
		p.unclosed(open, string(sign))
		return
	}
	if p.peek() != sign {
		p.unexpected(list)
		return
	}
	p.pos++
	p.depth--
	p.end, p.last = p.pos, nil
}

// comparison reads a field with its value, or a value that is searched in all
// fields.
func (p *parser) comparison() Node {
	l := p.literal()
	if l == nil {
		p.noLiteral("a comparison")
		return nil
	}
	after := p.pos
	p.space()
	switch p.peek() {
	case ':':
		return p.fieldValue(l)
	case '<', '>':
		return p.fieldRange(l)
	}
	p.pos = after
	p.checkFreeText(l)
	return &Comparison{Value: l, Span: l.Span}
}

func (p *parser) fieldRange(field *Literal) Node {
	start := p.pos
	p.pos++
	if p.peek() == '=' {
		p.pos++
	}
	op := rule.Text{Value: p.text[start:p.pos], Span: span(start, p.pos)}
	if !p.ended() && p.keyword(p.pos) == "" {
		if l := p.literal(); l != nil {
			p.checkField(field)
			return &Comparison{Field: field, Operator: op, Value: l, Span: span(int(field.Span.Start), p.end)}
		}
	}
	p.noValue(field, op)
	return nil
}

func (p *parser) fieldValue(field *Literal) Node {
	start := p.pos
	op := rule.Text{Value: ":", Span: span(start, start+1)}
	p.pos++
	if p.ended() || p.keyword(p.pos) != "" {
		p.noValue(field, op)
		return nil
	}
	var value Node
	switch p.peek() {
	case '(':
		value = p.group(field)
	case '{':
		return p.nested(field)
	default:
		l := p.literal()
		if l == nil {
			p.noValue(field, op)
			return nil
		}
		p.checkValue(l, false)
		value = l
	}
	p.checkField(field)
	return &Comparison{Field: field, Operator: op, Value: value, Span: span(int(field.Span.Start), p.end)}
}

func (p *parser) nested(path *Literal) Node {
	open := p.pos
	if !p.enter() {
		return nil
	}
	p.pos++
	if p.ended() {
		p.unclosed(open, "}")
		return nil
	}
	inner := p.or(nil)
	p.close(open, '}', nil)
	return &Nested{Path: path, Child: inner, Span: span(int(path.Span.Start), p.end)}
}
