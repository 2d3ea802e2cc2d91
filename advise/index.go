package advise

import (
	"math"
	"strings"
	"sync"

	"github.com/detlint/detlint/attack"
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// index has what the rules of a catalog are compared by, as numbers. A rule is
// a list of features: what it looks for, the fields it does so by, what it
// excludes, its techniques, the words of its title and its events. Each kind of
// feature has a range of numbers.
type index struct {
	c     *catalog.Catalog
	rules int

	fieldNames []string
	fieldAt    map[string]uint32
	fieldOf    []uint32 // of each row
	path       []uint32 // of each field: itself, or the field of the path that it is the name in

	families   []uint32 // the field of each; of names, that of the path
	familyAt   map[family]uint32
	familyOf   []uint32 // of each row that is excluded, none elsewhere
	rowsOf     lists    // the rows of a family
	excludes   lists    // the families that a rule excludes by themselves
	written    lists    // the rows that it does so by
	excluders  lists    // the rules that exclude a family by itself
	exclFields lists    // the field of each comparison in an exclusion of a rule; of names, that of the path

	// Words, techniques and events are numbered together.
	words, techniques, events map[string]uint32
	nameWeight                []float64

	usual map[rule.Vendor]usual // and of all under ""

	platformBits map[string]uint64
	platforms    []uint64 // of each rule, a bit for each; none where nothing tells

	features lists     // of each rule
	users    lists     // rules, by feature
	weight   []float32 // of each feature, squared
	length   []float32 // of each rule's vector

	onSources sync.Map // source to *sourceFields
	homes     func() map[string][]home
	groups    func() *groups
	scratch   sync.Pool
}

// usual counts rules and the comparisons in their exclusions.
type usual struct{ rules, comparisons int }

const none = math.MaxUint32

// lists are lists of numbers, one after the other.
type lists struct{ starts, items []uint32 }

func (l *lists) of(i uint32) []uint32 { return l.items[l.starts[i]:l.starts[i+1]] }

func (l *lists) len() int { return len(l.starts) - 1 }

// close ends a list.
func (l *lists) close() { l.starts = append(l.starts, uint32(len(l.items))) }

// newLists begins n lists, with room for so many items in each.
func newLists(n, each int) lists {
	return lists{starts: make([]uint32, 1, n+1), items: make([]uint32, 0, n*each)}
}

// inverted has, for each of n items, the lists that it is in.
func (l *lists) inverted(n int) lists {
	out := lists{starts: make([]uint32, n+1), items: make([]uint32, len(l.items))}
	for _, item := range l.items {
		out.starts[item+1]++
	}
	for i := range n {
		out.starts[i+1] += out.starts[i]
	}
	next := append([]uint32(nil), out.starts[:n]...)
	for i := range uint32(l.len()) {
		for _, item := range l.of(i) {
			out.items[next[item]] = i
			next[item]++
		}
	}
	return out
}

// The weights of the kinds of features, over those of their rarity. What rules
// look for is rare by nature and counts less; events and titles say more of
// what a rule is about than its single values do. docs/quality.md says how
// they were chosen.
const (
	weightIndicator = 0.5
	weightOther     = 1
	weightEvent     = 1.5
	weightWord      = 1.5
)

// newIndex reads a whole catalog.
func newIndex(c *catalog.Catalog) *index {
	x := &index{
		c: c, rules: c.Len(), fieldAt: map[string]uint32{}, familyAt: make(map[family]uint32, c.Len()+c.Len()/8),
		usual: map[rule.Vendor]usual{}, platformBits: map[string]uint64{}, words: make(map[string]uint32, c.Len()), techniques: map[string]uint32{}, events: map[string]uint32{},
	}
	x.readRows()
	x.readRules()
	x.weigh()
	x.scratch.New = func() any { return x.newScratch() }
	x.homes, x.groups = sync.OnceValue(x.readHomes), sync.OnceValue(x.readGroups)
	return x
}

// readRows numbers the fields of all rows, and the families of those that are
// excluded.
func (x *index) readRows() {
	rows := x.c.Info().Rows
	x.fieldOf = make([]uint32, 0, rows)
	x.familyOf = make([]uint32, 0, rows)
	last := ""
	for row := range x.c.Rows() {
		k := row.Key()
		if len(x.fieldNames) == 0 || k.Field != last {
			last = k.Field
			x.fieldAt[last] = uint32(len(x.fieldNames))
			x.fieldNames = append(x.fieldNames, last)
		}
		field := uint32(len(x.fieldNames) - 1)
		x.fieldOf = append(x.fieldOf, field)
		if row.Exclusion().Len() == 0 {
			x.familyOf = append(x.familyOf, none)
			continue
		}
		f := familyOf(k)
		number, known := x.familyAt[f]
		if !known {
			number = uint32(len(x.families))
			x.familyAt[f] = number
			x.families = append(x.families, field)
		}
		x.familyOf = append(x.familyOf, number)
	}
	x.path = make([]uint32, len(x.fieldNames))
	for i, name := range x.fieldNames {
		x.path[i] = uint32(i)
		if f, ok := x.fieldAt[normalize.PathField(name)]; ok {
			x.path[i] = f
		}
	}
	of := newLists(rows, 0)
	for _, f := range x.familyOf {
		if f != none {
			of.items = append(of.items, f)
		}
		of.close()
	}
	x.rowsOf = of.inverted(len(x.families))
	for i, f := range x.families {
		x.families[i] = x.path[f]
	}
}

// Where the numbers of each kind of feature begin, after the indicators, which
// are numbered as their rows.
func (x *index) familyFeature(f uint32) uint32 { return uint32(len(x.fieldOf)) + f }

func (x *index) fieldFeature(f uint32) uint32 {
	return uint32(len(x.fieldOf)+len(x.families)) + f
}

func (x *index) nameFeature(n uint32) uint32 {
	return uint32(len(x.fieldOf)+len(x.families)+len(x.fieldNames)) + n
}

// named numbers a technique, word or event; names of a kind share a map.
func (x *index) named(names map[string]uint32, name string, weight float64) uint32 {
	n, ok := names[name]
	if !ok {
		n = uint32(len(x.nameWeight))
		names[name] = n
		x.nameWeight = append(x.nameWeight, weight)
	}
	return x.nameFeature(n)
}

// readRules lists the features of all rules.
func (x *index) readRules() {
	x.platforms = make([]uint64, 0, x.rules)
	x.features, x.excludes, x.written, x.exclFields = newLists(x.rules, 24), newLists(x.rules, 2), newLists(x.rules, 2), newLists(x.rules, 3)
	for ref := range x.c.Rules() {
		for row := range x.c.IndicatorRows(ref) {
			x.features.items = append(x.features.items, uint32(row.Number()))
		}
		rows := len(x.features.items) - int(x.features.starts[ref])
		last := uint32(none)
		for _, row := range x.features.items[len(x.features.items)-rows:] {
			if f := x.fieldOf[row]; f != last { // rows are sorted by field
				x.features.items = append(x.features.items, x.fieldFeature(f))
				last = f
			}
		}
		x.readExclusions(ref)
		x.platforms = append(x.platforms, x.readPlatforms(ref))
		for _, v := range []rule.Vendor{x.c.Vendor(ref), ""} {
			u := x.usual[v]
			x.usual[v] = usual{u.rules + 1, u.comparisons + len(x.exclFields.of(uint32(ref)))}
		}
		for _, f := range x.excludes.of(uint32(ref)) {
			x.features.items = append(x.features.items, x.familyFeature(f))
		}
		for id := range x.c.RuleTechniques(ref) {
			x.addName(x.techniques, id, weightOther)
			if parent, _, sub := strings.Cut(id, "."); sub {
				x.addName(x.techniques, parent, weightOther)
			}
		}
		eachWord(x.c.Title(ref), func(word string) { x.addName(x.words, word, weightWord) })
		for e := range x.c.RuleEvents(ref) {
			x.addName(x.events, eventName(e), weightEvent)
		}
		x.features.close()
	}
	x.excluders = x.excludes.inverted(len(x.families))
	x.users = x.features.inverted(int(x.nameFeature(uint32(len(x.nameWeight)))))
}

// addName adds a feature to the rule that is being read, once.
func (x *index) addName(names map[string]uint32, name string, weight float64) {
	f := x.named(names, name, weight)
	for i := len(x.features.items) - 1; i >= int(x.features.starts[len(x.features.starts)-1]); i-- {
		have := x.features.items[i]
		if have == f {
			return
		}
		if have < x.nameFeature(0) {
			break // the names come last
		}
	}
	x.features.items = append(x.features.items, f)
}

// readExclusions lists what a rule excludes. A clause of several comparisons
// only excludes where all of them hold, so none of them counts by itself.
func (x *index) readExclusions(ref catalog.RuleRef) {
	start := len(x.excludes.items)
	add := func(row uint32) {
		f := x.familyOf[row]
		x.written.items = append(x.written.items, row)
		for _, have := range x.excludes.items[start:] {
			if have == f {
				return
			}
		}
		x.excludes.items = append(x.excludes.items, f)
	}
	clause, size, first := -1, 0, uint32(0)
	for n, row := range x.c.ExclusionRows(ref) {
		if n != clause {
			if size == 1 {
				add(first)
			}
			clause, size, first = n, 0, uint32(row.Number())
		}
		size++
		x.exclFields.items = append(x.exclFields.items, x.path[x.fieldOf[row.Number()]])
	}
	if size == 1 {
		add(first)
	}
	x.excludes.close()
	x.written.close()
	x.exclFields.close()
}

// weigh computes the weights of features, which are greater the fewer rules
// have them, and the lengths of the rules.
func (x *index) weigh() {
	x.weight = make([]float32, x.users.len())
	for f := range x.weight {
		n := x.users.starts[f+1] - x.users.starts[f]
		if n == 0 {
			continue
		}
		w := math.Log(float64(x.rules+1)/float64(n)) * x.kindWeight(uint32(f))
		x.weight[f] = float32(w * w)
	}
	x.length = make([]float32, x.rules)
	for ref := range x.length {
		x.length[ref] = x.lengthOf(x.features.of(uint32(ref)))
	}
}

func (x *index) lengthOf(features []uint32) float32 {
	sum := float32(0)
	for _, f := range features {
		sum += x.weight[f]
	}
	return float32(math.Sqrt(float64(sum)))
}

// kindWeight is the weight of the kind that a feature is of.
func (x *index) kindWeight(f uint32) float64 {
	switch first := x.nameFeature(0); {
	case f < uint32(len(x.fieldOf)):
		return weightIndicator
	case f >= first:
		return x.nameWeight[f-first]
	}
	return weightOther
}

// words that titles of all kinds of rules have.
var stopWords = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq("a an the of in on to via by for with and or from potential possible suspicious detected activity using use usage execution attempt") {
		words[word] = true
	}
	return words
}()

// eachWord calls f with the words of a title that say what it is about, in
// lower case.
func eachWord(title string, f func(string)) {
	title = strings.ToLower(title)
	start := -1 // of the word that is being read
	for i := 0; i <= len(title); i++ {
		if i < len(title) && (title[i] >= 'a' && title[i] <= 'z' || title[i] >= '0' && title[i] <= '9') {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			if word := title[start:i]; len(word) > 1 && !stopWords[word] {
				f(word)
			}
			start = -1
		}
	}
}

func eventName(e normalize.Event) string { return e.Provider + "\x00" + e.Event }

// techniqueIDs are the current ids of a rule's techniques, each once.
func techniqueIDs(tables *attack.Tables, r *normalize.Rule) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range r.Techniques {
		if id := tables.CurrentID(t.Value); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
