package esql

import (
	"strings"
	"unicode/utf8"
)

// Strings and quoted names; see QUOTED_STRING and QUOTED_ID in the grammar of
// the lexer.

// str reads a string: "…" with the escapes \t \n \r \" \\, or """…""" without
// any. Neither goes over the end of its line.
func (l *lexer) str(pos int) token {
	rest := l.text[pos:]
	if strings.HasPrefix(rest, `"""`) {
		return l.raw(pos)
	}
	escaped := false
	i := 1
	for ; i < len(rest) && rest[i] != '\r' && rest[i] != '\n'; i++ {
		switch rest[i] {
		case '"':
			t := token{kind: kString, text: rest[1:i], start: pos, end: pos + i + 1}
			if escaped {
				t.text, _ = decode(t.text)
			}
			return t
		case '\\':
			if i+1 < len(rest) && strings.IndexByte(`tnr"\`, rest[i+1]) >= 0 {
				escaped = true
				i++
				continue
			}
			n := 0
			if i+1 < len(rest) && rest[i+1] != '\r' && rest[i+1] != '\n' {
				_, n = utf8.DecodeRuneInString(rest[i+1:])
			}
			end := i + 1 + n
			for ; end < len(rest) && rest[end] != '"' && rest[end] != '\r' && rest[end] != '\n'; end++ {
				if rest[end] == '\\' {
					end++
				}
			}
			return token{
				kind: kBad, start: pos + i, end: pos + i + 1 + n, resume: min(pos+end+1, len(l.text)),
				message: `unknown escape "` + rest[i:i+1+n] + `" in a string, expected \t, \n, \r, \" or \\; write """…""" to keep backslashes`,
			}
		}
	}
	return l.unclosed(pos, pos+i, `"`)
}

// raw reads a string between three quotes. Up to two quotes right before the
// closing ones belong to it.
func (l *lexer) raw(pos int) token {
	for i := pos + 3; i < len(l.text); i++ {
		switch {
		case l.text[i] == '\r' || l.text[i] == '\n':
			return l.unclosed(pos, i, `"""`)
		case strings.HasPrefix(l.text[i:], `"""`):
			end := i + 3
			for extra := 0; extra < 2 && end < len(l.text) && l.text[end] == '"'; extra++ {
				end++
			}
			return token{kind: kString, text: l.text[pos+3 : end-3], start: pos, end: end}
		}
	}
	return l.unclosed(pos, len(l.text), `"""`)
}

// unclosed is a string that has no end before the end of its line.
func (l *lexer) unclosed(pos, line int, quote string) token {
	message := "string is not closed, expected " + quote
	if line < len(l.text) {
		message += " before the end of the line"
	}
	return token{kind: kBad, start: pos, end: pos + len(strings.TrimRight(l.text[pos:line], " \t")), message: message}
}

// decode resolves the escapes between the quotes of a plain string. at has
// the place in the source of every byte of the result, and of its end.
func decode(source string) (text string, at []int32) {
	var b strings.Builder
	at = make([]int32, 0, len(source)+1)
	for i := 0; i < len(source); i++ {
		at = append(at, int32(i))
		c := source[i]
		if c == '\\' && i+1 < len(source) {
			i++
			switch c = source[i]; c {
			case 't':
				c = '\t'
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			}
		}
		b.WriteByte(c)
	}
	return b.String(), append(at, int32(len(source)))
}

// quoted reads a name in backticks, in which a doubled one stands for one.
func (l *lexer) quoted(pos int) token {
	for i := pos + 1; i < len(l.text); i++ {
		if l.text[i] != '`' {
			continue
		}
		if i+1 < len(l.text) && l.text[i+1] == '`' {
			i++
			continue
		}
		if i == pos+1 {
			break
		}
		return token{kind: kQuoted, text: strings.ReplaceAll(l.text[pos+1:i], "``", "`"), start: pos, end: i + 1}
	}
	end := pos + 1
	for end < len(l.text) && l.text[end] != '\n' && l.text[end] != '\r' && l.text[end] != '|' {
		end++
	}
	return token{kind: kBad, start: pos, end: end, message: "name in backticks is empty or not closed, expected `"}
}
