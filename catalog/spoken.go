package catalog

import (
	"encoding/binary"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/attack"
)

// spoken has the techniques of a catalog by the ids of other tables than the
// ones that it was built with.
type spoken struct {
	tables *attack.Tables
	ids    []string // sorted
	rules  map[string]Postings
	now    map[string]string // from the ids of the file
}

// In returns the catalog with its techniques under the current ids of other
// tables. It is filed under those of the embedded tables: where these made one
// technique of several that the others still have, its rules are under the one
// that attack.Tables.In leads to.
func (c *Catalog) In(tables *attack.Tables) *Catalog {
	if c == nil || tables == c.Tables() {
		return c
	}
	s := &spoken{tables: tables, rules: map[string]Postings{}, now: map[string]string{}}
	before, _ := attack.Default().In(attack.Older) // the embedded tables know it
	refs := map[string][]uint32{}
	for _, id := range c.filed() {
		now := tables.CurrentID(id)
		if _, ok := tables.Lookup(id); !ok {
			if then, ok := tables.Lookup(before.CurrentID(id)); ok {
				now = tables.CurrentID(then.ID)
			}
		}
		s.now[id] = now
		for ref := range c.index(secTechniques, id).All() {
			refs[now] = append(refs[now], uint32(ref))
		}
	}
	for id, list := range refs {
		slices.Sort(list)
		var words strings.Builder
		for _, ref := range slices.Compact(list) {
			var word [wordSize]byte
			binary.LittleEndian.PutUint32(word[:], ref)
			words.Write(word[:])
		}
		s.rules[id] = Postings{refs: words.String(), rules: uint32(c.Len())}
	}
	s.ids = slices.Sorted(maps.Keys(s.rules))
	return &Catalog{data: c.data, sections: c.sections, spoken: s}
}

// Tables are those whose ids the catalog's techniques have.
func (c *Catalog) Tables() *attack.Tables {
	if c == nil || c.spoken == nil {
		return attack.Default()
	}
	return c.spoken.tables
}

// techniques are those of a rule, sorted.
func (s *spoken) techniques(c *Catalog, ref RuleRef) iter.Seq[string] {
	var ids []string
	for id := range c.filedTechniques(ref) {
		ids = append(ids, s.now[id])
	}
	slices.Sort(ids)
	return slices.Values(slices.Compact(ids))
}
