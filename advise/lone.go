package advise

import (
	"slices"

	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Lone is the one thing that a path of a rule asks for, and nothing besides.
type Lone struct {
	Predicate int // its index in the rule
	// Users are the other public rules on an event of the rule's that look for
	// it, Reach is their number.
	Users []catalog.RuleRef
	Reach int
	// Tuned is set where the path leaves something out of it.
	Tuned bool
}

// Lone finds the path of a rule that asks for one thing only, and of several
// that for which the most rules on the same events look. What fewer rules look for,
// whatever their events, is not looked into.
//
// A path that leaves out by who does it, where from, or which file it is, is
// passed over: what is left of a well-known name may be rare, and is what such a
// rule is made to find. What it leaves out of that which is done with the name
// only trims it.
func (a *Advisor) Lone(r *normalize.Rule, fewest int) (Lone, bool) {
	if r.Kind != rule.Detection || len(r.Unresolved) > 0 || r.Root() == nil {
		return Lone{}, false
	}
	s := loneSearch{
		rule: r, self: a.Self(r), fewest: fewest, advisor: a,
		done: map[*normalize.Node]lonely{}, users: map[normalize.Key][]catalog.RuleRef{},
	}
	for _, e := range r.Events {
		s.on = append(s.on, a.c.Event(e))
	}
	best := s.of(r.Root())
	if best.asks != one || best.aside {
		return Lone{}, false
	}
	users := s.usersOf(r.Predicates[best.predicate].Key)
	return Lone{Predicate: int(best.predicate), Users: users, Reach: len(users), Tuned: best.tuned}, true
}

// asks is how much a part of a condition asks for on one of its paths.
type asks uint8

const (
	nothing asks = iota // of what could narrow it
	one
	more // or nothing that many look for
)

// lonely is what is known of a part of a condition.
type lonely struct {
	asks      asks
	predicate int32
	tuned     bool // something is left out
	aside     bool // something is left out that may be all of the idea
}

type loneSearch struct {
	advisor *Advisor
	rule    *normalize.Rule
	self    []catalog.RuleRef
	on      []catalog.Postings
	fewest  int
	done    map[*normalize.Node]lonely
	users   map[normalize.Key][]catalog.RuleRef
}

// of looks at every node once.
func (s *loneSearch) of(n *normalize.Node) lonely {
	if n.Kind == normalize.LeafNode {
		return s.leaf(&s.rule.Predicates[n.Predicate], n.Predicate)
	}
	if known, ok := s.done[n]; ok {
		return known
	}
	out := s.all(n)
	if n.Kind == normalize.OrNode {
		out = s.any(n)
	}
	s.done[n] = out
	return out
}

func (s *loneSearch) leaf(p *normalize.Predicate, i int32) lonely {
	switch {
	case p.Selector || directions[p.Key.Field]:
		return lonely{}
	case p.Operator == rule.Exists:
		if p.Negated {
			return lonely{asks: more} // that a field is missing is rare, or not: nobody can count it
		}
		return lonely{}
	case p.Negated:
		return lonely{tuned: true, aside: p.Derived || !deeds[p.Key.Field]}
	case !p.IsIndicator() || s.advisor.Reach(p.Key, s.self) < s.fewest:
		return lonely{asks: more}
	}
	return lonely{asks: one, predicate: i}
}

// all is what a path asks for that goes through all parts.
func (s *loneSearch) all(n *normalize.Node) lonely {
	var out lonely
	for _, child := range n.Children {
		part := s.of(child)
		switch {
		case part.asks == more || part.asks == one && out.asks == one:
			return lonely{asks: more}
		case part.asks == one:
			out.asks, out.predicate = one, part.predicate
		}
		out.tuned, out.aside = out.tuned || part.tuned, out.aside || part.aside
	}
	return out
}

// any is the best path through one of the parts.
func (s *loneSearch) any(n *normalize.Node) lonely {
	best := lonely{asks: more}
	for _, child := range n.Children {
		part := s.of(child)
		switch {
		case part.asks == nothing:
			// Several things that must not hold at once: one of them does not.
			return lonely{tuned: part.tuned}
		case part.asks == one && !part.aside && (best.asks != one || s.reach(part) > s.reach(best)):
			best = part
		}
	}
	return best
}

func (s *loneSearch) reach(l lonely) int { return len(s.usersOf(s.rule.Predicates[l.predicate].Key)) }

// usersOf are the other rules on the same events that look for a comparison.
func (s *loneSearch) usersOf(k normalize.Key) []catalog.RuleRef {
	if known, ok := s.users[k]; ok {
		return known
	}
	var out []catalog.RuleRef
	for _, ref := range s.advisor.Users(k) {
		if !slices.Contains(s.self, ref) && slices.ContainsFunc(s.on, func(p catalog.Postings) bool { return p.Contains(ref) }) {
			out = append(out, ref)
		}
	}
	s.users[k] = out
	return out
}

// directions say which kind of event it is and how it ended, and narrow nothing
// that somebody does.
var directions = map[string]bool{
	"event.outcome": true, "network.direction": true, "network.initiated": true, "network.transport": true, "network.type": true,
}

// deeds are the fields that say what a program did: how it was called, where it
// connected to, what it asked for.
var deeds = map[string]bool{
	"process.args": true, "process.command_line": true, "destination.domain": true, "destination.ip": true, "destination.port": true,
	"dns.question.name": true, "url.domain": true,
}
