package eql

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/rule"
)

// timeUnits are the units of maxspan ("with maxspan statement"; Elasticsearch
// takes these time units and no others).
var timeUnits = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

// maxSpan reads maxspan=5m, after "with" at the given place.
func (p *parser) maxSpan(with rule.Span) {
	name := p.tok
	if !p.take("maxspan") {
		switch {
		case p.means(name, "runs"):
			p.fail(name.span(), `unexpected "with runs" in the head of the %s, expected it after an event`, p.q.Kind)
		case name.kind == word && near.Word(strings.ReplaceAll(p.slice(name), "_", ""), []string{"maxspan"}) != "":
			p.report(name.span(), `unknown parameter %s, did you mean "maxspan"?`, quote(p.slice(name)))
			p.next()
		default:
			p.fail(p.here(), `expected "maxspan" after "with", found %s`, p.found())
		}
	}
	p.assign("maxspan")
	if p.failed {
		return
	}
	if p.q.Kind == Sample {
		p.report(with, `unexpected "with maxspan", a sample has no order`)
	}
	if p.isSign(p.tok, "-") {
		p.fail(p.here(), `unexpected "-", maxspan must be positive`)
	}
	t := p.tok
	if t.kind != number {
		p.fail(p.here(), `expected a time such as "5m" after "maxspan=", found %s`, p.found())
		return
	}
	p.next()
	amount, sp := p.slice(t), t.span()
	unit := ""
	if p.tok.kind == word && !p.means(p.tok, "by") && !p.means(p.tok, "with") {
		unit, sp.End = p.slice(p.tok), p.tok.end
		p.next()
	}
	p.q.MaxSpan = MaxSpan{Text: rule.Text{Value: p.text[sp.Start:sp.End], Span: sp}, Duration: p.duration(amount, unit, sp)}
}

// assign reads the = of a parameter.
func (p *parser) assign(parameter string) {
	switch {
	case p.failed:
	case p.is("="):
		p.next()
	case p.is("=="), p.is(":"):
		p.report(p.tok.span(), `unexpected %s after %s, expected "="`, quote(p.slice(p.tok)), quote(parameter))
		p.next()
	default:
		p.report(p.here(), `expected "=" after %s, found %s`, quote(parameter), p.found())
	}
}

func (p *parser) duration(amount, unit string, sp rule.Span) time.Duration {
	size, ok := timeUnits[unit]
	switch {
	case unit == "":
		p.report(sp, `maxspan has no unit, did you mean "%ss"? Units are ms, s, m, h and d`, amount)
		size = time.Second
	case !ok:
		lower := strings.ToLower(unit)
		for _, u := range []string{"ms", "milli", "s", "m", "h", "d"} {
			if meant := u[:min(len(u), 2)]; strings.HasPrefix(lower, u) {
				if u == "milli" {
					meant = "ms"
				}
				p.report(sp, `unknown unit %s of maxspan, did you mean "%s%s"?`, short(unit), amount, meant)
				size, ok = timeUnits[meant], true
				break
			}
		}
		if !ok {
			p.report(sp, "unknown unit %s of maxspan, expected ms, s, m, h or d", short(unit))
		}
	}
	f, err := strconv.ParseFloat(amount, 64)
	total := f * float64(size)
	switch {
	case err != nil || total >= math.MaxInt64:
		p.report(sp, "maxspan %s is too long", short(amount+unit))
		return 0
	case f <= 0:
		p.report(sp, "maxspan %s must be positive", short(amount+unit))
		return 0
	case strings.ContainsAny(amount, ".eE"):
		p.report(sp, "maxspan %s is not a whole number, expected %s", short(amount+unit), quote(wholeUnits(time.Duration(total))))
	}
	return time.Duration(total)
}

// wholeUnits writes a time in the largest unit that it is a multiple of.
func wholeUnits(d time.Duration) string {
	for _, unit := range []string{"d", "h", "m", "s"} {
		if d%timeUnits[unit] == 0 {
			return strconv.FormatInt(int64(d/timeUnits[unit]), 10) + unit
		}
	}
	return strconv.FormatInt(max(int64(d/time.Millisecond), 1), 10) + "ms"
}

// runs reads runs=3, after "with" at the given place ("with runs statement").
func (p *parser) runs(step *Step, with rule.Span) {
	name := p.tok
	if !p.take("runs") {
		if p.means(name, "maxspan") {
			p.fail(rule.Span{Start: with.Start, End: name.end}, `unexpected "with maxspan" after an event, expected it in the head of the %s`, p.q.Kind)
			return
		}
		p.fail(p.here(), `expected "runs" after "with", found %s`, p.found())
		return
	}
	p.assign("runs")
	t := p.tok
	if p.failed || t.kind != number {
		p.fail(p.here(), `expected a whole number after "runs=", found %s`, p.found())
		return
	}
	p.next()
	n, err := strconv.Atoi(p.slice(t))
	if err != nil || n < 1 || n > 100 {
		p.report(t.span(), "runs is %s, expected a whole number from 1 to 100", quote(p.slice(t)))
		n = 1
	}
	if p.q.Kind != Sequence {
		p.report(with, `unexpected "with runs" in a %s, expected a sequence`, p.q.Kind)
	}
	step.Runs = n
}

// check looks at the query as a whole: what the parser of Elasticsearch asks
// of steps together.
func (p *parser) check() {
	if p.failed || p.q.Kind == Event {
		return
	}
	count, present := 0, false
	for i := range p.q.Steps {
		step := &p.q.Steps[i]
		count += step.Runs
		present = present || !step.Missing
		if want := len(p.q.Steps[0].By); len(step.By) != want {
			p.report(keysPlace(step), "event has %d keys after \"by\", expected %d as the first event has", len(step.By), want)
		}
		if step.Missing && p.q.Kind != Sequence {
			p.report(step.Span, `unexpected "![" in a %s, expected a sequence`, p.q.Kind)
		}
		if step.Missing && p.q.Kind == Sequence && p.q.MaxSpan.Text.Span.IsZero() {
			p.report(step.Span, `missing event "![" in a sequence without a time, expected "with maxspan=" in the head`)
		}
	}
	if u := p.q.Until; u != nil && len(u.By) != len(p.q.Steps[0].By) {
		p.report(keysPlace(u), "event after \"until\" has %d keys after \"by\", expected %d as the first event has", len(u.By), len(p.q.Steps[0].By))
	}
	head := rule.Span{Start: p.q.Span.Start, End: p.toks[0].end}
	switch {
	case !present:
		p.report(head, `%s has missing events "![" only, expected one that must occur`, p.q.Kind)
	case count < 2 && p.q.Kind == Sequence:
		p.report(head, `sequence has one event, expected two or more, or "with runs=" after it`)
	case count < 2 && p.q.Kind == Join:
		p.report(head, "join has one event, expected two or more")
	case p.q.Kind == Sample && len(p.q.By) == 0 && len(p.q.Steps[0].By) == 0:
		p.report(head, `sample has no keys, expected "by" and the fields its events share`)
	}
}

// keysPlace is the place of the keys of a step, or of the step without any.
func keysPlace(step *Step) rule.Span {
	if len(step.By) == 0 {
		return step.Span
	}
	return rule.Span{Start: step.By[0].Place().Start, End: step.By[len(step.By)-1].Place().End}
}

// checkPipe looks at the name and the arguments of a pipe.
func (p *parser) checkPipe(pipe Pipe) {
	name := pipe.Name.Value
	switch name {
	case "head", "tail":
		if len(pipe.Args) == 0 {
			p.warn(pipe.Name.Span, "pipe %s has no number, Elasticsearch expects one", quote(name))
			return
		}
		n, ok := fold(pipe.Args[0])
		if limit, err := strconv.Atoi(n.text); len(pipe.Args) > 1 || !ok || n.kind != numberConstant || err != nil || limit < 0 {
			at := pipe.Args[0].Place()
			p.report(at, "pipe %s takes one positive whole number, found %s", quote(name), short(p.text[at.Start:at.End]))
		}
	case "filter":
		if len(pipe.Args) != 1 {
			p.report(pipe.Name.Span, `pipe "filter" takes one condition, found %d`, len(pipe.Args))
		}
	case "unique", "unique_count", "sort":
		if len(pipe.Args) == 0 {
			p.report(pipe.Name.Span, "pipe %s has no field, expected one or more", quote(name))
		}
	case "count":
	default:
		if meant := near.Word(name, pipes); meant != "" {
			p.report(pipe.Name.Span, "unknown pipe %s, did you mean %s?", short(name), quote(meant))
		} else {
			p.report(pipe.Name.Span, "unknown pipe %s, expected head, tail, filter, count, unique, unique_count or sort", short(name))
		}
	}
}
