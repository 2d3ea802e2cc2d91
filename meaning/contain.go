package meaning

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Containment is what is proved of the events that two different rules find.
type Containment struct {
	// Within is proved when each event that the first rule finds is one that
	// the second finds, Holds when it is the other way round.
	Within, Holds bool
	// Common are the events that rules of two vendors both look at, and that
	// alone the proof is about; nil for rules of one vendor.
	Common []normalize.Event
	// FoldsCase is set where the two languages may disagree about letter case,
	// which the proof leaves out.
	FoldsCase bool
}

// maxContainSteps bounds the search for one proof: the rules of a repository are
// compared with many others.
const maxContainSteps = 200_000

// Subject is a rule that is compared with many others. What the comparisons need
// is worked out when they do; a subject is not safe for concurrent use.
type Subject struct {
	*normalize.Rule
	way    []int // the predicates of one way to satisfy it
	exacts []exact
	source source
	joins  *bool // whether it is about several events
}

// exact is a predicate as it is compared, once it is.
type exact struct {
	normalize.Exact
	root  string
	known bool
}

// NewSubject prepares a rule for Contain.
func NewSubject(r *normalize.Rule) *Subject {
	return &Subject{Rule: r, way: r.ShortestWay(), exacts: make([]exact, len(r.Predicates))}
}

func (a *Subject) exact(i int) *exact {
	e := &a.exacts[i]
	if !e.known {
		e.Exact, e.known = a.Predicates[i].Exact(a.Vendor), true
		e.root = normalize.RootField(e.Field)
	}
	return e
}

func (a *Subject) sources() source {
	if a.source == nil {
		a.source = sources(a.Rule)
	}
	return a.source
}

func (a *Subject) isJoin() bool {
	if a.joins == nil {
		is := joins(a.Root(), map[*normalize.Node]bool{})
		a.joins = &is
	}
	return *a.joins
}

// joins reports whether a condition is about several events.
func joins(n *normalize.Node, done map[*normalize.Node]bool) bool {
	if n == nil || n.Kind == normalize.LeafNode || done[n] {
		return false
	}
	done[n] = true
	return n.Branch || slices.ContainsFunc(n.Children, func(child *normalize.Node) bool { return joins(child, done) })
}

// Contain looks for a proof that all the events that a finds are found by b, and
// where there is one, for a proof of the reverse. onlyEqual spares the first
// where the second will not be found. What is not proved may be so all the same.
// Rules that count or order events, or rest on what detlint does not look into,
// are compared only where everything else about them is the same.
func Contain(a, b *Subject, onlyEqual bool) Containment {
	var c Containment
	if a.Root() == nil || b.Root() == nil || a.Broken || b.Broken || a.Kind != b.Kind ||
		!a.mayBeWithin(b) || onlyEqual && !b.mayBeWithin(a) {
		return c
	}
	if a.Vendor != b.Vendor {
		if c.Common = common(a.Events, b.Events); len(c.Common) == 0 || !oneSystem(a.Rule, b.Rule) {
			return c
		}
	}
	if !sameRest(a, b) {
		return c
	}
	c.FoldsCase = a.Language != b.Language
	if c.Within = a.isWithin(b, &c); c.Within {
		c.Holds = b.mayBeWithin(a) && b.isWithin(a, &c)
	}
	return c
}

// mayBeWithin reports whether an event that satisfies a in one way may satisfy
// b: all that b asks for follows from what a asks for there, and all that b
// excepts from what a excepts anywhere.
func (a *Subject) mayBeWithin(b *Subject) bool {
	steps := maxLookSteps
	var holds func(n *normalize.Node) bool
	holds = func(n *normalize.Node) bool {
		steps -= 1 + len(n.Children)
		switch {
		case steps <= 0:
			return false
		case n.Kind == normalize.LeafNode:
			return a.grants(b, int(n.Predicate))
		case n.Kind == normalize.OrNode:
			return slices.ContainsFunc(n.Children, holds)
		}
		return !slices.ContainsFunc(n.Children, func(child *normalize.Node) bool { return !holds(child) })
	}
	return holds(b.Root())
}

// maxLookSteps bounds the look at one condition.
const maxLookSteps = 20_000

// grants reports whether a comparison of b may be proved to hold for the events
// that satisfy a in the one way.
func (a *Subject) grants(b *Subject, i int) bool {
	p := &b.Predicates[i]
	if p.Selector && a.Vendor != b.Vendor {
		return true
	}
	asked := b.exact(i)
	if asked.Field == categoryField && !p.Negated && asksCategory(a, b) {
		if e, ok := categoryIn(a.Rule, a.sources()); ok && e.Implies(asked.Exact) {
			return true
		}
	}
	for _, j := range a.way {
		have := a.exact(j)
		if have.root != asked.root {
			continue
		}
		if have.Implies(asked.Exact) {
			return !p.Negated
		}
		if p.Negated && have.Excludes(asked.Exact) {
			return true
		}
	}
	if !p.Negated {
		return false
	}
	for j := range a.Predicates {
		if a.Predicates[j].Negated && a.exact(j).root == asked.root && asked.Implies(a.exact(j).Exact) {
			return true
		}
	}
	return false
}

// sameRest reports whether nothing outside of the conditions makes a
// difference.
func sameRest(a, b *Subject) bool {
	if !slices.Equal(sorted(a.Unresolved), sorted(b.Unresolved)) || len(a.Unresolved) > 0 && !sameCalls(a.Rule, b.Rule) || frames(a.Rule, b.Rule) != "" {
		return false
	}
	if len(a.Unresolved) > 0 && (a.Language != b.Language || never(a.Root(), nil) || never(b.Root(), nil)) {
		return false
	}
	if a.isJoin() || b.isJoin() {
		return a.Language == b.Language && a.Frame != nil && slices.Equal(a.Frame, b.Frame)
	}
	return true
}

// isWithin reports whether each event that a finds is proved to be one that b
// finds, where that is not because a finds nothing.
func (a *Subject) isWithin(b *Subject, c *Containment) bool {
	theirs, own := b.sources(), a.sources()
	asked := asksCategory(a, b)
	if asked {
		theirs, own = theirs.withoutCategory(), own.withoutCategory()
	}
	if a.Vendor == b.Vendor && !theirs.holds(own) {
		return false
	}
	build := newBuilder(a.Rule, b.Rule)
	f, g := build.build(a.Rule, 0), build.build(b.Rule, 1)
	switch {
	case a.Vendor != b.Vendor:
		g = build.withoutSelectors(g, b.Rule, c)
	case asked:
		f, g = build.withCategory(f, a, 0), build.withCategory(g, b, 1)
	}
	if build.tooLarge() || f.constant() || g.constant() {
		return false
	}
	if f == g {
		return true
	}
	s := newSolver(build)
	proved := s.follows(f, g)
	if !proved {
		proved = s.searchUpTo(maxContainSteps, []*formula{f, s.not(g)}) == none
	}
	return proved && s.searchUpTo(maxContainSteps, []*formula{f}) != none
}

// searchUpTo looks for a set of decisions that satisfies all formulas, for a
// number of steps.
func (s *solver) searchUpTo(steps int, all []*formula) result {
	s.limit = steps
	defer func() { s.limit = 0 }()
	return s.search(all, func() bool { return true })
}

// kinds are the fields that choose between the providers of events, and nothing
// among the events of one.
var kinds = map[string]bool{
	"event.category": true, "event.kind": true, "event.dataset": true, "event.module": true, "agent.type": true,
	"sourcetype": true, "source": true, "index": true, "host.os.type": true, "host.os.family": true,
	"data_stream.dataset": true, "data_stream.type": true, "data_stream.namespace": true,
}

// Selects reports whether a comparison of one of the rules says nothing but that
// the event is one of those in Common. Where all events of a provider are meant,
// the choice among them is a part of the condition.
func (c *Containment) Selects(p *normalize.Predicate) bool {
	if len(c.Common) == 0 || !p.Selector || p.Negated {
		return false
	}
	return kinds[p.Field] || !slices.ContainsFunc(c.Common, func(e normalize.Event) bool { return e.Event == "*" })
}

// withoutSelectors leaves out what a condition says about the kind of event as a
// whole. What stands deeper is a part of it.
func (b *builder) withoutSelectors(f *formula, r *normalize.Rule, c *Containment) *formula {
	selectors := map[normalize.Exact]bool{}
	for i := range r.Predicates {
		if p := &r.Predicates[i]; c.Selects(p) {
			selectors[p.Exact(r.Vendor)] = true
		}
	}
	selects := func(f *formula) bool {
		return f.kind == normalize.LeafNode && !f.negated && selectors[b.atoms[f.atom].Exact]
	}
	drops := func(f *formula) bool {
		return selects(f) || f.kind == normalize.OrNode && !slices.ContainsFunc(f.children, func(f *formula) bool { return !selects(f) })
	}
	if drops(f) {
		return b.list(normalize.AndNode, nil)
	}
	if f.kind != normalize.AndNode {
		return f
	}
	return b.list(normalize.AndNode, slices.DeleteFunc(slices.Clone(f.children), drops))
}

func common(a, b []normalize.Event) []normalize.Event {
	var out []normalize.Event
	for _, e := range a {
		if slices.Contains(b, e) {
			out = append(out, e)
		}
	}
	return out
}

// systems are the operating systems by the names that rules give them.
var systems = map[string]string{"windows": "windows", "linux": "linux", "macos": "macos", "darwin": "macos", "mac os x": "macos"}

// oneSystem reports whether two rules are not about different operating systems.
func oneSystem(a, b *normalize.Rule) bool {
	of := func(r *normalize.Rule) []string {
		if s := systems[fold(r.Logsource.Product.Value)]; s != "" {
			return []string{s}
		}
		var out []string
		for i := range r.Predicates {
			p := &r.Predicates[i]
			if s := systems[p.Key.Value]; s != "" && !p.Negated && p.Operator == rule.Eq && strings.HasPrefix(p.Field, "host.os.") {
				out = append(out, s)
			}
		}
		return out
	}
	one, other := of(a), of(b)
	return len(one) == 0 || len(other) == 0 || slices.ContainsFunc(one, func(s string) bool { return slices.Contains(other, s) })
}
