package kuery

import (
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/rule"
)

// found names what comes next.
func (p *parser) found() string {
	if p.pos >= len(p.text) {
		return "the end"
	}
	return `"` + p.raw(p.next()) + `"`
}

// next is the place of the next word, sign or short quoted text, for messages.
func (p *parser) next() rule.Span {
	if p.peek() == '"' {
		if i := strings.IndexAny(p.text[p.pos+1:min(len(p.text), p.pos+40)], "\"\n"); i >= 0 && p.text[p.pos+1+i] == '"' {
			return span(p.pos, p.pos+i+2)
		}
	}
	_, size := utf8.DecodeRuneInString(p.text[p.pos:])
	end := p.pos + size
	if p.pos < len(p.text) && !isSpecial(p.text[p.pos]) {
		for end < len(p.text) && end < p.pos+40 && !isSpecial(p.text[end]) && !p.isSpace(end) {
			_, size = utf8.DecodeRuneInString(p.text[end:])
			end += size
		}
	}
	return span(p.pos, end)
}

// noLiteral reports that a value or comparison is missing.
func (p *parser) noLiteral(want string) {
	switch c := p.peek(); {
	case p.failed:
	case c == '\\':
		p.badEscape()
	case c == ':' || c == '<' || c == '>':
		p.fail(p.next(), `expected a field before %q`, string(c))
	case c == ')' && p.depth == 0:
		p.fail(p.next(), `unexpected ")", no "(" is open`)
	default:
		p.fail(p.next(), "expected %s, found %s", want, p.found())
	}
}

// noValue reports that a field has an operator and no value behind it.
func (p *parser) noValue(field *Literal, op rule.Text) {
	name, c := p.raw(field.Span), p.peek()
	switch k := p.keyword(p.pos); {
	case p.failed:
	case op.Value == ":" && (c == '<' || c == '>'):
		sp := rule.Span{Start: op.Span.Start, End: int32(p.pos + 1)}
		if p.byteAt(p.pos+1) == '=' {
			sp.End++
		}
		sign := p.text[p.pos:sp.End]
		p.fail(sp, `unexpected %q, expected "%s %s" and a number: a range has no ":"`, p.raw(sp), name, sign)
	case strings.EqualFold(k, "not") && op.Value == ":":
		p.fail(span(p.pos, p.pos+3), `unexpected %q after "%s:", expected "not %s: …", "%s: (not …)" or a value in quotes`, k, name, name, name)
	case k != "":
		p.fail(op.Span, `expected a value after "%s%s", found the keyword %q; put quotes around it if it is the value`, name, op.Value, k)
	case p.pos >= len(p.text):
		p.fail(op.Span, `expected a value after "%s%s", found the end`, name, op.Value)
	case c == '\\':
		p.badEscape()
	case c == '(' && op.Value != ":":
		p.fail(p.next(), `unexpected "(" after %q, expected one value: only ":" takes a list`, op.Value)
	default:
		p.fail(p.next(), `expected a value after "%s%s", found %s`, name, op.Value, p.found())
	}
}

// badEscape reports a backslash that escapes nothing.
func (p *parser) badEscape() {
	_, size := utf8.DecodeRuneInString(p.text[p.pos+1:])
	sp := span(p.pos, p.pos+1+size)
	p.fail(sp, `unexpected %q in an unquoted value, a backslash is written "\\"`, p.raw(sp))
}

func (p *parser) unclosed(open int, sign string) {
	p.fail(span(open, open+1), `%q is not closed, expected %q before the end`, p.text[open:open+1], sign)
}

func (p *parser) unclosedQuote(start int) {
	sp := span(start, start+1)
	line, _, _ := strings.Cut(p.text[start+1:], "\n")
	if i := strings.LastIndex(line, `\"`); i >= 0 && (i+2 == len(line) || strings.IndexByte(" )\r", line[i+2]) >= 0) {
		at := start + 1 + i
		p.fail(span(at, at+2), `quote is not closed: "\"" does not end the text, a backslash at its end is written "\\"`)
		return
	}
	p.fail(sp, `quote is not closed, expected another "\"" before the end`)
}

// hiddenNot reports a word that ends with the letters "not" before a blank:
// the grammar sees the keyword in it.
func (p *parser) hiddenNot(i int) {
	start := i
	for start > p.pos && !p.isSpace(start-1) && !isSpecial(p.text[start-1]) {
		start--
	}
	sp := span(start, i+3)
	p.mistake(sp, `%q ends with the keyword "not" for Kibana, put quotes around the value`, p.raw(sp))
}

// foreign are words of other languages that stand between a field and its
// values.
var foreign = map[string]bool{
	"in": true, "like": true, "in~": true, "like~": true, "contains": true, "startswith": true,
	"endswith": true, "matches": true, "is": true, "=": true, "==": true, "!=": true, "=~": true, "~": true, "regex": true, "regex~": true,
}

// unexpected reports what stands where a keyword or the end is expected.
func (p *parser) unexpected(list *Literal) {
	p.space()
	sp, c := p.next(), p.peek()
	switch {
	case p.failed:
	case c == '\\':
		p.badEscape()
	case c == ')':
		p.fail(sp, `unexpected ")", no "(" is open`)
	case c == '}':
		p.fail(sp, `unexpected "}", no "{" is open; in a value it is written "\}"`)
	case p.last == nil:
		p.missing(sp, list)
	case c == ':' || c == '<' || c == '>':
		p.unexpectedOperator(sp, list)
	case p.last.Quoted && p.end == p.pos && strings.ContainsAny(p.last.Text, ":("):
		open := p.last.Span.Start
		p.fail(span(int(open), int(open)+1), `quote is not closed, the next "\"" opens another text`)
	case !p.last.Quoted && list == nil && p.foreign():
	default:
		p.missing(sp, list)
	}
}

// unexpectedOperator reports a comparison sign after a complete value.
func (p *parser) unexpectedOperator(sp rule.Span, list *Literal) {
	raw, sign := p.raw(p.last.Span), p.raw(sp)
	i := strings.LastIndexAny(raw, " \t\r\n")
	switch {
	case !p.last.Quoted && i >= 0 && list == nil:
		start := int(p.last.Span.Start) + i + 1
		before := strings.TrimSpace(raw[:i])
		word := before[strings.LastIndexAny(before, " \t\r\n")+1:]
		at := int(p.last.Span.Start) + len(before) - len(word)
		for _, s := range signs {
			if word == s.sign {
				p.fail(span(at, at+len(word)), `unexpected %q, %s`, word, s.hint)
				return
			}
		}
		if meant := near.Word(word, []string{"and", "not"}); len(word) < len(before) && (meant != "" || near.Distance(word, "and") == 1) {
			p.fail(span(at, at+len(word)), `unexpected %q, did you mean "and"?`, word)
			return
		}
		p.fail(span(start, int(p.last.Span.End)), `missing "and" or "or" before %q`, raw[i+1:])
	case list != nil && (sign != ":" || strings.IndexByte(`\/`, p.byteAt(int(sp.End))) < 0):
		p.fail(sp, `unexpected %q in the values of %q, expected "and", "or" or ")"; in a value it is written "\%s"`, sign, p.raw(list.Span), sign)
	case p.last.Quoted:
		p.fail(sp, `unexpected %q after a value in quotes, expected "and", "or" or the end`, sign)
	default:
		p.fail(sp, `unexpected %q in a value, it is written "\%s", or the value in quotes`, sign, sign)
	}
}

// foreign reports an operator of another language at the end of the literal
// before a list or a text in quotes, and whether there is one.
func (p *parser) foreign() bool {
	raw := p.raw(p.last.Span)
	if first, rest, ok := strings.Cut(raw, " where "); ok && !strings.Contains(first, " ") {
		sp := span(int(p.last.Span.Start), int(p.last.Span.End)-len(rest)-1)
		p.fail(sp, `%q starts an EQL query, expected Kuery: "field: value"`, p.raw(sp))
		return true
	}
	word := raw[strings.LastIndexAny(raw, " \t\r\n")+1:]
	if !foreign[strings.ToLower(word)] {
		word = word[len(strings.TrimRight(word, "=!~")):]
	}
	if !foreign[strings.ToLower(word)] || word == raw {
		return false
	}
	sp := span(int(p.last.Span.End)-len(word), int(p.last.Span.End))
	switch strings.ToLower(word) {
	case "in", "in~":
		p.fail(sp, `unexpected %q, expected ":" before a list: "field: (a or b)"`, word)
	case "!=":
		p.fail(sp, `unexpected %q, expected "not field: value"`, word)
	default:
		p.fail(sp, `unexpected %q, expected ":" to compare`, word)
	}
	return true
}

// missing reports two values or comparisons with nothing between.
func (p *parser) missing(sp rule.Span, list *Literal) {
	text, first := p.raw(sp), p.text[sp.Start]
	switch {
	case first == ',' && list != nil:
		p.fail(span(p.pos, p.pos+1), `unexpected "," in the values of %q, expected "or" between values`, p.raw(list.Span))
	case first == '~' || first == '^':
		p.fail(sp, `unexpected %q, Kuery has no fuzzy search and no boost`, text)
	case first == '|' && !strings.HasPrefix(text, "||"):
		p.fail(span(p.pos, p.pos+1), `unexpected "|", Kuery has no pipes`)
	case text == "&&":
		p.fail(sp, `unexpected "&&", expected "and"`)
	case text == "||":
		p.fail(sp, `unexpected "||", expected "or"`)
	case p.word(p.pos, "not"):
		p.fail(sp, `missing "and" or "or" before %q`, text)
	case list != nil && first == '"':
		p.fail(sp, `missing "and" or "or" before %s in the values of %q`, text, p.raw(list.Span))
	case list != nil:
		p.fail(sp, `missing "and" or "or" before %q in the values of %q`, text, p.raw(list.Span))
	case first == '(' && p.last != nil && !p.last.Quoted && strings.HasSuffix(p.raw(p.last.Span), "/"):
		p.fail(sp, `unexpected "(", Kuery has no regular expressions; in a value it is written "\("`)
	case first == '(' && p.last != nil && p.end == p.pos:
		p.fail(sp, `unexpected "(" in a value, it is written "\("`)
	case first == '"' && p.last != nil && p.end == p.pos && !p.last.Quoted:
		p.fail(span(p.pos, p.pos+1), `unexpected quote in a value, it is written "\""`)
	case near.Distance(strings.ToLower(text), "and") == 1 && len(text) <= 4 && len(text) > 1:
		p.fail(sp, `unexpected %q, did you mean "and"?`, text)
	case first == '"':
		p.fail(sp, `missing "and" or "or" before %s`, text)
	default:
		p.fail(sp, `missing "and" or "or" before %q`, text)
	}
}
