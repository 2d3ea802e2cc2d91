package pages

import (
	"cmp"
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
)

// Search is what holds all of some words.
type Search struct {
	Head
	Words []string `json:"words"` // in lower case
	// Techniques match by id or name, Rules by id or title, Fields by name,
	// Events by provider, id or title, Indicators by value.
	Techniques []TechniqueCount `json:"techniques"`
	Rules      []Rule           `json:"rules"`
	Events     []Event          `json:"events"`
	Fields     []FieldCount     `json:"fields"`
	Indicators []Row            `json:"indicators"`
}

// FieldCount is a field and how many comparisons of it there are.
type FieldCount struct {
	Field string `json:"field"`
	Rows  int    `json:"rows"`
}

// Find searches the catalog. Every word must be part of what is found, in
// upper or lower case; where a text begins with the words it comes first.
func Find(c *catalog.Catalog, words []string) *Search {
	p := &Search{Head: head(c)}
	for _, w := range words {
		p.Words = append(p.Words, strings.Fields(strings.ToLower(w))...)
	}
	if len(p.Words) == 0 {
		return p
	}
	p.techniques(c)
	for ref := range c.Rules() {
		if p.holds(c.ID(ref), c.Title(ref)) {
			p.Rules = append(p.Rules, ruleOf(c, ref))
		}
	}
	slices.SortStableFunc(p.Rules, func(a, b Rule) int {
		return cmp.Or(
			p.rank(a.Title)-p.rank(b.Title), cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)),
			cmp.Compare(a.Ref, b.Ref),
		)
	})
	for e, rules := range c.Events() {
		if p.holds(e.String(), e.Title()) {
			p.Events = append(p.Events, Event{e, e.Title(), rules.Len()})
		}
	}
	slices.SortStableFunc(p.Events, func(a, b Event) int { return cmp.Compare(b.Rules, a.Rules) })
	p.rows(c)
	return p
}

func (p *Search) techniques(c *catalog.Catalog) {
	for t := range c.Tables().Techniques("") {
		if name := techniqueName(c, t.ID); p.holds(t.ID, name) {
			p.Techniques = append(p.Techniques, TechniqueCount{t.ID, name, c.Technique(t.ID).Len()})
		}
	}
	slices.SortStableFunc(p.Techniques, func(a, b TechniqueCount) int {
		return cmp.Or(p.rank(a.ID)-p.rank(b.ID), cmp.Compare(b.Rules, a.Rules))
	})
}

func (p *Search) rows(c *catalog.Catalog) {
	set := newRowSet(c)
	for row := range c.Rows() {
		if users := row.Indicator(); users.Len() > 0 && p.holds(row.Key().Value) {
			for ref := range users.All() {
				set.add(row, ref)
			}
		}
	}
	p.Indicators = set.list(catalog.Row.Indicator)
	slices.SortStableFunc(p.Indicators, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), p.rank(a.Value)-p.rank(b.Value))
	})
	for field, n := range fieldsIn(c) {
		if p.holds(field) {
			p.Fields = append(p.Fields, FieldCount{field, n})
		}
	}
	slices.SortFunc(p.Fields, func(a, b FieldCount) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Field, b.Field))
	})
}

// holds reports whether each word is a part of one of the texts.
func (p *Search) holds(texts ...string) bool {
	for _, w := range p.Words {
		if !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), w) }) {
			return false
		}
	}
	return true
}

// rank is how well a text fits: 0 when it is the words, 1 when it begins with
// them, 2 for others.
func (p *Search) rank(text string) int {
	words, text := strings.Join(p.Words, " "), strings.ToLower(text)
	switch {
	case text == words:
		return 0
	case strings.HasPrefix(text, words):
		return 1
	}
	return 2
}

// Empty reports whether nothing was found.
func (p *Search) Empty() bool {
	return len(p.Techniques)+len(p.Rules)+len(p.Events)+len(p.Fields)+len(p.Indicators) == 0
}

// Limit cuts every list.
func (p *Search) Limit(n int) {
	p.Techniques, p.Rules, p.Events = cut(p.Techniques, n), cut(p.Rules, n), cut(p.Events, n)
	p.Fields, p.Indicators = cut(p.Fields, n), cut(p.Indicators, n)
}
