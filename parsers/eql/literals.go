package eql

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/rule"
)

// literal reads the text constant that the current token is.
func (p *parser) literal() *String {
	t := p.tok
	s := p.slice(t)
	p.next()
	switch t.kind {
	case rawText:
		return &String{Value: s[3 : len(s)-3], Raw: s[3 : len(s)-3], Span: t.span()}
	case singleText:
		p.report(t.span(), `string %s in single quotes, expected double quotes: "…"`, short(s))
		raw := s[1 : len(s)-1]
		return &String{Value: p.unescape(raw, t.start+1), Raw: raw, Span: t.span()}
	case oldRawText:
		p.report(t.span(), `raw string %s is of Endgame's EQL, expected three double quotes: """…"""`, short(s))
		raw := s[2 : len(s)-1]
		return &String{Value: strings.ReplaceAll(raw, `\`+s[1:2], s[1:2]), Raw: raw, Span: t.span()}
	case smartText:
		p.report(t.span(), `unexpected typographic quotes around %s, expected plain double quotes: "…"`, short(s))
		_, first := utf8.DecodeRuneInString(s)
		_, last := utf8.DecodeLastRuneInString(s)
		raw := s[first : len(s)-last]
		return &String{Value: p.unescape(raw, t.start+int32(first)), Raw: raw, Span: t.span()}
	}
	raw := s[1 : len(s)-1]
	return &String{Value: p.unescape(raw, t.start+1), Raw: raw, Span: t.span()}
}

// escapes are the escape sequences of one letter ("Escape characters in a
// string" of the reference, and \b, \f and \' of the grammar).
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f', '\\': '\\', '"': '"', '\'': '\''}

// unescape decodes the escapes of a text that begins at the given place. What
// is no escape is reported and stands for itself.
func (p *parser) unescape(raw string, start int32) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' || i+1 == len(raw) {
			b.WriteByte(raw[i])
			i++
			continue
		}
		c := raw[i+1]
		if decoded, ok := escapes[c]; ok {
			b.WriteByte(decoded)
			i += 2
			continue
		}
		if c == 'u' {
			r, n, problem := codePoint(raw[i:])
			if problem != "" {
				p.report(place(start, i, i+n), "%s", problem)
				r = utf8.RuneError
			}
			b.WriteRune(r)
			i += n
			continue
		}
		_, n := utf8.DecodeRuneInString(raw[i+1:])
		p.report(place(start, i, i+1+n), `unknown escape "%s" in a string, expected "\\" for a backslash, or a raw string """…"""`, raw[i:i+1+n])
		b.WriteByte('\\')
		i++
	}
	return b.String()
}

func place(start int32, from, to int) rule.Span {
	return rule.Span{Start: start + int32(from), End: start + int32(to)}
}

// codePoint decodes \u{…}, with two to eight hexadecimal digits, or \u with
// four of them, at the beginning of s. It returns how long the escape is.
func codePoint(s string) (rune, int, string) {
	from, n := 2, 6
	hex := ""
	if len(s) > 2 && s[2] == '{' {
		from = 3
		length := strings.IndexByte(s[3:min(len(s), 3+maxQuoted)], '}')
		if length < 0 {
			return 0, 3, `"\u{" in a string is not closed, expected "}" after two to eight hexadecimal digits`
		}
		hex, n = s[3:3+length], length+4
	} else if len(s) >= n {
		hex = s[from:n]
	}
	value, err := strconv.ParseUint(hex, 16, 32)
	switch {
	case err != nil || from == 3 && (len(hex) < 2 || len(hex) > 8):
		if from == 2 {
			n = 2
		}
		return 0, n, fmt.Sprintf(`invalid escape %s in a string, expected "\u{…}" with two to eight hexadecimal digits`, short(s[:n]))
	case value == 0 || !utf8.ValidRune(rune(min(value, math.MaxInt32))):
		return 0, n, fmt.Sprintf(`escape %s in a string is no character`, short(s[:n]))
	}
	return rune(value), n, ""
}

// number reads the number that the current token is.
func (p *parser) number(negative bool, start int32) Expr {
	t := p.tok
	s := p.slice(t)
	p.next()
	sp := rule.Span{Start: start, End: t.end}
	if p.tok.start == t.end && p.tok.kind == word {
		p.glued(s, t)
		sp.End = p.end
		if value, err := strconv.ParseUint(p.text[t.start:p.end], 0, 64); err == nil {
			s = strconv.FormatUint(value, 10)
		}
	}
	value, ok := decimal(s)
	if !ok {
		p.report(t.span(), "number %s is too large", short(s))
	}
	if negative && value != "0" {
		value = "-" + value
	}
	return &Number{Value: value, Span: sp}
}

// glued reports a number that runs into a word.
func (p *parser) glued(s string, t token) {
	all := s + p.slice(p.tok)
	sp := rule.Span{Start: t.start, End: p.tok.end}
	if value, err := strconv.ParseUint(all, 0, 64); err == nil && s == "0" {
		p.report(sp, "%s is no number of EQL, expected it in decimal: %d", quote(all), value)
	} else {
		p.report(sp, "unexpected %s, a field whose name begins with a digit must be in backticks: `%s`", quote(all), cut(all))
	}
	p.next()
}

// decimal writes a number in decimal, without an exponent.
func decimal(s string) (string, bool) {
	if !strings.ContainsAny(s, "eE.") {
		s = strings.TrimLeft(s, "0")
		return cmp.Or(s, "0"), true
	}
	if !strings.ContainsAny(s, "eE") && s[0] != '.' && s[0] != '0' && s[len(s)-1] != '.' {
		return s, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s, false
	}
	if !strings.ContainsAny(s, "eE") && s[0] == '0' && len(s) > 2 && s[1] == '.' {
		return s, true // as it is spelled
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}
