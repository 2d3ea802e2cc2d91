// Package glob reduces patterns with wildcards to the operators of the
// predicate model. What counts as a wildcard, and how one is escaped, is each
// query language's own business; how the result is written down is not.
package glob

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

// Pattern is a glob being read: literal text with wildcards between. The zero
// value is an empty pattern.
type Pattern struct {
	parts []part
	wild  int // number of wildcard parts
}

// part is a run of literal text, or one wildcard.
type part struct {
	kind byte // 0 literal, '*' or '?'
	text string
	more []byte // all of the text, once it was added in several pieces
}

func (p *part) literal() string {
	if p.more != nil {
		return string(p.more)
	}
	return p.text
}

// Literal adds text in which no character is special.
func (p *Pattern) Literal(text string) {
	if text == "" {
		return
	}
	if n := len(p.parts); n > 0 && p.parts[n-1].kind == 0 {
		last := &p.parts[n-1]
		if last.more == nil {
			last.more = append(make([]byte, 0, 2*(len(last.text)+len(text))), last.text...)
		}
		last.more = append(last.more, text...)
		return
	}
	p.add(part{text: text})
}

// add puts a part at the end. Most patterns have a text and two open ends.
func (p *Pattern) add(one part) {
	if p.parts == nil {
		p.parts = make([]part, 0, 3)
	}
	p.parts = append(p.parts, one)
}

// Any adds a wildcard for any run of characters. Runs of it count as one.
func (p *Pattern) Any() {
	if n := len(p.parts); n > 0 && p.parts[n-1].kind == '*' {
		return
	}
	p.add(part{kind: '*'})
	p.wild++
}

// One adds a wildcard for exactly one character.
func (p *Pattern) One() {
	p.add(part{kind: '?'})
	p.wild++
}

// OpenLeft lets anything stand before the pattern.
func (p *Pattern) OpenLeft() {
	if len(p.parts) > 0 && p.parts[0].kind == '*' {
		return
	}
	p.parts = slices.Insert(p.parts, 0, part{kind: '*'})
	p.wild++
}

// OpenRight lets anything stand after the pattern.
func (p *Pattern) OpenRight() { p.Any() }

// Text reduces a text without wildcards that is not empty, with any text before
// it, after it or both where left and right are set.
func Text(text string, left, right bool) (rule.Operator, string) {
	switch {
	case left && right:
		return rule.Contains, text
	case left:
		return rule.EndsWith, text
	case right:
		return rule.StartsWith, text
	}
	return rule.Eq, text
}

// Reduce returns the narrowest operator for the pattern and the value that
// goes with it: the literal text for eq, contains, startswith and endswith,
// nothing for exists (a lone *), and for wildcard the glob in its canonical
// spelling, in which every literal backslash, star and question mark is
// escaped by a backslash.
func (p *Pattern) Reduce() (rule.Operator, string) {
	switch {
	case p.wild == 0:
		return rule.Eq, p.literal()
	case len(p.parts) == 1 && p.parts[0].kind == '*':
		return rule.Exists, ""
	}
	left := p.parts[0].kind == '*'
	right := p.parts[len(p.parts)-1].kind == '*'
	switch {
	case left && right && p.wild == 2:
		return rule.Contains, p.literal()
	case left && p.wild == 1:
		return rule.EndsWith, p.literal()
	case right && p.wild == 1:
		return rule.StartsWith, p.literal()
	}
	return rule.Wildcard, p.spell(p.parts)
}

// Keyword returns the value of a match predicate: outer stars dropped, inner
// wildcards in the canonical spelling.
func (p *Pattern) Keyword() string {
	parts := p.parts
	if len(parts) > 0 && parts[0].kind == '*' {
		parts = parts[1:]
	}
	if n := len(parts); n > 0 && parts[n-1].kind == '*' {
		parts = parts[:n-1]
	}
	for _, part := range parts {
		if part.kind != 0 {
			return p.spell(parts)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return parts[0].literal()
}

// literal is the text of the pattern without its wildcards.
func (p *Pattern) literal() string {
	for _, part := range p.parts {
		if part.kind == 0 {
			return part.literal() // the callers have at most one literal part
		}
	}
	return ""
}

var escape = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`)

// Plain writes a glob in its canonical spelling for a language that has no
// escapes. It reports false when a star or a question mark of it is literal.
func Plain(canonical string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(canonical); i++ {
		if canonical[i] == '\\' && i+1 < len(canonical) {
			if i++; canonical[i] != '\\' {
				return "", false
			}
		}
		b.WriteByte(canonical[i])
	}
	return b.String(), true
}

func (p *Pattern) spell(parts []part) string {
	var b strings.Builder
	for _, part := range parts {
		if part.kind != 0 {
			b.WriteByte(part.kind)
			continue
		}
		_, _ = escape.WriteString(&b, part.literal())
	}
	return b.String()
}
