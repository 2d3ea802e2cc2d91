package changes

import "sort"

// State is what happened to a file or a rule between base and head.
type State uint8

// The states.
const (
	Unchanged State = iota
	Added
	Modified
	Moved // the same content under another path
	Removed
)

// String names the state as reports do.
func (s State) String() string {
	switch s {
	case Added:
		return "added"
	case Modified:
		return "modified"
	case Moved:
		return "moved"
	case Removed:
		return "removed"
	}
	return "unchanged"
}

// FileChange is one file that differs between two trees. Base is zero when the
// file was added, Head when it was removed.
type FileChange struct {
	State      State
	Base, Head Entry
}

// Path is where the file is now, or was before it was removed.
func (c FileChange) Path() string {
	if c.State == Removed {
		return c.Base.Path
	}
	return c.Head.Path
}

// emptyBlob is the hash of a file without bytes. All empty files are equal, so
// equality says nothing about one having become the other.
var emptyBlob = hashObject("blob", nil)

// Diff lists the files that differ between two trees, ordered by Path (a
// removed file before another with the same path). A change of mode alone is a
// Modified file, as in git. A removed and an added file of the same kind with
// equal content are one Moved file; where several could be paired, the same
// file name goes first and then the order of the paths. The time is linear in
// the length of the listings.
func Diff(base, head Tree) []FileChange {
	var out []FileChange
	b, h := base.Entries(), head.Entries()
	for i, j := 0, 0; i < len(b) || j < len(h); {
		switch {
		case j == len(h) || i < len(b) && b[i].Path < h[j].Path:
			out = append(out, FileChange{State: Removed, Base: b[i]})
			i++
		case i == len(b) || h[j].Path < b[i].Path:
			out = append(out, FileChange{State: Added, Head: h[j]})
			j++
		default:
			if b[i].Hash != h[j].Hash || b[i].Mode != h[j].Mode || h[j].Mode == Unmerged {
				out = append(out, FileChange{State: Modified, Base: b[i], Head: h[j]})
			}
			i++
			j++
		}
	}
	return pairMoved(out)
}

// content is what two files must share to be the same one in two places.
type content struct {
	hash Hash
	mode Mode // Regular stands for Executable too
}

func contentOf(e Entry) (content, bool) {
	m := e.Mode
	if m == Executable {
		m = Regular
	}
	return content{e.Hash, m}, !e.Hash.IsZero() && e.Hash != emptyBlob && m != Unmerged
}

// pairMoved turns added and removed files with equal content into moved ones.
func pairMoved(list []FileChange) []FileChange {
	gone := map[content][]int{} // indices into list, ascending
	for i, c := range list {
		if key, ok := contentOf(c.Base); ok && c.State == Removed {
			gone[key] = append(gone[key], i)
		}
	}
	if len(gone) == 0 {
		return list
	}
	used := make([]bool, len(list))
	take := func(to, from int) {
		list[to].State, list[to].Base = Moved, list[from].Base
		used[from] = true
	}

	// First the files that kept their name.
	type named struct {
		content
		name string
	}
	byName := map[named][]int{}
	for key, from := range gone {
		for _, i := range from {
			k := named{key, baseName(list[i].Base)}
			byName[k] = append(byName[k], i)
		}
	}
	for i, c := range list {
		key, ok := contentOf(c.Head)
		if !ok || c.State != Added {
			continue
		}
		k := named{key, baseName(c.Head)}
		if from := byName[k]; len(from) > 0 {
			take(i, from[0])
			byName[k] = from[1:]
		}
	}
	// Then whatever is left, in order.
	for i, c := range list {
		key, ok := contentOf(c.Head)
		if !ok || c.State != Added {
			continue
		}
		from := gone[key]
		for len(from) > 0 && used[from[0]] {
			from = from[1:]
		}
		if len(from) > 0 {
			take(i, from[0])
			from = from[1:]
		}
		gone[key] = from
	}

	out := list[:0]
	for i, c := range list {
		if !used[i] {
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path() < out[j].Path() })
	return out
}

func baseName(e Entry) string { return base(e.Path) }
