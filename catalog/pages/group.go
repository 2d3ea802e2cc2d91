package pages

import (
	"cmp"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Group is what a number of rules have in common: what they look at, what
// they look for, and what they leave out.
type Group struct {
	Events     []Event  `json:"events"`
	Fields     []Field  `json:"fields"`
	Indicators []Row    `json:"indicators"`
	Exclusions []Row    `json:"exclusions"`
	Rules      ByVendor `json:"rules"`
}

// Event is an event and how many rules cover it.
type Event struct {
	normalize.Event
	Title string `json:"title"` // empty when it has none
	Rules int    `json:"rules"`
}

// Field is a field that rules filter on: that an indicator of theirs is about.
type Field struct {
	Field string `json:"field"`
	Rules int    `json:"rules"`
	// Operators are those that rules compare it with, most used first.
	Operators []OperatorCount `json:"operators"`
	// Values are those that most rules compare it with, at most maxSamples.
	Values []string `json:"values"`
}

// OperatorCount is an operator and how many rules use it.
type OperatorCount struct {
	Operator rule.Operator `json:"operator"`
	Rules    int           `json:"rules"`
}

// maxSamples is how many values show what a field is compared with.
const maxSamples = 5

// groupOf sums rules up. The refs are sorted and each there once.
func groupOf(c *catalog.Catalog, refs []catalog.RuleRef) Group {
	indicators := indicatorsOf(c, refs)
	return Group{
		Events: eventsOf(c, refs), Fields: fieldsOf(indicators), Indicators: indicators,
		Exclusions: exclusionsOf(c, refs, nil), Rules: byVendor(c, refs),
	}
}

// Limit cuts every list of the group.
func (g *Group) Limit(n int) {
	g.Events, g.Fields = cut(g.Events, n), cut(g.Fields, n)
	g.Indicators, g.Exclusions = cut(g.Indicators, n), cut(g.Exclusions, n)
	g.Rules = cutVendors(g.Rules, n)
}

func eventsOf(c *catalog.Catalog, refs []catalog.RuleRef) []Event {
	count := map[normalize.Event]int{}
	for _, ref := range refs {
		for e := range c.RuleEvents(ref) {
			count[e]++
		}
	}
	out := make([]Event, 0, len(count))
	for e, n := range count {
		out = append(out, Event{e, e.Title(), n})
	}
	slices.SortFunc(out, func(a, b Event) int {
		return cmp.Or(
			cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Event.Event, b.Event.Event),
		)
	})
	return out
}

func indicatorsOf(c *catalog.Catalog, refs []catalog.RuleRef) []Row {
	set := newRowSet(c)
	for _, ref := range refs {
		var last *Row
		n := 0
		for row := range c.IndicatorRows(ref) {
			last, _ = set.add(row, ref)
			n++
		}
		if n == 1 {
			last.Alone++
		}
	}
	return set.list(catalog.Row.Indicator)
}

// exclusionsOf lists what rules exclude; keep, when it is given, says of which
// fields.
func exclusionsOf(c *catalog.Catalog, refs []catalog.RuleRef, keep func(field string) bool) []Row {
	set := newRowSet(c)
	for _, ref := range refs {
		whole := map[catalog.Row]bool{}
		var clause []catalog.Row
		flush := func() {
			if len(clause) == 1 {
				whole[clause[0]] = true
			}
			clause = clause[:0]
		}
		at := 0
		var seen []*Row
		for n, row := range c.ExclusionRows(ref) {
			if n != at {
				flush()
				at = n
			}
			clause = append(clause, row)
			if keep != nil && !keep(row.Key().Field) {
				continue
			}
			if r, first := set.add(row, ref); first {
				seen = append(seen, r)
			}
		}
		flush()
		for _, r := range seen {
			if whole[r.row] {
				r.Alone++
			}
		}
	}
	return set.list(catalog.Row.Exclusion)
}

// fieldsOf counts the fields that rows are about. The rows come with those
// that most rules use first, so the first values are the best samples.
func fieldsOf(rows []Row) []Field {
	type tally struct {
		refs      map[catalog.RuleRef]bool
		operators map[rule.Operator]map[catalog.RuleRef]bool
		values    []string
	}
	fields := map[string]*tally{}
	for i := range rows {
		r := &rows[i]
		t := fields[r.Field]
		if t == nil {
			t = &tally{map[catalog.RuleRef]bool{}, map[rule.Operator]map[catalog.RuleRef]bool{}, nil}
			fields[r.Field] = t
		}
		if t.operators[r.Operator] == nil {
			t.operators[r.Operator] = map[catalog.RuleRef]bool{}
		}
		for _, ref := range r.Refs {
			t.refs[ref] = true
			t.operators[r.Operator][ref] = true
		}
		value := normalize.Shown(r.Operator, r.Value)
		if len(t.values) < maxSamples && !catalog.IsHash(value) && strings.TrimSpace(value) != "" && !slices.Contains(t.values, value) {
			t.values = append(t.values, value)
		}
	}
	out := make([]Field, 0, len(fields))
	for name, t := range fields {
		f := Field{Field: name, Rules: len(t.refs), Values: t.values}
		for op, refs := range t.operators {
			f.Operators = append(f.Operators, OperatorCount{op, len(refs)})
		}
		slices.SortFunc(f.Operators, func(a, b OperatorCount) int {
			return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Operator, b.Operator))
		})
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Field) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Field, b.Field))
	})
	return out
}
