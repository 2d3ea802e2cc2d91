package kql

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// str reads a string literal: "…" or '…' with escapes, @"…" without any (a
// doubled quote stands for one), ```…``` or ~~~…~~~ over several lines, each
// with an "h" in front when the service may not log it.
func (l *lexer) str(start int) token {
	i := start
	if c := l.at(i); c == 'h' || c == 'H' {
		i++
	}
	verbatim := l.at(i) == '@'
	if verbatim {
		i++
	}
	if c := l.at(i); c == '`' || c == '~' {
		quote := strings.Repeat(string(c), 3)
		end := strings.Index(l.text[i+3:], quote)
		if end < 0 {
			return l.unclosed(start, i+3, len(l.text), quote)
		}
		return token{kind: kString, text: l.text[i+3 : i+3+end], start: int32(start), end: int32(i + 6 + end)}
	}
	quote := l.at(i)
	from := i + 1
	plain := true
	for i = from; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == quote && verbatim && l.at(i+1) == quote:
			plain = false
			i++
		case c == quote:
			t := token{kind: kString, text: l.text[from:i], start: int32(start), end: int32(i + 1)}
			switch {
			case plain:
			case verbatim:
				t.text = strings.ReplaceAll(t.text, string([]byte{quote, quote}), string(quote))
			default:
				t.text = unescape(t.text)
			}
			return t
		case c == '\\' && !verbatim:
			n := escape(l.text[i:])
			if n == 0 {
				return l.badEscape(start, i, quote)
			}
			plain = false
			i += n - 1
		case c == '\r' || c == '\n':
			return l.unclosed(start, from, i, string(quote))
		}
	}
	return l.unclosed(start, from, len(l.text), string(quote))
}

// escape is the length of the escape sequence that a text begins with, 0 when
// it is none.
func escape(s string) int {
	if len(s) < 2 {
		return 0
	}
	hex := func(n int) int {
		if len(s) < 2+n {
			return 0
		}
		for _, c := range []byte(s[2 : 2+n]) {
			if !isHex(c) {
				return 0
			}
		}
		return 2 + n
	}
	switch c := s[1]; {
	case strings.IndexByte(`\'"abfnrtv`, c) >= 0:
		return 2
	case c == 'u':
		return hex(4)
	case c == 'U':
		return hex(8)
	case c == 'x':
		return hex(2)
	case isOctal(c):
		n := 2
		for n < len(s) && n < 4 && isOctal(s[n]) && (n < 3 || c <= '3') {
			n++
		}
		return n
	}
	return 0
}

func isOctal(c byte) bool { return '0' <= c && c <= '7' }

// unescape resolves the escapes of a string, all of which are sound.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		n := escape(s[i:])
		digits, base := s[i+1:i+n], 8
		if strings.IndexByte("uUx", s[i+1]) >= 0 {
			digits, base = s[i+2:i+n], 16
		}
		if k := strings.IndexByte(`\'"abfnrtv`, s[i+1]); k >= 0 {
			b.WriteByte("\\'\"\a\b\f\n\r\t\v"[k])
		} else if r, err := strconv.ParseUint(digits, base, 32); err == nil {
			b.WriteRune(rune(min(r, utf8.MaxRune)))
		}
		i += n
	}
	return b.String()
}

// badEscape is a string with an unknown escape; it goes on to its end.
func (l *lexer) badEscape(start, at int, quote byte) token {
	_, n := utf8.DecodeRuneInString(l.text[at+1:])
	if c := l.at(at + 1); c == '\r' || c == '\n' {
		n = 0
	}
	t := token{kind: kBad, text: l.text[at : at+1+n], start: int32(at), end: int32(at + 1 + n)}
	t.message = `unknown escape "` + t.text + `" in a string, expected "\\" for a backslash, or @ in front of the string`
	i := at + 1 + n
	for i < len(l.text) && l.text[i] != quote && l.text[i] != '\r' && l.text[i] != '\n' {
		if l.text[i] == '\\' {
			i++
		}
		i++
	}
	t.resume = int32(min(i+1, len(l.text)))
	return t
}

// unclosed is a string that has no end before the end of its line.
func (l *lexer) unclosed(start, from, line int, quote string) token {
	t := token{kind: kBad, start: int32(start), end: int32(start + len(strings.TrimRight(l.text[start:line], " \t\r\n")))}
	t.end = max(t.end, int32(from))
	t.message = "string is not closed, expected " + quote
	if line < len(l.text) {
		t.message += " before the end of the line"
	}
	t.resume = int32(line)
	return t
}
