package eql

import (
	"strings"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/rule"
)

// query reads the whole text.
func (p *parser) query() {
	if p.tok.kind == end {
		p.fail(rule.Span{End: int32(len(p.text))}, `query is empty, expected an event category and "where"`)
		return
	}
	start := p.tok.start
	kind, keyword := p.head()
	p.q.Kind = kind
	if kind == Event {
		p.q.Steps = []Step{p.event()}
	} else {
		p.take(keyword)
		p.headKeys()
		p.steps()
	}
	for p.is("|") {
		p.pipe()
	}
	if p.is(";") && p.peek(1).kind == end {
		p.report(p.tok.span(), `unexpected ";", a query ends without a sign`)
		p.next()
	}
	if p.tok.kind != end {
		p.unexpected(`"and", "or", "|" or the end of the query`)
	}
	if p.failed && kind == Event && len(p.q.Steps) > 0 {
		// What was read is a part of the condition only.
		p.q.Steps[0].Expr = nil
	}
	p.q.Span = p.since(start)
	if p.failed {
		p.q.Span.End = int32(len(strings.TrimRight(p.text, " \t\r\n")))
	}
	p.check()
}

// head says which kind of query begins here, and by which keyword.
func (p *parser) head() (Kind, string) {
	if !p.means(p.peek(1), "where") {
		for _, kind := range []Kind{Sequence, Sample, Join} {
			if p.means(p.tok, string(kind)) {
				return kind, string(kind)
			}
		}
	}
	return Event, ""
}

// headKeys reads "by" and "with maxspan" of the head. Elasticsearch wants
// them in this order; python-eql takes both.
func (p *parser) headKeys() {
	for !p.failed {
		at := p.tok.span()
		switch {
		case p.take("by"):
			switch {
			case len(p.q.By) > 0:
				p.report(at, `unexpected second "by", expected all keys after the first one`)
			case !p.q.MaxSpan.Text.Span.IsZero():
				p.warn(at, `"by" after "with maxspan", Elasticsearch expects it before`)
			}
			p.q.By = append(p.q.By, p.keys()...)
		case p.take("with"):
			p.maxSpan(at)
		case p.means(p.tok, "maxspan"):
			p.report(at, `expected "with" before %s`, quote(p.slice(p.tok)))
			p.maxSpan(at)
		default:
			return
		}
	}
}

// keys reads the fields, or expressions, after "by".
func (p *parser) keys() []Expr {
	var keys []Expr
	for !p.failed {
		keys = append(keys, p.sum())
		if !p.is(",") {
			break
		}
		p.next()
		if p.is("[") || p.tok.kind == end {
			p.report(p.toks[p.i-1].span(), `unexpected "," after the last key`)
			break
		}
	}
	return keys
}

// steps reads the events in brackets, and until.
func (p *parser) steps() {
	for !p.failed {
		switch {
		case p.is("[") || p.is("!["):
			p.q.Steps = append(p.q.Steps, p.step())
		case p.is("!") && p.isSign(p.peek(1), "["):
			p.report(rule.Span{Start: p.tok.start, End: p.peek(1).end}, `unexpected blank between "!" and "[", expected "!["`)
			p.next()
			step := p.step()
			step.Missing = true
			p.q.Steps = append(p.q.Steps, step)
		case p.is(",") && len(p.q.Steps) > 0 && (p.isSign(p.peek(1), "[") || p.isSign(p.peek(1), "![")):
			p.report(p.tok.span(), `unexpected "," between two events, they follow each other without a sign`)
			p.next()
		case p.means(p.tok, "until"):
			p.until()
			return
		case len(p.q.Steps) == 0:
			at := p.tok.span()
			if p.tok.kind == end {
				at = p.toks[0].span()
			}
			p.fail(at, `expected "[" and an event after the head of the %s, found %s`, p.q.Kind, p.found())
		default:
			return
		}
	}
}

func (p *parser) until() {
	at := p.tok.span()
	p.take("until")
	if !p.is("[") && !p.is("![") {
		p.fail(p.here(), `expected "[" after "until", found %s`, p.found())
		return
	}
	if p.q.Kind == Sample {
		p.report(at, `unexpected "until", a sample has no order`)
	}
	step := p.step()
	p.q.Until = &step
	if step.Missing {
		p.report(step.Span, `unexpected "![" after "until", expected "["`)
	}
	if p.is("[") || p.is("![") {
		p.fail(p.here(), `unexpected event after "until", which must come last`)
	}
}

// step reads an event in brackets and what stands behind it.
func (p *parser) step() Step {
	open := p.tok
	p.next()
	step := p.event()
	step.Missing = p.slice(open) == "!["
	if p.closing(open, "]"); p.failed {
		step.Expr = nil
	}
	runs := false
	for !p.failed {
		at := p.tok.span()
		switch {
		case p.take("by"):
			if runs {
				p.report(at, `"by" after "with runs", expected it before`)
			}
			step.By = append(step.By, p.keys()...)
		case p.take("with"):
			runs = true
			p.runs(&step, at)
		case p.means(p.tok, "fork"):
			p.next()
			step.Fork = true
			if p.is("=") || p.is("==") {
				p.next()
				if step.Fork = !p.means(p.tok, "false"); step.Fork && !p.means(p.tok, "true") {
					p.fail(p.here(), `expected "true" or "false" after "fork=", found %s`, p.found())
				}
				p.next()
			}
		case p.means(p.tok, "as"):
			p.next()
			if p.tok.kind != word {
				p.fail(p.here(), `expected a name for the event after "as", found %s`, p.found())
				break
			}
			step.Alias = rule.Text{Value: p.slice(p.tok), Span: p.tok.span()}
			p.next()
		default:
			step.Span = p.since(open.start)
			return step
		}
	}
	step.Span = rule.Span{Start: open.start, End: open.end}
	return step
}

// event reads an event category, "where" and the condition. The category of
// Elasticsearch is a word or a text ("Escape an event category").
func (p *parser) event() Step {
	step := Step{Runs: 1}
	start := p.tok.start
	step.Category = p.category()
	if p.failed {
		return step
	}
	if !p.startsOperand(p.tok) {
		p.noOperand(p.toks[p.i-1].span(), p.slice(p.toks[p.i-1]))
		return step
	}
	e := p.or()
	step.Span = p.since(start)
	if !p.failed {
		step.Expr = e
	}
	return step
}

func (p *parser) category() rule.Text {
	t, after := p.tok, p.peek(1)
	switch {
	case p.means(t, "where"):
		p.report(t.span(), `expected an event category before %s, such as "process" or "any"`, quote(p.slice(t)))
		p.next()
		return rule.Text{}
	case t.kind == word && p.means(after, "where"):
		p.next()
		p.take("where")
		if s := p.slice(t); s != "any" && p.means(t, "any") {
			p.warn(t.span(), `event category %s is not the keyword "any", which is in lower case`, quote(s))
		}
		return rule.Text{Value: p.slice(t), Span: t.span()}
	case p.isText(t) && p.means(after, "where"):
		s := p.literal()
		p.take("where")
		return rule.Text{Value: s.Value, Span: s.Span}
	}
	if category, ok := p.unquoted(); ok {
		return category
	}
	return p.noWhere(t, after)
}

// maxCategory is how many tokens are looked at for a category without quotes.
const maxCategory = 20

// unquoted reads a category that should have been in quotes.
func (p *parser) unquoted() (rule.Text, bool) {
	last := p.i
	for last+1 < len(p.toks) && last-p.i < maxCategory && p.toks[last+1].start == p.toks[last].end && p.toks[last].kind != end {
		last++
	}
	if last+1 >= len(p.toks) || !p.means(p.toks[last+1], "where") || p.tok.kind == end || p.isSign(p.tok, "[") || p.isSign(p.tok, "(") {
		return rule.Text{}, false
	}
	for _, t := range p.toks[p.i : last+1] {
		if t.kind >= openText {
			return rule.Text{}, false
		}
	}
	sp := rule.Span{Start: p.tok.start, End: p.toks[last].end}
	name := strings.Trim(p.text[sp.Start:sp.End], "`")
	p.report(sp, "event category %s must be in double quotes", short(p.text[sp.Start:sp.End]))
	for p.i <= last {
		p.next()
	}
	p.take("where")
	return rule.Text{Value: name, Span: sp}, true
}

// noWhere reports a condition without its "where", or without a category.
func (p *parser) noWhere(t, after token) rule.Text {
	starts := after.kind == word || after.kind == insensitive || p.isText(after) || p.isSign(after, "(") || p.isSign(after, "?") || after.kind == quotedName
	switch {
	case t.kind == word && (after.kind == end || p.isSign(after, "]") || p.isSign(after, "|")):
		p.next()
		p.fail(t.span(), `expected "where" and a condition after the event category %s, such as "where true"`, quote(p.slice(t)))
	case (t.kind == word || p.isText(t)) && starts && !p.isOperator(after) && !(t.kind == word && p.isSign(after, "(")) && !p.isText(after):
		p.next()
		if near.Word(p.slice(after), []string{"where"}) != "" && p.startsOperand(p.peek(1)) {
			p.report(after.span(), `unexpected %s after the event category, did you mean "where"?`, quote(p.slice(after)))
			p.next()
		} else {
			sp := p.pathAhead()
			p.report(sp, `expected "where" after the event category %s, found %s`, short(p.slice(t)), short(p.text[sp.Start:sp.End]))
		}
		return rule.Text{Value: strings.Trim(p.slice(t), `"`), Span: t.span()}
	case p.startsOperand(t):
		sp := p.pathAhead()
		p.report(sp, `expected an event category and "where" before the condition, such as "any where", found %s`, short(p.text[sp.Start:sp.End]))
	default:
		p.fail(p.here(), `expected an event category and "where", found %s`, p.found())
	}
	return rule.Text{}
}

// pathAhead is the place of the path that begins here, or of one token.
func (p *parser) pathAhead() rule.Span {
	sp := p.tok.span()
	for i := p.i + 1; i < len(p.toks) && i-p.i < maxCategory; i++ {
		if t := p.toks[i]; t.start != sp.End || t.kind != word && !p.isSign(t, ".") {
			break
		}
		sp.End = p.toks[i].end
	}
	return sp
}

// pipe reads a stage after the query.
func (p *parser) pipe() {
	start := p.tok.start
	p.next()
	if p.tok.kind != word {
		p.fail(p.here(), `expected the name of a pipe after "|", such as "head", found %s`, p.found())
		return
	}
	name := p.tok
	pipe := Pipe{Name: rule.Text{Value: p.slice(name), Span: name.span()}}
	p.next()
	// python-eql lets several arguments stand without commas.
	for !p.failed && p.tok.kind != end && !p.is("|") {
		pipe.Args = append(pipe.Args, p.or())
		if p.is(",") {
			p.next()
		} else if p.tok.kind != word && p.tok.kind != quotedName {
			break
		}
	}
	pipe.Span = p.since(start)
	if p.failed {
		return
	}
	p.checkPipe(pipe)
	p.q.Pipes = append(p.q.Pipes, pipe)
}
