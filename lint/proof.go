package lint

import (
	"fmt"
	"slices"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/proof"
	"github.com/detlint/detlint/rule"
)

// proofs are what the condition of a rule proves about itself. Several checks
// tell of them.
func (l *Linter) proofs(r *normalize.Rule) []proof.Fault {
	if known, ok := l.proved.Load(r); ok {
		return known.([]proof.Fault)
	}
	faults := proof.Examine(r)
	l.proved.Store(r, faults)
	return faults
}

// fires reports whether some event may satisfy the rule, as far as is known.
func (l *Linter) fires(r *normalize.Rule) bool {
	return !slices.ContainsFunc(l.proofs(r), func(f proof.Fault) bool { return f.Whole })
}

// faults are the proofs about the rule of the pass. Of a search that does not say
// what was meant, such as one with an "or" that is no operator, the check for
// that says what is wrong, and what follows from it is no second mistake.
func (p *Pass) faults() []proof.Fault {
	faults := p.linter.proofs(p.Rule)
	if len(faults) > 0 {
		if doc := splunkDocument(p); doc != nil && doc.Query != nil && len(doc.Query.Doubts()) > 0 {
			return nil
		}
	}
	return faults
}

// proved returns the faults of some kinds by the field they are about, since a
// list that is at fault is one mistake; the first of each group stands first.
func (p *Pass) proved(kinds ...proof.Kind) [][]proof.Fault {
	return p.grouped(func(f *proof.Fault) string { return fmt.Sprint(f.Kind, f.Whole, f.At[0].Field.Value) }, kinds...)
}

// grouped returns the faults of some kinds by what a function says of them.
func (p *Pass) grouped(by func(*proof.Fault) string, kinds ...proof.Kind) [][]proof.Fault {
	at := map[string]int{}
	var out [][]proof.Fault
	for _, f := range p.faults() {
		if !slices.Contains(kinds, f.Kind) {
			continue
		}
		g := by(&f)
		if i, ok := at[g]; ok {
			out[i] = append(out[i], f)
		} else {
			at[g] = len(out)
			out = append(out, []proof.Fault{f})
		}
	}
	return out
}

// written writes a comparison for a message, in the field of the rule.
func written(l proof.Literal) string {
	return describe(normalize.Key{Field: l.Field.Value, Operator: l.Operator, Value: l.Value})
}

// quoteValue writes the value of a comparison for a message.
func quoteValue(l proof.Literal) string { return quote(normalize.Shown(l.Operator, l.Value)) }

// anyOf writes the first of some comparisons and how many others there are.
func anyOf(list []proof.Literal) string {
	switch n := len(list) - 1; n {
	case 0:
		return written(list[0])
	case 1:
		return written(list[0]) + " or " + quoteValue(list[1])
	default:
		return written(list[0]) + fmt.Sprintf(" or one of %d other values", n)
	}
}

// literalText writes a comparison for a fingerprint.
func literalText(l proof.Literal) string {
	return keyText(normalize.Key{Field: l.Field.Value, Operator: l.Operator, Value: l.Value})
}

// refer adds the place of a comparison that a proof rests on.
func (p *Pass) refer(f *Finding, l proof.Literal, message string) {
	if l.Span != (rule.Span{}) {
		f.Related = append(f.Related, Location{Path: p.Path(), Range: p.Source.Range(l.Span), Message: message})
	}
}

// more says how many other values a finding is about as well.
func more(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " (1 other value too)"
	}
	return fmt.Sprintf(" (%d other values too)", n)
}
