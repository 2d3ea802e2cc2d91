package proof

import (
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// maxJoined bounds how many beginnings are put together with how many ends.
const maxJoined = 16

// joined are what a beginning and an end that are asked of one field say
// together: a pattern. Nothing is at fault with them, and nothing is needless
// for them alone.
func (e *examiner) joined(own []*part) []*part {
	var out []*part
	for _, begin := range own {
		if !begin.all(rule.StartsWith) {
			continue
		}
		for _, end := range own {
			if e.budget--; e.budget <= 0 {
				return nil
			}
			if end == begin || !end.all(rule.EndsWith) || len(begin.alternatives)*len(end.alternatives) > maxJoined {
				continue
			}
			if p := e.join(begin, end); p != nil {
				out = append(out, p)
			}
		}
	}
	return out
}

// all reports whether a part is a comparison of one kind that is asked for, or a
// list of such.
func (p *part) all(op rule.Operator) bool {
	if len(p.alternatives) == 0 || p.exclusion {
		return false
	}
	for i, alternative := range p.alternatives {
		if p.node.Kind != normalize.LeafNode && p.node.Children[i].Kind != normalize.LeafNode {
			return false
		}
		if l := alternative[0]; l.Operator != op || l.Negated || l.opaque || !l.single || l.field != p.alternatives[0][0].field {
			return false
		}
	}
	return true
}

func (e *examiner) join(begin, end *part) *part {
	p := &part{node: &normalize.Node{Kind: normalize.OrNode}, joined: true}
	for _, x := range begin.alternatives {
		for _, y := range end.alternatives {
			a, b := x[0], y[0]
			if a.field != b.field || a.exact().Variant != "" || b.exact().Variant != "" {
				return nil
			}
			p.alternatives = append(p.alternatives, []*literal{a.with(b, rule.Wildcard, escape(a.Value)+"*"+escape(b.Value))})
			// The end may begin within the beginning.
			for i := max(0, len(a.Value)-len(b.Value)); i < len(a.Value); i++ {
				if n := len(a.Value) - i; strings.EqualFold(a.Value[i:], b.Value[:n]) {
					p.alternatives = append(p.alternatives, []*literal{a.with(b, rule.Eq, a.Value+b.Value[n:])})
				}
			}
			if len(p.alternatives) > maxJoined {
				return nil
			}
		}
	}
	return p
}

// with is the comparison that two make together.
func (l *literal) with(other *literal, op rule.Operator, value string) *literal {
	written := *l.Predicate
	written.Operator, written.Value = op, value
	predicate := *l.predicate
	predicate.Operator, predicate.Value = op, value
	predicate.Key = normalize.Fold(predicate.Field, op, value)
	out := *l
	out.Predicate, out.predicate, out.isKnown, out.lower, out.has, out.sensitive = &written, &predicate, false, "", ^uint64(0), l.sensitive || other.sensitive
	return &out
}

var escape = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace
