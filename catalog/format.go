package catalog

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// A catalog file is little-endian and consists of 32-bit words, except for
// the text itself:
//
//	0   magic
//	8   format version
//	12  CRC-32C of everything from byte 16 on
//	16  size of the file
//	20  number of sections
//	24  offset and size, in bytes, of each section
//
// Strings are stored once, sorted, and named by their number everywhere else;
// so comparing two numbers compares the strings, and what is sorted by number
// is sorted by text. Records have a fixed size and are found by binary search.
// Lists (postings, what a rule holds) lie in two pools of words.
const (
	magic = "detlcat\n"
	// FormatVersion is the version of the file format that Builders write
	// and Open accepts. It changes with every change to the layout.
	FormatVersion = 2

	headerSize = 24 + 8*sectionCount
)

const (
	secInfo       = iota // date, ATT&CK version (strings), number of postings
	secText              // the bytes of all strings
	secStrings           // offset of each string in the text, and the end of the last
	secSources           // source records
	secRules             // rule records
	secLists             // what rules hold, see list
	secRows              // row records, sorted by field, operator, value
	secPostings          // rule numbers, ascending within each list
	secTechniques        // index records: technique ids
	secIDs               // index records: rule ids in lower case
	secContents          // index records: content hashes
	secEvents            // event records, sorted by provider, event
	sectionCount
)

// Sizes of records in bytes.
const (
	wordSize   = 4
	infoSize   = 3 * wordSize
	sourceSize = 7 * wordSize // name, vendor, commit, date, license, url, rules
	ruleSize   = ruleWords * wordSize
	rowSize    = 8 * wordSize // field, operator, value; indicator start, count; exclusion start, count; spelling
	indexSize  = 3 * wordSize // string; postings start, count
	eventSize  = 4 * wordSize // provider, event; postings start, count
)

// rowSpelling is the word of a row that has its spelling: twice the number of
// the string, 0 when there is none, and 1 more when it is one that is compared
// with regard to case.
const rowSpelling = 7

// Words of a rule record.
const (
	ruleSource = iota // number of the source
	ruleVendor        // from here on strings
	ruleLanguage
	ruleID
	ruleTitle
	rulePath
	ruleLevel
	ruleCategory
	ruleContent
	ruleIndex // number
	ruleLists // start in secLists, in words
	ruleWords
)

// recordSizes are the sizes that sections must be multiples of.
var recordSizes = [sectionCount]int{
	secInfo: infoSize, secText: 1, secStrings: wordSize, secSources: sourceSize, secRules: ruleSize, secLists: wordSize,
	secRows: rowSize, secPostings: wordSize, secTechniques: indexSize, secIDs: indexSize, secContents: indexSize,
	secEvents: eventSize,
}

func (c *Catalog) readHeader() error {
	if !strings.HasPrefix(c.data, magic) {
		return fmt.Errorf("%w: it does not start with %q", ErrFormat, magic)
	}
	if len(c.data) < len(magic)+wordSize {
		return fmt.Errorf("%w: it ends after %d bytes", ErrCorrupt, len(c.data))
	}
	if v := u32(c.data, 2); v != FormatVersion {
		return fmt.Errorf("%w: it has format %d, this detlint reads format %d", ErrVersion, v, FormatVersion)
	}
	if len(c.data) < headerSize {
		return fmt.Errorf("%w: it ends after %d bytes", ErrCorrupt, len(c.data))
	}
	if size := u32(c.data, 4); uint64(size) != uint64(len(c.data)) {
		return fmt.Errorf("%w: it has %d bytes and says %d", ErrCorrupt, len(c.data), size)
	}
	if n := u32(c.data, 5); n != sectionCount {
		return fmt.Errorf("%w: it has %d sections, expected %d", ErrCorrupt, n, sectionCount)
	}
	end := uint64(headerSize)
	for i := range c.sections {
		offset, size := uint64(u32(c.data, 6+2*i)), uint64(u32(c.data, 7+2*i))
		// Sections stand one after the other, so that none can be read twice
		// under two names.
		if offset != end || offset+size > uint64(len(c.data)) || size%uint64(recordSizes[i]) != 0 {
			return fmt.Errorf("%w: section %d does not fit (offset %d, %d bytes)", ErrCorrupt, i, offset, size)
		}
		end = offset + size
		c.sections[i] = c.data[offset:end]
	}
	if end != uint64(len(c.data)) {
		return fmt.Errorf("%w: %d bytes after the last section", ErrCorrupt, uint64(len(c.data))-end)
	}
	if len(c.sections[secInfo]) != infoSize || len(c.sections[secStrings]) == 0 {
		return fmt.Errorf("%w: it has no description", ErrCorrupt)
	}
	return nil
}

// u32 reads word i of s, and 0 where s has ended.
func u32(s string, i int) uint32 {
	at := i * wordSize
	if at < 0 || at+wordSize > len(s) {
		return 0
	}
	s = s[at : at+wordSize]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// str returns string number i, and an empty one when there is none.
func (c *Catalog) str(i uint32) string {
	offsets, text := c.sections[secStrings], c.sections[secText]
	if uint64(i)+1 >= uint64(len(offsets)/wordSize) {
		return ""
	}
	start, end := u32(offsets, int(i)), u32(offsets, int(i)+1)
	if start > end || uint64(end) > uint64(len(text)) {
		return ""
	}
	return text[start:end]
}

// number finds the number of a string.
func (c *Catalog) number(s string) (uint32, bool) {
	n := len(c.sections[secStrings])/wordSize - 1
	from, to := c.around(s, n)
	i := from + sort.Search(to-from, func(i int) bool { return c.str(uint32(from+i)) >= s })
	if i < n && c.str(uint32(i)) == s {
		return uint32(i), true
	}
	return 0, false
}

// sampled is how far apart the strings are whose beginnings are known.
const sampled = 16

// around returns the numbers between which a string is, if it is there. Most
// steps of a search would look at texts far apart; the beginnings of some of
// them lie close together.
func (c *Catalog) around(s string, n int) (from, to int) {
	c.sample.Do(func() {
		c.beginnings = make([]uint64, 0, n/sampled+1)
		for i := 0; i < n; i += sampled {
			c.beginnings = append(c.beginnings, beginning(c.str(uint32(i))))
		}
	})
	want := beginning(s)
	first, _ := slices.BinarySearch(c.beginnings, want)
	after := first + sort.Search(len(c.beginnings)-first, func(i int) bool { return c.beginnings[first+i] > want })
	return max(first-1, 0) * sampled, min(after*sampled, n)
}

// beginning orders strings as their first bytes do.
func beginning(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

// word is number for fields and operators, which it remembers. Words that the
// catalog does not have are not remembered: there is no end to them.
func (c *Catalog) word(s string) (uint32, bool) {
	if n, ok := c.words.Load(s); ok {
		return n.(uint32), true
	}
	n, ok := c.number(s)
	if ok {
		c.words.Store(s, n)
	}
	return n, ok
}

// search finds the record of a sorted section whose first words are key.
func search(section string, size int, key ...uint32) (record string, at int, ok bool) {
	n := len(section) / size
	at = sort.Search(n, func(i int) bool { return compare(section[i*size:], key) >= 0 })
	if at == n || compare(section[at*size:], key) != 0 {
		return "", at, false
	}
	return section[at*size : (at+1)*size], at, true
}

func compare(record string, key []uint32) int {
	for i, want := range key {
		if got := u32(record, i); got != want {
			if got < want {
				return -1
			}
			return 1
		}
	}
	return 0
}

// words returns n words of a pool from start on, and none when they are not
// all there.
func words(pool string, start, n uint32) string {
	from, to := uint64(start)*wordSize, (uint64(start)+uint64(n))*wordSize
	if to > uint64(len(pool)) {
		return ""
	}
	return pool[from:to]
}

// record returns record i of a section, and an empty one when there is none.
func record(section string, size int, i uint32) string {
	from := uint64(i) * uint64(size)
	if from >= uint64(len(section)) {
		return ""
	}
	return section[from : from+uint64(size)]
}

// list reads what one rule holds: a count and as many strings of techniques,
// the same of tactics, of events (numbers of event records), of indicators
// (numbers of rows), and of clauses, each again a count and as many rows.
type list struct {
	pool string
	at   uint32
	bad  bool
}

func (c *Catalog) list(ref RuleRef) list {
	rec := c.ruleRecord(ref)
	return list{pool: c.sections[secLists], at: u32(rec, ruleLists), bad: rec == ""}
}

// count reads the number of elements that follow.
func (l *list) count() uint32 {
	w := words(l.pool, l.at, 1)
	if l.bad || w == "" {
		l.bad = true
		return 0
	}
	l.at++
	return u32(w, 0)
}

// next reads a count and the words that it counts.
func (l *list) next() string {
	n := l.count()
	w := words(l.pool, l.at, n)
	if l.bad || uint64(len(w)) != uint64(n)*wordSize {
		l.bad = true
		return ""
	}
	l.at += n
	return w
}
