package kuery

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// The checks of this file warn about what Kibana accepts, but as plain text
// where another language's syntax was meant.

// checkValue looks at the value of a field.
func (p *parser) checkValue(l *Literal, list bool) {
	if l.Quoted {
		return
	}
	raw := p.raw(l.Span)
	switch {
	case p.checkQuotes(l):
	case len(raw) > 2 && raw[0] == '/' && raw[len(raw)-1] == '/' &&
		(strings.ContainsAny(raw, "[]^$+|") || strings.Contains(raw, ".*")):
		p.warn(l.Span, `%q is compared as plain text, Kuery has no regular expressions`, raw)
	case raw[0] == '[' && strings.HasSuffix(raw, "]") && strings.Contains(raw, " TO "):
		p.warn(l.Span, `%q is compared as plain text, a range is written "field >= 1 and field <= 5"`, raw)
	case p.checkJoins(l):
	case list && strings.Contains(raw, ", "):
		at := int(l.Span.Start) + strings.Index(raw, ", ")
		p.warn(span(at, at+1), `"," is a part of the value, expected "or" between values`)
	}
}

// checkQuotes warns about values in quotation marks that are none, such as
// those that word processors put in place of the plain ones.
func (p *parser) checkQuotes(l *Literal) bool {
	raw := p.raw(l.Span)
	switch {
	case strings.ContainsAny(raw, "“”„‟"), strings.HasPrefix(raw, "‘"), strings.HasPrefix(raw, "«"):
		p.warn(l.Span, `the quotes of %s are part of the value, expected plain double quotes`, raw)
	case len(raw) > 1 && raw[0] == '\'' && raw[len(raw)-1] == '\'':
		p.warn(l.Span, `the single quotes of %s are part of the value, expected double quotes`, raw)
	default:
		return false
	}
	return true
}

// checkJoins warns about signs that join comparisons in other languages. One
// before another comparison is a mistake, which is reported there.
func (p *parser) checkJoins(l *Literal) bool {
	raw := p.raw(l.Span)
	if strings.IndexByte(":<>", p.byteAt(p.afterSpace(int(l.Span.End)))) >= 0 {
		return false
	}
	for _, s := range signs {
		if i := strings.Index(raw, " "+s.sign+" "); i > 0 {
			at := int(l.Span.Start) + i + 1
			p.warn(span(at, at+len(s.sign)), `%q is a part of the value, %s`, s.sign, s.hint)
			return true
		}
	}
	return false
}

var signs = []struct{ sign, hint string }{
	{"&&", `expected "and"`},
	{"||", `expected "or"`},
	{"|", "Kuery has no pipes"},
	{"//", "Kuery has no comments"},
	{"/*", "Kuery has no comments"},
}

// checkField looks at a field name.
func (p *parser) checkField(l *Literal) {
	raw := p.raw(l.Span)
	switch {
	case l.Quoted || raw == "":
	case raw == "_exists_":
		p.warn(l.Span, `"_exists_" is read as a field, expected "field: *"`)
	case raw[0] == '-' || raw[0] == '+' || raw[0] == '!':
		sign := span(int(l.Span.Start), int(l.Span.Start)+1)
		p.warn(sign, `%q is read as a part of the field's name, expected "not" before what is excluded`, p.raw(sign))
	case strings.ContainsAny(raw, " \t\r\n"):
		i := strings.LastIndexAny(raw, " \t\r\n")
		p.warn(l.Span, `%q is read as the name of a field, is there an "and" or "or" missing before %q?`, raw, raw[i+1:])
	}
}

// checkFreeText looks at a value that is searched in all fields.
func (p *parser) checkFreeText(l *Literal) {
	if l.Quoted {
		return
	}
	raw := p.raw(l.Span)
	if strings.EqualFold(raw, "not") {
		p.fail(l.Span, `expected a comparison after %q, found the end`, raw)
		return
	}
	if p.checkQuotes(l) || p.checkJoins(l) {
		return
	}
	p.checkEquals(l, raw)
}

// checkEquals warns about a comparison with = that is read as plain text. The
// comparisons before a quote or a list are reported as mistakes elsewhere.
func (p *parser) checkEquals(l *Literal, raw string) {
	i := strings.IndexByte(raw, '=')
	if next := p.byteAt(p.afterSpace(p.pos)); i <= 0 || next == '"' || next == '(' {
		return
	}
	start, end := i, i+1
	if strings.IndexByte("!=", raw[i-1]) >= 0 {
		start--
	}
	for end < len(raw) && (raw[end] == '=' || raw[end] == '~') {
		end++
	}
	name := strings.TrimSpace(raw[:start])
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@") != "" ||
		!strings.ContainsAny(name, "._@") && end < len(raw) && raw[end] != ' ' && end-start == 1 {
		return
	}
	sp := rule.Span{Start: l.Span.Start + int32(start), End: l.Span.Start + int32(end)}
	p.warn(sp, `%q is read as plain text, expected ":" to compare`, p.raw(sp))
}
