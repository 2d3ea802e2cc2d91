package catalog

import (
	"fmt"
	"hash/crc32"
	"strings"
)

// Verify reads the whole catalog and fails with ErrCorrupt when anything in it
// is not as a Builder writes it: the checksum, an order, a number that leads
// nowhere, a use of a comparison that the rule does not have. It takes time
// linear in the size of the file.
func (c *Catalog) Verify() error {
	if got, want := crc32.Checksum([]byte(c.data[16:]), castagnoli), u32(c.data, 3); got != want {
		return fmt.Errorf("%w: its checksum is %08x, it says %08x", ErrCorrupt, got, want)
	}
	for _, check := range []func() error{
		c.verifyStrings, c.verifySources, c.verifyRecords, c.verifyRules, c.verifyUses,
	} {
		if err := check(); err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
	}
	return nil
}

func (c *Catalog) verifyStrings() error {
	offsets, text := c.sections[secStrings], c.sections[secText]
	n := int(c.stringCount())
	if u32(offsets, 0) != 0 || int(u32(offsets, n)) != len(text) {
		return fmt.Errorf("the strings do not fill the text")
	}
	for i := range n {
		if u32(offsets, i) > u32(offsets, i+1) {
			return fmt.Errorf("string %d ends before it starts", i)
		}
	}
	for i := 1; i < n; i++ {
		if c.str(uint32(i-1)) >= c.str(uint32(i)) {
			return fmt.Errorf("string %d is out of order", i)
		}
	}
	return c.verifyStringNumbers(c.sections[secInfo], 0, 1)
}

func (c *Catalog) verifyStringNumbers(rec string, columns ...int) error {
	n := c.stringCount()
	for _, at := range columns {
		if s := u32(rec, at); s >= n {
			return fmt.Errorf("string %d of %d is named", s, n)
		}
	}
	return nil
}

func (c *Catalog) stringCount() uint32 { return uint32(len(c.sections[secStrings])/wordSize - 1) }

func (c *Catalog) verifySources() error {
	for i, s := range c.each(secSources) {
		if err := c.verifyStringNumbers(s, 0, 1, 2, 3, 4, 5); err != nil {
			return fmt.Errorf("source %d: %w", i, err)
		}
	}
	return nil
}

// each cuts a section into its records.
func (c *Catalog) each(section int) []string {
	size := recordSizes[section]
	out := make([]string, 0, len(c.sections[section])/size)
	for s := c.sections[section]; s != ""; s = s[size:] {
		out = append(out, s[:size])
	}
	return out
}

// verifyRecords looks at every section whose records are found by binary
// search: strings in order, then places of postings.
func (c *Catalog) verifyRecords() error {
	// Lists follow each other in the order of their records; besides being how
	// it is written, that keeps a file from naming one long list many times.
	at := uint32(0)
	for _, t := range []struct {
		name         string
		section      int
		keys         int
		postingLists []int
	}{
		{"row", secRows, 3, []int{3, 5}},
		{"technique", secTechniques, 1, []int{1}},
		{"id", secIDs, 1, []int{1}},
		{"content", secContents, 1, []int{1}},
		{"event", secEvents, 2, []int{2}},
	} {
		columns := []int{0, 1, 2}[:t.keys]
		key, last := make([]uint32, t.keys), ""
		for i, rec := range c.each(t.section) {
			if err := c.verifyStringNumbers(rec, columns...); err != nil {
				return fmt.Errorf("%s %d: %w", t.name, i, err)
			}
			for at := range key {
				key[at] = u32(rec, at)
			}
			if last != "" && compare(last, key) >= 0 {
				return fmt.Errorf("%s %d is out of order", t.name, i)
			}
			last = rec
			if t.section == secRows {
				if s := u32(rec, rowSpelling) >> 1; s >= c.stringCount() || s > 0 && strings.ToLower(c.str(s)) != c.str(key[2]) {
					return fmt.Errorf("row %d is spelled as another value", i)
				}
			}
			for _, column := range t.postingLists {
				if u32(rec, column) != at {
					return fmt.Errorf("%s %d: its postings do not begin where the ones before end", t.name, i)
				}
				if err := c.verifyPostings(rec, column); err != nil {
					return fmt.Errorf("%s %d: %w", t.name, i, err)
				}
				at += u32(rec, column+1)
			}
		}
	}
	if int(at) != len(c.sections[secPostings])/wordSize {
		return fmt.Errorf("the postings do not fill their section")
	}
	return nil
}

func (c *Catalog) verifyPostings(rec string, at int) error {
	start, n := u32(rec, at), u32(rec, at+1)
	p := c.postings(rec, at)
	if p.Len() != int(n) {
		return fmt.Errorf("postings %d to %d are not there", start, uint64(start)+uint64(n))
	}
	last := int64(-1)
	for i := range p.Len() {
		ref := int64(u32(p.refs, i))
		if ref <= last || ref >= int64(c.Len()) {
			return fmt.Errorf("rule %d is out of order or does not exist", ref)
		}
		last = ref
	}
	return nil
}

func (c *Catalog) verifyRules() error {
	sources := uint32(len(c.sections[secSources]) / sourceSize)
	counts := make([]uint32, sources)
	at := uint32(0)
	for i, rec := range c.each(secRules) {
		if err := c.verifyStringNumbers(rec, ruleVendor, ruleLanguage, ruleID, ruleTitle, rulePath, ruleLevel,
			ruleCategory, ruleContent); err != nil {
			return fmt.Errorf("rule %d: %w", i, err)
		}
		if s := u32(rec, ruleSource); s >= sources {
			return fmt.Errorf("rule %d names source %d of %d", i, s, sources)
		}
		counts[u32(rec, ruleSource)]++
		if u32(rec, ruleLists) != at {
			return fmt.Errorf("what rule %d holds does not begin where the one before ends", i)
		}
		end, err := c.verifyLists(RuleRef(i))
		if err != nil {
			return fmt.Errorf("rule %d: %w", i, err)
		}
		at = end
	}
	if int(at) != len(c.sections[secLists])/wordSize {
		return fmt.Errorf("what rules hold does not fill its section")
	}
	for i, s := range c.each(secSources) {
		if u32(s, 6) != counts[i] {
			return fmt.Errorf("source %d has %d rules and says %d", i, counts[i], u32(s, 6))
		}
	}
	return nil
}

func (c *Catalog) verifyLists(ref RuleRef) (end uint32, err error) {
	l := c.list(ref)
	rows := uint32(len(c.sections[secRows]) / rowSize)
	below := func(limit uint32) {
		w := l.next()
		for i := range len(w) / wordSize {
			l.bad = l.bad || u32(w, i) >= limit
		}
	}
	below(c.stringCount())
	below(c.stringCount())
	below(uint32(len(c.sections[secEvents]) / eventSize))
	below(rows)
	for n := l.count(); n > 0 && !l.bad; n-- {
		below(rows)
	}
	if l.bad {
		return 0, fmt.Errorf("a list ends early or leads nowhere")
	}
	return l.at, nil
}
