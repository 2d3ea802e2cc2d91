package meaning

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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

// recased says which field is written in another letter case than before: the names
// of stored fields have theirs. Empty where none is.
func recased(before, after *normalize.Rule) string {
	if before.Language != after.Language {
		return ""
	}
	old, now := fieldNames(before), fieldNames(after)
	gone := map[string]string{}
	for name := range old {
		if lower := strings.ToLower(name); !now[name] && name > gone[lower] {
			gone[lower] = name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if was := gone[strings.ToLower(name)]; was != "" && !old[name] {
			return fmt.Sprintf("the field %q is now written %q, and the names of fields may differ in letter case", was, name)
		}
	}
	return ""
}

// fieldNames are the stored fields that a rule compares, as it writes them.
func fieldNames(r *normalize.Rule) map[string]bool {
	out := map[string]bool{}
	for i := range r.Predicates {
		if p := &r.Predicates[i]; !p.Derived {
			out[p.SourceField] = true
		}
	}
	return out
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
