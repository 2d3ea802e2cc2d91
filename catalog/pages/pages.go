// Package pages computes what can be read about a part of the catalog: a
// technique, an indicator, a field, an event, a rule, what is excluded. A page
// holds numbers and names, not how they are shown.
//
// Every number of rules counts each rule once, however often it compares the
// same. What a page holds is complete; whoever shows it may cut it.
package pages

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// SchemaVersion is that of the JSON form of pages. Its first number changes
// when a key is removed or changes its meaning.
const SchemaVersion = "1.0"

// Head is what every page begins with: what its numbers rest on.
type Head struct {
	SchemaVersion string `json:"schema_version"`
	Catalog       Origin `json:"catalog"`
	ATTACK        string `json:"attack"` // the version of ids and names
	// Tables are those of that version.
	Tables *attack.Tables `json:"-"`
}

// Origin names the catalog that a page is about.
type Origin struct {
	Date  string `json:"date"`
	Rules int    `json:"rules"`
}

func head(c *catalog.Catalog) Head {
	return Head{SchemaVersion, Origin{c.Info().Date, c.Len()}, c.Tables().Version, c.Tables()}
}

// Rule names a rule.
type Rule struct {
	Ref    catalog.RuleRef `json:"-"`
	ID     string          `json:"id"`
	Title  string          `json:"title"`
	Vendor rule.Vendor     `json:"vendor"`
	Level  rule.Level      `json:"level"`
	URL    string          `json:"url"` // empty when the source has none
}

func ruleOf(c *catalog.Catalog, ref catalog.RuleRef) Rule {
	return Rule{ref, c.ID(ref), c.Title(ref), c.Vendor(ref), c.Level(ref), c.URL(ref)}
}

// ByVendor are rules by vendor, those of each in the order of their titles.
type ByVendor map[rule.Vendor][]Rule

// vendorOrder is the order in which vendors are shown.
var vendorOrder = []rule.Vendor{rule.Sigma, rule.Elastic, rule.Splunk, rule.Kusto}

// Vendors lists the vendors of a map in the order in which they are shown.
func Vendors[V any](m map[rule.Vendor]V) []rule.Vendor {
	place := func(v rule.Vendor) int {
		if i := slices.Index(vendorOrder, v); i >= 0 {
			return i
		}
		return len(vendorOrder)
	}
	return slices.SortedFunc(maps.Keys(m), func(a, b rule.Vendor) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
}

// Counts are the numbers of rules of each vendor.
func (b ByVendor) Counts() map[rule.Vendor]int {
	out := map[rule.Vendor]int{}
	for v, rules := range b {
		out[v] = len(rules)
	}
	return out
}

// Len is the number of rules of all vendors.
func (b ByVendor) Len() int {
	n := 0
	for _, rules := range b {
		n += len(rules)
	}
	return n
}

// All lists the rules of all vendors.
func (b ByVendor) All() []Rule {
	var out []Rule
	for _, v := range Vendors(b) {
		out = append(out, b[v]...)
	}
	return out
}

func byVendor(c *catalog.Catalog, refs []catalog.RuleRef) ByVendor {
	out := ByVendor{}
	for _, ref := range refs {
		r := ruleOf(c, ref)
		out[r.Vendor] = append(out[r.Vendor], r)
	}
	for _, rules := range out {
		slices.SortStableFunc(rules, func(a, b Rule) int {
			return cmp.Or(
				cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), cmp.Compare(a.ID, b.ID),
			)
		})
	}
	return out
}

// Row is one comparison and how many rules make it.
type Row struct {
	normalize.Key
	// Rules are those that the page is about, Reach those of the whole
	// catalog that use the comparison in the same way.
	Rules int `json:"rules"`
	Reach int `json:"reach"`
	// Alone are the Rules in which nothing else stands with it: its only
	// indicator, or the whole of an exclusion clause.
	Alone   int                 `json:"alone"`
	Vendors map[rule.Vendor]int `json:"vendors"` // of Rules
	RuleIDs []string            `json:"rule_ids"`

	Refs []catalog.RuleRef `json:"-"`
	row  catalog.Row
}

// rowSet counts the rules of rows.
type rowSet struct {
	c    *catalog.Catalog
	rows map[catalog.Row]*Row
}

func newRowSet(c *catalog.Catalog) rowSet { return rowSet{c, map[catalog.Row]*Row{}} }

// add counts a rule for a row, once. Rules come one after the other.
func (s rowSet) add(row catalog.Row, ref catalog.RuleRef) (r *Row, first bool) {
	r = s.rows[row]
	if r == nil {
		r = &Row{Key: row.Key(), row: row, Vendors: map[rule.Vendor]int{}}
		s.rows[row] = r
	}
	if n := len(r.Refs); n > 0 && r.Refs[n-1] == ref {
		return r, false
	}
	r.Rules++
	r.Refs = append(r.Refs, ref)
	r.Vendors[s.c.Vendor(ref)]++
	if id := s.c.ID(ref); id != "" {
		r.RuleIDs = append(r.RuleIDs, id)
	}
	return r, true
}

// list returns the rows that most rules use first, with their reach.
func (s rowSet) list(reach func(catalog.Row) catalog.Postings) []Row {
	out := make([]Row, 0, len(s.rows))
	for row, r := range s.rows {
		r.Reach = reach(row).Len()
		out = append(out, *r)
	}
	sortRows(out)
	return out
}

func sortRows(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(b.Rules, a.Rules), cmp.Compare(b.Reach, a.Reach),
			cmp.Compare(a.Field, b.Field), cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Value, b.Value),
		)
	})
}

// TechniqueCount is a technique and how many rules name it.
type TechniqueCount struct {
	ID    string `json:"id"`
	Name  string `json:"name"` // empty for an id that ATT&CK does not have
	Rules int    `json:"rules"`
}

// techniqueName is the name of a technique, that of its parent before it.
func techniqueName(c *catalog.Catalog, id string) string {
	t, ok := c.Tables().Lookup(id)
	if !ok {
		return ""
	}
	if p, ok := c.Tables().Lookup(attack.Parent(id)); ok {
		return p.Name + ": " + t.Name
	}
	return t.Name
}

func techniqueCounts(c *catalog.Catalog, refs []catalog.RuleRef) []TechniqueCount {
	count := map[string]int{}
	for _, ref := range refs {
		for id := range c.RuleTechniques(ref) {
			count[id]++
		}
	}
	out := make([]TechniqueCount, 0, len(count))
	for id, n := range count {
		out = append(out, TechniqueCount{id, techniqueName(c, id), n})
	}
	slices.SortFunc(out, func(a, b TechniqueCount) int {
		return cmp.Or(cmp.Compare(b.Rules, a.Rules), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// union is the set of rules of several postings, sorted.
func union(lists ...catalog.Postings) []catalog.RuleRef {
	var out []catalog.RuleRef
	for _, p := range lists {
		for ref := range p.All() {
			out = append(out, ref)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cut limits a list; 0 stands for no limit.
func cut[E any](list []E, n int) []E {
	if n > 0 && len(list) > n {
		return list[:n]
	}
	return list
}

// cutVendors limits the rules of each vendor.
func cutVendors(b ByVendor, n int) ByVendor {
	out := ByVendor{}
	for v, rules := range b {
		out[v] = cut(rules, n)
	}
	return out
}
