package proof

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// swallowedJointly returns why a negated pattern takes away all that two comparisons
// of its field ask for together, what a value begins with and what it ends with: each
// of them alone does not have all of the pattern.
func (e *examiner) swallowedJointly(l *literal, p *part, all []*part) *Fault {
	if !l.Negated || l.Operator != rule.Wildcard || !p.exclusion || l.someOther() {
		return nil
	}
	for _, begin := range all {
		s := begin.single()
		if s == nil || !e.asks(s, l.field, rule.StartsWith) {
			continue
		}
		for _, end := range all {
			if e.budget--; e.budget <= 0 {
				return nil
			}
			t := end.single()
			if t == nil || !e.asks(t, l.field, rule.EndsWith) {
				continue
			}
			if e.implies(e.joined(s, t, rule.Wildcard, escaped(s.Value)+"*"+escaped(t.Value)), l) && e.overlapping(s, t, l) {
				return &Fault{Kind: Swallowed, At: []Literal{s.Literal, t.Literal}, By: []Literal{l.Literal}, Joint: true}
			}
		}
	}
	return nil
}

func (e *examiner) asks(l *literal, field int32, op rule.Operator) bool {
	return !l.Negated && !l.opaque && l.single && l.field == field && l.Operator == op && l.predicate.Operator == op
}

// overlapping reports whether a pattern has the values, too, in which the beginning and
// the end share some letters.
func (e *examiner) overlapping(s, t, l *literal) bool {
	begin, end := s.folded(), t.folded()
	for n := 1; n <= min(len(begin), len(end)); n++ {
		if begin[len(begin)-n:] == end[:n] && !e.implies(e.joined(s, t, rule.Eq, s.Value+t.Value[min(n, len(t.Value)):]), l) {
			return false
		}
	}
	return true
}

// joined is a comparison that two others make together.
func (e *examiner) joined(s, t *literal, op rule.Operator, value string) *literal {
	w := *s.Predicate
	w.Operator, w.Value = op, value
	q := *s.predicate
	q.Operator, q.Value = w.Operator, w.Value
	q.Key = normalize.Fold(q.Field, w.Operator, w.Value)
	return &literal{
		Literal: Literal{&w, false, s.Index}, field: s.field, has: ^uint64(0), sensitive: s.sensitive && t.sensitive, single: true,
		predicate: &q, vendor: s.vendor,
	}
}

// escaped is a text as a glob that only it fits.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace(text)
}
