package meaning

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Role is the part that a comparison plays in a rule.
type Role string

// The roles.
const (
	Indicator Role = "indicator" // what the rule looks for
	Exclusion Role = "exclusion" // what a top-level negation excepts
	Negated   Role = "negated"   // stands under another negation
	Selector  Role = "selector"  // says which kind of event is meant
)

// Predicate is one comparison of a rule, as the catalog has it and as written.
type Predicate struct {
	Field    string        `json:"field"`
	Operator rule.Operator `json:"operator"`
	Value    string        `json:"value"`
	Negated  bool          `json:"negated"`
	Role     Role          `json:"role"`
	// Key is the row of the catalog.
	Key normalize.Key `json:"key"`
	// SourceField and SourceOperator are as the rule writes them.
	SourceField    string `json:"source_field"`
	SourceOperator string `json:"source_operator"`
	// Variant has what else says how the value is compared, such as
	// "windash".
	Variant string `json:"variant,omitempty"`
	// Line and Column are where it stands: in the new version when it was
	// added, in the old one when it was removed.
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Move is a comparison that plays another part than before.
type Move struct {
	Predicate
	From Role `json:"from"`
}

// part is a comparison and its role: what is added or removed.
type part struct {
	normalize.Exact
	role Role
}

// parts returns the comparisons of a rule by their roles, with the first
// predicate of each. alike is set where it is compared with one of its language.
func parts(r *normalize.Rule, alike bool) (map[part]int, []part) {
	excluded := map[int]bool{}
	for _, clause := range r.Exclusions {
		for _, i := range clause {
			excluded[i] = true
		}
	}
	first := make(map[part]int, len(r.Predicates))
	var order []part
	for i := range r.Predicates {
		k := partOf(r, i, excluded[i], alike)
		if _, ok := first[k]; !ok {
			first[k] = i
			order = append(order, k)
		}
	}
	return first, order
}

// partOf is a comparison as a part. In rules of one language the letter case of a
// value belongs to it where that counts.
func partOf(r *normalize.Rule, i int, excluded, alike bool) part {
	p := &r.Predicates[i]
	e := p.Exact(r.Vendor)
	if alike {
		w := rule.Predicate{Field: rule.Text{Value: p.SourceField}, Operator: p.Operator, SourceOperator: p.SourceOperator, Value: p.Value, Cased: p.Cased, Through: p.Through, Span: p.Span}
		if s := spelled(r, &w, &e); s.text != "" && !s.vague {
			e.Value = e.Value[:len(e.Value)-len(s.text)] + s.text
			e.Variant = strings.TrimSpace(e.Variant + " case-sensitive")
		}
	}
	return part{e, role(p, excluded)}
}

func role(p *normalize.Predicate, excluded bool) Role {
	switch {
	case excluded:
		return Exclusion
	case p.Negated:
		return Negated
	case p.Selector:
		return Selector
	}
	return Indicator
}

// predicates sets what was added, removed and moved, and counts it.
func (c *Change) predicates(before, after *normalize.Rule) counts {
	alike := before.Language == after.Language
	old, oldOrder := parts(before, alike)
	now, nowOrder := parts(after, alike)
	var come, gone []part
	left := map[normalize.Exact]part{}
	for _, k := range oldOrder {
		if _, ok := now[k]; !ok {
			gone = append(gone, k)
			if _, ok := left[k.Exact]; !ok {
				left[k.Exact] = k
			}
		}
	}
	moved := map[part]bool{}
	for _, k := range nowOrder {
		if _, ok := old[k]; ok {
			continue
		}
		if was, ok := left[k.Exact]; ok && !moved[was] {
			moved[was] = true
			c.Moved = append(c.Moved, Move{written(after, now[k], k), was.role})
			continue
		}
		come = append(come, k)
		c.Added = append(c.Added, written(after, now[k], k))
	}
	gone = slices.DeleteFunc(gone, func(k part) bool { return moved[k] })
	for _, k := range gone {
		c.Removed = append(c.Removed, written(before, old[k], k))
	}
	return counts{added: tally(after, come, alike), removed: tally(before, gone, alike)}
}

func written(r *normalize.Rule, i int, k part) Predicate {
	p := &r.Predicates[i]
	at := r.Source.Position(p.Span.Start)
	return Predicate{
		Field: k.Field, Operator: k.Operator, Value: k.Value, Negated: p.Negated, Role: k.role, Variant: k.Variant, Key: p.Key,
		SourceField: p.SourceField, SourceOperator: p.SourceOperator, Line: at.Line, Column: at.Column,
	}
}

// tallied counts parts of a condition: ways for the rule to fire, what it also
// asks for, and what it excepts.
type tallied struct{ alternatives, conditions, exclusions int }

type counts struct{ added, removed tallied }

// tally counts the largest parts of a condition that consist of nothing but
// the given comparisons: a selection of three lines is one alternative.
func tally(r *normalize.Rule, which []part, alike bool) tallied {
	var t tallied
	if len(which) == 0 || r.Root() == nil {
		return t
	}
	in := make(map[part]bool, len(which))
	for _, k := range which {
		in[k] = true
	}
	excluded := map[int]bool{}
	for _, clause := range r.Exclusions {
		fresh := true
		for _, i := range clause {
			excluded[i] = true
			fresh = fresh && in[partOf(r, i, true, alike)]
		}
		if fresh {
			t.exclusions++
		}
	}
	c := &counter{rule: r, alike: alike, in: in, excluded: excluded, fresh: map[*normalize.Node]bool{}, done: map[*normalize.Node]bool{}, tallied: &t}
	c.count(r.Root(), normalize.AndNode)
	return t
}

type counter struct {
	*tallied
	rule     *normalize.Rule
	alike    bool
	in       map[part]bool
	excluded map[int]bool
	fresh    map[*normalize.Node]bool
	done     map[*normalize.Node]bool
}

// count looks for wholly new parts below a node that stands in a list of the
// given kind.
func (c *counter) count(n *normalize.Node, parent normalize.NodeKind) {
	if c.done[n] {
		return
	}
	c.done[n] = true
	if n.Kind == normalize.LeafNode && c.excluded[int(n.Predicate)] {
		return // counted by its clause
	}
	lone := len(n.Children) == 1
	if c.isFresh(n) && !lone && (n.Kind != normalize.OrNode || parent == normalize.AndNode) && (n.Kind != normalize.AndNode || parent == normalize.OrNode) {
		switch {
		case c.excepts(n):
		case parent == normalize.OrNode:
			c.alternatives++
		default:
			c.conditions++
		}
		return
	}
	kind := n.Kind
	if lone {
		kind = parent
	}
	for _, child := range n.Children {
		c.count(child, kind)
	}
}

// isFresh reports whether a part consists of nothing but the comparisons that
// are looked for.
func (c *counter) isFresh(n *normalize.Node) bool {
	if n.Kind == normalize.LeafNode {
		return c.in[partOf(c.rule, int(n.Predicate), c.excluded[int(n.Predicate)], c.alike)]
	}
	if fresh, ok := c.fresh[n]; ok {
		return fresh
	}
	fresh := len(n.Children) > 0
	for _, child := range n.Children {
		fresh = fresh && c.isFresh(child)
	}
	c.fresh[n] = fresh
	return fresh
}

// excepts reports whether all of a part is exclusions.
func (c *counter) excepts(n *normalize.Node) bool {
	if n.Kind == normalize.LeafNode {
		return c.excluded[int(n.Predicate)]
	}
	for _, child := range n.Children {
		if !c.excepts(child) {
			return false
		}
	}
	return len(n.Children) > 0
}

// has reports whether an attribute is different.
func (c *Change) has(name string) bool { return slices.Contains(c.names(), name) }

// numbers in words, as far as people write them so.
var numbers = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

func inWords(n int) string {
	if n < len(numbers) {
		return numbers[n]
	}
	return thousands(n)
}

// summary says in a few words what was added and dropped, and through which
// filters the rule has changed.
func (c *Change) summary(n counts, through []string) string {
	var out []string
	say := func(count int, noun, verb string) {
		if count == 0 {
			return
		}
		if count > 1 {
			noun += "s"
		}
		out = append(out, inWords(count)+" "+noun+" "+verb)
	}
	say(n.added.alternatives, "alternative", "added")
	say(n.added.conditions, "condition", "added")
	say(n.added.exclusions, "exclusion", "added")
	say(n.removed.alternatives, "alternative", "dropped")
	say(n.removed.conditions, "condition", "dropped")
	say(n.removed.exclusions, "exclusion", "dropped")
	if len(out) == 0 { // what is new stands within larger parts
		say(len(c.Added), "comparison", "added")
		say(len(c.Removed), "comparison", "dropped")
	}
	say(len(c.Moved), "comparison", "moved")
	switch i := slices.IndexFunc(c.Attributes, func(a Attribute) bool { return a.Name == "language" }); {
	case i >= 0 && c.Attributes[i].Before != "" && c.Attributes[i].After != "":
		out = append(out, "ported from "+c.Attributes[i].Before+" to "+c.Attributes[i].After)
	case c.has("sources"):
		out = append(out, "other events looked at")
	}
	if c.has("rules") {
		out = append(out, "about other rules")
	}
	out = append(out, through...)
	if c.Switched != "" && (c.Verdict != Same || len(out) > 0) {
		out = append(out, c.Switched)
	}
	if len(out) == 0 {
		switch {
		case c.RenamedOnly:
			return "renamed only"
		case c.MetadataOnly:
			return "metadata only: " + strings.Join(c.names(), ", ")
		case c.Switched != "" && len(c.Attributes) == 0:
			return "by the folder it is in"
		case c.Verdict == Same && len(c.Attributes) == 0:
			return "no change in meaning"
		case c.Verdict == Unknown:
			return "the same comparisons"
		case c.Verdict != Same:
			return "the same comparisons, put together differently"
		default:
			out = append(out, strings.Join(c.names(), ", ")+" changed")
		}
	}
	return strings.Join(out, ", ")
}
