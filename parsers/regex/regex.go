// Package regex reads regular expressions as the engines do that rules are run
// by: whether an engine takes them at all, and where it reads something else
// than people mean.
package regex

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// Dialect is a family of engines.
type Dialect uint8

// The dialects. Perl stands for PCRE and its likes, which look for the
// expression anywhere in a text, as Kusto does. Lucene's engine, which EQL, ES|QL
// and Elastic's queries share, compares it with the whole text.
const (
	Perl   Dialect = iota // Splunk; Sigma, whose rules are run by many engines
	Kusto                 // RE2's, and since 2024 that of Rust's regex crate
	Lucene                // Elastic
)

// Problem is one thing that an expression has wrong, or that it says otherwise
// than it looks.
type Problem struct {
	// Offset and End are the bytes of the expression that it is about.
	Offset, End int
	// Message says what is wrong and what is expected, in lower case.
	Message string
	// Fatal is set when the engine refuses the expression.
	Fatal bool
}

// maxPattern bounds what is looked into, in bytes.
const maxPattern = 64 << 10

// Look finds the problems of an expression, by their places. Of one that the
// engine refuses there is one.
func Look(pattern string, d Dialect) []Problem {
	if len(pattern) > maxPattern {
		return nil
	}
	if broken := refused(pattern, d); broken != nil {
		return []Problem{*broken}
	}
	out := scan(pattern, d)
	if d != Lucene && matchesAll(pattern) {
		out = append(out, Problem{0, len(pattern), "the expression matches whatever the field holds", false})
	}
	return out
}

// Refused says why an engine does not take an expression, nil when it does or
// there is no telling.
func Refused(pattern string, d Dialect) *Problem {
	if len(pattern) > maxPattern {
		return nil
	}
	return refused(pattern, d)
}

// Broken says what is wrong with an expression, as far as every dialect agrees;
// empty for nothing. Go's own lacks what others have, so only mistakes that no
// dialect allows count.
func Broken(pattern string) string {
	if m := mistake(pattern); m != nil {
		return m.Code.String() + " in " + strconv.Quote(m.Expr)
	}
	return ""
}

func mistake(pattern string) *syntax.Error {
	if strings.Contains(pattern, "(*") {
		return nil // a verb of PCRE
	}
	m := parseError(pattern)
	if m == nil {
		return nil
	}
	switch m.Code {
	case syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrUnexpectedParen,
		syntax.ErrTrailingBackslash, syntax.ErrMissingRepeatArgument:
		return m
	}
	return nil
}

func parseError(pattern string) *syntax.Error {
	_, err := syntax.Parse(pattern, syntax.Perl)
	var m *syntax.Error
	if !errors.As(err, &m) {
		return nil
	}
	return m
}

// refused says why the engine does not take an expression; nil when it does, or
// when there is no telling.
func refused(pattern string, d Dialect) *Problem {
	switch d {
	case Kusto:
		if m := parseError(pattern); m != nil && kustoRefuses(pattern, m) {
			return problemAt(pattern, m)
		}
	case Perl:
		if m := mistake(pattern); m != nil {
			return problemAt(pattern, m)
		}
	case Lucene:
		return luceneRefuses(pattern)
	}
	return nil
}

// expected says what to do about the errors of Go's parser.
var expected = map[syntax.ErrorCode]string{
	syntax.ErrMissingBracket:        `expected "]" to close the set`,
	syntax.ErrMissingParen:          `expected ")" to close the group`,
	syntax.ErrUnexpectedParen:       `nothing is open that ")" could close; for the character write "\)"`,
	syntax.ErrTrailingBackslash:     `nothing follows the last backslash; for the character write "\\"`,
	syntax.ErrMissingRepeatArgument: "there is nothing before it to repeat; for the character write a backslash before it",
	syntax.ErrInvalidEscape:         "the engine knows no such escape; for a backslash write two",
	syntax.ErrInvalidCharRange:      "the range ends before it begins",
	syntax.ErrInvalidRepeatSize:     "the range ends before it begins",
	syntax.ErrInvalidPerlOp:         "the engine has no look-around, atomic or conditional groups",
}

func problemAt(pattern string, m *syntax.Error) *Problem {
	p := &Problem{Offset: 0, End: len(pattern), Fatal: true}
	if at := strings.Index(pattern, m.Expr); m.Expr != "" && at >= 0 {
		p.Offset, p.End = at, at+len(m.Expr)
	}
	if strings.HasPrefix(m.Expr, "(?<=") || strings.HasPrefix(m.Expr, "(?<!") {
		m.Code = syntax.ErrInvalidPerlOp // a look behind, not a name
	}
	p.Message = m.Code.String()
	if m.Expr != "" && m.Expr != pattern {
		p.Message += " in " + strconv.Quote(m.Expr)
	}
	if more := expected[m.Code]; more != "" {
		p.Message += ": " + more
	}
	return p
}

// folder is a Windows path whose separator is a single backslash, which begins
// an escape: \Windows is any character that is part of no word, then "indows".
var folder = regexp.MustCompile(`(?i)^\\(windows|system32|syswow64|users|temp|appdata|programdata|program files|tasks|downloads|desktop|public|perflogs|startup)\b`)

// scan walks over an expression and finds what is read otherwise than meant.
func scan(pattern string, d Dialect) []Problem {
	var out []Problem
	inSet := false
	open := true // at the beginning of an alternative
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if c == '\\' {
			if p, ok := escape(pattern, i, d); ok && !inSet {
				out = append(out, p)
			}
			i++
			open = false
			continue
		}
		if inSet {
			inSet = c != ']'
			continue
		}
		switch {
		case c == '[':
			inSet = true
			// The first character of a set is one of it, even "]".
			if i+1 < len(pattern) && pattern[i+1] == '^' {
				i++
			}
			if i+1 < len(pattern) && pattern[i+1] == ']' && d != Lucene {
				i++
			}
		case c == '|' && i+1 < len(pattern) && pattern[i+1] == '|':
			message := `the alternative between "||" is empty`
			if d == Lucene {
				message = `the second "|" is a character to find, not a separator`
			}
			out = append(out, Problem{i, i + 2, message + `; expected one "|"`, false})
			for i+1 < len(pattern) && pattern[i+1] == '|' {
				i++
			}
		case d == Lucene:
			if p, ok := unlike(pattern, i, open); ok {
				out = append(out, p)
			}
		}
		open = c == '(' || c == '|'
	}
	return out
}

// escape looks at what begins with a backslash.
func escape(pattern string, i int, d Dialect) (Problem, bool) {
	if name := folder.FindString(pattern[i:]); name != "" {
		// "\b" and its likes may stand before a word; a path has a drive, a
		// folder or a variable before it.
		return Problem{i, i + len(name), "`" + name + "` is not the folder: the backslash begins an escape; expected two", false}, true
	}
	if d != Lucene || i+1 == len(pattern) {
		return Problem{}, false
	}
	switch c := pattern[i+1]; c {
	case 'b', 'B', 'A', 'Z', 'z':
		return Problem{i, i + 2, `Elastic's expressions have no "\` + string(c) + `": it is the letter; they are compared with the whole value`, false}, true
	case 't', 'n', 'r', 'x', 'u':
		return Problem{i, i + 2, `Elastic's expressions have no "\` + string(c) + `": it is the letter`, false}, true
	}
	return Problem{}, false
}

// unlike finds what Lucene's engine reads as characters, unlike others.
func unlike(pattern string, i int, open bool) (Problem, bool) {
	rest := pattern[i:]
	switch {
	case rest[0] == '^' && open:
		return Problem{i, i + 1, `Elastic's expressions have no anchors: "^" is the character; they are compared with the whole value anyway`, false}, true
	case rest[0] == '$' && (len(rest) == 1 || rest[1] == ')' || rest[1] == '|'):
		return Problem{i, i + 1, `Elastic's expressions have no anchors: "$" is the character; they are compared with the whole value anyway`, false}, true
	case strings.HasPrefix(rest, "(?"):
		end := min(i+3, len(pattern))
		return Problem{i, end, `Elastic's expressions have no ` + strconv.Quote(pattern[i:end]) + `: the question mark is a character to find`, false}, true
	}
	return Problem{}, false
}

// luceneRefuses finds what Lucene's parser stops at.
func luceneRefuses(pattern string) *Problem {
	var groups []int
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			if i++; i == len(pattern) {
				return &Problem{i - 1, i, `nothing follows the last backslash; for the character write "\\"`, true}
			}
		case '[':
			end := setEnd(pattern, i)
			if end < 0 {
				return &Problem{i, len(pattern), `expected "]" to close the set`, true}
			}
			i = end
		case '(':
			groups = append(groups, i)
		case ')':
			if len(groups) == 0 {
				return &Problem{i, i + 1, `nothing is open that ")" could close; for the character write "\)"`, true}
			}
			groups = groups[:len(groups)-1]
		}
	}
	if len(groups) > 0 {
		i := groups[len(groups)-1]
		return &Problem{i, i + 1, `expected ")" to close the group`, true}
	}
	return nil
}

// setEnd is where the set ends that begins at i, -1 if nowhere.
func setEnd(pattern string, i int) int {
	for j := i + 1; j < len(pattern); j++ {
		switch pattern[j] {
		case '\\':
			j++
		case ']':
			if j > i+1 {
				return j
			}
		}
	}
	return -1
}

// matchesAll reports whether an expression is found in every text: because it
// is found in the empty one, wherever that stands.
func matchesAll(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err == nil && empty(re, 0)
}

// FitsAny reports whether an expression that is compared with the whole text, as
// Lucene does, fits any: it is made of nothing but any run of characters. In a
// query of Lucene's own that is a way to ask for the field to be there.
func FitsAny(pattern string) bool {
	if len(pattern) > maxPattern {
		return false
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err == nil && anyRun(re, 0)
}

func anyRun(re *syntax.Regexp, depth int) bool {
	if depth > maxDepth {
		return false
	}
	holds := func(sub *syntax.Regexp) bool { return anyRun(sub, depth+1) }
	switch re.Op {
	case syntax.OpStar:
		return re.Sub[0].Op == syntax.OpAnyCharNotNL || re.Sub[0].Op == syntax.OpAnyChar
	case syntax.OpCapture:
		return holds(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !holds(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, holds)
	}
	return false
}

// Literal reports whether an expression has nothing but characters to find, and
// which.
func Literal(pattern string) (text string, ok bool) {
	if len(pattern) > maxPattern {
		return "", false
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || re.Op != syntax.OpLiteral || re.Flags&syntax.FoldCase != 0 {
		return "", false
	}
	return string(re.Rune), true
}

// maxDepth bounds how deep groups are looked into; Go's parser takes no more
// either.
const maxDepth = 1000

// empty reports whether an expression matches the empty text without asking
// for its place.
func empty(re *syntax.Regexp, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpStar, syntax.OpQuest:
		return true
	case syntax.OpRepeat:
		return re.Min == 0 || empty(re.Sub[0], depth+1)
	case syntax.OpCapture, syntax.OpPlus:
		return empty(re.Sub[0], depth+1)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !empty(sub, depth+1) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if empty(sub, depth+1) {
				return true
			}
		}
	}
	return false
}
