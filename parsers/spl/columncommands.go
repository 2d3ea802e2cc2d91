package spl

import (
	"regexp"
	"strings"

	"github.com/detlint/detlint/rule"
)

// makes reads a command that adds columns of fixed names.
func makes(columns ...string) reader {
	return func(p *parser, s *stage) command {
		p.arguments(s)
		return &making{columns: columns}
	}
}

// correlates reads a command that looks at many events at once.
func correlates(columns ...string) reader {
	return func(p *parser, s *stage) command {
		p.arguments(s)
		return &correlating{columns: columns}
	}
}

// lookupOptions are the options of the lookup commands.
var lookupOptions = map[string]bool{
	"append": true, "start": true, "max": true, "strict": true, "local": true, "update": true, "event_time_field": true,
	"createinapp": true, "create_empty": true, "override_if_empty": true, "key_field": true, "allow_updates": true,
	"output_format": true, "create_context": true,
}

// options skips name=value pairs and returns those of a name.
func (p *parser) options(known map[string]bool, wanted string) (value string) {
	for p.blank() {
		at := p.pos
		word := strings.ToLower(p.run(`="`))
		p.blank()
		if p.peek() != '=' || !known[word] {
			p.pos = at
			return value
		}
		p.pos++
		p.blank()
		v := p.fieldName(`,"`)
		if word == wanted {
			value = strings.ToLower(v)
		}
	}
	return value
}

// IsTrue reports whether the value of an option or of a setting means yes, in
// any letter case.
func IsTrue(value string) bool {
	switch strings.ToLower(value) {
	case "1", "true", "t", "yes", "y":
		return true
	}
	return false
}

// lookupName reads the name of a lookup. The position is after the options.
func (p *parser) lookupName(s *stage) rule.Text {
	if !p.blank() {
		p.fail(s.start, s.end, "%s names no lookup", s.name)
		return rule.Text{}
	}
	start := p.pos
	if p.peek() == '`' {
		p.macro()
		return rule.Text{}
	}
	return p.textOf(p.fieldName(`,"`), start, p.pos)
}

func (p *parser) inputlookupCommand(s *stage) command {
	appends := IsTrue(p.options(lookupOptions, "append"))
	name := p.lookupName(s)
	out := &making{
		lookup: &Lookup{Command: s.name, Name: name}, appends: appends,
		source: s.name == "inputlookup" && !appends,
	}
	p.options(lookupOptions, "")
	if at := p.pos; p.blank() && strings.EqualFold(p.run("("), "where") {
		out.terms[0] = p.pos
		if out.where = p.terms(nil); out.where == nil && !p.failed {
			p.fail(at, p.end, `nothing stands after "where", expected search terms`)
		}
		out.terms[1] = p.pos
	} else {
		p.pos = at
		p.arguments(s)
	}
	return out
}

func (p *parser) lookupCommand(s *stage) command {
	p.options(lookupOptions, "")
	l := &Lookup{Command: "lookup", Name: p.lookupName(s)}
	out := &making{lookup: l}
	output := false
	for p.blank() && !p.failed {
		if c := p.peek(); c == ',' {
			p.pos++
			continue
		} else if c == '`' {
			p.macro()
			continue
		} else if c == '[' {
			p.sub()
			continue
		}
		start := p.pos
		column := p.fieldName(`,"`)
		text := p.textOf(column, start, p.pos)
		if upper := strings.ToUpper(column); (upper == "OUTPUT" || upper == "OUTPUTNEW") && p.text[start] != '"' {
			if output = true; !p.blank() {
				p.fail(start, p.pos, "nothing stands after %s, expected columns of the lookup", short(column))
			}
			continue
		}
		field := text
		if at := p.pos; p.blank() && strings.EqualFold(p.run(`,"`), "as") && p.blank() && p.peek() != ',' {
			start := p.pos
			field = p.textOf(p.fieldName(`,"`), start, p.pos)
		} else {
			p.pos = at
		}
		if output {
			l.Outputs = append(l.Outputs, text)
			out.columns = append(out.columns, field.Value)
		} else {
			l.Inputs, l.Fields = append(l.Inputs, text), append(l.Fields, field)
		}
	}
	return out
}

// groups finds the named groups of a pattern, which become columns.
var groups = regexp.MustCompile(`\(\?P?<([A-Za-z_][A-Za-z0-9_.]*)>`)

func (p *parser) rexCommand(s *stage) command {
	start := p.pos
	p.arguments(s)
	if field := p.argument(start, "field"); strings.EqualFold(p.argument(start, "mode"), "sed") {
		p.pos = s.end
		if field == "" {
			field = "_raw"
		}
		return &making{columns: []string{field}}
	}
	p.pos = s.end
	out := &making{}
	for _, m := range groups.FindAllStringSubmatch(p.text[start:s.end], -1) {
		out.columns = append(out.columns, m[1])
	}
	out.pattern = p.phrase(start)
	p.pos = s.end
	return out
}

// phrase is the first argument in quotes that has no name, with its quotes as
// its place.
func (p *parser) phrase(start int) rule.Text {
	p.pos = start
	named := false
	for p.blank() {
		at := p.pos
		switch {
		case p.peek() == '"' && !named:
			text := p.quoted()
			return rule.Text{Value: text, Span: p.place(at, p.pos)}
		case p.peek() == '"':
			p.quoted()
			named = false
		default:
			word := p.run(`"`)
			if word == "" {
				p.pos++
			}
			named = strings.HasSuffix(word, "=")
		}
	}
	return rule.Text{}
}

func (p *parser) spathCommand(s *stage) command {
	start := p.pos
	out := &pathColumn{output: p.argument(start, "output")}
	if out.output != "" {
		out.path = p.argument(start, "path")
	}
	p.pos = start
	p.arguments(s)
	return out
}

// argument reads the value of a named argument.
func (p *parser) argument(start int, wanted string) string {
	p.pos = start
	for p.blank() {
		word := p.run(`="`)
		p.blank()
		if p.peek() != '=' {
			if p.peek() == '"' {
				p.quoted()
			}
			if word == "" {
				p.pos++
			}
			continue
		}
		p.pos++
		p.blank()
		if v := p.fieldName(`,"`); strings.EqualFold(word, wanted) {
			return v
		}
	}
	return ""
}

// fromCommand reads from datamodel:Model.Dataset and datamodel Model Dataset.
func (p *parser) fromCommand(s *stage) command {
	out := &aggregation{keeps: true, split: -1}
	if !p.blank() {
		p.fail(s.start, s.end, "%s names no dataset", s.name)
		return out
	}
	start := p.pos
	kind := p.fieldName(`:,"`)
	if s.name == "from" {
		if p.blank() && p.peek() == ':' {
			p.pos++
		}
		p.blank()
		if !strings.EqualFold(kind, "datamodel") {
			name := &joining{}
			at := p.pos
			dataset := p.textOf(p.fieldName(`,"`), at, p.pos)
			if kind = strings.ToLower(kind); !datasetKinds[kind] {
				kind = "dataset"
			}
			p.dataset(name, kind, dataset)
			p.arguments(s)
			return &opaque{name.elsewhere[0]}
		}
		if at := p.pos; strings.EqualFold(kind, "datamodel") {
			model := p.fieldName(`,"`)
			if model == "" {
				p.fail(start, p.pos, "from names no data model, expected datamodel:Model.Dataset")
			}
			out.model = p.textOf(model, at, p.pos)
		}
	} else {
		model, end := kind, p.pos
		p.blank()
		if at := p.pos; at < p.end {
			if dataset := p.run(""); dataset != "search" && dataset != "flat" && dataset != "acceleration_search" {
				model, end = model+"."+dataset, p.pos
			}
		}
		out.model = p.textOf(model, start, end)
	}
	p.arguments(s)
	return out
}

func (p *parser) fieldsCommand(*stage) command {
	out := &projection{}
	if p.peek() == '-' || p.peek() == '+' {
		out.remove = p.peek() == '-'
		p.pos++
	}
	for p.blank() {
		switch p.peek() {
		case ',':
			p.pos++
		case '`':
			p.macro()
			out.names = append(out.names, "*")
		case '[':
			p.sub()
		default:
			at := p.pos
			if word := p.fieldName(`,"[`); word != "" {
				out.names = append(out.names, word)
			} else if p.pos == at {
				p.pos++
			}
		}
	}
	return out
}

func (p *parser) addtotalsCommand(s *stage) command {
	start := p.pos
	column := p.argument(start, "fieldname")
	if column == "" {
		column = "Total"
	}
	p.pos = start
	p.arguments(s)
	return &making{columns: []string{column}}
}

// binCommand reads bin, whose AS names a new column.
func (p *parser) binCommand(*stage) command {
	out := &making{}
	for p.blank() {
		word := p.run(`,"`)
		if word == "" {
			if p.peek() == '"' {
				p.quoted()
			} else {
				p.pos++
			}
			continue
		}
		if strings.EqualFold(word, "as") && p.blank() {
			out.columns = append(out.columns, p.fieldName(`,"`))
		}
	}
	return out
}

// topCommand reads top and rare, of whose rows only the fields they count by
// are left.
func (p *parser) topCommand(*stage) command {
	out := &aggregation{split: -1, items: []aggregate{{function: "count", name: "count"}, {function: "count", name: "percent"}}}
	p.grouping(out)
	for !p.failed && p.blank() {
		if p.run("") == "" {
			p.pos++
		}
		p.grouping(out)
	}
	return out
}

func (p *parser) transactionCommand(s *stage) command {
	for p.blank() && !p.failed {
		at := p.pos
		switch p.peek() {
		case '"':
			p.quoted()
		case '(':
			p.balanced()
		case ')':
			p.fail(p.pos, p.pos+1, `unexpected ")", no "(" stands before it`)
		case '`':
			p.macro()
		case '[':
			p.sub()
		default:
			if p.run("\"()`["); p.pos == at {
				p.pos++
			}
		}
	}
	return &correlating{columns: []string{"duration", "eventcount"}}
}
