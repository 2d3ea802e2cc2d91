package eql

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// foreignOperator is an operator that EQL does not have, and what it means.
type foreignOperator struct {
	read    string
	negated bool
	say     string
}

// foreignOperators are operators of other languages, and of EQL's past.
var foreignOperators = map[string]foreignOperator{
	"=":   {"==", false, `expected "==" or ":" to compare`},
	"===": {"==", false, `expected "=="`},
	"!==": {"!=", true, `expected "!="`},
	"<>":  {"!=", true, `expected "!="`},
	"!:":  {":", true, `expected "not" before the field, and ":"`},
	"=~":  {":", false, `expected ":" to compare without regard to letter case`},
	"~=":  {":", false, `expected ":" to compare without regard to letter case`},
	"!~":  {":", true, `expected "not" before the field, and ":"`},
	"=<":  {"<=", false, `expected "<="`},
	"=>":  {">=", false, `expected ">="`},
}

// foreignWords are words that people write between a field and a value, and
// what EQL has instead.
var foreignWords = map[string]string{
	"contains":   `expected stringContains(field, "…"), or ":" and a pattern "*…*"`,
	"has":        `expected stringContains(field, "…"), or ":" and a pattern "*…*"`,
	"startswith": `expected startsWith(field, "…"), or ":" and a pattern "…*"`,
	"endswith":   `expected endsWith(field, "…"), or ":" and a pattern "*…"`,
	"matches":    `expected "regex" or "like"`,
	"match":      `expected "regex" or "like"`,
	"rlike":      `expected "regex"`,
	"wildcard":   `expected "like" or ":"`,
	"cidrmatch":  `expected cidrMatch(field, "…")`,
	"is":         `expected "== null" or "!= null" to ask whether a field is there`,
	"exists":     `expected "!= null" to ask whether a field is there`,
	"equals":     `expected "=="`,
	"eq":         `expected "=="`,
	"neq":        `expected "!="`,
	"between":    `expected ">=" and "<=", joined by "and"`,
	"xor":        `expected "and" or "or"`,
}

// foreignWord reports a word of another language where an operator is
// expected.
func (p *parser) foreignWord(c *Comparison) bool {
	if _, field := c.Left.(*Field); !field {
		return false
	}
	name := strings.ToLower(strings.TrimSuffix(p.slice(p.tok), "~"))
	if say, ok := foreignWords[name]; ok {
		p.fail(p.tok.span(), "unexpected %s, %s", quote(p.slice(p.tok)), say)
		return true
	}
	return false
}

// isOperator reports whether a token stands between a value and the next.
func (p *parser) isOperator(t token) bool {
	return p.isComparison(t) || p.means(t, "and") || p.means(t, "or")
}

// isComparison reports whether a token begins a comparison.
func (p *parser) isComparison(t token) bool {
	switch t.kind {
	case sign:
		s := p.slice(t)
		switch s {
		case "==", "!=", "<", "<=", ">", ">=", ":":
			return true
		}
		_, foreign := foreignOperators[s]
		return foreign
	case word, insensitive:
		if p.means(t, "not") {
			return true
		}
		for _, keyword := range wordOperators {
			if p.means(t, keyword) {
				return true
			}
		}
	}
	return false
}

func (p *parser) isText(t token) bool {
	switch t.kind {
	case text, rawText, singleText, oldRawText, smartText:
		return true
	}
	return false
}

// startsOperand reports whether a token can begin a condition or a value.
// What is wrong in itself is let through, to be reported as what it is.
func (p *parser) startsOperand(t token) bool {
	switch t.kind {
	case end:
		return false
	case sign:
		switch p.slice(t) {
		case "(", "?", "$", "-", "+", "!":
			return true
		}
		return false
	case word:
		return !p.means(t, "and") && !p.means(t, "or")
	}
	return true
}

// noOperand reports that nothing stands after and, or and not.
func (p *parser) noOperand(at rule.Span, keyword string) {
	if p.tok.kind == end || p.is(")") || p.is("]") || p.is("|") {
		p.fail(at, "expected a condition after %s, found %s", quote(keyword), p.found())
		return
	}
	p.fail(p.here(), "expected a condition after %s, found %s", quote(keyword), p.found())
}

// noValue reports an operator without a right side.
func (p *parser) noValue(op rule.Text) {
	if p.tok.kind == end || p.is(")") || p.is("]") || p.is("|") || p.means(p.tok, "and") || p.means(p.tok, "or") {
		p.fail(op.Span, "expected a value after %s, found %s", quote(op.Value), p.found())
		return
	}
	if p.is("*") {
		p.fail(p.here(), `unexpected "*" after %s, a pattern must be in double quotes: "*…"`, quote(op.Value))
		return
	}
	if p.is("[") {
		p.fail(p.here(), `unexpected "[" after %s, expected a list in parentheses: ("…", "…")`, quote(op.Value))
		return
	}
	p.fail(p.here(), "expected a value after %s, found %s", quote(op.Value), p.found())
}

// notClosed reports a bracket that is not closed where something else comes,
// which is no more than an effect if it closes another bracket.
func (p *parser) notClosed(open token, bracket, expected string) {
	switch {
	case p.tok.kind == end:
		p.fail(open.span(), "%s is not closed, expected %s before the end of the query", quote(p.slice(open)), quote(bracket))
	case p.is("]") || p.is("|") || p.is(")") && bracket == "]" && p.slice(open) == "(":
		p.fail(open.span(), "%s is not closed, expected %s before %s", quote(p.slice(open)), quote(bracket), p.found())
	case (p.is("[") || p.is("![")) && (bracket == "]" || p.depth < 2):
		p.fail(open.span(), "%s is not closed, expected %s before the next event", quote(p.slice(open)), quote(bracket))
	default:
		p.unexpected(expected)
	}
}

// unexpected reports a token that cannot go on with what has been read.
func (p *parser) unexpected(expected string) {
	t := p.tok
	s := p.slice(t)
	last := p.toks[max(p.i-1, 0)]
	switch {
	case t.kind == end:
		p.fail(p.here(), "expected %s, found the end of the query", expected)
	case p.is(")") || p.is("]"):
		p.fail(t.span(), "unexpected %s, no %s is open", quote(s), quote(map[string]string{")": "(", "]": "["}[s]))
	case p.is(";"):
		p.fail(t.span(), `unexpected ";", a query ends without a sign`)
	case p.is(","):
		p.fail(t.span(), `unexpected ",", expected %s (a list of values follows ":", "in" or "like")`, expected)
	case p.isText(last) && last.end == t.start && t.kind != unknown:
		p.fail(t.span(), `unexpected %s right after %s, is a quote missing or not escaped as \"?`, p.found(), short(p.slice(last)))
	case p.isText(t) || t.kind == number:
		p.fail(t.span(), `unexpected %s, expected an operator before it, such as "==" or ":"`, p.found())
	case t.kind == insensitive, p.is("~"):
		p.fail(t.span(), `unexpected %s, "~" stands right after a function or "in", "like" and "regex"`, p.found())
	default:
		sp := p.pathAhead()
		p.fail(sp, `unexpected %s, expected %s`, short(p.text[sp.Start:sp.End]), expected)
	}
}
