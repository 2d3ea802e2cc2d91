package spl

import (
	"strconv"
	"strings"
)

// words reads the arguments of a command that are words or texts; options and
// what is in parentheses are passed over by visit.
func (p *parser) words(visit func(word string)) {
	for p.blank() && !p.failed {
		at := p.pos
		switch p.peek() {
		case '[':
			p.sub()
			continue
		case '`':
			p.macro()
			continue
		case ',':
			p.pos++
			continue
		case '(':
			p.balanced()
			continue
		}
		word := p.fieldName(",=\"[`()")
		if p.pos == at {
			p.pos++
			continue
		}
		if p.peek() == '=' {
			p.option()
			continue
		}
		visit(word)
	}
}

// strcatCommand reads strcat, which joins fields to the last one it names.
func (p *parser) strcatCommand(*stage) command {
	out := &making{}
	p.words(func(word string) { out.columns = []string{word} })
	return out
}

// convertCommand reads convert, which computes fields anew or gives what it
// computes the name after AS.
func (p *parser) convertCommand(*stage) command {
	out := &making{}
	for p.blank() && !p.failed {
		at := p.pos
		switch p.peek() {
		case ',':
			p.pos++
			continue
		case '`':
			p.macro()
			continue
		case '[':
			p.sub()
			continue
		case '"':
			p.quoted()
			continue
		}
		word := p.run(",=\"[`(")
		switch {
		case p.peek() == '=':
			p.option()
		case p.peek() == '(':
			if field := strings.Trim(strings.TrimSpace(p.balanced()), `"`); strings.Contains(field, "*") {
				out.opens = true
				out.columns = append(out.columns, "")
			} else {
				out.columns = append(out.columns, field)
			}
		case strings.EqualFold(word, "as") && p.blank() && len(out.columns) > 0:
			out.columns[len(out.columns)-1] = p.fieldName(",\"")
		case p.pos == at:
			p.pos++
		}
	}
	return out
}

// runningCommand reads accum, delta and autoregress: numbers from the rows
// before.
func (p *parser) runningCommand(s *stage) command {
	out := &making{counted: true, opens: s.name == "autoregress"}
	field, as := "", false
	start := p.pos
	lags := p.argument(start, "p")
	p.pos = start
	p.words(func(word string) {
		switch {
		case field == "":
			field = word
		case strings.EqualFold(word, "as") && len(out.columns) == 0:
			as = true
		case as:
			out.columns, as = append(out.columns, word), false
		}
	})
	switch {
	case len(out.columns) > 0 || field == "":
	case s.name == "accum":
		out.columns = []string{field}
	case s.name == "delta":
		out.columns = []string{"delta(" + field + ")"}
	default:
		out.columns = lagged(field, lags)
	}
	return out
}

// replaceCommand reads replace … WITH … IN fields.
func (p *parser) replaceCommand(*stage) command {
	out := &making{}
	in := false
	p.words(func(word string) {
		switch {
		case in:
			out.columns = append(out.columns, word)
		case strings.EqualFold(word, "in"):
			in = true
		}
	})
	return out
}

func (p *parser) iplocationCommand(s *stage) command {
	start := p.pos
	prefix := p.argument(start, "prefix")
	out := &making{opens: IsTrue(p.argument(start, "allfields"))}
	for _, name := range []string{"Country", "City", "Region", "lat", "lon"} {
		out.columns = append(out.columns, prefix+name)
	}
	p.pos = start
	p.arguments(s)
	return out
}

// lagged are the names of the columns of autoregress: field_p1, for p=1-3 also
// field_p2 and field_p3.
func lagged(field, lags string) []string {
	from, to, isRange := strings.Cut(lags, "-")
	if lags == "" {
		from = "1"
	}
	first, err := strconv.Atoi(from)
	last := first
	if err == nil && isRange {
		last, err = strconv.Atoi(to)
	}
	var out []string
	for n := first; err == nil && n <= min(last, first+maxLags); n++ {
		out = append(out, field+"_p"+strconv.Itoa(n))
	}
	return out
}

// maxLags is how many columns of autoregress are followed.
const maxLags = 100
