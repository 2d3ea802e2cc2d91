package sigma

import (
	"regexp"
	"strings"

	"github.com/detlint/detlint/parsers/tree"
	"github.com/detlint/detlint/parsers/yamldoc"
	"github.com/detlint/detlint/rule"
)

// conditions reads the conditions of a rule and sets what the rule matches.
// Each of several conditions has a top level of its own.
func (p *ruleParser) conditions(nodes []*tree.Node) {
	var parsed []rule.Condition
	for _, n := range nodes {
		if n.Kind != tree.Scalar {
			p.errorf(n.Span, "condition must be a text, found a %s", kindName(n))
			continue
		}
		if strings.TrimSpace(n.Value) == "" {
			continue // the check of required attributes asks for it
		}
		expr := &Expression{Text: n.Text()}
		p.doc.Conditions = append(p.doc.Conditions, expr)
		c := &conditionParser{ruleParser: p, expr: expr, offsets: yamldoc.Offsets(n, p.src.Data), text: n.Value}
		if cond := c.parse(); cond != nil {
			parsed = append(parsed, cond)
		}
	}
	switch len(parsed) {
	case 0:
	case 1:
		p.rule.Condition = parsed[0]
	default:
		branches := make([]rule.Condition, len(parsed))
		for i, cond := range parsed {
			branches[i] = &rule.Branch{Child: cond}
		}
		p.rule.Condition = &rule.Or{Children: branches}
	}
}

// token is one word or sign of a condition.
type token struct {
	text       string // "" at the end
	start, end int    // bytes of the condition's value
}

// conditionParser is a recursive-descent parser of one condition: not binds
// tightest, then and, then or.
type conditionParser struct {
	*ruleParser
	expr    *Expression
	offsets tree.Offsets
	text    string
	pos     int // where the next token is looked for
	tok     token
	depth   int
	failed  bool
	warned  int // end of the last token that was warned about
	// named has the selections by name, quantifieds what patterns stand for.
	named       map[string]*Selection
	quantifieds map[string]quantified
}

// quantified is what "1 of pattern" stands for.
type quantified struct {
	selections []*Selection
	condition  rule.Condition
}

func (c *conditionParser) span(t token) rule.Span {
	if t.start == t.end {
		// The end of the condition: point at its last character.
		return rule.Span{Start: max(c.offsets.At(t.start)-1, c.expr.Text.Span.Start), End: c.offsets.At(t.end)}
	}
	return rule.Span{Start: c.offsets.At(t.start), End: c.offsets.At(t.end-1) + 1}
}

// fail reports the first mistake of a condition; what follows from it is not
// worth a second report.
func (c *conditionParser) fail(t token, format string, args ...any) {
	if !c.failed {
		c.errorf(c.span(t), format, args...)
	}
	c.failed = true
}

func (c *conditionParser) next() {
	for c.pos < len(c.text) && isSpace(c.text[c.pos]) {
		c.pos++
	}
	start := c.pos
	switch {
	case c.pos == len(c.text):
	case strings.IndexByte("()|", c.text[c.pos]) >= 0:
		c.pos++
	default:
		for c.pos < len(c.text) && !isSpace(c.text[c.pos]) && strings.IndexByte("()|", c.text[c.pos]) < 0 {
			c.pos++
		}
	}
	c.tok = token{text: c.text[start:c.pos], start: start, end: c.pos}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// is reports whether the current token is the keyword. Sigma writes keywords
// in lower case and pySigma reads no other; here they are understood, with a
// warning.
func (c *conditionParser) is(keyword string) bool {
	if c.tok.text == keyword {
		return true
	}
	if !strings.EqualFold(c.tok.text, keyword) {
		return false
	}
	if c.warned != c.tok.end {
		c.warned = c.tok.end
		c.warnf(c.span(c.tok), "%q must be in lower case, expected %q", c.tok.text, keyword)
	}
	return true
}

func (c *conditionParser) parse() rule.Condition {
	c.next()
	cond := c.or()
	if c.failed {
		return nil
	}
	switch c.tok.text {
	case "":
	case "|":
		tail := token{text: strings.TrimSpace(c.text[c.tok.end:]), start: c.tok.start, end: len(strings.TrimRight(c.text, " \t\r\n"))}
		c.expr.Tail = rule.Text{Value: tail.text, Span: c.span(tail)}
		c.rule.Stateful = true
		c.warnf(c.expr.Tail.Span, "aggregation %q is not part of Sigma 2, expected a correlation rule", tail.text)
	case ")":
		c.fail(c.tok, `unexpected ")" in condition, no "(" is open`)
	default:
		c.fail(c.tok, `unexpected %q in condition, expected "and", "or" or the end`, c.tok.text)
	}
	if c.failed {
		return nil
	}
	return cond
}

func (c *conditionParser) or() rule.Condition {
	first := c.and()
	if !c.is("or") || c.failed {
		return first
	}
	all := &rule.Or{Children: []rule.Condition{first}}
	for c.is("or") && !c.failed {
		c.next()
		all.Children = append(all.Children, c.and())
	}
	return all
}

func (c *conditionParser) and() rule.Condition {
	first := c.not()
	if !c.is("and") || c.failed {
		return first
	}
	all := &rule.And{Children: []rule.Condition{first}}
	for c.is("and") && !c.failed {
		c.next()
		all.Children = append(all.Children, c.not())
	}
	return all
}

func (c *conditionParser) not() rule.Condition {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > maxDepth {
		c.fail(c.tok, "condition is nested deeper than %d levels", maxDepth)
		return nil
	}
	if !c.is("not") {
		return c.operand()
	}
	start := c.tok
	c.next()
	child := c.not()
	if c.failed {
		return nil
	}
	sp := c.span(start)
	sp.End = c.offsets.At(len(strings.TrimRight(c.text[:c.tok.start], " \t\r\n"))-1) + 1
	return &rule.Not{Child: child, Span: sp}
}

func (c *conditionParser) operand() rule.Condition {
	t := c.tok
	switch {
	case t.text == "(":
		c.next()
		inner := c.or()
		if c.failed {
			return nil
		}
		if c.tok.text != ")" {
			c.fail(c.tok, `expected ")" in condition, found %s`, quoteToken(c.tok))
			return nil
		}
		c.next()
		return inner
	case t.text == "" || t.text == ")" || t.text == "|" || c.is("and") || c.is("or") || c.is("of"):
		c.fail(t, `expected a selection, "not" or "(" in condition, found %s`, quoteToken(t))
		return nil
	}
	c.next()
	if !c.is("of") {
		return c.selection(rule.Text{Value: t.text, Span: c.span(t)})
	}
	quantifier := strings.ToLower(t.text)
	if quantifier != "1" && quantifier != "any" && quantifier != "all" {
		c.fail(t, `unexpected %q before "of", expected "1", "any" or "all"`, t.text)
		return nil
	}
	if quantifier != t.text {
		c.warnf(c.span(t), "%q must be in lower case, expected %q", t.text, quantifier)
	}
	c.next()
	target := c.tok
	if target.text == "" || target.text == "(" || target.text == ")" || target.text == "|" {
		c.fail(target, `expected a selection, a pattern or "them" after "of", found %s`, quoteToken(target))
		return nil
	}
	c.next()
	return c.quantified(t, quantifier, target)
}

func quoteToken(t token) string {
	if t.text == "" {
		return "the end"
	}
	return `"` + t.text + `"`
}

// selection resolves a plain name.
func (c *conditionParser) selection(name rule.Text) rule.Condition {
	ref := Reference{Name: name, Span: name.Span}
	if c.named == nil {
		c.named = make(map[string]*Selection, len(c.doc.Selections))
		for _, sel := range c.doc.Selections {
			if c.named[sel.Name.Value] == nil {
				c.named[sel.Name.Value] = sel
			}
		}
	}
	if sel := c.named[name.Value]; sel != nil {
		sel.Referenced = true
		ref.Selections = []*Selection{sel}
	}
	c.expr.References = append(c.expr.References, ref)
	if len(ref.Selections) == 0 {
		return c.undefined(name.Value)
	}
	return ref.Selections[0].Condition
}

// undefined stands for a selection that does not exist. It neither holds nor
// fails, so it must not turn into a predicate or an empty list.
func (c *conditionParser) undefined(name string) rule.Condition {
	c.rule.Unresolved = append(c.rule.Unresolved, "selection:"+name)
	return &rule.And{}
}

// quantified resolves "1 of pattern" and "all of pattern".
func (c *conditionParser) quantified(first token, quantifier string, target token) rule.Condition {
	ref := Reference{
		Name:       rule.Text{Value: target.text, Span: c.span(target)},
		Quantifier: quantifier,
		Span:       rule.Span{Start: c.span(first).Start, End: c.span(target).End},
	}
	key := quantifier + " of " + target.text
	found, ok := c.quantifieds[key]
	if !ok {
		found = c.resolve(quantifier, target.text)
		if c.quantifieds == nil {
			c.quantifieds = map[string]quantified{}
		}
		c.quantifieds[key] = found
	}
	ref.Selections = found.selections
	c.expr.References = append(c.expr.References, ref)
	if len(found.selections) == 0 {
		return c.undefined(target.text)
	}
	return found.condition
}

// resolve finds the selections that a pattern means.
func (c *conditionParser) resolve(quantifier, pattern string) quantified {
	var found quantified
	var children []rule.Condition
	matches := matcher(pattern)
	for _, sel := range c.doc.Selections {
		if matches(sel.Name.Value) {
			sel.Referenced = true
			found.selections = append(found.selections, sel)
			children = append(children, sel.Condition)
		}
	}
	if quantifier == "all" {
		found.condition = &rule.And{Children: children}
	} else {
		found.condition = &rule.Or{Children: children}
	}
	return found
}

// matcher returns which selections a pattern means. Selections whose name
// begins with an underscore are only meant by patterns that do so too.
func matcher(pattern string) func(name string) bool {
	if strings.EqualFold(pattern, "them") {
		return func(name string) bool { return !strings.HasPrefix(name, "_") }
	}
	prefix, suffix, starred := strings.Cut(pattern, "*")
	switch {
	case !starred:
		return func(name string) bool { return name == pattern }
	case suffix == "":
		return func(name string) bool {
			return strings.HasPrefix(name, prefix) && (prefix != "" || !strings.HasPrefix(name, "_"))
		}
	}
	expr := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$")
	return func(name string) bool {
		return expr.MatchString(name) && (strings.HasPrefix(pattern, "_") || !strings.HasPrefix(name, "_"))
	}
}
