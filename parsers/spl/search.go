package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// stops are the words, in lower case, at which search terms end outside of
// parentheses.
type stops map[string]bool

// terms reads search terms. NOT binds before OR, and OR before AND, which may
// be left out: that is how Splunk's search reference has it ("Boolean
// expressions").
func (p *parser) terms(stop stops) node {
	list := p.termList(stop)
	if p.peek() == ')' {
		p.fail(p.pos, p.pos+1, `unexpected ")", no "(" stands before it`)
	}
	return list
}

func (p *parser) termList(stop stops) node {
	var items []node
	for p.blank() && p.peek() != ')' && !p.atStop(stop) {
		start := p.pos
		if p.peek() == ',' {
			p.pos++
			continue
		}
		if p.keyword("AND") {
			switch {
			case len(items) == 0:
				p.fail(start, p.pos, `nothing stands before "AND"`)
			case p.dangling(stop):
				p.fail(start, start+3, `nothing stands after "AND", expected a search term`)
			}
		}
		if item := p.group(stop); item != nil {
			items = append(items, item)
		}
	}
	switch len(items) {
	case 0:
		return nil
	case 1:
		return items[0]
	}
	return &andNode{items}
}

// dangling reports whether no search term follows.
func (p *parser) dangling(stop stops) bool {
	return !p.blank() || p.peek() == ')' || p.atStop(stop)
}

func (p *parser) atStop(stop stops) bool {
	if stop == nil {
		return false
	}
	at := p.pos
	word := p.run(`()"=<>!,[`)
	next := p.peek()
	p.pos = at
	return stop[strings.ToLower(word)] && next != '=' && next != '!' && next != '<' && next != '>'
}

// keyword skips a word of the language, which is in upper case.
func (p *parser) keyword(word string) bool {
	if !p.has(word) {
		return false
	}
	if end := p.pos + len(word); end < p.end && !isBlank(p.text[end]) && strings.IndexByte("(\"`[)", p.text[end]) < 0 {
		return false
	}
	p.pos += len(word)
	return true
}

func (p *parser) group(stop stops) node {
	first := p.factor(stop)
	items := []node{first}
	for !p.failed && p.blank() {
		start := p.pos
		if !p.keyword("OR") {
			break
		}
		if p.dangling(stop) {
			p.fail(start, start+2, `nothing stands after "OR", expected a search term`)
			break
		}
		items = append(items, p.factor(stop))
	}
	if len(items) == 1 {
		return first
	}
	return &orNode{items}
}

// factor reads one term. What says nothing, such as a bare *, is an empty
// conjunction.
func (p *parser) factor(stop stops) node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	p.blank()
	start := p.pos
	switch c := p.peek(); {
	case p.keyword("NOT"):
		if p.dangling(stop) {
			p.fail(start, start+3, `nothing stands after "NOT", expected a search term`)
			return nil
		}
		item := p.factor(stop)
		return &notNode{item: item, span: p.place(start, p.pos)}
	case p.keyword("AND"), p.keyword("OR"):
		p.fail(start, p.pos, `unexpected %s, expected a search term before it`, short(p.text[start:p.pos]))
		return nil
	case c == '(':
		p.pos++
		inner := p.termList(nil)
		if p.failed {
			return nil
		}
		if p.peek() != ')' {
			p.fail(start, start+1, `"(" is never closed, expected ")"`)
			return nil
		}
		p.pos++
		// Splunk takes the parentheses of "name()" for empty ones.
		if glued := start > 0 && !isBlank(p.text[start-1]) && p.text[start-1] != '('; inner == nil && !glued {
			p.fail(start, p.pos, "nothing stands in the parentheses, expected search terms")
		}
		return inner
	case c == '[':
		return &subNode{p.sub()}
	case c == '`':
		name := p.macro()
		if rest := p.pos; rest < p.end && strings.IndexByte("=!<>", p.text[rest]) >= 0 {
			return p.afterField(rule.Text{Value: "`" + name + "`", Span: p.place(start, p.pos)}, start, name)
		}
		if p.isNeutral(name) {
			return &andNode{}
		}
		return &macroNode{name}
	case c == '"':
		text := p.quoted()
		field := p.textOf(decode(text), start, p.pos)
		if p.operatorFollows() {
			return p.afterField(field, start, "")
		}
		return &keyword{value: value{text: text, span: field.Span}}
	}
	return p.word(start)
}

// word reads a term that begins with a bare word: a comparison, a list, or the
// word alone.
func (p *parser) word(start int) node {
	word := p.fieldWord()
	if word == "" {
		if strings.IndexByte("=<>!", p.peek()) >= 0 {
			at := p.pos
			for p.pos < p.end && strings.IndexByte("=<>!", p.text[p.pos]) >= 0 {
				p.pos++
			}
			p.fail(at, p.pos, "unexpected %s, expected a field before it", short(p.text[at:p.pos]))
			return nil
		}
		s, e := p.next()
		p.fail(s, e, "unexpected %s, expected a search term", p.found())
		return nil
	}
	if (word == "TERM" || word == "CASE") && p.peek() == '(' {
		return p.directive(word, start)
	}
	field := p.textOf(word, start, p.pos)
	if p.operatorFollows() {
		return p.afterField(field, start, "")
	}
	// Not a comparison: the word goes on to the next blank.
	p.pos = start
	text := p.run(`()"`)
	if name, rest, ok := strings.Cut(text, "::"); ok && name != "" && rest != "" {
		// An indexed field: field::value.
		at := start + len(name)
		return &comparison{
			field: p.textOf(name, start, at), op: "::",
			value: value{text: rest, span: p.place(at+2, p.pos), tokens: p.tokens},
		}
	}
	return &keyword{value: value{text: text, span: p.place(start, p.pos), tokens: p.tokens}}
}

// fieldWord reads what may be the name of a field.
func (p *parser) fieldWord() string {
	start := p.pos
	for p.pos < p.end {
		c := p.text[p.pos]
		if isBlank(c) || strings.IndexByte(`()"=<>`, c) >= 0 || c == '!' && p.pos+1 < p.end && p.text[p.pos+1] == '=' {
			break
		}
		p.pos++
		if c == '\\' && p.pos < p.end && !isBlank(p.text[p.pos]) {
			p.pos++
		}
	}
	return p.text[start:p.pos]
}

// operatorFollows looks for a comparison or IN after a field, and moves to it.
func (p *parser) operatorFollows() bool {
	at := p.pos
	p.blank()
	switch c := p.peek(); {
	case c == '=' || c == '<' || c == '>', c == '!' && p.has("!="):
		return true
	case p.has("IN") || p.has("NOT"):
		here := p.pos
		p.keyword("NOT")
		p.blank()
		if p.keyword("IN") && p.blank() && p.peek() == '(' {
			p.pos = here
			return true
		}
	}
	p.pos = at
	return false
}

// operators of search terms, the long ones first.
var operators = []string{"!=", "<=", ">=", "==", "=", "<", ">"}

// afterField reads an operator and what it compares with. macro is set when the
// field is what an unknown macro stands for.
func (p *parser) afterField(field rule.Text, start int, macro string) node {
	for _, op := range operators {
		if !p.has(op) {
			continue
		}
		at := p.pos
		p.pos += len(op)
		if op == "=" && (p.peek() == '>' || p.peek() == '<') || p.has("=") && op != "==" {
			p.fail(at, p.pos+1, "unexpected %s, expected one of = != < <= > >=", short(p.text[at:p.pos+1]))
			return nil
		}
		v, ok := p.value("", p.text[start:p.pos], start)
		switch {
		case !ok:
			return nil
		case macro != "":
			return &macroNode{macro}
		}
		return &comparison{field: field, op: op, value: v}
	}
	negated := p.keyword("NOT")
	p.blank()
	p.keyword("IN")
	p.blank()
	open := p.pos
	p.pos++
	list := &inList{field: field, negated: negated}
	for p.blank() && p.peek() != ')' {
		if p.peek() == ',' {
			p.pos++
			continue
		}
		at := p.pos
		v, ok := p.value(",", p.text[start:open], start)
		if !ok {
			return nil
		}
		if (v.text == "AND" || v.text == "OR" || v.text == "NOT") && p.text[at] != '"' {
			p.fail(at, p.pos, `unexpected %s in a list, expected "," or ")"`, short(v.text))
			return nil
		}
		list.values = append(list.values, v)
	}
	if p.failed {
		return nil
	}
	if p.peek() != ')' {
		p.fail(open, open+1, `"(" is never closed, expected ")"`)
		return nil
	}
	p.pos++
	list.span = p.place(start, p.pos)
	if len(list.values) == 0 {
		p.fail(open, p.pos, "the list of values is empty")
	}
	return list
}

// value reads the right side of a comparison, or an element of a list. It is
// never anything but a text.
func (p *parser) value(separators, left string, start int) (value, bool) {
	if !p.blank() || p.peek() == ')' {
		p.fail(start, start+len(left), "nothing stands after %s, expected a value", short(left))
		return value{}, false
	}
	at := p.pos
	v := value{}
	if p.typographic(at) {
		return v, false
	}
	switch p.peek() {
	case '"':
		v.text = p.quoted()
		v.tokens = p.tokens
	case '`':
		v.macro, v.opaque = p.macro(), true
		p.run(`()"` + separators) // glued to it
	case '[':
		v.sub, v.opaque = p.sub(), true
	case '(':
		p.fail(at, at+1, `unexpected "(", expected one value; several stand in IN (…)`)
		return v, false
	default:
		v.text = p.run(`()"` + separators)
		v.tokens = p.tokens
		if (v.text == "TERM" || v.text == "CASE") && p.peek() == '(' {
			k, ok := p.directive(v.text, at).(*keyword)
			if !ok {
				return v, false
			}
			return value{text: k.value.text, span: k.value.span, wrap: k.wrap}, true
		}
	}
	v.span = p.place(at, p.pos)
	return v, !p.failed
}

// directive reads TERM(…) and CASE(…), whose text may hold anything but a
// parenthesis.
func (p *parser) directive(word string, start int) node {
	open := p.pos
	p.pos++
	at := p.pos
	for p.pos < p.end && p.text[p.pos] != ')' {
		if p.text[p.pos] == '"' {
			p.quoted()
			continue
		}
		p.pos++
	}
	if p.pos >= p.end {
		p.fail(open, open+1, `"(" is never closed, expected ")"`)
		return nil
	}
	text := strings.Trim(strings.TrimSpace(p.text[at:p.pos]), `"`)
	p.pos++
	return &keyword{value: value{text: text, span: p.place(start, p.pos)}, wrap: word}
}
