package proof

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// fieldName is a field as a rule writes it: what two names of one canonical
// field hold need not be the same.
type fieldName struct{ name, source, canonical string }

type literal struct {
	Literal
	field int32
	// opaque is set when nothing can be proved with the comparison.
	opaque bool
	// sensitive is set when letter case may count.
	sensitive bool
	single    bool // the field has one value
	// has are signs of what stands in the value, needs those of what a value must
	// have in it for the comparison to follow. They spare most looks at the texts.
	has, needs uint64
	lower      string // see folded
	// predicate is what the comparison is normalized to; known what exact made
	// of it.
	predicate *normalize.Predicate
	vendor    rule.Vendor
	known     normalize.Exact
	isKnown   bool
}

// exact is the comparison as it can be related with others.
func (l *literal) exact() *normalize.Exact {
	if !l.isKnown {
		p := *l.predicate
		p.SourceOperator, p.Value, p.Derived = l.SourceOperator, l.Value, l.Derived
		l.known, l.isKnown = p.Exact(l.vendor), true
	}
	return &l.known
}

// mayImply reports whether one comparison may imply another one of its field,
// at a glance.
func (a *literal) mayImply(b *literal) bool {
	if b.needs&^a.has != 0 {
		return false
	}
	switch b.Operator {
	case rule.Eq, rule.Regex:
		return a.Operator == b.Operator && a.folded() == b.folded()
	case rule.Contains, rule.StartsWith, rule.EndsWith:
		switch a.Operator {
		case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith:
			return strings.Contains(a.folded(), b.folded())
		}
	}
	return true
}

// folded is the value in lower case.
func (l *literal) folded() string {
	if l.lower == "" {
		l.lower = strings.ToLower(l.Value)
	}
	return l.lower
}

// signs are a set of the pairs of letters in a text, in which case is folded:
// what is within another text has none that the other has not. known is false
// for a text with letters of which that cannot be said.
func signs(text string) (set uint64, known bool) {
	var last byte
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 0x80:
			return 0, false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		if i > 0 {
			set |= 1 << ((uint32(last)<<8 | uint32(c)) * 0x9e3779b1 >> 26)
		}
		last = c
	}
	return set, true
}

func (e *examiner) literal(n *normalize.Node) *literal {
	if l := e.literals[n.Predicate]; l != nil && l.Predicate == n.Written {
		return l
	}
	p := &e.rule.Predicates[n.Predicate]
	w := n.Written
	name := fieldName{w.Stored, w.Source, p.Field}
	if name.name == "" {
		name.name = w.Field.Value
	}
	field := slices.Index(e.fields, name)
	if field < 0 {
		field = len(e.fields)
		e.fields = append(e.fields, name)
		e.pair(field)
	}
	e.budget -= field / 8
	l := &e.room.take(1)[0]
	*l = literal{
		Literal: Literal{w, p.Negated, int(n.Predicate)}, field: int32(field), has: ^uint64(0),
		sensitive: rule.Folded(w.Through) == rule.AnyCase && normalize.RegardsCase(e.rule.Language, w.Operator, w.SourceOperator), single: p.IsSingle(e.rule.Vendor), predicate: p, vendor: e.rule.Vendor,
	}
	l.opaque = w.Derived || !rule.Folded(w.Through).Has(w.Value) || unreadable(e.rule.Vendor, p.Operator, w) || w.Value == "" && w.Operator != rule.Exists ||
		analyzed(e.rule.Language, p.Field) || e.rule.Language == "kusto" && argument(w.SourceOperator)
	switch w.Operator {
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith, rule.Regex:
		if set, known := signs(w.Value); known {
			l.has, l.needs = set, set
		}
	}
	e.literals[n.Predicate] = l
	return l
}

// unreadable reports whether nothing can be held against a comparison.
func unreadable(vendor rule.Vendor, operator rule.Operator, p *rule.Predicate) bool {
	switch operator {
	case rule.FieldEq, rule.FieldGt, rule.FieldGte, rule.FieldLt, rule.FieldLte:
		return true
	case rule.Eq:
		if strings.HasPrefix(p.Value, "%") {
			return true // may be filled in by a pipeline
		}
	}
	if !strings.ContainsAny(p.SourceOperator, "|~)") {
		return false
	}
	exact := normalize.Predicate{Operator: operator, SourceOperator: p.SourceOperator, Value: p.Value}
	return exact.Exact(vendor).Opaque()
}

// analyzed reports whether the engine compares words of the field instead of
// its text.
func analyzed(language rule.Language, field string) bool {
	if language != "kuery" && language != "lucene" && language != "esql" {
		return false
	}
	return field == "message" || strings.HasSuffix(field, "_text") || strings.HasSuffix(field, ".text") || strings.HasSuffix(field, ".message")
}

// argument reports whether a comparison is an argument of a function, which
// compares as it likes, and not one of the operators of Kusto.
func argument(operator string) bool {
	return strings.HasPrefix(operator, "_") || strings.ToLower(operator) != operator
}

// implies reports whether everything that satisfies a comparison satisfies
// another one, negations aside.
func (e *examiner) implies(a, b *literal) bool {
	e.budget--
	if a.field != b.field {
		return e.impliesAcross(a, b)
	}
	if !a.mayImply(b) || !a.exact().Implies(*b.exact()) {
		return false
	}
	// What an analyst takes for the same, such as a number and its name, an
	// engine does not: it has to follow as it is written, too.
	x, y := a.Value, b.Value
	switch {
	case b.Operator == rule.Exists:
		return true
	case !b.sensitive:
		x, y = strings.ToLower(x), strings.ToLower(y)
	case !a.sensitive && strings.ToLower(x) != strings.ToUpper(x):
		return false
	}
	const field = "as written"
	return normalize.Implies(normalize.Key{Field: field, Operator: a.Operator, Value: x}, normalize.Key{Field: field, Operator: b.Operator, Value: y})
}

// exclude reports whether nothing satisfies two comparisons, negations aside.
func (e *examiner) exclude(a, b *literal) bool {
	e.budget--
	if a.field != b.field {
		return e.excludeAcross(a, b)
	}
	return a.single && a.ordered() && b.ordered() && a.exact().Excludes(*b.exact())
}

// ordered reports whether a bound is one of numbers. Elastic stores what
// Windows logs as text.
func (l *literal) ordered() bool {
	switch l.Operator {
	case rule.Gt, rule.Gte, rule.Lt, rule.Lte:
		return !strings.HasPrefix(l.Field.Value, "winlog.")
	}
	return true
}

// follows reports whether b, with its negation, holds wherever a does.
func (e *examiner) follows(a, b *literal) bool {
	switch {
	case a.Negated && b.Negated:
		return (!e.needsField(b) || e.needsField(a)) && e.implies(b, a)
	case !a.Negated && b.Negated:
		return e.exclude(a, b)
	case !a.Negated && !b.Negated:
		return e.implies(a, b)
	}
	return false
}

// needsField reports whether a negated comparison holds only where the field is:
// != of a search of Splunk does, NOT does not.
func (e *examiner) needsField(l *literal) bool {
	return e.rule.Language == "spl" && strings.HasPrefix(l.SourceOperator, "!")
}

// contradict reports whether a and b, with their negations, never hold together.
func (e *examiner) contradict(a, b *literal) bool {
	switch {
	case a.Negated && b.Negated:
		return false
	case a.Negated:
		return !a.someOther() && e.implies(b, a)
	case b.Negated:
		return !b.someOther() && e.implies(a, b)
	}
	return e.exclude(a, b)
}

// someOther reports whether a negated comparison may hold because one of
// several values of the field is another, as != of some languages has it.
func (l *literal) someOther() bool {
	return !l.single && strings.HasPrefix(l.SourceOperator, "!")
}
