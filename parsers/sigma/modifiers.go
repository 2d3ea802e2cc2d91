package sigma

import (
	"strconv"
	"strings"

	"github.com/detlint/detlint/internal/near"
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
	switch meant := near.Word(m.Value, Modifiers()); {
	case m.Value == "":
		p.errorf(it.Key.Span, "empty modifier in %q", it.Key.Value)
	case meant != "":
		p.errorf(m.Span, "unknown modifier %q, did you mean %q?", m.Value, meant)
	default:
		p.errorf(m.Span, "unknown modifier %q, expected one of %s", m.Value, strings.Join(Modifiers(), ", "))
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
