package advise

import (
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// spellings are the rows by which files are looked for, by family.
func spellings(c *catalog.Catalog) map[family][]catalog.Row {
	out := make(map[family][]catalog.Row, c.Len())
	for _, path := range normalize.PathFields() {
		for _, field := range []string{path, normalize.BaseName(path)} {
			for row := range c.Field(field) {
				if row.Indicator().Len() > 0 {
					f := familyOf(row.Key())
					out[f] = append(out[f], row)
				}
			}
		}
	}
	return out
}

// namesFile reports whether a field holds the path or the name of a file.
func namesFile(field string) bool { return normalize.IsPath(field) || normalize.PathField(field) != "" }

// Users are the public rules that look for a comparison, of a file also where
// they name more of its path: they share what a rule knows that asks for the
// name alone. The result must not be changed.
func (a *Advisor) Users(k normalize.Key) []catalog.RuleRef {
	k = catalog.Stored(k)
	if !namesFile(k.Field) {
		return slices.Collect(a.c.Indicator(k).All())
	}
	if known, ok := a.users.Load(k); ok {
		return known.([]catalog.RuleRef)
	}
	var refs []catalog.RuleRef
	for _, row := range a.spellings()[familyOf(k)] {
		if normalize.Implies(row.Key(), k) {
			refs = slices.AppendSeq(refs, row.Indicator().All())
		}
	}
	slices.Sort(refs)
	refs = slices.Compact(refs)
	known, _ := a.users.LoadOrStore(k, refs)
	return known.([]catalog.RuleRef)
}

// Reach counts the public rules, other than self, that look for a comparison;
// see Users.
func (a *Advisor) Reach(k normalize.Key, self []catalog.RuleRef) int {
	if !namesFile(k.Field) {
		users := a.c.Indicator(k)
		n := users.Len()
		for _, ref := range self {
			if users.Contains(ref) {
				n--
			}
		}
		return n
	}
	users := a.Users(k)
	n := len(users)
	for _, ref := range self {
		if _, ok := slices.BinarySearch(users, ref); ok {
			n--
		}
	}
	return n
}

// Vendors are those whose rules, other than self, look for a comparison.
func (a *Advisor) Vendors(k normalize.Key, self []catalog.RuleRef) []rule.Vendor {
	return a.VendorsOf(slices.DeleteFunc(slices.Clone(a.Users(k)), func(ref catalog.RuleRef) bool { return slices.Contains(self, ref) }))
}

// VendorsOf are those of some public rules.
func (a *Advisor) VendorsOf(rules []catalog.RuleRef) []rule.Vendor {
	var out []rule.Vendor
	for _, ref := range rules {
		if v := a.c.Vendor(ref); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// onEvent counts the public rules, other than self and those of other
// platforms, on the event of a rule that most of them look at.
func (a *Advisor) onEvent(r *normalize.Rule, self []catalog.RuleRef) int {
	x := a.index()
	platforms := x.platformsOf(r)
	most := 0
	for _, e := range r.Events {
		n := 0
		for ref := range a.c.Event(e).All() {
			if !x.otherPlatform(platforms, uint32(ref)) && !slices.Contains(self, ref) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
