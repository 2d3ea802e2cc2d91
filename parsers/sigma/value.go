package sigma

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/parsers/glob"
	"github.com/detlint/detlint/parsers/tree"
)

// pattern reads a Sigma string: * and ? are wildcards, a backslash escapes
// them and itself, and stands for itself before anything else.
func pattern(s string) *glob.Pattern {
	var p glob.Pattern
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '*' || s[i+1] == '?') {
				p.Literal(s[start:i])
				start = i + 1
				i++
			}
		case '*':
			p.Literal(s[start:i])
			p.Any()
			start = i + 1
		case '?':
			p.Literal(s[start:i])
			p.One()
			start = i + 1
		}
	}
	p.Literal(s[start:])
	return &p
}

// number writes an integer in decimal, however the rule writes it.
func number(n *tree.Node) string {
	if n.Tag == tree.Int {
		text := strings.ReplaceAll(n.Value, "_", "")
		if i, err := strconv.ParseInt(text, 0, 64); err == nil {
			return strconv.FormatInt(i, 10)
		}
		if u, err := strconv.ParseUint(text, 0, 64); err == nil {
			return strconv.FormatUint(u, 10)
		}
	}
	return n.Value
}

// boolean returns the value of a boolean scalar, also where it is quoted or
// written the way YAML 1.1 had it.
func boolean(n *tree.Node) (value, ok bool) {
	switch strings.ToLower(n.Value) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}
