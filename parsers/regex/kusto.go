package regex

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// What Kusto's engine takes and Go's parser, which is RE2's, does not: see the
// page "Regex syntax" of Kusto's reference.
var (
	kustoFlags   = regexp.MustCompile(`^\(\?[imsRUux-]+[:)]`)
	kustoEscapes = regexp.MustCompile(`^\\(?:[<>0-7]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[uU]\{[0-9A-Fa-f]+\})`)
	reversed     = regexp.MustCompile(`^\{(\d+),(\d+)\}?`)
)

// kustoRefuses reports whether an expression that Go's parser stops at is one
// that Kusto's engine does not take either.
func kustoRefuses(pattern string, m *syntax.Error) bool {
	if strings.Contains(pattern, `\p`) || strings.Contains(pattern, `\P`) {
		return false // Go's tables of scripts are others
	}
	rest := ""
	if at := strings.Index(pattern, m.Expr); at >= 0 {
		rest = pattern[at:]
	}
	operators := strings.Contains(pattern, "--") || strings.Contains(pattern, "&&") || strings.Contains(pattern, "~~") // of sets
	switch m.Code {
	case syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrUnexpectedParen,
		syntax.ErrTrailingBackslash, syntax.ErrMissingRepeatArgument:
		return true
	case syntax.ErrInvalidRepeatSize:
		n := reversed.FindStringSubmatch(m.Expr)
		if n == nil {
			return false // it repeats more often than RE2 does
		}
		from, err := strconv.Atoi(n[1])
		to, err2 := strconv.Atoi(n[2])
		return err == nil && err2 == nil && from > to
	case syntax.ErrInvalidPerlOp:
		return !kustoFlags.MatchString(rest)
	case syntax.ErrInvalidNamedCapture:
		// A look behind is taken for a name.
		return strings.HasPrefix(m.Expr, "(?<=") || strings.HasPrefix(m.Expr, "(?<!") || !strings.ContainsAny(m.Expr, ".[]")
	case syntax.ErrInvalidEscape:
		return !kustoEscapes.MatchString(rest) && !operators
	case syntax.ErrInvalidCharRange:
		return !operators
	}
	return false // a++, which repeats what is repeated, and what is too large for RE2
}
