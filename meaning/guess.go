package meaning

import "github.com/detlint/detlint/normalize"

// maxGuesses bounds how many events are guessed before the search begins.
const maxGuesses = 12

// guess looks for an event where the two formulas differ: it satisfies what
// only one of them has and decides nothing else. Most changes show so at once,
// in rules of any size.
func (w *witness) guess() bool {
	not := w.not(w.no)
	known, other := map[*formula]bool{}, map[*formula]bool{}
	members(w.no, known)
	members(w.not(w.yes), other)
	defer w.undo(0)
	for i := range maxGuesses {
		w.undo(0)
		done := map[*formula]bool{}
		if w.assume(w.yes, known, i, done) && w.assume(not, other, i, done) && w.try() {
			return true
		}
	}
	return false
}

// members collects all parts of a formula.
func members(f *formula, in map[*formula]bool) {
	if in[f] {
		return
	}
	in[f] = true
	for _, child := range f.children {
		members(child, in)
	}
}

// assume decides what satisfies a formula, of alternatives the i-th one that
// is not known. It is false where that contradicts itself. done has what was
// assumed already.
func (w *witness) assume(f *formula, known map[*formula]bool, i int, done map[*formula]bool) bool {
	if done[f] {
		return true
	}
	done[f] = true
	switch {
	case f.kind == normalize.LeafNode:
		value := int8(1)
		if f.negated {
			value = -1
		}
		if w.values[f.atom] == 0 {
			w.values[f.atom] = value
			w.trail = append(w.trail, f.atom)
		}
		return w.values[f.atom] == value
	case f.kind == normalize.AndNode:
		for _, child := range f.children {
			if !w.assume(child, known, i, done) {
				return false
			}
		}
		return true
	case len(f.children) == 0:
		return false
	}
	var fresh []*formula
	for _, child := range f.children {
		if !known[child] {
			fresh = append(fresh, child)
		}
	}
	if len(fresh) == 0 {
		fresh = f.children
	}
	return w.assume(fresh[i%len(fresh)], known, i, done)
}
