package normalize

import "github.com/detlint/detlint/rule"

// anyRun and anyOne are the wildcards of a pattern, which is otherwise made of
// characters.
const (
	anyRun rune = -1 - iota
	anyOne
)

// literal is the pattern that a text alone fits.
func literal(text string) []rune { return []rune(text) }

// globbed reads a glob in its canonical spelling.
func globbed(text string) []rune {
	out := make([]rune, 0, len(text))
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			out, escaped = append(out, r), false
		case r == '\\':
			escaped = true
		case r == '*':
			out = append(out, anyRun)
		case r == '?':
			out = append(out, anyOne)
		default:
			out = append(out, r)
		}
	}
	if escaped {
		out = append(out, '\\')
	}
	return out
}

// slicesAround lets anything stand around a pattern.
func slicesAround(pattern []rune) []rune {
	return append(append([]rune{anyRun}, pattern...), anyRun)
}

// patternOf is what a comparison of texts lets through; false for all others.
func patternOf(k Key) ([]rune, bool) {
	switch k.Operator {
	case rule.Eq:
		return literal(k.Value), true
	case rule.Contains:
		return slicesAround(literal(k.Value)), true
	case rule.StartsWith:
		return append(literal(k.Value), anyRun), true
	case rule.EndsWith:
		return append([]rune{anyRun}, literal(k.Value)...), true
	case rule.Wildcard:
		return globbed(k.Value), true
	}
	return nil, false
}

// covers reports whether everything that fits the inner pattern fits the outer
// one. It takes the wildcards of the inner one for characters that only
// wildcards stand for, so it is sound, and complete where the inner one has none.
func covers(outer, inner []rune) bool {
	o, i := 0, 0
	star, from := -1, 0
	for i < len(inner) {
		switch {
		case o < len(outer) && outer[o] == anyRun:
			star, from = o, i
			o++
		case o < len(outer) && (outer[o] == inner[i] || outer[o] == anyOne && inner[i] != anyRun):
			o++
			i++
		case star >= 0:
			from++
			o, i = star+1, from
		default:
			return false
		}
	}
	for o < len(outer) && outer[o] == anyRun {
		o++
	}
	return o == len(outer)
}
