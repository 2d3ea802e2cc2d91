package catalog

import (
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Postings are the rules that share something: a set of rule numbers. The
// zero value is empty. Asking and iterating allocate nothing.
type Postings struct {
	refs  string // words, ascending
	rules uint32 // refs from here on do not exist
}

func (c *Catalog) postings(record string, at int) Postings {
	return Postings{
		refs:  words(c.sections[secPostings], u32(record, at), u32(record, at+1)),
		rules: uint32(c.Len()),
	}
}

// Len is the number of rules.
func (p Postings) Len() int { return len(p.refs) / wordSize }

// All iterates over the rules in ascending order.
func (p Postings) All() iter.Seq[RuleRef] {
	return func(yield func(RuleRef) bool) {
		for i := range p.Len() {
			if ref := u32(p.refs, i); ref < p.rules && !yield(RuleRef(ref)) {
				return
			}
		}
	}
}

// Contains reports whether a rule is among them.
func (p Postings) Contains(ref RuleRef) bool {
	n := p.Len()
	i := sort.Search(n, func(i int) bool { return u32(p.refs, i) >= uint32(ref) })
	return i < n && u32(p.refs, i) == uint32(ref) && uint32(ref) < p.rules
}

// Row is one comparison and the rules that use it. Rows of one catalog can be
// compared and used as map keys; the zero Row is used by no rule.
type Row struct {
	c *Catalog
	i uint32
}

// Row finds the row of a comparison.
func (c *Catalog) Row(k normalize.Key) (Row, bool) {
	k = Stored(k)
	field, ok1 := c.word(k.Field)
	operator, ok2 := c.word(string(k.Operator))
	if !ok1 || !ok2 {
		return Row{}, false
	}
	value, ok3 := c.number(k.Value)
	if !ok3 {
		return Row{}, false
	}
	_, at, ok := search(c.sections[secRows], rowSize, field, operator, value)
	if !ok {
		return Row{}, false
	}
	return Row{c, uint32(at)}, true
}

// Rows iterates over all rows, sorted by field, operator and value.
func (c *Catalog) Rows() iter.Seq[Row] {
	return c.rowRange(0, len(c.sections[secRows])/rowSize)
}

// Field iterates over the rows of one canonical field, sorted by operator and
// value.
func (c *Catalog) Field(field string) iter.Seq[Row] {
	f, ok := c.number(field)
	if !ok {
		return c.rowRange(0, 0)
	}
	_, from, _ := search(c.sections[secRows], rowSize, f)
	_, to, _ := search(c.sections[secRows], rowSize, f+1)
	return c.rowRange(from, to)
}

func (c *Catalog) rowRange(from, to int) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for i := from; i < to; i++ {
			if !yield(Row{c, uint32(i)}) {
				return
			}
		}
	}
}

// Number is the place of the row among Rows, from 0.
func (r Row) Number() int { return int(r.i) }

// RowAt is the row with a number below Info.Rows.
func (c *Catalog) RowAt(number int) Row { return Row{c, uint32(number)} }

func (r Row) record() string {
	if r.c == nil {
		return ""
	}
	return r.c.rowRecord(r.i)
}

func (c *Catalog) rowRecord(i uint32) string {
	return record(c.sections[secRows], rowSize, i)
}

// Key is the comparison.
func (r Row) Key() normalize.Key {
	rec := r.record()
	if rec == "" {
		return normalize.Key{}
	}
	return normalize.Key{
		Field: r.c.str(u32(rec, 0)), Operator: rule.Operator(r.c.str(u32(rec, 1))), Value: r.c.str(u32(rec, 2)),
	}
}

// Field is the field of the comparison.
func (r Row) Field() string {
	rec := r.record()
	if rec == "" {
		return ""
	}
	return r.c.str(u32(rec, 0))
}

// Indicator are the rules that use the comparison as an indicator: positively
// and not as a selector.
func (r Row) Indicator() Postings {
	rec := r.record()
	if rec == "" {
		return Postings{}
	}
	return r.c.postings(rec, 3)
}

// Exclusion are the rules that have the comparison in an exclusion clause.
func (r Row) Exclusion() Postings {
	rec := r.record()
	if rec == "" {
		return Postings{}
	}
	return r.c.postings(rec, 5)
}

// Indicator are the rules that use a comparison as an indicator. Its length
// is the reach of the comparison.
func (c *Catalog) Indicator(k normalize.Key) Postings {
	row, _ := c.Row(k)
	return row.Indicator()
}

// Exclusion are the rules that exclude a comparison. ExclusionRows tells in
// which clause.
func (c *Catalog) Exclusion(k normalize.Key) Postings {
	row, _ := c.Row(k)
	return row.Exclusion()
}

// index finds the postings of a string in a section of index records.
func (c *Catalog) index(section int, s string) Postings {
	n, ok := c.number(s)
	if !ok {
		return Postings{}
	}
	rec, _, ok := search(c.sections[section], indexSize, n)
	if !ok {
		return Postings{}
	}
	return c.postings(rec, 1)
}

// Technique are the rules of a technique, without those of its
// sub-techniques. A retired id finds the rules of its current successor, under
// which they are filed.
func (c *Catalog) Technique(id string) Postings {
	if s := c.spoken; s != nil {
		return s.rules[s.tables.CurrentID(id)]
	}
	return c.index(secTechniques, attack.Default().CurrentID(id))
}

// Techniques lists the techniques that have rules, sorted, so that the
// sub-techniques of a technique follow it.
func (c *Catalog) Techniques() []string {
	if c.spoken != nil {
		return c.spoken.ids
	}
	return c.filed()
}

// filed lists the techniques as they are filed.
func (c *Catalog) filed() []string {
	section := c.sections[secTechniques]
	ids := make([]string, 0, len(section)/indexSize)
	for at := 0; at < len(section); at += indexSize {
		ids = append(ids, c.str(u32(section[at:], 0)))
	}
	return ids
}

// ByID are the rules with an id, in upper or lower case. An empty id finds
// nothing.
func (c *Catalog) ByID(id string) Postings {
	if id == "" {
		return Postings{}
	}
	return c.index(secIDs, strings.ToLower(id))
}

// ByContent are the rules with the same content hash, whatever their ids.
func (c *Catalog) ByContent(hash string) Postings {
	if hash == "" {
		return Postings{}
	}
	return c.index(secContents, hash[:min(len(hash), ContentLength)])
}

// Event are the rules that cover exactly this event. The event "*" of a
// provider is an event of its own.
func (c *Catalog) Event(e normalize.Event) Postings {
	provider, ok1 := c.number(e.Provider)
	event, ok2 := c.number(e.Event)
	if !ok1 || !ok2 {
		return Postings{}
	}
	rec, _, ok := search(c.sections[secEvents], eventSize, provider, event)
	if !ok {
		return Postings{}
	}
	return c.postings(rec, 2)
}

// Events iterates over all events that rules cover, sorted by provider and
// event, with those rules.
func (c *Catalog) Events() iter.Seq2[normalize.Event, Postings] {
	return func(yield func(normalize.Event, Postings) bool) {
		section := c.sections[secEvents]
		for at := 0; at < len(section); at += eventSize {
			rec := section[at : at+eventSize]
			if !yield(c.event(rec), c.postings(rec, 2)) {
				return
			}
		}
	}
}

func (c *Catalog) event(record string) normalize.Event {
	return normalize.Event{Provider: c.str(u32(record, 0)), Event: c.str(u32(record, 1))}
}

// Reach is how widely a comparison is used.
type Reach struct {
	Rules   int
	Vendors []rule.Vendor // sorted
}

// Reach counts the rules, and names the vendors, that use a comparison as an
// indicator. The rules of without are left out: a rule is not its own peer.
func (c *Catalog) Reach(k normalize.Key, without ...RuleRef) Reach {
	var r Reach
	for ref := range c.Indicator(k).All() {
		if slices.Contains(without, ref) {
			continue
		}
		r.Rules++
		// Rules are numbered by vendor first, so vendors come in order.
		if v := c.Vendor(ref); len(r.Vendors) == 0 || r.Vendors[len(r.Vendors)-1] != v {
			r.Vendors = append(r.Vendors, v)
		}
	}
	return r
}
