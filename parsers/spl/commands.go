package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// commands reads the commands of a pipeline.
func (p *parser) commands(pl *pipeline) {
	for i, s := range pl.stages {
		if s.broken {
			s.name, s.command = p.nameOf(s), &opaque{"command"}
			for _, sub := range s.subs {
				p.commands(sub)
			}
			continue
		}
		p.pos, p.end, p.subs, p.failed, p.depth, p.operators = s.start, s.end, s.subs, false, 0, 0
		p.macros = nil
		p.stage(s, i == 0 && !s.piped || s.loose, pl.nested || s.loose)
		s.macros = p.macros
		if p.failed {
			s.broken, s.command = true, &opaque{"command"}
		}
		tokens := p.tokens
		p.tokens = tokens || s.name == "map"
		for _, sub := range s.subs {
			p.commands(sub)
		}
		p.tokens = tokens
	}
}

// nameOf is the first word of a command.
func (p *parser) nameOf(s *stage) string {
	end := s.start
	for end < s.end && isCommandName(p.text[end]) {
		end++
	}
	return strings.ToLower(p.text[s.start:end])
}

// stage reads one command. implied is set where a search may begin without its
// name.
func (p *parser) stage(s *stage, implied, nested bool) {
	word := p.nameOf(s)
	after := s.start + len(word)
	known := knownCommands[word] && (after == s.end || isBlank(p.text[after]) || strings.IndexByte("[`\"(|", p.text[after]) >= 0)
	if implied && (!known || !nested && word != "search") {
		if known && generates[word] && p.namesSource(after) {
			p.fail(s.start, after, `%s without a pipe in front is a word to search for, expected "| %s"`, short(word), word)
			return
		}
		s.name = "search"
		s.command = &filter{p.terms(nil)}
		return
	}
	if p.peek() == '`' {
		p.macroStage(s)
		return
	}
	if word == "" || !isNameStart(p.text[s.start]) {
		start, end := p.next()
		p.fail(start, end, "unexpected %s, expected a command", p.found())
		return
	}
	s.name = word
	p.pos = after
	if !known && p.comparison(s) {
		return
	}
	p.blank()
	if read := readers[word]; read != nil {
		s.command = read(p, s)
		if p.failed || !p.blank() {
			return
		}
		start, end := p.next()
		p.fail(start, end, "unexpected %s, expected the end of %s", p.found(), word)
		return
	}
	if !known {
		s.command = &opaque{"command:" + word}
	}
	p.arguments(s)
}

// generates are commands that stand at the beginning, after a pipe.
var generates = map[string]bool{"tstats": true, "mstats": true, "inputlookup": true, "makeresults": true}

// namesSource tells a command without its pipe from a word to search for.
func (p *parser) namesSource(at int) bool {
	rest := strings.ToLower(p.text[at:p.end])
	return strings.Contains(rest, "datamodel") || strings.Contains(rest, " where ") || strings.Contains(rest, ".csv")
}

// comparison reports what stands in the place of a command although it is a
// search term: someone left out the name of the command.
func (p *parser) comparison(s *stage) bool {
	at := p.pos
	for p.pos < p.end && (isNamePart(p.text[p.pos]) || strings.IndexByte(".{}-", p.text[p.pos]) >= 0) {
		p.pos++
	}
	end := p.pos
	if p.operatorFollows() {
		p.fail(s.start, end, `unexpected comparison of %s, expected a command such as "search" or "where" after the pipe`, short(p.text[s.start:end]))
		return true
	}
	p.pos = at
	if end > at {
		p.fail(s.start, end, "unexpected %s, expected a command", short(p.text[s.start:end]))
		return true
	}
	return false
}

// macroStage is a command that is a macro whose definition is not known.
func (p *parser) macroStage(s *stage) {
	name := p.macro()
	if p.isNeutral(name) {
		s.command = &making{}
	} else {
		s.command = &opaque{"macro:" + name}
	}
	p.arguments(s)
}

// arguments passes over the arguments of a command that is not read on its own.
// A macro among them that is not known may be anything.
func (p *parser) arguments(s *stage) {
	for p.blank() && !p.failed {
		switch p.peek() {
		case '"':
			p.quoted()
		case '[':
			p.sub()
		case '`':
			if name := p.macro(); !p.isNeutral(name) && s.command == nil {
				s.command = &opaque{"macro:" + name}
			}
		default:
			if p.run("\"[`") == "" {
				p.pos++
			}
		}
	}
}

// reader reads the arguments of a command; the position is after its name.
type reader func(*parser, *stage) command

// readers are the commands that are read on their own.
var readers map[string]reader

func init() {
	readers = map[string]reader{
		"search": (*parser).searchCommand, "where": (*parser).whereCommand, "regex": (*parser).regexCommand,
		"eval": (*parser).evalCommand, "rename": (*parser).renameCommand,
		"stats": (*parser).statsCommand, "sistats": (*parser).statsCommand, "chart": (*parser).statsCommand, "timechart": (*parser).statsCommand,
		"eventstats": (*parser).statsCommand, "streamstats": (*parser).statsCommand,
		"tstats": (*parser).tstatsCommand, "mstats": (*parser).tstatsCommand,
		"inputlookup": (*parser).inputlookupCommand, "outputlookup": (*parser).inputlookupCommand, "lookup": (*parser).lookupCommand,
		"rex": (*parser).rexCommand, "spath": (*parser).spathCommand, "from": (*parser).fromCommand, "datamodel": (*parser).fromCommand,
		"fields": (*parser).fieldsCommand, "table": (*parser).fieldsCommand,
		"bin": (*parser).binCommand, "bucket": (*parser).binCommand,
		"top": (*parser).topCommand, "rare": (*parser).topCommand,
		"iplocation": (*parser).iplocationCommand, "strcat": (*parser).strcatCommand, "convert": (*parser).convertCommand,
		"rangemap": makes("range"), "accum": (*parser).runningCommand, "delta": (*parser).runningCommand, "autoregress": (*parser).runningCommand,
		"replace":   (*parser).replaceCommand,
		"addtotals": (*parser).addtotalsCommand, "addinfo": makes("info_min_time", "info_max_time", "info_sid", "info_search_time"),
		"transaction": (*parser).transactionCommand,
		"apply":       correlates("isOutlier"), "anomalydetection": correlates(), "anomalies": correlates("unexpectedness"), "outlier": correlates(),
		"join": (*parser).joinCommand, "append": (*parser).appendCommand, "appendcols": (*parser).appendCommand,
		"appendpipe": (*parser).appendCommand, "union": (*parser).appendCommand, "multisearch": (*parser).appendCommand, "set": (*parser).appendCommand,
		"savedsearch": (*parser).elsewhereCommand, "loadjob": (*parser).elsewhereCommand, "script": (*parser).elsewhereCommand,
		"run": (*parser).elsewhereCommand, "dbxquery": (*parser).elsewhereCommand,
		"map": (*parser).mapCommand, "foreach": (*parser).foreachCommand,
	}
}

func (p *parser) searchCommand(*stage) command {
	if !p.blank() {
		return &making{} // a lone search keeps everything
	}
	return &filter{p.terms(nil)}
}

func (p *parser) whereCommand(s *stage) command {
	if !p.blank() {
		p.fail(s.start, s.end, `nothing stands after "where", expected a condition`)
		return nil
	}
	return &filter{p.condition()}
}

func (p *parser) regexCommand(s *stage) command {
	r := &regexFilter{field: p.textOf("_raw", s.start, s.start+len("regex"))}
	if p.peek() != '"' {
		start := p.pos
		field := strings.TrimSpace(p.fieldWord())
		if field == "" {
			p.fail(s.start, s.end, `nothing to look for, expected regex field="pattern"`)
			return nil
		}
		r.field = p.textOf(field, start, p.pos)
		p.blank()
		switch {
		case p.has("!="):
			r.negated = true
			p.pos += 2
		case p.has("="):
			p.pos++
		default:
			p.fail(start, p.pos, `unexpected %s, expected regex field="pattern"`, p.found())
			return nil
		}
		p.blank()
	}
	start := p.pos
	if p.peek() == '"' {
		r.pattern = rule.Text{Value: p.quoted()}
	} else {
		r.pattern = rule.Text{Value: p.run("")}
	}
	r.pattern.Span = p.place(start, p.pos)
	if start == p.pos {
		p.fail(s.start, s.end, `nothing to look for, expected regex field="pattern"`)
	}
	return r
}

func (p *parser) evalCommand(s *stage) command {
	out := &assignments{}
	for !p.failed {
		if !p.blank() {
			p.fail(s.start, p.end, `the command ends here, expected name = value`)
			break
		}
		start := p.pos
		target := p.fieldName(`,="()`)
		end := p.pos
		p.blank()
		if target == "" || p.peek() != '=' {
			if p.peek() == '(' {
				p.fail(start, end+1, "unexpected %s, expected name = value", short(p.text[start:end]+"("))
			} else {
				p.fail(start, max(end, min(start+1, p.end)), "unexpected %s, expected name = value", short(p.text[start:max(end, min(start+1, p.end))]))
			}
			break
		}
		equals := p.pos
		p.pos++
		p.advance()
		if p.tok.kind == tEnd {
			p.fail(equals, equals+1, `nothing stands after "=", expected a value`)
			break
		}
		value := p.expression()
		out.items = append(out.items, assignment{target, value})
		if p.failed || p.tok.kind == tEnd {
			break
		}
		if p.tok.is(")") {
			p.fail(p.tok.start, p.tok.end, `unexpected ")", no "(" stands before it`)
			break
		}
		if !p.tok.is(",") {
			p.unexpected(`an operator, "," or the end of the command`)
			break
		}
	}
	return out
}

// fieldName reads the name of a field, with or without quotes.
func (p *parser) fieldName(stops string) string {
	switch p.peek() {
	case '"':
		return decode(p.quoted())
	case '\'':
		if end := strings.IndexByte(p.text[p.pos+1:p.end], '\''); end >= 0 {
			start := p.pos + 1
			p.pos = start + end + 1
			return p.text[start : start+end]
		}
	}
	return p.run(stops)
}

func (p *parser) renameCommand(s *stage) command {
	out := &renaming{}
	opened := false // a macro stands for some of it
	for p.blank() && !p.failed {
		if p.peek() == ',' {
			p.pos++
			continue
		}
		if p.peek() == '`' {
			p.macro()
			opened = true
			continue
		}
		start := p.pos
		from := p.fieldName(`,"`)
		end := p.pos
		p.blank()
		if word := strings.ToLower(p.run("")); word != "as" && word != "to" && word != "->" {
			p.fail(start, end, `%s has no new name, expected "rename old AS new"`, short(p.text[start:end]))
			break
		}
		if !p.blank() || p.peek() == ',' {
			p.fail(start, p.pos, `%s has no new name, expected "rename old AS new"`, short(p.text[start:end]))
			break
		}
		out.pairs = append(out.pairs, [2]string{from, p.fieldName(`,"`)})
	}
	if len(out.pairs) == 0 && !opened && !p.failed {
		p.fail(s.start, s.end, `nothing is renamed, expected "rename old AS new"`)
	}
	return out
}
