package lint

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/sigma"
	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/rule"
)

var modifierCombinationCheck = &Check{
	ID:       "modifier-combination",
	Severity: Error,
	Vendors:  onlySigma,
	Summary:  "Modifiers of a field contradict each other or are in an order that cannot work",
	Rationale: `Modifiers are applied from left to right, each to what the one before it made. Some chains make a value that can never
be in an event, and others are refused by converters:

- ` + "`re`, `cidr` and `exists`" + ` take the value as it is written, so they come first, and text modifiers have no place beside
  ` + "`cidr` and `exists`" + `; ` + "`i`, `m` and `s`" + ` are flags of ` + "`re`" + `.
- ` + "`gt`, `gte`, `lt` and `lte`" + ` compare numbers and go with no text modifier, nor with each other.
- ` + "`base64` and `base64offset`" + ` encode a text without wildcards, so ` + "`contains`" + ` comes after them; ` + "`base64offset`" + ` gives the
  middle of an encoded text and finds nothing without it.

Four more are a warning: ` + "`all`" + ` with a single value, or with plain values that no field can all equal at once; ` + "`windash`" + `
together with ` + "`all`" + `, which some converters turn into a condition that all variants of a dash must meet; two of
` + "`contains`, `startswith` and `endswith`" + `, which together mean ` + "`contains`" + `; and a modifier that stands twice.`,
	Bad: `title: Encoded download cradle
id: 9c8b7a6f-5e4d-4c3b-8a29-1807f6e5d408
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|contains|base64offset: 'DownloadString('
        ParentImage|startswith|endswith: '\host.exe'
    condition: selection
level: high
`,
	Good: `title: Encoded download cradle
id: 9c8b7a6f-5e4d-4c3b-8a29-1807f6e5d408
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|base64offset|contains: 'DownloadString('
        ParentImage|endswith: '\host.exe'
    condition: selection
level: high
`,
	Rule: modifierCombination,
}

var (
	shapeModifiers = []string{"contains", "startswith", "endswith"}
	orderModifiers = []string{"gt", "gte", "lt", "lte"}
	flagModifiers  = []string{"i", "m", "s"}
	// textModifiers change or open a text.
	textModifiers = []string{
		"contains", "startswith", "endswith", "base64", "base64offset", "wide", "utf16", "utf16le", "utf16be", "windash", "cased",
	}
	// firstModifiers take the value as it is written.
	firstModifiers = []string{"re", "cidr", "exists"}
)

func modifierCombination(p *Pass) {
	doc := document(p)
	if doc == nil {
		return
	}
	for _, sel := range doc.Selections {
		for _, it := range sel.Items {
			if len(it.Modifiers) > 0 {
				p.modifiers(it)
			}
		}
	}
}

// modifiers reports the first thing that is wrong with a chain; one mistake
// explains the others.
func (p *Pass) modifiers(it *sigma.Item) {
	for _, find := range []func(*Pass, *sigma.Item) bool{
		repeatedModifier, lateModifier, strayFlag, exclusiveModifiers, encodedWildcard, bareOffset, twoShapes, loneAll, plainAll, dashAll,
	} {
		if find(p, it) {
			return
		}
	}
}

// chain reports something about one modifier of an item.
func (p *Pass) chain(it *sigma.Item, m rule.Text, format string, args ...any) *Finding {
	return p.Report(m.Span, it.Key.Value, format, args...)
}

// find returns the first modifier of the item that is among the given.
func find(it *sigma.Item, among []string) (rule.Text, bool) {
	for _, m := range it.Modifiers {
		if slices.Contains(among, m.Value) {
			return m, true
		}
	}
	return rule.Text{}, false
}

// dropModifier is the fix that takes a modifier with its bar out of a chain.
func (p *Pass) dropModifier(f *Finding, m rule.Text) {
	at := rule.Span{Start: m.Span.Start - 1, End: m.Span.End}
	if p.source(at) == "|"+m.Value {
		f.Fix = &Fix{Title: "remove " + quote(m.Value), Edits: []Edit{p.Edit(at, "")}}
	}
}

// repeatedModifier: encoding twice in Base64 is a thing that attackers do.
func repeatedModifier(p *Pass, it *sigma.Item) bool {
	for i, m := range it.Modifiers {
		if m.Value == "" || m.Value == "base64" {
			continue
		}
		for _, before := range it.Modifiers[:i] {
			if before.Value == m.Value {
				f := p.chain(it, m, "modifier %q stands twice", m.Value)
				f.Severity = Warning
				p.dropModifier(f, m)
				return true
			}
		}
	}
	return false
}

func lateModifier(p *Pass, it *sigma.Item) bool {
	for i, m := range it.Modifiers {
		if i == 0 || !slices.Contains(firstModifiers, m.Value) {
			continue
		}
		// Negation and all are about the list of values, not about one.
		before := slices.DeleteFunc(slices.Clone(it.Modifiers[:i]), func(t rule.Text) bool { return t.Value == "neq" || t.Value == "all" || t.Value == "" })
		if len(before) > 0 {
			p.chain(it, m, "modifier %q takes the value as it is written and must come before %q", m.Value, before[0].Value)
			return true
		}
	}
	return false
}

func strayFlag(p *Pass, it *sigma.Item) bool {
	m, ok := find(it, flagModifiers)
	if !ok || it.Has("re") {
		return false
	}
	f := p.chain(it, m, `modifier %q is a flag of "re", which is not there`, m.Value)
	if m.Value == "i" {
		f.Hint = "texts are compared without case already"
		p.dropModifier(f, m)
	}
	return true
}

func exclusiveModifiers(p *Pass, it *sigma.Item) bool {
	clash := func(a, b rule.Text, why string) bool {
		p.chain(it, b, "modifiers %q and %q exclude each other: %s", a.Value, b.Value, why)
		return true
	}
	text, hasText := find(it, textModifiers)
	order, hasOrder := find(it, orderModifiers)
	for _, m := range it.Modifiers {
		switch {
		case m.Value == "cidr" && hasText:
			return clash(m, text, "a network is no text")
		case m.Value == "exists" && hasText && text.Value != "cased":
			return clash(m, text, `"exists" looks at no value`)
		case (m.Value == "re" || m.Value == "cidr" || m.Value == "exists") && hasOrder:
			return clash(m, order, "only numbers have an order")
		case m.Value == "re" && it.Has("cased"):
			cased, _ := find(it, []string{"cased"})
			return clash(m, cased, "a regular expression respects case already")
		case slices.Contains(firstModifiers, m.Value):
			if other, ok := find(it, slices.DeleteFunc(slices.Clone(firstModifiers), func(s string) bool { return s == m.Value })); ok {
				return clash(m, other, "a value can only be read one way")
			}
		case slices.Contains(orderModifiers, m.Value):
			if hasText {
				return clash(m, text, "only numbers have an order")
			}
			if other, ok := find(it, slices.DeleteFunc(slices.Clone(orderModifiers), func(s string) bool { return s == m.Value })); ok {
				return clash(m, other, "a number is compared once; write two lines for a range")
			}
		}
	}
	return false
}

func isEncoding(m rule.Text) bool { return m.Value == "base64" || m.Value == "base64offset" }

// encodedWildcard: a wildcard, written or added by an earlier modifier, has no
// encoded form.
func encodedWildcard(p *Pass, it *sigma.Item) bool {
	for i, m := range it.Modifiers {
		if !isEncoding(m) {
			continue
		}
		for _, before := range it.Modifiers[:i] {
			if slices.Contains(shapeModifiers, before.Value) {
				f := p.chain(it, m, "modifier %q encodes what %q made; put it first", m.Value, before.Value)
				if it.Modifiers[i-1] == before && p.source(before.Span) == before.Value && p.source(m.Span) == m.Value {
					f.Fix = &Fix{Title: "exchange the two", Edits: []Edit{p.Edit(before.Span, m.Value), p.Edit(m.Span, before.Value)}}
				}
				return true
			}
		}
		for _, v := range it.Values() {
			if v.Tag == tree.Str && hasWildcard(v.Value) {
				p.chain(it, m, "modifier %q cannot encode the wildcard in %s", m.Value, quote(v.Value))
				return true
			}
		}
	}
	return false
}

// hasWildcard reports whether a value has a * or ? that is not escaped.
func hasWildcard(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i+1 < len(s) && strings.IndexByte(`\*?`, s[i+1]) >= 0 {
				i++
			}
		case '*', '?':
			return true
		}
	}
	return false
}

func bareOffset(p *Pass, it *sigma.Item) bool {
	m, ok := find(it, []string{"base64offset"})
	if _, open := find(it, shapeModifiers); !ok || open {
		return false
	}
	f := p.chain(it, m, `modifier "base64offset" gives a part of an encoded text and needs "contains" after it`)
	if p.source(m.Span) != m.Value {
		return true
	}
	f.Fix = &Fix{Title: `add "contains"`, Edits: []Edit{p.Edit(rule.Span{Start: m.Span.End, End: m.Span.End}, "|contains")}}
	return true
}

func twoShapes(p *Pass, it *sigma.Item) bool {
	first, ok := find(it, shapeModifiers)
	if !ok {
		return false
	}
	for _, m := range it.Modifiers {
		if m.Value != first.Value && slices.Contains(shapeModifiers, m.Value) {
			p.chain(it, m, `modifiers %q and %q together mean "contains"`, first.Value, m.Value).Severity = Warning
			return true
		}
	}
	return false
}

func loneAll(p *Pass, it *sigma.Item) bool {
	m, ok := find(it, []string{"all"})
	// A placeholder may stand for several values.
	if !ok || len(it.Values()) != 1 || it.Has("expand") {
		return false
	}
	f := p.chain(it, m, `modifier "all" needs a list of values, found one`)
	f.Severity = Warning
	if it.Field.Value != "*" {
		p.dropModifier(f, m)
	}
	return true
}

// plainAll: two different texts cannot both be all of a field.
func plainAll(p *Pass, it *sigma.Item) bool {
	m, ok := find(it, []string{"all"})
	if !ok || len(it.Modifiers) != 1 || it.Field.Value == "*" {
		return false
	}
	for _, v := range it.Values() {
		if v.Kind != tree.Scalar || hasWildcard(v.Value) {
			return false
		}
	}
	p.chain(it, m, `%q cannot equal all of its values at once, was "contains|all" meant?`, it.Field.Value).Severity = Warning
	return true
}

func dashAll(p *Pass, it *sigma.Item) bool {
	m, ok := find(it, []string{"windash"})
	if !ok || !it.Has("all") {
		return false
	}
	f := p.chain(it, m, `modifiers "windash" and "all" together make some converters ask for every variant of a dash at once`)
	f.Severity = Warning
	f.Hint = "write a selection for each value"
	return true
}
