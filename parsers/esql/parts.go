package esql

import "strings"

// The commands that take a text apart and those that bring columns from
// elsewhere: what they give is calculated.

// text reads a constant string.
func (p *parser) text(wanted string) string {
	t := p.tok
	if t.kind != kString && t.kind != kParam {
		p.unexpected(wanted)
		return ""
	}
	p.advance()
	return t.text
}

// dissect reads DISSECT input "pattern" APPEND_SEPARATOR = "x".
func (p *parser) dissect(c *command) {
	p.casts(p.primary())
	c.outputs = dissectKeys(p.text("a pattern in double quotes"))
	for !p.failed && p.tok.kind == kIdent && !p.command(p.tok) {
		if !p.tok.is("append_separator") {
			p.unexpected(`"append_separator" or "|"`)
			return
		}
		p.advance()
		if !p.tok.sign("=") {
			p.unexpected(`"=" and the separator`)
			return
		}
		p.advance()
		p.text("a separator in double quotes")
		if !p.tok.sign(",") {
			return
		}
		p.advance()
	}
}

// grok reads GROK input "pattern", "pattern".
func (p *parser) grok(c *command) {
	p.casts(p.primary())
	for !p.failed {
		c.outputs = append(c.outputs, grokKeys(p.text("a pattern in double quotes"))...)
		if p.failed || !p.tok.sign(",") {
			return
		}
		p.advance()
	}
}

// dissectKeys are the columns of a dissect pattern: %{key}, with modifiers
// around the name (%{+key/2}, %{key->}, %{?unnamed}).
func dissectKeys(pattern string) []string {
	var keys []string
	for {
		_, rest, ok := strings.Cut(pattern, "%{")
		if !ok {
			return keys
		}
		key, after, ok := strings.Cut(rest, "}")
		if !ok {
			return keys
		}
		pattern = after
		key = strings.TrimSuffix(key, "->")
		if strings.HasPrefix(key, "?") || strings.HasPrefix(key, "*") || strings.HasPrefix(key, "&") {
			continue
		}
		key = strings.TrimPrefix(key, "+")
		if name, _, ordered := strings.Cut(key, "/"); ordered {
			key = name
		}
		if key != "" {
			keys = append(keys, key)
		}
	}
}

// grokKeys are the columns of a grok pattern: %{SYNTAX:name:type} and the
// named groups of its regular expression.
func grokKeys(pattern string) []string {
	var keys []string
	for i := 0; i+2 < len(pattern); i++ {
		switch {
		case pattern[i] == '\\':
			i++
		case strings.HasPrefix(pattern[i:], "%{"):
			inside, _, ok := strings.Cut(pattern[i+2:], "}")
			if !ok {
				return keys
			}
			if parts := strings.Split(inside, ":"); len(parts) > 1 {
				keys = append(keys, parts[1])
			}
			i += len(inside) + 2
		case strings.HasPrefix(pattern[i:], "(?<"):
			inside, _, ok := strings.Cut(pattern[i+3:], ">")
			if !ok {
				return keys
			}
			if inside != "" && inside[0] != '=' && inside[0] != '!' {
				keys = append(keys, inside)
			}
			i += len(inside) + 3
		}
	}
	return keys
}

// parts reads URI_PARTS, USER_AGENT and the like: prefix = input WITH {…}.
func (p *parser) parts(c *command) {
	n := p.columnPattern("a prefix for the new columns")
	if p.failed || !p.tok.sign("=") {
		p.unexpected(`"=" and the text to take apart`)
		return
	}
	p.advance()
	p.casts(p.primary())
	p.options()
	c.prefix = n.text + "."
}

// enrich reads ENRICH policy ON column WITH name = field, field.
func (p *parser) enrich(c *command) {
	p.again(p.lex.policy)
	if open := p.tok; open.sign("[") { // [ccq.mode:any], until 8.13
		p.advance()
		for p.tok.kind != kEOF && !p.tok.sign("]") && !p.tok.sign("|") {
			p.advance()
		}
		if !p.tok.sign("]") {
			p.close(open, "]")
			return
		}
		p.then(p.lex.policy)
	}
	if p.tok.kind != kSource && p.tok.kind != kString {
		p.unexpected("the name of an enrich policy")
		return
	}
	p.advance()
	if p.tok.sign(":") { // _any:policy
		p.then(p.lex.policy)
		if p.tok.kind != kSource {
			p.unexpected("the name of an enrich policy")
			return
		}
		p.advance()
	}
	if p.tok.is("on") {
		p.advance()
		p.columnPattern(`a column after "on"`)
	}
	if p.failed || !p.tok.is("with") {
		return
	}
	p.advance()
	for !p.failed {
		n := p.columnPattern("a column")
		if p.tok.sign("=") {
			p.advance()
			p.columnPattern(`a field of the policy after "="`)
		}
		c.outputs = append(c.outputs, n.text)
		if p.failed || !p.tok.sign(",") {
			return
		}
		p.advance()
	}
}

// lookup reads LOOKUP JOIN, and LOOKUP as it was before 8.18.
func (p *parser) lookup(c *command) {
	if p.tok.is("join") {
		p.join(c)
		return
	}
	p.again(p.lex.source)
	p.index(c, true)
	p.again(p.lex.next)
	if !p.failed && !p.tok.is("on") {
		p.unexpected(`"join", or "on" and the columns to join by`)
		return
	}
	p.advance()
	c.names = p.columns()
}

// join reads JOIN index AS alias ON condition, condition.
func (p *parser) join(c *command) {
	if c.name != "JOIN" {
		if !p.tok.is("join") {
			p.unexpected(`"join"`)
			return
		}
		c.name += " JOIN"
		p.then(p.lex.source)
	}
	p.again(p.lex.source)
	p.index(c, true)
	p.again(p.lex.next)
	if !p.failed && p.tok.is("as") {
		p.advance()
	}
	if !p.failed && !p.tok.is("on") && p.tok.kind == kIdent {
		p.advance()
	}
	if p.failed || !p.tok.is("on") {
		p.unexpected(`"on" and the columns to join by`)
		return
	}
	p.advance()
	for !p.failed {
		c.on = append(c.on, p.boolean())
		if p.failed || !p.tok.sign(",") {
			return
		}
		p.advance()
	}
}
