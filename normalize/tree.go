package normalize

// nodeKind is the shape of a node of the normalized condition.
type nodeKind uint8

const (
	leaf nodeKind = iota
	and
	or
)

// node is the condition in negation normal form: negations have moved into
// the predicates, whose Negated says on which side they stand.
type node struct {
	kind     nodeKind
	pred     int32 // index into Rule.Predicates of a leaf
	children []*node
}
