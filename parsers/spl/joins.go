package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

func (p *parser) joinCommand(s *stage) command {
	out := &joining{all: true}
	opened := false     // a macro stands for some of it
	aliased := false    // join left=… right=… where … dataset
	last := rule.Text{} // the word at the end
	for p.blank() && !p.failed {
		switch p.peek() {
		case '[':
			if sub := p.sub(); sub != nil {
				out.pipelines = append(out.pipelines, sub)
			}
			continue
		case ',', '=':
			p.pos++
			continue
		case '"':
			p.quoted()
			continue
		case '`':
			p.macro()
			opened = true
			continue
		}
		at := p.pos
		word := strings.ToLower(p.run(",=\"[`"))
		if kind, name, ok := strings.Cut(p.text[at:p.pos], ":"); ok && datasetKinds[strings.ToLower(kind)] {
			from := at + len(kind) + 1
			if name == "" {
				name = p.fieldName("[")
			}
			p.dataset(out, kind, p.textOf(name, from, p.pos))
			continue
		}
		if p.peek() != '=' {
			last = p.textOf(p.text[at:p.pos], at, p.pos)
		}
		aliased = aliased || word == "where"
		if word == "type" && p.blank() && p.peek() == '=' {
			p.pos++
			p.blank()
			switch kind := strings.ToLower(p.run(",[")); kind {
			case "left", "outer":
				out.outer = true
			}
		}
	}
	if none := len(out.pipelines)+len(out.elsewhere)+len(out.models) == 0; none && aliased && last.Value != "" && !strings.EqualFold(last.Value, "where") {
		p.dataset(out, "dataset", last)
	}
	if len(out.pipelines)+len(out.elsewhere)+len(out.models) == 0 && !opened && !p.brackets {
		p.fail(s.start, s.end, "join has no subsearch, expected one in brackets")
	}
	return out
}

// appendCommand reads the commands that bring the rows of subsearches together
// with those at hand.
func (p *parser) appendCommand(s *stage) command {
	if s.name == "union" {
		return p.unionCommand(s)
	}
	out := &joining{row: s.name == "appendpipe", outer: s.name == "appendcols", all: s.name == "appendcols"}
	out.pipelines = append(out.pipelines, s.subs...)
	p.arguments(s)
	if len(out.pipelines) == 0 && !p.brackets && s.command == nil {
		p.fail(s.start, s.end, "%s has no subsearch, expected one in brackets", s.name)
	}
	return out
}

// datasetKinds are the kinds of datasets that from, join and union name.
var datasetKinds = map[string]bool{"datamodel": true, "lookup": true, "inputlookup": true, "savedsearch": true}

// dataset adds a dataset, which is not at hand.
func (p *parser) dataset(out *joining, kind string, name rule.Text) {
	if kind = strings.ToLower(kind); kind == "datamodel" {
		out.models = append(out.models, name)
		return
	}
	if kind == "inputlookup" {
		kind = "lookup"
	}
	out.elsewhere = append(out.elsewhere, kind+":"+name.Value)
}

// unionCommand reads union, whose datasets and subsearches are alternatives.
func (p *parser) unionCommand(s *stage) command {
	out := &joining{}
	for p.blank() && !p.failed {
		at := p.pos
		switch p.peek() {
		case '[':
			if sub := p.sub(); sub != nil {
				out.pipelines = append(out.pipelines, sub)
			}
			continue
		case '`':
			p.macro()
			out.datasets++
			continue
		case ',':
			p.pos++
			continue
		}
		word := p.fieldName(",=\"[`")
		if word == "" {
			p.pos = max(p.pos, at+1)
			continue
		}
		if p.peek() == '=' {
			p.option()
			continue
		}
		out.datasets++
		kind, name, ok := strings.Cut(word, ":")
		if ok && name == "" && p.peek() == '"' {
			name = p.fieldName("")
		}
		if !ok || !datasetKinds[strings.ToLower(kind)] {
			kind, name = "dataset", word
		}
		p.dataset(out, kind, p.textOf(name, at, p.pos))
	}
	return out
}

// elsewhereCommand is a command whose rows come from what is not at hand: a
// search that is saved, the result of one, a program, a database.
func (p *parser) elsewhereCommand(s *stage) command {
	what := "command:" + s.name
	if s.name == "savedsearch" && p.blank() {
		if at := p.pos; p.peek() != '`' {
			what = "savedsearch:" + p.fieldName(`"`)
			p.pos = at
		}
	}
	p.arguments(s)
	return &opaque{what}
}

// mapCommand reads the search that map runs for every row. It stands in
// brackets or in quotes, where it is a text of its own: its quotes are escaped,
// and macros in it are expanded. $field$ is a field of the row.
func (p *parser) mapCommand(s *stage) command {
	out := &joining{row: true, all: true}
	for p.blank() && !p.failed {
		switch p.peek() {
		case '[':
			if sub := p.sub(); sub != nil {
				out.pipelines = append(out.pipelines, sub)
			}
			continue
		case '`':
			p.macro()
			continue
		case '=', ',':
			p.pos++
			continue
		}
		word := p.run(",=\"[`")
		p.blank()
		if p.peek() != '=' {
			if p.peek() == '"' {
				p.quoted()
			}
			continue
		}
		p.pos++
		p.blank()
		if !strings.EqualFold(word, "search") || p.peek() != '"' {
			if value := p.fieldName(`,"`); strings.EqualFold(word, "savedsearch_name") {
				out.elsewhere = append(out.elsewhere, "savedsearch:"+value)
			}
			continue
		}
		if sub := p.embedded(); sub != nil {
			out.pipelines = append(out.pipelines, sub.root)
			s.command = sub
		}
	}
	if s.command != nil {
		return s.command
	}
	return out
}

// embedding is a search in a quoted text, with the parser that read it.
type embedding struct {
	joining
	root   *pipeline
	parser *parser
}

// decoded makes a layer of what is between the quotes of the string at an
// offset.
func (p *parser) decoded(at int, text string) *layer {
	w := &writer{}
	from := 0
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '\\' {
			if strings.IndexByte(`\"|`, text[i+1]) >= 0 {
				w.copied(text[from:i], at+1+from)
				w.standing(at+1+i, at+3+i, nil)
				w.buf = append(w.buf, text[i+1])
				from = i + 2
			}
			i++
		}
	}
	w.copied(text[from:], at+1+from)
	return w.layer(p.layer)
}

// searchmatch reads the search terms in the string of a call, which begins
// after an offset.
func (p *parser) searchmatch(c *call, after int) {
	for after < p.end && isBlank(p.text[after]) {
		after++
	}
	s, ok := c.args[0].(*str)
	if !ok || p.text[after] != '"' {
		return
	}
	lay := p.decoded(after, s.text)
	inner := &parser{query: p.query, expander: p.expander, layer: lay, text: lay.text, end: len(lay.text)}
	c.terms = inner.terms(nil)
	p.problems = append(p.problems, inner.problems...)
	p.failed = p.failed || inner.failed
}

// embedded reads the search in the string at the position.
func (p *parser) embedded() *embedding {
	at := p.pos
	text := p.quoted()
	if p.nested >= maxNested {
		p.fail(at, at+1, "searches are nested deeper than %d levels", maxNested)
		return nil
	}
	decoded := p.decoded(at, text)
	if strings.TrimSpace(decoded.text) == "" {
		p.fail(at, p.pos, "search is empty, expected search terms or a command")
		return nil
	}
	known := len(p.expander.problems)
	torn := p.expander.torn
	p.expander.torn = false
	lay := p.expander.expand(decoded.text, decoded)
	inner := &parser{
		query: p.query, expander: p.expander, layer: lay, text: lay.text,
		nested: p.nested + 1, tokens: true, torn: p.expander.torn,
	}
	p.expander.torn = torn
	inner.problems = append(inner.problems, p.expander.problems[known:]...)
	p.query.Macros = p.expander.calls
	root, _ := inner.structure(0, 0)
	inner.commands(root)
	p.problems = append(p.problems, inner.problems...)
	return &embedding{joining: joining{pipelines: []*pipeline{root}, row: true, all: true}, root: root, parser: inner}
}

// foreachCommand reads the template of foreach, whose columns are computed.
func (p *parser) foreachCommand(s *stage) command {
	p.arguments(s)
	out := &template{}
	if len(s.subs) > 0 {
		out.pipeline = s.subs[0]
	}
	return out
}

// collect lists what the query uses, in its order.
func (p *parser) collect(pl *pipeline) {
	for _, s := range pl.stages {
		if s.name != "" {
			sp, macro := p.layer.place(s.start, s.end)
			c := Command{Name: s.name, Span: sp, Nested: pl.nested, Known: knownCommands[s.name]}
			if macro != nil {
				c.Macro = macro.Name
			}
			p.query.Commands = append(p.query.Commands, c)
		}
		switch c := s.command.(type) {
		case *making:
			if c.lookup != nil && c.lookup.Name.Value != "" {
				p.query.Lookups = append(p.query.Lookups, *c.lookup)
			}
		case *aggregation:
			p.model(c.model)
		case *joining:
			for _, model := range c.models {
				p.model(model)
			}
		case *embedding:
			c.parser.collect(c.root)
		}
		for _, sub := range s.subs {
			p.collect(sub)
		}
	}
}

func (p *parser) model(t rule.Text) {
	if t.Value != "" {
		p.query.DataModels = append(p.query.DataModels, t)
	}
}
