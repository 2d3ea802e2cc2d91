package pages

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/internal/near"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Rules are the rules with an id: one, unless a collection has it twice.
type Rules struct {
	Head
	Rules []RulePage `json:"rules"`
}

// RulePage is what the catalog knows of a rule.
type RulePage struct {
	Rule
	Language   rule.Language    `json:"language"`
	Category   string           `json:"category"` // in the vendor's words, may be empty
	Path       string           `json:"path"`     // in its source
	Source     catalog.Source   `json:"source"`
	Tactics    []string         `json:"tactics"` // short names
	Techniques []TechniqueCount `json:"techniques"`
	Events     []Event          `json:"events"` // with the number of rules in the catalog
	// Indicators and Exclusions have the reach of each comparison: how many
	// rules of the catalog, this one among them, use it in the same way.
	Indicators []RuleRow   `json:"indicators"`
	Exclusions [][]RuleRow `json:"exclusions"` // by clause
}

// RuleRow is a comparison that a rule makes.
type RuleRow struct {
	normalize.Key
	Reach int `json:"reach"`
}

// minPrefix is how much of an id tells a rule from others.
const minPrefix = 4

// RulesOf is the page of the rules with an id, or with one that begins like
// it. The error is an *UnknownError when there is no such rule, or when there
// are several.
func RulesOf(c *catalog.Catalog, id string) (*Rules, error) {
	id = strings.TrimSpace(id)
	p := &Rules{Head: head(c)}
	found := union(c.ByID(id))
	if len(found) == 0 {
		var err error
		if found, err = byPrefix(c, id); err != nil {
			return nil, err
		}
	}
	info := c.Info()
	for _, ref := range found {
		p.Rules = append(p.Rules, rulePage(c, &info, ref))
	}
	return p, nil
}

func byPrefix(c *catalog.Catalog, id string) ([]catalog.RuleRef, error) {
	var found []catalog.RuleRef
	var ids []string
	for ref := range c.Rules() {
		other := c.ID(ref)
		if len(id) >= minPrefix && len(other) > len(id) && strings.EqualFold(other[:len(id)], id) {
			found = append(found, ref)
			if !slices.Contains(ids, other) {
				ids = append(ids, other)
			}
		}
	}
	switch {
	case len(ids) == 1:
		return found, nil
	case len(ids) > 1:
		return nil, &UnknownError{
			What: "rule", Name: id, Near: ids[0],
			Hint: "several ids begin like this",
		}
	}
	var all []string
	for ref := range c.Rules() {
		if strings.EqualFold(c.Title(ref), id) {
			found = append(found, ref)
		}
		if other := c.ID(ref); !slices.Contains(all[max(len(all)-1, 0):], other) { // ids of a vendor are sorted
			all = append(all, other)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	err := &UnknownError{What: "rule", Name: id, Near: near.Word(id, all)}
	if err.Near == "" {
		err.Hint = "an id is expected; look for words of its title with: detlint catalog search WORDS"
	}
	return nil, err
}

func rulePage(c *catalog.Catalog, info *catalog.Info, ref catalog.RuleRef) RulePage {
	r := c.Rule(ref)
	p := RulePage{
		Rule: ruleOf(c, ref), Language: r.Language, Category: r.Category, Path: r.Path, Tactics: r.Tactics,
		Events: []Event{}, Techniques: []TechniqueCount{},
	}
	if r.Source < len(info.Sources) {
		p.Source = info.Sources[r.Source]
	}
	for _, id := range r.Techniques {
		p.Techniques = append(p.Techniques, TechniqueCount{id, techniqueName(c, id), c.Technique(id).Len()})
	}
	for _, e := range r.Events {
		p.Events = append(p.Events, Event{e, e.Title(), c.Event(e).Len()})
	}
	for row := range c.IndicatorRows(ref) {
		p.Indicators = append(p.Indicators, RuleRow{row.Key(), row.Indicator().Len()})
	}
	for clause, row := range c.ExclusionRows(ref) {
		for len(p.Exclusions) <= clause {
			p.Exclusions = append(p.Exclusions, nil)
		}
		p.Exclusions[clause] = append(p.Exclusions[clause], RuleRow{row.Key(), row.Exclusion().Len()})
	}
	return p
}

// RulePageOf is the page of one rule.
func RulePageOf(c *catalog.Catalog, ref catalog.RuleRef) RulePage {
	info := c.Info()
	return rulePage(c, &info, ref)
}

// Limit cuts the lists of every rule.
func (p *Rules) Limit(n int) {
	for i := range p.Rules {
		r := &p.Rules[i]
		r.Indicators, r.Exclusions = cut(r.Indicators, n), cut(r.Exclusions, n)
	}
}
