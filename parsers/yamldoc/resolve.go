package yamldoc

import (
	"strconv"
	"strings"
	"time"

	"github.com/detlint/detlint/parsers/tree"
)

// numeric marks the bytes that numbers and timestamps are made of.
var numeric [256]bool

func init() {
	for _, c := range "0123456789abcdefABCDEFxXoOpP_+-.:,TtZz " {
		numeric[c] = true
	}
}

// resolve returns the type of a plain scalar, the same as yaml.v3 does.
func resolve(s string) tree.Tag {
	if s == "" {
		return tree.Null
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		return resolveNumber(s)
	case c == '~':
		if len(s) == 1 {
			return tree.Null
		}
	case len(s) > 5:
	case c == 'n' || c == 'N':
		if s == "null" || s == "Null" || s == "NULL" {
			return tree.Null
		}
	case c == 't' || c == 'T':
		if s == "true" || s == "True" || s == "TRUE" {
			return tree.Bool
		}
	case c == 'f' || c == 'F':
		if s == "false" || s == "False" || s == "FALSE" {
			return tree.Bool
		}
	}
	return tree.Str
}

func resolveNumber(s string) tree.Tag {
	switch s {
	case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
		return tree.Float
	}
	digits := true
	for i := range len(s) {
		c := s[i]
		if !numeric[c] {
			return tree.Str
		}
		digits = digits && c >= '0' && c <= '9'
	}
	if digits && len(s) < 19 && (s[0] != '0' || len(s) == 1) {
		return tree.Int
	}
	if s[0] == '.' {
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			return tree.Float
		}
		return tree.Str
	}
	if isTimestamp(s) {
		return tree.Timestamp
	}
	plain := strings.ReplaceAll(s, "_", "")
	if looksInt(plain) && isInt(plain, 0) {
		return tree.Int
	}
	if looksFloat(plain) {
		if _, err := strconv.ParseFloat(plain, 64); err == nil {
			return tree.Float
		}
	}
	// yaml.v3 tries these once more after removing the prefix, which takes
	// a second sign.
	for _, f := range []struct {
		prefix string
		base   int
	}{{"0b", 2}, {"0o", 8}} {
		if rest, ok := strings.CutPrefix(plain, f.prefix); ok && isInt(rest, f.base) {
			return tree.Int
		}
		if rest, ok := strings.CutPrefix(plain, "-"+f.prefix); ok {
			if _, err := strconv.ParseInt("-"+rest, f.base, 64); err == nil {
				return tree.Int
			}
		}
	}
	return tree.Str
}

func isInt(s string, base int) bool {
	if _, err := strconv.ParseInt(s, base, 64); err == nil {
		return true
	}
	_, err := strconv.ParseUint(s, base, 64)
	return err == nil
}

// looksFloat matches [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
func looksFloat(s string) bool {
	i := 0
	some := func() int {
		n := digits(s[i:])
		i += n
		return n
	}
	sign := func() {
		if i < len(s) && (s[i] == '-' || s[i] == '+') {
			i++
		}
	}
	sign()
	whole := some()
	if i < len(s) && s[i] == '.' {
		i++
		if some() == 0 && whole == 0 {
			return false
		}
	} else if whole == 0 {
		return false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		sign()
		if some() == 0 {
			return false
		}
	}
	return i == len(s)
}

// looksInt matches what strconv takes for an integer in base 0. It is asked
// first because the errors of strconv cost more than the answer: identifiers
// like 0a1b2c3d-4e5f… are made of the same characters.
func looksInt(s string) bool {
	s = strings.TrimLeft(s, "+-")
	last, hex := byte('9'), false
	if len(s) > 2 && s[0] == '0' {
		switch s[1] {
		case 'x', 'X':
			s, hex = s[2:], true
		case 'b', 'B':
			s, last = s[2:], '1'
		case 'o', 'O':
			s, last = s[2:], '7'
		}
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > last) && !(hex && (c|0x20 >= 'a' && c|0x20 <= 'f')) {
			return false
		}
	}
	return s != ""
}

var timestamps = []string{
	"2006-1-2T15:4:5.999999999Z07:00",
	"2006-1-2t15:4:5.999999999Z07:00",
	"2006-1-2 15:4:5.999999999",
}

func isTimestamp(s string) bool {
	i := digits(s)
	if i != 4 || len(s) < 8 || s[4] != '-' {
		return false
	}
	month := digits(s[5:])
	day := 5 + month + 1
	if month < 1 || month > 2 || day >= len(s) || s[day-1] != '-' {
		return false
	}
	end := day + digits(s[day:])
	if end == len(s) {
		return end-day <= 2 && isDate(number(s[:4]), number(s[5:5+month]), number(s[day:]))
	}
	if c := s[end]; end == day || c != ' ' && c != 'T' && c != 't' {
		return false
	}
	for _, layout := range timestamps {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// digits returns how many digits s begins with.
func digits(s string) int {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

func number(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}

func isDate(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 &&
		time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}
