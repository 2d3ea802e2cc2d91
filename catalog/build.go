package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// MaxValue is the length, in characters, above which a catalog keeps only a
// hash of a value: such values are scripts and certificates, and a catalog
// holds no rule text.
const MaxValue = 200

// Stored is the form in which a catalog keeps a comparison: the row it is filed
// under, and a hash of a long value. Look-ups apply it by themselves.
func Stored(k normalize.Key) normalize.Key {
	k = normalize.Row(k)
	if len(k.Value) > MaxValue && utf8.RuneCountInString(k.Value) > MaxValue {
		sum := sha256.Sum256([]byte(k.Value))
		k.Value = hashPrefix + hex.EncodeToString(sum[:hashBytes])
	}
	return k
}

const (
	hashPrefix = "sha256:"
	hashBytes  = 16
)

// IsHash reports whether a value of a catalog stands for one that is longer
// than MaxValue.
func IsHash(value string) bool {
	hash, ok := strings.CutPrefix(value, hashPrefix)
	return ok && len(hash) == 2*hashBytes && strings.Trim(hash, "0123456789abcdef") == ""
}

// Builder collects rules and writes them as a catalog.
type Builder struct {
	date    string
	sources []Source
	rules   []Rule
	err     error
}

// NewBuilder starts an empty catalog. The date goes into the file as it is;
// the clock is never asked, so that the same rules give the same bytes.
func NewBuilder(date string) *Builder { return &Builder{date: date} }

// AddSource adds a corpus and returns its number for Rule.Source.
func (b *Builder) AddSource(s Source) int {
	s.Rules = 0
	b.sources = append(b.sources, s)
	return len(b.sources) - 1
}

// Add adds a rule. Its slices are copied. Duplicates within a list, empty
// strings in it and clauses without a comparison are left out. A rule that
// names no source of this Builder makes WriteTo fail.
func (b *Builder) Add(r Rule) {
	if r.Source < 0 || r.Source >= len(b.sources) {
		if b.err == nil {
			b.err = fmt.Errorf("rule %q of %s names source %d, there are %d", r.ID, r.Path, r.Source, len(b.sources))
		}
		return
	}
	r.Index = max(r.Index, 0)
	r.Content = r.Content[:min(len(r.Content), ContentLength)]
	techniques := make([]string, 0, len(r.Techniques))
	for _, id := range r.Techniques {
		techniques = append(techniques, attack.Default().CurrentID(id))
	}
	r.Techniques = sortedSet(techniques, strings.Compare)
	r.Tactics = sortedSet(slices.Clone(r.Tactics), strings.Compare)
	r.Events = sortedSet(slices.Clone(r.Events), compareEvents)
	indicators := make([]normalize.Key, 0, len(r.Indicators))
	for _, k := range r.Indicators {
		indicators = append(indicators, Stored(k))
	}
	r.Indicators = sortedSet(indicators, compareKeys)
	var clauses [][]normalize.Key
	for _, given := range r.Exclusions {
		var clause []normalize.Key
		for _, k := range given {
			if k = Stored(k); !slices.Contains(clause, k) {
				clause = append(clause, k)
			}
		}
		if len(clause) > 0 {
			clauses = append(clauses, clause)
		}
	}
	r.Exclusions = clauses
	written := make([]Spelling, 0, len(r.Spellings))
	for _, s := range r.Spellings {
		if s.Key = Stored(s.Key); s.Text != "" && strings.ToLower(s.Text) == s.Key.Value {
			written = append(written, s)
		}
	}
	r.Spellings = sortedSet(written, compareSpellings)
	b.rules = append(b.rules, r)
}

// AddCatalog adds all sources and rules of another catalog: several catalogs
// are used as one by building one of them. A rule that is there already, with
// the same vendor and id or with the same content, is not added again: catalogs
// overlap, and a rule that stands in two of them is still one.
func (b *Builder) AddCatalog(c *Catalog) {
	type name struct {
		vendor rule.Vendor
		id     string
	}
	ids, contents := map[name]bool{}, map[string]bool{}
	for i := range b.rules {
		ids[name{b.rules[i].Vendor, strings.ToLower(b.rules[i].ID)}] = true
		contents[b.rules[i].Content] = true
	}
	first := len(b.sources)
	for _, s := range c.Info().Sources {
		b.AddSource(s)
	}
	for ref := range c.Rules() {
		r := c.Rule(ref)
		if r.ID != "" && ids[name{r.Vendor, strings.ToLower(r.ID)}] || r.Content != "" && contents[r.Content] {
			continue
		}
		r.Source += first
		r.Spellings = c.spellings(&r)
		b.Add(r)
	}
}

// WriteTo writes the catalog. It can be called more than once.
func (b *Builder) WriteTo(w io.Writer) (int64, error) {
	if b.err != nil {
		return 0, fmt.Errorf("build catalog: %w", b.err)
	}
	sources, rules := b.sorted()
	data, err := newEncoder(b.date, sources, rules).encode()
	if err != nil {
		return 0, fmt.Errorf("build catalog: %w", err)
	}
	n, err := w.Write(data)
	if err != nil {
		return int64(n), fmt.Errorf("write catalog: %w", err)
	}
	return int64(n), nil
}

// sorted returns sources and rules in an order that does not depend on the
// one they came in. Sources that are the same in everything become one.
func (b *Builder) sorted() ([]Source, []Rule) {
	sources := slices.Clone(b.sources)
	slices.SortFunc(sources, compareSources)
	sources = slices.Compact(sources)
	rules := slices.Clone(b.rules)
	for i := range rules {
		n, _ := slices.BinarySearchFunc(sources, b.sources[rules[i].Source], compareSources)
		rules[i].Source = n
		sources[n].Rules++
	}
	slices.SortFunc(rules, compareRules)
	return sources, rules
}

// sortedSet sorts a list in place and drops duplicates and zero elements. An
// empty list is nil.
func sortedSet[E comparable](list []E, compare func(a, b E) int) []E {
	var zero E
	list = slices.DeleteFunc(list, func(e E) bool { return e == zero })
	slices.SortFunc(list, compare)
	if list = slices.Compact(list); len(list) == 0 {
		return nil
	}
	return list
}

func compareSources(a, b Source) int {
	return cmp.Or(
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Commit, b.Commit),
		cmp.Compare(a.Date, b.Date), cmp.Compare(a.License, b.License), cmp.Compare(a.URL, b.URL),
	)
}

func compareEvents(a, b normalize.Event) int {
	return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Event, b.Event))
}

func compareKeys(a, b normalize.Key) int {
	return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Value, b.Value))
}

func compareSpellings(a, b Spelling) int {
	return cmp.Or(compareKeys(a.Key, b.Key), cmp.Compare(a.Text, b.Text), compareBools(a.Cased, b.Cased))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// compareRules is a total order: rules that it calls equal are written the
// same way.
func compareRules(a, b Rule) int {
	if c := cmp.Or(
		cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Index, b.Index),
	); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Language, b.Language), cmp.Compare(a.Title, b.Title),
		cmp.Compare(a.Level, b.Level), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Content, b.Content),
		slices.Compare(a.Techniques, b.Techniques), slices.Compare(a.Tactics, b.Tactics),
		slices.CompareFunc(a.Events, b.Events, compareEvents),
		slices.CompareFunc(a.Indicators, b.Indicators, compareKeys),
		slices.CompareFunc(a.Exclusions, b.Exclusions, func(x, y []normalize.Key) int {
			return slices.CompareFunc(x, y, compareKeys)
		}),
		slices.CompareFunc(a.Spellings, b.Spellings, compareSpellings),
	)
}
