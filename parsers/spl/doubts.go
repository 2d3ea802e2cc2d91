package spl

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// DoubtKind is a way in which a search may say something else than was meant.
type DoubtKind uint8

// The kinds of doubts.
const (
	// GluedValue is a value that follows another one without a comma or a
	// blank between: a quote that ends too early, or a dot for a comma.
	GluedValue DoubtKind = iota + 1
	// CutValue is a value without quotes that a blank ends although there is a
	// backslash before it.
	CutValue
	// LowerOperator is and, or, not in lower case, which are words to search
	// for.
	LowerOperator
	// BareTerm is a word or phrase after a command that leaves no event to
	// search it in.
	BareTerm
	// QuotedMacro is a macro call inside of a text in quotes, where Splunk does
	// not expand it.
	QuotedMacro
)

// Doubt is a place of the search that was read without a problem, and most
// likely says something else than was meant.
type Doubt struct {
	Kind DoubtKind
	Span rule.Span
	// Text is what is there: the value, the word, the name of the macro. Before
	// is the value before a GluedValue.
	Text, Before string
}

// Doubts finds them all, by kind of place: terms, then texts in quotes. What macros stand for has
// none: it is not at hand.
func (q *Query) Doubts() []Doubt {
	if q.root == nil {
		return nil
	}
	d := &doubter{query: q}
	d.pipeline(q.root)
	d.strings()
	return d.found
}

type doubter struct {
	query *Query
	found []Doubt
	bare  bool // there is no event any more to search words in
}

func (d *doubter) add(kind DoubtKind, sp rule.Span, text, before string) {
	if d.source(sp) == "" || strings.HasPrefix(d.source(sp), "`") {
		return // what a macro stands for is at its call
	}
	d.found = append(d.found, Doubt{kind, sp, text, before})
}

// source is the text of a place of the query.
func (d *doubter) source(sp rule.Span) string {
	if sp.Start < 0 || sp.End <= sp.Start || int(sp.End) > len(d.query.text) {
		return ""
	}
	return d.query.text[sp.Start:sp.End]
}

func (d *doubter) pipeline(p *pipeline) {
	before := d.bare
	defer func() { d.bare = before }()
	d.bare = false
	for _, s := range p.stages {
		switch cmd := s.command.(type) {
		case *filter:
			d.terms(cmd.cond)
		case *aggregation:
			bare := d.bare
			d.bare = false
			d.terms(cmd.where)
			d.bare = bare || !cmd.keeps && !keepsEvent(cmd)
		case *making:
			bare := d.bare
			d.bare = false
			d.terms(cmd.where)
			d.bare = bare && cmd.lookup == nil
		case *assignments:
			for _, a := range cmd.items {
				d.bare = d.bare && a.name != "_raw"
			}
		case *renaming:
			for _, pair := range cmd.pairs {
				d.bare = d.bare && pair[1] != "_raw"
			}
		case *opaque, *joining, *embedding:
			d.bare = false
		}
		for _, sub := range s.subs {
			d.pipeline(sub)
		}
	}
}

// keepsEvent reports whether the event is a column of what is left.
func keepsEvent(a *aggregation) bool {
	for _, field := range a.by {
		if field == "" || field == "_raw" {
			return true
		}
	}
	for _, item := range a.items {
		if item.name == "_raw" || strings.Contains(item.name, "*") {
			return true
		}
	}
	return false
}

// terms looks at search terms. Expressions have none of these doubts.
func (d *doubter) terms(n node) {
	switch n := n.(type) {
	case *andNode:
		d.list(n.items)
		for _, item := range n.items {
			d.terms(item)
		}
	case *orNode:
		for _, item := range n.items {
			d.terms(item)
		}
	case *notNode:
		d.terms(n.item)
	case *inList:
		for i := 1; i < len(n.values); i++ {
			a, b := n.values[i-1].span, n.values[i].span
			if a.End == b.Start && a.Start < a.End && b.Start < b.End {
				d.add(GluedValue, b, d.source(b), d.source(a))
				break
			}
		}
	case *keyword:
		if text := pattern(n.value.text).Keyword(); d.bare && n.wrap == "" && text != "" && !n.value.tokens && !isOperator(d.source(n.value.span)) {
			d.add(BareTerm, n.value.span, d.source(n.value.span), "")
		}
	}
}

// list looks at terms that are joined by AND.
func (d *doubter) list(items []node) {
	for i, item := range items {
		k, ok := item.(*keyword)
		if !ok || k.wrap != "" {
			continue
		}
		source := d.source(k.value.span)
		if isOperator(source) && i+1 < len(items) && (i > 0 || source == "not") {
			d.add(LowerOperator, k.value.span, source, "")
		}
		if i == 0 {
			continue
		}
		c, ok := items[i-1].(*comparison)
		if !ok || c.value.opaque {
			continue
		}
		left := d.source(c.value.span)
		switch gap := int(k.value.span.Start - c.value.span.End); {
		case gap == 0 && left != "" && (left[0] == '"' || source != "" && source[0] == '"'):
			d.add(GluedValue, k.value.span, source, left)
		case gap > 0 && endsInEscape(left) && strings.TrimLeft(d.source(rule.Span{Start: c.value.span.End, End: k.value.span.Start}), " ") == "":
			d.add(CutValue, c.value.span, left, "")
		}
	}
}

func isOperator(word string) bool { return word == "and" || word == "or" || word == "not" }

// endsInEscape reports whether a value without quotes ends with a backslash
// that does not stand for itself.
func endsInEscape(s string) bool {
	n := len(s) - len(strings.TrimRight(s, `\`))
	return s != "" && s[0] != '"' && n%2 == 1
}

// strings finds calls of macros in texts in quotes. The search of a map command
// is a text as well, but one in which macros are expanded.
func (d *doubter) strings() {
	text := d.query.text
	for i := 0; i < len(text); {
		switch text[i] {
		case '\\':
			i += 2
		case '`':
			if strings.HasPrefix(text[i:], "```") {
				end := strings.Index(text[i+3:], "```")
				if end < 0 {
					return
				}
				i += end + 6
				continue
			}
			_, i, _ = readCall(text, i)
		case '"':
			end := quoteEnd(text, i)
			before := strings.TrimRight(text[:i], blanks)
			if before, ok := strings.CutSuffix(before, "="); !ok || !strings.HasSuffix(strings.TrimRight(before, blanks), "search") {
				d.calls(i, end)
			}
			i = end
		default:
			i++
		}
	}
}

func (d *doubter) calls(start, end int) {
	text := d.query.text[:end]
	for i := start; ; {
		n := strings.IndexByte(text[i:], '`')
		if n < 0 {
			return
		}
		call, after, problem := readCall(text, i+n)
		if problem == "" && call.Name != "" {
			d.found = append(d.found, Doubt{QuotedMacro, rule.Span{Start: int32(i + n), End: int32(after)}, call.Name, ""})
		}
		i = max(after, i+n+1)
	}
}
