package esql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// from reads the sources of FROM and TS: index patterns and subqueries, and
// the metadata fields that are wanted.
func (p *parser) from(c *command) {
	p.again(p.lex.source)
	for !p.failed {
		if open := p.tok; open.sign("(") {
			p.advance()
			if !p.startsQuery() {
				p.fail(p.here(), `unexpected %s, expected a subquery that begins with "from"`, p.found())
				return
			}
			c.subqueries = append(c.subqueries, p.nested(open))
			p.again(p.lex.source)
		} else {
			p.index(c, false)
		}
		if p.failed || !p.tok.sign(",") {
			break
		}
		comma := p.tok
		p.then(p.lex.source)
		if p.atEnd() {
			p.fail(comma.span(), `unexpected "," at the end of a list, expected another index pattern`)
		}
	}
	bracket := p.tok
	if bracket.sign("[") { // until 8.13
		p.then(p.lex.source)
	}
	p.metadata(c)
	if bracket.sign("[") {
		p.close(bracket, "]")
	}
	if !p.failed && p.tok.kind == kSource {
		p.again(p.lex.next)
		switch {
		case processing[strings.ToLower(p.tok.text)] != nil:
			p.fail(p.tok.span(), `unexpected %q, expected "|" before a command`, p.tok.text)
		case len(c.metadata) == 0:
			p.again(p.lex.source)
			p.fail(p.here(), `unexpected %s, expected "," between index patterns, "metadata" or "|"`, p.found())
		default:
			p.fail(p.here(), `unexpected %s, expected "," or "|"`, p.found())
		}
	}
}

// index reads an index pattern with its cluster and selector.
func (p *parser) index(c *command, lookup bool) {
	if p.tok.kind != kSource && p.tok.kind != kString {
		p.unexpected("an index pattern")
		return
	}
	s := Source{Lookup: lookup, Pattern: rule.Text{Value: p.tok.text, Span: p.tok.span()}}
	quoted := p.tok.kind == kString
	p.then(p.lex.source)
	if p.tok.sign(":") && !quoted {
		p.then(p.lex.source)
		if p.tok.kind != kSource && p.tok.kind != kString {
			p.unexpected(`an index pattern after ":"`)
			return
		}
		s.Cluster = s.Pattern.Value
		s.Pattern.Value = p.tok.text
		s.Pattern.Span.End = int32(p.tok.end)
		p.then(p.lex.source)
	}
	if p.tok.sign("::") {
		p.then(p.lex.source)
		if p.tok.kind != kSource {
			p.unexpected(`"data" or "failures" after "::"`)
			return
		}
		s.Selector = p.tok.text
		p.then(p.lex.source)
	}
	list := []Source{s}
	if quoted {
		list = split(s)
	}
	c.sources = append(c.sources, list...)
	p.query.Sources = append(p.query.Sources, list...)
}

// split takes apart what stands in one pair of quotes: patterns between
// commas, each with its cluster, or one pattern.
func split(s Source) []Source {
	var list []Source
	text := s.Pattern.Value
	quote := (s.Pattern.Span.End - s.Pattern.Span.Start - int32(len(text))) / 2
	at := s.Pattern.Span.Start + quote
	several := strings.Contains(text, ",")
	for part := range strings.SplitSeq(text, ",") {
		next := at + int32(len(part)) + 1
		one := s
		one.Pattern.Value = strings.TrimSpace(part)
		if several && quote > 0 {
			one.Pattern.Span = rule.Span{Start: at, End: min(next-1, s.Pattern.Span.End)}
		}
		if cluster, pattern, ok := strings.Cut(one.Pattern.Value, ":"); ok && !strings.HasPrefix(pattern, ":") {
			one.Cluster, one.Pattern.Value = cluster, pattern
		}
		list = append(list, one)
		at = next
	}
	return list
}

// metadata reads METADATA and the fields after it.
func (p *parser) metadata(c *command) {
	if p.failed || p.tok.kind != kSource || !strings.EqualFold(p.tok.text, "metadata") {
		return
	}
	p.then(p.lex.source)
	for !p.failed {
		if p.tok.kind != kSource {
			p.unexpected(`a metadata field such as "_id"`)
			return
		}
		c.metadata = append(c.metadata, rule.Text{Value: p.tok.text, Span: p.tok.span()})
		p.then(p.lex.source)
		if !p.tok.sign(",") {
			return
		}
		p.then(p.lex.source)
	}
}
