package meaning

import (
	"maps"
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

// Sample is an event, or the events of a sequence by their number: 0 for the
// event at hand, 1 and on for those of steps and subqueries.
type Sample map[int]normalize.Values

// witness looks for an event that satisfies one formula and not the other.
type witness struct {
	*solver
	yes, no *formula
	sample  Sample
	// doubt has an atom that kept a set of decisions from becoming an event,
	// because nothing can be held against it; -1 for none.
	doubt int32
	tries int
}

// maxTries bounds how many sets of decisions are made into events.
const maxTries = 300

// apart looks for an event that satisfies yes and not no. none is a proof that
// there is none.
func (s *solver) apart(yes, no *formula) (*witness, result) {
	w := &witness{solver: s, yes: yes, no: no, doubt: -1}
	if w.guess() {
		return w, found
	}
	w.tries, w.doubt = 0, -1
	out := s.search([]*formula{yes, s.not(no)}, w.try)
	return w, out
}

// try makes an event of what was decided.
func (w *witness) try() bool {
	w.tries++
	if w.tries > maxTries {
		w.budget = 0
		return false
	}
	if !w.free() {
		return false
	}
	sample := Sample{}
	for _, g := range w.decided() {
		values := sample[g.scope]
		if values == nil {
			values = normalize.Values{}
			sample[g.scope] = values
		}
		if g.root == "*" {
			continue
		}
		value, present, ok := w.value(g)
		if !ok {
			w.suspect(g)
			return false
		}
		if present {
			values[g.root] = value
		}
	}
	w.keywords(sample)
	if w.holds(w.yes, sample) != normalize.True || w.holds(w.no, sample) != normalize.False {
		return false
	}
	w.sample = sample
	return true
}

// opaque reports whether nothing can be held against an atom.
func (a *atom) opaque() bool {
	if a.Operator == rule.Regex {
		_, ok := a.Expression()
		return !ok
	}
	return a.Opaque()
}

// free reports whether what was decided about opaque atoms can be had: both
// rules ask for them, so that they are as they were, and nothing that only one
// asks for is about the same value.
func (w *witness) free() bool {
	var fixed map[fieldOf]bool
	for _, i := range w.trail {
		a := &w.atoms[i]
		if len(a.names) > 0 && !a.shared() && fixed == nil {
			fixed = w.fixed()
		}
		if !a.shared() && slices.ContainsFunc(a.names, func(name string) bool { return fixed[fieldOf{a.scope, name}] }) {
			w.doubt = i
			return false
		}
		if !a.opaque() {
			continue
		}
		if !a.shared() {
			w.doubt = i
			return false
		}
		for _, j := range w.groups[group{a.scope, a.root}] {
			if w.values[j] != 0 && !w.atoms[j].shared() {
				w.doubt = i
				return false
			}
		}
	}
	return true
}

// fieldOf is a field of an event, as a rule has it.
type fieldOf struct {
	scope int
	name  string
}

// fixed are the fields that something was decided about: what a call returns
// that has one of them is not free.
func (w *witness) fixed() map[fieldOf]bool {
	out := map[fieldOf]bool{}
	for _, i := range w.trail {
		out[fieldOf{w.atoms[i].scope, w.atoms[i].written}] = true
	}
	return out
}

// suspect remembers a regular expression, or letters that may have to be others, as what may have kept a value from
// being found.
func (w *witness) suspect(g group) {
	for _, i := range w.groups[g] {
		if w.doubt < 0 && w.values[i] != 0 && (w.atoms[i].Operator == rule.Regex || w.atoms[i].vague) {
			w.doubt = i
		}
	}
}

// decided are the values that something was decided about, in a fixed order.
func (w *witness) decided() []group {
	seen := map[group]bool{}
	for _, i := range w.trail {
		seen[group{w.atoms[i].scope, w.atoms[i].root}] = true
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b group) int {
		if a.scope != b.scope {
			return a.scope - b.scope
		}
		return strings.Compare(a.root, b.root)
	})
}

// value finds one that is as decided; present is false for a field that must
// not be there.
func (w *witness) value(g group) (value string, present, ok bool) {
	var want wanted
	absent, several, cased := false, true, false
	var letters []string // that comparisons ask for
	var checked []int32
	for _, i := range w.groups[g] {
		a := &w.atoms[i]
		if w.values[i] == 0 || a.opaque() {
			continue
		}
		checked = append(checked, i)
		if cased = cased || a.text != ""; w.values[i] > 0 && a.text != "" {
			letters = append(letters, a.pieces(a.Operator)...)
		}
		several = several && a.several && !a.unknown && a.Field == g.root
		switch {
		case w.values[i] > 0:
			want.yes = append(want.yes, &a.Exact)
		case a.Operator == rule.Exists:
			absent = true
		default:
			want.no = append(want.no, &a.Exact)
		}
	}
	if absent {
		return "", false, len(want.yes) == 0
	}
	fits := func(candidate string) bool {
		values := normalize.Values{g.root: candidate}
		for _, i := range checked {
			if w.atoms[i].matches(values) != normalize.Truth(w.values[i]) {
				return false
			}
		}
		return true
	}
	w.budget -= 20 * len(checked)
	for candidate := range want.candidates(g.root) {
		spelled := []string{candidate}
		if cased {
			spelled = respelled(candidate, letters)
		}
		for _, s := range spelled {
			if !normalize.IsSeveral(s) && fits(s) {
				return s, true, true
			}
		}
	}
	if several && len(want.yes) > 1 {
		w.budget -= 20 * len(checked)
		if values, ok := want.each(g.root); ok && fits(values) {
			return values, true, true
		}
	}
	return "", false, len(want.yes) == 0
}

// keywords writes the texts that are looked for in whole events into each.
func (w *witness) keywords(sample Sample) {
	for g, atoms := range w.groups {
		if g.root != "*" {
			continue
		}
		var words []string
		for _, i := range atoms {
			if w.values[i] > 0 {
				words = append(words, instance(w.atoms[i].Value, filler))
			}
		}
		if len(words) == 0 {
			continue
		}
		if sample[g.scope] == nil {
			sample[g.scope] = normalize.Values{}
		}
		sample[g.scope]["*"] = strings.Join(words, " ")
	}
}

// holds is what a formula says of an event. Of opaque atoms it takes what was
// decided.
func (w *witness) holds(f *formula, sample Sample) normalize.Truth {
	done := map[*formula]normalize.Truth{}
	var holds func(*formula) normalize.Truth
	holds = func(f *formula) normalize.Truth {
		if f.kind == normalize.LeafNode {
			a := &w.atoms[f.atom]
			t := normalize.Truth(w.values[f.atom])
			if !a.opaque() {
				t = a.matches(sample[a.scope])
			}
			if f.negated {
				return -t
			}
			return t
		}
		if t, ok := done[f]; ok {
			return t
		}
		decided := normalize.True
		if f.kind == normalize.AndNode {
			decided = normalize.False
		}
		out := -decided
		for _, child := range f.children {
			if t := holds(child); t == decided {
				out = t
				break
			} else if t == normalize.Unknown {
				out = t
			}
		}
		done[f] = out
		return out
	}
	return holds(f)
}
