// Package catalog is what detlint knows of other people's rules: an inverted
// index from a comparison (canonical field, operator, folded value) to the
// rules that use it, as an indicator or as an exclusion, together with the
// techniques and events of those rules. It holds no rule text and no query.
//
// A catalog is one file, made by a Builder and read in place: opening it
// checks the header and decodes nothing, a look-up is a few binary searches,
// and the strings that are handed out are parts of the file. The order in
// which a Builder was fed leaves no trace in the bytes. format.go describes
// the layout.
//
// A damaged or hostile file can make a look-up come back empty or incomplete,
// never panic. Verify finds such damage; OpenFile calls it.
//
// Catalogs are immutable and safe for concurrent use.
package catalog

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Source is one corpus of rules that a catalog was built from.
type Source struct {
	Name    string      `json:"name"` // SigmaHQ/sigma
	Vendor  rule.Vendor `json:"vendor"`
	Commit  string      `json:"commit"`
	Date    string      `json:"date"` // of the commit
	License string      `json:"license"`
	// URL is the folder of that commit that rule paths are relative to, such
	// as https://github.com/SigmaHQ/sigma/blob/8eaafff1; see Catalog.URL.
	URL string `json:"url"`
	// Rules counts the source's rules in the catalog. A Builder counts by
	// itself and ignores what is given.
	Rules int `json:"rules"`
}

// Rule is what the catalog keeps of a rule.
type Rule struct {
	Source   int // index into Info.Sources, or what AddSource returned
	Vendor   rule.Vendor
	Language rule.Language
	ID       string // empty when the rule has none
	Title    string
	Path     string // relative to the source
	Index    int    // counts the rules of a file from 0
	Level    rule.Level
	// Category is the kind of events the rule looks at, in words of its
	// vendor's own (process_creation).
	Category string
	// Content is a hash of the rule's text, by which a copy of it under
	// another id is known. Builders cut it to ContentLength bytes.
	Content string
	// Techniques are upper-case ids, sorted. Builders replace retired ones by
	// their current successors.
	Techniques []string
	Tactics    []string // ATT&CK short names, sorted
	Events     []normalize.Event
	// Indicators are the positive comparisons that are no selectors, sorted.
	Indicators []normalize.Key
	// Exclusions are the clauses of comparisons under a top-level negation.
	Exclusions [][]normalize.Key
	// Spellings are how the rule writes values of them, as far as that is known.
	// A Builder makes one of all rules' for each comparison, which
	// Catalog.Spelling has; rules that are read from a catalog have none.
	Spellings []Spelling
}

// ContentLength is how many bytes of Rule.Content are kept: 64 bits in
// hexadecimal.
const ContentLength = 16

// RuleRef is the number of a rule in one catalog, below Info.Rules. Rules are
// numbered in the order of vendor, id, path and index.
type RuleRef uint32

// Info says what a catalog holds and where it came from.
type Info struct {
	FormatVersion int      `json:"format_version"`
	Date          string   `json:"date"`   // given to NewBuilder
	Attack        string   `json:"attack"` // version of ATT&CK that technique ids were mapped to
	Sources       []Source `json:"sources"`
	Rules         int      `json:"rules"`
	Rows          int      `json:"rows"`       // distinct comparisons
	Postings      int      `json:"postings"`   // uses of a comparison by a rule
	Techniques    int      `json:"techniques"` // distinct
	Events        int      `json:"events"`     // distinct
	Size          int      `json:"size"`       // of the file, in bytes
}

// Catalog is an open catalog.
type Catalog struct {
	data     string
	sections [sectionCount]string
	// words has the numbers of fields and operators, which every look-up
	// asks for and of which there are few.
	words sync.Map // string to uint32
	// beginnings are those of every sixteenth string, once sample has run.
	beginnings []uint64
	sample     sync.Once
	// spoken is set by In.
	spoken *spoken
}

// Errors of Open. They are wrapped with what was found.
var (
	ErrFormat  = errors.New("not a detlint catalog")
	ErrVersion = errors.New("unsupported catalog format")
	ErrCorrupt = errors.New("damaged catalog")
)

// Open makes a catalog of the content of a file, without copying or decoding
// it. It fails with ErrFormat, ErrVersion or ErrCorrupt, the last when the
// file is shorter or longer than it says or its parts do not fit. It does not
// look at the parts themselves; Verify does.
func Open(data string) (*Catalog, error) {
	c := &Catalog{data: data}
	if err := c.readHeader(); err != nil {
		return nil, err
	}
	return c, nil
}

// OpenFile reads a catalog from a file and verifies it.
func OpenFile(path string) (*Catalog, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read catalog: %w", err)
	}
	c, err := Open(string(data))
	if err == nil {
		err = c.Verify()
	}
	if err != nil {
		return nil, fmt.Errorf("open catalog %q: %w", path, err)
	}
	return c, nil
}

//go:embed default.bin
var defaultData string

var defaultCatalog = sync.OnceValues(func() (*Catalog, error) {
	c, err := Open(defaultData)
	if err != nil {
		return nil, fmt.Errorf("open the embedded catalog: %w", err)
	}
	return c, nil
})

// Default returns the catalog that is compiled into the binary. It is not
// verified at run time; a test does that.
func Default() (*Catalog, error) { return defaultCatalog() }

// Info describes the catalog.
func (c *Catalog) Info() Info {
	head := c.sections[secInfo]
	info := Info{
		FormatVersion: FormatVersion,
		Date:          c.str(u32(head, 0)), Attack: c.str(u32(head, 1)),
		Rules: c.Len(), Rows: len(c.sections[secRows]) / rowSize, Postings: int(u32(head, 2)),
		Techniques: len(c.sections[secTechniques]) / indexSize,
		Events:     len(c.sections[secEvents]) / eventSize,
		Size:       len(c.data),
	}
	if s := c.spoken; s != nil {
		info.Attack, info.Techniques = s.tables.Version, len(s.ids)
	}
	for at := 0; at < len(c.sections[secSources]); at += sourceSize {
		rec := c.sections[secSources][at:]
		info.Sources = append(info.Sources, Source{
			Name: c.str(u32(rec, 0)), Vendor: rule.Vendor(c.str(u32(rec, 1))), Commit: c.str(u32(rec, 2)),
			Date: c.str(u32(rec, 3)), License: c.str(u32(rec, 4)), URL: c.str(u32(rec, 5)), Rules: int(u32(rec, 6)),
		})
	}
	return info
}

// Len is the number of rules.
func (c *Catalog) Len() int { return len(c.sections[secRules]) / ruleSize }
