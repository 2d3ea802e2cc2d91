package sigma

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/rule"
)

// chain is what a chain of modifiers makes of a comparison.
type chain struct {
	text   string // as written, without the leading bar
	op     rule.Operator
	shape  uint8 // openLeft and openRight: where more text may stand
	all    bool  // all values must hold
	negate bool
	unit   string // a part of a time: minute, hour, day, week, month, year
}

const (
	openLeft = 1 << iota
	openRight
)

// modifierOps are modifiers that choose the operator.
var modifierOps = map[string]rule.Operator{
	"re": rule.Regex, "cidr": rule.CIDR, "exists": rule.Exists, "fieldref": rule.FieldEq,
	"gt": rule.Gt, "gte": rule.Gte, "lt": rule.Lt, "lte": rule.Lte,
}

var modifierShapes = map[string]uint8{
	"contains": openLeft | openRight, "startswith": openRight, "endswith": openLeft,
}

// neutral are modifiers that say how a value is encoded or compared, which
// the chain keeps as text. i, m and s are flags of re.
var neutral = map[string]bool{
	"base64": true, "base64offset": true, "wide": true, "utf16": true, "utf16le": true, "utf16be": true,
	"windash": true, "cased": true, "expand": true, "i": true, "m": true, "s": true,
}

var timeUnits = map[string]bool{
	"minute": true, "hour": true, "day": true, "week": true, "month": true, "year": true,
}

// Modifiers lists every modifier of the specification, sorted.
func Modifiers() []string {
	return []string{
		"all", "base64", "base64offset", "cased", "cidr", "contains", "day", "endswith", "exists", "expand",
		"fieldref", "gt", "gte", "hour", "i", "lt", "lte", "m", "minute", "month", "neq", "re", "s", "startswith",
		"utf16", "utf16be", "utf16le", "week", "wide", "windash", "year",
	}
}

// chain reads the modifiers of an item.
func (p *ruleParser) chain(it *Item) chain {
	c := chain{op: rule.Eq}
	if len(it.Modifiers) == 0 {
		return c
	}
	_, c.text, _ = strings.Cut(it.Key.Value, "|")
	for _, m := range it.Modifiers {
		name := m.Value
		switch {
		case modifierOps[name] != "":
			c.op = modifierOps[name]
		case modifierShapes[name] != 0:
			c.shape |= modifierShapes[name]
		case timeUnits[name]:
			c.unit = name
		case name == "all":
			c.all = true
		case name == "neq":
			c.negate = !c.negate
		case neutral[name]:
		default:
			p.unknownModifier(it, m)
		}
	}
	return c
}

func (p *ruleParser) unknownModifier(it *Item, m rule.Text) {
	switch near := nearest(m.Value, Modifiers()); {
	case m.Value == "":
		p.errorf(it.Key.Span, "empty modifier in %q", it.Key.Value)
	case near != "":
		p.errorf(m.Span, "unknown modifier %q, did you mean %q?", m.Value, near)
	default:
		p.errorf(m.Span, "unknown modifier %q, expected one of %s", m.Value, strings.Join(Modifiers(), ", "))
	}
}

// nearest returns the candidate that one typing mistake or two turn into
// word, and "" when none is near.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", 3
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), c); d < bestDistance && d < len(c) {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between two short words.
func distance(a, b string) int {
	if len(a) > 32 || len(b) > 32 {
		return 32
	}
	var before, prev, cur [33]int
	for j := range b {
		prev[j+1] = j + 1
	}
	for i := range a {
		cur[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cur[j+1] = min(cur[j+1], before[j-1]+1)
			}
		}
		before, prev = prev, cur
	}
	return prev[len(b)]
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
