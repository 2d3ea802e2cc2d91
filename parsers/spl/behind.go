package spl

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/query"
)

// transient are commands behind which a filter of stored fields says the same as in
// front of them: they filter, order or describe, or make columns that are followed.
var transient = map[string]bool{
	"search": true, "where": true, "regex": true, "eval": true, "rename": true, "fieldformat": true, "strcat": true,
	"lookup": true, "iplocation": true, "geostats": true, "rangemap": true, "addinfo": true, "convert": true, "spath": true, "outputlookup": true, "outputcsv": true,
	"collect": true, "sendemail": true, "sendalert": true, "highlight": true, "abstract": true, "localop": true, "inputlookup": true,
	"makeresults": true, "tags": true, "typer": true, "xpath": true, "extract": true, "kv": true, "xmlkv": true, "multikv": true, "replace": true,
}

// within are commands that change the fields that they name, and no others.
var within = map[string]bool{"fillnull": true, "filldown": true, "makemv": true, "mvexpand": true, "nomv": true}

// chosen are aggregates that take the value of one of several events.
var chosen = map[string]bool{"latest": true, "earliest": true, "first": true, "last": true, "mode": true}

// obstacle is a command that Behind of a predicate names.
type obstacle struct {
	text string
	only []string // the fields that it is about; nil for all
}

// obstacleOf is what a command is to the filters behind it; false where it is none.
func (b *builder) obstacleOf(s *stage) (obstacle, bool) {
	text := func() string {
		if _, ok := s.command.(*template); ok {
			return flat(b.query.expanded[s.start:s.end])
		}
		return b.query.withoutConditions(s)
	}
	switch cmd := s.command.(type) {
	case *projection:
		return obstacle{}, false // as gone has it
	case *aggregation:
		if slices.ContainsFunc(cmd.items, func(a aggregate) bool { return chosen[a.function] }) {
			return obstacle{text: text()}, true
		}
		return obstacle{text: s.name}, true
	}
	switch {
	case isFilterMacro(s):
		return obstacle{}, false
	case s.name == "sort":
		return obstacle{text: text()}, cutting(s, b.query.expanded[s.start:s.end])
	case s.name == "rex":
		return obstacle{text: text()}, strings.Contains(b.query.expanded[s.start:s.end], "sed")
	case within[s.name]:
		words := strings.FieldsFunc(b.query.expanded[s.start+len(s.name):s.end], func(r rune) bool { return strings.ContainsRune(" \t\r\n,\"", r) })
		words = slices.DeleteFunc(words, func(w string) bool { return strings.Contains(w, "=") })
		if s.name == "makemv" || len(words) > 0 && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "*") }) {
			words = nil
		}
		return obstacle{text: text(), only: words}, true
	}
	return obstacle{text: text()}, !transient[s.name]
}

// cutting reports whether sort lets only some of the rows through, as with a number
// that is not 0.
func cutting(s *stage, text string) bool {
	words := strings.Fields(text[len(s.name):])
	if len(words) == 0 {
		return false
	}
	count := strings.TrimPrefix(strings.ToLower(words[0]), "limit=")
	return count != "0" && strings.Trim(count, "0123456789") == ""
}

// front is what stands in front of the command that is looked at.
type front struct {
	all     string // about all fields, as rule.Predicate.Behind has it
	some    []obstacle
	kept    map[string]bool // the fields that are left; nil for all
	dropped map[string]bool // but for these
}

// maxObstacles bounds how many commands that are about some fields are followed.
const maxObstacles = 20

// add notes a command.
func (f *front) add(o obstacle) {
	if o.only == nil || len(f.some) == maxObstacles {
		f.all = query.Behind(f.all, o.text)
		return
	}
	o.text = query.Behind("", o.text)
	f.some = append(f.some, o)
}

// lose notes which fields a command takes away.
func (f *front) lose(p *projection) {
	switch {
	case slices.ContainsFunc(p.names, func(n string) bool { return strings.Contains(n, "*") }):
	case p.remove:
		if f.dropped == nil {
			f.dropped = map[string]bool{}
		}
		for _, name := range p.names {
			f.dropped[name] = true
		}
	default:
		kept := map[string]bool{}
		for _, name := range p.names {
			kept[name] = !f.lost(name)
		}
		f.kept, f.dropped = kept, nil
	}
}

func (f *front) lost(field string) bool {
	return f.dropped[field] || f.kept != nil && !f.kept[field]
}

// behind is what stands in front of a comparison of a field, as rule.Predicate has
// it.
func (b *builder) behind(field string) string {
	out := b.front.all
	for i := range b.front.some {
		if o := &b.front.some[i]; slices.Contains(o.only, field) {
			out = query.Behind(out, o.text)
		}
	}
	if _, made := b.columns.known[field]; !made && b.front.lost(field) {
		out = query.Behind(out, "fields")
	}
	return out
}
