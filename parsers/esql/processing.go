package esql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

func (p *parser) where(c *command) {
	if p.atEnd() {
		p.fail(p.here(), `unexpected %s after "where", expected a condition`, p.found())
		return
	}
	c.condition = p.boolean()
	if !p.failed && p.tok.sign(",") {
		p.fail(p.tok.span(), `unexpected ",", expected "and" or "or" between conditions`)
	}
}

func (p *parser) eval(c *command) { c.fields = p.fields() }

// fields reads "column = value" between commas; the column may be missing.
func (p *parser) fields() []field {
	var list []field
	for !p.failed {
		list = append(list, p.field())
		if p.failed || !p.tok.sign(",") {
			break
		}
		comma := p.tok
		p.advance()
		if p.atEnd() || p.tok.is("by") {
			p.fail(comma.span(), `unexpected "," at the end of a list, expected another value`)
		}
	}
	return list
}

func (p *parser) field() field {
	value := p.boolean()
	f := field{value: value}
	if n, ok := value.(*name); ok && p.tok.sign("=") {
		f.column = rule.Text{Value: n.text, Span: n.span}
		p.advance()
		if p.atEnd() {
			p.fail(p.here(), `unexpected %s after "=", expected a value`, p.found())
			return f
		}
		f.value = p.boolean()
		if !p.failed && p.tok.sign("=") {
			p.fail(p.tok.span(), `unexpected "=", expected "==" to compare`)
		}
		return f
	}
	span := value.place()
	f.column = rule.Text{Value: p.lex.text[span.Start:span.End], Span: span}
	if n, ok := value.(*name); ok {
		f.column.Value = n.text
	}
	return f
}

// stats reads STATS and INLINE STATS: aggregates, each with a filter of its
// own or not, and what they are grouped by.
func (p *parser) stats(c *command) {
	if c.name == "INLINESTATS" {
		c.name = "INLINE STATS"
	}
	if p.atEnd() {
		p.unexpected(`an aggregate, or "by"`)
		return
	}
	for !p.failed && !p.tok.is("by") {
		f := p.field()
		if !p.failed && p.tok.is("where") {
			p.advance()
			f.filter = p.boolean()
		}
		c.fields = append(c.fields, f)
		if p.failed || !p.tok.sign(",") {
			break
		}
		comma := p.tok
		p.advance()
		if p.atEnd() || p.tok.is("by") {
			p.fail(comma.span(), `unexpected "," before %s, expected another aggregate`, p.found())
		}
	}
	if !p.failed && p.tok.is("by") {
		p.advance()
		if p.atEnd() {
			p.fail(p.here(), `unexpected %s after "by", expected a column to group by`, p.found())
			return
		}
		c.by = p.fields()
	}
}

func (p *parser) inline(c *command) {
	if !p.tok.is("stats") {
		p.unexpected(`"stats" after "inline"`)
		return
	}
	c.name = "INLINE STATS"
	p.advance()
	p.stats(c)
}

// columnPattern reads a column name in which "*" is a wildcard.
func (p *parser) columnPattern(wanted string) name {
	p.again(p.lex.pattern)
	var b strings.Builder
	start := p.tok.start
	for !p.failed {
		if p.tok.kind != kPattern && p.tok.kind != kParam {
			p.unexpected(wanted)
			break
		}
		b.WriteString(p.tok.text)
		p.advance()
		if !p.tok.sign(".") {
			break
		}
		b.WriteByte('.')
		p.then(p.lex.pattern)
	}
	return name{text: b.String(), span: p.since(int32(start))}
}

// columns reads column patterns between commas.
func (p *parser) columns() []name {
	var list []name
	for !p.failed {
		list = append(list, p.columnPattern("a column"))
		if p.failed || !p.tok.sign(",") {
			break
		}
		comma := p.tok
		p.advance()
		if p.atEnd() {
			p.fail(comma.span(), `unexpected "," at the end of a list, expected another column`)
		}
	}
	return list
}

// project reads KEEP, DROP, MV_EXPAND and INSIST.
func (p *parser) project(c *command) {
	c.names = p.columns()
	if !p.failed && !p.atEnd() && startsValue(p.tok) && !p.command(p.tok) {
		p.fail(p.here(), `unexpected %s, expected "," between columns or "|"`, p.found())
	}
}

func (p *parser) rename(c *command) {
	for !p.failed {
		from := p.columnPattern("a column")
		switch {
		case p.tok.is("as"):
			p.advance()
			to := p.columnPattern(`a new name after "as"`)
			c.renames = append(c.renames, rename{from.text, to.text})
		case p.tok.sign("="):
			p.advance()
			old := p.columnPattern(`a column after "="`)
			c.renames = append(c.renames, rename{old.text, from.text})
		default:
			p.fail(p.here(), `unexpected %s, expected "as" and the new name`, p.found())
		}
		if p.failed || !p.tok.sign(",") {
			return
		}
		p.advance()
	}
}

func (p *parser) sort(*command) {
	for !p.failed {
		p.boolean()
		if p.tok.is("asc") || p.tok.is("desc") {
			p.advance()
		}
		if !p.failed && p.tok.is("nulls") {
			p.advance()
			if !p.tok.is("first") && !p.tok.is("last") {
				p.unexpected(`"first" or "last" after "nulls"`)
				return
			}
			p.advance()
		}
		if p.failed || !p.tok.sign(",") {
			return
		}
		p.advance()
	}
}

// limit reads LIMIT and SAMPLE; LIMIT may count for each group.
func (p *parser) limit(c *command) {
	if k := p.tok.kind; k != kInteger && k != kDecimal && k != kParam && k != kString && !p.tok.sign("-") && !p.tok.sign("+") {
		p.unexpected("a number")
		return
	}
	p.signed()
	if c.name == "LIMIT" && p.tok.is("by") {
		p.advance()
		p.fields()
	}
}

// changePoint reads CHANGE_POINT value ON key AS type, pvalue.
func (p *parser) changePoint(c *command) {
	c.outputs = []string{"type", "pvalue"}
	p.columnPattern("a column")
	if p.tok.is("on") {
		p.advance()
		p.columnPattern(`a column after "on"`)
	}
	if !p.failed && p.tok.is("as") {
		p.advance()
		kind := p.columnPattern(`a name after "as"`)
		if !p.failed && !p.tok.sign(",") {
			p.unexpected(`"," and a name for the p-value`)
		}
		p.advance()
		value := p.columnPattern("a name for the p-value")
		c.outputs = []string{kind.text, value.text}
	}
}

// options reads WITH {…}, or WITH and the name of a model as before 9.2.
func (p *parser) options() {
	if p.failed || !p.tok.is("with") {
		return
	}
	p.advance()
	if p.tok.sign("{") {
		p.mapping()
		return
	}
	if k := p.tok.kind; k != kIdent && k != kQuoted && k != kString && k != kParam {
		p.unexpected(`options in braces after "with"`)
		return
	}
	p.advance()
}

// completion reads COMPLETION target = prompt WITH {…}.
func (p *parser) completion(c *command) {
	c.outputs = []string{"completion"}
	p.target(c, p.primary)
	p.options()
	if !p.failed && p.tok.is("as") {
		p.advance()
		c.outputs = []string{p.columnPattern(`a name after "as"`).text}
	}
}

// target reads "column = value" where the column may be missing.
func (p *parser) target(c *command, value func() expr) {
	if n, ok := value().(*name); ok && !p.failed && p.tok.sign("=") {
		c.outputs = []string{n.text}
		p.advance()
		value()
	}
}

// rerank reads RERANK target = "text" ON fields WITH {…}.
func (p *parser) rerank(c *command) {
	c.outputs = []string{"_score"}
	p.target(c, p.primary)
	if !p.failed && !p.tok.is("on") {
		p.unexpected(`"on" and the columns to rank by`)
		return
	}
	p.advance()
	p.fields()
	p.options()
}

// fork reads the branches of FORK.
func (p *parser) fork(c *command) {
	c.outputs = []string{"_fork"}
	if !p.tok.sign("(") {
		p.unexpected(`"(" before a branch`)
		return
	}
	for !p.failed && p.tok.sign("(") {
		open := p.tok
		p.advance()
		c.branches = append(c.branches, p.inside(open, true))
	}
}

// fuse reads FUSE method SCORE BY x KEY BY a, b GROUP BY g WITH {…}.
func (p *parser) fuse(c *command) {
	c.outputs = []string{"_score"}
	for !p.failed && !p.atEnd() {
		switch {
		case p.tok.is("with"):
			p.options()
		case p.tok.is("score"), p.tok.is("key"), p.tok.is("group"):
			p.advance()
			if !p.tok.is("by") {
				p.unexpected(`"by"`)
				return
			}
			p.advance()
			p.columns()
		case p.tok.kind == kIdent || p.tok.kind == kQuoted:
			p.advance()
		default:
			p.unexpected(`"score by", "key by", "group by", "with" or "|"`)
		}
	}
}

// mmr reads MMR vector ON field LIMIT n WITH {…}.
func (p *parser) mmr(*command) {
	if !p.tok.is("on") {
		p.signed()
	}
	if !p.failed && !p.tok.is("on") {
		p.unexpected(`"on" and a column`)
		return
	}
	p.advance()
	p.columnPattern(`a column after "on"`)
	if !p.failed && p.tok.is("limit") {
		p.advance()
		p.signed()
	}
	p.options()
}

// highlight reads HIGHLIGHT prefix = "x" query ON columns WITH {…}.
func (p *parser) highlight(*command) {
	p.field()
	if !p.failed && !p.tok.is("on") {
		p.boolean()
	}
	if !p.failed && p.tok.is("on") {
		p.advance()
		p.columns()
	}
	p.options()
}
