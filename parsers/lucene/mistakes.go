package lucene

import "fmt"

// found names the current token.
func (p *parser) found() string {
	if p.tok.kind == end {
		return "the end"
	}
	return fmt.Sprintf("%q", p.word())
}

func (p *parser) unclosed(open token) {
	if !p.failed {
		p.fail(span(open.start, open.end), `"(" is not closed, expected ")" before the end`)
	}
}

func (p *parser) unclosedRange(open token) {
	p.fail(span(open.start, open.end), `%q is not closed, expected "]" or "}" to end the range`, p.text[open.start:open.end])
}

// missingValue reports what cannot stand behind a field's colon, and whether
// it did.
func (p *parser) missingValue(f *Field) bool {
	name := p.raw(f.Span)
	switch p.tok.kind {
	case end, and, or, rparen:
		p.fail(span(p.prev.start, p.prev.end), `expected a value after "%s:", found %s`, name, p.found())
	case plus, minus:
		sign := p.word()
		p.fail(p.span(), `unexpected %q after "%s:", a value that begins with it is written "\%s" or in quotes`, sign, name, sign)
	case not:
		p.fail(p.span(), `unexpected %q after "%s:", expected "NOT %s:…"`, p.word(), name, name)
	case colon, boost, fuzzy:
		p.fail(p.span(), `unexpected %q after "%s:", expected a value`, p.word(), name)
	default:
		return false
	}
	return true
}

// unexpected reports a token that no clause begins with.
func (p *parser) unexpected() {
	before := span(p.prev.start, p.prev.end)
	switch p.tok.kind {
	case end:
		p.fail(before, "expected a clause after %q, found the end", p.raw(before))
	case rparen:
		if p.depth == 0 {
			p.fail(p.span(), `unexpected ")", no "(" is open`)
			return
		}
		p.fail(p.span(), `unexpected ")", expected a clause after %q`, p.raw(before))
	case colon:
		if p.prev.kind == term || p.prev.kind == wild {
			p.fail(p.span(), `unexpected ":" in a value, it is written "\:", or the value in quotes`)
			return
		}
		p.fail(p.span(), `unexpected ":", expected a field before it`)
	case boost, fuzzy:
		p.fail(p.span(), `unexpected %q, expected it directly after one term; in a value it is written "\%s"`, p.word(), p.word())
	default:
		p.fail(p.span(), "unexpected %q, expected a clause after %q", p.word(), p.raw(before))
	}
}
