package normalize

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/detlint/detlint/parsers/elastic"
	"github.com/detlint/detlint/parsers/splunk"
	"github.com/detlint/detlint/rule"
)

// Sketch says in a few bytes what the events of a rule look like, so that of
// thousands of rules those few can be found whose events may be among those of
// another. What it rules out is so for all that Exact.Implies proves, but for
// values that are spelled in two ways that share no word; what it lets through
// has to be decided. It is empty for a rule that raises no alerts by itself.
//
// It has two parts. The marks are those of one way for the rule to fire: a bit
// for each field that is compared there, and one for each three letters of the
// values. The needs are ways to satisfy the rule, each a list of bits of which
// an event that does so has all. Where no needs are listed, nothing is known.
type Sketch string

// SketchBits is how many different marks there are.
const SketchBits = 512

const (
	markBytes = SketchBits / 8
	maxNeeds  = 64 // ways to satisfy a rule that are listed
	maxMarks  = 8  // bits of each
)

// Marks yields the bits that are set, in ascending order.
func (s Sketch) Marks(yield func(bit int) bool) {
	if len(s) < markBytes {
		return
	}
	for i := range markBytes {
		for b := s[i]; b != 0; b &= b - 1 {
			if !yield(i*8 + bits.TrailingZeros8(b)) {
				return
			}
		}
	}
}

// Needs yields the ways to satisfy the rule. The list is valid until the next
// is asked for.
func (s Sketch) Needs(yield func(marks []int) bool) {
	var marks [maxMarks]int
	if len(s) < markBytes {
		return
	}
	for rest := s[markBytes:]; len(rest) > 0; {
		n := int(rest[0])
		if n > maxMarks || len(rest) < 1+2*n {
			return
		}
		for i := range n {
			marks[i] = (int(rest[1+2*i]) | int(rest[2+2*i])<<8) % SketchBits
		}
		if rest = rest[1+2*n:]; !yield(marks[:n]) {
			return
		}
	}
}

// Sketch makes the sketch of a rule.
func (r *Rule) Sketch() Sketch {
	if r.root == nil || r.Broken || r.Kind != rule.Detection || !r.RaisesAlerts() {
		return ""
	}
	s := &sketcher{rule: r, needs: map[*Node][][]uint16{}}
	out := make([]byte, markBytes, markBytes+64)
	for _, i := range r.ShortestWay() {
		marksOf(r.Predicates[i].Key, true, func(mark uint16) bool {
			out[mark/8] |= 1 << (mark % 8)
			return true
		})
	}
	needs := s.need(r.root)
	if needs == nil {
		s.selectors, s.needs = true, map[*Node][][]uint16{}
		needs = s.need(r.root)
	}
	for _, way := range needs {
		out = append(out, byte(len(way)))
		for _, mark := range way {
			out = append(out, byte(mark), byte(mark>>8))
		}
	}
	return Sketch(out)
}

// RaisesAlerts reports whether people are told of what the rule finds: neither
// the hunting searches of Splunk nor the building blocks of Elastic do that.
func (r *Rule) RaisesAlerts() bool {
	switch doc := r.Syntax.(type) {
	case *splunk.Document:
		return !strings.EqualFold(doc.Type.Value, "hunting")
	case *elastic.Document:
		return doc.Rule.Get("building_block_type") == nil
	}
	return true
}

type sketcher struct {
	rule  *Rule
	needs map[*Node][][]uint16
	// selectors is set when the choice of the kind of event is all that the
	// rule asks for.
	selectors bool
	room      []uint16
	// marks and ways have room for those of comparisons.
	marks []uint16
	ways  [][]uint16
}

// ShortestWay returns the predicates, by index, of one way to satisfy the rule:
// of alternatives the one that says least. Negated ones are left out.
func (r *Rule) ShortestWay() []int {
	if r.root == nil {
		return nil
	}
	w := &wayfinder{rule: r, lengths: map[*Node]int{}, seen: map[*Node]bool{}}
	w.way(r.root)
	return w.out
}

type wayfinder struct {
	rule    *Rule
	lengths map[*Node]int
	seen    map[*Node]bool
	out     []int
}

func (s *wayfinder) way(n *Node) {
	switch n.Kind {
	case LeafNode:
		if !s.rule.Predicates[n.Predicate].Negated {
			s.out = append(s.out, int(n.Predicate))
		}
	case AndNode:
		if s.seen[n] {
			return
		}
		s.seen[n] = true
		for _, child := range n.Children {
			s.way(child)
		}
	case OrNode:
		if len(n.Children) > 0 {
			s.way(slices.MinFunc(n.Children, func(a, b *Node) int { return s.length(a) - s.length(b) }))
		}
	}
}

// length is about how much the shortest way to satisfy a node says.
func (s *wayfinder) length(n *Node) int {
	if n.Kind == LeafNode {
		if p := &s.rule.Predicates[n.Predicate]; !p.Negated {
			return 1 + len(p.Key.Value)
		}
		return 0
	}
	if known, ok := s.lengths[n]; ok {
		return known
	}
	out := 0
	for i, child := range n.Children {
		length := s.length(child)
		switch {
		case n.Kind == AndNode:
			out = min(out+length, 1<<20)
		case i == 0 || length < out:
			out = length
		}
	}
	s.lengths[n] = out
	return out
}

// need is what an event that satisfies a node has, one list for each
// alternative; nil where nothing is known.
func (s *sketcher) need(n *Node) [][]uint16 {
	if n.Kind == LeafNode {
		p := &s.rule.Predicates[n.Predicate]
		if p.Negated || p.Selector && !s.selectors {
			return nil
		}
		return s.spread(p.Key)
	}
	if known, ok := s.needs[n]; ok {
		return known
	}
	out := s.needOf(n)
	s.needs[n] = out
	return out
}

// spread takes marks of a comparison from all of its value: many begin alike.
// That there is a value says next to nothing.
func (s *sketcher) spread(k Key) [][]uint16 {
	all := s.room[:0]
	marksOf(k, false, func(mark uint16) bool {
		all = append(all, mark)
		return true
	})
	if s.room = all; len(all) == 1 {
		return nil
	}
	if len(all) > maxMarks {
		all = all[1:] // the others have the field in them
	}
	n := min(len(all), maxMarks)
	if cap(s.marks)-len(s.marks) < n {
		s.marks = make([]uint16, 0, 8*maxMarks)
	}
	way := s.marks[len(s.marks) : len(s.marks) : len(s.marks)+n]
	s.marks = s.marks[:len(s.marks)+n]
	for i := range n {
		if mark := all[len(all)-1-i*len(all)/n]; !slices.Contains(way, mark) {
			way = append(way, mark)
		}
	}
	s.ways = append(s.ways, way)
	return s.ways[len(s.ways)-1 : len(s.ways) : len(s.ways)]
}

func (s *sketcher) needOf(n *Node) [][]uint16 {
	if n.Kind == OrNode {
		var out [][]uint16
		for _, child := range n.Children {
			ways := s.need(child)
			if ways == nil || len(out)+len(ways) > maxNeeds {
				return nil
			}
			out = append(out, ways...)
		}
		return out
	}
	// Of what must hold together two parts are enough: all that has no
	// alternatives, and the list of alternatives that says most.
	var single []uint16
	var best [][]uint16
	said := 0
	for _, child := range n.Children {
		ways := s.need(child)
		if len(ways) == 1 {
			single = merged(single, ways[0])
		} else if least := shortest(ways); least > said || least == said && least > 0 && len(ways) < len(best) {
			best, said = ways, least
		}
	}
	if best == nil {
		if single == nil {
			return nil
		}
		return [][]uint16{single}
	}
	if len(single) == 0 {
		return best
	}
	out := make([][]uint16, len(best))
	for i, way := range best {
		// Half of the room is for each, as far as both need it.
		own := min(len(way), max(maxMarks/2, maxMarks-len(single)))
		out[i] = merged(way[:own:own], single)
	}
	return out
}

// merged adds marks to others, as far as there is room.
func merged(marks, more []uint16) []uint16 {
	for _, mark := range more {
		if len(marks) == maxMarks {
			break
		}
		if !slices.Contains(marks, mark) {
			marks = append(marks, mark)
		}
	}
	return marks
}

// shortest is how many marks the way has that has the fewest; 0 for none.
func shortest(ways [][]uint16) int {
	out := 0
	for i, way := range ways {
		if i == 0 || len(way) < out {
			out = len(way)
		}
	}
	return out
}

// marksOf yields the marks of a comparison: everything that a comparison from
// which it follows has too. There begin says that a name follows a separator and
// an extension a dot.
func marksOf(k Key, begin bool, yield func(uint16) bool) {
	seed := uint32(2166136261)
	root := RootField(k.Field)
	for i := range len(root) {
		seed = (seed ^ uint32(root[i])) * 16777619
	}
	if !yield(mark(seed)) {
		return
	}
	switch k.Operator {
	case rule.Eq, rule.Contains, rule.StartsWith, rule.EndsWith, rule.Wildcard:
		if k.Operator == rule.Eq && len(k.Value) < 3 {
			whole(seed, k.Value, yield)
			return
		}
		run, sum := 0, uint32(0)
		if begin && root != k.Field {
			run, sum = 1, '/'
			if k.Field == fileExtension {
				sum = '.'
			}
		}
		for i := 0; i < len(k.Value); i++ {
			c := k.Value[i]
			switch {
			case k.Operator == rule.Wildcard && (c == '*' || c == '?'):
				run = 0
				continue
			case k.Operator == rule.Wildcard && c == '\\' && i+1 < len(k.Value):
				i++
				c = k.Value[i]
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
			}
			if c == '\\' || c == '-' {
				c = '/' // a flag may begin with either, and a path have either
			}
			sum = sum<<8 | uint32(c)
			if run++; run >= 3 && !yield(mark(seed^(sum&0xffffff)*0x9e3779b1)) {
				return
			}
		}
	case rule.Exists, rule.CIDR, rule.Gt, rule.Gte, rule.Lt, rule.Lte:
	default:
		whole(seed, k.Value, yield) // only the same one is known to follow
	}
}

// whole yields the marks of a value that is only compared as a whole.
func whole(seed uint32, value string, yield func(uint16) bool) {
	for i := range len(value) {
		seed = (seed ^ uint32(value[i])) * 16777619
	}
	for i := range uint32(3) {
		if !yield(mark(seed + i + 1)) {
			return
		}
	}
}

func mark(h uint32) uint16 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	return uint16(h % SketchBits)
}

// RootField is the field whose value decides what a field's value is: the path
// of a base name.
func RootField(field string) string {
	if field == fileExtension {
		return "file.path"
	}
	if path := PathField(field); path != "" {
		return path
	}
	return field
}
