package report

import (
	"encoding/csv"
	"io"
	"math"
	"strings"

	"github.com/detlint/detlint/meaning"
)

// DiffCSV writes a row for each rule that is not as it was.
func DiffCSV(w io.Writer, r *Report, _ Options) error {
	t := csvTable{csv.NewWriter(w)}
	t.row("path", "title", "id", "vendor", "language", "state", "path_before", "through", "verdict", "meaning", "reason",
		"added", "removed", "moved", "changes")
	for i := range r.Rules {
		rl := &r.Rules[i]
		if rl.State == "unchanged" {
			continue
		}
		c := rl.Change
		if c == nil {
			c = &meaning.Change{}
		}
		var moved, changes []string
		for k := range c.Moved {
			m := &c.Moved[k]
			moved = append(moved, string(m.From)+" → "+string(m.Role)+" "+comparison(&m.Predicate))
		}
		for k := range c.Attributes {
			changes = append(changes, attributeText(&c.Attributes[k], math.MaxInt))
		}
		t.row(rl.Path, rl.Title, rl.ID, string(rl.Vendor), string(rl.Language), rl.State, rl.PathBefore, strings.Join(rl.Through, "; "),
			string(c.Verdict), c.Summary, c.Reason, comparisons(c.Added), comparisons(c.Removed), strings.Join(moved, "; "), strings.Join(changes, "; "))
	}
	return t.close()
}

func comparisons(list []meaning.Predicate) string {
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = string(list[i].Role) + " " + comparison(&list[i])
	}
	return strings.Join(texts, "; ")
}
