package spl

import "strings"

var (
	untilBy   = stops{"by": true, "groupby": true}
	untilFrom = stops{"by": true, "groupby": true, "from": true}
)

func (p *parser) statsCommand(s *stage) command {
	out := &aggregation{keeps: s.name == "eventstats" || s.name == "streamstats", previous: s.name == "streamstats", split: -1}
	p.aggregates(s, out)
	switch s.name {
	case "chart":
		out.split = 1
	case "timechart":
		out.split = 0
		if len(out.by) == 0 {
			out.by, out.split = []string{"_time"}, 1
		}
	}
	return out
}

// tstatsCommand reads tstats and mstats: aggregates FROM … WHERE … BY ….
func (p *parser) tstatsCommand(s *stage) command {
	out := &aggregation{split: -1}
	p.aggregates(s, out)
	return out
}

// aggregates reads what the commands of statistics have in common.
func (p *parser) aggregates(s *stage, out *aggregation) {
	from := false
	for p.blank() && !p.failed {
		switch p.peek() {
		case ',':
			p.pos++
			continue
		case '`':
			p.macro()
			continue
		case '"':
			p.quoted()
			continue
		case '[':
			p.sub()
			continue
		case ')':
			p.fail(p.pos, p.pos+1, `unexpected ")", no "(" stands before it`)
			return
		case '(':
			p.balanced()
			continue
		}
		start := p.pos
		word := p.run(`(),="`)
		end := p.pos
		if p.blank(); p.peek() != '=' {
			p.pos = end
		}
		switch lower := strings.ToLower(word); {
		case word == "":
			p.pos++
			continue
		case p.peek() == '=':
			if isFirstOf(lower, "datamodel", "sid") && from {
				p.pos++
				p.blank()
				at := p.pos
				model := p.fieldName(`,"`)
				if lower == "datamodel" {
					out.model = p.textOf(model, at, p.pos)
				}
				continue
			}
			p.option()
			continue
		case (s.name == "tstats" || s.name == "mstats") && lower == "from":
			from = true
			if !p.blank() {
				p.fail(start, end, `nothing stands after %s, expected datamodel=Model.Dataset`, short(word))
			}
			continue
		case (s.name == "tstats" || s.name == "mstats") && lower == "where":
			stop := untilFrom
			if from {
				stop = untilBy
			}
			out.terms[0] = p.pos
			if out.where = p.terms(stop); out.where == nil && !p.failed {
				p.fail(start, end, `nothing stands after %s, expected search terms`, short(word))
			}
			out.terms[1] = p.pos
			continue
		case lower == "by" || lower == "over" || lower == "groupby":
			before := len(out.by)
			p.grouping(out)
			if len(out.by) == before && !p.failed && p.pos >= p.end {
				p.fail(start, end, `nothing stands after %s, expected fields`, short(word))
			}
			continue
		}
		p.aggregate(word, out)
	}
}

func isFirstOf(word string, words ...string) bool {
	for _, w := range words {
		if word == w {
			return true
		}
	}
	return false
}

// option passes over =value.
func (p *parser) option() {
	p.pos++
	p.blank()
	switch p.peek() {
	case '"':
		p.quoted()
	case '(':
		p.balanced()
	default:
		p.run(`,"()`)
		if p.peek() == '(' {
			p.balanced()
		}
	}
}

// balanced skips a pair of parentheses and returns what is between them.
func (p *parser) balanced() string {
	open, depth := p.pos, 0
	for p.pos < p.end {
		switch p.text[p.pos] {
		case '"':
			p.quoted()
			continue
		case '\\':
			p.pos++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.pos++
				return p.text[open+1 : p.pos-1]
			}
		}
		p.pos++
	}
	p.fail(open, open+1, `"(" is never closed, expected ")"`)
	return ""
}

// aggregate reads fn, fn(field) or fn(eval(…)), and AS name.
func (p *parser) aggregate(function string, out *aggregation) {
	a := aggregate{function: strings.ToLower(function), name: function}
	if p.peek() == '(' {
		open := p.pos
		inner := strings.TrimSpace(p.balanced())
		if p.failed {
			return
		}
		close := p.pos
		a.argument = strings.Trim(inner, `"'`)
		a.name = function + "(" + inner + ")"
		if rest, ok := strings.CutPrefix(inner, "eval"); ok && strings.HasPrefix(strings.TrimSpace(rest), "(") {
			end := p.end
			p.pos, p.end = open+1, close-1
			p.advance() // eval
			p.advance()
			if p.tok.is("(") {
				a.expr = p.parenthesized()
			}
			failed := p.failed
			p.end, p.pos = end, close
			if failed {
				p.pos = end
				return
			}
		}
	}
	at := p.pos
	if p.blank() && strings.EqualFold(p.run(`,"`), "as") && p.blank() {
		start := p.pos
		a.name = p.fieldName(`,"`)
		if strings.Count(a.name, ")") > strings.Count(a.name, "(") && p.text[start] != '"' {
			end := start + strings.LastIndexByte(a.name, ')')
			p.fail(end, end+1, `unexpected ")", no "(" stands before it`)
		}
	} else {
		p.pos = at
	}
	out.items = append(out.items, a)
}

// grouping reads the fields after BY, up to the end or to an aggregate of
// tstats.
func (p *parser) grouping(out *aggregation) {
	for p.blank() && !p.failed {
		at := p.pos
		switch c := p.peek(); c {
		case ',':
			p.pos++
			continue
		case '`':
			p.macro()
			out.by = append(out.by, "")
			continue
		case ')':
			p.fail(p.pos, p.pos+1, `unexpected ")", no "(" stands before it`)
			return
		case '"', '\'':
			out.by = append(out.by, p.fieldName(`,="`))
			if p.pos == at {
				p.pos++
			}
			continue
		}
		word := p.run(`,="()`)
		if end := p.pos; p.blank() && p.peek() != '=' || p.pos >= p.end {
			p.pos = end
		}
		switch {
		case word == "":
			if p.peek() == '(' {
				p.balanced()
			} else if p.pos == at {
				p.pos++
			}
		case p.peek() == '=':
			p.option()
		case p.peek() == '(': // PREFIX(…), or a function of chart
			p.balanced()
			out.by = append(out.by, p.text[at:p.pos])
		case strings.EqualFold(word, "where") || strings.EqualFold(word, "by") || strings.EqualFold(word, "over"):
			p.pos = at
			if len(out.by) == 0 {
				p.fail(at, at+len(word), "unexpected %s, expected fields", short(word))
			}
			return
		default:
			out.by = append(out.by, word)
		}
	}
	if p.failed {
		return
	}
}
