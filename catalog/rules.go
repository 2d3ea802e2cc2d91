package catalog

import (
	"iter"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

func (c *Catalog) ruleRecord(ref RuleRef) string {
	return record(c.sections[secRules], ruleSize, uint32(ref))
}

func (c *Catalog) ruleString(ref RuleRef, word int) string {
	rec := c.ruleRecord(ref)
	if rec == "" {
		return ""
	}
	return c.str(u32(rec, word))
}

// Vendor is the vendor of a rule. It and the accessors that follow return
// zero values for rules that do not exist, and allocate nothing unless they
// return a slice.
func (c *Catalog) Vendor(ref RuleRef) rule.Vendor {
	return rule.Vendor(c.ruleString(ref, ruleVendor))
}

// Level is the level of a rule.
func (c *Catalog) Level(ref RuleRef) rule.Level { return rule.Level(c.ruleString(ref, ruleLevel)) }

// ID is the id of a rule as its author wrote it.
func (c *Catalog) ID(ref RuleRef) string { return c.ruleString(ref, ruleID) }

// Title is the title of a rule.
func (c *Catalog) Title(ref RuleRef) string { return c.ruleString(ref, ruleTitle) }

// Category is the kind of events a rule looks at.
func (c *Catalog) Category(ref RuleRef) string { return c.ruleString(ref, ruleCategory) }

// Path is the path of a rule's file in its repository.
func (c *Catalog) Path(ref RuleRef) string { return c.ruleString(ref, rulePath) }

// URL is the address of a rule's file, empty when its source has none.
func (c *Catalog) URL(ref RuleRef) string {
	rec := c.ruleRecord(ref)
	source := record(c.sections[secSources], sourceSize, u32(rec, ruleSource))
	base, path := "", c.ruleString(ref, rulePath)
	if rec != "" && source != "" {
		base = c.str(u32(source, 5))
	}
	if base == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + "/" + urlPath.Replace(path)
}

// urlPath escapes what would end or change the path of an address.
var urlPath = strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", " ", "%20", `"`, "%22", "<", "%3C", ">", "%3E",
	"(", "%28", ")", "%29", "[", "%5B", "]", "%5D", "\\", "%5C", "\n", "%0A", "\r", "%0D")

// RuleTechniques iterates over the techniques of a rule, sorted.
func (c *Catalog) RuleTechniques(ref RuleRef) iter.Seq[string] {
	if c.spoken != nil {
		return c.spoken.techniques(c, ref)
	}
	return c.filedTechniques(ref)
}

func (c *Catalog) filedTechniques(ref RuleRef) iter.Seq[string] {
	return func(yield func(string) bool) {
		l := c.list(ref)
		w := l.next()
		for i := range len(w) / wordSize {
			if !yield(c.str(u32(w, i))) {
				return
			}
		}
	}
}

// RuleEvents iterates over the events that a rule covers, sorted.
func (c *Catalog) RuleEvents(ref RuleRef) iter.Seq[normalize.Event] {
	return func(yield func(normalize.Event) bool) {
		l := c.list(ref)
		l.next()
		l.next()
		w := l.next()
		for i := range len(w) / wordSize {
			if e, ok := c.eventAt(u32(w, i)); ok && !yield(e) {
				return
			}
		}
	}
}

func (c *Catalog) eventAt(i uint32) (normalize.Event, bool) {
	rec := record(c.sections[secEvents], eventSize, i)
	if rec == "" {
		return normalize.Event{}, false
	}
	return c.event(rec), true
}

// IndicatorRows iterates over the rows that a rule uses as indicators, in
// the order of Rows.
func (c *Catalog) IndicatorRows(ref RuleRef) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		l := c.list(ref)
		l.next()
		l.next()
		l.next()
		c.eachRow(l.next(), yield)
	}
}

// ExclusionRows iterates over the exclusion clauses of a rule: the number of
// the clause, counted from 0, and each row in it.
func (c *Catalog) ExclusionRows(ref RuleRef) iter.Seq2[int, Row] {
	return func(yield func(int, Row) bool) {
		l := c.list(ref)
		l.next()
		l.next()
		l.next()
		l.next()
		n := l.count()
		for clause := 0; clause < int(n) && !l.bad; clause++ {
			if !c.eachRow(l.next(), func(r Row) bool { return yield(clause, r) }) {
				return
			}
		}
	}
}

func (c *Catalog) eachRow(w string, yield func(Row) bool) bool {
	for i := range len(w) / wordSize {
		if n := u32(w, i); c.rowRecord(n) != "" && !yield(Row{c, n}) {
			return false
		}
	}
	return true
}

// Rule decodes all of a rule. The zero Rule stands for one that does not
// exist.
func (c *Catalog) Rule(ref RuleRef) Rule {
	rec := c.ruleRecord(ref)
	if rec == "" {
		return Rule{}
	}
	r := Rule{
		Source: int(u32(rec, ruleSource)), Vendor: c.Vendor(ref), Language: rule.Language(c.str(u32(rec, ruleLanguage))),
		ID: c.ID(ref), Title: c.Title(ref), Path: c.str(u32(rec, rulePath)), Index: int(u32(rec, ruleIndex)),
		Level: c.Level(ref), Category: c.Category(ref), Content: c.str(u32(rec, ruleContent)),
	}
	l := c.list(ref)
	r.Techniques = c.strings(l.next())
	r.Tactics = c.strings(l.next())
	for e := range c.RuleEvents(ref) {
		r.Events = append(r.Events, e)
	}
	for row := range c.IndicatorRows(ref) {
		r.Indicators = append(r.Indicators, row.Key())
	}
	for clause, row := range c.ExclusionRows(ref) {
		for len(r.Exclusions) <= clause {
			r.Exclusions = append(r.Exclusions, nil)
		}
		r.Exclusions[clause] = append(r.Exclusions[clause], row.Key())
	}
	return r
}

func (c *Catalog) strings(w string) []string {
	var out []string
	for i := range len(w) / wordSize {
		out = append(out, c.str(u32(w, i)))
	}
	return out
}

// Rules iterates over all rules.
func (c *Catalog) Rules() iter.Seq[RuleRef] {
	return func(yield func(RuleRef) bool) {
		for ref := range RuleRef(c.Len()) {
			if !yield(ref) {
				return
			}
		}
	}
}
