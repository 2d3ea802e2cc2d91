package lucene

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// check warns about what Lucene accepts and reads differently than it looks.
func (p *parser) check(g *Group) {
	must, joined := g.has(Must), false
	for i, c := range g.Clauses {
		joined = p.checkWord(g, i) || joined
		switch n := c.Node.(type) {
		case *Group:
			p.check(n)
		case *Term:
			p.checkTerm(c, n)
		}
		if c.Conjunction.Value != "" && c.Conjunction.Value != "AND" && c.Conjunction.Value != "&&" && c.Occur == MustNot {
			sp := rule.Span{Start: c.Conjunction.Span.Start, End: c.Modifier.Span.End}
			p.warn(sp, `%q excludes as "AND NOT" does, an alternative is written "OR (NOT …)"`, p.raw(sp))
		}
	}
	if !must || joined {
		return
	}
	for _, c := range g.Clauses {
		if c.Occur == Should {
			p.warn(c.Span, `%q neither narrows nor widens the query: beside what AND or + require it is optional; put parentheses around what OR joins`, p.raw(c.Span))
		}
	}
}

// checkWord warns about an operator of another language, or in lower case,
// that is read as a term, and reports whether it joins clauses.
func (p *parser) checkWord(g *Group, i int) bool {
	c := g.Clauses[i]
	t, ok := c.Node.(*Term)
	if !ok || t.Kind != Word || c.Field != nil {
		return false
	}
	before := i > 0 && g.Clauses[i-1].Field != nil
	after := i+1 < len(g.Clauses) && g.Clauses[i+1].Field != nil && g.Clauses[i+1].Conjunction.Value == ""
	switch raw := p.raw(t.Span); strings.ToLower(raw) {
	case "and", "or":
		if before && after {
			p.warn(t.Span, "%q is read as a term, expected %q to join clauses", raw, strings.ToUpper(raw))
			return true
		}
	case "not":
		if after {
			p.warn(t.Span, `%q is read as a term, expected "NOT" to exclude`, raw)
			return true
		}
	case "in":
		if i+1 < len(g.Clauses) && i > 0 && g.Clauses[i+1].Conjunction.Value == "" {
			if _, list := g.Clauses[i+1].Node.(*Group); list && g.Clauses[i+1].Field == nil {
				p.warn(t.Span, `%q is read as a term, expected ":" before a list: "field:(a OR b)"`, raw)
			}
		}
	case "=", "==", "=~", "!=":
		p.warn(t.Span, `%q is read as a term, expected ":" to compare`, raw)
	case ">", ">=", "<", "<=":
		p.warn(t.Span, `%q is read as a term, expected "field:%s1"`, raw, raw)
	case "|":
		p.warn(t.Span, `"|" is read as a term, Lucene has no pipes`)
	case "+", "-", "!":
		p.warn(t.Span, `%q is read as a term, expected no blank behind it`, raw)
	}
	return false
}

func (p *parser) checkTerm(c *Clause, t *Term) {
	raw := p.raw(t.Span)
	if t.Kind != Regexp {
		p.checkEscapes(t)
	}
	switch {
	case c.Field != nil && c.Field.Text == "_missing_":
		p.warn(c.Field.Span, `"_missing_" is read as a field, expected "NOT _exists_:%s"`, raw)
	case t.Kind != Word:
	case strings.ContainsAny(raw, "“”„‟") || strings.HasPrefix(raw, "‘") || strings.HasPrefix(raw, "«"):
		p.warn(t.Span, "the quotes of %s are part of the term, expected plain double quotes", raw)
	case len(raw) > 1 && raw[0] == '\'' && (raw[len(raw)-1] == '\'' || strings.Contains(p.text[t.Span.End:], "'")):
		p.warn(t.Span, "the single quotes of %s are part of the term, expected double quotes", raw)
	case c.Field == nil && len(raw) > 1 && raw[len(raw)-1] == '=' && p.byteAt(int(t.Span.End)) == '"' && strings.Trim(raw, "=<>!~") != "":
		at := int(t.Span.Start) + len(strings.TrimRight(raw, "=!~"))
		sp := span(at, int(t.Span.End))
		p.warn(sp, `%q is read as a part of a term, expected ":" to compare`, p.raw(sp))
	case c.Field != nil && (raw == ">" || raw == ">=" || raw == "<" || raw == "<="):
		p.warn(t.Span, `%q is read as a value, expected no blank behind it`, raw)
	}
}

// checkEscapes warns about a backslash before a letter or digit, which is
// dropped: where one is written, one was meant.
func (p *parser) checkEscapes(t *Term) {
	raw := p.raw(t.Span)
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		if c := raw[i]; c != 'u' && (c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z') {
			at := int(t.Span.Start) + i - 1
			p.warn(span(at, at+2), `%q is read as %q, a backslash is written "\\"`, raw[i-1:i+1], raw[i:i+1])
			return
		}
	}
}
