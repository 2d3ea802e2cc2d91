package pages

import (
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/internal/near"
)

// Exclusions is what rules exclude.
type Exclusions struct {
	Head
	// Technique and Category narrow the page; empty for all.
	Technique string `json:"technique"`
	Name      string `json:"name"` // of the technique
	Asked     string `json:"asked,omitempty"`
	Included  bool   `json:"include_subtechniques"`
	Category  string `json:"category"`
	// Of are the rules that were looked at, With those of them that exclude
	// anything on the page.
	Of         int   `json:"rules"`
	With       int   `json:"rules_with_exclusions"`
	Exclusions []Row `json:"exclusions"`
}

// CategoryOf is the category of a field: the first part of its name, which is
// what the Elastic Common Schema calls a field set (process, file, registry).
func CategoryOf(field string) string {
	category, _, _ := strings.Cut(field, ".")
	return category
}

// ExclusionsOf is the page of what the rules of a technique exclude by the
// fields of a category. Either may be empty, which stands for all.
func ExclusionsOf(c *catalog.Catalog, technique string, included bool, category string) (*Exclusions, error) {
	p := &Exclusions{Head: head(c), Included: included, Category: strings.ToLower(category)}
	var refs []catalog.RuleRef
	if technique == "" {
		refs = slices.Collect(c.Rules())
	} else {
		t, err := TechniqueOf(c, technique, included)
		if err != nil {
			return nil, err
		}
		p.Technique, p.Name, p.Asked = t.ID, t.Name, t.Asked
		for _, r := range t.Rules.All() {
			refs = append(refs, r.Ref)
		}
		slices.Sort(refs)
	}
	p.Of = len(refs)
	var keep func(string) bool
	if p.Category != "" {
		if err := checkCategory(c, p.Category); err != nil {
			return nil, err
		}
		keep = func(field string) bool { return CategoryOf(field) == p.Category }
	}
	p.Exclusions = exclusionsOf(c, refs, keep)
	with := map[catalog.RuleRef]bool{}
	for i := range p.Exclusions {
		for _, ref := range p.Exclusions[i].Refs {
			with[ref] = true
		}
	}
	p.With = len(with)
	return p, nil
}

// checkCategory says what was meant by a category that no exclusion of the
// catalog has.
func checkCategory(c *catalog.Catalog, category string) error {
	rules := map[string]int{}
	for row := range c.Rows() {
		if n := row.Exclusion().Len(); n > 0 {
			rules[CategoryOf(row.Key().Field)] += n
		}
	}
	if rules[category] > 0 {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(rules), func(a, b string) int {
		if rules[a] != rules[b] {
			return rules[b] - rules[a]
		}
		return strings.Compare(a, b)
	})
	err := &UnknownError{What: "category", Name: category, Near: near.Word(category, names)}
	if err.Near == "" {
		err.Hint = "most rules exclude by " + strings.Join(names[:min(len(names), 8)], ", ")
	}
	return err
}

// Limit cuts the list of exclusions.
func (p *Exclusions) Limit(n int) { p.Exclusions = cut(p.Exclusions, n) }
