package meaning

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// atom is one comparison that may hold or not, of one of the events that a
// rule looks at.
type atom struct {
	normalize.Exact
	spelling
	// scope tells the events of a sequence, or those of a subquery, apart.
	scope   int
	root    string   // the field that the value is a part of: the path of a base name
	written string   // the field as a rule has it, in lower case
	names   []string // the words of a call, some of which are fields
	matches func(normalize.Values) normalize.Truth
	several bool // the field may have more than one value
	unknown bool // whether it does, and holds then for any of them, is not known
	// in has which of the two rules ask for it: before, after.
	in [2]bool
}

// shared reports whether both rules ask for the comparison.
func (a *atom) shared() bool { return a.in[0] && a.in[1] }

// formula is a condition without layers that mean nothing: nested lists of one
// kind are one, each of their members stands there once, in one order. Equal
// conditions are one formula.
type formula struct {
	id       int
	kind     normalize.NodeKind
	atom     int32
	negated  bool
	children []*formula
	negation *formula
}

// builder makes formulas of two rules over the same atoms.
type builder struct {
	atoms    []atom
	numbers  map[atomKey]int32
	formulas map[string]*formula
	count    int
	room     int // children that may still be written or looked at
	// tables is set when both rules are of one vendor, whose tables tell events apart.
	tables bool
	// alike is set when both rules are of one language, so that letter case and
	// fields that are not there mean the same in both.
	alike bool
}

type atomKey struct {
	normalize.Exact
	spelling
	scope int
}

// maxChildren bounds how large formulas may become, all lists together.
const maxChildren = 1_000_000

func newBuilder(before, after *normalize.Rule) *builder {
	return &builder{tables: before.Vendor == after.Vendor, alike: before.Language == after.Language, numbers: map[atomKey]int32{}, formulas: map[string]*formula{}, room: maxChildren}
}

// tooLarge reports whether the bound was reached, so that the formulas are not
// whole.
func (b *builder) tooLarge() bool { return b.room <= 0 }

// build is the condition of a rule, the first or the second of the two.
func (b *builder) build(r *normalize.Rule, side int) *formula {
	c := &conversion{builder: b, rule: r, side: side, done: map[visit]*formula{}}
	return c.convert(r.Root(), 0, same)
}

// about says which event a part of a condition is about.
type about uint8

const (
	own   about = iota // one that has to be there, too
	same               // the event at hand
	leads              // that at hand, as far as its first conjunct is concerned
)

type visit struct {
	node  *normalize.Node
	scope int
	about about
}

type conversion struct {
	*builder
	rule   *normalize.Rule
	side   int
	scopes int
	done   map[visit]*formula
}

// convert makes the formula of a node. Branches that are alternatives are about
// the event at hand; one that must hold together with others is about an event
// of its own. So is what a Kusto query asks of the rows of another, where those
// are the ones that it goes on with.
func (c *conversion) convert(n *normalize.Node, scope int, of about) *formula {
	if n.Kind == normalize.LeafNode {
		return c.leaf(n, scope)
	}
	v := visit{n, scope, of}
	if f := c.done[v]; f != nil {
		return f
	}
	// Rows that are joined with themselves double with each join.
	if c.room -= 1 + len(n.Children); c.tooLarge() {
		return c.list(normalize.AndNode, nil)
	}
	if n.Branch && of != same {
		c.scopes++
		scope = c.scopes
	}
	children := make([]*formula, 0, len(n.Children)+1)
	for i, child := range n.Children {
		children = append(children, c.convert(child, scope, childAbout(c.rule.Vendor, n, i, of)))
	}
	f := c.list(n.Kind, children)
	if len(n.Tables) > 0 && c.tables {
		tables := make([]*formula, len(n.Tables))
		for i, name := range n.Tables {
			tables[i] = c.table(name, scope)
		}
		f = c.list(normalize.AndNode, []*formula{f, c.list(normalize.OrNode, tables)})
	}
	c.done[v] = f
	return f
}

// childAbout is which event a child of a node is about.
func childAbout(vendor rule.Vendor, n *normalize.Node, i int, of about) about {
	switch {
	case n.Kind == normalize.OrNode:
		return same
	case vendor != rule.Kusto:
		return own
	case n.Branch && len(n.Tables) == 0: // the rows are those of another pipeline
		if n.Children[i].Branch {
			return same
		}
		return leads
	case of == leads && i == 0 && n.Children[i].Branch:
		return same
	}
	return own
}

// tableField is the field that has the name of the table an event stands in.
const tableField = "$table"

// table is that an event stands in a table. Its name may have wildcards, as in
// a union.
func (c *conversion) table(name string, scope int) *formula {
	return c.literal(c.number(tableNamed(name), spelling{}, scope), false)
}

func tableNamed(name string) normalize.Exact {
	key := normalize.Key{Field: tableField, Operator: rule.Eq, Value: strings.ToLower(name)}
	if strings.Contains(name, "*") {
		key.Operator = rule.Wildcard
	}
	return normalize.Exact{Key: key}
}

func (c *conversion) leaf(n *normalize.Node, scope int) *formula {
	p := &c.rule.Predicates[n.Predicate]
	k := comparisonOf(c.rule, n)
	if !c.alike {
		k.spelling, k.presence = spelling{}, anyPresence
	}
	number := c.number(k.Exact, k.spelling, scope)
	a := c.name(number, p)
	a.several = a.several || !p.IsSingle(c.rule.Vendor)
	a.unknown = a.unknown || !p.IsSeveral(c.rule.Vendor) || !anyValue[c.rule.Language]
	return c.withPresence(k, p, c.literal(number, k.negated), scope)
}

// name notes the words by which a rule names the field of an atom.
func (c *conversion) name(number int32, p *normalize.Predicate) *atom {
	a := &c.atoms[number]
	if a.written == "" {
		a.written = strings.ToLower(p.SourceField)
		if a.isCall() {
			a.names = strings.FieldsFunc(a.Field, func(r rune) bool { return r < '0' && r != '.' && r != '-' || strings.ContainsRune("[](){},;:=<>|", r) })
		}
	}
	return a
}

// withPresence adds to a comparison what its language makes of events that do not
// have the field.
func (c *conversion) withPresence(k comparison, p *normalize.Predicate, f *formula, scope int) *formula {
	if k.presence == anyPresence {
		return f
	}
	exists := c.number(normalize.Exact{Key: normalize.Key{Field: k.Field, Operator: rule.Exists}, Variant: k.existsVariant()}, spelling{}, scope)
	c.name(exists, p)
	there := c.literal(exists, false)
	if k.presence == openPresence {
		open := c.literal(c.number(nothingNegated, spelling{}, 0), false)
		if k.negated {
			return c.list(normalize.AndNode, []*formula{f, c.list(normalize.OrNode, []*formula{there, open})})
		}
		return c.list(normalize.OrNode, []*formula{f, c.list(normalize.AndNode, []*formula{c.not(there), open})})
	}
	if k.negated {
		return c.list(normalize.AndNode, []*formula{f, there})
	}
	return c.list(normalize.OrNode, []*formula{f, c.not(there)})
}

// anyValue has the languages where a comparison holds when it does for one of the
// values of a field. In ES|QL one with several values is null.
var anyValue = map[rule.Language]bool{"eql": true, "kuery": true, "lucene": true}

// isCall reports whether the atom is about what a function returns.
func (a *atom) isCall() bool { return strings.Contains(a.Field, "(") }

// number is that of a comparison among the atoms.
func (c *conversion) number(e normalize.Exact, as spelling, scope int) int32 {
	key := atomKey{e, as, scope}
	number, ok := c.numbers[key]
	if !ok {
		number = int32(len(c.atoms))
		c.numbers[key] = number
		a := atom{Exact: e, spelling: as, scope: scope, root: normalize.RootField(e.Field)}
		a.matches = as.matcher(&e, a.root)
		c.atoms = append(c.atoms, a)
	}
	c.atoms[number].in[c.side] = true
	return number
}

func (b *builder) literal(number int32, negated bool) *formula {
	key := make([]byte, 0, 8)
	key = append(key, 'l', '+')
	if negated {
		key[1] = '-'
	}
	key = binary.AppendUvarint(key, uint64(number))
	return b.intern(string(key), func() *formula {
		return &formula{kind: normalize.LeafNode, atom: number, negated: negated}
	})
}

func (b *builder) intern(key string, make func() *formula) *formula {
	if f := b.formulas[key]; f != nil {
		return f
	}
	f := make()
	f.id = b.count
	b.count++
	b.formulas[key] = f
	return f
}

// constant is what always holds, or never.
func (f *formula) constant() bool { return f.kind != normalize.LeafNode && len(f.children) == 0 }

// list joins formulas: what says nothing is left out, what decides stays alone.
func (b *builder) list(kind normalize.NodeKind, parts []*formula) *formula {
	flat := make([]*formula, 0, len(parts))
	for _, p := range parts {
		switch {
		case p.kind == kind:
			flat = append(flat, p.children...)
		case p.constant():
			return p
		default:
			flat = append(flat, p)
		}
	}
	slices.SortFunc(flat, func(a, b *formula) int { return a.id - b.id })
	flat = slices.Compact(flat)
	if len(flat) == 1 {
		return flat[0]
	}
	b.room -= len(flat)
	if b.tooLarge() {
		flat = nil
	}
	key := make([]byte, 0, 2+3*len(flat))
	key = append(key, 'n', byte(kind))
	for _, f := range flat {
		key = binary.AppendUvarint(key, uint64(f.id))
	}
	return b.intern(string(key), func() *formula { return &formula{kind: kind, children: slices.Clip(flat)} })
}

// not is the negation of a formula.
func (b *builder) not(f *formula) *formula {
	if f.negation == nil {
		if f.kind == normalize.LeafNode {
			f.negation = b.literal(f.atom, !f.negated)
		} else {
			parts := make([]*formula, len(f.children))
			for i, child := range f.children {
				parts[i] = b.not(child)
			}
			f.negation = b.list(normalize.AndNode+normalize.OrNode-f.kind, parts)
		}
		f.negation.negation = f
	}
	return f.negation
}

// excludes reports whether no event satisfies both comparisons.
func excludes(a, b *atom) bool {
	return !a.several && !b.several && (a.Excludes(b.Exact) || a.Exact == b.Exact && a.Operator == rule.Eq && a.excludes(b.spelling))
}

// implies reports whether every event that satisfies one comparison satisfies the
// other.
func implies(a, b *atom) bool {
	return a.Implies(b.Exact) && b.allows(&b.Exact, a.spelling)
}
