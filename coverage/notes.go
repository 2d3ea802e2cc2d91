package coverage

import (
	"fmt"

	"github.com/detlint/detlint/attack"
)

// notes say what the version of ATT&CK leaves open about the numbers.
func notes(r *Report) []string {
	tables := r.After.Tables
	out := append([]string{}, tables.Notes()...)
	for i := range r.After.Techniques {
		t := &r.After.Techniques[i]
		known, ok := tables.Lookup(t.ID)
		if ok && known.Status == attack.Newer {
			rules := "its rule is"
			if n := len(t.Rules); n > 1 {
				rules = fmt.Sprintf("its %d rules are", n)
			}
			out = append(out, fmt.Sprintf("%s (%s) came after ATT&CK %s and replaced nothing that was in it; %s counted under its own id",
				t.ID, t.Name, tables.Version, rules))
		}
	}
	return out
}
