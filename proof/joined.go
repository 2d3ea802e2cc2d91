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
			if a.field != b.field || a.exact().Variant != "" || b.exact().Variant != "" || overlap(strings.ToLower(a.Value), strings.ToLower(b.Value)) {
				return nil
			}
			written := *a.Predicate
			written.Operator, written.Value = rule.Wildcard, escape(a.Value)+"*"+escape(b.Value)
			predicate := *a.predicate
			predicate.Operator, predicate.Value = written.Operator, written.Value
			predicate.Key = normalize.KeyOf(predicate.Field, written.Operator, written.Value)
			l := *a
			l.Predicate, l.predicate, l.known, l.lower, l.has, l.sensitive = &written, &predicate, nil, "", ^uint64(0), a.sensitive || b.sensitive
			p.alternatives = append(p.alternatives, []*literal{&l})
		}
	}
	return p
}

// overlap reports whether a text may end within another one that goes on from
// there, so that both together are shorter than the one and the other.
func overlap(begin, end string) bool {
	for i := max(0, len(begin)-len(end)); i < len(begin); i++ {
		if strings.HasPrefix(end, begin[i:]) {
			return true
		}
	}
	return strings.HasSuffix(begin, end)
}

var escape = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace
