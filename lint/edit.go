package lint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/paste"
	"github.com/detlint/detlint/rule"
)

// replaceIn is an edit that replaces a part of the text of a span; letter case
// does not matter for finding it. The result is false when the part does not
// stand there as it is, because the file spells it with escapes.
func (p *Pass) replaceIn(at rule.Span, old, text string) (Edit, bool) {
	source := p.source(at)
	i := strings.Index(strings.ToLower(source), strings.ToLower(old))
	if i < 0 || old == "" || len(strings.ToLower(source)) != len(source) {
		return Edit{}, false
	}
	start := at.Start + int32(i)
	return p.Edit(rule.Span{Start: start, End: start + int32(len(old))}, text), true
}

// source is the text of a span, empty when the span is not one of the file. A
// key or value that an alias stands for is not at the place it is reported at,
// and parts of it may be beyond the end.
func (p *Pass) source(at rule.Span) string {
	if at.Start < 0 || at.End < at.Start || int(at.End) > len(p.Source.Data) {
		return ""
	}
	return string(p.Source.Data[at.Start:at.End])
}

// fixIn gives a finding the fix that replaces a part of the text of a span.
func (p *Pass) fixIn(f *Finding, at rule.Span, old, text string) {
	if edit, ok := p.replaceIn(at, old, text); ok {
		f.Fix = &Fix{Title: "replace " + quote(old) + " with " + quote(text), Edits: []Edit{edit}}
	}
}

// line returns the interval of the line that a span begins in, without its
// line break, and where the next line begins.
func (p *Pass) line(at rule.Span) (start, end, next int32) {
	first, _ := p.Source.LineAround(at.Start)
	_, last := p.Source.LineAround(at.End)
	start, end = int32(first), max(int32(last), at.End)
	next = end
	for _, c := range "\r\n" {
		if int(next) < len(p.Source.Data) && rune(p.Source.Data[next]) == c {
			next++
		}
	}
	return start, end, next
}

// removeItem is an edit that takes an item out of a list: with its line where
// it stands alone on it, with one comma in a list in brackets.
func (p *Pass) removeItem(at rule.Span) (Edit, bool) {
	if p.source(at) == "" {
		return Edit{}, false
	}
	data := p.Source.Data
	start, end, next := p.line(at)
	before := bytes.TrimSpace(data[start:at.Start])
	after := bytes.TrimSpace(data[at.End:end])
	switch {
	case string(before) == "-" && (len(after) == 0 || after[0] == '#'):
		return p.Edit(rule.Span{Start: start, End: next}, ""), true
	case len(before) > 0 && before[len(before)-1] == '-' && !bytes.ContainsAny(before, "[,"):
		return Edit{}, false // what else the line says does not belong to the list
	}
	return p.removeBetween(at)
}

// removeBetween takes an item out of a list in brackets, with one of the commas
// beside it and what stands between it and the item.
func (p *Pass) removeBetween(at rule.Span) (Edit, bool) {
	data := p.Source.Data
	const space = " \t\r\n"
	before := bytes.TrimRight(data[:at.Start], space)
	after := bytes.TrimLeft(data[at.End:], space)
	if len(before) == 0 || len(after) == 0 {
		return Edit{}, false
	}
	end := int32(len(data) - len(after))
	switch first, last := before[len(before)-1], after[0]; {
	case first == ',' && (last == ',' || last == ']'):
		return p.Edit(rule.Span{Start: int32(len(before) - 1), End: at.End}, ""), true
	case first == '[' && last == ',':
		next := bytes.TrimLeft(data[end+1:], space)
		return p.Edit(rule.Span{Start: at.Start, End: int32(len(data) - len(next))}, ""), true
	case first == '[' && last == ']':
		return p.Edit(rule.Span{Start: int32(len(before)), End: end}, ""), true
	}
	return Edit{}, false
}

// insertItem is an edit that puts an item after another one of a block list,
// in the style of that one.
func (p *Pass) insertItem(after rule.Span, text string) (Edit, bool) {
	if p.source(after) == "" {
		return Edit{}, false
	}
	data := p.Source.Data
	start, end, _ := p.line(after)
	if !bytes.Equal(bytes.TrimSpace(data[start:after.Start]), []byte("-")) {
		return Edit{}, false
	}
	prefix := string(data[start:after.Start])
	if q := data[after.Start]; q == '\'' || q == '"' {
		text = string(q) + text + string(q)
	}
	br := "\n"
	if int(end) < len(data) && data[end] == '\r' {
		br = "\r\n"
	}
	return p.Edit(rule.Span{Start: end, End: end}, br+prefix+text), true
}

// offer gives a finding the text of exclusions in the language of the rule and,
// where it is certain what comes of it, the fix that puts them there.
func (p *Pass) offer(f *Finding, keys []normalize.Key) {
	text := paste.Exclusions(p.Rule, keys, p.linter.catalog).In(p.file)
	f.Hint = text.Text
	if edits, err := text.Edits(p.Library); err == nil {
		title := "exclude " + describe(text.Written[0])
		if n := len(text.Written) - 1; n > 0 {
			title += fmt.Sprintf(", and %d more", n)
		}
		f.Fix = &Fix{Title: title, Edits: edits, Advice: true}
	}
}

// quote puts a value into a message.
func quote(s string) string { return `"` + s + `"` }
