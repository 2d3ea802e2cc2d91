package pages

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// FieldPage is the page of a canonical field.
type FieldPage struct {
	Head
	Field string `json:"field"`
	// Asked is a vendor's spelling of the field, by which it was asked for,
	// and Others are the fields that it stands for as well.
	Asked  string   `json:"asked,omitempty"`
	Others []string `json:"others"`
	// Related is the field of the base name of a path, or the other way
	// round: comparisons of either kind are filed under one of them.
	Related   string               `json:"related,omitempty"`
	Spellings []normalize.Spelling `json:"spellings"`
	Rules     ByVendor             `json:"rules"`     // filter on it
	Excluding ByVendor             `json:"excluding"` // exclude by it
	Operators []OperatorCount      `json:"operators"` // of Rules
	// Indicators and Exclusions are the comparisons of the field.
	Indicators []Row            `json:"indicators"`
	Exclusions []Row            `json:"exclusions"`
	Techniques []TechniqueCount `json:"techniques"` // of Rules
}

// fieldTable is the fields of a catalog with the number of their rows.
type fieldTable map[string]int

func fieldsIn(c *catalog.Catalog) fieldTable {
	out := fieldTable{}
	for row := range c.Rows() {
		out[row.Key().Field]++
	}
	return out
}

func (t fieldTable) names() []string { return slices.Sorted(maps.Keys(t)) }

// find lists the canonical fields that a name stands for: itself, or those
// that a vendor spells like this, the ones with most rows first.
func (t fieldTable) find(name string) []string {
	if t[name] > 0 {
		return []string{name}
	}
	found := normalize.CanonicalFields(name)
	if lower := strings.ToLower(name); t[lower] > 0 && !slices.Contains(found, lower) {
		found = append(found, lower) // a name that no table has
	}
	slices.SortStableFunc(found, func(a, b string) int {
		return cmp.Compare(min(t[b], 1), min(t[a], 1))
	})
	return found
}

// unknown is the error for a name that stands for no field. A guess among the
// canonical names goes before one among the spellings of the vendors.
func (t fieldTable) unknown(name string) error {
	err := &UnknownError{What: "field", Name: name, Near: near.Word(name, t.names())}
	if err.Near == "" {
		err.Near = near.Word(name, normalize.AllSpellings())
	}
	if err.Near == "" {
		err.Hint = "look for words with: detlint catalog search WORDS"
	}
	return err
}

// FieldOf is the page of a field, by its canonical name or a vendor's
// spelling. The error is an *UnknownError for a name that is neither.
func FieldOf(c *catalog.Catalog, name string) (*FieldPage, error) {
	table := fieldsIn(c)
	found := table.find(strings.TrimSpace(name))
	if len(found) == 0 {
		if len(normalize.Spellings(strings.ToLower(name))) == 0 {
			return nil, table.unknown(name)
		}
		found = []string{strings.ToLower(name)}
	}
	p := CanonicalField(c, found[0])
	p.Others = found[1:]
	if found[0] != strings.TrimSpace(name) {
		p.Asked = strings.TrimSpace(name)
	}
	for other := range table {
		if normalize.PathField(other) == p.Field {
			p.Related = other
		}
	}
	if path := normalize.PathField(p.Field); table[path] > 0 {
		p.Related = path
	}
	return p, nil
}

// CanonicalField is the page of a field by its canonical name, without what is
// said of the name that was asked for.
func CanonicalField(c *catalog.Catalog, field string) *FieldPage {
	p := &FieldPage{Head: head(c), Field: field, Spellings: normalize.Spellings(field)}
	var users, excluders []catalog.Postings
	operators := map[rule.Operator][]catalog.Postings{}
	for row := range c.Field(field) {
		users = append(users, row.Indicator())
		excluders = append(excluders, row.Exclusion())
		op := row.Key().Operator
		operators[op] = append(operators[op], row.Indicator())
	}
	looking, excluding := union(users...), union(excluders...)
	p.Rules, p.Excluding = byVendor(c, looking), byVendor(c, excluding)
	p.Techniques = techniqueCounts(c, looking)
	for op, lists := range operators {
		if n := len(union(lists...)); n > 0 {
			p.Operators = append(p.Operators, OperatorCount{op, n})
		}
	}
	slices.SortFunc(p.Operators, func(a, b OperatorCount) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.Operator, b.Operator))
	})
	other := func(r Row) bool { return r.Field != field }
	p.Indicators = slices.DeleteFunc(indicatorsOf(c, looking), other)
	p.Exclusions = exclusionsOf(c, excluding, func(f string) bool { return f == field })
	return p
}

// Limit cuts every list of the page.
func (p *FieldPage) Limit(n int) {
	p.Spellings = cut(p.Spellings, n)
	p.Rules, p.Excluding = cutVendors(p.Rules, n), cutVendors(p.Excluding, n)
	p.Indicators, p.Exclusions = cut(p.Indicators, n), cut(p.Exclusions, n)
	p.Techniques = cut(p.Techniques, n)
}
