package proof

import (
	"sync"

	"github.com/detlint/detlint/normalize"
)

// room hands out pieces of memory that are all given back at once.
type room[T any] struct {
	all  []T
	used int
}

// The fewest elements that are made at a time, and the most that are kept.
const minRoom, maxRoom = 64, 4096

// take returns n zero elements. They stay where they are.
func (r *room[T]) take(n int) []T {
	if n > len(r.all)-r.used {
		r.all, r.used = make([]T, max(n, minRoom, min(2*len(r.all), maxRoom))), 0
	}
	out := r.all[r.used : r.used+n : r.used+n]
	r.used += n
	return out
}

// reset takes everything back.
func (r *room[T]) reset() {
	if len(r.all) > maxRoom {
		r.all = nil
	}
	clear(r.all[:min(r.used, len(r.all))])
	r.used = 0
}

var examiners = sync.Pool{New: func() any { return &examiner{entered: map[*normalize.Node]bool{}} }}

// release makes an examiner ready for another rule. Faults share nothing with
// it.
func (e *examiner) release() {
	e.flags.reset()
	e.room.reset()
	e.lists.reset()
	e.alternatives.reset()
	e.parts.reset()
	clear(e.entered)
	clear(e.faults)
	clear(e.list)
	e.rule, e.excluded, e.literals = nil, nil, nil
	e.fields, e.partners, e.faults, e.list = e.fields[:0], e.partners[:0], e.faults[:0], e.list[:0]
	examiners.Put(e)
}
