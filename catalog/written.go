package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Spelling is a value as a rule writes it. Rows are in lower case, since most
// languages compare so; a query that does not needs the letters as events have
// them.
type Spelling struct {
	// Key is the comparison, as in Rule.Indicators or Rule.Exclusions.
	Key normalize.Key
	// Text is Key.Value but for the case of its letters.
	Text string
	// Cased is set when the rule compares the case of letters, so that Text is
	// what events have.
	Cased bool
}

// spellings are the ways in which a rule writes the values of its rows.
func spellings(r *normalize.Rule) []Spelling {
	var out []Spelling
	for i := range r.Predicates {
		p := &r.Predicates[i]
		if p.Selector || p.Derived || p.Operator == rule.Regex || p.Operator == rule.CIDR || normalize.Kind(p.Field) == "ip" {
			continue // addresses have no case of letters
		}
		row := Stored(p.Key)
		if text, ok := spelled(row.Value, p.Value); ok {
			cased := rule.Folded(p.Through) == rule.AnyCase && (r.Summary().Language != "spl" || p.Cased) && normalize.RegardsCase(r.Summary().Language, p.Operator, p.SourceOperator)
			out = append(out, Spelling{p.Key, text, cased})
		}
	}
	return out
}

// spelled finds the value of a row in what a rule wrote, from which it differs
// by the case of letters and by how it begins: a drive is left open, a folder
// stands for a variable. The beginning stays as the row has it. It is false
// when the row has been made in another way, or has no letters.
func spelled(value, written string) (string, bool) {
	lower := strings.ToLower(written)
	if len(lower) != len(written) || strings.ToUpper(value) == value {
		return "", false
	}
	for start := range value {
		rest := value[start:]
		if start > len(value)/2 || start > 0 && strings.ToUpper(rest) == rest {
			break
		}
		if at := strings.LastIndex(lower, rest); at >= 0 {
			return value[:start] + written[at:at+len(rest)], true
		}
	}
	return "", false
}

// writing counts the ways in which rules write the value of one row.
type writing map[string]*struct{ cased, all int }

// note counts a spelling.
func (w writing) note(s Spelling) {
	if w[s.Text] == nil {
		w[s.Text] = new(struct{ cased, all int })
	}
	w[s.Text].all++
	if s.Cased {
		w[s.Text].cased++
	}
}

// usual is how most rules write the value, those that compare the case of
// letters before all others, and whether one of them does.
func (w writing) usual() (text string, cased bool) {
	best := slices.MaxFunc(slices.Sorted(maps.Keys(w)), func(a, b string) int {
		return cmp.Or(cmp.Compare(w[a].cased, w[b].cased), cmp.Compare(w[a].all, w[b].all))
	})
	return best, w[best].cased > 0
}

// spellings are those of the rows that a rule of the catalog uses.
func (c *Catalog) spellings(r *Rule) []Spelling {
	var out []Spelling
	add := func(k normalize.Key) {
		if text, cased := c.Spelling(k); cased || text != k.Value {
			out = append(out, Spelling{k, text, cased})
		}
	}
	for _, k := range r.Indicators {
		add(k)
	}
	for _, clause := range r.Exclusions {
		for _, k := range clause {
			add(k)
		}
	}
	return out
}

// Spelling is how most rules of the catalog write the value of a comparison,
// and whether one of them compares the case of letters, so that events are
// sure to have it like that. It is the value itself when that is not known.
func (c *Catalog) Spelling(k normalize.Key) (text string, cased bool) {
	row, ok := c.Row(k)
	if !ok {
		return k.Value, false
	}
	word := u32(row.record(), rowSpelling)
	if text = c.str(word >> 1); !strings.EqualFold(text, k.Value) {
		return k.Value, false
	}
	return text, word&1 == 1
}
