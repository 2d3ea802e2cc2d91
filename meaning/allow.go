package meaning

import (
	"regexp"
	"slices"

	"github.com/detlint/detlint/normalize"
)

// calls are the macros of a search, with their arguments.
var calls = regexp.MustCompile("`[^`\r\n]+`")

// sameCalls reports whether two rules that rest on macros that are not known
// call them with the same arguments.
func sameCalls(a, b *normalize.Rule) bool {
	if a.Language != "spl" || b.Language != "spl" {
		return true
	}
	of := func(r *normalize.Rule) []string {
		var out []string
		for _, call := range calls.FindAll(r.Source.Data[max(0, r.Span.Start):max(0, r.Span.Start, r.Span.End)], -1) {
			out = append(out, string(call))
		}
		return sorted(out)
	}
	return slices.Equal(of(a), of(b))
}
