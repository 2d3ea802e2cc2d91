package changes

import (
	"container/heap"
	"slices"
)

// MergeBase returns the best common ancestor of two commits, the one that git
// merge-base prints first. Where history is cut off, only what is there counts.
// Errors: *NoMergeBaseError, *MissingObjectError.
//
// go-git's version walks the whole newer history and fails on shallow
// repositories. This is git's algorithm: commits are visited from the newest
// date on and painted with the side they were reached from; what both sides
// reach is a candidate, and everything below a candidate is stale. The walk
// ends when only stale commits are left. Dates may lie, so candidates are then
// checked against each other.
func (r *Repository) MergeBase(base, head Hash) (Hash, error) {
	bases, err := r.mergeBases(base, head)
	if err != nil {
		return Hash{}, err
	}
	if len(bases) == 0 {
		n, err := r.countHistory(head)
		if err != nil {
			return Hash{}, err
		}
		return Hash{}, &NoMergeBaseError{Rev: base.Short(), Base: base, Head: head, Shallow: r.Shallow(), Commits: n}
	}
	return bases[0], nil
}

// Base resolves a revision and returns its merge base with head: what a change
// is compared with. Its NoMergeBaseError names the revision as it was given.
func (r *Repository) Base(rev string, head Hash) (Hash, error) {
	tip, err := r.Resolve(rev)
	if err != nil {
		return Hash{}, err
	}
	h, err := r.MergeBase(tip, head)
	if e, ok := err.(*NoMergeBaseError); ok {
		e.Rev = rev
	}
	return h, err
}

// The colours of the walk.
const (
	fromOne = 1 << iota
	fromTwo
	stale
	isResult
)

// walk paints the history of commits.
type walk struct {
	repo  *Repository
	nodes map[Hash]*node
	queue dateQueue
	fresh int // entries of the queue whose commit is not stale
}

// node is what the walk knows of a commit.
type node struct {
	*commit
	flags  uint8
	queued int // how often it waits in the queue
}

// mergeBases returns all best common ancestors, newest first.
func (r *Repository) mergeBases(one, two Hash) ([]Hash, error) {
	if one == two {
		if _, err := r.commit(one); err != nil {
			return nil, err
		}
		return []Hash{one}, nil
	}
	found, _, err := r.paint(one, []Hash{two})
	if err != nil {
		return nil, err
	}
	var candidates []*commit
	for _, n := range found {
		if n.flags&stale == 0 {
			candidates = insertByDate(candidates, n.commit)
		}
	}
	if len(candidates) > 1 {
		if candidates, err = r.removeRedundant(candidates); err != nil {
			return nil, err
		}
	}
	out := make([]Hash, len(candidates))
	for i, c := range candidates {
		out[i] = c.hash
	}
	return out, nil
}

// paint walks from one commit and from others until every commit left is an
// ancestor of a common one. It returns the common ancestors met, newest first,
// and all it has seen.
func (r *Repository) paint(one Hash, others []Hash) ([]*node, map[Hash]*node, error) {
	w := &walk{repo: r, nodes: map[Hash]*node{}}
	if err := w.push(one, fromOne); err != nil {
		return nil, nil, err
	}
	for _, h := range others {
		if err := w.push(h, fromTwo); err != nil {
			return nil, nil, err
		}
	}
	var found []*node
	for w.fresh > 0 {
		n := w.pop()
		flags := n.flags & (fromOne | fromTwo | stale)
		if flags == fromOne|fromTwo {
			if n.flags&isResult == 0 {
				n.flags |= isResult
				found = insertByDate(found, n)
			}
			flags |= stale
		}
		for _, p := range r.parents(n.commit) {
			if seen := w.nodes[p]; seen != nil && seen.flags&flags == flags {
				continue
			}
			if err := w.push(p, flags); err != nil {
				return nil, nil, err
			}
		}
	}
	return found, w.nodes, nil
}

// push adds colours to a commit and puts it into the queue.
func (w *walk) push(h Hash, flags uint8) error {
	n := w.nodes[h]
	if n == nil {
		c, err := w.repo.commit(h)
		if err != nil {
			return err
		}
		n = &node{commit: c}
		w.nodes[h] = n
	}
	if flags&stale != 0 && n.flags&stale == 0 {
		w.fresh -= n.queued
	}
	n.flags |= flags
	n.queued++
	if n.flags&stale == 0 {
		w.fresh++
	}
	heap.Push(&w.queue, queued{n, w.queue.next})
	w.queue.next++
	return nil
}

// pop takes the newest commit out of the queue.
func (w *walk) pop() *node {
	n := heap.Pop(&w.queue).(queued).node
	n.queued--
	if n.flags&stale == 0 {
		w.fresh--
	}
	return n
}

// removeRedundant drops the candidates that others can reach.
func (r *Repository) removeRedundant(list []*commit) ([]*commit, error) {
	redundant := make([]bool, len(list))
	for i := range list {
		if redundant[i] {
			continue
		}
		var others []Hash
		var which []int
		for j := range list {
			if j != i && !redundant[j] {
				others = append(others, list[j].hash)
				which = append(which, j)
			}
		}
		_, nodes, err := r.paint(list[i].hash, others)
		if err != nil {
			return nil, err
		}
		redundant[i] = nodes[list[i].hash].flags&fromTwo != 0
		for k, h := range others {
			if nodes[h].flags&fromOne != 0 {
				redundant[which[k]] = true
			}
		}
	}
	var out []*commit
	for i, c := range list {
		if !redundant[i] {
			out = insertByDate(out, c)
		}
	}
	return out, nil
}

// dated is something with the date of a commit.
type dated interface{ when() uint64 }

func (c *commit) when() uint64 { return c.date }

// insertByDate keeps a list newest first, equal dates in order of insertion.
func insertByDate[T dated](list []T, c T) []T {
	i := len(list)
	for i > 0 && list[i-1].when() < c.when() {
		i--
	}
	return slices.Insert(list, i, c)
}

// countHistory counts the commits reachable from one.
func (r *Repository) countHistory(h Hash) (int, error) {
	seen := map[Hash]bool{h: true}
	for pending := []Hash{h}; len(pending) > 0; {
		c, err := r.commit(pending[len(pending)-1])
		pending = pending[:len(pending)-1]
		if err != nil {
			return 0, err
		}
		for _, p := range r.parents(c) {
			if !seen[p] {
				seen[p] = true
				pending = append(pending, p)
			}
		}
	}
	return len(seen), nil
}

type queued struct {
	*node
	order int
}

// dateQueue is a heap of commits, newest first, equal dates in order.
type dateQueue struct {
	list []queued
	next int
}

func (q *dateQueue) Len() int { return len(q.list) }
func (q *dateQueue) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	if a.date != b.date {
		return a.date > b.date
	}
	return a.order < b.order
}
func (q *dateQueue) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *dateQueue) Push(x any)    { q.list = append(q.list, x.(queued)) }
func (q *dateQueue) Pop() any {
	last := len(q.list) - 1
	x := q.list[last]
	q.list = q.list[:last]
	return x
}
