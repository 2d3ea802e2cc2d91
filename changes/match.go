package changes

import (
	"sort"
	"strings"
)

// Item is one rule of one side, as far as pairing rules needs to know it.
type Item struct {
	Path    string // of the file the rule stands in
	Index   int    // which rule of that file, from 0
	ID      string // the rule's own id, empty when it has none
	Content string // equal for rules that are equal; a hash of the rule's text
}

// Change is what happened to one rule. Base and Head are indices into the
// slices given to Match, -1 where the rule is not on that side.
type Change struct {
	State      State
	Base, Head int
}

// Match pairs the rules of two sides, each at most once:
//
//  1. Rules with the same id, in whatever case, wherever they stand. An id that
//     several rules of a side share is resolved among them: first by equal path
//     and content, then by path, then by content, then by order.
//  2. Of what is left, rules with equal content: of the same path first, then in
//     order.
//  3. Of what is left, rules at the same path and index, then the only two left
//     of a path. So a rule whose id is replaced where it stands is Modified.
//
// A pair is Unchanged when content and path are equal, Moved when only the
// content is, Modified otherwise. The rest is Removed or Added.
//
// Changes are ordered by the head's path and index; a removed rule stands where
// its own path and index put it, before a head rule at the same place. The time
// is that of sorting.
func Match(base, head []Item) []Change {
	m := &matcher{base: base, head: head, baseTo: unpaired(len(base)), headTo: unpaired(len(head))}

	byID := func(it Item) (string, bool) { return strings.ToLower(strings.TrimSpace(it.ID)), hasID(it) }
	refine := func(by func(Item) string) func(Item) (string, bool) {
		return func(it Item) (string, bool) {
			id, ok := byID(it)
			return id + "\x00" + by(it), ok
		}
	}
	m.pair(refine(func(it Item) string { return it.Path + "\x00" + it.Content }))
	m.pair(refine(func(it Item) string { return it.Path }))
	m.pair(refine(func(it Item) string { return it.Content }))
	m.pair(byID)

	m.pair(func(it Item) (string, bool) { return it.Path + "\x00" + it.Content, it.Content != "" })
	m.pair(func(it Item) (string, bool) { return it.Content, it.Content != "" })
	m.pairPlaces()
	m.pairOnly()
	return m.changes()
}

func hasID(it Item) bool { return strings.TrimSpace(it.ID) != "" }

type matcher struct {
	base, head     []Item
	baseTo, headTo []int // partner or -1
}

func unpaired(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

func (m *matcher) join(b, h int) { m.baseTo[b], m.headTo[h] = h, b }

// pair joins unpaired rules that share a key, in order.
func (m *matcher) pair(key func(Item) (string, bool)) {
	left := map[string][]int{}
	for i, it := range m.base {
		if m.baseTo[i] >= 0 {
			continue
		}
		if k, ok := key(it); ok {
			left[k] = append(left[k], i)
		}
	}
	if len(left) == 0 {
		return
	}
	for j, it := range m.head {
		if m.headTo[j] >= 0 {
			continue
		}
		k, ok := key(it)
		if queue := left[k]; ok && len(queue) > 0 {
			m.join(queue[0], j)
			left[k] = queue[1:]
		}
	}
}

type place struct {
	path  string
	index int
}

// pairPlaces joins what is left at the same path and index.
func (m *matcher) pairPlaces() {
	at := map[place]int{}
	for i, it := range m.base {
		if m.baseTo[i] < 0 {
			at[place{it.Path, it.Index}] = i
		}
	}
	for j, it := range m.head {
		i, ok := at[place{it.Path, it.Index}]
		if ok && m.headTo[j] < 0 && m.baseTo[i] < 0 {
			m.join(i, j)
		}
	}
}

// pairOnly joins the rule that is left of a path in the base with the one left
// in the head, when there is one each.
func (m *matcher) pairOnly() {
	const several = -2
	only := map[string]int{}
	for i, it := range m.base {
		if m.baseTo[i] < 0 {
			if _, twice := only[it.Path]; twice {
				i = several
			}
			only[it.Path] = i
		}
	}
	count := map[string]int{}
	for j, it := range m.head {
		if m.headTo[j] < 0 {
			count[it.Path]++
		}
	}
	for j, it := range m.head {
		i, ok := only[it.Path]
		if ok && i != several && m.headTo[j] < 0 && count[it.Path] == 1 {
			m.join(i, j)
		}
	}
}

func (m *matcher) changes() []Change {
	out := make([]Change, 0, len(m.head)+8)
	for j, i := range m.headTo {
		c := Change{State: Added, Base: i, Head: j}
		if i >= 0 {
			switch {
			case m.base[i].Content != m.head[j].Content || m.head[j].Content == "":
				c.State = Modified
			case m.base[i].Path != m.head[j].Path:
				c.State = Moved
			default:
				c.State = Unchanged
			}
		}
		out = append(out, c)
	}
	for i, j := range m.baseTo {
		if j < 0 {
			out = append(out, Change{State: Removed, Base: i, Head: -1})
		}
	}
	at := func(c Change) Item {
		if c.Head < 0 {
			return m.base[c.Base]
		}
		return m.head[c.Head]
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := at(out[i]), at(out[j])
		if a.Path != b.Path {
			return a.Path < b.Path
		}
		if a.Index != b.Index {
			return a.Index < b.Index
		}
		return out[i].Head < 0 && out[j].Head >= 0
	})
	return out
}
