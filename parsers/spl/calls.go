package spl

import (
	"fmt"
	"slices"
	"strings"
)

// inOrder are the arguments of a call in the order of the macro's definition:
// each may have its name before it, and then they stand in any order.
func inOrder(names, arguments []string) []string {
	out := make([]string, len(names))
	given := map[string]bool{}
	for _, arg := range arguments {
		name, value, ok := strings.Cut(arg, "=")
		name = strings.TrimSpace(name)
		at := slices.Index(names, name)
		if !ok || at < 0 || given[name] {
			return arguments
		}
		given[name], out[at] = true, unquoted(strings.TrimSpace(value))
	}
	if len(given) != len(names) {
		return arguments
	}
	return out
}

// unquoted is an argument without the quotes around it.
func unquoted(arg string) string {
	if len(arg) > 1 && arg[0] == '"' && quoteEnd(arg, 0) == len(arg) && arg[len(arg)-1] == '"' {
		return arg[1 : len(arg)-1]
	}
	return arg
}

// quoteProblem is what is wrong with a text whose quotes do not come in pairs.
const quoteProblem = `quote is never closed, expected "`

// opensQuote reports whether a text has a string that nothing closes.
func opensQuote(text string) bool {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\\':
			i += 2
		case c == '"':
			end := quoteEnd(text, i)
			if end == len(text) && !closedString(text[i:]) {
				return true
			}
			i = end
		case strings.HasPrefix(text[i:], "```"):
			end := strings.Index(text[i+3:], "```")
			if end < 0 {
				return false
			}
			i += end + 6
		case c == '`':
			_, i, _ = readCall(text, i)
		default:
			i++
		}
	}
	return false
}

// readCall reads the call that begins with the backtick at i. It returns where
// it ends, and what is wrong with it.
func readCall(text string, i int) (call MacroCall, end int, message string) {
	j := i + 1
	for j < len(text) && isMacroName(text[j]) {
		j++
	}
	call.Name = text[i+1 : j]
	if call.Name == "" {
		if j < len(text) && text[j] == '`' {
			return call, j + 1, "a macro call has no name, expected one between the backticks"
		}
		return call, j, "unexpected backtick, expected the name of a macro after it"
	}
	if j < len(text) && text[j] == '(' {
		var ok bool
		call.Arguments, j, ok = readArguments(text, j)
		switch {
		case !ok && j < len(text) && text[j] == '"':
			return call, j, quoteProblem
		case !ok:
			return call, j, fmt.Sprintf("the arguments of macro %q are never closed, expected \")\" and a backtick", call.Name)
		}
	}
	if j < len(text) && text[j] == '`' {
		return call, j + 1, ""
	}
	return call, j, fmt.Sprintf("macro %q is not closed, expected a backtick after it", call.Name)
}

func isMacroName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':'
}

// readArguments reads what stands in the parentheses of a call. Quotes around
// an argument are not part of it.
func readArguments(text string, open int) (arguments []string, end int, ok bool) {
	start, depth := open+1, 0
	add := func(end int) {
		arguments = append(arguments, unquoted(strings.TrimSpace(text[start:end])))
	}
	closing := -1 // the backtick that closes the call, when a parenthesis stands before it
	for i := start; i < len(text); {
		switch text[i] {
		case '"':
			if end := quoteEnd(text, i); end < len(text) || strings.HasSuffix(text[i+1:], `"`) {
				i = end
				continue
			}
			return arguments, i, false
		case '\\':
			i++
		case '(':
			depth++
		case ',':
			if depth == 0 {
				add(i)
				start = i + 1
			}
		case ')':
			if depth == 0 {
				if i > open+1 || len(arguments) > 0 {
					add(i)
				}
				return arguments, i + 1, true
			}
			depth--
		case '`', '|':
			if text[i] == '|' && i >= closing {
				closing = i + max(strings.IndexByte(text[i:], '`'), 0)
			}
			if i < closing && text[closing-1] == ')' {
				break
			}
			for isBlank(text[i-1]) {
				i--
			}
			return arguments, i, false
		}
		i++
	}
	return arguments, len(text), false
}

// quoteEnd returns the offset after the string that begins at i, and the end of
// the text when it is not closed.
func quoteEnd(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case '"':
			return j + 1
		}
	}
	return len(text)
}
