package splunk

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/query"
	"github.com/detlint/detlint/parsers/spl"
	"github.com/detlint/detlint/rule"
)

// search reads the rule's search.
func (p *ruleParser) search(text string) {
	d, r := p.doc, p.rule
	q, problems := spl.Parse(text, p.macro)
	d.Query = q
	for _, problem := range problems {
		if !problem.Warning {
			r.Broken = true
		}
		p.problem(d.Place(problem.Span), problem.Warning, problem.Message)
		last := &p.file.Problems[len(p.file.Problems)-1]
		last.Macro, last.MacroFile = problem.Macro, problem.File
	}
	c, unresolved := q.Condition()
	query.Move(c, d.offsets.Span)
	r.Frame = q.Frame()
	r.Condition, r.Unresolved, r.Stateful = c, append(r.Unresolved, unresolved...), q.Stateful
	r.Narrowing = q.Narrowing()
	for _, l := range q.Lookups {
		if l.Command != "outputlookup" {
			p.use(rule.Lookup, l.Name.Value)
			if strings.HasSuffix(strings.ToLower(l.Name.Value), ".csv") {
				p.use(rule.Table, l.Name.Value)
			}
		}
	}
}

// macro finds a macro of the repository, and notes that the rule depends on it.
func (p *ruleParser) macro(name string, arity int) (spl.Macro, bool) {
	full := withArity(name, arity)
	p.use(rule.Macro, full)
	d, ok := p.library.Lookup(rule.Macro, full)
	if !ok || d.Opaque || d.Path == "" { // all that may be known is that it exists
		return spl.Macro{}, false
	}
	return spl.Macro{Definition: d.Text, Arguments: d.Arguments, File: d.Path}, true
}

// NeedsDefinition reports whether a search cannot be understood without the
// definition of a macro, named as rule.Use has it.
func NeedsDefinition(macro string) bool {
	name, rest, ok := strings.Cut(macro, "(")
	arity := 0
	if ok {
		arity, _ = strconv.Atoi(strings.TrimSuffix(rest, ")"))
	}
	return !spl.Understood(name, arity)
}

// selectors say which kinds of event the search looks at.
func (p *ruleParser) selectors() {
	d, r := p.doc, p.rule
	add := func(key, value string, sp rule.Span) {
		r.Selectors = append(r.Selectors, rule.Selector{Key: key, Value: rule.Text{Value: value, Span: sp}})
	}
	for _, name := range d.DataSources {
		add("data_source", name.Value, name.Span)
	}
	if d.Query == nil {
		return
	}
	for _, model := range d.Query.DataModels {
		add("datamodel", strings.TrimPrefix(model.Value, "datamodel:"), d.Place(model.Span))
	}
	for _, call := range d.Query.Macros {
		if !call.Neutral {
			add("macro", call.Name, d.Place(call.Span))
		}
	}
}
