package meaning

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/parsers/splunk"
)

// sameCalls reports whether two rules that rest on macros that are not known
// call them with the same arguments.
func sameCalls(a, b *normalize.Rule) bool {
	return slices.Equal(calls(a), calls(b))
}

// calls are the macros of a search that are not known, with their arguments, sorted.
func calls(r *normalize.Rule) []string {
	d, ok := r.Syntax.(*splunk.Document)
	if !ok || d.Query == nil {
		return nil
	}
	var out []string
	for i := range d.Query.Macros {
		if m := &d.Query.Macros[i]; !m.Known && !m.Neutral {
			out = append(out, m.Name+"("+strings.Join(m.Arguments, ", ")+")")
		}
	}
	return sorted(out)
}
