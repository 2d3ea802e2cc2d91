package catalog

import (
	"fmt"
	"strings"
)

// tally compares the postings of a section with their uses. Rules are gone
// through in ascending order, so the next use of a record must be its next
// posting.
type tally struct {
	c       *Catalog
	name    string
	section int
	column  int      // of the postings in a record
	next    []uint32 // per record: postings that were met
}

func (c *Catalog) tally(name string, section, column int) *tally {
	return &tally{c, name, section, column, make([]uint32, len(c.sections[section])/recordSizes[section])}
}

// use notes that a rule uses a record, once or more often.
func (t *tally) use(i uint32, ref RuleRef) error {
	if uint64(i) < uint64(len(t.next)) {
		p := t.c.postings(record(t.c.sections[t.section], recordSizes[t.section], i), t.column)
		met := int(t.next[i])
		if met > 0 && u32(p.refs, met-1) == uint32(ref) {
			return nil
		}
		if met < p.Len() && u32(p.refs, met) == uint32(ref) {
			t.next[i]++
			return nil
		}
	}
	return fmt.Errorf("%s %d does not know rule %d", t.name, i, ref)
}

// done returns the number of uses, and fails when a record has postings that
// no rule accounts for.
func (t *tally) done() (uses uint32, err error) {
	for i, met := range t.next {
		rec := record(t.c.sections[t.section], recordSizes[t.section], uint32(i))
		if n := u32(rec, t.column+1); n != met {
			return 0, fmt.Errorf("%s %d has %d postings, %d rules use it", t.name, i, n, met)
		}
		uses += met
	}
	return uses, nil
}

// byString is a tally of a section of index records, told by the number of
// their string.
type byString struct {
	*tally
	record map[uint32]uint32
}

func (c *Catalog) byString(name string, section int) byString {
	t := byString{c.tally(name, section, 1), map[uint32]uint32{}}
	for i, rec := range c.each(section) {
		t.record[u32(rec, 0)] = uint32(i)
	}
	return t
}

func (t byString) use(s uint32, ref RuleRef) error {
	i, ok := t.record[s]
	if !ok {
		return fmt.Errorf("%s %q of rule %d is not in the index", t.name, t.c.str(s), ref)
	}
	return t.tally.use(i, ref)
}

// verifyUses compares what rules hold with all postings: there is one for
// each use, and none besides.
func (c *Catalog) verifyUses() error {
	indicators, exclusions := c.tally("indicator row", secRows, 3), c.tally("exclusion row", secRows, 5)
	events, techniques := c.tally("event", secEvents, 2), c.byString("technique", secTechniques)
	ids, contents := c.byString("id", secIDs), c.byString("content", secContents)

	var failed error
	note := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	for ref := range c.Rules() {
		l := c.list(ref)
		all := func(use func(uint32, RuleRef) error) {
			w := l.next()
			for i := range len(w) / wordSize {
				note(use(u32(w, i), ref))
			}
		}
		all(techniques.use)
		l.next() // tactics have no postings
		all(events.use)
		all(indicators.use)
		for n := l.count(); n > 0 && !l.bad; n-- {
			all(exclusions.use)
		}
		rec := c.ruleRecord(ref)
		if id := c.ID(ref); id != "" {
			n := u32(rec, ruleID)
			if lower := strings.ToLower(id); lower != id {
				n, _ = c.number(lower)
			}
			note(ids.use(n, ref))
		}
		if n := u32(rec, ruleContent); c.str(n) != "" {
			note(contents.use(n, ref))
		}
		if failed != nil {
			return failed
		}
	}
	var uses uint32
	for _, t := range []*tally{indicators, exclusions, events, techniques.tally, ids.tally, contents.tally} {
		n, err := t.done()
		if err != nil {
			return err
		}
		if t.section == secRows {
			uses += n
		}
	}
	if said := u32(c.sections[secInfo], 2); said != uses {
		return fmt.Errorf("it has %d uses and says %d", uses, said)
	}
	return nil
}
