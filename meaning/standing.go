package meaning

import (
	"fmt"
	"slices"

	"github.com/detlint/detlint/normalize"
)

// standing says which comparison of both rules has other commands in front of it
// than before, that count or choose rows or change them; empty where none has.
func standing(before, after *normalize.Rule) string {
	if before.Language != after.Language {
		return ""
	}
	old, now := places(before), places(after)
	if len(old)+len(now) == 0 {
		return ""
	}
	for i := range after.Predicates {
		p := &after.Predicates[i]
		k := placed{p.Key, p.Negated}
		was, is := old[k], now[k]
		if slices.Equal(was, is) || !slices.ContainsFunc(before.Predicates, func(q normalize.Predicate) bool { return k == placed{q.Key, q.Negated} }) {
			continue
		}
		gone, come := difference(was, is), difference(is, was)
		switch {
		case len(gone) > 0 && len(come) > 0:
			return fmt.Sprintf("what the filter on %q looks at has changed from what %s lets through to what %s does", p.SourceField, quoted(gone), quoted(come))
		case len(come) > 0:
			return fmt.Sprintf("the filter on %q now looks at what %s lets through", p.SourceField, quoted(come))
		}
		return fmt.Sprintf("the filter on %q no longer looks at what %s lets through", p.SourceField, quoted(gone))
	}
	return ""
}

type placed struct {
	normalize.Key
	negated bool
}

// places are what stands in front of the comparisons of a rule, sorted; those that
// compare events as they are have nothing there, which is no entry where a
// comparison stands nowhere else.
func places(r *normalize.Rule) map[placed][]string {
	out := map[placed][]string{}
	plain := map[placed]bool{}
	done := map[*normalize.Node]bool{}
	var visit func(*normalize.Node)
	visit = func(n *normalize.Node) {
		if n == nil || done[n] {
			return
		}
		done[n] = true
		if n.Kind == normalize.LeafNode && n.Written != nil {
			p := &r.Predicates[n.Predicate]
			k := placed{p.Key, p.Negated}
			if n.Written.Behind == "" {
				plain[k] = true
			} else if !slices.Contains(out[k], n.Written.Behind) {
				out[k] = append(out[k], n.Written.Behind)
			}
		}
		for _, child := range n.Children {
			visit(child)
		}
	}
	visit(r.Root())
	for k := range out {
		if plain[k] {
			out[k] = append(out[k], "nothing")
		}
		slices.Sort(out[k])
	}
	return out
}
